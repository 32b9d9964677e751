"""The figures of an audit: how far first codings agree with the reference, and what that is in money."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from superbill.coding.audit.comparing import Compared, causes_of
from superbill.coding.audit.levels import level_of
from superbill.coding.audit.statistics import Share, kappa
from superbill.coding.deciding import Final, FinalService


class Ratio(Struct, frozen=True, kw_only=True):
    """A share as figures carry it: `value` with the low and high end of its 95 % Wilson interval, None for no case."""

    hits: int
    total: int
    value: float | None = None
    low: float | None = None
    high: float | None = None


class Levels(Struct, frozen=True, kw_only=True):
    """Visit levels: the same, within one level of the same family, over and under; and Cohen's kappa of the two blind
    codings (None where it says nothing)."""

    exact: Ratio
    within_one: Ratio
    over: Ratio
    under: Ratio
    kappa: float | None = None


class Money(Struct, frozen=True, kw_only=True):
    """Cents billed too much (`over`) and too little (`under`), both 0 or more, summed apart over all differences.

    `unpriced` counts the differences in services that have no price: their money is in neither.
    """

    over: int
    under: int
    unpriced: int = 0

    @property
    def net(self) -> int:
        """More than 0: too much."""
        return self.over - self.under


class Cause(Struct, frozen=True, kw_only=True):
    """A cause, how many differences have it, in how many of the visits it occurs, and its money."""

    cause: str
    count: int
    visits: Ratio
    money: Money


class Figures(Struct, frozen=True, kw_only=True):
    """Of one audit, or of some of its visits. Diagnoses are compared as whole codes.

    `accuracy` is codes right of all that either coding has; `precision` of those that the first has, `recall` of
    those that the reference has. `services` counts lines whose code, modifiers and units are all the same. `drg`: the
    same MS-DRG. `exact`: nothing differs in the visit.
    """

    visits: int
    exact: Ratio
    accuracy: Ratio
    precision: Ratio
    recall: Ratio
    first_listed: Ratio
    services: Ratio
    levels: Levels
    drg: Ratio
    money: Money
    causes: tuple[Cause, ...]


def figures(compared: Sequence[Compared]) -> Figures:
    """The figures of these pairs."""
    firsts = sum(len(set(each.pair.first.diagnoses)) for each in compared)
    references = sum(len(set(each.pair.reference.diagnoses)) for each in compared)
    right = sum(len(set(each.common)) for each in compared)
    listed = [each.pair for each in compared if each.pair.reference.diagnoses]
    lines = [_lines(each.pair.first, each.pair.reference) for each in compared]
    grouped = [each.pair.drgs for each in compared if each.pair.drgs]
    return Figures(
        visits=len(compared),
        exact=ratio(sum(each.exact for each in compared), len(compared)),
        accuracy=ratio(right, firsts + references - right),
        precision=ratio(right, firsts),
        recall=ratio(right, references),
        first_listed=ratio(sum(_first(pair.first) == _first(pair.reference) for pair in listed), len(listed)),
        services=ratio(sum(same for same, _ in lines), sum(total for _, total in lines)),
        levels=_levels(compared),
        drg=ratio(sum(one == other for one, other in grouped), len(grouped)),
        money=money(compared),
        causes=_causes(compared),
    )


def by(compared: Iterable[Compared], name: Callable[[Compared], str]) -> dict[str, Figures]:
    """Figures for every value of `name`, in its order: by_month, by_coder, by_provider."""
    groups: dict[str, list[Compared]] = defaultdict(list)
    for each in compared:
        groups[name(each)].append(each)
    return {key: figures(groups[key]) for key in sorted(groups)}


def by_month(each: Compared) -> str:
    """The month of service, YYYY-MM."""
    return f"{each.pair.on:%Y-%m}"


def by_coder(each: Compared) -> str:
    """Who coded first."""
    return each.pair.coder


def by_provider(each: Compared) -> str:
    """Who saw the patient; "not known" where the chart doesn't say."""
    return each.pair.provider or "not known"


def ratio(hits: int, total: int) -> Ratio:
    """A share with its interval."""
    share = Share(hits, total)
    low, high = share.interval or (None, None)
    return Ratio(hits=hits, total=total, value=share.value, low=low, high=high)


def money(compared: Iterable[Compared]) -> Money:
    """What the first codings bill too much and too little."""
    over = under = unpriced = 0
    for each in compared:
        for difference in each.differences:
            cents = difference.cents
            if cents is None:
                unpriced += _has_price(difference.cause)
            else:
                over, under = over + max(cents, 0), under + max(-cents, 0)
    return Money(over=over, under=under, unpriced=unpriced)


def _has_price(cause: str) -> bool:
    return cause.startswith("visit") or cause in ("units", "missed service", "unsupported service")


def _first(codes: Final) -> str:
    return codes.diagnoses[0] if codes.diagnoses else ""


def _lines(first: Final, reference: Final) -> tuple[int, int]:
    """How many lines are the same, and how many either coding has."""
    ours, theirs = list(map(_line, first.services)), list(map(_line, reference.services))
    same = 0
    for each in ours:
        if each in theirs:
            theirs.remove(each)
            same += 1
    return same, len(ours) + len(theirs)


def _line(service: FinalService) -> tuple[str, tuple[str, ...], int]:
    return service.code, tuple(sorted(service.modifiers)), service.units


def _levels(compared: Sequence[Compared]) -> Levels:
    """Over the visits for which both have a level: one of another family is neither exact nor over nor under."""
    pairs = [
        (one, other)
        for each in compared
        if (one := visit_code(each.pair.first)) and (other := visit_code(each.pair.reference))
    ]
    steps = [_step(one, other) for one, other in pairs]
    blind = [(visit_code(each.pair.first), visit_code(each.pair.second)) for each in compared]
    total = len(pairs)
    return Levels(
        exact=ratio(sum(step == 0 for step in steps), total),
        within_one=ratio(sum(step is not None and abs(step) <= 1 for step in steps), total),
        over=ratio(sum(step is not None and step > 0 for step in steps), total),
        under=ratio(sum(step is not None and step < 0 for step in steps), total),
        kappa=kappa([(one, other) for one, other in blind if one and other]),
    )


def visit_code(codes: Final) -> str:
    """The code of the visit's level, "" when there is none."""
    return next((service.code for service in codes.services if level_of(service.code)), "")


def _step(one: str, other: str) -> int | None:
    """By how many levels the first is higher; None when the families differ."""
    a, b = level_of(one), level_of(other)
    return a[1] - b[1] if a and b and a[0] == b[0] else None


def _causes(compared: Sequence[Compared]) -> tuple[Cause, ...]:
    """The most frequent first."""
    counts = causes_of(compared)
    found = []
    for cause in sorted(counts, key=lambda name: (-counts[name], name)):
        some = [_only(each, cause) for each in compared]
        visits = sum(bool(each.differences) for each in some)
        found.append(Cause(cause=cause, count=counts[cause], visits=ratio(visits, len(compared)), money=money(some)))
    return tuple(found)


def _only(each: Compared, cause: str) -> Compared:
    kept = tuple(difference for difference in each.differences if difference.cause == cause)
    return Compared(pair=each.pair, differences=kept, common=each.common, services_common=each.services_common)
