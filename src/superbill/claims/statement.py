"""The days that an institutional bill covers, and the frequency code that follows from them.

NUBC, form locators 4 and 6; Medicare Claims Processing Manual chapter 1 §50.2 (frequency of billing), chapter 3 §40.3
(outpatient services treated as inpatient), 42 CFR 412.2(c)(5) (the payment window).
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec.structs import replace

from superbill.claims.control import MAX_ACCOUNT
from superbill.claims.model import Claim, Frequency, ServiceLine
from superbill.effective import Period

ONE_DAY = timedelta(days=1)
_MARK = "F"


def facility_account(account: str, bill: int = 1) -> str:
    """The account of the facility's charges for an encounter: "A1007F"; of its further interim bills "A1007F2".

    Raises ValueError for an account without room for it, and for a bill before the first.
    """
    made = f"{account}{_MARK}{bill if bill > 1 else ''}"
    if bill < 1 or len(made) > MAX_ACCOUNT:
        raise ValueError(f"no account of a facility for {account!r}, bill {bill}")
    return made


def is_facility_account(text: str, account: str) -> bool:
    """Whether `text` is one of the facility's accounts of the encounter with this account."""
    head, rest = text[: len(account) + 1], text[len(account) + 1 :]
    return head == f"{account}{_MARK}" and (not rest or rest.isdigit())


def frequency(statement: Period, stay: Period) -> Frequency:
    """1 for the whole stay, 2 for its first bill, 3 for one in between, 4 for the last.

    `stay` is admission to discharge; open at its end while the patient is there. Raises ValueError for a statement that
    is open, or has days outside the stay.
    """
    start, end = statement.start, statement.end
    assert stay.start is not None
    if start is None or end is None or end < start:
        raise ValueError("a statement covers from one day to another")
    if start < stay.start or (stay.end is not None and end > stay.end):
        raise ValueError(f"the statement {start} to {end} leaves the stay {stay.start} to {stay.end or 'now'}")
    first, last = start == stay.start, stay.end is not None and end == stay.end
    return "1" if first and last else "2" if first else "4" if last else "3"


def nights(statement: Period, stay: Period) -> tuple[date, ...]:
    """The days of accommodation in a statement: the day of discharge is none, unless it is that of admission too.

    Medicare Benefit Policy Manual chapter 3 §20.1: a day begins at midnight and ends 24 hours later; the day of
    discharge, death or leave is not counted, unless it is the day of admission.
    """
    assert stay.start is not None and statement.end is not None and statement.start is not None
    first = max(stay.start, statement.start)
    last = statement.end if stay.end is None or statement.end < stay.end else stay.end - ONE_DAY
    if stay.end == stay.start:
        last = stay.start
    return tuple(first + ONE_DAY * count for count in range((last - first).days + 1))


def in_window(outpatient: Period, admitted: date, days: int) -> bool:
    """Whether outpatient services ended on the day of admission or in the `days` before it (3; 1 for a hospital that is
    not paid under the prospective payment system)."""
    ended = outpatient.end or outpatient.start
    return ended is not None and days > 0 and admitted - ONE_DAY * days <= ended <= admitted


def months(stay: Period, through: date) -> tuple[Period, ...]:
    """The statements of a long stay billed by the calendar month, through a day or the discharge."""
    assert stay.start is not None
    end = min(through, stay.end) if stay.end else through
    found = []
    start = stay.start
    while start <= end:
        following = date(start.year + start.month // 12, start.month % 12 + 1, 1)
        found.append(Period(start, min(following - ONE_DAY, end)))
        start = following
    return tuple(found)


def late_charges(claim: Claim, lines: Sequence[ServiceLine], number: str) -> Claim:
    """A bill of charges that came after `claim` was sent (frequency 5): the same claim with the new lines alone.

    `number` is its control number. Medicare takes no late charges for a stay paid by DRG, ambulatory surgery or
    outpatient services paid under OPPS: replace the claim there (frequency 7). Raises ValueError for a claim that is
    not institutional, for no lines, and for lines that are on the claim.
    """
    if claim.institutional is None:
        raise ValueError("only an institutional claim has late charges")
    known = {line.control_number for line in claim.lines}
    if not lines or any(line.control_number in known for line in lines):
        raise ValueError("late charges are lines that the claim does not have")
    numbered = tuple(_numbered(lines))
    return replace(claim, control_number=number, frequency="5", lines=numbered, patient_paid=None)


def _numbered(lines: Iterable[ServiceLine]) -> Iterable[ServiceLine]:
    return (replace(line, number=number) for number, line in enumerate(lines, 1))
