"""What becomes of a case: a payment that came back, a refund, a write-off that waits, a plan, a placement."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.actions import (
    agency_payment,
    approve_refund,
    approve_write_off,
    cancel_plan,
    clear_refund,
    close_placement,
    issue_refund,
    reallocate,
    recall,
    refuse_refund,
    refuse_write_off,
    reinstate_plan,
    renegotiate_plan,
    return_payment,
    void_payment,
    void_refund,
)
from superbill.app.billing.models import PaymentPlan
from superbill.app.billing.plans import facts_of, still_owed
from superbill.app.practices.queries import policy
from superbill.app.web.accounts.deeds import Deed, Done
from superbill.app.web.accounts.deeds_balances import foresee, plan_fields
from superbill.app.web.accounts.deeds_money import RULES, owing
from superbill.app.web.accounts.forms import REASON, LinesForm, check, choice, made, money, text
from superbill.app.web.accounts.queries_subjects import Subject
from superbill.app.web.desk import Desk, now
from superbill.ledger.instalments import month_after
from superbill.money import dollars


def _number(subject: Subject) -> int:
    assert subject.case is not None
    return int(subject.case.number)


def _in(*states: str) -> Any:
    """Fits only a case in one of these states."""

    def fits(subject: Subject) -> str:
        there = subject.case is not None and subject.case.state in states
        return "" if there else _("It is not at that point.")

    return fits


def _ask_reason(_at: Desk, _subject: Subject, data: Any) -> LinesForm:
    return made({"reason": text(REASON, first=True)}, data)


def _ask_nothing(_at: Desk, _subject: Subject, data: Any) -> LinesForm:
    return made({}, data)


def _ask_reallocate(_at: Desk, subject: Subject, data: Any) -> LinesForm:
    fields = {"rule": choice(_l("Goes to"), [(key or "oldest-first", words) for key, words in RULES], first=True),
              "reason": text(REASON)}  # fmt: skip
    offered = [(line, line.owed + line.paid) for line in subject.lines if line.owed + line.paid > 0]
    return made(fields, data, offered=offered)


def _reallocate(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    data, asked = form.cleaned_data, form.by_line
    rule = "lines" if asked else data["rule"]
    entry = reallocate(at.actor, _number(subject), rule, key, at.today, reason=data["reason"], asked=asked, at=now())
    return Done(text=_("The payment was put elsewhere."), entry=entry.key)


def _void(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    void_payment(at.actor, _number(subject), at.today, reason=form.cleaned_data["reason"], at=now())
    return Done(text=_("The payment is voided: it leaves every line."))


def _ask_return(_at: Desk, subject: Subject, data: Any) -> LinesForm:
    fields = {
        "reason": text(_l("What the bank says, such as insufficient funds"), first=True),
        "charged_back": check(_l("A card payment that was disputed")),
        "fee": money(_l("Fee for the patient"), needed=False),
        "bank_fee": money(_l("Fee that the bank kept"), needed=False),
    }
    return made(fields, data, fee=policy(subject.scope).returned_payment_fee or None)


def _return(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    data = form.cleaned_data
    entry = return_payment(
        at.actor, _number(subject), at.today, reason=data["reason"], charged_back=data["charged_back"],
        fee=data["fee"] or 0, bank_fee=data["bank_fee"] or 0, at=now(),
    )  # fmt: skip
    return Done(text=_("The payment came back; what it paid is open again."), entry=entry.key)


def _approve_refund(at: Desk, subject: Subject, _form: LinesForm, _key: str) -> Done:
    approve_refund(at.actor, _number(subject), at.today, at=now())
    return Done(text=_("Approved. It goes out when somebody issues the check."), opens=("approvals", ""))


def _refuse_refund(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    refuse_refund(at.actor, _number(subject), at.today, reason=form.cleaned_data["reason"], at=now())
    return Done(text=_("No refund: the credit stands as before."), opens=("approvals", ""))


def _ask_check(_at: Desk, _subject: Subject, data: Any) -> LinesForm:
    return made({"check_number": text(_l("Check number, or that of the card credit"), most=40, first=True)}, data)


def _issue(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    entry = issue_refund(at.actor, _number(subject), at.today, check_number=form.cleaned_data["check_number"], at=now())
    return Done(text=_("The refund is on its way."), entry=entry.key)


def _ask_void_refund(_at: Desk, _subject: Subject, data: Any) -> LinesForm:
    return made({"reason": text(REASON, first=True), "again": check(_l("Issue another check for it"))}, data)


def _void_refund(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    data = form.cleaned_data
    void_refund(at.actor, _number(subject), at.today, reason=data["reason"], issue_again=data["again"], at=now())
    return Done(text=_("The check is voided; the credit stands again."))


def _clear(at: Desk, subject: Subject, _form: LinesForm, _key: str) -> Done:
    clear_refund(at.actor, _number(subject), at.today, at=now())
    return Done(text=_("The bank paid it."))


def _approve_write_off(at: Desk, subject: Subject, _form: LinesForm, _key: str) -> Done:
    entry = approve_write_off(at.actor, _number(subject), at.today, at=now())
    return Done(text=_("Approved and posted."), entry=entry.key, opens=("approvals", ""))


def _refuse_write_off(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    refuse_write_off(at.actor, _number(subject), at.today, reason=form.cleaned_data["reason"], at=now())
    return Done(text=_("Not written off; nothing was posted."), opens=("approvals", ""))


def _plan(subject: Subject) -> PaymentPlan:
    assert isinstance(subject.case, PaymentPlan)
    return subject.case


def _ask_renegotiate(at: Desk, _subject: Subject, data: Any) -> LinesForm:
    return made({**plan_fields(), "reason": text(REASON)}, data, months=6, first=month_after(at.today, 1))


def _foresee(at: Desk, subject: Subject, form: LinesForm) -> Any:
    return foresee(at, still_owed(at.scope, facts_of(_plan(subject))), form.cleaned_data)


def _renegotiate(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    data = form.cleaned_data
    number = renegotiate_plan(
        at.actor, _number(subject), data["first"], key, at.today, reason=data["reason"],
        months=0 if data["each"] else data["months"] or 0, each=data["each"] or 0, down=data["down"] or 0, at=now(),
    )  # fmt: skip
    return Done(text=_("Plan %(number)s takes its place.") % {"number": number}, opens=("case", number))


def _cancel(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    cancel_plan(at.actor, _number(subject), at.today, reason=form.cleaned_data["reason"], at=now())
    return Done(text=_("The plan is no more; what is owed is owed at once again."))


def _reinstate(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    reinstate_plan(at.actor, _number(subject), at.today, reason=form.cleaned_data["reason"], at=now())
    return Done(text=_("The plan goes on."))


def _recall(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    entry = recall(at.actor, _number(subject), at.today, reason=form.cleaned_data["reason"], at=now())
    return Done(text=_("It is ours to collect again."), entry=entry.key if entry else "")


def _close(at: Desk, subject: Subject, form: LinesForm, _key: str) -> Done:
    close_placement(at.actor, _number(subject), at.today, reason=form.cleaned_data["reason"], at=now())
    return Done(text=_("The agency is done with it."))


def _ask_agency(_at: Desk, _subject: Subject, data: Any) -> LinesForm:
    fields = {
        "gross": money(_l("Collected from the patient"), first=True),
        "fee": money(_l("Kept by the agency as its fee"), needed=False),
        "reference": text(_l("Their remittance number"), most=40, needed=False),
    }
    return made(fields, data)


def _agency(at: Desk, subject: Subject, form: LinesForm, key: str) -> Done:
    data = form.cleaned_data
    taken = agency_payment(
        at.actor, _number(subject), data["gross"], data["fee"] or 0, key, at.today, reference=data["reference"],
        at=now(),
    )  # fmt: skip
    said = _("%(amount)s taken from the agency, receipt %(receipt)s.")
    return Done(text=said % {"amount": dollars(data["gross"]), "receipt": taken.receipt}, entry=taken.entry.key)


def _owes_on_lines(subject: Subject) -> str:
    there = _in("taken")(subject)
    return str(there) or ("" if owing(subject) or any(line.paid for line in subject.lines) else _("Nothing is owed."))


_P = Permission
DEEDS = (
    Deed(
        name="reallocate",
        of=("receipt",),
        title=_l("Put it to other lines"),
        verb=_l("Put it there"),
        needs=_P.TAKE_PAYMENT,
        ask=_ask_reallocate,
        do=_reallocate,
        fits=_owes_on_lines,
    ),
    Deed(
        name="void",
        of=("receipt",),
        title=_l("Void: it was never made"),
        verb=_l("Void"),
        needs=_P.TAKE_PAYMENT,
        ask=_ask_reason,
        do=_void,
        fits=_in("taken"),
    ),
    Deed(
        name="return",
        of=("receipt",),
        title=_l("Returned by the bank"),
        verb=_l("It came back"),
        needs=_P.RECONCILE,
        ask=_ask_return,
        do=_return,
        fits=_in("taken"),
    ),
    Deed(
        name="approve",
        of=("refund",),
        title=_l("Approve"),
        verb=_l("Approve"),
        needs=_P.APPROVE,
        key="1",
        ask=_ask_nothing,
        do=_approve_refund,
        fits=_in("requested"),
        previews=False,
    ),
    Deed(
        name="refuse",
        of=("refund",),
        title=_l("Refuse or withdraw"),
        verb=_l("No refund"),
        needs=_P.REFUND,
        key="2",
        ask=_ask_reason,
        do=_refuse_refund,
        fits=_in("requested", "approved"),
        previews=False,
    ),
    Deed(
        name="issue",
        of=("refund",),
        title=_l("Issue the check"),
        verb=_l("Issue"),
        needs=_P.REFUND,
        key="1",
        ask=_ask_check,
        do=_issue,
        fits=_in("approved"),
    ),
    Deed(
        name="void",
        of=("refund",),
        title=_l("Void the check"),
        verb=_l("Void"),
        needs=_P.REFUND,
        ask=_ask_void_refund,
        do=_void_refund,
        fits=_in("issued"),
    ),
    Deed(
        name="clear",
        of=("refund",),
        title=_l("The bank paid it"),
        verb=_l("Cleared"),
        needs=_P.RECONCILE,
        ask=_ask_nothing,
        do=_clear,
        fits=_in("issued"),
        previews=False,
    ),
    Deed(
        name="approve",
        of=("approval",),
        title=_l("Approve"),
        verb=_l("Approve and post"),
        needs=_P.APPROVE,
        key="1",
        ask=_ask_nothing,
        do=_approve_write_off,
        fits=_in("waiting"),
    ),
    Deed(
        name="refuse",
        of=("approval",),
        title=_l("Refuse or withdraw"),
        verb=_l("Do not write off"),
        needs=_P.WRITE_OFF,
        key="2",
        ask=_ask_reason,
        do=_refuse_write_off,
        fits=_in("waiting"),
        previews=False,
    ),
    Deed(
        name="renegotiate",
        of=("paymentplan",),
        title=_l("Renegotiate"),
        verb=_l("Make the new plan"),
        needs=_P.TAKE_PAYMENT,
        ask=_ask_renegotiate,
        do=_renegotiate,
        fits=_in("active", "defaulted"),
        foresee=_foresee,
        about=_l("A new plan over what is still owed takes the place of this one."),
    ),
    Deed(
        name="cancel",
        of=("paymentplan",),
        title=_l("Cancel"),
        verb=_l("Cancel the plan"),
        needs=_P.TAKE_PAYMENT,
        ask=_ask_reason,
        do=_cancel,
        fits=_in("active", "defaulted"),
        previews=False,
    ),
    Deed(
        name="reinstate",
        of=("paymentplan",),
        title=_l("Let it go on"),
        verb=_l("Let it go on"),
        needs=_P.TAKE_PAYMENT,
        ask=_ask_reason,
        do=_reinstate,
        fits=_in("defaulted"),
        previews=False,
    ),
    Deed(
        name="recall",
        of=("placement",),
        title=_l("Recall"),
        verb=_l("Recall"),
        needs=_P.COLLECT,
        ask=_ask_reason,
        do=_recall,
        fits=_in("placed"),
    ),
    Deed(
        name="close",
        of=("placement",),
        title=_l("Close"),
        verb=_l("Close"),
        needs=_P.COLLECT,
        ask=_ask_reason,
        do=_close,
        fits=_in("placed"),
        previews=False,
    ),
    Deed(
        name="agency-payment",
        of=("placement",),
        title=_l("Paid through the agency"),
        verb=_l("Take payment"),
        needs=_P.COLLECT,
        ask=_ask_agency,
        do=_agency,
        fits=_in("placed", "closed"),
    ),
)
