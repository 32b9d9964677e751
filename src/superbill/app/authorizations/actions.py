"""Authorizations and referrals are entered, changed and withdrawn."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.authorizations.models import AuthorizationRow, GrantKind
from superbill.app.authorizations.queries import Grant, granted_to, grants
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found, insert
from superbill.app.work import Work, action
from superbill.effective import Period
from superbill.identifiers import is_npi
from superbill.pricing.code_ranges import code_ranges

_COLUMNS = (
    "practice_id", "patient_id", "payer_key", "kind", "number", "codes", "start", "end", "units", "provider_npi",
    "withdrawn", "note", "by", "at",
)  # fmt: skip
_NUMBER = 50  # REF02 of G1 and 9F


class NotGranted(ValueError):
    """An authorization that can't be entered or withdrawn; the message says why. Nothing was changed."""


class Entry(Struct, frozen=True, kw_only=True):
    """What a payer granted to a patient (row id). `codes` single and ranges, none: any; `units` None: not counted."""

    patient: int
    payer_key: str
    number: str
    kind: GrantKind = GrantKind.AUTHORIZATION
    codes: tuple[str, ...] = ()
    period: Period = Period()
    units: Decimal | None = None
    provider_npi: str = ""
    note: str = ""


def add_authorizations(actor: Actor, entries: Sequence[Entry], *, at: datetime) -> int:
    """Enter what payers granted, all or none; how many tell something new. The latest entry of a number counts.

    Raises NotPermitted, NotGranted.
    """
    with action(actor, Permission.KEEP_AUTHORIZATIONS, "add authorization", at) as work:
        patients = {one.patient for one in entries}
        known = {row[0] for row in found(work.scope, PatientRow, "id", patients, "id")}
        for one in entries:
            _check(one, known)
        there = {_key(each): each for mine in grants(work.scope, patients).values() for each in mine}
        rows = []
        for one in entries:
            row = (*_told(one), False, one.note)
            before = there.get((one.patient, one.payer_key, one.kind.value, one.number))
            if before is None or not _same(before, one):
                rows.append((work.practice_id, *row, actor.name, work.at))
        insert(AuthorizationRow, _COLUMNS, rows)
        work.note("patient", ids=sorted(patients), added=len(rows))
        return len(rows)


def withdraw_authorization(
    actor: Actor, number: str, *, patient: int | None = None, payer_key: str = "", note: str = "", at: datetime
) -> None:
    """Let a grant no longer count. `patient` and `payer_key` where the number alone does not tell which.

    Raises NotPermitted; NotGranted where no grant of this number counts, or more than one.
    """
    with action(actor, Permission.KEEP_AUTHORIZATIONS, "withdraw authorization", at) as work:
        mine = _of_number(work, number)
        mine = [one for one in mine if patient in (None, one.patient) and payer_key in ("", one.payer_key)]
        if len(mine) != 1:
            many = f"{len(mine)} are: name the patient and the payer" if mine else "See superbill authorization list"
            raise NotGranted(f"{number}: no single authorization of this number counts. {many}.")
        one = mine[0]
        told = (one.patient, one.payer_key, one.kind, one.number, " ".join(one.codes), one.period.start, one.period.end)
        rest = ("" if one.units is None else str(one.units), one.provider_npi, True, note[:200], actor.name, work.at)
        insert(AuthorizationRow, _COLUMNS, [(work.practice_id, *told, *rest)])
        work.note("patient", one.patient)


def _of_number(work: Work, number: str) -> list[Grant]:
    patients = granted_to(work.scope.rows(AuthorizationRow).filter(number=number))
    return [one for mine in grants(work.scope, patients).values() for one in mine if one.number == number]


def _key(one: Grant) -> tuple[int, str, str, str]:
    return (one.patient, one.payer_key, one.kind, one.number)


def _told(one: Entry) -> tuple[object, ...]:
    units = "" if one.units is None else str(one.units)
    codes, period = " ".join(one.codes), one.period
    head = (one.patient, one.payer_key, one.kind.value, one.number, codes)
    return (*head, period.start, period.end, units, one.provider_npi)


def _same(before: Grant, one: Entry) -> bool:
    told = (before.codes, before.period, before.units, before.provider_npi)
    return told == (one.codes, one.period, one.units, one.provider_npi)


def _check(one: Entry, known: set[int]) -> None:
    if one.patient not in known:
        raise NotGranted(f"No patient {one.patient} in this practice.")
    if not one.payer_key or not one.number or len(one.number) > _NUMBER:
        raise NotGranted(f"An authorization has a payer and a number of at most {_NUMBER} characters.")
    if one.period.start and one.period.end and one.period.end < one.period.start:
        raise NotGranted(
            f"It ends on {one.period.end}, before it starts on {one.period.start}. Correct one of the two."
        )
    if one.units is not None and one.units <= 0:
        raise NotGranted(f"{one.units} units: give more than none, or leave them out where they are not counted.")
    if one.provider_npi and not is_npi(one.provider_npi):
        raise NotGranted(f"{one.provider_npi}: is no NPI (ten digits, the last a check digit).")
    try:
        code_ranges(one.codes)
    except ValueError as error:
        raise NotGranted(f"codes: {error}") from None
