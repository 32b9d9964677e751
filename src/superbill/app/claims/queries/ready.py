"""What is ready to go out, by payer, and what a choice of claims would send."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count, Max, Min, Q, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow, ClaimState
from superbill.money import Cents


class ReadyPayer(Struct, frozen=True, kw_only=True):
    """Claims ready for one payer: how many, what they charge, their days of service. `on_paper` go by mail."""

    payer_key: str
    claims: int
    charge: Cents
    first: date
    last: date
    on_paper: int


def ready_by_payer(scope: Scope, ids: Collection[int] | None = None) -> list[ReadyPayer]:
    """What is ready, of these claims (row ids) or of all, the most money first; one statement."""
    rows = scope.rows(ClaimRow).filter(state=ClaimState.READY.value)
    if ids is not None:
        rows = rows.filter(id__in=ids)
    counted = (
        rows.order_by()
        .values_list("payer_key")
        .annotate(
            n=Count("id"),
            c=Sum("charge", filter=Q(on_paper=False), default=0),
            first=Min("service_start"),
            last=Max("service_start"),
            paper=Count("id", filter=Q(on_paper=True)),
        )
    )
    made = [
        ReadyPayer(payer_key=payer, claims=n - paper, charge=c, first=first, last=last, on_paper=paper)
        for payer, n, c, first, last, paper in counted
    ]
    return sorted(made, key=lambda one: (-one.charge, one.payer_key))


def ready_ids(scope: Scope, payers: Collection[str]) -> list[int]:
    """The claims (row ids) that are ready to be sent to these payers."""
    rows = scope.rows(ClaimRow).filter(state=ClaimState.READY.value, on_paper=False, payer_key__in=payers)
    return list(rows.order_by("id").values_list("id", flat=True))
