"""A payer's answer in the words of a person at the desk, and what in it they must look at."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from superbill.effective import Period
from superbill.money import dollars
from superbill.pricing.benefits import ServiceKind
from superbill.pricing.contract_methods import percent_text
from superbill.pricing.eligibility import Coverage

STALE_DAYS = 30
_KINDS: dict[ServiceKind, str] = {
    "office": "Office visit", "emergency": "Emergency room", "behavioral": "Mental health visit", "therapy": "Therapy",
    "laboratory": "Laboratory", "imaging": "X-ray and imaging", "vaccine": "Vaccine", "preventive": "Preventive care",
}  # fmt: skip
# AAA03 in our own words, with what mends it.
REFUSALS = {
    "15": "Something that the payer needs is missing. Complete the patient and the coverage.",
    "42": "The payer can’t answer now, or does not know this receiver. Ask again later.",
    "43": "The payer does not know our NPI. Check the enrolment with this payer.",
    "58": "The birth date is missing or wrong. Correct it and ask again.",
    "64": "The patient’s number is wrong.",
    "65": "The patient’s name is wrong or missing.",
    "71": "The birth date does not match the member. Compare it with the card.",
    "72": "The member number is wrong. Copy it from the card.",
    "73": "The insured person’s name is wrong. Copy it from the card.",
    "75": "The payer knows no such member. Compare number, name and birth date with the card.",
    "76": "The member number belongs to two people. Call the payer.",
    "78": "The insured person is not in this group. Compare the group number with the card.",
    "79": "Our number for this payer is wrong. Correct it in the site file.",
    "80": "The payer does not answer for us. Check the enrolment with this payer.",
}


class Told(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payer's answer as read: `coverage` where it answered, `refused` AAA03 codes where it did not."""

    coverage: Coverage | None = None
    plan: str = ""
    period: Period = Period()
    place: int = 0
    others: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def benefits_in_words(told: Told) -> list[str]:
    """What the patient pays, a sentence each."""
    return list(_sentences(told.coverage)) if told.coverage and told.coverage.active else []


def _sentences(found: Coverage) -> Iterator[str]:
    plan, sums, order = found.benefits, found.accumulators, list(_KINDS)
    for kind, copay in sorted(plan.copay.items(), key=lambda item: order.index(item[0]) if item[0] in order else 99):
        yield f"{_KINDS.get(kind, kind.capitalize())}: you pay {dollars(copay)}."
    if plan.deductible:
        left = plan.deductible_left(sums)
        met = "met" if left == 0 else f"{dollars(left)} left"
        yield f"Deductible {dollars(plan.deductible)} a year, {met}."
    if plan.family_deductible:
        left = max(plan.family_deductible - sums.family_deductible, 0)
        yield f"Family deductible {dollars(plan.family_deductible)}, {'met' if left == 0 else f'{dollars(left)} left'}."
    if plan.coinsurance:
        after = "After the deductible you pay" if plan.deductible else "You pay"
        yield f"{after} {percent_text(plan.coinsurance)} of what the plan allows."
    for kind, part in plan.coinsurance_for.items():
        share = f"you pay {percent_text(part)}" if part else "the plan pays in full"
        yield f"{_KINDS.get(kind, kind.capitalize())}: {share}."
    if plan.out_of_pocket_maximum is not None:
        room = plan.room(sums)
        left_text = f", {dollars(room)} until the plan pays all" if room is not None else ""
        yield f"At most {dollars(plan.out_of_pocket_maximum)} a year{left_text}."
    nothing = not plan.copay and not plan.deductible and not plan.coinsurance and plan.out_of_pocket_maximum is None
    if nothing:
        yield "Covered services: you pay nothing."


def warnings(told: Told, *, order: int, on: date, before: Told | None = None) -> list[str]:
    """What a person must look at: not active, other payer first, not answered, another plan than before."""
    found = [REFUSALS.get(code, f"The payer did not answer (AAA {code}).") for code in told.refused]
    if told.coverage is not None and told.coverage.active is False:
        found.append("The coverage is not active on that day. Ask the patient for the new card.")
    elif told.coverage is not None and told.coverage.active is None:
        found.append("The answer does not say whether the coverage is active. Call the payer.")
    if told.period.end and told.period.end < on and told.coverage and told.coverage.active:
        found.append("The coverage ended before that day.")
    if told.place and told.place > order:
        others = f" ({', '.join(told.others)})" if told.others else ""
        found.append(f"Another payer pays before this one{others}. Ask the patient, then change the order.")
    if before is not None and before.plan and told.plan and before.plan != told.plan:
        found.append(f"The plan is another one than before: {told.plan}, no longer {before.plan}.")
    return found
