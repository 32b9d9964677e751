"""Composes a statement from ledger facts: amounts come from balances, words from what happened. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Literal

from msgspec import Struct

from superbill.codesets.carc.lookup import reason as carc
from superbill.forms.statement.labels import service_label
from superbill.forms.statement.model import StatementLine, Visit, Why
from superbill.ledger.entry import Balance, Reason
from superbill.ledger.reasons import patient_words
from superbill.money import Cents, dollars

EventKind = Literal[
    "payment", "discount", "denial", "patient share", "passed on", "patient payment", "write-off", "charity", "bad debt"
]

SHARES = {"1": "is part of your yearly deductible", "2": "is your share of the cost", "3": "is your copay"}
_FORGIVEN: tuple[EventKind, ...] = ("write-off", "charity", "bad debt")
LEFT_TO_YOU = "is left for you to pay"
NO_REASON = "Your plan left this amount to you. Call us and we will ask your plan why."
NOT_SAID = "Your plan did not say why in words we know. We are asking."


class Unexplained(ValueError):
    """The events of a line don't add up to its balance: a statement would tell a wrong story."""


class LineEvent(Struct, frozen=True, kw_only=True):
    """Something that happened to a line. `amount` cents, negative when it takes an earlier event back.

    payment: insurance paid. discount: contractual adjustment. denial: refused, still the payer's. patient share:
    made the patient's by a payer. passed on: left to the payer `to`. patient payment, write-off, charity, bad debt:
    without a payer.
    `payer` is the payer's name.
    """

    kind: EventKind
    amount: Cents
    payer: str = ""
    reason: Reason = Reason()
    on: date | None = None
    to: str = ""


class LineFacts(Struct, frozen=True, kw_only=True):
    """A charge line as ledger and claim know it. `label` is the practice's own, "" for none; `payer` the name of the
    payer that has the claim now, "" for none. `hold` and `past_due` as on the statement's line."""

    on: date
    code: str
    charge: Cents
    balance: Balance
    events: tuple[LineEvent, ...] = ()
    label: str = ""
    provider: str = ""
    place: str = ""
    patient: str = ""
    payer: str = ""
    hold: str = ""
    past_due: Cents = 0


def visits(facts: Iterable[LineFacts]) -> tuple[Visit, ...]:
    """Visits, oldest first: one for each day, patient, provider and place; lines in the order given.

    Raises Unexplained when a line's parts or its events don't add up.
    """

    def same_visit(fact: LineFacts) -> tuple[date, str, str, str]:
        return fact.on, fact.patient, fact.provider, fact.place

    ordered = sorted(facts, key=same_visit)
    return tuple(
        Visit(on=on, patient=patient, provider=provider, place=place, lines=tuple(line(fact) for fact in group))
        for (on, patient, provider, place), group in groupby(ordered, key=same_visit)
    )


def line(facts: LineFacts) -> StatementLine:
    """One line of the statement. Raises Unexplained."""
    _prove(facts)
    balance = facts.balance
    return StatementLine(
        label=service_label(facts.code, facts.label),
        charge=facts.charge,
        insurance_paid=balance.paid - balance.patient_paid,
        adjustment=balance.adjusted,
        patient_paid=balance.patient_paid,
        with_insurance=balance.insurance,
        owed=balance.patient,
        story=tuple(_story(facts)),
        why=tuple(_why(facts)),
        owed_since=_owed_since(facts),
        hold=facts.hold,
        past_due=facts.past_due,
    )


def _prove(facts: LineFacts) -> None:
    balance = facts.balance
    if not balance.explained or balance.charge != facts.charge:
        raise Unexplained(f"line {facts.code} of {facts.on}: its parts do not add up to its charge")
    for what, told, booked in (
        ("insurance payments", _net(facts.events, "payment"), balance.paid - balance.patient_paid),
        ("adjustments", _net(facts.events, "discount", *_FORGIVEN), balance.adjusted),
        ("patient payments", _net(facts.events, "patient payment"), balance.patient_paid),
    ):
        if told != booked:
            raise Unexplained(
                f"line {facts.code} of {facts.on}: events tell {dollars(told)} of {what}, the ledger {dollars(booked)}"
            )


def _net(events: Iterable[LineEvent], *kinds: EventKind) -> Cents:
    return sum(event.amount for event in events if event.kind in kinds)


