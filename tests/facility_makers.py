"""A small hospital and encounters at it, from which the tests of institutional claims start. All fictional."""

from datetime import UTC, date, datetime
from decimal import Decimal

from superbill.chart.model import EncounterRecord
from superbill.claims.build_institutional import build_institutional
from superbill.claims.coverage_order import order_coverages
from superbill.claims.facility_inputs import FacilityParties, FacilityVisit, Joined
from superbill.claims.model import Address, Contact, Person, Provider
from superbill.codesets.msdrg.stay import Grouped
from superbill.coding.model import (
    CodedEncounter,
    CodedProcedure,
    Disposition,
    FacilityPart,
    FacilityService,
)
from tests.claims_makers import PAYERS, chart, code, coverage

HOSPITAL = Provider(
    organization="Maple County Hospital",
    npi="1999998051",
    tin="399999997",
    tin_kind="EI",
    taxonomy="282N00000X",
    address=Address("2 Hospital Way", "Columbus", "OH", "432151235"),
    contact=Contact("Billing Office", "6145550120"),
)
DOCTOR = Provider(person=Person("Okafor", "Ada"), npi="1003000126", taxonomy="207R00000X")
PARTIES = FacilityParties(billing=HOSPITAL, attending=DOCTOR, operating=DOCTOR)
CHARGES = {
    "0120": 1180_00, "0110": 1450_00, "0250": 68_00, "0300": 58_00, "0320": 285_00, "0360": 5400_00, "0450": 720_00,
    "0636": 95_00, "0710": 880_00,
}  # fmt: skip


def at(day: str, hour: int = 9, minute: int = 30) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC).replace(hour=hour, minute=minute)


def performed(revenue, text="", day="2026-03-02", units=1, modifiers=(), **more):
    return FacilityService(
        revenue_code=revenue,
        procedure=code(text, "CPT" if text[:1].isdigit() else "HCPCS") if text else None,
        modifiers=modifiers,
        units=Decimal(units),
        service_date=date.fromisoformat(day),
        **more,
    )


def operated(text, day="2026-03-02"):
    return CodedProcedure(procedure=code(text, "ICD-10-PCS"), on=date.fromisoformat(day))


def inpatient_part(*services, **more):
    fields = {
        "facility_type": "11",
        "room": "0120",
        "admission_type": "1",
        "point_of_origin": "1",
        "discharge_status": "01",
        "admitting": "R10.9",
    }
    return FacilityPart(services=services, **(fields | more))


def outpatient_part(*services, **more):
    fields = {"facility_type": "13", "admission_type": "1", "point_of_origin": "1", "discharge_status": "01"}
    return FacilityPart(services=services, **(fields | more))


def coded_at(part, diagnoses=("K35.80", "I10"), day="2026-03-02"):
    return CodedEncounter(
        encounter_id="e1",
        patient_id="p1",
        date_of_service=date.fromisoformat(day),
        place_of_service="21" if part.room else "23",
        diagnoses=tuple(code(one) for one in diagnoses),
        facility=part,
        disposition=Disposition.CODED,
    )


def stay(start="2026-03-02", end="2026-03-05", **more):
    return EncounterRecord(id="e1", class_code="IMP", start=at(start), end=at(end, 14, 5), **more)


def joined(part, start, end=""):
    before = EncounterRecord(id="e0", class_code="EMER", start=at(start, 3), end=at(end or start, 6))
    return Joined(before, coded_at(part, day=start))


def no_group(_stay, _day):
    return None


def always(drg):
    def group(_stay, _day):
        return Grouped(drg=drg, grouper="test", version="43")

    return group


def facility_visit(part=None, the_stay=None, coverages=None, diagnoses=("K35.80", "I10"), the_chart=None, **more):
    """A stay from 2 to 5 March 2026 of an insured patient, unless something else is said."""
    the_stay = the_stay or stay()
    the_chart = the_chart or chart(*([coverage("buckeye")] if coverages is None else coverages))
    fields = {
        "account": "A1007F",
        "parties": PARTIES,
        "price": lambda revenue, _code, _modifiers, _day: CHARGES.get(revenue),
        "exempt": lambda _code, _day: False,
        "group": no_group,
    }
    return FacilityVisit(
        chart=the_chart,
        encounter=the_stay,
        coded=coded_at(part or inpatient_part(), diagnoses),
        order=order_coverages(the_chart, the_stay, PAYERS.get),
        **(fields | more),
    )


def bill(*args, **more):
    """The claim of such a visit."""
    (one,) = build_institutional(facility_visit(*args, **more)).claims
    return one
