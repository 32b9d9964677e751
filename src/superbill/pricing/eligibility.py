"""A plan's answer about a member (271) as benefits and accumulators, with what had to be decided told.

The answer is a list of statements (EB of loop 2110C or 2110D); which of them mean what is said by the 005010X279A1
guide: EB01 says what the statement is, EB02 for whom, EB03 for which services, EB06 for which period.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from msgspec import Struct

from superbill.money import Cents, dollars
from superbill.pricing.benefits import Accumulators, Benefits, ServiceKind

# EB03, service type codes that are a kind of service here. "30" is the plan as a whole.
KINDS: dict[str, ServiceKind] = {
    "98": "office", "BY": "office", "BZ": "office", "86": "emergency", "MH": "behavioral", "A6": "behavioral",
    "PT": "therapy", "AD": "therapy", "AF": "therapy", "33": "therapy", "5": "laboratory", "4": "imaging",
    "62": "imaging", "80": "vaccine", "81": "preventive", "68": "preventive",
}  # fmt: skip
_WHOLE = "30"
_YEAR = frozenset({"", "22", "23", "25"})  # service, calendar and contract year
_REMAINING, _TO_DATE = "29", "24"


class Statement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One EB: `information` EB01, `level` EB02, `services` EB03, `period` EB06, `network` EB12, `procedure`
    EB13. Amounts in cents."""

    information: str
    level: str = ""
    services: tuple[str, ...] = ()
    period: str = ""
    amount: Cents | None = None
    percent: Decimal | None = None
    network: str = ""
    procedure: str = ""


class Coverage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the statements come to. `notes` are for the person who relies on it."""

    active: bool | None
    benefits: Benefits
    accumulators: Accumulators
    notes: tuple[str, ...] = ()


def coverage(statements: Iterable[Statement], *, in_network: bool = True) -> Coverage:
    """The benefits and accumulators of a member by the plan's answer, inside or outside its network.

    Where a plan tells two amounts for the same, the higher is taken, so that no estimate is too low, and a note says
    so. `active` None: the answer does not say.
    """
    unwanted = "N" if in_network else "Y"
    meant = [each for each in statements if each.network != unwanted]
    told = [each for each in meant if not each.procedure]
    notes = [f"What is told of {each.procedure} alone is left out." for each in meant if each.procedure]
    active = _active(told)
    if active is None:
        notes.append("The answer does not say whether the coverage is active.")
    limits = {(what, level): _year(told, what, level, notes) for what in ("C", "G") for level in ("IND", "FAM")}
    copay, coinsurance = _by_kind(told, "B", notes), _by_kind(told, "A", notes)
    free = tuple(
        sorted(kind for kind, values in _gather(told, "C").items() if kind is not None and set(values) == {Decimal(0)})
    )
    own, family = limits["C", "IND"], limits["C", "FAM"]
    if own is None and family is None:
        notes.append("The answer names no deductible; none is counted.")
    if limits["G", "IND"] is None:
        notes.append("The answer names no out-of-pocket maximum.")
    whole = coinsurance.pop(None, None)
    if whole is None:
        notes.append("The answer names no coinsurance for the plan as a whole; none is counted.")
    if copay.pop(None, None) is not None:
        notes.append("A copay for the plan as a whole says not for which visits; it is left out.")
    benefits = Benefits(
        copay={kind: int(cents) for kind, cents in copay.items() if kind is not None},
        deductible=own if own is not None else family or 0,
        family_deductible=family,
        coinsurance=whole or Decimal(0),
        coinsurance_for={kind: part for kind, part in coinsurance.items() if kind is not None},
        out_of_pocket_maximum=limits["G", "IND"],
        family_out_of_pocket_maximum=limits["G", "FAM"],
        no_deductible=free,
    )
    sums = Accumulators(
        _used(told, "C", "IND", own, notes),
        _used(told, "G", "IND", limits["G", "IND"], notes),
        _used(told, "C", "FAM", family, notes),
        _used(told, "G", "FAM", limits["G", "FAM"], notes),
    )
    return Coverage(active=active, benefits=benefits, accumulators=sums, notes=tuple(notes))


def _active(told: Sequence[Statement]) -> bool | None:
    """EB01 1 to 5 say active in one way or another, 6 to 8 inactive."""
    codes = {each.information for each in told if not each.services or _WHOLE in each.services}
    if codes & {"6", "7", "8"}:
        return False
    return True if codes & {"1", "2", "3", "4", "5"} else None


def _general(told: Sequence[Statement], what: str, level: str) -> list[Statement]:
    """Statements about the plan as a whole; without a level the member's own."""
    return [
        each
        for each in told
        if each.information == what
        and (each.level or "IND") == level
        and (not each.services or _WHOLE in each.services)
        and each.amount is not None
    ]


def _year(told: Sequence[Statement], what: str, level: str, notes: list[str]) -> Cents | None:
    amounts = sorted({each.amount or 0 for each in _general(told, what, level) if each.period in _YEAR})
    if len(amounts) > 1:
        notes.append(f"{_NAMES[what, level]}: told as {_or(amounts)}; the highest is taken.")
    return amounts[-1] if amounts else None


def _used(told: Sequence[Statement], what: str, level: str, limit: Cents | None, notes: list[str]) -> Cents:
    """What counts toward a limit: told as such, or the limit less what remains. The least, if told twice."""
    general = _general(told, what, level)
    paid = [each.amount or 0 for each in general if each.period == _TO_DATE]
    left = [each.amount or 0 for each in general if each.period == _REMAINING]
    if limit is not None and left:
        paid.append(max(0, limit - max(left)))
    if limit and not paid:
        notes.append(f"{_NAMES[what, level]}: nothing is told of what is met; none of it is taken as met.")
    return min(paid, default=0)


_NAMES = {
    ("C", "IND"): "deductible",
    ("C", "FAM"): "family deductible",
    ("G", "IND"): "out-of-pocket maximum",
    ("G", "FAM"): "family out-of-pocket maximum",
}


def _gather(told: Sequence[Statement], what: str) -> dict[ServiceKind | None, list[Decimal]]:
    """The values of one sort of statement by kind of service; None is the plan as a whole."""
    found: dict[ServiceKind | None, list[Decimal]] = {}
    for each in told:
        value = each.percent if what == "A" else None if each.amount is None else Decimal(each.amount)
        if each.information != what or value is None or each.level == "FAM":
            continue
        kinds = {KINDS.get(code) for code in each.services if code in KINDS or code == _WHOLE}
        for kind in kinds if each.services else {None}:
            found.setdefault(kind, []).append(value)
    return found


def _by_kind(told: Sequence[Statement], what: str, notes: list[str]) -> dict[ServiceKind | None, Decimal]:
    found = {}
    for kind, values in _gather(told, what).items():
        if len(set(values)) > 1:
            name = "copay" if what == "B" else "coinsurance"
            told_as = _or(sorted({int(each) for each in values})) if what == "B" else _parts(values)
            notes.append(f"{name} for {kind or 'the plan'}: told as {told_as}; the highest is taken.")
        found[kind] = max(values)
    return found


def _or(amounts: Sequence[Cents]) -> str:
    return " or ".join(dollars(each) for each in amounts)


def _parts(values: Iterable[Decimal]) -> str:
    return " or ".join(f"{each:f}" for each in sorted(set(values)))
