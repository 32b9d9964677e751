"""A payer's answer to a claim as the pricing room compares it: one answer per line of ours, and what it adds up to."""

from collections.abc import Iterable, Sequence

from superbill.claims.model import Adjustment, Claim
from superbill.pricing.benefits import Accumulators
from superbill.pricing.variance import Answer
from superbill.remits.lines import by_our_lines
from superbill.remits.match import charge_lines, match_lines
from superbill.remits.posting import spread_claim_adjustments
from superbill.x12.model import RemittanceClaim

_FIRST = frozenset({"1", "19"})  # processed as primary; and the same, forwarded to another payer
_PRIOR = "23"


def answers_of(answer: RemittanceClaim, claim: Claim) -> list[Answer]:
    """What the payer said of each of our lines; one answer without a key where it speaks of the claim as a whole.

    A line that the payer split in two is one answer, several that it put together are one each. Lines that are not ours
    are left out: posting holds such a claim.
    """
    later = answer.status not in _FIRST | {"4"} or _has_prior(answer.adjustments)
    if not answer.lines:
        return [Answer(key="", charge=answer.charge, paid=answer.paid, adjustments=answer.adjustments, later=later)]
    answer = by_our_lines(answer, charge_lines(claim))
    matched = match_lines(answer.lines, charge_lines(claim))
    spread = spread_claim_adjustments([line.paid for line in answer.lines], answer.adjustments)
    found: dict[str, Answer] = {}
    for line, own, extra in zip(answer.lines, matched, spread, strict=True):
        if own is None:
            continue
        one = Answer(
            key=own.key,
            charge=line.charge,
            paid=line.paid - sum(each.amount for each in extra),
            adjustments=(*line.adjustments, *extra),
            allowed=line.allowed,
            code=line.procedure.code,
            later=later or _has_prior(line.adjustments),
        )
        before = found.get(own.key)
        found[own.key] = one if before is None else _joined(before, one)
    return list(found.values())


def _joined(before: Answer, after: Answer) -> Answer:
    told = before.allowed is not None and after.allowed is not None
    return Answer(
        key=before.key,
        charge=before.charge + after.charge,
        paid=before.paid + after.paid,
        adjustments=(*before.adjustments, *after.adjustments),
        allowed=(before.allowed or 0) + (after.allowed or 0) if told else None,
        code=before.code,
        later=before.later or after.later,
    )


def _has_prior(adjustments: Iterable[Adjustment]) -> bool:
    return any(each.group == "OA" and each.reason == _PRIOR and each.amount for each in adjustments)


def accumulated(answers: Sequence[RemittanceClaim]) -> Accumulators:
    """What the answers of one payer to one patient add to his accumulators: PR-1, and PR-1, 2 and 3 together.

    Deductibles that other providers were paid are not in our books: the payer's 271 knows better.
    """
    deductible = out_of_pocket = 0
    for answer in answers:
        pieces = [piece for line in answer.lines for piece in line.adjustments] or list(answer.adjustments)
        for piece in pieces:
            if piece.group == "PR" and piece.reason in ("1", "2", "3"):
                out_of_pocket += piece.amount
                deductible += piece.amount if piece.reason == "1" else 0
    return Accumulators(deductible, out_of_pocket)
