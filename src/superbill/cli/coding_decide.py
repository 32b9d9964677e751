"""`superbill coding waiting`, `decide` and `history`: a person decides on what was suggested from a visit's note."""

import re
from datetime import date
from typing import TYPE_CHECKING

import click

from superbill.app.session import BadInput, Books, Session
from superbill.cli.coding_show import put_codes
from superbill.cli.output import json_option, put_findings, put_json, put_table, say
from superbill.cli.session import books_options, session_options
from superbill.coding.deciding import Final, FinalService, as_suggested
from superbill.coding.model import CodedEncounter
from superbill.coding.suggest.model import Suggestion
from superbill.findings import Finding, errors

if TYPE_CHECKING:
    from superbill.app.coding.queries import Kept

_SERVICE = re.compile(
    r"(?P<code>\d{4}[0-9A-Z]|[A-Z]\d{4})(?P<modifiers>(?:-[A-Z0-9]{2})*)(?:X(?P<units>[1-9]\d{0,3}))?", re.ASCII
)
_NO_CODE = frozenset(("not-billable", "too-long", "unknown", "shape", "placeholder", "seventh-character"))
_DIAGNOSIS = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?", re.ASCII)


@click.command("waiting")
@books_options
@json_option
def waiting(books: Books, as_json: bool) -> None:
    """Visits whose codes were suggested from their note and wait for a person. Exit 1 when there is some.

    \b
    superbill coding waiting --db practice.db
    """
    from superbill.app.encounters.models import EncounterState
    from superbill.app.encounters.queries import visits
    from superbill.app.path.deciding import awaits

    found = [visit for some in visits(books.scope, EncounterState.HELD) for visit in some if awaits(visit)]
    rows = [(each.account_number, each.encounter.date_of_service, each.findings[0].message) for each in found]
    if as_json:
        put_json({"visits": [{"account": row[0], "date_of_service": row[1], "why": row[2]} for row in rows]})
    else:
        put_table("Waiting for a person", ("account", "service", "why"), rows)
    raise SystemExit(1 if found else 0)


@click.command("decide")
@click.argument("account")
@click.option("--by", help="Who decides: the name that stays with the codes.")
@click.option("--accept", is_flag=True, help="Take what is suggested, but for --without, and --with more.")
@click.option("--without", "refused", multiple=True, metavar="CODE[=WHY]", help="Refuse a suggested code.")
@click.option("--with", "added", multiple=True, metavar="CODE[-MODIFIER][xUNITS][=WHY]", help="Add a code.")
@click.option("--first", metavar="CODE", help="The first-listed diagnosis.")
@click.option("--seconds", type=click.IntRange(0, 86_400), help="How long it took, for the coder's own figures.")
@session_options
@json_option
def decide(
    session: Session, account: str, by: str | None, accept: bool, refused: tuple[str, ...], added: tuple[str, ...],
    first: str | None, seconds: int | None, as_json: bool,
) -> None:  # fmt: skip
    """Decide on the codes of a visit. Without --accept only what is suggested is shown; nothing is stored.

    Every code keeps who decided on it, when, on which words of the note and with which release. Exit 1 when the visit
    is still held, or was only shown.

    \b
    superbill coding decide A1001 --db practice.db
    superbill coding decide A1001 --accept --by maria --without R05.9="part of J20.9" --with 99213 --db practice.db
    """
    from superbill.app.accounts.actors import actor_with
    from superbill.app.accounts.permissions import Role
    from superbill.app.encounters.queries import visit as visit_of
    from superbill.app.path.deciding import decide_visit, suggestion_of

    visit = visit_of(session.scope, account)
    if visit is None:
        raise BadInput(f"{account}: no visit with this account number. See superbill coding waiting.")
    suggestion = suggestion_of(session, visit)
    if not accept:
        if as_json:
            put_json({"account": account, "suggestion": suggestion})
        else:
            put_codes(account, suggestion)
        raise SystemExit(1)
    if not by or not by.strip():
        raise BadInput("Say who decides: --by NAME. The name stays with the codes.")
    final = _final(suggestion, refused, added, first)
    found = checked(final, visit.encounter.date_of_service, visit.chart.patient.birth_date)
    actor = actor_with(by.strip(), session.actor.practice_id, Role.CODER)
    coded = decide_visit(session, actor, visit, final, seconds=seconds)
    if as_json:
        put_json({"account": account, "coded": coded, "checks": found})
    else:
        _put_decided(account, coded, by)
        put_findings(found)
    raise SystemExit(0 if coded.diagnoses else 1)


def checked(final: Final, day: date, born: date | None) -> list[Finding]:
    """What the coding checks find on the diagnoses decided. Raises BadInput for one that is no billable code."""
    from superbill.app.code_books import code_books
    from superbill.codesets.icd10cm.lookup import book
    from superbill.coding.checks import check
    from superbill.coding.checks.model import Coded

    found = check(Coded(diagnoses=final.diagnoses, on=day, born=born), code_books())
    # A code that the books of another day lack may be right on this one: then the finding is enough.
    refused = _NO_CODE if book(code_books(), day).exact else _NO_CODE - {"unknown"}
    for finding in errors(found):
        if finding.rule.rpartition(".")[2] in refused:
            raise BadInput(f"{finding.message} {finding.fix} Nothing was stored.")
    return found


