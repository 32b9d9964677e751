"""What a payer answers about a member's coverage (270, 271), from its plan and what it remembers of the year."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from superbill.effective import Period
from superbill.payer.config import PayerConfig, Payers
from superbill.payer.state import State
from superbill.pricing.benefits import Accumulators, Benefits, ServiceKind
from superbill.pricing.eligibility import Statement
from superbill.x12.coverage_model import CoverageQuestion, CoverageReply

# The service type (EB03) by which a kind of service is told.
_TYPES: dict[ServiceKind, str] = {
    "office": "98", "emergency": "86", "behavioral": "MH", "therapy": "PT", "laboratory": "5", "imaging": "4",
    "vaccine": "80", "preventive": "81",
}  # fmt: skip
_WHOLE, _YEAR, _VISIT, _REMAINING = "30", "23", "27", "29"
UNKNOWN_PAYER, NO_BIRTH_DATE, NOT_FOUND = "42", "58", "75"  # AAA03


def answer(payers: Payers, state: State, question: CoverageQuestion, today: date) -> CoverageReply:
    """The payer's answer to one question. Members whom its rules don't list are covered on any day."""
    payer = payers.payer(question.payer_id)
    if payer is None:
        return CoverageReply(question=question, rejected=UNKNOWN_PAYER)
    if question.birth_date is None:
        return CoverageReply(question=question, rejected=NO_BIRTH_DATE)
    known = payer.member.get(question.member_id)
    if known is not None and known.unknown:
        return CoverageReply(question=question, rejected=NOT_FOUND)
    day = question.on or today
    plan = next((one.name for one in payer.plans if question.group_number in one.groups), "") or _usual(payer)
    elsewhere = known is not None and known.primary_elsewhere
    if known is not None and not elsewhere and day not in known.period:
        ended = (Statement(information="6", services=(_WHOLE,)),)
        return CoverageReply(question=question, statements=ended, plan=plan, period=known.period)
    benefits = payer.benefits(question.group_number, day)
    first = known is not None and elsewhere and day in known.period
    return CoverageReply(
        question=question,
        statements=tuple(_statements(payer, benefits, _sums(state, payer, question, day.year))),
        plan=plan,
        period=known.period if known is not None and not elsewhere else Period(date(day.year, 1, 1), None),
        pays_before="ANOTHER PLAN ON FILE" if first else "",
    )


def _usual(payer: PayerConfig) -> str:
    return next((one.name for one in payer.plans if not one.groups), payer.plans[0].name)


def _sums(state: State, payer: PayerConfig, question: CoverageQuestion, year: int) -> Accumulators:
    """What the member's claims of the year came to, and those of everyone under the member's number."""
    person = question.dependent or question.subscriber
    born = question.birth_date.isoformat() if question.birth_date else ""
    member = "|".join((payer.id, question.member_id, person.last, person.first, born)).upper()
    family = f"{payer.id}|{question.member_id}|".upper()
    own = state.accumulators.get(f"{member}|{year}", Accumulators())
    everyone = [one for key, one in state.accumulators.items() if key.startswith(family) and key.endswith(f"|{year}")]
    return own.with_family(sum(one.deductible for one in everyone), sum(one.out_of_pocket for one in everyone))


def _statements(payer: PayerConfig, plan: Benefits, sums: Accumulators) -> Iterator[Statement]:
    yield Statement(information="1", level="IND", services=(_WHOLE,))
    if not payer.patient_share:
        for what in ("B", "C"):
            yield Statement(information=what, level="IND", services=(_WHOLE,), period=_YEAR, amount=0, network="W")
        return
    yield from _limits("C", "IND", plan.deductible, plan.deductible - sums.deductible)
    if plan.family_deductible is not None:
        yield from _limits("C", "FAM", plan.family_deductible, plan.family_deductible - sums.family_deductible)
    if (most := plan.out_of_pocket_maximum) is not None:
        yield from _limits("G", "IND", most, most - sums.out_of_pocket)
    if (most := plan.family_out_of_pocket_maximum) is not None:
        yield from _limits("G", "FAM", most, most - sums.family_out_of_pocket)
    yield Statement(information="A", level="IND", services=(_WHOLE,), percent=plan.coinsurance, network="Y")
    for kind, part in plan.coinsurance_for.items():
        if kind in _TYPES:
            yield Statement(information="A", level="IND", services=(_TYPES[kind],), percent=part, network="Y")
    for kind, copay in plan.copay.items():
        if kind in _TYPES:
            yield Statement(
                information="B", level="IND", services=(_TYPES[kind],), period=_VISIT, amount=copay, network="Y"
            )
    for kind in plan.no_deductible:
        if kind in _TYPES:
            yield Statement(information="C", level="IND", services=(_TYPES[kind],), period=_YEAR, amount=0, network="Y")
    if plan.preventive:
        yield Statement(information="A", level="IND", services=("81",), percent=Decimal(0), network="Y")
        yield Statement(information="C", level="IND", services=("81",), period=_YEAR, amount=0, network="Y")


def _limits(what: str, level: str, whole: int, left: int) -> Iterator[Statement]:
    for period, amount in ((_YEAR, whole), (_REMAINING, max(left, 0))):
        yield Statement(information=what, level=level, services=(_WHOLE,), period=period, amount=amount, network="Y")
