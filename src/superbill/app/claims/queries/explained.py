"""What earlier payers said of a claim, as it is printed behind it."""

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow
from superbill.app.claims.queries.next_payers import answers_of
from superbill.app.claims.queries.stored import StoredClaim, claims_by_id
from superbill.claims.control import RESPONSIBILITIES, read_control_number
from superbill.forms.eob.pdf import Explained


def explanations(scope: Scope, stored: StoredClaim) -> list[Explained]:
    """Every answer of the payers before this claim's, first payer first, corrections after what they correct."""
    number = read_control_number(stored.control_number)
    if number is None:
        return []
    before = RESPONSIBILITIES[: RESPONSIBILITIES.index(number.responsibility)]
    rows = scope.rows(ClaimRow).filter(encounter_id=stored.encounter_id, responsibility__in=before).order_by("id")
    earlier = [
        row_id
        for row_id, other in rows.values_list("id", "control_number")
        if (theirs := read_control_number(other)) and (theirs.account, theirs.part) == (number.account, number.part)
    ]
    told = answers_of(scope, earlier)
    claims = claims_by_id(scope, earlier)
    ordered = sorted(claims, key=lambda one: RESPONSIBILITIES.index(one.claim.subscriber.responsibility))
    return [
        Explained(
            payer_name=payment.payer_name,
            payer_id=payment.payer_id or claim.claim.payer.id,
            payer_address=payment.payer_address,
            payee_name=payment.payee_name,
            payee_npi=payment.payee_npi,
            payment_date=payment.payment_date,
            trace_number=payment.trace_number,
            payment_method=payment.payment_method,
            answer=answer,
            patient=answer.patient or claim.claim.patient.person,
            member_id=answer.patient_member_id or claim.claim.subscriber.member_id,
        )
        for claim in ordered
        for answer, payment in told.get(claim.id, ())
    ]
