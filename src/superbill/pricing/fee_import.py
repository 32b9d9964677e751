"""A payer's new fee schedule against the one on file: what is added, raised, lowered, ended; then the merged file."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Literal, TypeVar

from msgspec import Struct

from superbill.effective import Dated
from superbill.money import Cents, decimal_dollars
from superbill.pricing.contract_file import FEE_COLUMNS
from superbill.pricing.contract_model import ContractError
from superbill.pricing.fee_schedule import FeeSchedule
from superbill.pricing.table_import import Row, Table, amount, day

T = TypeVar("T")
FIELDS = ("code", "modifier", "start", "amount")
REQUIRED = ("code", "amount")
Kind = Literal["added", "raised", "lowered", "ended", "unchanged"]
KINDS: tuple[Kind, ...] = ("added", "raised", "lowered", "ended", "unchanged")
Fees = Mapping[tuple[str, date], Cents]


class Change(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What becomes of one code ("99213", "93000-26") from `start` on: cents before and after, None for no fee."""

    kind: Kind
    key: str
    start: date
    before: Cents | None = None
    after: Cents | None = None


def read_rows(table: Table, start: date | None) -> dict[tuple[str, date], Cents]:
    """The fee of each code ("code-modifier" where there is one) and first day, `start` where a row has none.

    Raises ContractError with each cell that can't be meant, and every code that comes twice with different fees.
    """
    found: dict[tuple[str, date], Cents] = {}
    lines: dict[tuple[str, date], int] = {}
    wrong: list[str] = []
    for row in table.rows:
        told = len(wrong)
        key, cents = _row(table, row, start, wrong)
        if len(wrong) > told:
            continue
        if found.get(key, cents) != cents:
            same = f"{key[0]} has another amount in row {lines[key]} from the same day"
            wrong.append(f"{table.file}:{row.line}: {same}. Keep one")
        found[key] = cents
        lines.setdefault(key, row.line)
    if wrong:
        raise ContractError(wrong)
    return found


def _row(table: Table, row: Row, start: date | None, wrong: list[str]) -> tuple[tuple[str, date], Cents]:
    """Key and cents of a row, with every cell that can't be meant told in `wrong`."""
    code, modifier = row.fields["code"].upper(), row.fields.get("modifier", "").upper()
    if not code.isalnum():
        wrong.append(f"{table.place(row, 'code')}: not a code: {row.fields['code']!r}")
    if modifier and (len(modifier) != 2 or not modifier.isalnum()):
        wrong.append(f"{table.place(row, 'modifier')}: a modifier has two characters: {modifier!r}")
    cents = _cell(table, row, "amount", amount, 0, wrong)
    since = start or date.min
    if row.fields.get("start"):
        since = _cell(table, row, "start", day, date.min, wrong)
    elif start is None:
        wrong.append(f"{table.file}:{row.line}: no first day. Map a column to start, or give --start")
    return (f"{code}-{modifier}" if modifier else code, since), cents


def _cell(table: Table, row: Row, field: str, read: Callable[[str], T], otherwise: T, wrong: list[str]) -> T:
    try:
        return read(row.fields[field])
    except ValueError as error:
        wrong.append(f"{table.place(row, field)}: {error}")
        return otherwise


def changes(old: FeeSchedule | None, new: Fees, *, ends: date | None = None) -> list[Change]:
    """What the new rows change in the schedule on file, by code and day.

    `ends`: the new rows are the whole schedule from that day on, so a code that is not among them ends then.
    """
    before = old or FeeSchedule("", {})
    known: dict[str, Dated[Cents]] = dict(before)
    found = []
    for (key, start), cents in sorted(new.items()):
        dated = known.get(key)
        had = dated.on(start) if dated else None
        kind: Kind = "added" if had is None else "raised" if cents > had else "lowered" if cents < had else "unchanged"
        found.append(Change(kind=kind, key=key, start=start, before=had, after=cents))
    if ends is not None:
        staying = {key for key, _ in new}
        for key, dated in before:
            had = dated.on(ends)
            if key not in staying and had is not None:
                found.append(Change(kind="ended", key=key, start=ends, before=had))
    return found


def merged(old: FeeSchedule | None, found: Iterable[Change]) -> str:
    """The text of the fee schedule's file with the changes in it, ready to be written whole."""
    steps: dict[str, dict[date, Cents | None]] = {key: dict(dated.steps) for key, dated in (old or ())}
    for change in found:
        if change.kind != "unchanged":
            steps.setdefault(change.key, {})[change.start] = change.after
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(FEE_COLUMNS)
    for key, dated in sorted(steps.items()):
        code, _, modifier = key.partition("-")
        for start, cents in sorted(dated.items()):
            rows.writerow((code, modifier, start.isoformat(), "" if cents is None else decimal_dollars(cents)))
    return out.getvalue()
