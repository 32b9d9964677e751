"""The fields of a service line: those of the form's row, and those that few lines have."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from msgspec.structs import replace

from superbill.app.web.claims.field_lists import TEETH
from superbill.app.web.claims.field_paid import PAID, TAKEN
from superbill.app.web.claims.fields import (
    Field,
    Providers,
    Read,
    Unreadable,
    Word,
    Write,
    address,
    attribute,
    code,
    count_of,
    dollars,
    field,
    of_period,
    person,
    provider,
    text,
    when,
    words,
    yes,
)
from superbill.claims.model import NationalDrug

P, F, D = ("professional",), ("institutional",), ("dental",)
YES: Mapping[str, Word] = {"": later("no"), "Y": later("yes")}
_DRUG_UNITS = {
    "": "–", "UN": later("unit"), "ML": later("mL"), "GR": later("gram"), "ME": later("mg"),
    "F2": later("international unit"),
}  # fmt: skip
_UNITS: Mapping[str, Word] = {"UN": later("units"), "MJ": later("minutes"), "DA": later("days")}
_PROSTHESIS: Mapping[str, Word] = {"": "–", "I": later("initial"), "R": later("replacement")}
_NO_DRUG = NationalDrug(ndc="", quantity=Decimal(0))
_MOST_POINTERS = 4


def _put_pointers(line: Any, text: str, _known: Providers) -> Any:
    """The line with these diagnosis pointers ("1 2"). Raises Unreadable."""
    parts = text.replace(",", " ").split()
    if not all(part.isascii() and part.isdigit() and 0 < int(part) <= 12 for part in parts):
        raise Unreadable(_("Point to diagnoses by their numbers, such as 1 2."))
    if len(parts) > _MOST_POINTERS:
        raise Unreadable(_("A line points to at most 4 diagnoses."))
    return replace(line, diagnosis_pointers=tuple(map(int, parts)))


def _put_units(line: Any, text: str, _known: Providers) -> Any:
    found = count_of(text)
    return replace(line, units=found) if found != line.units else line


def _put_code(line: Any, said: str, _known: Providers) -> Any:
    return replace(line, procedure=replace(line.procedure, code=said.upper()))


def _drug(part: str) -> tuple[Read, Write]:
    """A part of the drug of a line: its NDC, quantity, unit, prescription; a drug without any of them is none."""

    def get(line: Any) -> str:
        if line.drug is None:
            return ""
        return f"{line.drug.quantity.normalize():f}" if part == "quantity" else str(getattr(line.drug, part))

    def put(line: Any, said: str, _known: Providers) -> Any:
        value: Any = count_of(said or "0") if part == "quantity" else said
        if part == "ndc":
            value = said.replace("-", "").upper()
        if part == "unit":
            value = said or "UN"
        now = replace(line.drug or _NO_DRUG, **{part: value})
        return replace(line, drug=now if now.ndc or now.quantity or now.prescription_number else None)

    return get, put


LINE_FIELDS: tuple[Field, ...] = (
    code("revenue_code", later("Revenue"), most=4, kinds=F, shape="revenue"),
    Field(
        name="code", label=later("Code"), place="procedure", read=lambda line: line.procedure.code, write=_put_code,
        most=7, look="code",
    ),
    field("modifiers", later("Modifiers"), words("procedure.modifiers"), most=11, look="code", kinds=(*P, *F)),
    Field(
        name="pointers", label=later("Dx"), place="diagnosis_pointers", most=12, look="code", kinds=(*P, *D),
        read=lambda line: " ".join(map(str, line.diagnosis_pointers)), write=_put_pointers,
    ),
    field("start", later("From"), of_period("service", "start"), "service", most=10, look="day"),
    field("end", later("To"), of_period("service", "end"), "service", most=10, look="day"),
    code("place", later("Place"), "place_of_service", 2, kinds=(*P, *D), shape="two"),
    Field(
        name="units", label=later("Units"), place="units", most=8, look="n", write=_put_units,
        read=lambda line: f"{line.units.normalize():f}",
    ),
    field("areas", later("Areas"), words("dental.oral_cavity"), "dental.oral_cavity", most=14, look="code", kinds=D),
    field("rendering", later("Rendering"), provider("rendering"), look="provider"),
    text("note", later("Note"), most=80, look="note"),
)  # fmt: skip

LINE_MORE: tuple[Field, ...] = (
    TEETH,
    field("prosthesis", later("Prosthesis"), attribute("dental.prosthesis"), "dental.prosthesis", options=_PROSTHESIS,
          kinds=D),
    when("prior_placement", later("Former one placed"), "dental.prior_placement", kinds=D),
    when("placed", later("Appliance placed"), "dental.placed", kinds=D),
    when("replaced", later("Appliance replaced"), "dental.replaced", kinds=D),
    when("started", later("Treatment began"), "dental.started", kinds=D),
    when("completed", later("Treatment done"), "dental.completed", kinds=D),
    code("line_predetermination", later("Predetermination"), "dental.predetermination_number", kinds=D),
    field("assistant", later("Assistant surgeon"), provider("dental.assistant_surgeon"), look="provider", kinds=D),
    field("unit_kind", later("Units are"), attribute("unit_kind"), options=_UNITS, kinds=(*P, *F)),
    text("description", later("Described as"), "procedure.description", 80, look="note"),
    field("non_covered", later("Not covered"), dollars("non_covered"), most=12, look="n", kinds=F),
    field("emergency", later("Emergency"), yes("emergency"), options=YES, kinds=P),
    field("epsdt", later("EPSDT"), yes("epsdt"), options=YES, kinds=P),
    field("family_planning", later("Family planning"), yes("family_planning"), options=YES, kinds=P),
    field("ndc", later("NDC"), _drug("ndc"), "drug.ndc", most=13, look="code ndc", kinds=(*P, *F)),
    field("ndc_quantity", later("NDC units"), _drug("quantity"), "drug.quantity", most=10, look="n", kinds=(*P, *F)),
    field("ndc_unit", later("NDC units are"), _drug("unit"), "drug.unit", options=_DRUG_UNITS, kinds=(*P, *F)),
    field("prescription", later("Prescription"), _drug("prescription_number"), "drug.prescription_number", most=50,
          look="code", kinds=(*P, *F)),
    code("prior_authorization", later("Authorization"), kinds=(*P, *D)),
    code("referral_number", later("Referral number"), kinds=(*P, *D)),
    field("sales_tax", later("Sales tax"), dollars("sales_tax"), most=12, look="n"),
    field("facility_tax", later("Facility tax"), dollars("facility_tax"), most=12, look="n", kinds=F),
    PAID,
    TAKEN,
    text("facility_name", later("Facility: name"), "service_facility.organization", place="service_facility",
         kinds=(*P, *D)),
    code("facility_npi", later("Facility: NPI"), "service_facility.npi", 10, shape="npi", kinds=(*P, *D)),
    *address("facility_", "service_facility.address", later("Facility"), kinds=(*P, *D)),
    *person("referring", later("Referring"), kinds=(*P, *F)),
    *person("ordering", later("Ordering"), kinds=P),
    *person("supervising", later("Supervising"), kinds=(*P, *D)),
    *person("operating", later("Operating"), kinds=F),
    *person("other_operating", later("2nd operating"), kinds=F),
)  # fmt: skip
