"""`superbill coding audit`: draw codings, code them again blindly, agree on what stands, tell how right they are."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from superbill.app.session import BadInput, Books, Session
from superbill.cli.coding_audit_score import report, score
from superbill.cli.coding_decide import checked, with_added
from superbill.cli.output import json_option, put_findings, put_json, put_table, say
from superbill.cli.session import Command, books_options, session_options
from superbill.coding.deciding import Final, FinalService

if TYPE_CHECKING:
    from superbill.app.accounts.actors import Actor
    from superbill.app.coding.audit_queries import Audit, Blind, Item

_BASES = ("random", "risk", "new-coder", "high-dollar")
_BIGGEST_FILE = 1_000_000


@click.group("audit")
def audit() -> None:
    """Audit coders: draw a sample, code it again blindly, reconcile, score, report."""


for each in (score, report):
    audit.add_command(each)


def _day(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def _auditor_option(command: Command) -> Command:
    about = "Who audits: the name that stays with it."
    named: Command = click.option("--auditor", required=True, metavar="NAME", help=about)(command)
    return named


def _day_option(name: str, about: str) -> Callable[[Command], Command]:
    return click.option(name, type=click.DateTime(["%Y-%m-%d"]), callback=_day, help=about)


@audit.command("sample")
@click.option("--size", type=click.IntRange(1, 100_000), help="How many codings  [default: 30].")
@click.option(
    "--margin", type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="Instead: as many as tell a share to ± this with 95 % confidence (0.05: five points).",
)  # fmt: skip
@click.option("--by", "basis", type=click.Choice(_BASES), default="random", show_default=True, help="What decides.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same sample.")
@click.option("--per-coder", is_flag=True, help="Every coder's share, one at least.")
@click.option("--coder", "coders", multiple=True, metavar="NAME", help="Only codings of this coder. Repeatable.")
@click.option("--programs", is_flag=True, help="Also what the program coded without a person.")
@_day_option("--since", "From this day of service on.")
@_day_option("--until", "Up to this day of service.")
@_auditor_option
@session_options
@json_option
def sample(
    session: Session, auditor: str, size: int | None, margin: float | None, basis: str, as_json: bool, **wanted: Any
) -> None:
    """Draw codings to be audited and keep the sample. A coding that an audit holds already is not drawn again.

    random: each as likely as any other. risk: likelier with every sign (unspecified codes, low scores, levels that the
    coder seldom gives, modifiers 25 and 59, overrides, open queries, new coder, high charge). new-coder: among a
    coder's first 90 days or 50 codings. high-dollar: the highest charges.

    \b
    superbill coding audit sample --size 20 --by risk --seed 7 --auditor ann --db practice.db
    superbill coding audit sample --margin 0.05 --since 2026-01-01 --auditor ann --db practice.db
    """
    from superbill.app.coding.audit_queries import audits, items
    from superbill.app.coding.audits import draw_audit
    from superbill.app.path.auditing import book_on
    from superbill.coding.audit.model import Basis, Plan

    if size is not None and margin is not None:
        raise BadInput("Give --size or --margin, not both: a margin decides on the size.")
    plan = Plan(basis=Basis(basis), size=0 if margin is not None else size or 30, margin=margin, **wanted)
    number = draw_audit(_actor(session, auditor), plan, at=session.at, price=session.price, books=book_on)
    (made,) = (each for each in audits(session.scope) if each.number == number)
    drawn = list(items(session.scope, number))
    if as_json:
        put_json({"audit": made, "visits": [_told(each, signs=True) for each in drawn]})
        return
    say(f"Audit {number}: {made.drawn} of {made.known} codings, {basis}, seed {plan.seed}", bold=True)
    _put_visits(drawn, signs=True)
    say(f"Code them again: superbill coding audit show {number} ACCOUNT, then superbill coding audit code {number} …")


@audit.command("show")
@click.argument("number", type=int, required=False)
@click.argument("account", required=False)
@books_options
@json_option
def show(books: Books, number: int | None, account: str | None, as_json: bool) -> None:
    """The audits; the visits of one; or one visit as its second coder gets it: the note and the facts, no codes.

    What the first coder coded is shown once the second coding is in. Exit 1 while something waits to be closed.

    \b
    superbill coding audit show --db practice.db
    superbill coding audit show 1 --db practice.db
    superbill coding audit show 1 A1004 --db practice.db
    """
    from superbill.app.coding.audit_queries import audits, blind, item, items

    if number is None:
        found = audits(books.scope)
        if as_json:
            put_json({"audits": found})
        else:
            _put_audits(found)
        raise SystemExit(int(any(each.closed < each.drawn for each in found)))
    if account is None:
        drawn = list(items(books.scope, number))
        if not drawn:
            raise BadInput(f"{number}: no audit of this number. See superbill coding audit show.")
        if as_json:
            put_json({"number": number, "visits": [_told(each) for each in drawn]})
        else:
            _put_visits(drawn)
        raise SystemExit(int(any(each.reference is None for each in drawn)))
    sampled = item(books.scope, number, account)
    if sampled is None:
        raise BadInput(
            f"{account}: is not among the visits of audit {number}. See superbill coding audit show {number}."
        )
    if as_json:
        put_json({"number": number, "visit": blind(sampled), **_told(sampled)})
    else:
        _put_blind(blind(sampled))
        _put_both(sampled)
    raise SystemExit(int(sampled.reference is None))


@audit.command("code")
@click.argument("number", type=int)
@click.argument("account")
@click.option("--with", "codes", multiple=True, metavar="CODE[-MODIFIER][xUNITS][=WHY]", help="A code. Repeatable.")
@click.option("--file", "file", type=click.Path(path_type=Path), help="Codes as JSON: diagnoses, services, reasons.")
@click.option("--first", metavar="CODE", help="The first-listed diagnosis  [default: the first given].")
@click.option("--seconds", type=click.IntRange(0, 86_400), help="How long it took.")
@_auditor_option
@session_options
@json_option
def code(
    session: Session, number: int, account: str, codes: tuple[str, ...], file: Path | None, first: str | None,
    seconds: int | None, auditor: str, as_json: bool,
) -> None:  # fmt: skip
    """Code a sampled visit a second time, without sight of the first. What is billed stays as it is.

    A file has {"diagnoses": ["I10"], "services": [{"code": "99213", "modifiers": ["25"], "units": 1}], "reasons":
    {"I10": "why"}}. Where both coders agree the visit is closed. Exit 1 when they differ and it has to be reconciled.

    \b
    superbill coding audit code 1 A1004 --with E11.22 --with N18.31 --with 99214 --auditor ann --db practice.db
    superbill coding audit code 1 A1004 --file second.json --auditor ann --db practice.db
    """
    from superbill.app.coding.audit_queries import item
    from superbill.app.coding.audits import code_blindly
    from superbill.app.path.auditing import book_on

    sampled = item(session.scope, number, account)
    final = _given(codes, file, first)
    found = _checked(sampled, final) if sampled else []
    day = sampled.encounter.date_of_service if sampled else session.today
    agreed = code_blindly(
        _actor(session, auditor), number, account, final, release=book_on(day).release.name, at=session.at,
        seconds=seconds,
    )  # fmt: skip
    if as_json:
        put_json({"number": number, "account": account, "agreed": agreed, "codes": final, "checks": found})
    else:
        say(f"{account}: " + ("both coders agree; closed." if agreed else "the coders differ."), bold=True)
        put_findings(found)
        if not agreed:
            say(f"See both: superbill coding audit show {number} {account}; then superbill coding audit reconcile")
    raise SystemExit(0 if agreed else 1)


@audit.command("reconcile")
@click.argument("number", type=int)
@click.argument("account")
@click.option("--stands", type=click.Choice(("first", "second")), help="This coding stands, but for --with.")
@click.option("--with", "codes", multiple=True, metavar="CODE[-MODIFIER][xUNITS][=WHY]", help="A code. Repeatable.")
@click.option("--why", "reasons", multiple=True, metavar="CODE=WHY", help="Why a code stands, or does not. Repeatable.")
@click.option("--first", metavar="CODE", help="The first-listed diagnosis.")
@_auditor_option
@session_options
@json_option
def reconcile(
    session: Session, number: int, account: str, stands: str | None, codes: tuple[str, ...], reasons: tuple[str, ...],
    first: str | None, auditor: str, as_json: bool,
) -> None:  # fmt: skip
    """Close a visit on which the coders differ with the codes that stand. The audit measures against them.

    \b
    superbill coding audit reconcile 1 A1004 --stands second --why N18.31="stage in the note" --auditor ann
    """
    from superbill.app.coding.audit_queries import item
    from superbill.app.coding.audits import reconcile as close

    sampled = item(session.scope, number, account)
    chosen = Final(diagnoses=())
    if sampled is not None and stands:
        chosen = sampled.first if stands == "first" else sampled.second or chosen
    said = {code.strip().upper(): why.strip() for code, _, why in (each.partition("=") for each in reasons)}
    final = with_added(
        Final(diagnoses=chosen.diagnoses, services=chosen.services, reasons={**chosen.reasons, **said}), codes, first
    )
    if not final.diagnoses and (sampled is None or sampled.second is not None):
        raise BadInput("Say what stands: --stands first, --stands second, or every code with --with.")
    found = _checked(sampled, final) if sampled and final.diagnoses else []
    close(_actor(session, auditor), number, account, final, at=session.at)
    if as_json:
        put_json({"number": number, "account": account, "codes": final, "checks": found})
    else:
        say(f"{account}: closed. {_line(final)}", bold=True)
        put_findings(found)


def _actor(session: Session, auditor: str) -> "Actor":
    from superbill.app.accounts.actors import actor_with
    from superbill.app.accounts.permissions import Role

    if not auditor.strip():
        raise BadInput("Say who audits: --auditor NAME. The name stays with the audit.")
    return actor_with(auditor.strip(), session.actor.practice_id, Role.AUDITOR)


def _given(codes: tuple[str, ...], file: Path | None, first: str | None) -> Final:
    """The second coding of the options or the file. Raises BadInput."""
    given = _read(file) if file else Final(diagnoses=())
    final = with_added(given, codes, first)
    if not final.diagnoses:
        raise BadInput("Give the codes: --with CODE for each, or --file FILE. A visit has one diagnosis at least.")
    return final


def _read(file: Path) -> Final:
    try:
        with file.open("rb") as stream:
            given = msgspec.json.decode(stream.read(_BIGGEST_FILE), type=Final)
    except OSError as problem:
        raise BadInput(f"{file}: {problem.strerror or problem}. Name a file that can be read.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as problem:
        raise BadInput(f"{file}: is no coding ({problem}). It needs diagnoses, and may have services.") from None
    # As if they were typed: the same shapes are accepted and refused.
    typed = tuple(_typed(each) for each in given.services)
    return with_added(Final(diagnoses=(), reasons=given.reasons), (*given.diagnoses, *typed), None)


def _typed(service: FinalService) -> str:
    return f"{'-'.join((service.code, *service.modifiers))}x{service.units}"


def _checked(sampled: "Item", final: Final) -> list[Any]:
    return checked(final, sampled.encounter.date_of_service, sampled.chart.patient.birth_date)


def _state(item: "Item") -> str:
    return "closed" if item.reference else "to be reconciled" if item.second else "to be coded"


def _told(item: "Item", *, signs: bool = False) -> dict[str, Any]:
    """One visit as `--json` has it: codes, and signs of risk but for who draws, only once the second coding is in."""
    told: dict[str, Any] = {
        "account": item.account, "date_of_service": item.encounter.date_of_service, "state": _state(item),
    }  # fmt: skip
    if signs or item.second is not None:
        told["signs"] = item.drawn.why
    if item.second is not None:
        told |= {"coder": item.coder, "first": item.first, "second_coder": item.second_coder, "second": item.second}
    return told | ({"reference": item.reference} if item.reference else {})


def _put_audits(found: "list[Audit]") -> None:
    rows = [
        (each.number, f"{each.at:%Y-%m-%d}", each.auditor, each.plan.basis.value, each.plan.seed,
         f"{each.drawn} of {each.known}", each.coded, each.closed)
        for each in found
    ]  # fmt: skip
    columns = ("number", "drawn", "auditor", "by", "seed", "codings", "coded again", "closed")
    put_table("Audits", columns, rows, right="number seed coded closed")


def _put_visits(drawn: "list[Item]", *, signs: bool = False) -> None:
    rows = []
    for each in drawn:
        said = ", ".join(each.drawn.why) if signs or each.second else ""
        rows.append((each.account, each.encounter.date_of_service, _state(each), said))
    put_table("Visits", ("account", "service", "state", "signs of risk"), rows)


def _put_blind(seen: "Blind") -> None:
    say(f"{seen.account}  {seen.date_of_service}", bold=True)
    facts = (f"{seen.age} years" if seen.age is not None else "", seen.sex, seen.setting, seen.kind)
    say("  " + ", ".join(fact for fact in facts if fact))
    for title, words in (("reason", seen.reasons), ("recorded", seen.recorded)):
        for each in words:
            say(f"  {title}: {each}")
    for line in seen.note.splitlines():
        say(f"  | {line}")


def _put_both(item: "Item") -> None:
    if item.second is None:
        say("Code it: superbill coding audit code. What was coded first is shown after that.")
        return
    for title, codes in (("first", item.first), ("second", item.second), ("stands", item.reference)):
        if codes is not None:
            say(f"{title:<8}{_line(codes)}")


def _line(codes: Final) -> str:
    return "  ".join((*codes.diagnoses, *(_typed(each).removesuffix("x1") for each in codes.services)))
