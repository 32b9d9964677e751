"""Charges: the lines of an encounter, and the entry that puts them on the books, once."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from superbill.app.billing.journal import PostCounts, hold_journal, know_visits, write_entries
from superbill.app.billing.models import ChargeLine
from superbill.app.rows import found, insert
from superbill.app.work import Work
from superbill.claims.model import Diagnosis, ServiceLine
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Posting


class Charge(Struct, frozen=True, kw_only=True):
    """What one account of an encounter is charged: its lines, and who is expected to pay (`payer` "" is the patient).
    A facility's charges have an account of their own.

    `on` is the day of the charge entry.
    """

    encounter: int
    patient: int
    account: str
    lines: tuple[ServiceLine, ...]
    diagnoses: tuple[Diagnosis, ...]
    payer: str = ""
    on: date


def write_charges(work: Work, charges: Sequence[Charge]) -> PostCounts:
    """Store charge lines and post `charge:{account}` for each encounter, inside the caller's action.

    Lines that are there already stay as they are; the journal then tells whether they still say the same.
    """
    keys = {line.control_number for charge in charges for line in charge.lines}
    there = {row[0] for row in found(work.scope, ChargeLine, "key", keys, "key")}
    columns = (
        "practice_id", "encounter_id", "patient_id", "key", "number", "code", "modifiers", "units", "charge",
        "service_start", "service_end", "diagnoses",
    )  # fmt: skip
    numbers: dict[int, int] = {}  # lines are numbered through the encounter, whatever account they are under
    encounters = {charge.encounter for charge in charges}
    for encounter, number in found(work.scope, ChargeLine, "encounter_id", encounters, "encounter_id", "number"):
        numbers[encounter] = max(number, numbers.get(encounter, 0))
    rows = [row for charge in charges for row in _line_rows(work.practice_id, charge, there, numbers)]
    insert(ChargeLine, columns, rows)
    hold_journal(work.scope)
    know_visits(work, encounters)
    return write_entries(work, [entry for charge in charges if (entry := charge_entry(charge))])


def charge_entry(charge: Charge) -> Entry | None:
    """The entry that charges every line in full; None when every line is free."""
    return (
        Entry(key=f"charge:{charge.account}", kind="charge", on=charge.on, source=charge.account, postings=postings)
        if (postings := tuple(_postings(charge)))
        else None
    )


def _postings(charge: Charge) -> Iterable[Posting]:
    owed = Account.INSURANCE if charge.payer else Account.PATIENT
    for line in charge.lines:
        if line.charge:
            yield Posting(account=owed, amount=line.charge, line=line.control_number, payer=charge.payer)
            yield Posting(account=Account.CHARGES, amount=-line.charge, line=line.control_number)


def _line_rows(
    practice_id: int, charge: Charge, there: set[str], numbers: dict[int, int]
) -> Iterable[tuple[object, ...]]:
    for line in charge.lines:
        if line.control_number in there:
            continue
        number = numbers[charge.encounter] = numbers.get(charge.encounter, 0) + 1
        start = line.service.start or line.service.end
        # A claim that is held for a pointer to nowhere is on the books all the same.
        places = (place for place in line.diagnosis_pointers if 0 < place <= len(charge.diagnoses))
        pointed = (charge.diagnoses[place - 1].code for place in places)
        yield (
            practice_id,
            charge.encounter,
            charge.patient,
            line.control_number,
            number,
            line.procedure.code or line.revenue_code,
            " ".join(line.procedure.modifiers),
            str(line.units),
            line.charge,
            start,
            line.service.end or start,
            " ".join(pointed),
        )
