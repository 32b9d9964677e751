"""Patient balances into statements: numbered, kept with the books, and printed."""

from datetime import date, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.billing.queries import (
    LedgerLine,
    PatientDue,
    entries_of_lines,
    patients_with_balance,
)
from superbill.app.encounters.queries import Visit, visits_by_account
from superbill.app.statements.actions import record_statement
from superbill.app.statements.queries import since_statement
from superbill.chart.model import Chart
from superbill.claims.statement import is_facility_account
from superbill.cli.output import Stages
from superbill.cli.path.desk import apply_money_on_account
from superbill.cli.path.files import write_whole
from superbill.cli.session import Session
from superbill.forms.statement import Guarantor, PracticeParty, StatementData, events, render
from superbill.forms.statement.compose import LineEvent, LineFacts, visits
from superbill.money import Cents
from superbill.site.parties import facility_of, location_of, rendering_provider

DAYS_TO_PAY = 30
ADULT = 18


class StatementCounts(Struct):
    """Statements made, what they ask for, and the files written."""

    statements: int = 0
    amount: Cents = 0
    files: int = 0


def run_statements(session: Session, stages: Stages, folder: Path | None) -> StatementCounts:
    """One statement for every patient who owes at least the site's minimum; PDFs into `folder`, None for none."""
    counts = StatementCounts()
    apply_money_on_account(session, session.at)
    for due in patients_with_balance(session.scope, session.site.statement_minimum):
        data = compose(session, due)
        kept = record_statement(session.actor, due.patient_id, session.today, due.due, data, at=session.at)
        counts.statements += 1
        counts.amount += due.due
        if folder is not None:
            numbered = replace(data, number=f"S{kept.number:06d}")
            write_whole(folder / f"statement-{numbered.number}.pdf", render(numbered), durable=False)
            counts.files += 1
        stages.step("Statements")
    return counts


def compose(session: Session, due: PatientDue) -> StatementData:
    """The statement of one patient, line by line from the journal."""
    entries = entries_of_lines(session.scope, (line.key for line in due.lines))
    seen = visits_by_account(session.scope, {line.account_number for line in due.lines})
    since = since_statement(session.scope, due.patient_id, session.today)
    told = events(entries, {entry.key: entry.name for entry in session.site.payers})
    facts = [_facts(session, line, told.get(line.key, ()), seen.get(line.account_number)) for line in due.lines]
    return StatementData(
        practice=_practice(session),
        guarantor=_guarantor(due.chart, session.today),
        number="",
        on=session.today,
        due=session.today + timedelta(days=DAYS_TO_PAY),
        visits=visits(facts),
        previous_balance=since.asked,
        payments_received=since.paid,
        unapplied=due.unapplied,
    )


def _facts(session: Session, line: LedgerLine, told: tuple[LineEvent, ...], seen: Visit | None) -> LineFacts:
    provider = rendering_provider(session.site, seen.encounter) if seen else None
    name = seen.chart.patient.name if seen else None
    place = location_of(session.site, seen.encounter).name if seen else ""
    if is_facility_account(line.key.rpartition("-")[0], line.account_number):
        # A hospital bills its own share, so it stands apart from that of the doctor who was there.
        facility = facility_of(session.site, seen.encounter) if seen else None
        provider, place = None, facility.name if facility else place
    return LineFacts(
        on=line.service_start,
        code=line.code,
        charge=line.balance.charge,
        balance=line.balance,
        events=told,
        provider=f"{provider.first} {provider.last}" if provider else "",
        place=place,
        patient=" ".join([*name.given[:1], name.family]) if name else "",
        payer=_payer_name(session, line.payer) if line.balance.insurance else "",
    )


def _payer_name(session: Session, key: str) -> str:
    entry = session.site.payer(key) if key else None
    return entry.name if entry else key


def _practice(session: Session) -> PracticeParty:
    practice = session.site.practice
    place = practice.pay_to or practice.address
    street = (place.line1, *((place.line2,) if place.line2 else ()))
    zip_code = place.postal_code if len(place.postal_code) <= 5 else f"{place.postal_code[:5]}-{place.postal_code[5:]}"
    phone = practice.contact.phone
    return PracticeParty(
        name=practice.name,
        address=(*street, f"{place.city}, {place.state} {zip_code}"),
        phone=f"({phone[:3]}) {phone[3:6]}-{phone[6:]}" if len(phone) == 10 else phone,
        email=practice.contact.email,
    )


def _guarantor(chart: Chart, today: date) -> Guarantor:
    """The patient; for a child the subscriber of its first coverage, who signed for it."""
    age = chart.age_on(today)
    person, address = chart.patient.name, chart.patient.address
    subscriber = next((c.subscriber for c in chart.coverages if c.relationship == "child" and c.subscriber), None)
    if subscriber is not None and age is not None and age < ADULT:
        person, address = subscriber.name, subscriber.address or address
    lines = address.lines if address else ()
    town = f"{address.city}, {address.state} {address.postal_code[:5]}" if address and address.city else ""
    return Guarantor(name=" ".join([*person.given[:1], person.family]), address=(*lines, *((town,) if town else ())))