def _put_decided(account: str, coded: CodedEncounter, by: str) -> None:
    say(f"{account}: {coded.disposition.value}, decided by {by}", bold=True)
    for number, diagnosis in enumerate(coded.diagnoses, 1):
        say(f"  {number:>2}  {diagnosis.code}")
    for service in coded.services:
        say("      " + "-".join([service.procedure.code, *service.modifiers]) + f" × {service.units.normalize():f}")
    for finding in coded.findings:
        say(f"  {finding.rule}  {finding}")


def _final(suggestion: Suggestion, refused: tuple[str, ...], added: tuple[str, ...], first: str | None) -> Final:
    """What is decided, from what was suggested and what the person says of it."""
    offered = as_suggested(suggestion)
    without = dict(map(_parted, refused))
    known = {*offered.diagnoses, *(service.code for service in offered.services)}
    for code in without:
        if code not in known:
            raise BadInput(f"--without {code}: is not suggested for this visit. Suggested: {', '.join(sorted(known))}")
    kept = Final(
        diagnoses=tuple(code for code in offered.diagnoses if code not in without),
        services=tuple(service for service in offered.services if service.code not in without),
        reasons={code: why for code, why in without.items() if why},
    )
    return with_added(kept, added, first)


def with_added(final: Final, added: tuple[str, ...], first: str | None) -> Final:
    """The decision with the codes of `--with`, and the diagnosis of `--first` before all others. Raises BadInput."""
    diagnoses, services, reasons = list(final.diagnoses), list(final.services), dict(final.reasons)
    for text in added:
        written, why = _parted(text)
        if _DIAGNOSIS.fullmatch(written):
            code = written
            diagnoses.append(code)
        else:
            service = _service(written)
            code = service.code
            services.append(service)
        if why:
            reasons[code] = why
    if first is not None:
        if first.upper() not in diagnoses:
            raise BadInput(f"--first {first}: is none of the diagnoses {', '.join(diagnoses) or '(there is none)'}.")
        diagnoses.sort(key=lambda code: code != first.upper())
    return Final(diagnoses=tuple(dict.fromkeys(diagnoses)), services=tuple(services), reasons=reasons)


def _parted(text: str) -> tuple[str, str]:
    code, _, why = text.partition("=")
    return code.strip().upper(), why.strip()


def _service(text: str) -> FinalService:
    match = _SERVICE.fullmatch(text)
    if match is None:
        raise BadInput(
            f"--with {text}: is no code. Write a diagnosis with its dot (E11.9) or a service as "
            "CODE[-MODIFIER][xUNITS], such as 20610-RT or J7613x3, and why after an =."
        )
    modifiers = tuple(match["modifiers"].split("-")[1:])
    return FinalService(code=match["code"], modifiers=modifiers, units=int(match["units"] or 1))


@click.command("history")
@click.argument("account")
@click.option("--reader", default="", metavar="NAME", help="Who reads: during a blind audit, the visit's first coder.")
@books_options
@json_option
def history(books: Books, account: str, reader: str, as_json: bool) -> None:
    """Every coding of a visit: who, when, on which evidence, with which release. Nothing of it is ever changed.

    While an audit waits for the visit's second coding, which is made without sight of the first, nobody but the first
    coder reads it.

    \b
    superbill coding history A1001 --db practice.db
    superbill coding history A1001 --reader maria --db practice.db
    """
    from superbill.app.accounts.actors import actor_with
    from superbill.app.accounts.permissions import Role
    from superbill.app.coding.queries import Blinded
    from superbill.app.coding.queries import history as history_of

    name = reader.strip()
    actor = actor_with(name, books.actor.practice_id, Role.CODER, Role.AUDITOR) if name else books.actor
    try:
        found = history_of(actor.scope, account)
    except Blinded as reason:
        raise BadInput(str(reason)) from None
    if not found:
        raise BadInput(f"{account}: was never coded. Run superbill code, or see superbill claim list.")
    if as_json:
        put_json({"codings": found})
        return
    for kept in found:
        _put_kept(kept)


def _put_kept(kept: "Kept") -> None:
    release = f" with {kept.release}" if kept.release else ""
    say(f"{kept.number}  {kept.at:%Y-%m-%d %H:%M}  {kept.purpose.value} by {kept.coder}{release}", bold=True)
    coded = kept.record.coded
    for code in (*coded.diagnoses, *(service.procedure for service in coded.services)) if coded else ():
        evidence = "; ".join(" ".join(each.text.split()) or each.record for each in code.evidence)
        say(f"      {code.code:<10}{evidence}")
    for decision in kept.record.decisions:
        say(f"      {decision.verdict:<9} {decision.code}" + (f": {decision.reason}" if decision.reason else ""))
