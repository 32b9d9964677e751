"""The columns of the tables that claims (837) and remittances (835) become: name, kind, where it comes from.

A path leads through the names of the guides; `|` separates what different guides call the same thing, the first that
is there counts. Their order is the order in the file; a name never changes its meaning.
"""

from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from superbill.effective import Period
from superbill.x12.standard.claim import CAS
from superbill.x12.standard.composites import C003
from superbill.x12.tools.words import at, several
from superbill.x12.tree import Loop, Record

Kind: TypeAlias = Literal["text", "money", "quantity", "count", "day"]
Get: TypeAlias = Callable[[Any], Any]


class Column(Struct, frozen=True):
    """A column. `get` takes the Record of a header column, the loop of a claim or line column."""

    name: str
    kind: Kind
    get: Get


class Table(Struct, frozen=True):
    """Columns by what they repeat with: the file's header, the claim, the line."""

    header: tuple[Column, ...]
    claim: tuple[Column, ...]
    line: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """All of them, in order."""
        return self.header + self.claim + self.line


# --- getters --------------------------------------------------------------------------------------------------------


def path(paths: str) -> Get:
    """What is at the first of the paths where something is, from a loop."""
    each = paths.split("|")

    def get(loop: Loop | None) -> Any:
        for one in each:
            found = at(loop, one)
            if found is not None and found != "":
                return found
        return None

    return get


def above(loop_id: str, paths: str) -> Get:
    """The same, from the loop of that id around the claim."""
    get = path(paths)
    return lambda record: get(record.loop(loop_id))


def _person(name: str) -> Get:
    """Of the patient: of loop 2000C where there is one, else the subscriber is the patient."""
    dependent, own = path(f"patient_name.{name}"), path(f"subscriber_name.{name}")

    def get(record: Record) -> Any:
        patient = record.loop("2000C")
        return own(record.loop("2000B")) if patient is None else dependent(patient)

    return get


def _relationship(record: Record) -> Any:
    patient = record.loop("2000C")
    if patient is None:
        return at(record.loop("2000B"), "subscriber_information.relationship")
    return at(patient, "patient_information.relationship")


def _group(record: Record) -> Any:
    header = record.group.header
    return header.control_number if header is not None else None


def _first_day(value: Any) -> Any:
    return value.start if isinstance(value, Period) else value


def _last_day(value: Any) -> Any:
    return (value.end or value.start) if isinstance(value, Period) else value


def first_day(paths: str) -> Get:
    """The first day of a date or range."""
    get = path(paths)
    return lambda loop: _first_day(get(loop))


def last_day(paths: str) -> Get:
    """The last day of a date or range; of a single date that date."""
    get = path(paths)
    return lambda loop: _last_day(get(loop))


def listed(*names: str) -> Get:
    """The codes of HI segments, in order, separated by ";"."""

    def get(loop: Loop) -> str:
        found = [code.code for name in names for segment in several(loop, name) for code in segment.codes]
        return ";".join(found)

    return get


def qualified(name: str, field: str, *qualifiers: str) -> Get:
    """A field of the first segment of that name that has one of the qualifiers."""

    def get(loop: Loop) -> Any:
        return next((getattr(each, field) for each in several(loop, name) if each.qualifier in qualifiers), None)

    return get


def _procedure(paths: str) -> tuple[Column, ...]:
    get = path(paths)

    def part(name: str) -> Get:
        return lambda loop: getattr(get(loop), name, None)

    def modifiers(loop: Loop) -> Any:
        found = get(loop)
        return ":".join(found.modifiers) if isinstance(found, C003) else None

    return (
        Column("procedure_qualifier", "text", part("qualifier")),
        Column("procedure", "text", part("code")),
        Column("modifiers", "text", modifiers),
    )


def _pointers(loop: Loop) -> Any:
    found = at(loop, "service.diagnosis_pointers")
    return ":".join(map(str, found.pointers)) if found is not None else None


def adjustments(loop: Loop, name: str = "adjustments") -> list[tuple[str, str, Any, Any]]:
    """Group, reason, amount and quantity of every adjustment of a loop."""
    return [each for segment in several(loop, name) if isinstance(segment, CAS) for each in segment.adjustments]


def _adjusted(group: str) -> Get:
    return lambda loop: sum(amount or 0 for code, _, amount, _ in adjustments(loop) if code == group)


