"""Money between payers and the practice that is about no claim: forwarded, recovered, still open."""

from datetime import date

from django.db.models import Count, Max, Min, Q, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import Posting
from superbill.ledger.accounts import Account
from superbill.money import Cents


class ProviderBalance(Struct, frozen=True, kw_only=True):
    """One payer and reference. What the payer left to be taken later (`forwarded`) and what it took (`recovered`), in
    cents; `open` is what is left: positive when the payer will still take it, negative when it took more than it had
    forwarded. `since` is the day of the first entry, `last` of the latest; `entry` the first one's row id.

    `opposite`: references of the same payer that are open by the same amount the other way round: perhaps one matter
    under two numbers.
    """

    payer_key: str
    reference: str
    forwarded: Cents
    recovered: Cents
    open: Cents
    since: date
    last: date
    entries: int
    entry: int
    reasons: tuple[str, ...] = ()
    opposite: tuple[str, ...] = ()


def provider_balances(scope: Scope, *, payer: str = "", settled: bool = False) -> list[ProviderBalance]:
    """What is open per payer and reference, oldest first; `settled` ones at zero too. Two statements.

    A negative PLB amount adds to a payment and is owed back (it is credited to PROVIDER_LEVEL); a positive one takes.
    """
    rows = scope.rows(Posting).filter(account=Account.PROVIDER_LEVEL.value)
    if payer:
        rows = rows.filter(payer=payer)
    groups = rows.values_list("payer", "remarks").annotate(
        forwarded=Sum("amount", filter=Q(amount__lt=0), default=0),
        recovered=Sum("amount", filter=Q(amount__gt=0), default=0),
        since=Min("entry__on"),
        last=Max("entry__on"),
        entries=Count("entry_id", distinct=True),
        entry=Min("entry_id"),
    )
    reasons: dict[tuple[str, str], set[str]] = {}
    for key, reference, code in rows.values_list("payer", "remarks", "reason_code").distinct().order_by():
        reasons.setdefault((key, reference), set()).add(code)
    found = [
        ProviderBalance(
            payer_key=key,
            reference=reference.replace("\n", " "),
            forwarded=-forwarded,
            recovered=recovered,
            open=-forwarded - recovered,
            since=since,
            last=last,
            entries=entries,
            entry=entry,
            reasons=tuple(sorted(reasons.get((key, reference), ()))),
        )
        for key, reference, forwarded, recovered, since, last, entries, entry in groups.order_by()
    ]
    kept = [one for one in found if settled or one.open]
    return sorted((_with_opposite(one, found) for one in kept), key=lambda one: (one.since, one.payer_key, one.entry))


def _with_opposite(one: ProviderBalance, others: list[ProviderBalance]) -> ProviderBalance:
    from msgspec.structs import replace

    twins = [other.reference for other in others if other.payer_key == one.payer_key and other.open == -one.open != 0]
    return replace(one, opposite=tuple(sorted(twins)))
