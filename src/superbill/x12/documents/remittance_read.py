"""Remittances from an 835."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec.structs import replace

from superbill.claims.model import OutpatientAdjudication, Person, Procedure
from superbill.effective import Period
from superbill.x12.documents.fold import NotCarried, Notes, Table, Values, each, inside, nothing, text, value
from superbill.x12.documents.parts_read import (
    address,
    adjustments,
    city,
    contact,
    inpatient,
    outpatient,
    person,
    procedure,
    street,
)
from superbill.x12.documents.sets import Sets, documents
from superbill.x12.lexer import Source
from superbill.x12.model import (
    BankAccount,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    TransactionSet,
)
from superbill.x12.standard.claim import MIA, MOA
from superbill.x12.standard.parties import AMT, DTM, N1, NM1, QTY, REF
from superbill.x12.standard.payment import BPR, CLP, PLB, TRN
from superbill.x12.standard.service import LQ, SVC
from superbill.x12.tree import Loop, Record, Transaction

_METHODS = frozenset(("ACH", "BOP", "CHK", "FWT", "NON"))


# --- lines ----------------------------------------------------------------------------------------------------------


def _service(segment: SVC, v: Values, _notes: Notes) -> None:
    if segment.procedure is not None:
        v["procedure"] = procedure(segment.procedure)
    v["charge"] = segment.charge or 0
    v["paid"] = segment.paid or 0
    if segment.quantity is not None:
        v["units"] = segment.quantity
    if segment.submitted_procedure is not None:
        v["submitted_procedure"] = procedure(segment.submitted_procedure)
    v["submitted_units"] = segment.submitted_quantity
    v["revenue_code"] = segment.revenue_code


def _dated(**fields: str) -> Any:
    """The days of a DTM that may be of several things, by all the qualifiers that the guide has for it."""
    by = {name.lstrip("q"): field for name, field in fields.items()}

    def take(segment: DTM, v: Values, _notes: Notes) -> None:
        v[by[segment.qualifier]] = segment.date

    return take


def _allowed(segment: AMT, v: Values, _notes: Notes) -> None:
    if segment.qualifier != "B6":
        raise NotCarried
    v["allowed"] = segment.amount


def _remark(segment: LQ, v: Values, _notes: Notes) -> None:
    if segment.code:
        v.setdefault("remarks", []).append(segment.code)


_LINE = Table(
    service=_service,
    service_dates=_dated(q472="on", q150="start", q151="end"),
    adjustments=adjustments,
    line_item_control_number=text("control_number"),
    supplemental_amounts=_allowed,
    remarks=_remark,
)


def _line(loop: Loop, notes: Notes) -> RemittanceLine:
    v = _LINE.fold(loop, notes, {"procedure": Procedure("")})
    on, start, end = v.pop("on", None), v.pop("start", None), v.pop("end", None)
    v["service"] = Period(on, on) if on else Period(start, end)
    v["adjustments"] = tuple(v.get("adjustments", ()))
    v["remarks"] = tuple(v.get("remarks", ()))
    return RemittanceLine(**v)


# --- claims ---------------------------------------------------------------------------------------------------------


def _claim(segment: CLP, v: Values, _notes: Notes) -> None:
    v["control_number"] = segment.patient_control_number
    v["status"] = segment.status
    v["charge"] = segment.charge or 0
    v["paid"] = segment.paid or 0
    v["patient_responsibility"] = segment.patient_responsibility
    v["claim_filing_indicator"] = segment.filing_indicator
    v["payer_control_number"] = segment.payer_claim_control_number
    v["place_of_service"] = segment.facility_type
    v["frequency"] = segment.frequency
    v["drg"], v["drg_weight"] = segment.drg, segment.drg_weight


def _who(found: NM1) -> Person | None:
    named = person(found)
    return None if named == Person("") else named


def _member(field: str) -> Any:
    def take(segment: NM1, v: Values, _notes: Notes) -> None:
        v[field] = _who(segment)
        v[f"{field}_member_id"] = segment.id

    return take


def _rendering(segment: NM1, v: Values, _notes: Notes) -> None:
    """The name of an organization is the payee's, and not kept."""
    v["rendering"] = _who(segment) if segment.entity_type == "1" else None
    v["rendering_npi"] = segment.id


def _crossover(segment: NM1, v: Values, _notes: Notes) -> None:
    v["crossover_payer"], v["crossover_payer_id"] = segment.name, segment.id


def _inpatient(segment: MIA, v: Values, _notes: Notes) -> None:
    v.setdefault("remarks", []).extend(segment.remarks)
    v["inpatient"] = replace(inpatient(segment), remarks=())


def _outpatient(segment: MOA, v: Values, _notes: Notes) -> None:
    v.setdefault("remarks", []).extend(segment.remarks)
    told = replace(outpatient(segment), remarks=())
    v["outpatient"] = told if told != OutpatientAdjudication() else None


def _covered_days(segment: QTY, v: Values, _notes: Notes) -> None:
    if segment.qualifier != "CA":
        raise NotCarried
    v["covered_days"] = segment.quantity


