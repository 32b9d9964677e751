"""Payments that did not stay: a check that bounced, a card payment disputed, a payment taken by mistake."""

from collections.abc import Iterable
from datetime import date, datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.cases import case_numbered, label, move_case, must_be, steps
from superbill.app.billing.errors import BadAmount, NotPossible
from superbill.app.billing.journal import hold_journal, write_entries
from superbill.app.billing.models import ChargeLine, Receipt, ReceiptState
from superbill.app.billing.payments import given_back, named, where_now
from superbill.app.billing.standing import PaymentFacts
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.practices.queries import policy
from superbill.app.rows import found, insert
from superbill.app.work import Work, action
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry
from superbill.ledger.entry import Posting as Move
from superbill.money import Cents

FEE_CODE = "RETURNED"


def return_payment(
    actor: Actor,
    number: int,
    on: date,
    *,
    reason: str,
    charged_back: bool = False,
    fee: Cents | None = None,
    bank_fee: Cents = 0,
    at: datetime,
) -> Entry:
    """The bank took a payment back: it leaves every line to which it has come since, and the account.

    `fee` is charged to the patient, None: as the policy says; `bank_fee` is what the bank kept. Raises NotPossible for
    a receipt that came back already, or a fee without a visit to charge it under; BadAmount for a fee below zero.
    """
    state = ReceiptState.CHARGED_BACK if charged_back else ReceiptState.RETURNED
    with action(actor, Permission.RECONCILE, "return payment", at) as work:
        hold_journal(work.scope)
        row = case_numbered(work.scope, Receipt, number)
        must_be(row, ReceiptState.TAKEN)
        fee = policy(work.scope).returned_payment_fee if fee is None else fee
        if fee < 0 or bank_fee < 0:
            raise BadAmount("a fee is not below zero")
        extra = [*(_fee_moves(work, row, fee, on) if fee else ()), *_bank_moves(bank_fee)]
        return _take_back(work, row, state, on, reason, extra)


def void_payment(actor: Actor, number: int, on: date, *, reason: str, at: datetime) -> Entry:
    """A payment was never made, or was keyed wrongly: it leaves every line and the account, without a fee.

    Raises NotPossible for one that came back already, or of which money was refunded: void that refund first.
    """
    with action(actor, Permission.TAKE_PAYMENT, "void payment", at) as work:
        return void_receipt(work, number, on, reason)


def void_receipt(work: Work, number: int, on: date, reason: str) -> Entry:
    """`void_payment` inside the caller's action."""
    hold_journal(work.scope)
    row = case_numbered(work.scope, Receipt, number)
    must_be(row, ReceiptState.TAKEN)
    if not reason.strip():
        raise NotPossible("say why the payment is voided")
    if given_back(work.scope, row):
        raise NotPossible(f"money of receipt {label(Receipt, number)} was refunded; void that refund first")
    return _take_back(work, row, ReceiptState.VOIDED, on, reason, [])


def _take_back(work: Work, row: Receipt, state: ReceiptState, on: date, reason: str, extra: Iterable[Move]) -> Entry:
    tag = label(Receipt, row.number)
    facts = decoded(row.doc, PaymentFacts, f"receipt {row.number}")
    back = named({where: -amount for where, amount in where_now(work.scope, row).items()}, facts.method, tag)
    times = sum(step.state != ReceiptState.TAKEN for step in steps(work.scope, row))
    entry = Entry(
        key=f"{state.value}:{tag}:{times + 1}",
        kind="returned payment",
        on=on,
        source=row.party,
        memo=f"receipt {tag} {state.value}: {reason}",
        postings=(*back, *extra),
    )
    write_entries(work, [entry])
    move_case(work, row, state, on=on, entry=entry.key, reason=reason)
    work.note("receipt", row.pk, entries=1)
    return entry


def _fee_moves(work: Work, row: Receipt, fee: Cents, on: date) -> tuple[Move, Move]:
    """The fee is a charge of its own, under the visit that the payment was for."""
    paid = [line for (account, line, _) in where_now(work.scope, row) if line and account is not Account.UNAPPLIED]
    encounters = {encounter for (encounter,) in found(work.scope, ChargeLine, "key", paid, "encounter_id")}
    rows = work.scope.rows(EncounterRow).filter(patient_id=row.patient_id)
    visit = (rows.filter(pk__in=encounters).order_by("-id").first() if encounters else None) or rows.order_by(
        "-id"
    ).first()
    if visit is None:
        raise NotPossible("the patient has no visit yet under which a fee could be charged; return it without a fee")
    lines = list(found(work.scope, ChargeLine, "encounter_id", [visit.pk], "number", "key"))
    count = sum(f"-{FEE_CODE[:3]}" in key for _, key in lines)
    key = f"{visit.account_number}-{FEE_CODE[:3]}{count + 1}"
    columns = (
        "practice_id", "encounter_id", "patient_id", "key", "number", "code", "charge", "service_start", "service_end",
    )  # fmt: skip
    number = max((number for number, _ in lines), default=0) + 1
    insert(
        ChargeLine,
        columns,
        [(work.practice_id, visit.pk, row.patient_id, key, number, FEE_CODE, fee, on, on)],
    )
    return (
        Move(account=Account.PATIENT, amount=fee, line=key),
        Move(account=Account.CHARGES, amount=-fee, line=key),
    )


def _bank_moves(fee: Cents) -> tuple[Move, ...]:
    if not fee:
        return ()
    return Move(account=Account.FEES, amount=fee), Move(account=Account.CASH, amount=-fee)
