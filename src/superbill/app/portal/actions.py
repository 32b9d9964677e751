"""What a patient does on their own pages. Each function has made sure that it is done to nobody but themselves."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.errors import BadAmount
from superbill.app.billing.models import PlanState
from superbill.app.billing.parties import guarantor_party
from superbill.app.billing.payments import take_payment
from superbill.app.billing.plans import make_plan
from superbill.app.billing.standing import PaymentFacts
from superbill.app.guarantors.queries import Contact
from superbill.app.portal.cards import Charge, Processor
from superbill.app.portal.models import CardPayment, CardState
from superbill.app.portal.scope import PortalScope
from superbill.app.statements.actions import give_consent, new_address, withdraw_consent
from superbill.app.statements.models import Channel
from superbill.app.threads.actions import add_message, open_thread
from superbill.app.threads.models import Side, Topic
from superbill.app.work import action
from superbill.chart.model import PostalAddress
from superbill.ledger.instalments import Instalment, month_after, schedule
from superbill.money import Cents, dollars

KEY_LIMIT = 64


class NotDone(ValueError):
    """What was asked on the page can't be done; the message says it in plain words. Nothing was changed."""


class Declined(NotDone):
    """The card was turned down. Nothing was paid."""


class Offer(Struct, frozen=True, kw_only=True):
    """A payment plan that the practice's rules allow: so many months, and each payment."""

    months: int
    instalments: tuple[Instalment, ...]

    @property
    def each(self) -> Cents:
        """Every payment but the last."""
        return self.instalments[0].amount


def new_key() -> str:
    """A key for a form, so that sending it twice does it once."""
    return secrets.token_hex(16)


def pay(mine: PortalScope, amount: Cents, token: str, key: str, cards: Processor, *, on: date, at: datetime) -> str:
    """Charge a card and post the payment of the day; its receipt's number. The same `key` pays once.

    The try is written down before the processor is asked, so that a crash in between is found, and asking again with
    the same key charges nothing a second time. Raises NotDone for nothing, more than is owed, or a key used for another
    amount; Declined.
    """
    row = _tried(mine, amount, key, cards, on=on, at=at)
    if row.state == CardState.APPROVED:
        return row.receipt
    answer = Charge(approved=False)
    if row.state == CardState.ASKED:
        answer = cards.charge(token, amount, key)
    with action(mine.acting(Permission.TAKE_PAYMENT), Permission.TAKE_PAYMENT, "pay on patient page", at) as work:
        row.state = CardState.APPROVED if answer.approved else CardState.DECLINED
        if answer.approved:
            row.reference, row.receipt = answer.reference, _post(mine, amount, answer, key, on=on, at=at)
        row.save(update_fields=["state", "reference", "receipt"])
        work.note("portal account", mine.account, cents=amount, state=row.state)
    if not answer.approved:
        raise Declined("The card was turned down. Nothing was paid. Try another card, or call us.")
    return row.receipt


def _tried(mine: PortalScope, amount: Cents, key: str, cards: Processor, *, on: date, at: datetime) -> CardPayment:
    with transaction.atomic():
        rows = CardPayment._base_manager.filter(practice_id=mine.practice_id, account_id=mine.account)
        there = rows.filter(key=key[:KEY_LIMIT]).first()
        if there is not None:
            if there.amount != amount:
                raise NotDone("This page was used for another amount. Please start the payment again.")
            return there
        owed = mine.due(on).owed
        if not key or not 0 < amount <= owed:
            raise NotDone(f"Choose an amount between $0.01 and {dollars(max(owed, 0))}.")
        made = CardPayment(
            practice_id=mine.practice_id, account_id=mine.account, key=key[:KEY_LIMIT], amount=amount,
            processor=cards.name, at=at,
        )  # fmt: skip
        rows.bulk_create([made])
        return rows.get(key=key[:KEY_LIMIT])


def _post(mine: PortalScope, amount: Cents, answer: Charge, key: str, *, on: date, at: datetime) -> str:
    facts = PaymentFacts(
        method="portal", reference=answer.reference, brand=answer.brand, last_four=answer.last_four,
        patients=tuple(mine.due(on).patients), note="paid on the patient page",
    )  # fmt: skip
    actor = mine.acting(Permission.TAKE_PAYMENT)
    party = guarantor_party(mine.guarantor)
    return take_payment(actor, amount, facts, f"portal:{mine.account}:{key}", on, party=party, at=at).receipt


def offers(mine: PortalScope, on: date) -> list[Offer]:
    """The plans that the practice's rules allow over all that is owed and in no plan; none where that is too little."""
    free = _free(mine, on)
    rules = mine.rules()
    if not free:
        return []
    made = [Offer(months=months, instalments=_schedule(free, on, months)) for months in rules.plan_months]
    return [offer for offer in made if offer.each >= rules.plan_least and len(offer.instalments) > 1]