_CLAIM = Table(
    claim=_claim,
    adjustments=adjustments,
    patient=_member("patient"),
    subscriber=_member("subscriber"),
    rendering_provider=_rendering,
    crossover_carrier=_crossover,
    inpatient_adjudication=_inpatient,
    outpatient_adjudication=_outpatient,
    statement_dates=_dated(q232="statement_start", q233="statement_end"),
    coverage_expired=value("coverage_expired", "date"),
    received_date=value("received", "date"),
    supplemental_quantities=_covered_days,
    lines=each("lines", _line),
)
_HEADER = Table(header_number=nothing)


def _claim_of(loop: Loop, notes: Notes) -> RemittanceClaim:
    v = _CLAIM.fold(loop, notes, {})
    v["statement"] = Period(v.pop("statement_start", None), v.pop("statement_end", None))
    for field in ("adjustments", "remarks", "lines"):
        v[field] = tuple(v.get(field, ()))
    return RemittanceClaim(**v)


# --- the payment ----------------------------------------------------------------------------------------------------


def _named(segment: N1, v: Values, _notes: Notes) -> None:
    v["name"] = segment


def _payer_id(segment: REF, v: Values, _notes: Notes) -> None:
    """The number under 2U, else the first one there is."""
    if segment.qualifier == "2U" or "id" not in v:
        v["id"] = segment.value


def _payee_id(segment: REF, v: Values, _notes: Notes) -> None:
    if segment.qualifier != "TJ":
        raise NotCarried
    v["tin"] = segment.value


def _business_contact(segment: Any, v: Values, notes: Notes) -> None:
    """Only where there is no technical contact, which comes after it."""
    business: Values = {}
    contact(segment, business, notes)
    if business:
        v["business"] = business["contact"]


def _under(field: str) -> Any:
    def take(segment: BPR | TRN, v: Values, _notes: Notes) -> None:
        v[field] = segment

    return take


def _provider_adjustments(segment: PLB, v: Values, _notes: Notes) -> None:
    """Those with an amount: without one nothing is taken."""
    v.setdefault("provider_adjustments", []).extend(
        ProviderAdjustment(
            npi=segment.provider_id,
            fiscal_year_end=segment.fiscal_period_end or date.min,
            reason=reason.reason,
            reference=reason.reference,
            amount=amount,
        )
        for reason, amount in segment.adjustments
        if amount is not None
    )


_PAYER = Table(
    name=_named,
    address=street,
    city_state_zip=city,
    additional_ids=_payer_id,
    business_contact=_business_contact,
    technical_contacts=contact,
)
_PAYEE = Table(name=_named, address=nothing, city_state_zip=nothing, additional_ids=_payee_id)
_ROOT = Table(
    header=nothing,
    payment=_under("payment"),
    trace=_under("trace"),
    production_date=value("production_date", "date"),
    payer=inside("payer", _PAYER),
    payee=inside("payee", _PAYEE),
    provider_adjustments=_provider_adjustments,
    trailer=nothing,
)


def _payer_account(bpr: BPR) -> BankAccount | None:
    return BankAccount(bpr.sender_bank, bpr.sender_account) if bpr.sender_bank else None


def _payee_account(bpr: BPR) -> BankAccount | None:
    if not bpr.receiver_bank:
        return None
    kind = bpr.receiver_account_qualifier
    return BankAccount(bpr.receiver_bank, bpr.receiver_account, "SG" if kind == "SG" else "DA")


class Remittances:
    """Makes a remittance of each 835, claim by claim."""

    def __init__(self, sets: Sets) -> None:
        self.sets = sets
        self.header: Loop | None = None

    def unit(self, record: Record) -> RemittanceClaim:
        """The claim of a loop 2100."""
        if record.above[-1] is not self.header:
            self.header = record.above[-1]
            _HEADER.fold(self.header, self.sets.above(self.header), {})
        return _claim_of(record.unit, self.sets.notes.at(record.unit, record.position))

    def whole(self, transaction: Transaction, units: list[RemittanceClaim]) -> Remittance:
        """The remittance. A payment date that can't be read is date.min."""
        v = _ROOT.fold(transaction.root, self.sets.above(transaction.root), {})
        bpr: BPR = v.get("payment", BPR())
        trn: TRN = v.get("trace", TRN())
        payer, payee = v.get("payer", {}), v.get("payee", {})
        from_: N1 = payer.get("name", N1())
        to: N1 = payee.get("name", N1())
        told_by_tin = to.id_qualifier == "FI"
        method: Any = bpr.method if bpr.method in _METHODS else "NON"
        return Remittance(
            payer_name=from_.name,
            payer_id=payer.get("id", "") or from_.id,
            payer_address=address(payer),
            payer_contact=payer.get("contact") or payer.get("business"),
            payee_name=to.name,
            payee_npi="" if told_by_tin else to.id,
            payee_tin=payee.get("tin", "") or (to.id if told_by_tin else ""),
            trace_number=trn.number,
            originator_id=trn.originator,
            payment_amount=bpr.amount or 0,
            payment_method=method,
            payment_date=bpr.date or date.min,
            production_date=v.get("production_date"),
            payer_account=_payer_account(bpr),
            payee_account=_payee_account(bpr),
            claims=tuple(units),
            provider_adjustments=tuple(v.get("provider_adjustments", ())),
        )


def remittances(source: Source) -> Iterator[tuple[TransactionSet, Remittance]]:
    """Every 835 of a file. Raises X12ReadError."""
    return documents(source, "835", Remittances)
