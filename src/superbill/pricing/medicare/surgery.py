"""Several operations of one performer on one day: sides on two lines, families of endoscopies, ranks (ch. 12 § 40.6).

Indicators 2 and 3 of the fee schedule. Families come first, then everything is ranked by its fee: 100 %, 50 % for the
second to the fifth, and by report from the sixth on.
"""

from collections.abc import Sequence

from msgspec import Struct

from superbill.money import Cents, dollars, portion
from superbill.pricing.medicare.fee import Fees
from superbill.pricing.medicare.rules import rules
from superbill.pricing.medicare.tables import Tables
from superbill.pricing.medicare.work import Work

RANKED = frozenset("123")
_ENOUGH = 6


class _Entry(Struct):
    """What is ranked as one: a family, both sides, one unit of a line. `shares` are the cents of each line in it."""

    total: Cents
    shares: list[tuple[Work, Cents]]


def pair_sides(works: Sequence[Work]) -> None:
    """The second of two lines with RT and LT gets what is left of the fee for both: a half, or nothing (§ 40.7)."""
    seen: dict[tuple[str, str], Work] = {}
    for work in sorted(works, key=lambda work: work.line.number):
        row, modifiers = work.row, work.line.modifiers
        side = "RT" if "RT" in modifiers else "LT" if "LT" in modifiers else ""
        both = "50" in modifiers or ("RT" in modifiers and "LT" in modifiers)
        if row is None or not side or both or work.whole != 1 or row.bilateral == "3":
            continue
        other = seen.pop((work.line.code, "LT" if side == "RT" else "RT"), None)
        if other is None:
            seen[(work.line.code, side)] = work
            continue
        other.second, work.first = work, other
        rate = rules()["bilateral"].on(work.line.day) if row.bilateral == "1" else ()
        if rate:
            both_sides = portion(other.unit, rate[0])
            text = (
                f"The other side of line {other.line.number}: {rate[0] * 100:.0f} % of {dollars(other.unit)} for both"
            )
            work.step("bilateral", text, both_sides - other.unit)
        else:
            text = f"Both sides are one fee (bilateral indicator {row.bilateral}), that of line {other.line.number}."
            work.step("bilateral", text, 0)


def reduce_operations(works: Sequence[Work], tables: Tables, fees: Fees) -> None:
    """Families, ranks and percentages over the lines of one performer and day."""
    ranked = [work for work in works if work.open and work.row is not None and work.row.multiple in RANKED]
    if not ranked or (len(ranked) == 1 and ranked[0].whole == 1):
        return
    entries: list[_Entry] = []
    for lines in _families(ranked):
        entries.extend(_entries(lines, tables, fees))
    entries.sort(key=lambda entry: (-entry.total, entry.shares[0][0].line.number))
    if len(entries) > 1:
        _pay_by_rank(entries)


def _families(ranked: Sequence[Work]) -> list[list[Work]]:
    """The lines of each endoscopic family together, its base too where it is billed; every other line by itself."""
    families: dict[str, list[Work]] = {}
    for work in ranked:
        assert work.row is not None
        if work.row.multiple == "3" and work.row.endoscopic_base:
            families.setdefault(work.row.endoscopic_base, []).append(work)
    found: list[list[Work]] = []
    for work in ranked:
        assert work.row is not None
        family = families.get(work.row.endoscopic_base or work.line.code)
        if family is None:
            found.append([work])
        elif work in family:
            if work is family[0]:
                found.append(family)
        else:
            why = f"The base endoscopy {work.line.code} is part of the others of its family on this day."
            work.end("bundled", "multiple-endoscopy", why)
    return found


def _entries(lines: list[Work], tables: Tables, fees: Fees) -> list[_Entry]:
    work = lines[0]
    row = work.row
    assert row is not None
    if len(lines) > 1 or (work.whole > 1 and row.multiple == "3" and row.endoscopic_base):
        return [_family(lines, tables, fees)]
    if work.first is not None:
        return []  # ranked with the other side
    if work.second is not None:
        shares = [(each, each.amount) for each in (work, work.second) if each.open]
        return [_Entry(sum(cents for _, cents in shares), shares)]
    unit, rest = divmod(work.amount, work.whole)
    # From the sixth on a rank has no price: of a thousand units a few are enough to see it.
    further = [_Entry(unit, [(work, unit)]) for _ in range(min(work.whole - 1, _ENOUGH))]
    return [_Entry(unit + rest, [(work, unit + rest)]), *further]


def _family(lines: list[Work], tables: Tables, fees: Fees) -> _Entry:
    """The highest in full, the others (further units too) less the base that it has in common with them."""
    ordered = sorted(lines, key=lambda work: (-work.unit, work.line.number))
    first = ordered[0]
    assert first.row is not None and first.gpci is not None
    base = tables.schedule.indicators(first.row.endoscopic_base, "", first.line.day)
    for work in ordered if base is not None else ():
        assert base is not None
        less = fees.fee(base, first.gpci, work.facility).amount
        further = work.whole - (work is first)
        taken = further * min(less, work.amount // work.whole)
        if taken:
            which = f"Same family as line {first.line.number}" if work is not first else "Further units of one family"
            text = f"{which}: less the base {first.row.endoscopic_base}, {dollars(less)}, {further} ×"
            work.step("multiple-endoscopy", text, work.amount - taken)
    return _Entry(sum(work.amount for work in ordered), [(work, work.amount) for work in ordered])


def _pay_by_rank(entries: list[_Entry]) -> None:
    paid: dict[int, Cents] = {}
    said: dict[int, list[str]] = {}
    lines = {id(work): work for entry in entries for work, _ in entry.shares}
    for rank, entry in enumerate(entries):
        for work, share in entry.shares:
            rates = rules()["multiple-surgery"].on(work.line.day)
            if rank < len(rates):
                paid[id(work)] = paid.get(id(work), 0) + portion(share, rates[rank])
                said.setdefault(id(work), []).append(f"rank {rank + 1} at {rates[rank] * 100:.0f} %")
            elif rates and work.open:
                why = f"Rank {rank + 1} of the day's operations: the contractor prices it from the report."
                work.end("by-report", "by-report", why, "Send the report with the claim.")
    for key, amount in paid.items():
        if lines[key].open and amount != lines[key].amount:
            lines[key].step("multiple-surgery", f"Of the day's operations {', '.join(said[key])}", amount)
