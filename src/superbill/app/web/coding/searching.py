"""Codes as one types: the Tabular List and the Index, procedures, HCPCS, and the practice's own services."""

import re
from contextlib import suppress
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from msgspec import Struct

from superbill.app.code_books import code_books
from superbill.app.path.coding import INPATIENT
from superbill.app.session import Session
from superbill.app.web.coding.bench import bench_of, shown, visit_of, waiting_audits
from superbill.app.web.coding.rows import SLUGS, meaning
from superbill.app.web.coding.steps import live
from superbill.app.web.coding.visits import session_of
from superbill.app.web.desk import CHARTS, Desk, desk, show
from superbill.codesets.release import Refused
from superbill.codesets.search import open_search
from superbill.coding.deciding import system_of
from superbill.money import Cents

SHORTEST, MOST, MOST_SERVICES = 2, 9, 6
_SERVICE = re.compile(r"[0-9A-Z]\d[0-9A-Z]{0,3}", re.ASCII)


class Hit(Struct, frozen=True, kw_only=True):
    """One answer: a code that can be added, what it means, and what of the question it matched."""

    slug: str
    system: str
    code: str
    title: str
    because: str = ""
    price: Cents | None = None


@desk(CHARTS, methods=("GET", "HEAD", "POST"))
def find_code(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """What fits the words so far, for the day of this visit."""
    found = visit_of(at, account, blind=True)
    asked = request.POST.get("q", "").strip()[:200]
    day = found.encounter.date_of_service
    hits = answers(asked, day, session_of(at), inpatient=found.encounter.class_code in INPATIENT)
    if live(request):
        return show(request, at, "coding/found", "visits", hits=hits, sought=asked, list="")
    if waiting := waiting_audits(at, found):
        return redirect("audit-visit", at.practice.key, waiting[0], account)
    return shown(request, at, bench_of(at, found), hits=hits, sought=asked)


def answers(asked: str, on: date, session: Session | None, *, inpatient: bool = False) -> list[Hit]:
    """At most nine codes, so that a digit takes one: services first where a service's code is begun."""
    if len(asked) < SHORTEST:
        return []
    services = _services(asked, on, session)
    diagnoses = _of_book(asked, on, "ICD-10-CM")
    procedures = _of_book(asked, on, "ICD-10-PCS")[:4] if inpatient else []
    others = _of_book(asked, on, "HCPCS")[:3]
    first, second = (services, diagnoses) if services else (diagnoses, [])
    every = {(hit.system, hit.code): hit for hit in (*first, *procedures, *second, *others)}
    return list(every.values())[:MOST]


def ready(on: date) -> None:
    """Have the search files of the day made, as the first search would."""
    for slug in SLUGS.values():
        with suppress(Refused, LookupError):
            open_search(code_books(), on, slug)


def _of_book(asked: str, on: date, system: str) -> list[Hit]:
    try:
        finder = open_search(code_books(), on, SLUGS[system])
        hits = finder.find(asked, limit=MOST, billable=True)
    except (Refused, LookupError):
        return []
    found = [
        Hit(slug=SLUGS[system], system=system, code=each.code, title=each.title, because=", ".join(each.because[:2]))
        for each in hits
    ]
    words = asked.casefold().split()
    return sorted(found, key=lambda hit: not _begun(words, f"{hit.code} {hit.title}"))


def _begun(words: list[str], text: str) -> bool:
    """Does every word typed so far begin a word of the text? The last one may not be whole yet."""
    whole = re.split(r"[^\w.]+", text.casefold())
    return all(any(each.startswith(word) for each in whole) for word in words)


def _services(asked: str, on: date, session: Session | None) -> list[Hit]:
    """The practice's own services whose code begins so, or whose label has these words."""
    if session is None:
        return []
    wanted = asked.upper()
    known = sorted(session.charges.codes)
    if _SERVICE.fullmatch(wanted):
        codes = [code for code in known if code.startswith(wanted)]
    else:
        words = asked.casefold().split()
        codes = [code for code in known if all(word in _label(code, on).casefold() for word in words)]
    found = []
    for code in codes[:MOST_SERVICES]:
        system = system_of(code)
        price = session.price(code, (), on)
        title = _label(code, on)
        found.append(
            Hit(slug=SLUGS[system], system=system, code=code, title=title, because="your charge master", price=price)
        )
    return found


def _label(code: str, on: date) -> str:
    return meaning("CPT", code, on)
