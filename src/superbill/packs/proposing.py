"""From denials to rules: which payer refuses which code with which modifier or diagnosis, again and again.

For every payer and reason (CARC) the lines that it refused are held against all of its answered lines. A pattern is
one code with at most one condition more; it is proposed where it was refused often, almost always, and far more than
the payer's other lines. The proposal is a rule of a pack, with its evidence; a person decides, after a replay.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from superbill.claims.model import Claim, ServiceLine
from superbill.money import Cents
from superbill.packs.model import AllOf, Condition, NotOf, PackRule, Test
from superbill.packs.replay import Answer, AnsweredClaim

# Reasons of the member, the order of payers or the calendar, which no pattern of codes explains: duplicate, other payer
# first, managed care, before and after coverage, too late, not identified, not this payer's.
_NOT_OF_CODES = frozenset({"18", "22", "24", "26", "27", "29", "31", "109"})
LEAST_DENIED = 3
LEAST_SHARE = 0.75
LEAST_LIFT = 2.0


class Feature(NamedTuple):
    """Something about a line that a payer may refuse it for: a test of a field."""

    field: str
    operator: str
    value: str = ""


_WORDS = {
    ("modifiers", "contains"): "with modifier {}",
    ("modifiers", "lacks"): "without modifier {}",
    ("line.diagnoses", "contains"): "for {}",
    ("prior_authorization", "present"): "with an authorization",
    ("prior_authorization", "missing"): "without authorization",
    ("referral_number", "present"): "with a referral",
    ("referral_number", "missing"): "without referral",
    ("place_of_service", "is"): "in place of service {}",
    ("rendering.npi", "is"): "by provider {}",
}


class Proposal(Struct, frozen=True, kw_only=True):
    """A rule that a payer's denials suggest. `denied` of `lines` with the pattern were refused for `reason`; `usual` is
    the share of the payer's lines that are refused for it; `charge` the cents that were refused."""

    payer: str
    reason: str
    remarks: tuple[str, ...]
    rule: PackRule
    denied: int
    lines: int
    usual: float
    charge: Cents
    claims: tuple[str, ...]

    @property
    def share(self) -> float:
        return self.denied / self.lines


class _Line(NamedTuple):
    claim: Claim
    line: ServiceLine
    answer: Answer
    features: tuple[Feature, ...]


def propose(past: Iterable[AnsweredClaim], *, least_denied: int = LEAST_DENIED) -> tuple[Proposal, ...]:
    """The rules that the denials of answered claims suggest, the costliest first. Same claims, same proposals."""
    by_payer: dict[str, list[_Line]] = defaultdict(list)
    for one in past:
        for line in one.claim.lines:
            answer = one.answers.get(line.control_number)
            if answer is not None:
                by_payer[one.claim.payer.id].append(_Line(one.claim, line, answer, tuple(_features(one.claim, line))))
    found = [each for payer, lines in by_payer.items() for each in _of_payer(payer, lines, least_denied)]
    return tuple(sorted(found, key=lambda each: (-each.charge, each.payer, each.rule.id)))


def _features(claim: Claim, line: ServiceLine) -> Iterator[Feature]:
    for modifier in ("25", "59", "26", "TC", "50", "95", "RT", "LT", "GA"):
        has = modifier in line.procedure.modifiers
        yield Feature("modifiers", "contains" if has else "lacks", modifier)
    for place in line.diagnosis_pointers:
        if 0 < place <= len(claim.diagnoses):
            yield Feature("line.diagnoses", "contains", claim.diagnoses[place - 1].code)
    yield Feature("prior_authorization", "present" if claim.prior_authorization else "missing")
    yield Feature("referral_number", "present" if claim.referral_number else "missing")
    yield Feature("place_of_service", "is", line.place_of_service or claim.place_of_service)
    yield Feature("rendering.npi", "is", claim.rendering.npi if claim.rendering else "")


def _of_payer(payer: str, lines: Sequence[_Line], least: int) -> Iterator[Proposal]:
    by_reason: dict[str, list[_Line]] = defaultdict(list)
    for each in lines:
        refusals = (one for one in each.answer.denials if each.answer.denied and one.reason not in _NOT_OF_CODES)
        for reason in {f"{one.group}-{one.reason}" for one in refusals}:
            by_reason[reason].append(each)
    by_code: dict[str, list[_Line]] = defaultdict(list)
    for each in lines:
        by_code[each.line.procedure.code].append(each)
    for reason, refused in sorted(by_reason.items()):
        usual = len(refused) / len(lines)
        for code in sorted({each.line.procedure.code for each in refused}):
            best = _best(by_code[code], {id(each) for each in refused}, least, usual)
            if best is not None:
                yield _proposal(payer, reason, code, *best, usual)


def _best(
    lines: Sequence[_Line], refused: set[int], least: int, usual: float
) -> tuple[Feature | None, list[_Line], list[_Line]] | None:
    """The plainest pattern of a code that holds: the code alone, else with one feature; of these the most refused."""
    candidates: list[tuple[Feature | None, list[_Line]]] = [(None, list(lines))]
    features = sorted({feature for each in lines for feature in each.features})
    candidates += [(feature, [each for each in lines if feature in each.features]) for feature in features]
    best: tuple[Feature | None, list[_Line], list[_Line]] | None = None
    for feature, mine in candidates:
        denied = [each for each in mine if id(each) in refused]
        share = len(denied) / len(mine)
        if len(denied) < least or share < LEAST_SHARE or share < LEAST_LIFT * usual:
            continue
        if feature is None:
            return feature, mine, denied
        if best is None or (len(denied), share) > (len(best[2]), len(best[2]) / len(best[1])):
            best = feature, mine, denied
    return best


def _proposal(
    payer: str, reason: str, code: str, feature: Feature | None, lines: list[_Line], denied: list[_Line], usual: float
) -> Proposal:
    tests: list[Condition] = [Test("payer", "is", payer), Test("line.code", "is", code)]
    also = ""
    if feature is not None:
        tests.append(_condition(feature))
        also = " " + _WORDS[feature.field, feature.operator].format(feature.value)
    remarks = sorted({remark for each in denied for remark in each.answer.remarks})
    rule = PackRule(
        id=_slug(f"denied-{reason}-{code}{also}"),
        severity="warning",
        when=AllOf(tuple(tests)),
        say=f"This payer has refused {code}{also} with {reason} {len(denied)} times of {len(lines)}.",
        fix="See what it asked for on those claims before this one goes.",
        where="line.procedure",
        source=f"denials of payer {payer}: " + ", ".join(sorted(each.claim.control_number for each in denied)[:5]),
    )
    return Proposal(
        payer=payer,
        reason=reason,
        remarks=tuple(remarks),
        rule=rule,
        denied=len(denied),
        lines=len(lines),
        usual=usual,
        charge=sum(each.line.charge for each in denied),
        claims=tuple(sorted({each.claim.control_number for each in denied})),
    )


def _condition(feature: Feature) -> Condition:
    if feature.operator == "lacks":
        return NotOf(Test(feature.field, "contains", feature.value))
    if feature.operator in ("present", "missing"):
        return Test(feature.field, "present" if feature.operator == "present" else "missing")
    return Test(feature.field, "is" if feature.operator == "is" else "contains", feature.value)


def _slug(text: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in text.lower())[:40].strip("-")
