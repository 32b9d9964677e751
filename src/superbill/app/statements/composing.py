"""Statements as documents: what the ledger and the visits tell of each planned line, for many guarantors at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.db.models import QuerySet
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine, Posting
from superbill.app.billing.parties import patient_party
from superbill.app.billing.queries import LedgerLine, entries_of_lines, ledger_lines
from superbill.app.encounters.queries import Visit, visits_by_account
from superbill.app.guarantors.queries import GuarantorCard
from superbill.app.practices.queries import policy as policy_of
from superbill.app.rows import chunks, found
from superbill.app.statements.models import StatementPatient
from superbill.app.statements.planning import Planned, PlannedLine
from superbill.app.statements.queries import sent_rows
from superbill.claims.statement import is_facility_account
from superbill.forms.statement import Guarantor, PracticeParty, StatementData, events, visits
from superbill.forms.statement.compose import LineEvent, LineFacts
from superbill.forms.statement.model import Notice
from superbill.forms.statement.view import day
from superbill.forms.statement.words import assistance, hold_words, notice
from superbill.ledger.accounts import Account
from superbill.money import Cents, dollars
from superbill.site import Site
from superbill.site.parties import facility_of, location_of, rendering_provider
from superbill.site.policy import MoneyPolicy


class SinceStatement(Struct, frozen=True, kw_only=True):
    """A guarantor's last statement: what it asked for, and what was paid since (cents)."""

    asked: Cents = 0
    paid: Cents = 0


def compose(scope: Scope, site: Site, plans: Sequence[Planned], on: date) -> list[StatementData]:
    """The statement of each plan, in their order, not yet numbered; a handful of queries for all of them."""
    rules = policy_of(scope)
    facts = line_facts(scope, site, [one for plan in plans for one in plan.lines])
    since = since_statements(scope, [plan.card.id for plan in plans], on)
    return [
        StatementData(
            practice=practice_party(site, rules),
            guarantor=envelope(plan.card),
            number="",
            on=on,
            due=on + timedelta(days=rules.statement.days_to_pay),
            visits=visits(facts[one.line] for one in plan.lines),
            account=f"G{plan.card.id:06d}",
            previous_balance=since[plan.card.id].asked,
            payments_received=since[plan.card.id].paid,
            unapplied=sum(plan.due.unapplied.values()),
            messages=(rules.statement.message,) if rules.statement.message else (),
            notice=_notice(rules, plan, on),
            assistance=assistance(rules.statement.assistance) if rules.statement.assistance else None,
        )
        for plan in plans
    ]


def _notice(rules: MoneyPolicy, plan: Planned, on: date) -> Notice | None:
    """The words of the furthest step of reminding, about what has come to it."""
    if not plan.level:
        return None
    parts = [part for one in plan.lines if not one.held for part in one.parts if part.level == plan.level]
    amount = min(sum(part.amount for part in parts), plan.amount)
    due = on + timedelta(days=rules.statement.days_to_pay)
    return notice(rules.dunning[min(plan.level, len(rules.dunning)) - 1], dollars(amount), day(due))


def line_facts(scope: Scope, site: Site, lines: Sequence[PlannedLine]) -> dict[int, LineFacts]:
    """What is known of each line, by row id."""
    known = _ledger_lines(scope, [one.line for one in lines])
    seen = visits_by_account(scope, {line.account_number for line in known.values()})
    told = events(
        entries_of_lines(scope, (line.key for line in known.values())), {entry.key: entry.name for entry in site.payers}
    )
    return {
        one.line: _facts(site, known[one.line], told, seen.get(known[one.line].account_number), one) for one in lines
    }


def _ledger_lines(scope: Scope, ids: Sequence[int]) -> dict[int, LedgerLine]:
    by_key: dict[str, int] = dict(found(scope, ChargeLine, "id", ids, "key", "id"))
    known: dict[int, LedgerLine] = {}
    for some in chunks(sorted(ids)):
        rows: QuerySet[ChargeLine] = scope.rows(ChargeLine).filter(pk__in=some)
        known |= {by_key[line.key]: line for line in ledger_lines(rows)}
    return known


