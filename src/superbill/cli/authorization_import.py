"""`superbill authorization import`: what a payer decided by 278."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import BadInput, Session, moment, session_options

if TYPE_CHECKING:
    from superbill.app.authorizations.actions import Entry
    from superbill.app.patients.matching import Matched
    from superbill.x12.documents.review_278 import Decision

_SAID = {"A3": "it is not certified", "A4": "it is pended", "CT": "the payer wants a call", "NA": "none is needed"}


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--payer", default="", help="The payer, where the site does not know the one that the file names.")
@session_options
@json_option
def import_(session: Session, file: Path, payer: str, as_json: bool) -> None:
    """Enter what a 278 response certifies, and withdraw what it cancels.

    A patient is matched by member id with birth date or name, or by name with birth date. What is refused or pended
    is told and not entered. The same file again changes nothing. Exit 1 when a decision was not taken over.

    \b
    superbill authorization import response.278 --db practice.db
    """
    from superbill.app.authorizations.actions import NotGranted, add_authorizations, withdraw_authorization
    from superbill.app.authorizations.queries import grants
    from superbill.app.patients.matching import Wanted, matched
    from superbill.x12.documents.review_278 import CANCELLED

    told = _read(file)
    wanted = [
        Wanted(member_id=one.member_id, last=one.last, first=one.first, birth_date=one.birth_date) for one in told
    ]
    taken: list[tuple[str, Entry, bool]] = []
    left = []
    for place, (one, person) in enumerate(zip(told, matched(session.scope, wanted), strict=True), 1):
        made = _entry(session, payer, one, person)
        if isinstance(made, str):
            left.append((place, made))
        else:
            taken.append((person.source_id, made, one.action == CANCELLED))
    at = moment(None)
    try:
        new = add_authorizations(session.actor, [entry for _, entry, ended in taken if not ended], at=at)
    except NotGranted as error:
        raise BadInput(f"{file}: {error}") from None
    there = grants(session.scope, {entry.patient for _, entry, _ in taken})
    for _, entry, ended in taken:
        if ended and any(one.number == entry.number for one in there.get(entry.patient, ())):
            withdraw_authorization(
                session.actor, entry.number, patient=entry.patient, payer_key=entry.payer_key, note=file.name, at=at
            )
    if as_json:
        put_json({"decisions": len(told), "added": new, "left": [{"decision": n, "why": why} for n, why in left]})
    else:
        columns = ("patient", "kind", "number", "codes", "units", "")
        put_table("Taken over", columns, [_shown(*each) for each in taken], right="units")
        for place, why in left:
            say(f"Decision {place} of the file is not taken over: {why}.")
        say(f"{len(told)} decisions read, {new} new, {len(left)} left out.")
    raise SystemExit(1 if left else 0)


def _read(file: Path) -> "list[Decision]":
    from superbill.x12 import X12ReadError
    from superbill.x12.documents.review_278 import decisions

    try:
        with file.open("rb") as source:
            told = list(decisions(source))
    except X12ReadError as error:
        raise BadInput(f"{file}: {error}") from None
    if not told:
        raise BadInput(f"{file}: holds no decision (278 response). Look at it: superbill x12 show {file}")
    return told


def _entry(session: Session, payer: str, one: "Decision", person: "Matched") -> "Entry | str":
    """What to enter, or why nothing is."""
    from superbill.app.authorizations.actions import Entry
    from superbill.app.authorizations.models import GrantKind
    from superbill.x12.documents.review_278 import CANCELLED, CERTIFIED

    if one.rejected:
        return f"the payer did not review the request (AAA {', '.join(one.rejected)})"
    if one.action not in CERTIFIED | {CANCELLED}:
        why = f", reason {', '.join(one.reasons)}" if one.reasons else ""
        return f"{_SAID.get(one.action, 'it is not decided')} (HCR {one.action}{why})"
    if not one.number:
        return f"it has no number (HCR02 of HCR {one.action})"
    if person.patient is None:
        return person.why
    entry = session.site.payer(payer) if payer else session.site.payer(one.payer_id) or session.site.payer(one.payer)
    if entry is None:
        known = ", ".join(each.key for each in session.site.payers)
        return f"{payer or one.payer} is no payer of the site: name one of {known} with --payer"
    return Entry(
        patient=person.patient,
        payer_key=entry.key,
        number=one.number,
        kind=GrantKind.REFERRAL if one.referral else GrantKind.AUTHORIZATION,
        codes=one.codes,
        period=one.period,
        units=one.units,
        provider_npi=one.provider_npi,
    )


def _shown(patient: str, entry: "Entry", ended: bool) -> tuple[object, ...]:
    units = "" if entry.units is None else entry.units
    codes = " ".join(entry.codes) or "any"
    return (patient, entry.kind.value, entry.number, codes, units, "withdrawn" if ended else "")
