"""Accounts: who has something open, one patient's ledger in lines and as journal, statements as sent."""

from django.http import Http404, HttpRequest, HttpResponse
from msgspec.structs import replace

from superbill.app.billing.actions import patient_party
from superbill.app.billing.queries import AccountLedger, patient_ledger
from superbill.app.documents import decoded
from superbill.app.patients.models import PatientRow
from superbill.app.statements.queries import patients_on
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, read, show
from superbill.app.web.queries.money import account_holder, account_list, posted_by, statement, statements_of
from superbill.app.web.queries.people import payer_names
from superbill.app.web.stories import ledger_lines
from superbill.app.web.views.claims import pdf
from superbill.app.web.words import code_of
from superbill.chart.model import Chart
from superbill.forms.statement import NothingToSay, StatementData, render


@desk(CHARTS, LEDGER)
def accounts(request: HttpRequest, at: Desk) -> HttpResponse:
    """Patients with anything open, by name."""
    page = account_list(at.scope, request.GET.get("page", ""))
    read(at, "patient", [line.patient for line in page.rows])
    return show(request, at, "accounts", "accounts", page=page)


@desk(CHARTS, LEDGER)
def account(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """The ledger in plain words, a line per service."""
    row, ledger = _books(at, patient)
    names = _names(at)
    lines = ledger_lines(ledger.lines, ledger.entries, names)
    statements = statements_of(at.scope, patient)
    return _page(request, at, "account", row, ledger, lines=lines, statements=statements, names=names)


@desk(CHARTS, LEDGER)
def journal(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """The same ledger as double entry: what an auditor reads."""
    row, ledger = _books(at, patient)
    posted = posted_by(at.scope, [entry.key for entry in ledger.entries])
    accounts = {line.key: line.account_number for line in ledger.lines}
    entries = [
        (
            *posted.get(entry.key, (0, "")),
            entry,
            [(posting, code_of(posting.reason), accounts.get(posting.line, "")) for posting in entry.postings],
        )
        for entry in ledger.entries
    ]
    names = _names(at) | {patient_party(row.pk): "the patient"}
    return _page(request, at, "journal", row, ledger, entries=entries, names=names)


@desk(CHARTS, LEDGER)
def statement_pdf(_request: HttpRequest, at: Desk, number: int) -> HttpResponse:
    """A statement as the patient got it."""
    found = statement(at.scope, number)
    if found is None:
        raise Http404
    read(at, "patient", patients_on(at.scope, found.pk))
    named = f"S{found.number:06d}"
    data = replace(decoded(found.doc, StatementData, f"statement {number}"), number=named)
    try:
        return pdf(render(data), f"statement-{named}.pdf")
    except NothingToSay:
        raise Http404 from None


def _books(at: Desk, patient: int) -> tuple[PatientRow, AccountLedger]:
    row = account_holder(at.scope, patient)
    if row is None:
        raise Http404
    read(at, "patient", [row.pk])
    return row, patient_ledger(at.scope, row.pk)


def _page(
    request: HttpRequest, at: Desk, template: str, row: PatientRow, ledger: AccountLedger, **context: object
) -> HttpResponse:
    chart = decoded(row.doc, Chart, f"patient {row.pk}")
    balance = ledger.balance
    return show(
        request,
        at,
        template,
        "accounts",
        row=row,
        patient=chart.patient,
        coverages=chart.coverages,
        balance=balance,
        unapplied=ledger.unapplied,
        due=balance.patient - ledger.unapplied,
        **context,
    )


def _names(at: Desk) -> dict[str, str]:
    """Payers' names, where this person may read the claims that spell them."""
    return payer_names(at.scope) if at.may(CLAIMS) else {}
