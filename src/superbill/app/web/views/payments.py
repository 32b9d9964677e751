"""Payments: remittances as posted, and what each of their claims got."""

from django.http import Http404, HttpRequest, HttpResponse

from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, read, show
from superbill.app.web.queries.money import payment as stored_payment
from superbill.app.web.queries.money import payment_list
from superbill.app.web.queries.people import payer_names

REASONS = {
    "WO": "overpayment recovered",
    "FB": "balance carried forward",
    "L6": "interest",
    "72": "refund that the practice sent",
    "CS": "adjustment",
    "J1": "nonreimbursable",
    "50": "late charge",
}
METHODS = {"ACH": "electronic payment", "CHK": "check", "NON": "no payment", "FWT": "wire", "BOP": "payer’s choice"}


@desk(CHARTS, CLAIMS, LEDGER)
def payments(request: HttpRequest, at: Desk) -> HttpResponse:
    """Remittances, the latest payment first. No patient is named here."""
    page = payment_list(at.scope, request.GET.get("page", ""))
    return show(request, at, "payments", "payments", page=page, names=payer_names(at.scope))


@desk(CHARTS, CLAIMS, LEDGER)
def payment(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """One remittance: its money explained, claim by claim."""
    found = stored_payment(at.scope, row_id, request.GET.get("page", ""))
    if found is None:
        raise Http404
    read(at, "claim", [row.claim_id for row in found.claims.rows if row.claim_id])
    document = found.document
    taken = sum(one.amount for one in document.provider_adjustments)
    return show(
        request,
        at,
        "payment",
        "payments",
        payment=found,
        document=document,
        page=found.claims,
        of_claims=sum(claim.paid for claim in document.claims),
        adjustments=[(one, REASONS.get(one.reason, "")) for one in document.provider_adjustments],
        of_adjustments=taken,
        added=-taken,
        method=METHODS.get(document.payment_method, document.payment_method),
    )
