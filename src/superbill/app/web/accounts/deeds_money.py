"""Money that people pay: taken, put to lines, moved, given back."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.actions import (
    PaymentFacts,
    apply_unapplied,
    guarantor_party,
    move_payment,
    move_unapplied,
    patient_party,
    request_refund,
    take_payment,
)
from superbill.app.practices.queries import policy
from superbill.app.web.accounts.deeds import Deed, Done
from superbill.app.web.accounts.forms import REASON, LinesForm, check, choice, made, money, text
from superbill.app.web.accounts.queries_subjects import OpenLine, Subject, family_of
from superbill.app.web.desk import Desk, now
from superbill.money import dollars

METHODS = (
    ("check", _l("check")), ("cash", _l("cash")), ("card", _l("card")), ("desk", _l("at the desk")),
    ("money order", _l("money order")), ("bank transfer", _l("bank transfer")), ("other", _l("other")),
)  # fmt: skip
RULES = (
    ("", _l("oldest service first")), ("proportional", _l("every open line by its share")),
    ("lines", _l("line by line, as below")), ("unapplied", _l("keep it on account")),
)  # fmt: skip


def owing(subject: Subject) -> list[tuple[OpenLine, int]]:
    """The lines on which the patient owes, with what they owe."""
    return [(line, line.owed) for line in subject.lines if line.owed > 0]


def line_name(line: OpenLine, *, paid: bool = False) -> str:
    """A line in a choice."""
    return f"{line.key} · {line.on:%m/%d/%Y} {line.code} · {dollars(line.paid if paid else line.owed)}"


def _ask_payment(_at: Desk, subject: Subject, data: Any) -> LinesForm:
    owed = sum(line.owed for line in subject.lines)
    fields = {
        "amount": money(_l("Amount"), first=True),
        "method": choice(_l("How"), METHODS),
        "reference": text(_l("Check or authorization number"), most=40, needed=False),
        "last_four": text(_l("Card’s last four digits"), most=4, needed=False),
        "rule": choice(_l("Goes to"), RULES, needed=False),
        "note": text(_l("Note"), needed=False),
    }
    return made(fields, data, offered=owing(subject), amount=owed if owed > 0 else None, method="check")


def _take(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    data, asked = form.cleaned_data, form.by_line
    facts = PaymentFacts(
        method=data["method"],
        reference=data["reference"],
        last_four=data["last_four"],
        patients=tuple(subject.patients),
        rule=data["rule"] or ("lines" if asked else ""),
        note=data["note"],
    )
    party = guarantor_party(subject.guarantor) if subject.guarantor else ""
    asked = asked if facts.rule == "lines" else {}
    taken = take_payment(at.actor, data["amount"], facts, key, at.today, party=party, asked=asked, at=now())
    left = _("; %(left)s stays on account") % {"left": dollars(taken.allocation.left)} if taken.allocation.left else ""
    said = _("%(amount)s taken, receipt %(receipt)s%(left)s.")
    text_ = said % {"amount": dollars(data["amount"]), "receipt": taken.receipt, "left": left}
    return Done(text=text_, entry=taken.entry.key)


def _ask_apply(_at: Desk, _subject: Subject, data: Any) -> LinesForm:
    return made({"release": check(_l("Money kept for a visit too"))}, data)


def _apply(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    entry = apply_unapplied(at.actor, subject.patient, key, at.today, release=form.cleaned_data["release"], at=now())
    if entry is None:
        return Done(text=_("Nothing to do: no money is free, or nothing is owed."))
    return Done(text=_("The money on account was put to what is owed."), entry=entry.key)


def _has_money(subject: Subject) -> str:
    return "" if subject.unapplied > 0 else _("No money is on account.")


def _ask_move(_at: Desk, subject: Subject, data: Any) -> LinesForm:
    paid = [(line.key, line_name(line, paid=True)) for line in subject.lines if line.paid > 0]
    fields = {
        "from_line": choice(_l("From the line (paid on it)"), paid, first=True),
        "to_line": choice(_l("To the line (owed on it)"), [(line.key, line_name(line)) for line, _o in owing(subject)]),
        "amount": money(_l("Amount")),
        "reason": text(REASON),
    }
    return made(fields, data)


def _move(at: Desk, _subject: Subject, form: LinesForm, key: str) -> Done:
    data = form.cleaned_data
    entry = move_payment(
        at.actor, data["from_line"], data["to_line"], data["amount"], key, at.today, reason=data["reason"], at=now()
    )
    return Done(text=_("%(amount)s moved.") % {"amount": dollars(data["amount"])}, entry=entry.key)


def _can_move(subject: Subject) -> str:
    paid = any(line.paid > 0 for line in subject.lines)
    return "" if paid and owing(subject) else _("Nothing was paid that another line could use.")


def _ask_family(at: Desk, subject: Subject, data: Any) -> LinesForm:
    others = Subject(subject.scope, patients=family_of(subject, at.today))
    people = [(str(row), f"{family.upper()}, {given}") for row, (family, given) in others.people.items()]
    fields = {
        "to": choice(_l("To the account of"), people, first=True),
        "amount": money(_l("Amount")),
        "reason": text(REASON),
    }
    return made(fields, data, amount=subject.unapplied)


def _to_family(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    data = form.cleaned_data
    entry = move_unapplied(
        at.actor, subject.patient, int(data["to"]), data["amount"], key, at.today, reason=data["reason"], at=now()
    )
    return Done(text=_("%(amount)s moved.") % {"amount": dollars(data["amount"])}, entry=entry.key)


def _ask_refund(_at: Desk, subject: Subject, data: Any) -> LinesForm:
    credit = sum(one.amount for one in subject.credits)
    allowed = dollars(policy(subject.scope).refund_limit)
    hint = _("%(credit)s can be given back. Above %(limit)s a second person approves.")
    fields = {
        "amount": money(_l("Amount"), first=True, help_text=hint % {"credit": dollars(credit), "limit": allowed}),
        "reason": text(_l("Why it is given back")),
        "despite": check(_l("The patient wants it although they owe elsewhere")),
    }
    return made(fields, data, amount=credit or None)


def _refund(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    data = form.cleaned_data
    number = request_refund(
        at.actor, patient_party(subject.patient), data["amount"], key, at.today, reason=data["reason"],
        despite_balance=data["despite"], at=now(),
    )  # fmt: skip
    waits = data["amount"] > policy(subject.scope).refund_limit
    said = _("Refund %(number)s waits for a second person.") if waits else _("Refund %(number)s is approved; issue it.")
    back = {"reason": _("asked by mistake")}
    return Done(text=said % {"number": number}, undo=("case-deed", f"{number}/refuse", back), opens=("case", number))


def _has_credit(subject: Subject) -> str:
    return "" if subject.credits else _("Nothing is there to give back.")


DEEDS = (
    Deed(
        name="payment", of=("patient", "guarantor"), title=_l("Take a payment"), verb=_l("Take payment"), key="p",
        needs=Permission.TAKE_PAYMENT, ask=_ask_payment, do=_take, group="money",
        about=_l("What is more than owed stays on account. Only the last four digits of a card are ever kept."),
    ),
    Deed(
        name="apply", of=("patient",), title=_l("Put money on account to what is owed"), verb=_l("Put it there"),
        needs=Permission.TAKE_PAYMENT, ask=_ask_apply, do=_apply, fits=_has_money, group="money",
        about=_l("The oldest service first. Money kept for a visit waits for that visit unless you say otherwise."),
    ),
    Deed(
        name="move-payment", of=("patient", "guarantor"), title=_l("Move a payment to another line"), verb=_l("Move"),
        needs=Permission.TRANSFER, ask=_ask_move, do=_move, fits=_can_move, group="money",
        about=_l("The patient’s own money that is on the wrong line."),
    ),
    Deed(
        name="move-money", of=("patient",), title=_l("Move money on account to a family member"), verb=_l("Move"),
        needs=Permission.TRANSFER, ask=_ask_family, do=_to_family, fits=_has_money, group="money",
        about=_l("Only between patients for whom the same guarantor pays."),
    ),
    Deed(
        name="refund", of=("patient",), title=_l("Ask for a refund"), verb=_l("Ask for refund"), key="r",
        needs=Permission.REFUND, ask=_ask_refund, do=_refund, fits=_has_credit, previews=False, group="money",
        about=_l("Never more than the credit. Nothing is posted until the check goes out."),
    ),
)  # fmt: skip
