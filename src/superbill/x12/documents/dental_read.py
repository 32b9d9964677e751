"""What only the loops 2300 and 2400 of an 837D say: a dental claim, or a predetermination of what it would pay."""

from decimal import Decimal

from msgspec.structs import replace

from superbill.claims.dental import DentalDetail, DentalLine, Orthodontics, Tooth, ToothStatus
from superbill.claims.model import ServiceLine
from superbill.x12.documents import claim_parts_read as part
from superbill.x12.documents import fold
from superbill.x12.documents.claim_parties_read import party
from superbill.x12.documents.fold import Notes, Table, Take, Unreadable, Values, each, text, value
from superbill.x12.documents.parts_read import procedure
from superbill.x12.documents.professional_read import accident, information
from superbill.x12.standard.claim import DN1, DN2
from superbill.x12.standard.service import SV3, TOO
from superbill.x12.tree import Loop

_DETAIL = ("teeth", "predetermination_number", "assistant_surgeon")
_LINE_DETAIL = (
    "teeth", "oral_cavity", "prosthesis", "prior_placement", "placed", "replaced", "started", "completed",
    "predetermination_number", "assistant_surgeon",
)  # fmt: skip


# --- lines ----------------------------------------------------------------------------------------------------------


def _service(segment: SV3, v: Values, _notes: Notes) -> None:
    if segment.procedure is not None:
        v["procedure"] = procedure(segment.procedure)
    if segment.charge is not None:
        v["charge"] = segment.charge
    if segment.quantity is not None:
        v["units"] = segment.quantity
    v["place_of_service"] = segment.place_of_service
    if segment.oral_cavity is not None:
        v["oral_cavity"] = segment.oral_cavity.areas
    if segment.prosthesis in ("I", "R"):
        v["prosthesis"] = segment.prosthesis
    if segment.diagnosis_pointers is not None:
        v["diagnosis_pointers"] = part.pointers(segment.diagnosis_pointers)


def _tooth(segment: TOO, v: Values, _notes: Notes) -> None:
    surfaces = () if segment.surfaces is None else segment.surfaces.surfaces
    v.setdefault("teeth", []).append(Tooth(segment.tooth, surfaces))  # type: ignore[arg-type]  # what the guide lists


_DATES: dict[str, Take] = {
    "prior_placement_date": fold.day("prior_placement"),
    "appliance_placement_date": fold.day("placed"),
    "replacement_date": fold.day("replaced"),
    "treatment_start_date": fold.day("started"),
    "treatment_completion_date": fold.day("completed"),
}
_LINE = Table(
    **part.LINE,
    **_DATES,
    service=_service,
    teeth=_tooth,
    predetermination_numbers=part.own_number("predetermination_number"),
    prior_authorizations=part.own_number("prior_authorization"),
    referral_numbers=part.own_number("referral_number"),
    sales_tax=value("sales_tax"),
    assistant_surgeon=party("assistant_surgeon"),
    supervising_provider=party("supervising"),
    service_facility=party("service_facility"),
)


def _line(loop: Loop, notes: Notes) -> ServiceLine:
    v = part.finished(_LINE.fold(loop, notes, part.NO_LINE.copy()))
    detail = {name: v.pop(name) for name in _LINE_DETAIL if name in v}
    return ServiceLine(dental=DentalLine(**detail) if any(detail.values()) else None, **v)


# --- the claim ------------------------------------------------------------------------------------------------------


def _whole(months: Decimal | None, element: int) -> int | None:
    if months is not None and months != int(months):
        raise Unreadable(element, f"not a whole number of months: {months}")
    return None if months is None else int(months)


def _orthodontics(segment: DN1, v: Values, _notes: Notes) -> None:
    v["orthodontics"] = {"months": _whole(segment.months, 1), "months_left": _whole(segment.months_remaining, 2)}


def _tooth_status(segment: DN2, v: Values, _notes: Notes) -> None:
    if segment.status not in ("E", "M"):
        raise Unreadable(2, f"a tooth is missing (M) or to be extracted (E), not {segment.status!r}")
    v.setdefault("teeth", []).append(ToothStatus(segment.tooth, "E" if segment.status == "E" else "M"))


_CLAIM = Table(
    **part.CLAIM,
    claim=information,
    accident_date=fold.day("accident_on"),
    appliance_placement_date=fold.day("placed"),
    service_date=fold.period,
    orthodontic_treatment=_orthodontics,
    tooth_statuses=_tooth_status,
    patient_paid_amount=value("patient_paid"),
    predetermination_number=text("predetermination_number"),
    claim_notes=part.note,
    diagnoses=part.diagnoses,
    referring_providers=party("referring"),
    assistant_surgeon=party("assistant_surgeon"),
    supervising_provider=party("supervising"),
    lines=each("lines", _line),
)


def claim(loop: Loop, notes: Notes) -> Values:
    """The fields of a loop 2300. The days that it tells for all lines are those of the lines without their own."""
    v = part.finished(_CLAIM.fold(loop, notes, part.NO_CLAIM | {"lines": []}))
    v["accident"] = accident(v)
    detail = {name: v.pop(name) for name in _DETAIL if name in v}
    course, placed = v.pop("orthodontics", None), v.pop("placed", None)
    if course is not None or placed is not None:
        detail["orthodontics"] = Orthodontics(**(course or {}), placed=placed)
    v["kind"], v["dental"] = "dental", DentalDetail(**detail)
    if service := v.pop("service", None):
        v["lines"] = tuple([line if line.service.start else replace(line, service=service) for line in v["lines"]])
    return v
