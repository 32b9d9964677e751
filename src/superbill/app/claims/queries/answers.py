"""What payers said of a claim."""

from datetime import date

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.remits.models import RemittanceClaimRow
from superbill.money import Cents


class AnswerFacts(Struct, frozen=True, kw_only=True):
    """One answer of a payer (CLP of an 835). `status` is CLP02; `outcome` and `state` what posting made of it."""

    paid_on: date
    trace: str
    status: str
    paid: Cents
    outcome: str
    state: str


def answers_to(scope: Scope, claim_id: int) -> list[AnswerFacts]:
    """What payers answered to a claim (row id), in the order of posting."""
    rows = scope.rows(RemittanceClaimRow).filter(claim_id=claim_id).order_by("id")
    columns = ("remittance__payment_date", "remittance__trace_number", "status", "paid", "outcome", "state")
    names = AnswerFacts.__struct_fields__
    return [AnswerFacts(**dict(zip(names, values, strict=True))) for values in rows.values_list(*columns)]