def _facts(
    site: Site, line: LedgerLine, told: Mapping[str, tuple[LineEvent, ...]], seen: Visit | None, plan: PlannedLine
) -> LineFacts:
    provider = rendering_provider(site, seen.encounter) if seen else None
    name = seen.chart.patient.name if seen else None
    place = location_of(site, seen.encounter).name if seen else ""
    if is_facility_account(line.key.rpartition("-")[0], line.account_number):
        # A hospital bills its own share, so it stands apart from that of the doctor who was there.
        facility = facility_of(site, seen.encounter) if seen else None
        provider, place = None, facility.name if facility else place
    payer = site.payer(line.payer) if line.payer and line.balance.insurance else None
    return LineFacts(
        on=line.service_start,
        code=line.code,
        charge=line.balance.charge,
        balance=line.balance,
        events=told.get(line.key, ()),
        provider=f"{provider.first} {provider.last}" if provider else "",
        place=place,
        patient=" ".join([*name.given[:1], name.family]) if name else "",
        payer=payer.name if payer else line.payer if line.balance.insurance else "",
        hold=hold_words()[plan.held].words if plan.held else "",
        past_due=plan.past_due,
    )


def since_statements(scope: Scope, guarantors: Iterable[int], before: date) -> dict[int, SinceStatement]:
    """The last statement of each guarantor made before a day, and what its patients paid since; nothing without one."""
    wanted = list(guarantors)
    told = {guarantor: SinceStatement() for guarantor in wanted}
    rows = [
        (on, row_id, guarantor, amount, through)
        for guarantor, on, row_id, amount, through in sent_rows(scope, wanted, "on", "id", "amount", "through")
        if on < before
    ]
    last = {row[2]: row for row in sorted(rows)}
    by_statement = {row[1]: row for row in last.values()}
    parties: dict[str, tuple[int, int]] = {}
    columns = ("statement_id", "patient_id", "patient__merged_into_id")
    for statement, *those in found(scope, StatementPatient, "statement_id", by_statement, *columns):
        # After a merge they pay under the record that stayed.
        for patient in filter(None, those):
            parties[patient_party(patient)] = (by_statement[statement][2], by_statement[statement][4])
    paid: dict[int, Cents] = {}
    for party, number, amount in found(
        scope, Posting, "payer", parties, "payer", "entry__number", "amount", account=Account.CASH.value
    ):
        guarantor, through = parties[party]
        if number > through:
            paid[guarantor] = paid.get(guarantor, 0) + amount
    for guarantor, row in last.items():
        told[guarantor] = SinceStatement(asked=row[3], paid=paid.get(guarantor, 0))
    return told


def practice_party(site: Site, rules: MoneyPolicy) -> PracticeParty:
    """Who sends it, with where checks go and where one pays online."""
    practice = site.practice
    place = practice.pay_to or practice.address
    street = (place.line1, *((place.line2,) if place.line2 else ()))
    phone = practice.contact.phone
    return PracticeParty(
        name=practice.name,
        address=(*street, f"{place.city}, {place.state} {_zip(place.postal_code)}"),
        phone=f"({phone[:3]}) {phone[3:6]}-{phone[6:]}" if len(phone) == 10 else phone,
        email=practice.contact.email,
        hours=rules.statement.hours,
        pay_site=rules.statement.pay_site,
    )


def envelope(card: GuarantorCard) -> Guarantor:
    """Who pays, as on the envelope."""
    place = card.address
    town = f"{place.city}, {place.state} {_zip(place.postal_code)}" if place and place.city else ""
    lines = place.lines if place else ()
    return Guarantor(name=card.addressee, address=(*lines, *((town,) if town else ())))


def _zip(code: str) -> str:
    return code if len(code) <= 5 else f"{code[:5]}-{code[5:]}"
