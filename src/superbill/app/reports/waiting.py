"""Money that is not yet on its way (unbilled, held), and money that is not yet on any line (unapplied).

Unbilled work is as it is now: visits and claims carry no history of their states. Loose money is as of any day.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from django.db.models import Exists, OuterRef, Sum
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import LineBalance, Posting
from superbill.app.claims.models import BatchState, ClaimRow, ClaimState
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.findings import Finding, errors
from superbill.ledger.accounts import Account
from superbill.money import Cents

Stage = Literal[
    "not coded", "visit held", "coded, not charged", "charged, not claimed", "claim held", "ready, not sent",
    "prepared, not sent",
]  # fmt: skip
STAGES: tuple[Stage, ...] = (
    "not coded", "visit held", "coded, not charged", "charged, not claimed", "claim held", "ready, not sent",
    "prepared, not sent",
)  # fmt: skip
LOOSE = (Account.UNAPPLIED, Account.SUSPENSE, Account.PROVIDER_LEVEL)


class Waiting(Struct, frozen=True, kw_only=True):
    """A visit or claim that nobody has been asked to pay yet. `number` is its account, or the claim's own.

    `amount` is the charge at stake; 0 before there is one. `days` count from the first day of the service. `why`: what
    holds it, as a rule says it.
    """

    stage: Stage
    number: str
    payer: str
    service: date
    days: int
    amount: Cents
    why: str = ""


class Loose(Struct, frozen=True, kw_only=True):
    """Money on no line, credit positive: a patient's unapplied money, a payer's in suspense or between it and us."""

    account: str
    party: str
    amount: Cents
    since: date


def unbilled(scope: Scope, on: date) -> Iterator[Waiting]:
    """Everything that waits, stage by stage from the visit on, oldest service first."""
    yield from _visits(scope, on)
    yield from _not_claimed(scope, on)
    yield from _claims(scope, on)


_VISITS: dict[EncounterState, Stage] = {
    EncounterState.IMPORTED: "not coded",
    EncounterState.HELD: "visit held",
    EncounterState.CODED: "coded, not charged",
}


def _visits(scope: Scope, on: date) -> Iterator[Waiting]:
    rows = (
        scope.rows(EncounterRow).filter(state__in=[state.value for state in _VISITS]).order_by("date_of_service", "id")
    )
    columns = ("state", "account_number", "date_of_service", "findings")
    found_now: dict[str, list[Waiting]] = {state.value: [] for state in _VISITS}
    for state, account, day, findings in rows.values_list(*columns).iterator(chunk_size=2000):
        found_now[state].append(
            Waiting(
                stage=_VISITS[EncounterState(state)], number=account, payer="", service=day, days=(on - day).days,
                amount=0, why=_first_error(findings, account),
            )
        )  # fmt: skip
    for some in found_now.values():
        yield from some


def _not_claimed(scope: Scope, on: date) -> Iterator[Waiting]:
    """Lines that a payer is expected to answer for, and no claim to that payer tells it so."""
    scope.must_read(ClaimRow)
    # The visit's claims are the practice's: to ask for the practice, too, may lead SQLite to all claims of the payer.
    of_visit = ClaimRow._base_manager.filter(encounter_id=OuterRef("line__encounter_id"))
    claims = of_visit.filter(payer_key=OuterRef("payer"))
    rows = scope.rows(LineBalance).filter(insurance__gt=0, denied=0).exclude(Exists(claims))
    sums: dict[tuple[date, str, str], Cents] = {}
    columns = ("line__key", "payer", "line__service_start", "insurance")
    for key, payer, day, amount in rows.order_by().values_list(*columns).iterator(chunk_size=2000):
        place = (day, key.rpartition("-")[0], payer)
        sums[place] = sums.get(place, 0) + amount
    for (day, account, payer), amount in sorted(sums.items()):
        yield Waiting(
            stage="charged, not claimed", number=account, payer=payer, service=day, days=(on - day).days, amount=amount
        )


def _claims(scope: Scope, on: date) -> Iterator[Waiting]:
    rows = scope.rows(ClaimRow).order_by("service_start", "id")
    groups = (
        ("claim held", rows.filter(state=ClaimState.HELD.value)),
        ("ready, not sent", rows.filter(state=ClaimState.READY.value)),
        ("prepared, not sent", rows.filter(state=ClaimState.SENT.value, batch__state=BatchState.PREPARED.value)),
    )
    columns = ("control_number", "payer_key", "service_start", "charge", "findings")
    stage: Stage
    for stage, some in groups:  # type: ignore[assignment]  # each is one of the stages
        for number, payer, day, charge, findings in some.values_list(*columns).iterator(chunk_size=2000):
            yield Waiting(
                stage=stage, number=number, payer=payer, service=day, days=(on - day).days, amount=charge,
                why=_first_error(findings, number),
            )  # fmt: skip


def _first_error(text: str, where: str) -> str:
    """The rule and message of the first error; what only warns holds nothing."""
    found = decoded(text, tuple[Finding, ...], where) if text != "[]" else ()
    return next((f"{one.rule}: {one.message}" for one in errors(found)), "")


def loose(scope: Scope, on: date) -> tuple[Loose, ...]:
    """Money on no line at the end of the day, by account and party: what patients have in advance, what payers paid
    for nobody we know, and forward balances.
    """
    rows = scope.rows(Posting).filter(account__in=[account.value for account in LOOSE], entry__on__lte=on)
    days: dict[tuple[str, str], dict[date, Cents]] = {}
    sums = rows.values_list("account", "payer", "entry__on").annotate(total=Sum("amount"))
    for account, party, day, total in sums.order_by():
        days.setdefault((account, party), {})[day] = -total
    return tuple(
        Loose(account=account, party=party, amount=amount, since=since)
        for (account, party), moves in sorted(days.items())
        for amount, since in [_standing(moves)]
        if amount
    )


def _standing(moves: dict[date, Cents]) -> tuple[Cents, date]:
    """What is left, and since when there has been something left without a break."""
    amount, since = 0, date.max
    for day in sorted(moves):
        if not amount and moves[day]:
            since = day
        amount += moves[day]
    return amount, since
