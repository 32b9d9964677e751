"""Claims whose next payer is to be billed, or was told what no longer holds."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Count, Exists, F, Func, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Length, Substr
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow
from superbill.app.claims.queries.stored import StoredClaim, claims_by_id
from superbill.app.documents import decoded
from superbill.app.practices.queries import policy
from superbill.app.remits.models import RemittanceClaimRow, RemittanceClaimState, RemittanceRow
from superbill.app.rows import asked, chunks, found
from superbill.claims.control import read_control_number
from superbill.remits.secondary import FORWARDED, crossed_over, standing_answer
from superbill.x12.model import Remittance, RemittanceClaim

_POSTED = RemittanceClaimState.POSTED.value


class NextBilling(Struct, frozen=True, kw_only=True):
    """A claim whose next payer is to be billed: the claim as sent, what its payer's answers come to, and when the last
    of them was paid. `crossed_over`: the payer passed it on itself, and the next one has kept silent for too long."""

    stored: StoredClaim
    answer: RemittanceClaim
    paid_on: date
    crossed_over: bool = False


class NextChange(Struct, frozen=True, kw_only=True):
    """A claim whose payer has answered more than once, or anew, and the claim to the next payer that was made of an
    answer. `answer` None: it was taken back and nothing stands in its place."""

    stored: StoredClaim
    following: StoredClaim
    answer: RemittanceClaim | None
    paid_on: date


def claims_to_bill_next(scope: Scope, on: date = date.min) -> Iterator[NextBilling]:
    """Answered claims whose next payer is to be billed and has no claim of this account yet, oldest answer first.

    One that crossed over to the next payer is due when that one has not answered `crossover_days` after the payment,
    by the day `on`; without a day those are left out. One whose payer was put before the one billed first is due
    whatever it leaves.
    """
    patience = timedelta(days=policy(scope).crossover_days)
    waiting = [row[:2] for row in asked(scope, RemittanceClaimRow, _waiting_ids)]
    went_on = [row[0] for row in asked(scope, RemittanceClaimRow, _forwarded_ids) if row[1] + patience <= on]
    reordered = [row[0] for row in asked(scope, RemittanceClaimRow, _reordered_ids)]
    latest = list(dict.fromkeys([*(claim_id for claim_id, _ in waiting), *reordered, *went_on]))
    for some in chunks(latest):
        told = answers_of(scope, some)
        for stored in claims_by_id(scope, list(some)):
            answer, paid_on = standing_of(stored, told.get(stored.id, ()))
            if answer is None:
                continue
            passed_on = crossed_over(answer)
            if not passed_on or (paid_on + patience <= on and not _answered_by_next(scope, stored)):
                yield NextBilling(stored=stored, answer=answer, paid_on=paid_on, crossed_over=passed_on)


def next_claims_to_correct(scope: Scope) -> Iterator[NextChange]:
    """Claims answered more than once, or in a new version, that have a claim to the next payer already."""
    for some in chunks([claim_id for claim_id, _ in asked(scope, RemittanceClaimRow, _answered_again)]):
        told = answers_of(scope, some)
        for stored in claims_by_id(scope, list(some)):
            following = _following(scope, stored)
            if following is not None:
                answer, paid_on = standing_of(stored, told.get(stored.id, ()))
                yield NextChange(stored=stored, following=following, answer=answer, paid_on=paid_on)


Told = tuple[RemittanceClaim, Remittance]


def answers_of(scope: Scope, claims: Sequence[int]) -> dict[int, list[Told]]:
    """By claim (row id), what its own payer's posted remittances said of it, each with its payment, in the order of
    posting."""
    columns = ("id", "claim_id", "remittance_id", "position", "state", "remittance__payer_key", "claim__payer_key")
    rows = sorted(row for row in found(scope, RemittanceClaimRow, "claim_id", claims, *columns))
    mine = [row[1:4] for row in rows if row[4] == _POSTED and row[5] == row[6]]
    docs = {
        key: decoded(doc, Remittance, f"remittance {key}")
        for key, doc in found(scope, RemittanceRow, "id", {row[1] for row in mine}, "id", "doc")
    }
    told: dict[int, list[Told]] = {}
    for claim, remittance, position in mine:
        one = docs[remittance]
        told.setdefault(claim, []).append((one.claims[position], one))
    return told


def standing_of(stored: StoredClaim, told: Iterable[Told]) -> tuple[RemittanceClaim | None, date]:
    """What the answers come to, and the day of the last payment."""
    every = list(told)
    return standing_answer(stored.claim, (answer for answer, _ in every)), every[-1][
        1
    ].payment_date if every else date.min


def _following(scope: Scope, stored: StoredClaim) -> StoredClaim | None:
    """The latest claim to the next payer under the same account and part."""
    number = read_control_number(stored.control_number)
    replaced = scope.rows(ClaimRow).filter(replaces_id=OuterRef("pk"))
    rows = scope.rows(ClaimRow).filter(encounter_id=stored.encounter_id, payer_key=stored.next_payer)
    rows = rows.annotate(gone=Exists(replaced)).filter(gone=False)
    for row_id, other in rows.order_by("-id").values_list("id", "control_number"):
        theirs = read_control_number(other)
        if number and theirs and (number.account, number.part) == (theirs.account, theirs.part):
            return next(claims_by_id(scope, [row_id]))
    return None


def paid_out_of_turn(scope: Scope, stored: StoredClaim) -> str:
    """The payer's own number of a claim that the next payer has paid as if it came first; "" where it has not. What
    follows on it replaces that one."""
    number = read_control_number(stored.control_number)
    rows = scope.rows(ClaimRow).filter(encounter_id=stored.encounter_id, payer_key=stored.next_payer)
    paid = rows.filter(state__in=("paid", "partly_denied"), responsibility="P").order_by("-id")
    for other, theirs in paid.values_list("control_number", "payer_control_number"):
        known = read_control_number(other)
        if number and known and (number.account, number.part) == (known.account, known.part):
            return theirs
    return ""


def next_billing(scope: Scope, stored: StoredClaim) -> NextBilling | None:
    """What a claim's payer says now, for a person who bills the next one whatever it is; None where nothing stands or
    the next payer has a claim already."""
    answer, paid_on = standing_of(stored, answers_of(scope, [stored.id]).get(stored.id, ()))
    if answer is None or not stored.next_payer or _following(scope, stored) is not None:
        return None
    return NextBilling(stored=stored, answer=answer, paid_on=paid_on)


def _answered_by_next(scope: Scope, stored: StoredClaim) -> bool:
    """Whether the payer that got the claim by crossover has answered under its number."""
    rows = scope.rows(RemittanceClaimRow).filter(claim_id=stored.id, state=_POSTED)
    return rows.filter(remittance__payer_key=stored.next_payer).exists()


def _answers(scope: Scope) -> QuerySet[RemittanceClaimRow]:
    """Posted answers to claims that have a next payer; to those that were replaced nobody looks any more."""
    replaced = scope.rows(ClaimRow).filter(replaces_id=OuterRef("claim_id"))
    rows = scope.rows(RemittanceClaimRow).filter(state=_POSTED, claim__isnull=False).exclude(claim__next_payer_key="")
    return rows.annotate(replaced=Exists(replaced)).filter(replaced=False)


def _without_next(rows: QuerySet[RemittanceClaimRow], scope: Scope) -> QuerySet[RemittanceClaimRow]:
    """Those whose next payer has no claim yet. An encounter may have several claims (the physician's and the
    hospital's, or parts of a long one): each has its own next claim, under the same account and part.
    """
    mine, part = _account_and_part(OuterRef("claim__control_number"))
    account, own_part = _account_and_part(F("control_number"))
    later = scope.rows(ClaimRow).filter(
        encounter_id=OuterRef("claim__encounter_id"), payer_key=OuterRef("claim__next_payer_key")
    )
    replaced = scope.rows(ClaimRow).filter(replaces_id=OuterRef("pk"))
    of_this = later.annotate(account=account, part=own_part, gone=Exists(replaced))
    of_this = of_this.filter(account=mine, part=part, gone=False)
    return rows.annotate(billed=Exists(of_this)).filter(billed=False)


def _account_and_part(number: F | OuterRef) -> tuple[Substr, Substr]:
    """The account and the part of a control number (claims/control.py: account, letter, version, part), in SQL."""
    before_part = Func(number, Value("BCDEFGHIJKLMNOPQRSTUVWXYZ"), function="RTRIM", output_field=CharField())
    with_letter = Func(before_part, Value("0123456789"), function="RTRIM", output_field=CharField())
    return Substr(with_letter, 1, Length(with_letter) - 1), Substr(number, Length(before_part) + 1)


def _waiting_ids(scope: Scope) -> QuerySet[RemittanceClaimRow, Any]:
    rows = _without_next(_answers(scope).filter(bill_next=True), scope)
    by_claim = rows.values("claim_id").annotate(first=Min("id")).order_by("first")
    return by_claim.values_list("claim_id", "first")


def _reordered_ids(scope: Scope) -> QuerySet[RemittanceClaimRow, Any]:
    """Answers of a payer that was put before the one billed first: that one is told whatever is left, as it may have
    paid out of turn."""
    own = Q(remittance__payer_key=F("claim__payer_key"))
    former = Q(claim__replaces__payer_key=F("claim__next_payer_key"))
    by_claim = _without_next(_answers(scope).filter(own, former), scope).values("claim_id")
    return by_claim.annotate(first=Min("id")).order_by("first").values_list("claim_id", "first")


def _forwarded_ids(scope: Scope) -> QuerySet[RemittanceClaimRow, Any]:
    own = Q(remittance__payer_key=F("claim__payer_key"))
    rows = _without_next(_answers(scope).filter(own, status__in=sorted(FORWARDED)), scope)
    by_claim = rows.values("claim_id").annotate(paid=Min("remittance__payment_date")).order_by("paid", "claim_id")
    return by_claim.values_list("claim_id", "paid")


def _answered_again(scope: Scope) -> QuerySet[RemittanceClaimRow, Any]:
    own = Q(remittance__payer_key=F("claim__payer_key"))
    by_claim = _answers(scope).filter(own).values("claim_id").annotate(times=Count("id"))
    again = by_claim.filter(Q(times__gt=1) | Q(claim__replaces__isnull=False)).order_by("claim_id")
    return again.values_list("claim_id", "times")
