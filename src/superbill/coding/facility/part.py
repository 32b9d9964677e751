"""The facility's part of an encounter: whether there is one, and what stands on it.

Medicare Claims Processing Manual chapter 3 (inpatient hospital), chapter 4 (outpatient hospital, §20 on revenue codes
and HCPCS), chapter 25 (completing the UB-04).
"""

from collections.abc import Sequence

from superbill.coding.context import Visit
from superbill.coding.diagnoses import Diagnosis
from superbill.coding.facility import admission, operations, services
from superbill.coding.groups import belongs
from superbill.coding.lines import Line
from superbill.coding.model import FacilityPart
from superbill.findings import Severity

HOSPITAL, NURSING = "hospital", "skilled_nursing"
INPATIENT, OUTPATIENT, NURSING_INPATIENT = "11", "13", "21"
_HOSPITAL_PLACES = frozenset({"19", "21", "22", "23"})
_NURSING_PLACE = "31"
_TWO_MIDNIGHTS = 2
_ROOM = "0120"  # semi-private, general: what stands where nothing tells of another room
_ROOMS_OF = {"0720": "0122", "0022": "0120"}  # a delivery's stay, and a skilled nursing one


def bill_of(visit: Visit) -> str:
    """The facility type of the bill that this visit has at a facility of the kind `visit.facility`; "" for none."""
    if visit.place == _NURSING_PLACE:
        return NURSING_INPATIENT if visit.facility == NURSING else ""
    if visit.facility != HOSPITAL or visit.place not in _HOSPITAL_PLACES:
        return ""
    return INPATIENT if visit.place == "21" or _stayed(visit) else OUTPATIENT


def part_of(
    visit: Visit, final: Sequence[Diagnosis], chosen: Sequence[Line], lines: Sequence[Line]
) -> FacilityPart | None:
    """The facility's part; None where no facility of ours bills. `chosen` are the visit lines, `lines` the vaccines.

    What is missing is said in findings of the visit: an error where an inpatient's operation can't be coded.
    """
    bill = bill_of(visit)
    if not bill:
        if visit.kind.claim == "both" and visit.place in _HOSPITAL_PLACES | {_NURSING_PLACE}:
            _say_who_bills(visit)
        return None
    inpatient = bill != OUTPATIENT
    performed = [line for line in visit.performed if line.kind != "visit"]
    found = services.of_visit(visit, [*chosen, *performed, *lines], inpatient=inpatient)
    if not inpatient and not found:
        return None
    if inpatient and visit.encounter.class_code == "EMER" and visit.place != "21":
        _say_stayed(visit)
    codes = [one.code.code for one in final if not belongs(one.code.code, "secondary_only")]
    said = [
        one.code.code
        for one in final
        if one.code.code in codes and visit.encounter.id in {each.record for each in one.code.evidence}
    ]
    first = (said or codes or [""])[0]
    unscheduled = any(one.revenue_code[:3] in {"045", "076"} or one.revenue_code == "0516" for one in found)
    return FacilityPart(
        facility_type=bill,
        room=_room(visit) if inpatient else "",
        services=found,
        procedures=operations.of_visit(visit, final) if inpatient else (),
        admission_type=admission.kind(visit, inpatient=inpatient),
        point_of_origin=admission.origin(visit, inpatient=inpatient),
        discharge_status=admission.discharge(visit, inpatient=inpatient),
        admitting=first if inpatient else "",
        reasons=tuple(dict.fromkeys(said or codes[:1]))[:3] if unscheduled and not inpatient else (),
        present=admission.present(visit, final) if inpatient else (),
    )


def _stayed(visit: Visit) -> bool:
    """Did an emergency encounter cross two midnights (42 CFR 412.3(d)(1))?"""
    nights = (visit.encounter.last_date_of_service - visit.day).days
    return visit.encounter.class_code == "EMER" and nights >= _TWO_MIDNIGHTS


def _say_stayed(visit: Visit) -> None:
    nights = (visit.encounter.last_date_of_service - visit.day).days
    visit.say(
        "coding.stay-by-midnights", Severity.WARNING,
        f"The emergency encounter lasted {nights} midnights: the hospital bills it as an inpatient stay.",
        "Check that an order to admit is on file; without one it is outpatient care.", field="class",
        source="42 CFR 412.3",
    )  # fmt: skip


def _room(visit: Visit) -> str:
    """The revenue code of the accommodation: that of the kind of visit, else a semi-private room."""
    revenue = visit.kind.revenue
    if revenue.startswith(("01", "02")):
        return revenue
    return _ROOMS_OF.get(revenue, _ROOM)


def _say_who_bills(visit: Visit) -> None:
    visit.say(
        "coding.no-facility", Severity.INFORMATION,
        f"The facility's own charges for {visit.kind.display} are not billed here: only the professional's are.",
        "A practice that bills for the facility too names it in its site file.", field="kind",
        source="site file",
    )  # fmt: skip
