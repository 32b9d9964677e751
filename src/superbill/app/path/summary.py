"""What a run came to: the figures a person wants to read, from the database, and the same as data."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from superbill.app.deposits.models import LineState
from superbill.app.deposits.queries import bank_lines
from superbill.app.doctor import DoctorReport, examine
from superbill.app.encounters.models import EncounterState
from superbill.app.path.deciding import Decided, tally
from superbill.app.reports.breakdown import days_in_receivable
from superbill.app.reports.queries import Totals, totals
from superbill.app.session import Books
from superbill.app.statements.queries import statements
from superbill.app.worklists.queries import counts
from superbill.money import Cents, dollars


class Summary(Struct, kw_only=True):
    """The figures of a practice's books. Money in cents; rates from 0 to 1; `days` in accounts receivable. `tasks` are
    open ones with the money `at_stake` in them; of the bank's lines `bank_open` wait for a person."""

    practice: str
    as_of: date
    visits: int
    coded: int
    not_billable: int
    held: int
    claims: int
    sent: int
    ready: int
    held_claims: int
    clean_claim_rate: float | None
    rejected: int
    denied: int
    charged: Cents
    insurance_paid: Cents
    patient_paid: Cents
    adjusted: Cents
    insurance_balance: Cents
    patient_balance: Cents
    days: float | None
    statements: int
    tasks: int
    at_stake: Cents
    bank_lines: int
    bank_open: int
    entries: int
    postings: int
    unbalanced: int
    proof: str
    differences: int
    read: Decided


def summarize(session: Books) -> tuple[Summary, Totals, DoctorReport]:
    """The summary, the totals it comes from, and the doctor's proof of the books."""
    found = totals(session.scope)
    proof = examine(session.scope)
    days = days_in_receivable(session.scope, session.today)
    open_tasks = counts(session.scope).values()
    bank = Counter(row.state for row in bank_lines(session.scope))
    visits, claims, money = found.visits, found.claims, found.money
    unbillable = visits[EncounterState.NOT_BILLABLE] + visits[EncounterState.HELD] + visits[EncounterState.IMPORTED]
    return (
        Summary(
            practice=session.practice_name,
            as_of=session.today,
            visits=found.visit_count,
            coded=found.visit_count - unbillable,
            not_billable=visits[EncounterState.NOT_BILLABLE],
            held=visits[EncounterState.HELD],
            claims=found.claim_count,
            sent=found.sent,
            ready=claims["ready"],
            held_claims=claims["held"],
            clean_claim_rate=found.clean_rate,
            rejected=found.rejected_once,
            denied=claims["denied"] + claims["partly_denied"],
            charged=money.charge,
            insurance_paid=money.insurance_paid,
            patient_paid=money.patient_paid,
            adjusted=money.adjusted,
            insurance_balance=money.insurance,
            patient_balance=money.patient,
            days=float(round(days, 1)) if days is not None else None,
            statements=sum(1 for _ in statements(session.scope)),
            tasks=sum(count for count, _ in open_tasks),
            at_stake=sum(amount for _, amount in open_tasks),
            bank_lines=bank.total(),
            bank_open=bank[LineState.OPEN.value],
            entries=proof.entries,
            postings=found.postings,
            unbalanced=proof.unbalanced,
            proof=f"ledger balanced: {proof.entries:,} entries, {proof.unbalanced:,} unbalanced",
            differences=len(proof.findings),
            read=tally(session.scope),
        ),
        found,
        proof,
    )


def lines(summary: Summary) -> Sequence[tuple[str, str, str]]:
    """(figure, value, note) as a person reads them."""
    s = summary
    sent_share = f"{s.clean_claim_rate:.1%}" if s.clean_claim_rate is not None else "–"
    return (
        ("visits", f"{s.visits:,}", ""),
        ("coded", f"{s.coded:,}", f"{s.not_billable:,} not billable, {s.held:,} held for a person"),
        ("coded from notes", f"{s.read.visits:,}", _became(s.read)),
        ("claims", f"{s.claims:,}", f"{s.sent:,} sent, {s.ready:,} ready, {s.held_claims:,} held by edits"),
        ("clean-claim rate", sent_share, "sent and not rejected by a 999 or 277CA"),
        ("rejected", f"{s.rejected:,}", "before adjudication"),
        ("denied", f"{s.denied:,}", "wholly or in part; still the payer's balance"),
        ("charged", dollars(s.charged), ""),
        ("paid", dollars(s.insurance_paid + s.patient_paid), f"{dollars(s.patient_paid)} by patients"),
        ("adjusted", dollars(s.adjusted), "given up by contract"),
        ("insurance balance", dollars(s.insurance_balance), "waiting or refused"),
        ("patient balance", dollars(s.patient_balance), ""),
        (
            "days in A/R",
            f"{s.days:.1f}" if s.days is not None else "–",
            "open balance ÷ the year's charges per day",
        ),
        ("statements", f"{s.statements:,}", "sent to those who owe"),
        ("bank lines", f"{s.bank_lines:,}", f"{s.bank_open:,} wait for a person"),
        ("tasks", f"{s.tasks:,}", f"{dollars(s.at_stake)} at stake; see superbill work list"),
    )


def _became(read: Decided) -> str:
    """What a person made of the codes suggested from notes."""
    return f"{read.accepted:,} suggested codes accepted, {read.refused:,} refused, {read.added:,} added by a person"