def _reasons(loop: Loop) -> str:
    """ "CO-45:20.00;PR-2:10.00"."""
    return ";".join(f"{group}-{reason}:{(amount or 0) / 100:.2f}" for group, reason, amount, _ in adjustments(loop))


def _remarks(loop: Loop) -> str:
    return ";".join(each.code for each in several(loop, "remarks"))


def _units(paths: str) -> Get:
    """A quantity; an absent one in a remittance is 1."""
    get = path(paths)

    def units(loop: Loop) -> Any:
        found = get(loop)
        return 1 if found is None else found

    return units


def _service_day(last: bool) -> Get:
    """A remittance's DTM: 472 of one day, or 150 to 151."""
    single = qualified("service_dates", "date", "472")
    end = qualified("service_dates", "date", "151" if last else "150")
    return lambda loop: end(loop) or single(loop)


# --- the tables -----------------------------------------------------------------------------------------------------

_CONTROL = (
    Column("guide", "text", lambda record: record.transaction.compiled.guide.key),
    Column("interchange", "text", lambda record: record.interchange.header.control_number),
    Column("group", "text", _group),
    Column("transaction_set", "text", lambda record: record.transaction.header.control_number),
)

CLAIMS = Table(
    header=(
        *_CONTROL,
        Column("submitter", "text", above("ST", "submitter.name.name")),
        Column("receiver", "text", above("ST", "receiver.name.name")),
        Column("billing_provider", "text", above("2000A", "billing_provider_name.name.name")),
        Column("billing_provider_npi", "text", above("2000A", "billing_provider_name.name.id")),
        Column("billing_provider_tax_id", "text", above("2000A", "billing_provider_name.tax_id.value")),
        Column("payer_sequence", "text", above("2000B", "subscriber_information.payer_sequence")),
        Column("filing_indicator", "text", above("2000B", "subscriber_information.filing_indicator")),
        Column("group_number", "text", above("2000B", "subscriber_information.group_number")),
        Column("payer", "text", above("2000B", "payer_name.name.name|data_receiver.name.name")),
        Column("payer_id", "text", above("2000B", "payer_name.name.id|data_receiver.name.id")),
        Column("subscriber_last_name", "text", above("2000B", "subscriber_name.name.name")),
        Column("subscriber_first_name", "text", above("2000B", "subscriber_name.name.first")),
        Column("member_id", "text", above("2000B", "subscriber_name.name.id")),
        Column("patient_relationship", "text", _relationship),
        Column("patient_last_name", "text", _person("name.name")),
        Column("patient_first_name", "text", _person("name.first")),
        Column("patient_birth_date", "day", _person("demographics.birth_date")),
        Column("patient_gender", "text", _person("demographics.gender")),
    ),
    claim=(
        Column("patient_control_number", "text", path("claim.patient_control_number")),
        Column("claim_charge", "money", path("claim.charge")),
        Column("facility_code", "text", path("claim.facility.code")),
        Column("frequency", "text", path("claim.facility.frequency")),
        Column("principal_diagnosis", "text", path("principal_diagnosis.code_1.code|diagnoses.code_1.code")),
        Column("diagnoses", "text", listed("principal_diagnosis", "diagnoses", "other_diagnoses")),
        Column("statement_from", "day", first_day("statement_dates.value")),
        Column("statement_to", "day", last_day("statement_dates.value")),
        Column("admission_date", "day", first_day("admission_date.value")),
        Column("prior_authorization", "text",
               path("prior_authorization.value|prior_authorizations_or_referrals.value")),
        Column("payer_claim_control_number", "text", path("payer_claim_control_number.value")),
        Column("claim_rendering_npi", "text", path("rendering_provider.name.id|attending_provider.name.id")),
        Column("referring_npi", "text", path("referring_providers.name.id|referring_provider.name.id")),
        Column("patient_paid", "money", path("patient_paid_amount.amount")),
    ),
    line=(
        Column("line_number", "count", path("line_number.number")),
        Column("line_control_number", "text", path("line_item_control_number.value")),
        Column("revenue_code", "text", path("service.revenue_code")),
        *_procedure("service.procedure"),
        Column("charge", "money", path("service.charge")),
        Column("unit", "text", path("service.unit")),
        Column("units", "quantity", path("service.quantity")),
        Column("place_of_service", "text", path("service.place_of_service")),
        Column("diagnosis_pointers", "text", _pointers),
        Column("service_from", "day", first_day("service_date.value")),
        Column("service_to", "day", last_day("service_date.value")),
        Column("ndc", "text", path("drug.identification.code|drugs.identification.code")),
        Column("tooth", "text", path("teeth.tooth")),
        Column("rendering_npi", "text", path("rendering_provider.name.id")),
        Column("other_payers_paid", "money",
               lambda loop: sum(at(each, "adjudication.paid") or 0 for each in several(loop, "adjudications"))),
    ),
)  # fmt: skip

