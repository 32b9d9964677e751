"""Payments of payers: the list, one of them claim by claim, what is in the journal, and taking it back."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.actions import rehearse
from superbill.app.remits.actions import accept_remittance, dismiss_remittance, void_remittance
from superbill.app.remits.models import RemittanceState
from superbill.app.remits.queries import preview_remittance
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, now, read, show
from superbill.app.web.forms import attempt
from superbill.app.web.notices import tell
from superbill.app.web.payments.forms import METHODS, ListForm, WhyForm
from superbill.app.web.payments.queries import (
    SORTS,
    Payment,
    Wanted,
    booked,
    payers_paying,
    payment_list,
    sums_of,
)
from superbill.app.web.payments.queries import payment as stored_payment
from superbill.app.web.payments.queries_files import files_to_post
from superbill.app.web.queries import payer_names
from superbill.app.web.today.saved import kept_filters
from superbill.money import dollars

POST = Permission.POST_REMITTANCE
REASONS = {
    "WO": gettext_lazy("overpayment recovered"),
    "FB": gettext_lazy("balance carried forward"),
    "L6": gettext_lazy("interest"),
    "72": gettext_lazy("refund that the practice sent"),
    "CS": gettext_lazy("adjustment"),
    "J1": gettext_lazy("nonreimbursable"),
    "50": gettext_lazy("late charge"),
}
METHOD_NAMES = dict(METHODS)
_FILTERS = ("payer", "state", "method", "since", "until", "least", "most", "trace")


@desk(CHARTS, CLAIMS, LEDGER)
def payments(request: HttpRequest, at: Desk) -> HttpResponse:
    """Payments of payers, the latest first, filtered and sorted by the address. No patient is named here."""
    names = payer_names(at.scope)
    payers = sorted(((key, names.get(key, key)) for key in payers_paying(at.scope)), key=lambda one: one[1])
    form = ListForm(request.GET or None, payers=payers)
    form.is_valid()
    given = form.cleaned_data if form.is_bound else {}
    sort = request.GET.get("sort", "-day")
    sort = sort if sort.removeprefix("-") in SORTS else "-day"
    wanted = Wanted(sort=sort, **{name: given[name] for name in _FILTERS if given.get(name) not in (None, "")})
    found = payment_list(at.scope, wanted, request.GET.get("page", ""))
    kept = {name: request.GET[name] for name in _FILTERS if request.GET.get(name)}
    return show(
        request,
        at,
        "payments/payments",
        "payments",
        page=found.page,
        amount=found.amount,
        names=names,
        form=form,
        filtered=bool(kept),
        kept=kept_filters(at, "payments", urlencode({**kept, **({"sort": sort} if sort != "-day" else {})})),
        heads=_heads(sort, kept),
        query="".join(f"&{urlencode({name: value})}" for name, value in {**kept, "sort": sort}.items()),
        methods=METHOD_NAMES,
        may_post=at.may(POST),
        to_post=files_to_post(at.scope),
    )


def _heads(sort: str, kept: dict[str, str]) -> list[dict[str, str]]:
    """The columns with the address that sorts by each, and how it is sorted now."""
    named = (
        ("trace", _("Trace or check"), ""), ("payer", _("Payer"), ""), ("day", _("Day"), "wide"),
        ("", _("Paid by"), "wide"), ("state", _("State"), ""), ("", _("Claims"), "n wide"),
        ("amount", _("Amount"), "n"),
    )  # fmt: skip
    heads = []
    for key, label, style in named:
        now = sort.removeprefix("-") == key
        down = sort == key or (not now and key in ("day", "amount"))
        towards = f"-{key}" if down else key
        order = "" if not key else ("descending" if sort.startswith("-") else "ascending") if now else "none"
        heads.append({"label": label, "style": style, "order": order, "to": urlencode({**kept, "sort": towards})})
    return heads


@desk(CHARTS, CLAIMS, LEDGER)
def payment(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """One payment: its money explained, claim by claim; a held one with what can be done."""
    return _payment(request, at, row_id, WhyForm())


def _payment(request: HttpRequest, at: Desk, row_id: int, form: WhyForm, status: int = 200) -> HttpResponse:
    found = _found(request, at, row_id)
    read(at, "claim", [one.row.claim_id for one in found.claims.rows if one.row.claim_id])
    document = found.document
    held = found.row.state in (RemittanceState.HELD, RemittanceState.WAITING)
    taken = sum(one.amount for one in document.provider_adjustments)
    return show(
        request,
        at,
        "payments/payment",
        "payments",
        status=status,
        payment=found,
        document=document,
        page=found.claims,
        held=preview_remittance(at.scope, document, payer_key=found.row.payer_key) if held else None,
        of_claims=sum(claim.paid for claim in document.claims),
        adjustments=[(one, REASONS.get(one.reason, "")) for one in document.provider_adjustments],
        of_adjustments=taken,
        added=-taken,
        method=METHOD_NAMES.get(document.payment_method, document.payment_method),
        sums=sums_of(at.scope, found.row.source) if found.entries else [],
        form=form,
        may_post=at.may(POST),
    )


@desk(CHARTS, CLAIMS, LEDGER)
def journal(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """The entries that a payment has made, as the journal has them."""
    found = _found(request, at, row_id)
    page = booked(at.scope, found.row.source, request.GET.get("page", ""))
    read(at, "claim", [one.row.claim_id for one in found.claims.rows if one.row.claim_id])
    return show(request, at, "payments/journal", "payments", payment=found, page=page)


@desk(CHARTS, CLAIMS, LEDGER, POST, methods=("GET", "HEAD", "POST"))
def undo(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """What comes back when a payment is taken back; then it is done, under the day that is open."""
    found = _found(request, at, row_id)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with attempt(form):
            done = void_remittance(at.actor, row_id, on=at.today, why=form.cleaned_data["why"], at=now())
            tell(request, _undone(found.row.trace_number, done.entries, done.claims, done.withdrawn))
            return redirect("payment", at.practice.key, row_id)
    refused, coming = "", None
    try:
        coming = rehearse(at.scope, lambda: void_remittance(at.actor, row_id, on=at.today, why="preview", at=now()))
    except Exception as error:  # what can't be taken back is told on the page, before anybody asks for it
        from superbill.app.problems import told

        refused = told(error) or ""
        if not refused:
            raise
    read(at, "claim", [one.row.claim_id for one in found.claims.rows if one.row.claim_id])
    back = sum(line.before.paid - line.after.paid for line in coming.lines) if coming else 0
    return show(
        request,
        at,
        "payments/undo",
        "payments",
        status=422 if form.errors else 200,
        payment=found,
        page=found.claims,
        coming=coming,
        back=back,
        opens=sum(line.after.insurance - line.before.insurance for line in coming.lines) if coming else 0,
        patient=sum(line.after.patient - line.before.patient for line in coming.lines) if coming else 0,
        refused=refused,
        form=form,
    )


def _undone(trace: str, entries: int, claims: int, withdrawn: int) -> str:
    said = _("Payment %(trace)s is taken back: %(entries)d entries reversed, %(claims)d claims are as they were.") % {
        "trace": trace,
        "entries": entries,
        "claims": claims,
    }
    more = _(" %d claims to next payers that had not gone out were withdrawn.") % withdrawn if withdrawn else ""
    return said + more


@desk(CHARTS, CLAIMS, LEDGER, POST, methods=("POST",))
def accept(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """Post a held payment after all: a person has looked at it."""
    found = _found(request, at, row_id)
    done = accept_remittance(at.actor, row_id, at=now())
    if done.held:
        tell(request, f"{done.findings[0].message} {done.findings[0].fix}", trouble=True)
    else:
        amount = dollars(found.row.payment_amount)
        tell(request, _("Payment %(trace)s posted: %(amount)s.") % {"trace": found.row.trace_number, "amount": amount})
    return redirect("payment", at.practice.key, done.id)


@desk(CHARTS, CLAIMS, LEDGER, POST, methods=("POST",))
def dismiss(request: HttpRequest, at: Desk, row_id: int) -> HttpResponse:
    """Put a held payment away, with a reason."""
    found = _found(request, at, row_id)
    form = WhyForm(request.POST)
    if form.is_valid():
        with attempt(form):
            dismiss_remittance(at.actor, row_id, form.cleaned_data["why"], at=now())
            tell(request, _("Payment %s is put away. Its file can be posted again.") % found.row.trace_number)
            return redirect("payment", at.practice.key, row_id)
    return _payment(request, at, row_id, form, status=422)


def _found(request: HttpRequest, at: Desk, row_id: int) -> Payment:
    found = stored_payment(at.scope, row_id, request.GET.get("page", ""))
    if found is None:
        raise Http404
    return found