def _by_code(events: Iterable[LineEvent], kind: EventKind) -> list[tuple[str, Cents]]:
    """Net cents per CARC, in order of first appearance, without those that came to nothing."""
    sums: dict[str, Cents] = {}
    for event in events:
        if event.kind == kind:
            sums[event.reason.code] = sums.get(event.reason.code, 0) + event.amount
    return [(code, amount) for code, amount in sums.items() if amount]


def _story(facts: LineFacts) -> Iterator[str]:
    payers = list(dict.fromkeys(event.payer for event in facts.events if event.payer))
    for place, payer in enumerate(payers):
        yield from _payer_story(facts, payer, [event for event in facts.events if event.payer == payer], place == 0)
    own = [event for event in facts.events if not event.payer]
    for forgiven, words in (
        (_net(own, "write-off", "discount"), "We took {} off your bill."),
        (_net(own, "charity"), "Our financial help paid {}."),
        (_net(own, "bad debt"), "We closed {} because it was not paid."),
    ):
        if forgiven > 0:
            yield words.format(dollars(forgiven))
    if facts.balance.patient_paid > 0:
        left = f" That leaves {dollars(facts.balance.patient)}." if facts.balance.patient > 0 else ""
        yield f"You paid {dollars(facts.balance.patient_paid)}. Thank you.{left}"
    if not payers and not facts.balance.insurance:
        yield "No insurance paid for this service."
    yield from _open_with_insurance(facts)
    if facts.balance.patient < 0:
        yield f"You paid {dollars(-facts.balance.patient)} more than you owe for this service."


def _payer_story(facts: LineFacts, payer: str, events: Sequence[LineEvent], first: bool) -> Iterator[str]:
    paid, discount = _net(events, "payment"), _net(events, "discount")
    answered = any(event.kind != "denial" for event in events)
    money = f"paid {dollars(paid)}" if paid > 0 else "paid nothing"
    if first and discount > 0:
        allowed = facts.charge - discount - max(0, facts.balance.denied)
        yield f"{payer} allowed {dollars(allowed)} of the {dollars(facts.charge)} charge and {money}."
    elif answered and first:
        yield f"{payer} {money} of the {dollars(facts.charge)} charge." if paid > 0 else f"{payer} {money}."
    elif answered:
        yield f"{payer} then {money}."
    for code, amount in _by_code(events, "patient share"):
        if amount > 0:
            yield f"{dollars(amount)} {SHARES.get(code, LEFT_TO_YOU)}."
    for to in dict.fromkeys(event.to for event in events if event.kind == "passed on"):
        if (passed := sum(event.amount for event in events if event.kind == "passed on" and event.to == to)) > 0:
            yield f"{dollars(passed)} went on to {to}."
    if facts.balance.denied > 0 and (refused := sum(amount for _, amount in _by_code(events, "denial"))) > 0:
        yield f"{payer} did not pay {dollars(refused)}."


def _open_with_insurance(facts: LineFacts) -> Iterator[str]:
    if facts.balance.denied > 0:
        yield f"We are working on {dollars(facts.balance.denied)} with your insurance. You do not owe that now."
    waiting = facts.balance.insurance - facts.balance.denied
    if waiting > 0:
        yield f"We are waiting for {facts.payer or 'your insurance'} to answer for {dollars(waiting)}."


def _why(facts: LineFacts) -> Iterator[Why]:
    """The reason of each amount that is the patient's, or that insurance refused and that is still open."""
    shares = [(code, amount) for code, amount in _by_code(facts.events, "patient share") if amount > 0]
    for code, amount in shares:
        found = carc(code)
        yield Why(amount, patient_words(code) or (found.patient_text if found else NO_REASON))
    if facts.balance.patient > 0 and not shares:
        yield Why(facts.balance.patient, "No insurance covers this amount, so the bill comes to you.")
    if facts.balance.denied > 0:
        for code, amount in _by_code(facts.events, "denial"):
            if amount > 0:
                found = carc(code)
                yield Why(amount, found.patient_text if found else NOT_SAID, owed=False)


def _owed_since(facts: LineFacts) -> date | None:
    """The day of the first share that a payer left to the patient; without one, the day of service."""
    if facts.balance.patient <= 0:
        return None
    days = [event.on for event in facts.events if event.kind == "patient share" and event.on and event.amount > 0]
    return min(days, default=facts.on)
