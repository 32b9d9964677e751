"""What stands on a facility's claim, and what holds it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.claims_makers import coverage
from tests.facility_makers import (
    CHARGES,
    DOCTOR,
    PARTIES,
    always,
    bill,
    facility_visit,
    inpatient_part,
    joined,
    operated,
    outpatient_part,
    performed,
    stay,
)

from superbill.chart.model import AccidentRecord
from superbill.claims import Held, SelfPay, control_number, corrected, read_control_number, void
from superbill.claims.build_institutional import build_institutional, joins
from superbill.claims.institutional import ExternalCause, InpatientProcedure, Occurrence, OccurrenceSpan, Value
from superbill.claims.model import Procedure, ServiceLine
from superbill.claims.statement import (
    facility_account,
    frequency,
    in_window,
    is_facility_account,
    late_charges,
    months,
    nights,
)
from superbill.coding.model import Present
from superbill.effective import Period

D = date.fromisoformat


def days(start, end):
    return Period(D(start), D(end))


def test_an_inpatient_stay_is_billed_by_revenue_code_with_its_room_by_the_day():
    part = inpatient_part(performed("0300", "80048"), performed("0300", "85025"), performed("0360", "44970"))
    one = bill(part)
    assert (one.kind, one.type_of_bill, one.control_number, one.place_of_service) == (
        "institutional",
        "0111",
        "A1007FP1",
        "",
    )
    assert [(line.revenue_code, line.procedure.code, line.units, line.charge) for line in one.lines] == [
        ("0120", "", 3, 3 * 1180_00),
        ("0300", "", 2, 2 * 58_00),
        ("0360", "", 1, 5400_00),
    ]
    assert one.charge == 3 * 1180_00 + 2 * 58_00 + 5400_00
    assert [line.number for line in one.lines] == [1, 2, 3]
    assert [line.control_number for line in one.lines] == ["A1007F-1", "A1007F-2", "A1007F-3"]
    detail = one.institutional
    assert one.service == days("2026-03-02", "2026-03-05")
    assert one.admission == D("2026-03-02")
    assert (detail.admission_hour, detail.discharge_hour, detail.discharge_status) == ("09", "14", "01")
    assert (detail.admitting_diagnosis, detail.attending, detail.operating) == (
        "R109",
        DOCTOR,
        replace(DOCTOR, taxonomy=""),
    )
    assert detail.values == (Value("80", Decimal(3)),)


def test_an_outpatient_bill_has_a_line_for_each_service_with_its_code_and_day():
    part = outpatient_part(
        performed("0450", "99283", modifiers=("25",)), performed("0320", "73610"), reasons=("S93.401A",)
    )
    one = bill(part, stay(end="2026-03-02"))
    assert one.type_of_bill == "0131"
    assert [(line.revenue_code, line.procedure, line.service) for line in one.lines] == [
        ("0450", Procedure("99283", ("25",)), days("2026-03-02", "2026-03-02")),
        ("0320", Procedure("73610"), days("2026-03-02", "2026-03-02")),
    ]
    assert one.admission is None
    assert one.institutional.reasons_for_visit == ("S93401A",)
    assert (one.institutional.admission_hour, one.institutional.values) == ("", ())
    assert all(not diagnosis.poa for diagnosis in one.diagnoses)


@pytest.mark.parametrize(
    "start, end, expected",
    [("2026-03-02", "2026-03-02", 1), ("2026-03-02", "2026-03-03", 1), ("2026-02-27", "2026-03-02", 3)],
)
def test_the_day_of_discharge_is_no_day_of_accommodation_unless_it_is_that_of_admission(start, end, expected):
    one = bill(the_stay=stay(start, end))
    assert one.lines[0].units == expected
    assert one.institutional.values == (Value("80", Decimal(expected)),)


def test_a_rate_that_changes_within_the_stay_makes_a_line_for_each():
    def price(revenue, _code, _modifiers, day):
        return (1180_00 if day < D("2026-03-04") else 1240_00) if revenue == "0120" else None

    one = bill(price=price)
    assert [(line.units, line.charge) for line in one.lines] == [(2, 2360_00), (1, 1240_00)]
    assert [line.service for line in one.lines] == [days("2026-03-02", "2026-03-03"), days("2026-03-04", "2026-03-04")]


def test_diagnoses_say_what_was_present_on_admission():
    part = inpatient_part(present=(Present("N39.0", "N"),))
    exempt = {"Z87891"}
    one = bill(part, diagnoses=("K35.80", "N39.0", "Z87.891", "W01.0XXA"), exempt=lambda code, _day: code in exempt)
    assert [(each.code, each.poa) for each in one.diagnoses] == [("K3580", "Y"), ("N390", "N"), ("Z87891", "")]
    assert one.institutional.external_causes == (ExternalCause("W010XXA", "Y"),)


def test_without_a_list_of_exempt_codes_the_claim_says_that_none_is_told_apart():
    result = build_institutional(facility_visit(exempt=lambda _code, _day: None))
    assert "claims.poa-list" in {finding.rule for finding in result.findings}
    assert all(each.poa == "Y" for each in result.claims[0].diagnoses)


def test_procedures_carry_their_days_and_the_stay_its_group():
    part = inpatient_part(performed("0360", "44970"), procedures=(operated("0DTJ4ZZ", "2026-03-03"),))
    one = bill(part, group=always("343"))
    assert one.institutional.procedures == (InpatientProcedure("0DTJ4ZZ", D("2026-03-03")),)
    assert one.institutional.drg == "343"


def test_a_stay_that_groups_to_nothing_says_so():
    result = build_institutional(facility_visit(group=always("999")))
    assert result.claims[0].institutional.drg == ""
    assert "claims.no-drg" in {finding.rule for finding in result.findings}


@pytest.mark.parametrize(
    "kind, code, condition", [("auto", "01", ()), ("employment", "04", ("02",)), ("other", "05", ())]
)
def test_an_accident_is_an_occurrence_code(kind, code, condition):
    happened = AccidentRecord(kind=kind, on=D("2026-03-01"), state="OH")
    one = bill(
        the_stay=stay(accident=happened),
        coverages=[coverage({"auto": "motor", "employment": "compensation"}.get(kind, "buckeye"))],
    )
    assert Occurrence(code, D("2026-03-01")) in one.institutional.occurrences
    assert one.institutional.conditions == condition
    assert one.accident is None
    assert one.institutional.auto_accident_state == ("OH" if kind == "auto" else "")


def test_a_death_is_told_with_its_day():
    one = bill(inpatient_part(discharge_status="20"))
    assert one.institutional.occurrences == (Occurrence("55", D("2026-03-05")),)


def test_an_earlier_stay_within_sixty_days_is_a_span():
    before = (days("2026-01-01", "2026-01-03"), days("2026-02-01", "2026-02-04"), days("2025-11-01", "2025-11-09"))
    assert bill(earlier=before).institutional.spans == (OccurrenceSpan("71", before[1]),)
    assert bill(earlier=before[2:]).institutional.spans == ()


def test_skilled_nursing_names_the_hospital_stay_that_qualifies_for_it():
    part = inpatient_part(facility_type="21")
    before = (days("2026-02-20", "2026-02-22"), days("2026-02-10", "2026-02-14"))
    one = bill(part, earlier=before)
    assert (one.type_of_bill, one.institutional.spans) == ("0211", (OccurrenceSpan("70", before[1]),))


def test_a_private_room_tells_the_semiprivate_rate():
    assert Value("01", Decimal(1180)) in bill(inpatient_part(room="0110")).institutional.values


def test_what_was_done_in_the_payment_window_is_on_the_inpatient_claim():
    emergency = outpatient_part(
        performed("0450", "99284", day="2026-03-01"), performed("0320", "74018", day="2026-03-01")
    )
    part = inpatient_part(performed("0320", "71046"), admission_type="9", point_of_origin="9")
    one = bill(part, joined=(joined(emergency, "2026-03-01"),))
    assert [(line.revenue_code, line.units) for line in one.lines] == [("0120", 3), ("0320", 2), ("0450", 1)]
    assert one.institutional.statement == days("2026-03-01", "2026-03-05")
    assert one.admission == D("2026-03-02")
    assert (one.institutional.admission_type, one.institutional.point_of_origin) == ("1", "1")
    assert one.institutional.conditions == ("P7",)
    assert one.institutional.values == (Value("80", Decimal(3)),)


@pytest.mark.parametrize(
    "ended, days_before, expected",
    [
        ("2026-03-02", 3, True),
        ("2026-02-27", 3, True),
        ("2026-02-26", 3, False),
        ("2026-03-03", 3, False),
        ("2026-03-01", 1, True),
        ("2026-02-28", 1, False),
        ("2026-03-02", 0, False),
    ],
)
def test_the_window_reaches_three_days_back_or_one(ended, days_before, expected):
    assert in_window(days(ended, ended), D("2026-03-02"), days_before) is expected


def test_dialysis_is_never_part_of_the_window():
    outpatient = outpatient_part(performed("0821", "90999", day="2026-03-01"))
    assert not joins(outpatient, days("2026-03-01", "2026-03-01"), D("2026-03-02"), 3)


def test_an_admission_of_which_nothing_is_known_says_so():
    result = build_institutional(facility_visit(inpatient_part(admission_type="9", point_of_origin="9")))
    assert "claims.admission" in {finding.rule for finding in result.findings}


@pytest.mark.parametrize(
    "change, rule",
    [
        ({"part": inpatient_part(performed("0481", "92941"))}, "claims.no-facility-charge"),
        ({"parties": replace(PARTIES, attending=None)}, "claims.no-attending"),
        ({"diagnoses": ()}, "claims.no-diagnosis"),
        ({"account": "a-1"}, "claims.account"),
        ({"part": inpatient_part(facility_type="21"), "coverages": [coverage("medicare")]}, "claims.no-rate-code"),
        ({"part": outpatient_part()}, "claims.no-service"),
        ({"price": lambda *_: None}, "claims.no-facility-charge"),
    ],
)
def test_what_is_missing_holds_the_claim(change, rule):
    result = build_institutional(facility_visit(**change))
    assert isinstance(result, Held)
    assert rule in {finding.rule for finding in result.findings}
    assert all(finding.fix for finding in result.findings if finding.rule == rule)


def test_a_patient_without_coverage_owes_the_facility_alone():
    result = build_institutional(facility_visit(coverages=[]))
    assert isinstance(result, SelfPay)
    assert (result.account, sum(line.charge for line in result.lines)) == ("A1007F", 3 * 1180_00)


def test_medicare_takes_a_facilitys_claim_as_part_a():
    assert bill(coverages=[coverage("medicare")]).payer.claim_filing_indicator == "MA"
    assert bill(coverages=[coverage("medicaid")]).payer.claim_filing_indicator == "MC"


# --- interim bills, late charges, corrections ----------------------------------------------------------------------

LONG = stay("2026-01-20", "2026-03-10")


@pytest.mark.parametrize(
    "start, end, code, units, status",
    [
        ("2026-01-20", "2026-01-31", "2", 12, "30"),
        ("2026-02-01", "2026-02-28", "3", 28, "30"),
        ("2026-03-01", "2026-03-10", "4", 9, "01"),
        ("2026-01-20", "2026-03-10", "1", 49, "01"),
    ],
)
def test_an_interim_bill_has_its_frequency_days_and_status(start, end, code, units, status):
    one = bill(the_stay=LONG, statement=days(start, end))
    assert (one.frequency, one.lines[0].units, one.institutional.discharge_status) == (code, units, status)
    assert one.institutional.discharge_hour == ("14" if code in "14" else "")
    assert one.type_of_bill == f"011{code}"


def test_interim_bills_by_the_month_cover_every_day_of_the_stay_once():
    whole = days("2026-01-20", "2026-03-10")
    statements = months(whole, D("2026-12-31"))
    assert [frequency(one, whole) for one in statements] == ["2", "3", "4"]
    counted = [day for one in statements for day in nights(one, whole)]
    assert counted == list(nights(whole, whole))


@given(st.dates(D("2020-01-01"), D("2027-01-01")), st.integers(0, 200))
def test_months_of_any_stay_count_each_night_once(admitted, length):
    whole = Period(admitted, date.fromordinal(admitted.toordinal() + length))
    counted = [day for one in months(whole, D("2030-01-01")) for day in nights(one, whole)]
    assert len(counted) == len(set(counted)) == max(length, 1)


@pytest.mark.parametrize(
    "start, end", [("2026-01-19", "2026-01-31"), ("2026-03-01", "2026-03-11"), ("2026-03-05", "2026-03-01")]
)
def test_a_statement_outside_the_stay_is_refused(start, end):
    with pytest.raises(ValueError, match="statement"):
        frequency(days(start, end), days("2026-01-20", "2026-03-10"))


def test_late_charges_are_the_same_claim_with_new_lines_alone():
    one = bill()
    late = ServiceLine(
        number=7, control_number="A1007F2-1", procedure=Procedure(""), revenue_code="0250", charge=68_00,
        service=days("2026-03-04", "2026-03-04"),
    )  # fmt: skip
    added = late_charges(one, [late], control_number("A1007F2", "P"))
    assert (added.type_of_bill, added.charge, added.lines[0].number) == ("0115", 68_00, 1)
    assert added.institutional == one.institutional
    with pytest.raises(ValueError, match="does not have"):
        late_charges(one, one.lines, "A1007F2P1")


def test_a_correction_and_a_void_keep_the_facilitys_part():
    one = bill()
    assert corrected(one, "ICN1", 2, {}).type_of_bill == "0117"
    assert (void(one, "ICN1", 2).type_of_bill, void(one, "ICN1", 2).control_number) == ("0118", "A1007FP2")


def test_a_facilitys_account_is_told_apart_from_the_encounters_and_reads_back():
    assert facility_account("A1007") == "A1007F"
    assert facility_account("A1007", 2) == "A1007F2"
    assert is_facility_account("A1007F2", "A1007") and not is_facility_account("A10071F", "A1007")
    assert not is_facility_account("A1007", "A1007")
    assert read_control_number("A1007FP1").account == "A1007F"
    with pytest.raises(ValueError):
        facility_account("A" * 15)


@given(st.lists(st.sampled_from(sorted(CHARGES)), max_size=12), st.integers(0, 30))
def test_a_claims_charge_is_the_sum_of_all_that_was_done(codes, length):
    services = [performed(revenue, "80048") for revenue in codes]
    end = date.fromordinal(D("2026-03-02").toordinal() + length).isoformat()
    one = bill(inpatient_part(*services), stay(end=end))
    assert one.charge == sum(CHARGES[revenue] for revenue in codes) + max(length, 1) * CHARGES["0120"]
    assert [line.revenue_code for line in one.lines[1:]] == sorted(set(codes))
