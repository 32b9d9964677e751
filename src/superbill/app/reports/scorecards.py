"""Payers side by side, and providers side by side, over some months."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine, JournalEntry, Posting
from superbill.app.reports.aging import Question, aged
from superbill.app.reports.deriving import performed
from superbill.app.reports.figures import Figure, figures
from superbill.app.reports.measures import Part
from superbill.app.reports.view import one_view
from superbill.app.rows import chunks, found
from superbill.ledger.accounts import ADJUSTMENTS, PAID_FROM, Account
from superbill.money import Cents

PAYER_MEASURES = (
    "clean-claims", "rejected-claims", "denied-claims", "denied-dollars", "first-pass", "days-to-pay",
    "net-collection", "ar-over-90", "appeals-won",
)  # fmt: skip
_AT_ONCE = 5000
_COUNTED = (Account.CHARGES, *sorted(PAID_FROM), *sorted(ADJUSTMENTS))


class Score(Struct, frozen=True, kw_only=True):
    """One payer: its figures by measure, what it holds open at the end, and of that what it has refused."""

    payer: str
    figures: dict[str, Figure]
    open: Cents
    denied: Cents


class Produced(Struct, frozen=True, kw_only=True):
    """One provider: visits and lines charged, and the money of the period. `units` as charged; `lag` mean days from
    service to charge. Charges = what was posted less what was taken back; payments and adjustments are those posted
    in the period, for whatever service.
    """

    provider: str
    visits: int
    lines: int
    units: Decimal
    charges: Cents
    payments: Cents
    adjustments: Cents
    lag: Decimal | None


def payer_scores(scope: Scope, first: date, last: date) -> list[Score]:
    """Every payer that has a figure or a balance in the period, the greatest open balance first."""
    by: tuple[Part, ...] = ("payer",)
    told: dict[str, dict[str, Figure]] = {}
    for key in PAYER_MEASURES:
        for figure in figures(scope, key, first, last, by):
            told.setdefault(figure.group[0], {})[key] = figure
    held: dict[str, list[Cents]] = {}
    for row in aged(scope, Question(on=last)):
        cells = held.setdefault(row.key, [0, 0])
        cells[0] += row.total if row.kind != "credit" else 0
        cells[1] += row.total if row.kind == "denied" else 0
    scores = [
        Score(
            payer=payer, figures=told.get(payer, {}), open=held.get(payer, [0, 0])[0], denied=held.get(payer, [0, 0])[1]
        )
        for payer in told.keys() | held.keys()
        if payer
    ]
    return sorted(scores, key=lambda score: (-score.open, score.payer))


class _Tally:
    """What one provider comes to, as it is counted."""

    def __init__(self) -> None:
        self.visits: set[int] = set()
        self.lines = self.days = 0
        self.units = Decimal()
        self.money: dict[str, Cents] = {}


def productivity(scope: Scope, first: date, last: date) -> list[Produced]:
    """Every provider that something was charged, paid or adjusted for in the period, the greatest charge first."""
    tallies: dict[str, _Tally] = {}
    with one_view():
        entries = scope.rows(JournalEntry).filter(on__range=(first, last)).order_by("id")
        for some in chunks(list(entries.values_list("id", flat=True)), _AT_ONCE):
            _count(scope, some, tallies)
    produced = (
        Produced(
            provider=provider,
            visits=len(tally.visits),
            lines=tally.lines,
            units=tally.units,
            charges=-tally.money.get(Account.CHARGES.value, 0),
            payments=sum(tally.money.get(account.value, 0) for account in PAID_FROM),
            adjustments=sum(tally.money.get(account.value, 0) for account in ADJUSTMENTS),
            lag=(Decimal(tally.days) / tally.lines).quantize(Decimal("0.01")) if tally.lines else None,
        )
        for provider, tally in tallies.items()
    )
    return sorted(produced, key=lambda one: (-one.charges, one.provider))


def _count(scope: Scope, entries: Iterable[int], tallies: dict[str, _Tally]) -> None:
    names = tuple(account.value for account in _COUNTED)
    columns = ("line_id", "account", "amount", "entry__on", "entry__kind")
    moves = list(found(scope, Posting, "entry_id", entries, *columns, account__in=names, line__isnull=False))
    fields = ("id", "key", "encounter_id", "units", "service_start")
    lines = {row[0]: row[1:] for row in found(scope, ChargeLine, "id", {move[0] for move in moves}, *fields)}
    known = performed(scope, {encounter for _, encounter, _, _ in lines.values()})
    for line, account, amount, on, kind in moves:
        key, encounter, units, service = lines[line]
        who = known.get(key) or known.get(encounter)
        tally = tallies.setdefault(who.provider if who else "", _Tally())
        tally.money[account] = tally.money.get(account, 0) + amount
        if account == Account.CHARGES and kind == "charge":
            tally.visits.add(encounter)
            tally.lines += 1
            tally.units += Decimal(units)
            tally.days += (on - service).days
