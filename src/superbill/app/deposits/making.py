"""Deposits: payments brought to the bank together, taken apart, voided with all they have, and taken anew."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.cases import label
from superbill.app.billing.journal import hold_journal, stored_entries, write_entries
from superbill.app.billing.models import JournalEntry, Receipt, ReceiptState
from superbill.app.billing.payments import take_payment
from superbill.app.billing.returns import void_receipt
from superbill.app.billing.standing import PaymentFacts
from superbill.app.deposits.errors import NotReconcilable
from superbill.app.deposits.lines import fee_entry
from superbill.app.deposits.models import Deposit, DepositItem, DepositState, MatchPart
from superbill.app.deposits.payments import DEPOSIT, methods_of
from superbill.app.documents import decoded
from superbill.app.practices.actions import take
from superbill.app.remits.models import RemittanceRow, RemittanceState
from superbill.app.remits.posting import post_remittance
from superbill.app.remits.undoing import void_remittance
from superbill.app.rows import found, insert, update
from superbill.app.work import Work, action
from superbill.ledger.entry import reversal
from superbill.money import Cents
from superbill.x12.model import Remittance

_ITEM = ("practice_id", "deposit_id", "payment", "method", "amount")


class Undeposited(Struct, frozen=True, kw_only=True):
    """A payment that is in no deposit: a receipt ("R000012") or a payer's check (the source of its remittance)."""

    payment: str
    method: str
    amount: Cents
    on: date


def undeposited(scope: Scope, *, on: date | None = None) -> list[Undeposited]:
    """Payments that wait to be brought to the bank, the oldest first; `on`: of that day alone."""
    taken = scope.rows(Receipt).filter(state=ReceiptState.TAKEN)
    checks = scope.rows(RemittanceRow).filter(state=RemittanceState.POSTED, payment_amount__gt=0)
    if on is not None:
        taken, checks = taken.filter(on=on), checks.filter(payment_date=on)
    items = scope.rows(DepositItem).filter(live=True).values("payment")
    there = set(scope.rows(DepositItem).filter(live=True).values_list("payment", flat=True))
    waiting = [
        Undeposited(payment=tag, method=_facts(row).method, amount=row.amount, on=row.on)
        for row in taken.order_by("number")
        if (tag := label(Receipt, row.number)) not in there
    ]
    matched = scope.rows(MatchPart).filter(live=True).exclude(payment="").values("payment")
    told = list(
        checks.exclude(source__in=items)
        .exclude(source__in=matched)
        .values_list("id", "source", "state", "payment_amount", "payment_date")
    )
    methods = methods_of(scope, [row[:3] for row in told])
    waiting += [
        Undeposited(payment=source, method="payer's check", amount=amount, on=day)
        for _, source, _, amount, day in told
        if methods.get(source) == "CHK"
    ]
    return sorted(waiting, key=lambda each: (each.on, each.payment))


def make_deposit(
    actor: Actor, payments: Sequence[str], on: date, *, fee: Cents = 0, reference: str = "", at: datetime
) -> Deposit:
    """Bundle payments that wait into one deposit of the day `on`; `reference` is the bank's slip or batch number.

    `fee`: what the card processor keeps of a batch of cards; it is posted to FEES. Cards and other money are not
    deposited together. Raises NotReconcilable for a payment that does not wait, nothing at all, or a fee that can't be.
    """
    with action(actor, Permission.RECONCILE, "make deposit", at) as work:
        hold_journal(work.scope)
        return _make(work, payments, on, fee, reference, None)


def _make(
    work: Work, payments: Sequence[str], on: date, fee: Cents, reference: str, reapplies: Deposit | None
) -> Deposit:
    waiting = {each.payment: each for each in undeposited(work.scope)}
    for payment in payments:
        if payment not in waiting:
            raise NotReconcilable(f"{payment}: no payment that waits for a deposit. See superbill deposit waiting")
    items = [waiting[payment] for payment in dict.fromkeys(payments)]
    if not items:
        raise NotReconcilable("a deposit has a payment at least")
    methods = {each.method for each in items}
    kind = methods.pop() if len(methods) == 1 else "mixed"
    if "card" in {each.method for each in items} and kind != "card":
        raise NotReconcilable("cards come to the bank from their processor: deposit them by themselves")
    amount = sum(each.amount for each in items)
    if fee and (kind != "card" or not 0 < fee < amount):
        raise NotReconcilable("a fee is kept of a batch of cards, and is less than the batch")
    deposit = Deposit(
        practice_id=work.practice_id,
        number=take(work.practice_id, "deposit"),
        kind={"payer's check": "check", "money order": "check"}.get(kind, kind)[:12],
        on=on,
        amount=amount,
        fee=fee,
        reference=reference.strip()[:64],
        state=DepositState.MADE.value,
        reapplies=reapplies,
        actor=work.actor.name,
        at=work.at,
    )
    work.scope.rows(Deposit).bulk_create([deposit])
    rows = [(work.practice_id, deposit.pk, each.payment, each.method, each.amount) for each in items]
    insert(DepositItem, _ITEM, rows)
    if fee:
        write_entries(work, [fee_entry(_fee_key(deposit), fee, on, f"fee of deposit {deposit.number}")])
    work.note("deposit", deposit.pk, payments=len(items))
    return deposit


def take_apart(actor: Actor, number: int, *, why: str, at: datetime) -> Deposit:
    """Undo a deposit and leave its payments as they are: they wait for another one. A fee is taken back on its day.

    Raises NotReconcilable without a reason, for a deposit that is matched with the bank or does not stand.
    """
    with action(actor, Permission.RECONCILE, "take deposit apart", at) as work:
        deposit = _standing(work, number, why)
        _take_back_fee(work, deposit, work.at.date())
        _end(work, deposit, DepositState.TAKEN_APART, why, [])
        return deposit


