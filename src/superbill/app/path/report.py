"""The report page of a practice, from its books."""

from collections.abc import Iterator
from pathlib import Path

from superbill.app.path.summary import Summary, lines
from superbill.app.reports.aging import aging
from superbill.app.reports.breakdown import days_to_pay, fates, refused, rule_totals
from superbill.app.reports.queries import Totals
from superbill.app.session import Books
from superbill.findings import Finding
from superbill.forms import report

RULES_SHOWN = 25
WORDS = {
    "billed": "Billed",
    "coded": "Coded, not yet billed",
    "held": "Held for a person",
    "imported": "Waiting to be coded",
    "not_billable": "Not billable",
}


def render_report(session: Books, out: Path, summary: Summary, found: Totals) -> str:
    """The page of what `summarize` found; its links are relative to `out`."""
    return report.render(
        report.ReportData(
            title="From chart to cash",
            practice=summary.practice,
            as_of=summary.as_of,
            entries=summary.entries,
            unbalanced=summary.unbalanced,
            figures=tuple(report.Figure(*line) for line in lines(summary)),
            funnel=_funnel(summary, found),
            waterfall=_waterfall(found),
            aging=tuple(_aging(session)),
            fates=tuple(_fates(session)),
            findings=tuple(_rules(session)),
            denials=tuple(_denials(session)),
            payers=tuple(_payers(session, found)),
            files=tuple(_files(out)),
        )
    )


def _funnel(summary: Summary, found: Totals) -> tuple[report.Stage, ...]:
    claims = found.claims
    primary = summary.claims
    answered = sum(claims[state] for state in ("paid", "partly_denied", "denied", "reversed"))
    paid = claims["paid"] + claims["partly_denied"]
    return (
        report.Stage("Visits", summary.visits),
        report.Stage("Coded", summary.coded, f"{summary.not_billable} not billable, {summary.held} held"),
        report.Stage("Claims", primary, "one or more a visit: primary and secondary; self-pay visits have none"),
        report.Stage("Sent", summary.sent, f"{claims['held']} held by edits"),
        report.Stage("Accepted", summary.sent - summary.rejected, f"{summary.rejected} rejected"),
        report.Stage("Answered", answered, f"{claims['accepted'] + claims['sent']} waiting for the payer"),
        report.Stage("Paid", paid, f"{claims['denied']} denied, {claims['partly_denied']} of the paid ones in part"),
    )


def _waterfall(found: Totals) -> report.Waterfall:
    money = found.money
    return report.Waterfall(
        charges=money.charge,
        less=(
            report.Step("Contract", money.adjusted, "adjustments that the contracts give up"),
            report.Step("Refused", money.denied, "denied and not yet worked"),
            report.Step("With insurance", money.insurance - money.denied, "sent, rejected or held, not answered"),
            report.Step("Patients owe", money.patient, ""),
        ),
        cash=money.insurance_paid + money.patient_paid,
    )


def _aging(session: Books) -> Iterator[report.AgingRow]:
    for row in aging(session.scope, session.today):
        yield report.AgingRow(session.payer_name(row.payer) if row.payer else "Patients", row.buckets)


def _fates(session: Books) -> Iterator[report.Fate]:
    for fate in fates(session.scope):
        yield report.Fate(WORDS.get(fate.state, fate.state), fate.count, fate.why)


def _rules(session: Books) -> Iterator[report.RuleCount]:
    for one in rule_totals(session.scope)[:RULES_SHOWN]:
        example: Finding = one.example
        yield report.RuleCount(one.rule, example.severity, one.count, example.message, example.fix)


def _denials(session: Books) -> Iterator[report.Denial]:
    sums: dict[tuple[str, str], list[int]] = {}
    for one in refused(session.scope):
        both = sums.setdefault((one.group, one.code), [0, 0])
        both[0] += one.lines
        both[1] += one.amount
    for (group, code), (count, amount) in sorted(sums.items(), key=lambda item: -item[1][1]):
        yield report.Denial(group, code, count, amount)


def _payers(session: Books, found: Totals) -> Iterator[report.PayerRow]:
    days = days_to_pay(session.scope)
    stands: dict[str, int] = {}
    for one in refused(session.scope):
        stands[one.payer] = stands.get(one.payer, 0) + one.amount
    for row in found.payers:
        yield report.PayerRow(
            name=session.payer_name(row.payer),
            claims=row.claims,
            charged=row.charge,
            paid=row.paid,
            denied_claims=row.denied_claims,
            denied=stands.get(row.payer, 0),
            days=days.get(row.payer),
        )


_FOLDERS = {
    "837": "claims sent",
    "999": "what the receiver says of each file",
    "277CA": "which claims went into adjudication",
    "835": "payments with their explanation",
    "statements": "patient statements",
    "cms1500": "claims on the paper form",
    "ub04": "a facility's claims",
    "ada": "dental claims",
}


def _files(out: Path) -> Iterator[report.FileLink]:
    for folder, what in _FOLDERS.items():
        count = sum(1 for path in (out / folder).glob("*") if path.is_file()) if (out / folder).is_dir() else 0
        if count:
            yield report.FileLink(f"{folder} ({count:,})", f"{folder}/", what)