REMITTANCES = Table(
    header=(
        *_CONTROL,
        Column("trace_number", "text", above("ST", "trace.number")),
        Column("payment_date", "day", above("ST", "payment.date")),
        Column("payment_method", "text", above("ST", "payment.method")),
        Column("payment_amount", "money", above("ST", "payment.amount")),
        Column("payer", "text", above("ST", "payer.name.name")),
        Column("payer_id", "text", above("ST", "payer.name.id|trace.originator")),
        Column("payee", "text", above("ST", "payee.name.name")),
        Column("payee_id", "text", above("ST", "payee.name.id")),
    ),
    claim=(
        Column("patient_control_number", "text", path("claim.patient_control_number")),
        Column("payer_claim_control_number", "text", path("claim.payer_claim_control_number")),
        Column("claim_status", "text", path("claim.status")),
        Column("filing_indicator", "text", path("claim.filing_indicator")),
        Column("claim_charge", "money", path("claim.charge")),
        Column("claim_paid", "money", path("claim.paid")),
        Column("patient_responsibility", "money", path("claim.patient_responsibility")),
        Column("claim_adjusted_co", "money", _adjusted("CO")),
        Column("claim_adjusted_pr", "money", _adjusted("PR")),
        Column("claim_adjusted_oa", "money", _adjusted("OA")),
        Column("claim_adjusted_pi", "money", _adjusted("PI")),
        Column("claim_adjustments", "text", _reasons),
        Column("claim_remarks", "text",
               lambda loop: ";".join(
                   [*getattr(at(loop, "outpatient_adjudication"), "remarks", ()),
                    *getattr(at(loop, "inpatient_adjudication"), "remarks", ())])),
        Column("facility_type", "text", path("claim.facility_type")),
        Column("frequency", "text", path("claim.frequency")),
        Column("patient_last_name", "text", path("patient.name")),
        Column("patient_first_name", "text", path("patient.first")),
        Column("member_id", "text", path("subscriber.id|patient.id")),
        Column("rendering_npi", "text", path("rendering_provider.id")),
        Column("statement_from", "day", qualified("statement_dates", "date", "232")),
        Column("statement_to", "day", qualified("statement_dates", "date", "233")),
        Column("received_date", "day", path("received_date.date")),
    ),
    line=(
        Column("line_control_number", "text", path("line_item_control_number.value")),
        Column("revenue_code", "text", path("service.revenue_code")),
        *_procedure("service.procedure"),
        Column("submitted_procedure", "text", path("service.submitted_procedure.code")),
        Column("units", "quantity", _units("service.quantity")),
        Column("service_from", "day", _service_day(last=False)),
        Column("service_to", "day", _service_day(last=True)),
        Column("charge", "money", path("service.charge")),
        Column("paid", "money", path("service.paid")),
        Column("allowed", "money", qualified("supplemental_amounts", "amount", "B6")),
        Column("adjusted_co", "money", _adjusted("CO")),
        Column("adjusted_pr", "money", _adjusted("PR")),
        Column("adjusted_oa", "money", _adjusted("OA")),
        Column("adjusted_pi", "money", _adjusted("PI")),
        Column("adjustments", "text", _reasons),
        Column("remarks", "text", _remarks),
    ),
)  # fmt: skip

ADJUSTMENTS: tuple[tuple[str, Kind], ...] = (
    ("guide", "text"),
    ("transaction_set", "text"),
    ("trace_number", "text"),
    ("level", "text"),
    ("payer_id", "text"),
    ("patient_control_number", "text"),
    ("line", "count"),
    ("procedure", "text"),
    ("group_code", "text"),
    ("reason", "text"),
    ("amount", "money"),
    ("quantity", "quantity"),
    ("reference", "text"),
)

__all__ = ["ADJUSTMENTS", "CLAIMS", "REMITTANCES", "Column", "Table", "adjustments"]
