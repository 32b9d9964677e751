"""Accounts: who has something open, one patient's ledger in lines and as journal, a guarantor over all dependents."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from superbill.app.billing.actions import patient_party
from superbill.app.billing.queries import AccountLedger, patient_ledger
from superbill.app.documents import decoded
from superbill.app.guarantors.queries import guarantor_of, payers_on
from superbill.app.patients.models import PatientRow
from superbill.app.statements.composing import envelope
from superbill.app.statements.consents import consents, routes
from superbill.app.statements.owing import due_of
from superbill.app.statements.papers import itemized_bill
from superbill.app.threads.queries import threads
from superbill.app.web import sites
from superbill.app.web.accounts.deeds import deeds_of
from superbill.app.web.accounts.deeds_people import HOLDS
from superbill.app.web.accounts.queries import (
    account_holder,
    posted_by,
    statements_of,
    statements_of_guarantor,
)
from superbill.app.web.accounts.queries_cases import cases_of
from superbill.app.web.accounts.queries_list import AGES, ORDERS, STATES, Wanted, account_page, unapplied_of
from superbill.app.web.accounts.queries_subjects import account_subject, guarantor_subject, holds_on
from superbill.app.web.claims.stories import ledger_lines
from superbill.app.web.claims.views import pdf
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, read, show
from superbill.app.web.filters import chosen, query
from superbill.app.web.queries import payer_names
from superbill.app.web.today.saved import kept_filters
from superbill.app.web.words import code_of
from superbill.chart.model import Chart
from superbill.forms.itemized import render as render_bill
from superbill.ledger.entry import Entry
from superbill.money import MoneyError, parse_dollars

_AGE_CHOICES = ("30", "60", "90", "120")


@desk(CHARTS, LEDGER)
def accounts(request: HttpRequest, at: Desk) -> HttpResponse:
    """Accounts with anything open, as asked for."""
    wanted = _wanted(request)
    page = account_page(at.scope, wanted, at.today, request.GET.get("page", ""))
    read(at, "patient", [line.patient for line in page.rows])
    over = f"{wanted.over / 100:.0f}" if wanted.over else ""
    kept = {"over": over, "age": str(wanted.age or ""), "state": wanted.state}
    told = query(**kept, sort=wanted.sort if wanted.sort != "owed" else "")
    return show(
        request, at, "accounts/accounts", "accounts", page=page, wanted=wanted, over=over, part="accounts",
        query=told, filters=query(**kept), kept=kept_filters(at, "accounts", told),
        ages=[f"{first}–{last}" if last < 1000 else f"> {first - 1}" for first, last in AGES], states=_states(),
        choices=_AGE_CHOICES,
    )  # fmt: skip


def _wanted(request: HttpRequest) -> Wanted:
    try:
        over = parse_dollars(request.GET.get("over", "")[:12].replace("$", "").replace(",", "").strip() or "0")
    except MoneyError:
        over = 0
    age = chosen(request, "age", _AGE_CHOICES)
    return Wanted(
        over=max(over, 0), age=int(age or 0), state=chosen(request, "state", STATES),
        sort=chosen(request, "sort", ORDERS) or "owed",
    )  # fmt: skip


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("all")), ("owing", _("owes")), ("credit", _("credit")), ("money", _("money on account")),
        ("plan", _("payment plan")), ("collection", _("with an agency")), ("dispute", _("in dispute")),
        ("mail", _("returned mail")), ("hold", _("any hold")),
    ]  # fmt: skip


@desk(CHARTS, LEDGER)
def account(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """The ledger in plain words, a line per service, with what can be done about it."""
    row, ledger = _books(at, patient)
    subject = account_subject(at.scope, row, ledger)
    return _page(
        request, at, "account", row, ledger, lines=ledger_lines(ledger.lines, ledger.entries, _names(at)),
        statements=statements_of(at.scope, patient), deeds=deeds_of(at, subject), cases=cases_of(subject),
        holds=holds_on(subject, at.today), kinds={kind.value: name for kind, name in HOLDS.items()},
        payer=subject.payer(at.today),
    )  # fmt: skip


@desk(CHARTS, LEDGER)
def journal(request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """The same ledger as double entry: what an auditor reads; of one line where the address names it."""
    row, ledger = _books(at, patient)
    posted = posted_by(at.scope, [entry.key for entry in ledger.entries])
    accounts = {line.key: line.account_number for line in ledger.lines}
    only = request.GET.get("line", "")
    only = only if only in accounts else ""
    undone = {entry.reverses for entry in ledger.entries if entry.reverses}
    entries = [
        (
            *posted.get(entry.key, (0, "")),
            entry,
            [
                (posting, code_of(posting.reason), accounts.get(posting.line, ""))
                for posting in entry.postings
                if only in ("", posting.line)
            ],
            entry.key not in undone and _can_be_undone(entry),
        )
        for entry in ledger.entries
        if not only or any(posting.line == only for posting in entry.postings)
    ]
    names = _names(at) | {patient_party(row.pk): _("the patient")}
    payer = guarantor_of(at.scope, [row.pk], at.today).get(row.pk)
    return _page(request, at, "journal", row, ledger, entries=entries, names=names, only=only, payer=payer)


def _can_be_undone(entry: Entry) -> bool:
    """Entries of people; payers' payments, charges and reversals are taken back elsewhere, or not at all."""
    own = ("patient payment", "returned payment", "refund", "transfer", "write-off", "adjustment")
    return entry.kind in own and not entry.source.startswith(("835:", "provider-level:"))


