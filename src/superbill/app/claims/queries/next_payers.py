"""Claims whose next payer is to be billed."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Exists, F, Func, Min, OuterRef, QuerySet, Value
from django.db.models.functions import Length, Substr
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow
from superbill.app.claims.queries.stored import StoredClaim, stored
from superbill.app.documents import decoded
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow
from superbill.app.rows import asked, chunks, found
from superbill.x12.model import Remittance, RemittanceClaim


class NextBilling(Struct, frozen=True, kw_only=True):
    """A claim whose next payer is to be billed: the claim as sent, and what its payer answered."""

    stored: StoredClaim
    answer: RemittanceClaim
    remittance: Remittance


def claims_to_bill_next(scope: Scope) -> Iterator[NextBilling]:
    """Paid claims whose next payer is to be billed and has no claim of this encounter yet, oldest answer first."""
    latest = [claim_id for claim_id, _ in asked(scope, RemittanceClaimRow, _latest)]
    for some in chunks(latest):
        answers = _waiting(scope).filter(claim_id__in=some).select_related("claim").order_by("id")
        last = {row.claim_id: row for row in answers}
        docs = dict(found(scope, RemittanceRow, "id", (row.remittance_id for row in last.values()), "id", "doc"))
        remittances = {key: decoded(doc, Remittance, f"remittance {key}") for key, doc in docs.items()}
        for row in last.values():
            remittance = remittances[row.remittance_id]
            if row.claim:
                yield NextBilling(
                    stored=stored(row.claim), answer=remittance.claims[row.position], remittance=remittance
                )


def _waiting(scope: Scope) -> QuerySet[RemittanceClaimRow]:
    """Answers whose next payer has no claim yet. An encounter may have several claims (the physician's and the
    hospital's, or parts of a long one): each has its own next claim, under the same account and part.
    """
    mine, part = _account_and_part(OuterRef("claim__control_number"))
    account, own_part = _account_and_part(F("control_number"))
    later = scope.rows(ClaimRow).filter(
        encounter_id=OuterRef("claim__encounter_id"), payer_key=OuterRef("claim__next_payer_key")
    )
    of_this = later.annotate(account=account, part=own_part).filter(account=mine, part=part)
    rows = scope.rows(RemittanceClaimRow).filter(bill_next=True, claim__isnull=False)
    return rows.annotate(billed=Exists(of_this)).filter(billed=False)


def _account_and_part(number: F | OuterRef) -> tuple[Substr, Substr]:
    """The account and the part of a control number (claims/control.py: account, letter, version, part), in SQL."""
    before_part = Func(number, Value("BCDEFGHIJKLMNOPQRSTUVWXYZ"), function="RTRIM", output_field=CharField())
    with_letter = Func(before_part, Value("0123456789"), function="RTRIM", output_field=CharField())
    return Substr(with_letter, 1, Length(with_letter) - 1), Substr(number, Length(before_part) + 1)


def _latest(scope: Scope) -> QuerySet[RemittanceClaimRow, Any]:
    by_claim = _waiting(scope).values("claim_id").annotate(first=Min("id")).order_by("first")
    return by_claim.values_list("claim_id", "first")
