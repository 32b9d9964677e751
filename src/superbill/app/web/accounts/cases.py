"""Cases one by one, and what waits: approvals, refunds, payment plans, placements with agencies."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from superbill.app.accounts.permissions import Permission
from superbill.app.billing.write_offs import limit
from superbill.app.practices.queries import policy
from superbill.app.statements.papers import receipt as receipt_paper
from superbill.app.web import sites
from superbill.app.web.accounts.deeds import deeds_of
from superbill.app.web.accounts.queries_cases import KINDS, case_page, facts_of, label_of, listed, steps_of, waiting
from superbill.app.web.accounts.queries_subjects import CASE_NAMES, Subject, case_subject
from superbill.app.web.claims.views import pdf
from superbill.app.web.desk import CHARTS, LEDGER, Desk, desk, read, show
from superbill.app.web.filters import chosen, query
from superbill.app.web.queries import payer_names
from superbill.forms.receipt import render as render_receipt

TITLES = {
    "plans": _("Payment plans"),
    "placements": _("With agencies"),
    "refunds": _("Refunds"),
    "write-offs": _("Write-offs asked for"),
}


def _subject(at: Desk, number: str) -> Subject:
    subject = case_subject(at.scope, number)
    if subject is None or subject.case is None:
        raise Http404
    read(at, "patient", subject.patients)
    return subject


@desk(CHARTS, LEDGER)
def case(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """One receipt, refund, write-off that waits, plan or placement, with all its steps."""
    subject = _subject(at, number)
    row = subject.case
    assert row is not None
    names = payer_names(at.scope) if at.may(Permission.READ_CLAIMS) else {}
    return show(
        request, at, "accounts/case", "accounts", row=row, number=label_of(row), kind=subject.kind,
        name=CASE_NAMES[subject.kind], steps=steps_of(at.scope, row), deeds=deeds_of(at, subject),
        one=listed(at.scope, [row])[0], facts=facts_of(at.scope, row, at.today), names=names,
        own=row.actor == at.actor.name, limit=limit(at.actor, at.scope),
        labels={line.key: line for line in subject.lines},
    )  # fmt: skip


@desk(CHARTS, LEDGER)
def receipt_pdf(_request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """A payment's receipt on paper."""
    subject = _subject(at, number)
    if subject.kind != "receipt" or subject.case is None:
        raise Http404
    made = receipt_paper(at.scope, sites.session(at).site, subject.case.number)
    return pdf(render_receipt(made), f"receipt-{number}.pdf")


@desk(CHARTS, LEDGER)
def approvals(request: HttpRequest, at: Desk) -> HttpResponse:
    """What waits for a second person: write-offs and refunds; and refunds that wait for their check."""
    every = waiting(at.scope)
    read(at, "patient", sorted({one.patient for one in (*every.second, *every.issue) if one.patient}))
    return show(
        request, at, "accounts/approvals", "accounts", waiting=every.second, to_issue=every.issue,
        limit=limit(at.actor, at.scope), approves=at.may(Permission.APPROVE), part="approvals",
        refund_limit=policy(at.scope).refund_limit,
    )  # fmt: skip


@desk(CHARTS, LEDGER)
def case_list(request: HttpRequest, at: Desk, kind: str) -> HttpResponse:
    """Every case of one kind, the latest first, by state."""
    states = KINDS[kind][1]
    state = chosen(request, "state", states)
    page = case_page(at.scope, kind, state, request.GET.get("page", ""))
    read(at, "patient", sorted({one.patient for one in page.rows if one.patient}))
    return show(
        request, at, "accounts/cases", "accounts", kind=kind, title=TITLES[kind], states=states, state=state,
        page=page, query=query(state=state), part=kind,
    )  # fmt: skip
