"""What payers answered to claims, as it stands: the last answer that was not taken back."""

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.remits.models import RemittanceClaimRow, RemittanceClaimState, RemittanceRow
from superbill.app.rows import chunks, found
from superbill.claims.model import Claim
from superbill.x12.model import Remittance, RemittanceClaim

_REVERSAL = "22"


class Answered(Struct, frozen=True, kw_only=True):
    """A claim as sent and its payer's standing answer, with the payment that it came in."""

    payer_key: str
    patient_id: int
    claim: Claim
    answer: RemittanceClaim
    trace_number: str
    paid_on: date


def answered_claims(
    scope: Scope,
    *,
    payer: str = "",
    patient: str = "",
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Answered]:
    """Claims with a posted answer that stands, in the order of opening.

    `since` and `until`: services that began on those days or between; `patient` as charts name him. A claim whose last
    answer is a reversal has none.
    """
    rows = scope.rows(ClaimRow).order_by("id")
    for condition, value in (
        ("payer_key", payer),
        ("service_start__gte", since),
        ("service_start__lte", until),
        ("encounter__patient__source_id", patient),
    ):
        rows = rows.filter(**{condition: value}) if value else rows
    columns = ("id", "payer_key", "encounter__patient_id", "doc")
    for some in chunks(list(rows.values_list("id", flat=True))):
        facts = {row[0]: row[1:] for row in rows.filter(id__in=some).values_list(*columns)}
        last = _last_answers(scope, {row_id: facts[row_id][0] for row_id in some})
        docs = {
            row_id: decoded(doc, Remittance, f"remittance {row_id}")
            for row_id, doc in found(scope, RemittanceRow, "id", {each[0] for each in last.values()}, "id", "doc")
        }
        for row_id in some:
            if row_id not in last:
                continue
            remittance_id, position = last[row_id]
            payer_key, patient_id, doc = facts[row_id]
            remittance = docs[remittance_id]
            yield Answered(
                payer_key=payer_key,
                patient_id=patient_id,
                claim=decoded(doc, Claim, f"claim {row_id}"),
                answer=remittance.claims[position],
                trace_number=remittance.trace_number,
                paid_on=remittance.payment_date,
            )


def _last_answers(scope: Scope, claims: Mapping[int, str]) -> dict[int, tuple[int, int]]:
    """(remittance, position) of the last posted answer by claim; none where that is a reversal. What a payer answers
    who got the claim by crossover is no answer of the payer that it was sent to, `claims`' value."""
    last: dict[int, tuple[int, int, str]] = {}
    columns = ("claim_id", "remittance_id", "position", "status", "id", "state", "remittance__payer_key")
    answers = list(found(scope, RemittanceClaimRow, "claim_id", claims, *columns))
    for claim, remittance, position, status, _, state, payer in sorted(answers, key=lambda row: row[4]):
        if state == RemittanceClaimState.POSTED and payer == claims[claim]:
            last[claim] = (remittance, position, status)
    return {claim: (row[0], row[1]) for claim, row in last.items() if row[2] != _REVERSAL}
