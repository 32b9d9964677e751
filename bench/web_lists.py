"""The lists of a practice of 100,000 claims through the whole stack: first page, filters, sorts, last page.

    python -m bench web_lists     (SUPERBILL_BENCH_CLAIMS=100000; SUPERBILL_BENCH_DB=an address of an empty database, or
                                 of one that an earlier run made)

Processor time of an answer from the first middleware to the last byte of its page, the first time that it is asked for
in a process (without what the first page of all costs), the first time after something was posted, and then;
statements. After the lists, what htmx asks for while one works: SUPERBILL_BENCH_PAGES names lists ("claims denials"),
SUPERBILL_CODESETS where code sets are installed for the search of codes. And what a browser loads for its first page
with all styles and scripts, compressed as a proxy sends them. On PostgreSQL the processor time of the connection's
server process counts with ours (of a server on this machine, on Linux).
"""

import gzip
import os
import re
import tempfile
import time
from importlib.resources import files
from pathlib import Path
from statistics import quantiles
from typing import Any

CLAIMS = 100_000
LINES = 4
MADE = 12_500  # claims made one by one, the rest are copies of them
TIMES = 20
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = (
    "claims", "claims?state=denied", "claims?state=sent&sort=-charge", "claims?payer=payer3",
    "claims?provider=1000000007", "claims?age=60", "claims?rule=edits.made-3", "claims?sort=charge",
    "claims?sort=patient", "claims?sort=provider", "claims?sort=-open", "claims?state=paid&sort=-open",
    "claims?page=1001", "claims?page=last",
    "visits", "visits?list=all", "visits?page=last", "payments", "payments?sort=amount", "payments?page=last",
    "payments/exceptions", "accounts", "accounts?sort=name", "accounts?page=last", "denials", "denials?show=all",
    "denials?page=last", "today", "today?sort=due", "today?page=last", "manage/audit", "register", "batches", "files",
    "manage/receivables", "manage/figures", "manage/figures/net-collection", "manage/figures/denied-dollars",
    "manage/figures/days-in-ar", "manage/figures/ar-over-90", "manage/figures/clean-claims",
    "manage/figures/rejected-dollars", "manage/figures/denied-claims", "manage/figures/first-pass",
    "manage/figures/days-to-pay", "manage/figures/net-collection-of-services",
    "manage/figures/net-collection?by=payer", "statements", "statements?verdict=no+address",
)  # fmt: skip
_PAYMENT = {"amount": "25.00", "method": "cash", "rule": "oldest-first", "key": "bench-1", "deed": "preview"}
# What a person does, and what is then sent: an address, and the fields of a form. {visit}: one that waits to be coded.
INTERACTIONS: tuple[tuple[str, str, dict[str, str] | None], ...] = (
    ("claims: a state", "claims?state=denied", None),
    ("claims: a column", "claims?sort=charge", None),
    ("claims: page 2", "claims?page=2", None),
    ("a claim in the panel", "claims/A1001P1", None),
    ("denials: a cause", "denials?cause=coordination.CO-22", None),
    ("a denial", "denials/{denial}", None),
    ("register: find as one types", "find", {"q": "Family12"}),
    ("coding: search as one types", "visits/{visit}/find", {"q": "diabetes"}),
    ("coding: a code's beginning", "visits/{visit}/find", {"q": "e11"}),
    ("payment: where it goes", "payments/take/{patient}", _PAYMENT),
)


def main() -> None:
    """Make the practice and ask."""
    claims = int(os.environ.get("SUPERBILL_BENCH_CLAIMS", str(CLAIMS)))
    with tempfile.TemporaryDirectory() as folder:
        measure(os.environ.get("SUPERBILL_BENCH_DB") or str(Path(folder) / "lists.db"), claims, Path(folder))


def measure(address: str, claims: int, folder: Path) -> None:
    """Print p50, p95 and statements of every page."""
    from superbill.app.boot import connect, secret_key

    connect(address)
    secret_key(folder / "key")
    from django.db import connection

    from superbill.app.accounts.permissions import Role

    client = _member(claims, Role.MANAGER)
    print(f"{claims:,} claims, {connection.vendor}; {TIMES} requests each, ms of processor time")
    print(f"{'page':<34}{'first':>8}{'posted':>8}{'p50':>8}{'p95':>8}{'statements':>12}{'bytes':>10}")
    _ask(client, "/p/big/jobs")  # imports, templates
    for page in (os.environ.get("SUPERBILL_BENCH_PAGES") or " ".join(PAGES)).split():
        path = f"/p/big/{page.replace('page=last', f'page={10**6}')}"
        first = _ask(client, path)
        _post()
        posted, *asked = [_ask(client, path) for _ in range(TIMES + 1)]
        _tell(page, [first, posted], asked)
    print(f"{'interaction':<50}{'p50':>8}{'p95':>8}{'statements':>12}{'bytes':>10}")
    for name, address, form in INTERACTIONS:
        path = f"/p/big/{address.format(**_places())}"
        _ask(client, path, form, live=True)
        _tell(f"{name:<42}", [], [_ask(client, path, form, live=True) for _ in range(TIMES)])
    _weigh(client)


