"""The hospital's part of an encounter: whether there is one, its services, its operations, its stay."""

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.coding_charts import DAY, chart, condition, cpt, icd, procedure, vaccine, visit

from superbill.chart.model import HospitalRecord, ServiceLocation
from superbill.codesets import tables
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.codesets.revenue_code.lookup import revenue_code as known_revenue_code
from superbill.coding import code_encounter
from superbill.coding.facility.services import revenue_code
from superbill.coding.model import Disposition
from superbill.findings import Severity

EMERGENCY, INPATIENT, LABOR, SURGICAL = "50849002", "183452005", "183460006", "305408004"
NURSING, OUTPATIENT = "449411000124106", "371883000"
SPRAIN, APPENDICITIS = "44465007", "74400008"
XRAY, APPENDECTOMY, KNEE, CHILDBIRTH, CESAREAN, VACUUM = (
    "399208008", "80146002", "609588000", "66348005", "11466000", "236974004",
)  # fmt: skip


def stay(kind=INPATIENT, nights=2, class_code="IMP", **fields):
    start = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    return visit(kind, class_code=class_code, end=start + timedelta(days=nights, hours=4), **fields)


def coded(encounter, *, facility="hospital", payer="", **fields):
    return code_encounter(chart(encounter, **fields), encounter, established=True, payer_kind=payer, facility=facility)


def lines(result):
    return [(one.revenue_code, one.procedure.code if one.procedure else "") for one in result.facility.services]


def told(result):
    return {finding.rule for finding in result.findings}


def test_an_emergency_visit_has_the_physicians_part_and_the_hospitals():
    result = coded(visit(EMERGENCY, class_code="EMER", conditions=(condition(SPRAIN),), procedures=(cpt("73610"),)))
    assert result.claim_kind == "professional"
    assert [(one.procedure.code, one.modifiers) for one in result.services] == [("99283", ()), ("73610", ("26",))]
    assert (result.facility.facility_type, result.facility.room) == ("13", "")
    assert lines(result) == [("0320", "73610"), ("0450", "99283")]
    assert [one.modifiers for one in result.facility.services] == [(), ()]
    assert result.facility.reasons == (result.diagnoses[0].code,)
    assert (result.facility.admission_type, result.facility.point_of_origin) == ("1", "1")


def test_without_a_facility_of_the_site_the_professional_part_stands_alone_and_says_so():
    result = coded(visit(EMERGENCY, class_code="EMER", conditions=(condition(SPRAIN),)), facility="")
    assert result.facility is None and result.disposition is Disposition.CODED
    (said,) = [finding for finding in result.findings if finding.rule == "coding.no-facility"]
    assert said.severity is Severity.INFORMATION


def test_an_office_visit_is_no_hospitals():
    result = coded(visit(conditions=(condition(SPRAIN),)))
    assert result.facility is None
    assert "coding.no-facility" not in told(result)


def test_an_inpatient_operation_has_room_theatre_and_its_icd_10_pcs_code():
    result = coded(stay(conditions=(condition(APPENDICITIS),), procedures=(procedure(APPENDECTOMY),)))
    assert (result.facility.facility_type, result.facility.room) == ("11", "0120")
    assert ("0360", "44970") in lines(result)
    assert [(one.procedure.code, one.on) for one in result.facility.procedures] == [("0DTJ4ZZ", DAY)]
    assert result.facility.admitting == result.diagnoses[0].code
    assert any(one.procedure.code == "44970" for one in result.services)


def test_what_a_surgeon_bills_in_his_package_is_still_the_hospitals_stay():
    recovery = procedure("736169004")
    result = coded(stay(SURGICAL, conditions=(condition(APPENDICITIS),), procedures=(recovery,)))
    assert result.disposition is Disposition.CODED
    assert (result.claim_kind, result.services) == ("institutional", ())
    assert result.facility.admission_type == "3"
    assert lines(result) == [("0710", "")]


@pytest.mark.parametrize(
    "side, codes", [("left knee", ["0SRD0J9"]), ("right", ["0SRC0J9"]), ("bilateral", ["0SRC0J9", "0SRD0J9"])]
)
def test_an_operation_on_a_side_has_that_sides_code(side, codes):
    result = coded(stay(conditions=(icd("M17.11"),), procedures=(procedure(KNEE, body_site=side),)))
    assert [one.procedure.code for one in result.facility.procedures] == codes


def test_an_inpatient_operation_without_its_side_is_held():
    encounter = stay(conditions=(icd("M17.11"),), procedures=(procedure(KNEE),))
    assert coded(encounter).disposition is Disposition.HELD
    assert "coding.pcs-side" in told(coded(encounter))
    assert coded(encounter, facility="").disposition is Disposition.CODED


@pytest.mark.parametrize("nights, bill", [(0, "13"), (1, "13"), (2, "11")])
def test_an_emergency_encounter_of_two_midnights_is_a_stay(nights, bill):
    result = coded(stay(EMERGENCY, nights, "EMER", conditions=(condition(SPRAIN),)))
    assert result.facility.facility_type == bill
    assert ("coding.stay-by-midnights" in told(result)) is (bill == "11")
    assert any(code.startswith("9928") for _, code in lines(result))


def test_an_extraction_is_the_delivery():
    done = (procedure(CHILDBIRTH, id="p1"), procedure(VACUUM, id="p2"))
    result = coded(stay(LABOR, 1, "EMER", conditions=(icd("O80"), icd("Z37.0")), procedures=done))
    assert [one.procedure.code for one in result.facility.procedures] == ["10D07Z6"]
    assert result.facility.room == "0122"
    assert {revenue for revenue, _ in lines(result)} == {"0720", "0722"}
    assert ("0722", "59409") in lines(result)


