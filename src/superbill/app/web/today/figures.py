"""The practice in figures, each opening what it sums."""

from django.http import HttpRequest, HttpResponse

from superbill.app.reports.aging import BUCKETS, aging
from superbill.app.reports.queries import Totals, totals
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, show
from superbill.app.web.queries import payer_names
from superbill.app.web.today.queries import unbalanced_entries

ANSWERED = ("paid", "partly_denied", "denied", "reversed")


@desk(CHARTS, CLAIMS, LEDGER)
def figures(request: HttpRequest, at: Desk) -> HttpResponse:
    """Figures only: no patient is named here."""
    found = totals(at.scope)
    rows = aging(at.scope, at.today)
    names = payer_names(at.scope)
    unbalanced = unbalanced_entries(at.scope)
    sums = [sum(row.buckets[place] for row in rows) for place in range(len(BUCKETS))]
    return show(
        request,
        at,
        "today/figures",
        "today",
        figures_open=True,
        totals=found,
        funnel=_funnel(found),
        attention=_attention(found),
        money=_money(found),
        ages=[words for _, words in BUCKETS],
        aging=[(row, names.get(row.payer, row.payer) if row.payer else "Patients") for row in rows],
        aging_sums=sums,
        aging_total=sum(sums),
        unbalanced=unbalanced,
    )


def _funnel(found: Totals) -> list[tuple[str, int, str, str, str]]:
    """(stage, count, note, route, filter) from visit to payment."""
    claims, visits = found.claims, found.visits
    coded = visits["billed"] + visits["coded"]
    paid = claims["paid"] + claims["partly_denied"]
    answered = sum(claims[state] for state in ANSWERED)
    sent = found.sent
    waiting = claims["sent"] + claims["accepted"]
    return [
        ("Visits", found.visit_count, "", "visits", ""),
        ("Coded", coded, f"{visits['not_billable']} not billable, {visits['held']} held", "visits", "coded-or-billed"),
        ("Claims", found.claim_count, "primary and secondary; self-pay visits have none", "claims", ""),
        ("Sent", sent, f"{claims['held']} held, {claims['ready']} ready", "claims", "went-out"),
        ("Answered", answered, f"{waiting} waiting, {claims['rejected']} rejected", "claims", "answered"),
        ("Paid", paid, f"{claims['denied']} denied, {claims['partly_denied']} in part", "claims", "paid-or-in-part"),
    ]


def _attention(found: Totals) -> list[tuple[str, str, str, int]]:
    """(route, kind, state, count) of everything that waits for a person."""
    rows = [
        ("visits", "visit", "held", found.visits["held"]),
        *(("claims", "claim", state, found.claims[state]) for state in ("held", "rejected", "denied", "partly_denied")),
    ]
    return [row for row in rows if row[-1]]


def _money(found: Totals) -> list[tuple[str, int, str]]:
    """(part, cents, note): the charge and what became of it."""
    money = found.money
    return [
        ("Paid by insurance", money.insurance_paid, ""),
        ("Paid by patients", money.patient_paid, ""),
        ("Given up by contract", money.adjusted, ""),
        ("Refused", money.denied, "still the payers’ until worked"),
        ("With insurance", money.insurance - money.denied, "sent, rejected or held; not answered"),
        ("Patients owe", money.patient, ""),
    ]