def void_deposit(actor: Actor, number: int, on: date, *, why: str, at: datetime) -> Deposit:
    """Take a deposit back with all its payments, on the books of the day `on`: receipts and payers' checks leave every
    line that they paid. `reapply_deposit` takes them anew.

    Raises NotReconcilable as `take_apart` does, and NotPossible where one of its payments can't be taken back (it was
    refunded, or the next payer's claim builds on it): then nothing is taken back.
    """
    with action(actor, Permission.RECONCILE, "void deposit", at) as work:
        deposit = _standing(work, number, why)
        reason = f"deposit {number} voided: {why}"
        gone = []
        for item in work.scope.rows(DepositItem).filter(deposit=deposit).order_by("id"):
            receipt = _receipt(work.scope, item.payment)
            if receipt is not None and receipt.state == ReceiptState.TAKEN:
                void_receipt(work, receipt.number, on, reason)
                gone.append(item.pk)
            elif receipt is None and (row := _remittance(work.scope, item.payment)):
                void_remittance(actor, row.pk, on=on, why=reason, at=at)
                gone.append(item.pk)
        _take_back_fee(work, deposit, on)
        _end(work, deposit, DepositState.VOIDED, why, gone)
        return deposit


def reapply_deposit(actor: Actor, number: int, on: date, *, at: datetime) -> Deposit:
    """Take the payments of a voided deposit anew on the day `on`, as one new deposit: receipts go to what is owed now,
    payers' checks are posted from their remittance again. Once: a second call gives the deposit of the first.

    Raises NotReconcilable for a deposit that was not voided, or of which a payment can't be posted again.
    """
    with action(actor, Permission.RECONCILE, "reapply deposit", at) as work:
        hold_journal(work.scope)
        former = _deposit(work.scope, number)
        if former.state != DepositState.VOIDED:
            raise NotReconcilable(f"deposit {number} is {former.state}: only a voided one is taken anew")
        for again in work.scope.rows(Deposit).filter(reapplies=former):
            return again
        items = work.scope.rows(DepositItem).filter(deposit=former, taken_back=True).order_by("id")
        payments = [_again(actor, work, former, item, on, at) for item in items]
        return _make(work, payments, on, former.fee, former.reference, former)


def _again(actor: Actor, work: Work, former: Deposit, item: DepositItem, on: date, at: datetime) -> str:
    receipt = _receipt(work.scope, item.payment)
    if receipt is not None:
        facts = _facts(receipt)
        facts = replace(facts, rule="") if facts.rule == "lines" else facts  # which lines, only that receipt knew
        key = f"{receipt.key}~deposit {former.number}"
        return take_payment(actor, receipt.amount, facts, key, on, party=receipt.party, at=at).receipt
    row = next(iter(work.scope.rows(RemittanceRow).filter(source=item.payment).order_by("-id")))
    document = decoded(row.doc, Remittance, f"remittance {row.pk}")
    file = row.received_file_id
    done = post_remittance(actor, document, payer_key=row.payer_key, at=at, received_file=file, origin=row.origin)
    if done.held:
        raise NotReconcilable(f"payment {row.trace_number} can't be posted again: {done.findings[0].message}")
    source = work.scope.rows(RemittanceRow).filter(pk=done.id).values_list("source", flat=True)
    return str(source[0])


def _standing(work: Work, number: int, why: str) -> Deposit:
    hold_journal(work.scope)
    if not why.strip():
        raise NotReconcilable("say why the deposit is undone")
    deposit = _deposit(work.scope, number)
    if deposit.state != DepositState.MADE:
        raise NotReconcilable(f"deposit {number} is {deposit.state} already")
    key = f"{DEPOSIT}{number}"
    for (match,) in found(work.scope, MatchPart, "payment", [key], "match__number", live=True):
        raise NotReconcilable(f"deposit {number} is matched with the bank. Undo match {match} first.")
    return deposit


def _end(work: Work, deposit: Deposit, state: DepositState, why: str, gone: Sequence[int]) -> None:
    items = work.scope.rows(DepositItem).filter(deposit=deposit).values_list("id", flat=True)
    update(DepositItem, ("live", "taken_back"), [(False, item in gone, item) for item in items])
    update(Deposit, ("state", "why"), [(state.value, why[:300], deposit.pk)])
    deposit.state, deposit.why = state.value, why[:300]
    work.note("deposit", deposit.pk, state=state.value, taken_back=len(gone))


def _take_back_fee(work: Work, deposit: Deposit, on: date) -> None:
    rows = work.scope.rows(JournalEntry).filter(key=_fee_key(deposit)).values_list("id", flat=True)
    for entry in stored_entries(work.scope, rows):
        write_entries(work, [reversal(entry, key=f"reverses:{entry.key}", on=on)])


def _fee_key(deposit: Deposit) -> str:
    return f"deposit-fee:{deposit.number}"


def _deposit(scope: Scope, number: int) -> Deposit:
    row = scope.rows(Deposit).filter(number=number).first()
    if row is None:
        raise NotReconcilable(f"no deposit {number} in this practice")
    return row


def _receipt(scope: Scope, payment: str) -> Receipt | None:
    digits = payment[1:]
    if not digits.isdigit() or payment != label(Receipt, int(digits)):
        return None
    return scope.rows(Receipt).filter(number=int(digits)).first()


def _remittance(scope: Scope, source: str) -> RemittanceRow | None:
    return scope.rows(RemittanceRow).filter(source=source, state=RemittanceState.POSTED).first()


def _facts(row: Receipt) -> PaymentFacts:
    return decoded(row.doc, PaymentFacts, f"receipt {row.number}")
