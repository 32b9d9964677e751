"""Crossover: a payer that has paid passes the claim on to the next one, with what it decided.

As Medicare's Coordination of Benefits Agreements do (CMS Pub. 100-04, ch. 28): the claim keeps its number (CLM01), the
835 says so by its status (CLP02 19), the next payer's name (NM1*TT) and remark MA18.
"""

from datetime import date

from msgspec.structs import replace

from superbill.claims.inputs import PayerOnClaim
from superbill.claims.model import Claim, OtherInsurance
from superbill.payer.config import PayerConfig
from superbill.remits.secondary import secondary_claim, waiting_payer
from superbill.x12.model import RemittanceClaim

_FORWARDED = {"1": "19", "2": "20", "3": "21"}
_REMARK = "MA18"
_MOST_REMARKS = 5


def _next(payer: PayerConfig, claim: Claim) -> OtherInsurance | None:
    waiting = waiting_payer(claim)
    return waiting if waiting is not None and waiting.payer.id in payer.crosses_over_to else None


def crossed_over(payer: PayerConfig, claim: Claim, result: RemittanceClaim) -> RemittanceClaim:
    """The answer as it says that the claim went on, where it does: a claim that was processed, to a payer it names."""
    following = _next(payer, claim)
    processed = result.status in _FORWARDED and any(line.allowed is not None for line in result.lines)
    if following is None or not processed:
        return result
    return replace(
        result,
        status=_FORWARDED[result.status],
        crossover_payer=following.payer.name,
        crossover_payer_id=following.payer.id,
        remarks=(*result.remarks, _REMARK)[-_MOST_REMARKS:],
    )


def passed_on(claim: Claim, result: RemittanceClaim, on: date) -> Claim | None:
    """The claim as the next payer gets it from this one: under its own number. None where it can't be made."""

    def find(_id: str) -> PayerOnClaim | None:
        waiting = waiting_payer(claim)
        return None if waiting is None else PayerOnClaim(key=waiting.payer.id, payer=waiting.payer)

    # Numbers of any practice cross over; ours is asked for only where the next one is made.
    made = secondary_claim(replace(claim, control_number="X1P1"), result, on, find)
    return replace(made, control_number=claim.control_number) if isinstance(made, Claim) else None