@desk(CHARTS, LEDGER)
def itemized(_request: HttpRequest, at: Desk, patient: int) -> HttpResponse:
    """The itemized bill of all that was charged, on request."""
    if account_holder(at.scope, patient) is None:
        raise Http404
    read(at, "patient", [patient])
    bill = itemized_bill(at.scope, sites.session(at).site, patient, at.today)
    return pdf(render_bill(bill), f"itemized-{patient}.pdf")


@desk(CHARTS, LEDGER)
def guarantor(request: HttpRequest, at: Desk, guarantor: int) -> HttpResponse:
    """One who pays, over everybody for whom they pay."""
    subject = guarantor_subject(at.scope, guarantor)
    if subject is None or subject.card is None:
        raise Http404
    read(at, "patient", subject.patients)
    due, card = due_of(at.scope, guarantor, at.today), subject.card
    now_for = {patient for patient, payer in payers_on(subject.who_pays.terms, at.today).items() if payer == guarantor}
    loose = unapplied_of(at.scope, subject.patients)
    dependents = []
    for patient in subject.patients:
        owed = sum(one.amount for one in due.lines if one.patient == patient)
        insurance = sum(line.insurance for line in subject.lines if line.patient == patient)
        dependents.append(
            (patient, subject.people[patient], owed, insurance, loose.get(patient, 0), patient in now_for)
        )
    return show(
        request, at, "accounts/guarantor", "accounts", card=card, due=due, subject=subject,
        address=envelope(card).address if card.mailable else (), dependents=dependents,
        owed=sum(one[2] for one in dependents), loose=sum(one[4] for one in dependents),
        insurance=sum(one[3] for one in dependents), deeds=deeds_of(at, subject),
        lines=[(line, subject.people[line.patient]) for line in subject.lines if line.owed],
        route=routes(at.scope, [card], at.today)[guarantor], consents=consents(at.scope, guarantor),
        statements=statements_of_guarantor(at.scope, guarantor), threads=threads(at.scope, guarantor=guarantor),
        holds=holds_on(subject, at.today), kinds={kind.value: name for kind, name in HOLDS.items()},
        cases=cases_of(subject)[:20],
    )  # fmt: skip


def _books(at: Desk, patient: int) -> tuple[PatientRow, AccountLedger]:
    row = account_holder(at.scope, patient)
    if row is None:
        raise Http404
    read(at, "patient", [row.pk])
    return row, patient_ledger(at.scope, row.pk)


def _page(
    request: HttpRequest, at: Desk, template: str, row: PatientRow, ledger: AccountLedger, **context: Any
) -> HttpResponse:
    chart = decoded(row.doc, Chart, f"patient {row.pk}")
    balance = ledger.balance
    return show(
        request,
        at,
        f"accounts/{template}",
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