def agree_to_plan(mine: PortalScope, months: int, key: str, *, on: date, at: datetime) -> Sequence[str]:
    """The guarantor agrees to pay monthly; a plan for each of their people who has something open. The same `key`
    makes it once. Raises NotDone for months that are not offered."""
    actor = mine.acting(Permission.TAKE_PAYMENT)
    with action(actor, Permission.TAKE_PAYMENT, "agree to plan on patient page", at) as work:
        free = _free(mine, on)
        there = any(plan.case.on == on for plan in mine.plans(on))
        if not there and months not in [offer.months for offer in offers(mine, on)]:
            raise NotDone("This plan is not on offer any more. Please look at the plans again.")
        made = [
            make_plan(
                actor, patient, month_after(on, 1), f"portal:{mine.account}:{key}:{patient}", on, months=months,
                lines=lines, at=at,
            )
            for patient, (_, lines) in free.items()
        ]  # fmt: skip
        work.note("portal account", mine.account, plans=len(made))
        return made


def ask(mine: PortalScope, text: str, key: str, *, line: str = "", wrong: bool = False, on: date, at: datetime) -> int:
    """A question about the account, or about one line of it (its key); its number. `wrong` says that the bill is not
    right: then nothing of it is asked for until somebody has answered. The same `key` asks once. Raises NotDone."""
    if line and not mine.line(line):
        raise NotDone("We could not find that part of your bill. Please start again.")
    topic = Topic.DISPUTE if wrong else Topic.QUESTION
    return open_thread(
        mine.acting(Permission.CORRESPOND), topic, text, on=on, guarantor=mine.guarantor,
        lines=(line,) if line else (), side=Side.PATIENT, key=f"portal:{mine.account}:{key}", at=at,
    )  # fmt: skip


def answer(mine: PortalScope, number: int, text: str, key: str, *, on: date, at: datetime) -> None:
    """Write again in one of their questions. Raises NotDone for somebody else's."""
    if mine.thread(number) is None:
        raise NotDone("We could not find that question. Please start again.")
    whole = f"portal:{mine.account}:{key}"
    add_message(mine.acting(Permission.CORRESPOND), number, Side.PATIENT, text, on=on, key=whole, at=at)


def move(mine: PortalScope, *, address: PostalAddress | None, phone: str, email: str, on: date, at: datetime) -> None:
    """Where to reach them from now on; letters go out again. Raises BadGuarantor for half an address or no e-mail
    address."""
    card = mine.card()
    contact = Contact(address=address or card.address, phone=phone or card.phone, email=email or card.email)
    new_address(mine.acting(Permission.CORRESPOND), mine.guarantor, contact, on=on, at=at)


def hear_by(mine: PortalScope, channel: Channel, *, address: str = "", on: date, at: datetime) -> None:
    """How they want to hear of their bills: by letter, by e-mail, or here. Raises BadMail for no e-mail address."""
    actor = mine.acting(Permission.CORRESPOND)
    with action(actor, Permission.CORRESPOND, "choose channel on patient page", at) as work:
        for other in (Channel.EMAIL, Channel.PORTAL):
            if other is not channel:
                withdraw_consent(actor, mine.guarantor, other, on=on, at=at)
        if channel is not Channel.LETTER:
            give_consent(actor, mine.guarantor, channel, "on the patient page", on=on, address=address, at=at)
        work.note("portal account", mine.account, channel=channel.value)


def _free(mine: PortalScope, on: date) -> dict[int, tuple[Cents, list[str]]]:
    """What is asked for and in no plan, by patient (row id): the cents, and the lines. Nothing where money on account
    or a credit lowers it: a plan would promise more than is owed, and a person puts that money in its place first.
    What was in a plan that was not kept gets its next one from a person, too."""
    plans = mine.plans(on) + mine.plans(on, state=PlanState.DEFAULTED)
    due, taken = mine.due(on), {line for plan in plans for line in plan.lines}
    held = mine.held(due, on)
    found: dict[int, tuple[Cents, list[str]]] = {}
    for one in due.lines:
        if one.amount > 0 and one.key not in taken and one.key not in held:
            amount, lines = found.get(one.patient, (0, []))
            found[one.patient] = (amount + one.amount, [*lines, one.key])
    asked = due.owed - sum(one.amount for one in due.lines if one.key in held)
    return found if 0 < sum(amount for amount, _ in found.values()) <= asked else {}


def _schedule(free: Mapping[int, tuple[Cents, list[str]]], on: date, months: int) -> tuple[Instalment, ...]:
    """Several people's instalments as one: they fall on the same days."""
    sums: dict[date, Cents] = {}
    for amount, _ in free.values():
        for one in schedule(amount, month_after(on, 1), months=months):
            sums[one.on] = sums.get(one.on, 0) + one.amount
    return tuple(Instalment(day, amount) for day, amount in sorted(sums.items()))


__all__ = [
    "BadAmount", "Declined", "NotDone", "Offer", "agree_to_plan", "answer", "ask", "hear_by", "move", "new_key",
    "offers", "pay",
]  # fmt: skip
