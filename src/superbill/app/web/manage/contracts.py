"""Contracts: what payers agreed to pay, what past claims would bring under another, and where they paid too little."""

from datetime import date
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse

from superbill.app.accounts.permissions import Permission
from superbill.app.contracts import site_contracts
from superbill.app.path.past import past_bills
from superbill.app.path.variances import Compared, compared
from superbill.app.session import Session
from superbill.app.web.charts import Bar, bars
from superbill.app.web.desk import Desk, desk, show
from superbill.app.web.manage.first import tabs
from superbill.app.web.manage.names import names
from superbill.app.web.manage.period import months
from superbill.app.web.sites import session
from superbill.forms.statement.labels import service_label
from superbill.money import dollars
from superbill.pricing.contract import Contract
from superbill.pricing.contract_book import ContractBook
from superbill.pricing.contract_words import pays_words, scope_words
from superbill.pricing.variance import Tolerance
from superbill.pricing.what_if import what_if

REPORTS = Permission.READ_REPORTS
SHOWN = 100
_A_DOLLAR = Tolerance(cents=1_00, percent=Decimal(0))


@desk(REPORTS)
def contracts(request: HttpRequest, at: Desk) -> HttpResponse:
    """The contracts on file, what past claims would bring under those chosen, and underpaid lines."""
    office = session(at)
    book = site_contracts(office.site, office.site_path.parent)
    asked = months(request, at.today)
    chosen = [found for key in request.GET.getlist("with") if (found := book.named(key)) is not None]
    payer = request.GET.get("payer", "")
    on = _day(request.GET.get("as-if", ""))
    tried = what_if(past_bills(at.scope, payer, asked.first, asked.last), chosen, as_if=on) if chosen else None
    short = _short(office, book)
    return show(
        request,
        at,
        "manage/contracts",
        "manage",
        tabs=tabs(at),
        tab="contracts",
        months=asked,
        payers=names(at, "payer"),
        contracts=[(one, len(list(one.agreement.all_clauses()))) for one in book],
        chosen=[one.agreement.key for one in chosen],
        payer=payer,
        as_if=on,
        tried=tried,
        labels={row.code: service_label(row.code) for row in tried.rows} if tried else {},
        chart=bars("Allowed for past claims", _bars(chosen, tried.allowed) if tried else []),
        short=short[:SHOWN],
        short_total=-sum(one.variance.difference for one in short),
        short_count=len(short),
    )


@desk(REPORTS)
def contract(request: HttpRequest, at: Desk, key: str) -> HttpResponse:
    """One contract: its clauses in words, with their days."""
    office = session(at)
    found = site_contracts(office.site, office.site_path.parent).named(key)
    if found is None:
        raise Http404
    terms = [(term, scope_words(term.scope), pays_words(term)) for term in found.agreement.terms]
    return show(
        request,
        at,
        "manage/contract",
        "manage",
        tabs=tabs(at),
        tab="contracts",
        agreement=found.agreement,
        payer=names(at, "payer").get(found.agreement.payer, found.agreement.payer),
        terms=terms,
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _short(office: Session, book: ContractBook) -> list[Compared]:
    """Lines that payers allowed less for than agreed, the most dollars short first."""
    every = compared(office, book, _A_DOLLAR, "", None, None, None)
    found = [one for one in every if one.variance.verdict == "underpaid"]
    return sorted(found, key=lambda one: (one.variance.difference, one.claim))


def _bars(chosen: list[Contract], allowed: tuple[int, ...]) -> list[Bar]:
    return [
        Bar(label=one.agreement.title or one.agreement.key, parts=(cents,), text=dollars(cents))
        for one, cents in zip(chosen, allowed, strict=True)
    ]
