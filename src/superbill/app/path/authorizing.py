"""A payer's 278 response: what it certifies is entered, what it cancels is withdrawn, the rest is told."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import PurePath

from msgspec import Struct

from superbill.app.authorizations.actions import Entry, NotGranted, add_authorizations, withdraw_authorization
from superbill.app.authorizations.models import GrantKind
from superbill.app.authorizations.queries import grants
from superbill.app.patients.matching import Matched, Wanted, matched
from superbill.app.session import BadInput, Session
from superbill.x12 import X12ReadError
from superbill.x12.documents.review_278 import CANCELLED, CERTIFIED, Decision, decisions

_SAID = {"A3": "it is not certified", "A4": "it is pended", "CT": "the payer wants a call", "NA": "none is needed"}


class Taken(Struct, frozen=True, kw_only=True):
    """A decision that was taken over: the patient's id at its source, and whether the grant ended."""

    source_id: str
    entry: Entry
    ended: bool


class Decided(Struct, frozen=True, kw_only=True):
    """What came of a file: how many decisions it holds, grants new or changed, and by place why some were left."""

    decisions: int
    added: int
    taken: tuple[Taken, ...]
    left: tuple[tuple[int, str], ...]


def take_decisions(session: Session, data: bytes, name: str, *, payer: str = "", at: datetime) -> Decided:
    """Enter what the 278 response `data` (of the file `name`) decides; the same file again changes nothing.

    A patient is matched by member id with birth date or name, or by name with birth date. `payer`: a key of the site,
    where it does not know the one that the file names. Raises BadInput for another file, NotPermitted.
    """
    told = _read(data, name)
    wanted = [
        Wanted(member_id=one.member_id, last=one.last, first=one.first, birth_date=one.birth_date) for one in told
    ]
    taken: list[Taken] = []
    left = []
    for place, (one, person) in enumerate(zip(told, matched(session.scope, wanted), strict=True), 1):
        made = _entry(session, payer, one, person)
        if isinstance(made, str):
            left.append((place, made))
        else:
            taken.append(Taken(source_id=person.source_id, entry=made, ended=one.action == CANCELLED))
    try:
        added = add_authorizations(session.actor, [one.entry for one in taken if not one.ended], at=at)
    except NotGranted as error:
        raise BadInput(f"{name}: {error}") from None
    _withdraw(session, [one.entry for one in taken if one.ended], name, at)
    return Decided(decisions=len(told), added=added, taken=tuple(taken), left=tuple(left))


def _withdraw(session: Session, ended: Sequence[Entry], name: str, at: datetime) -> None:
    there = grants(session.scope, {entry.patient for entry in ended})
    for entry in ended:
        if any(one.number == entry.number for one in there.get(entry.patient, ())):
            withdraw_authorization(
                session.actor,
                entry.number,
                patient=entry.patient,
                payer_key=entry.payer_key,
                note=PurePath(name).name,
                at=at,
            )


def _read(data: bytes, name: str) -> list[Decision]:
    try:
        told = list(decisions(BytesIO(data)))
    except X12ReadError as error:
        raise BadInput(f"{name}: {error}") from None
    if not told:
        raise BadInput(f"{name}: holds no decision (278 response). Look at it: superbill x12 show {name}")
    return told


def _entry(session: Session, payer: str, one: Decision, person: Matched) -> Entry | str:
    """What to enter, or why nothing is."""
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
        return f"{payer or one.payer} is no payer of the site: name one of {known}"
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