def _tell(name: str, before: list["Answer"], asked: list["Answer"]) -> None:
    if asked[-1][3] != 200:
        print(f"{name:<34}{asked[-1][3]:>8}")
        return
    seconds = [one[0] for one in asked]
    quantile = quantiles(seconds, n=20)
    told = "".join(f"{1000 * value:>8.0f}" for value in (*(one[0] for one in before), quantile[9], quantile[18]))
    print(f"{name:<34}{told}{asked[-1][1]:>12}{asked[-1][2]:>10,}", flush=True)


def _post() -> None:
    """A posting on one line, so that what is worked out from the books is worked out anew."""
    from bench.big_documents import AT
    from bench.big_practice import LAST
    from superbill.app.accounts.actors import system_actor
    from superbill.app.billing.actions import write_off
    from superbill.app.billing.models import LineBalance
    from superbill.app.practices.models import Practice

    actor = system_actor(Practice.objects.get(key="big").pk)
    row = actor.scope.rows(LineBalance).filter(patient__gte=100).order_by("-line_id").first()
    assert row is not None, "somebody owes something"
    key = f"bench:{time.time_ns()}"
    write_off(actor, row.line.key, 1, "courtesy", key, LAST, at=AT)


def _places() -> dict[str, object]:
    """Where the interactions are: a visit to code, a refusal, a patient."""
    from bench.big_practice import LAST
    from superbill.app.accounts.actors import system_actor
    from superbill.app.billing.models import LineBalance
    from superbill.app.denials.queries import denials
    from superbill.app.encounters.models import EncounterRow
    from superbill.app.practices.models import Practice

    scope = system_actor(Practice.objects.get(key="big").pk).scope
    visit = scope.rows(EncounterRow).filter(state="imported").order_by("id").values_list("account_number", flat=True)
    denial = denials(scope, LAST)[0].refusal.control_number
    owing = scope.rows(LineBalance).filter(patient__gt=0).order_by("line_id").values_list("line__patient_id", flat=True)
    return {"visit": visit.first(), "denial": denial, "patient": owing.first()}


def _member(claims: int, role: Any) -> Any:
    """A browser of a member of the practice, made with that many claims."""
    from django.test import Client
    from msgspec.structs import replace

    from bench.big_copies import multiply
    from bench.big_documents import name_guarantors
    from bench.big_practice import AT, LAST, PAYERS, make
    from superbill.app.accounts.actions import grant
    from superbill.app.accounts.actors import actor_with
    from superbill.app.accounts.models import User
    from superbill.app.accounts.permissions import Role
    from superbill.app.claims.payers import keep_payers
    from superbill.app.practices.models import Practice
    from superbill.app.reports.actions import refresh as keep_ages
    from superbill.app.worklists.actions import refresh
    from superbill.site import read_site

    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    if Practice.objects.filter(key="big").exists():
        client.force_login(User.objects.get(username="member"), backend=BACKEND)
        return client
    started = time.perf_counter()
    times = max(1, claims // MADE)
    actor = make(claims * LINES // times, key="big")
    if times > 1:
        multiply(actor, times)
    facts = read_site((files("superbill.demo") / "clinic" / "site.toml").read_text("utf-8"))
    entry = facts.payers[0]
    keep_payers(actor.scope, [replace(entry, key=key, name=key) for key in PAYERS])
    name_guarantors(actor.scope)
    refresh(actor, LAST, at=AT)
    print(f"made in {time.perf_counter() - started:.0f} s")
    started = time.perf_counter()
    keep_ages(actor, at=AT)  # as the job does to which the managers' pages lead first
    print(f"ages and sums kept in {time.perf_counter() - started:.0f} s")
    user = User.objects.create(username="member")
    grant(actor_with("chief", actor.practice_id, Role.ADMINISTRATOR), user, role, at=AT)
    client.force_login(user, backend=BACKEND)
    return client


Answer = tuple[float, int, int, int]


def _ask(client: Any, path: str, form: dict[str, str] | None = None, *, live: bool = False) -> Answer:
    """(seconds, statements, bytes, status) of one answer. `live`: asked for by htmx."""
    from django.db import connection

    count = 0

    def counted(execute: Any, *given: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*given)

    headers = {"HX-Request": "true"} if live else {}
    with connection.execute_wrapper(counted):
        started = _clock()
        answer = client.get(path, headers=headers) if form is None else client.post(path, form, headers=headers)
        content = answer.content
        return _clock() - started, count, len(content), answer.status_code


def _clock() -> float:
    """Seconds of processor time: our own, and on PostgreSQL those of the server process that works for us."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return time.process_time()
    connection.ensure_connection()
    worked = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text("ascii").split()[0]
    return time.process_time() + int(worked) / 1e9


def _weigh(client: Any) -> None:
    """What the first page takes with its styles and scripts, modules that scripts import included."""
    from superbill.app.web.assets import folders

    page = client.get("/p/big/claims").content
    files = set(re.findall(r"/static/[0-9a-f]{12}/([^\"']+\.(?:css|js|svg))", page.decode()))
    files |= {f"js/{file.name}" for file in (folders()[""] / "js").glob("*.js")}
    content = [page]
    for name in sorted(files):
        place = max((one for one in folders() if name.startswith(one)), key=len)
        content.append((folders()[place] / name.removeprefix(place)).read_bytes())
    plain, packed = sum(map(len, content)), sum(len(gzip.compress(one)) for one in content)
    print(f"first page with {len(files)} files: {plain:,} bytes, {packed:,} compressed")
