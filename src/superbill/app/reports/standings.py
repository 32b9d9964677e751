"""What stood open at the ends of months, added up: by the spells kept, and by the lines posted to since."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Q, Sum

from superbill.app.accounts.actors import Scope
from superbill.app.reports.deriving import SpellRow, derived, tail
from superbill.app.reports.models import Spell, SpellsThrough
from superbill.app.rows import found
from superbill.money import Cents

OLD = 90

Open = tuple[Cents, Cents, int]


def stood(scope: Scope, ends: Sequence[date]) -> dict[date, Open]:
    """By day: the open balances, those of services more than 90 days before, and how many lines they are; credits are
    left out, and days on which nothing stood."""
    through = scope.rows(SpellsThrough).values_list("entry", flat=True).first() or 0
    touched = tail(scope, through)
    kept = [SpellRow(*row) for row in found(scope, Spell, "line_id", touched, *SpellRow._fields)]
    now = list(derived(scope, touched))
    sums = {end: _minus(_plus(_kept(scope, end), now, end), kept, end) for end in ends}
    return {end: cells for end, cells in sums.items() if cells[2]}


def _kept(scope: Scope, end: date) -> Open:
    day = end.toordinal()
    rows = scope.rows(Spell).filter(ends__gt=day, begins__lte=day, amount__gt=0)
    old = Sum("amount", filter=Q(service__lt=day - OLD))
    cells = rows.aggregate(all=Sum("amount"), old=old, lines=Count("id"))
    return cells["all"] or 0, cells["old"] or 0, cells["lines"]


def _plus(cells: Open, rows: Sequence[SpellRow], end: date, sign: int = 1) -> Open:
    day = end.toordinal()
    amount, old, lines = cells
    for row in rows:
        if row.begins <= day < row.ends and row.amount > 0:
            amount += sign * row.amount
            old += sign * row.amount if day - row.service > OLD else 0
            lines += sign
    return amount, old, lines


def _minus(cells: Open, rows: Sequence[SpellRow], end: date) -> Open:
    return _plus(cells, rows, end, -1)
