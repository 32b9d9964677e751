"""Balances: forgiven, moved between insurance and patient, promised by the month, handed to an agency."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.actions import (
    BadAmount,
    WriteOff,
    forgive_or_ask,
    make_plan,
    place,
    place_guarantor,
    transfer_to_insurance,
    transfer_to_patient,
    transfer_to_payer,
)
from superbill.app.billing.standing import promised_lines
from superbill.app.billing.write_offs import charity_parts, limit, patient_parts
from superbill.app.practices.queries import policy
from superbill.app.web.accounts.deeds import Deed, Done
from superbill.app.web.accounts.deeds_money import owing
from superbill.app.web.accounts.forms import REASON, LinesForm, check, choice, day, made, money, text
from superbill.app.web.accounts.queries_subjects import OpenLine, Subject
from superbill.app.web.desk import Desk, now
from superbill.app.web.queries import payer_names
from superbill.ledger.instalments import BadSchedule, month_after, schedule
from superbill.ledger.reasons import TO_PATIENT, WRITE_OFFS
from superbill.money import Cents, dollars
from superbill.site.appeals import PayerRules

_BY_FORM = frozenset({"charity", "bad-debt"})  # these have deeds of their own


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _write_off_reasons() -> list[tuple[str, str]]:
    return [(code, _capital(one.told)) for code, one in WRITE_OFFS.items() if code not in _BY_FORM]


def _ask_write_off(at: Desk, subject: Subject, data: Any) -> LinesForm:
    fields = {
        "reason": choice(REASON, _write_off_reasons(), first=True),
        "note": text(_l("Note for the books"), needed=False),
    }
    open_ = [(line, line.owed + line.insurance) for line in subject.lines if line.owed + line.insurance > 0]
    form = made(fields, data, offered=open_)
    allowed = dollars(limit(at.actor, at.scope))
    said = _("You may forgive %(limit)s for a patient in a day; above it a second person decides.")
    form.hint = said % {"limit": allowed}
    return form


def _forgiven(at: Desk, what: WriteOff, key: str) -> Done:
    """At once, or left for a second person."""
    if not what.lines:
        raise BadAmount(_("Say how much of which line."))
    amount = dollars(what.amount)
    entry, number = forgive_or_ask(at.actor, what, key, at.today, at=now())
    if entry is None:
        text_ = _("%(amount)s waits for a second person as %(number)s. Nothing is posted yet.")
        back = ("case-deed", f"{number}/refuse", {"reason": _("asked by mistake")})
        return Done(text=text_ % {"amount": amount, "number": number}, undo=back)
    return Done(text=_("%(amount)s written off.") % {"amount": amount}, entry=entry.key)


def _write_off(at: Desk, _subject: Subject, form: LinesForm, key: str) -> Done:
    data = form.cleaned_data
    return _forgiven(at, WriteOff(lines=form.parts, reason=data["reason"], note=data["note"]), key)


def _ask_charity(_at: Desk, _subject: Subject, data: Any) -> LinesForm:
    percent = forms.IntegerField(label=_l("Percent of what is owed"), min_value=1, max_value=100)
    percent.widget.attrs["data-focus"] = ""
    return made(
        {"percent": percent, "program": text(_l("Program under which it is granted"), most=80)}, data, percent=100
    )


def _charity(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    percent, program = form.cleaned_data["percent"], form.cleaned_data["program"]
    parts = charity_parts(at.scope, subject.patient, percent)
    return _forgiven(at, WriteOff(lines=parts, reason="charity", program=program, percent=percent), key)


def _nothing(_at: Desk, _subject: Subject, data: Any) -> LinesForm:
    return made({"note": text(_l("Note for the books"), needed=False, first=True)}, data)


def _bad_debt(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    lines = patient_parts(at.scope, subject.patient)
    return _forgiven(at, WriteOff(lines=lines, reason="bad-debt", note=form.cleaned_data["note"]), key)


def _owes(subject: Subject) -> str:
    return "" if owing(subject) else _("Nothing is owed.")


def _is_open(subject: Subject) -> str:
    return "" if any(line.owed + line.insurance > 0 for line in subject.lines) else _("Nothing is open.")


def _held(subject: Subject) -> list[tuple[OpenLine, Cents]]:
    return [(line, line.insurance) for line in subject.lines if line.insurance > 0]


def _is_held(subject: Subject) -> str:
    return "" if _held(subject) else _("Insurance answers for nothing.")


def _payers(at: Desk) -> list[tuple[str, str]]:
    return sorted(payer_names(at.scope).items(), key=lambda item: item[1])


def _ask_to_patient(_at: Desk, subject: Subject, data: Any) -> LinesForm:
    reasons = [(code, _capital(one.told)) for code, one in TO_PATIENT.items()]
    fields = {
        "why": choice(_l("What makes it the patient’s"), reasons, first=True),
        "reason": text(_l("Note for the books"), needed=False),
    }
    return made(fields, data, offered=_held(subject))


def _by_payer(subject: Subject, form: LinesForm) -> tuple[str, tuple[tuple[str, Cents], ...]]:
    """The one payer of the lines that were asked for. Raises BadAmount for none, and for several."""
    payers = {line.payer for line in subject.lines if line.key in form.by_line}
    if len(payers) != 1:
        raise BadAmount(_("Name amounts of lines that one and the same payer answers for."))
    return payers.pop(), form.parts


def _to_patient(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    data, (payer, parts) = form.cleaned_data, _by_payer(subject, form)
    rules = policy(at.scope).payers.get(payer, PayerRules())
    entry = transfer_to_patient(
        at.actor, parts, payer, data["why"], key, at.today, reason=data["reason"], payer_kind=rules.kind, at=now()
    )
    return Done(text=_moved(parts), entry=entry.key)


def _moved(parts: tuple[tuple[str, Cents], ...]) -> str:
    return _("%(amount)s moved.") % {"amount": dollars(sum(amount for _line, amount in parts))}


def _ask_to_insurance(at: Desk, subject: Subject, data: Any) -> LinesForm:
    fields = {"payer": choice(_l("The payer that covers it"), _payers(at), first=True), "reason": text(REASON)}
    return made(fields, data, offered=owing(subject))


def _to_insurance(at: Desk, _subject: Subject, form: LinesForm, key: str) -> Done:
    data = form.cleaned_data
    entry = transfer_to_insurance(at.actor, form.parts, data["payer"], key, at.today, reason=data["reason"], at=now())
    return Done(text=_moved(form.parts), entry=entry.key)


def _ask_to_payer(at: Desk, subject: Subject, data: Any) -> LinesForm:
    fields = {"payer": choice(_l("The payer that takes it on"), _payers(at), first=True), "reason": text(REASON)}
    return made(fields, data, offered=_held(subject))


def _to_payer(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    data, (payer, parts) = form.cleaned_data, _by_payer(subject, form)
    entry = transfer_to_payer(at.actor, parts, payer, data["payer"], key, at.today, reason=data["reason"], at=now())
    return Done(text=_moved(parts), entry=entry.key)


def plan_fields() -> dict[str, Any]:
    """What every plan is agreed on."""
    return {
        "months": forms.IntegerField(
            label=_l("Months"), min_value=1, max_value=120, required=False, help_text=_l("or an amount a month"),
            widget=forms.NumberInput(attrs={"data-focus": ""}),
        ),
        "each": money(_l("Each month"), needed=False),
        "down": money(_l("Paid at once"), needed=False),
        "first": day(_l("First instalment")),
    }  # fmt: skip


def _ask_plan(at: Desk, _subject: Subject, data: Any) -> LinesForm:
    return made(plan_fields(), data, months=6, first=month_after(at.today, 1))


def foresee(at: Desk, amount: Cents, data: dict[str, Any]) -> list[tuple[date, Cents]]:
    """The instalments of a plan over `amount`. Raises BadAmount."""
    months = 0 if data["each"] else data["months"] or 0
    try:
        made_ = schedule(
            amount, data["first"], months=months, each=data["each"] or 0, down=data["down"] or 0, down_on=at.today
        )
    except BadSchedule as error:
        raise BadAmount(f"{error}") from None
    return [(one.on, one.amount) for one in made_]


def _foresee_plan(at: Desk, subject: Subject, form: LinesForm) -> list[tuple[date, Cents]]:
    taken = promised_lines(at.scope, [subject.patient])
    return foresee(at, sum(owed for line, owed in owing(subject) if line.key not in taken), form.cleaned_data)


def _plan(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    data = form.cleaned_data
    number = make_plan(
        at.actor, subject.patient, data["first"], key, at.today, months=0 if data["each"] else data["months"] or 0,
        each=data["each"] or 0, down=data["down"] or 0, at=now(),
    )  # fmt: skip
    back = ("case-deed", f"{number}/cancel", {"reason": _("made by mistake")})
    return Done(text=_("Plan %(number)s is made.") % {"number": number}, undo=back, opens=("case", number))


def _ask_place(at: Desk, _subject: Subject, data: Any) -> LinesForm:
    lost = check(_l("Give it up as bad debt at once"), _l("What is paid later comes back by itself."))
    return made(
        {"agency": text(_l("Agency"), most=80, first=True), "give_up": lost}, data,
        give_up=policy(at.scope).bad_debt_at_placement,
    )  # fmt: skip


def _place(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    agency, give_up = form.cleaned_data["agency"], form.cleaned_data["give_up"]
    if subject.guarantor:
        numbers = place_guarantor(at.actor, subject.guarantor, agency, key, at.today, give_up=give_up, at=now())
    else:
        numbers = [place(at.actor, subject.patient, agency, key, at.today, give_up=give_up, at=now())]
    back = ("case-deed", f"{numbers[0]}/recall", {"reason": _("placed by mistake")}) if len(numbers) == 1 else None
    return Done(text=_("Placed with the agency: %(numbers)s.") % {"numbers": ", ".join(numbers)}, undo=back)


DEEDS = (
    Deed(
        name="write-off", of=("patient", "guarantor"), title=_l("Write off"), verb=_l("Write off"), key="w",
        needs=Permission.WRITE_OFF, ask=_ask_write_off, do=_write_off, fits=_is_open, group="balance",
    ),
    Deed(
        name="charity", of=("patient",), title=_l("Charity care"), verb=_l("Forgive"), needs=Permission.WRITE_OFF,
        ask=_ask_charity, do=_charity, fits=_owes, group="balance",
        about=_l("A percentage of what the patient owes on each line."),
    ),
    Deed(
        name="bad-debt", of=("patient",), title=_l("Give up as bad debt"), verb=_l("Give up"),
        needs=Permission.WRITE_OFF, ask=_nothing, do=_bad_debt, fits=_owes, group="balance",
        about=_l("All that the patient owes. A payment that comes later brings it back."),
    ),
    Deed(
        name="to-patient", of=("patient",), title=_l("Move from insurance to the patient"), verb=_l("Move"),
        needs=Permission.TRANSFER, ask=_ask_to_patient, do=_to_patient, fits=_is_held, group="balance",
        about=_l("Refused where law or contract forbids it: group CO, Medicaid, workers’ compensation."),
    ),
    Deed(
        name="to-insurance", of=("patient",), title=_l("Move from the patient to insurance"), verb=_l("Move"),
        needs=Permission.TRANSFER, ask=_ask_to_insurance, do=_to_insurance, fits=_owes, group="balance",
        about=_l("Coverage was found."),
    ),
    Deed(
        name="to-payer", of=("patient",), title=_l("Move to another payer"), verb=_l("Move"),
        needs=Permission.TRANSFER, ask=_ask_to_payer, do=_to_payer, fits=_is_held, group="balance",
    ),
    Deed(
        name="plan", of=("patient",), title=_l("Make a payment plan"), verb=_l("Make plan"), key="l",
        needs=Permission.TAKE_PAYMENT, ask=_ask_plan, do=_plan, fits=_owes, foresee=_foresee_plan, group="collecting",
        about=_l("The balance stays the patient’s; payments go to the plan’s lines first, and no reminders go out."),
    ),
    Deed(
        name="place", of=("patient", "guarantor"), title=_l("Place with a collection agency"), verb=_l("Place"),
        needs=Permission.COLLECT, ask=_ask_place, do=_place, fits=_owes, group="collecting",
        about=_l("No statement or reminder goes out while it is there."),
    ),
)  # fmt: skip
