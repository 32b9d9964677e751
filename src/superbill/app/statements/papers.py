"""Papers on request: the itemized bill of a patient's visits, and the receipt of a payment."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from superbill.app.accounts.actors import Scope
from superbill.app.billing.models import ChargeLine, JournalEntry, MoneyEvent, Posting, Receipt, ReceiptState
from superbill.app.billing.parties import patient_of
from superbill.app.billing.queries import LedgerLine, ledger_lines
from superbill.app.billing.standing import PaymentFacts
from superbill.app.documents import decoded
from superbill.app.encounters.queries import Visit, visits_by_account
from superbill.app.guarantors.queries import cards, guarantor_of
from superbill.app.patients.queries import charts
from superbill.app.practices.queries import policy as policy_of
from superbill.app.rows import found
from superbill.app.statements.composing import envelope, practice_party
from superbill.claims.statement import is_facility_account
from superbill.forms.itemized import ItemizedBill, ItemizedLine, ItemizedVisit
from superbill.forms.receipt import Applied, ReceiptData
from superbill.forms.statement.labels import service_label
from superbill.forms.statement.words import assistance
from superbill.ledger.accounts import Account
from superbill.site import Site
from superbill.site.parties import facility_of, location_of, rendering_provider

_UNDONE = {
    ReceiptState.RETURNED.value: "This payment came back from the bank and is open again.",
    ReceiptState.CHARGED_BACK.value: "This card payment was taken back and is open again.",
    ReceiptState.VOIDED.value: "This payment was voided.",
}


class NoPaper(ValueError):
    """There is nothing to print; the message says why."""


def itemized_bill(scope: Scope, site: Site, patient: int, on: date, *, accounts: Collection[str] = ()) -> ItemizedBill:
    """Every service of these visits (account numbers; none: of all) of a patient (row id), oldest first.

    Raises NoPaper for a patient without a charged visit.
    """
    rows = scope.rows(ChargeLine).filter(patient_id=patient)
    lines = [line for line in ledger_lines(rows) if not accounts or line.account_number in accounts]
    if not lines:
        raise NoPaper("no charged visit to itemize: see superbill ledger show --patient")
    seen = visits_by_account(scope, {line.account_number for line in lines})
    pointed = dict(found(scope, ChargeLine, "key", [line.key for line in lines], "key", "diagnoses"))
    by_account: dict[str, list[LedgerLine]] = {}
    for line in lines:  # a hospital's own share is an account of its own
        by_account.setdefault(line.key.rpartition("-")[0], []).append(line)
    chart = charts(scope, [patient])[patient]
    rules = policy_of(scope)
    card = cards(scope, [guarantor_of(scope, [patient], on)[patient]]).popitem()[1]
    return ItemizedBill(
        practice=practice_party(site, rules),
        guarantor=envelope(card),
        patient=" ".join([*chart.patient.name.given[:1], chart.patient.name.family]),
        born=chart.patient.birth_date,
        on=on,
        visits=tuple(
            _visit(site, account, some, seen.get(some[0].account_number), pointed)
            for account, some in by_account.items()
        ),
        npi=site.practice.npi,
        tin=site.practice.tin,
        assistance=assistance(rules.statement.assistance) if rules.statement.assistance else None,
    )


def _visit(
    site: Site, account: str, lines: list[LedgerLine], seen: Visit | None, pointed: dict[str, str]
) -> ItemizedVisit:
    provider = rendering_provider(site, seen.encounter) if seen else None
    place = location_of(site, seen.encounter).name if seen else ""
    if seen and is_facility_account(account, lines[0].account_number):
        facility = facility_of(site, seen.encounter)
        provider, place = None, facility.name if facility else place
    return ItemizedVisit(
        account=account,
        on=lines[0].service_start,
        provider=f"{provider.first} {provider.last}" if provider else "",
        place=place,
        lines=tuple(_line(line, pointed.get(line.key, "")) for line in lines),
    )


def _line(line: LedgerLine, diagnoses: str) -> ItemizedLine:
    balance = line.balance
    return ItemizedLine(
        on=line.service_start,
        code=line.code,
        modifiers=line.modifiers,
        label=service_label(line.code),
        units=f"{Decimal(line.units).normalize():f}",
        diagnoses=tuple(dict.fromkeys(diagnoses.split())),
        charge=balance.charge,
        insurance_paid=balance.paid - balance.patient_paid,
        adjustment=balance.adjusted,
        patient_paid=balance.patient_paid,
        with_insurance=balance.insurance,
        owed=balance.patient,
    )


def receipt(scope: Scope, site: Site, number: int) -> ReceiptData:
    """The payment of a receipt's number as it was taken, and what became of it. Raises NoPaper."""
    row = scope.rows(Receipt).filter(number=number).first()
    if row is None:
        raise NoPaper(f"no receipt {number} in this practice: see superbill payment list")
    facts = decoded(row.doc, PaymentFacts, f"receipt {number}")
    steps = scope.rows(MoneyEvent).filter(kind="receipt", subject=row.pk).order_by("id")
    key = steps.values_list("entry", flat=True).first() or ""
    applied, on_account = _applied(scope, key)
    chart = charts(scope, [row.patient_id])[row.patient_id] if row.patient_id else None
    return ReceiptData(
        practice=practice_party(site, policy_of(scope)),
        number=f"R{number:06d}",
        on=row.on,
        payer=_payer(scope, row, " ".join([*chart.patient.name.given[:1], chart.patient.name.family]) if chart else ""),
        method=_method(facts),
        applied=applied,
        on_account=on_account,
        undone=_UNDONE.get(row.state, ""),
        tin=site.practice.tin,
    )


def _payer(scope: Scope, row: Receipt, patient: str) -> str:
    kind, _, number = row.party.partition(":")
    if kind == "guarantor" and number.isdecimal():
        known = cards(scope, [int(number)])
        return known[int(number)].addressee if known else patient
    return patient if patient_of(row.party) is not None or not row.party else row.party


def _method(facts: PaymentFacts) -> str:
    words = {"desk": "paid at the desk", "cash": "in cash", "check": "by check", "card": "by card", "portal": "online"}
    said = words.get(facts.method, f"by {facts.method}")
    if facts.last_four:
        return f"{said}, {facts.brand} ending in {facts.last_four}".replace("  ", " ")
    return f"{said}, number {facts.reference}" if facts.reference and facts.method == "check" else said


def _applied(scope: Scope, key: str) -> tuple[tuple[Applied, ...], int]:
    """What the payment's own entry put to lines, and what it left on account."""
    entries = [row for (row,) in found(scope, JournalEntry, "key", [key], "id")]
    columns = ("id", "account", "amount", "line_id")
    moves = sorted(found(scope, Posting, "entry_id", entries, *columns))
    lines = {line for _, _, _, line in moves if line is not None}
    known = {row.pk: row for row in scope.rows(ChargeLine).filter(pk__in=lines).select_related("patient")}
    sums: dict[int, int] = {}
    on_account = 0
    for _, account, amount, line in moves:
        if account == Account.CASH and line is not None:
            sums[line] = sums.get(line, 0) + amount
        if account == Account.UNAPPLIED and line is None:
            on_account -= amount
    applied = [
        Applied(
            on=known[line].service_start, label=service_label(known[line].code), amount=amount,
            patient=f"{known[line].patient.given.split(' ')[0]} {known[line].patient.family}".strip(),
        )
        for line, amount in sums.items()
    ]  # fmt: skip
    return tuple(sorted(applied, key=lambda one: (one.on, one.patient, one.label))), on_account