def test_what_is_added_to_an_operation_takes_the_room_no_second_time():
    result = coded(stay(conditions=(icd("I50.22"),), procedures=(procedure("447365002"),)))
    assert [code for revenue, code in lines(result) if revenue == "0360"] == ["33249"]
    assert {"33225", "33249"} <= {one.procedure.code for one in result.services}


def test_a_vaccine_given_in_a_hospital_is_on_the_hospitals_bill_only():
    where = ServiceLocation(id="l", place_of_service="22")
    encounter = visit(conditions=(condition(SPRAIN),), immunizations=(vaccine("140"),), location=where)
    with_hospital, without = coded(encounter), coded(encounter, facility="")
    given = {one.procedure.code for one in without.services} - {one.procedure.code for one in with_hospital.services}
    assert {code for revenue, code in lines(with_hospital) if revenue in ("0636", "0771")} == given != set()


@pytest.mark.parametrize("payer, code", [("medicare", "G0463"), ("commercial", "99213")])
def test_medicare_has_one_code_for_a_hospitals_clinic_visit(payer, code):
    where = ServiceLocation(id="l", place_of_service="22")
    result = coded(visit(conditions=(condition(SPRAIN),), location=where), payer=payer)
    assert [(revenue, one[:4]) for revenue, one in lines(result)] == [("0510", code[:4])]
    assert result.services[0].procedure.code.startswith("9921")


def test_observation_is_counted_in_hours():
    encounter = stay(
        EMERGENCY, 1, "OBSENC", conditions=(condition(SPRAIN),), location=ServiceLocation(id="l", place_of_service="22")
    )
    result = coded(encounter)
    (watched,) = [one for one in result.facility.services if one.revenue_code == "0762"]
    assert (watched.procedure.code, watched.units) == ("G0378", 28)
    assert result.facility.facility_type == "13"


def test_the_hospital_reports_the_tracing_and_the_physician_the_reading():
    result = coded(visit(EMERGENCY, class_code="EMER", conditions=(condition(SPRAIN),), procedures=(cpt("93000"),)))
    assert ("0730", "93005") in lines(result)
    assert "93010" in {one.procedure.code for one in result.services}


@pytest.mark.parametrize(
    "said, code", [("snf", "03"), ("1", "01"), ("03", "03"), ("exp", "20"), ("nowhere", "01"), ("", "01")]
)
def test_where_the_patient_went_is_a_discharge_status(said, code):
    hospital = HospitalRecord(discharge=said) if said else None
    result = coded(stay(conditions=(condition(APPENDICITIS),), hospital=hospital))
    assert result.facility.discharge_status == code
    assert ("coding.discharge-status" in told(result)) is (said in ("", "nowhere"))


def test_who_died_in_the_stay_was_not_discharged_home():
    result = coded(stay(conditions=(condition(APPENDICITIS),)), deceased=date(2026, 3, 4))
    assert result.facility.discharge_status == "20"


@pytest.mark.parametrize(
    "record, expected",
    [
        (HospitalRecord(priority="EL", admit_source="hosp-trans"), ("3", "4")),
        (HospitalRecord(priority="UR"), ("2", "9")),
        (None, ("9", "9")),
    ],
)
def test_type_and_origin_of_an_admission_are_as_recorded_or_not_known(record, expected):
    part = coded(stay(conditions=(condition(APPENDICITIS),), hospital=record)).facility
    assert (part.admission_type, part.point_of_origin) == expected


@pytest.mark.parametrize("onset, present", [(DAY, ()), (DAY + timedelta(days=1), ("N39.0",)), (None, ())])
def test_what_began_after_the_day_of_admission_was_not_present(onset, present):
    part = coded(stay(conditions=(condition(APPENDICITIS), icd("N39.0", onset=onset)))).facility
    assert tuple(one.code for one in part.present) == present
    assert all(one.indicator == "N" for one in part.present)


def test_skilled_nursing_needs_a_facility_of_that_kind():
    encounter = stay(NURSING, 20, conditions=(icd("I69.351"),))
    assert coded(encounter).facility is None
    assert coded(encounter, facility="skilled_nursing").facility.facility_type == "21"


def test_a_hospital_bills_no_more_than_25_diagnoses():
    many = tuple(
        icd(f"M25.5{number}", id=f"c{number}") for number in (11, 12, 21, 22, 31, 32, 41, 42, 51, 52, 61, 62, 71, 72)
    )
    result = coded(stay(conditions=many))
    assert len(result.diagnoses) == 14
    assert len(coded(stay(conditions=many), facility="").diagnoses) == 12


def test_every_revenue_code_of_the_table_is_one():
    rows = list(tables.rows("superbill.coding.facility.data", "revenue.csv"))
    used = {row[column] for row in rows for column in ("inpatient", "outpatient")} - {""}
    assert [code for code in sorted(used) if known_revenue_code(code) is None] == []
    assert all(row["first"] <= row["last"] for row in rows)


def test_every_procedure_of_the_crosswalk_that_a_hospital_may_bill_has_a_revenue_code():
    unknown = [
        found.code
        for found in crosswalk.procedures().values()
        if found.system in ("CPT", "HCPCS") and found.code and not found.revenue
        and found.code[0] not in "DQSEHAG" and not found.code.startswith("99")
        and revenue_code(crosswalk.system_of(found.code), found.code, inpatient=True) is None
    ]  # fmt: skip
    assert unknown == []


def test_an_unknown_code_is_told_and_left_to_a_person():
    result = coded(visit(EMERGENCY, class_code="EMER", conditions=(condition(SPRAIN),), procedures=(cpt("98960"),)))
    assert "coding.no-revenue-code" in told(result)
