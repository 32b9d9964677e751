"""What stands on the claim of a visit, and what holds it."""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pytest
from msgspec.structs import replace
from tests.claims_makers import (
    BILLING,
    DAY,
    MOTHER,
    PARTIES,
    RENDERING,
    built,
    chart,
    claim,
    code,
    coded,
    coverage,
    encounter,
    rules,
    service,
)

from superbill.chart.model import (
    AccidentRecord,
    Coding,
    Concept,
    ConditionRecord,
    ObservationRecord,
    PostalAddress,
)
from superbill.claims import Built, Held, SelfPay, control_number, read_control_number
from superbill.claims.control import ControlNumber
from superbill.claims.lines import ndc11
from superbill.claims.model import Accident, Address, Claim, NationalDrug, Provider
from superbill.coding.model import Disposition
from superbill.edits import Context, PayerFacts, check
from superbill.findings import Severity


def test_the_claim_of_an_office_visit():
    one = claim()
    assert (one.control_number, one.charge, one.place_of_service) == ("A1007P1", 125_00, "11")
    assert [diagnosis.code for diagnosis in one.diagnoses] == ["E119", "I10"]
    (line,) = one.lines
    assert (line.number, line.control_number, line.diagnosis_pointers) == (1, "A1007-1", (1, 2))
    assert one.patient_is_subscriber and one.subscriber.person.middle == "Maria"
    assert (one.rendering, one.referring, one.accident, one.clia) == (RENDERING, None, None, "")


def test_charges_are_price_times_units_rounded_to_the_cent():
    one = claim(the_coded=coded(service("99213", units=3), service("J3490", units="0.335", note="KETOROLAC")))
    assert [line.charge for line in one.lines] == [375_00, 13_40]


def test_a_newborn_is_a_child_of_the_insured_mother():
    result = built(
        chart(coverage("buckeye", relationship="child", subscriber=MOTHER), born=date(2026, 2, 27), given=("Ana",)),
    )
    (one,) = result.claims
    assert (one.subscriber.relationship, one.subscriber.person.first, one.patient.person.first) == (
        "19",
        "Elena",
        "Ana",
    )
    assert one.subscriber.birth_date == MOTHER.birth_date and not one.patient_is_subscriber


@pytest.mark.parametrize("word, expected", [("self", "18"), ("spouse", "01"), ("child", "19"), ("other", "G8")])
def test_relationships_become_their_codes(word, expected):
    assert claim(coverage("buckeye", relationship=word, subscriber=MOTHER)).subscriber.relationship == expected


ELSEWHERE = Provider(organization="Northside Clinic", address=Address("9 Ridge Road", "Columbus", "OH", "43201"))
SAME = Provider(organization="Maple Street", address=Address("100 MAPLE STREET", "Columbus", "OH", "43215"))


@pytest.mark.parametrize(
    "facility, place, named",
    [
        (ELSEWHERE, "11", True),
        (SAME, "11", False),
        (ELSEWHERE, "12", False),
        (ELSEWHERE, "10", False),
        (None, "11", False),
    ],
)
def test_the_place_is_named_only_where_it_is_not_the_billing_address(facility, place, named):
    one = claim(parties=replace(PARTIES, service_facility=facility), the_coded=coded(place_of_service=place))
    assert (one.service_facility is not None) is named


def test_the_billing_provider_is_not_repeated_as_rendering_or_pay_to():
    one = claim(parties=replace(PARTIES, rendering=replace(RENDERING, npi=BILLING.npi), pay_to=SAME))
    assert one.rendering is None and one.pay_to is None


def test_an_accident_is_told_with_its_cause_day_and_state():
    recorded = AccidentRecord(kind="auto", on=date(2026, 3, 1), state="OH", claim_number="M-9")
    one = claim(coverage("motor"), the_encounter=encounter(accident=recorded))
    assert one.accident == Accident(on=date(2026, 3, 1), causes=("AA",), state="OH")
    assert one.subscriber.property_casualty_claim_number == "M-9"


@pytest.mark.parametrize("onset, told", [(date(2026, 3, 1), True), (date(2025, 11, 1), False), (None, False)])
def test_an_injury_with_a_recent_day_is_an_accident_of_another_cause(onset, told):
    sprain = ConditionRecord(id="k1", concept=Concept(text="ankle sprain"), onset=onset)
    one = claim(
        the_encounter=encounter(conditions=(sprain,)),
        the_coded=coded(diagnoses=(code("S93.401A", record="k1"), "E11.9")),
    )
    assert one.accident == Accident(on=onset, causes=("OA",)) if told else one.accident is None


def test_the_onset_of_the_illness_behind_the_visit():
    throat = ConditionRecord(id="k1", concept=Concept(text="sore throat"), onset=date(2026, 2, 27))
    one = claim(
        the_encounter=encounter(conditions=(throat,)), the_coded=coded(diagnoses=(code("J02.9", record="k1"), "I10"))
    )
    assert one.onset == date(2026, 2, 27)


def test_a_pregnancy_visit_carries_the_last_menstrual_period():
    seen = ObservationRecord(concept=Concept((Coding("http://loinc.org", "8665-2"),)), value="2025-12-01")
    one = claim(the_encounter=encounter(observations=(seen,)), the_coded=coded(diagnoses=("Z34.91", "I10")))
    assert one.last_menstrual_period == date(2025, 12, 1)


def test_a_waived_laboratory_test_carries_clia_number_and_qw():
    one = claim(the_coded=coded(service("99213"), service("83036")))
    assert one.clia == "36D0123456"
    assert [line.procedure.modifiers for line in one.lines] == [(), ("QW",)]


def test_a_laboratory_of_more_than_waived_tests_adds_no_qw():
    one = claim(parties=replace(PARTIES, certificate_of_waiver=False), the_coded=coded(service("83036")))
    assert one.lines[0].procedure.modifiers == ()


def test_a_vaccine_carries_its_national_drug_code():
    one = claim(the_coded=coded(service("90686", ndc="49281-421-50")))
    assert one.lines[0].drug == NationalDrug("49281042150", Decimal(1), "UN")


@pytest.mark.parametrize(
    "text, digits",
    [
        ("49281-0421-50", "49281042150"),
        ("4928-0421-50", "04928042150"),
        ("49281-421-50", "49281042150"),
        ("49281-0421-5", "49281042105"),
        ("49281042150", "49281042150"),
        ("4928104215", None),
        ("unknown", None),
    ],
)
def test_an_ndc_is_padded_by_its_hyphens_only(text, digits):
    assert ndc11(text) == digits


def test_an_unusable_drug_is_left_off_with_a_word():
    result = built(chart(coverage("buckeye")), the_coded=coded(service("J3490", ndc="12", note="KETOROLAC")))
    assert result.claims[0].lines[0].drug is None and rules(result) == {"claims.drug"}


def test_an_unlisted_code_is_described_and_anesthesia_counts_minutes():
    one = claim(the_coded=coded(service("J3490", note="KETOROLAC 15 MG"), service("00400", units=45)))
    assert one.lines[0].procedure.description == "KETOROLAC 15 MG"
    assert (one.lines[1].unit_kind, one.lines[1].units) == ("MJ", 45)


def test_what_the_patient_paid_and_the_authorization_are_on_the_claim():
    one = claim(the_encounter=encounter(copay_collected=25_00, authorization_number=" PA-1 "))
    assert (one.patient_paid, one.prior_authorization) == (25_00, "PA-1")


def test_twelve_diagnoses_stay_those_that_lines_point_to():
    diagnoses = [f"R{number:02}" for number in range(10, 24)]
    result = built(chart(coverage("buckeye")), the_coded=coded(service("99213", (14, 1)), diagnoses=diagnoses))
    (one,) = result.claims
    assert [d.code for d in one.diagnoses] == [*diagnoses[:11], diagnoses[13]]
    assert one.lines[0].diagnosis_pointers == (12, 1) and rules(result) == {"claims.diagnoses-left-out"}


def test_a_diagnosis_that_comes_twice_is_one():
    one = claim(the_coded=coded(service("99213", (3, 2)), diagnoses=("E11.9", "I10", "E119")))
    assert ([d.code for d in one.diagnoses], one.lines[0].diagnosis_pointers) == (["E119", "I10"], (1, 2))


def test_more_than_fifty_lines_make_several_claims():
    result = built(
        chart(coverage("buckeye")),
        encounter(copay_collected=20_00),
        coded(*(service("99213") for _ in range(101)), service("83036")),
    )
    assert [len(one.lines) for one in result.claims] == [50, 50, 2]
    assert [one.control_number for one in result.claims] == ["A1007P1", "A1007P1B", "A1007P1C"]
    numbers = [line.control_number for one in result.claims for line in one.lines]
    assert numbers == [f"A1007-{n}" for n in range(1, 103)]
    assert [one.patient_paid for one in result.claims] == [20_00, None, None]
    assert [bool(one.clia) for one in result.claims] == [False, False, True]


def test_self_pay_is_no_claim_but_has_charges():
    result = built(chart(), encounter(copay_collected=10_00))
    assert isinstance(result, SelfPay)
    assert (result.lines[0].charge, result.lines[0].control_number, result.patient_paid) == (125_00, "A1007-1", 10_00)
    assert result.reason == "the chart has no coverage"


@pytest.mark.parametrize(
    "change, rule",
    [
        ({"the_coded": coded(service("99999"))}, "claims.no-price"),
        ({"the_coded": coded(diagnoses=())}, "claims.no-diagnosis"),
        ({"the_coded": replace(coded(), services=())}, "claims.no-service"),
        ({"the_coded": coded(place_of_service="")}, "claims.no-place-of-service"),
        ({"the_coded": coded(claim_kind="institutional")}, "claims.not-professional"),
        ({"the_coded": coded(service("99213", (5,)))}, "claims.pointer"),
        ({"the_coded": coded(service("99213", modifiers=("25", "57", "24", "GC", "95")))}, "claims.modifiers"),
        ({"the_coded": replace(coded(), disposition=Disposition.HELD)}, "claims.not-coded"),
        ({"account": "a-1007"}, "claims.account"),
        ({"account": "A" * 16}, "claims.account"),
    ],
)
def test_what_can_t_be_built_is_held_with_place_and_fix(change, rule):
    result = built(chart(coverage("buckeye")), **change)
    assert isinstance(result, Held) and rule in rules(result)
    found = next(finding for finding in result.findings if finding.rule == rule)
    assert found.severity is Severity.ERROR and str(found.where) and found.fix


def test_a_line_without_diagnosis_points_to_the_first_listed_and_says_so():
    result = built(chart(coverage("buckeye")), the_coded=coded(service("99213", ())))
    assert isinstance(result, Built) and result.claims[0].lines[0].diagnosis_pointers == (1,)
    assert rules(result) == {"claims.pointer-assumed"}


def test_half_an_address_is_none():
    home = chart(coverage("buckeye"))
    home = replace(home, patient=replace(home.patient, address=PostalAddress(("12 Elm Court",), "Dublin", "OH", "")))
    assert built(home).claims[0].patient.address is None


def test_control_numbers_tell_account_payer_version_and_part():
    assert control_number("A1007", "S", 2) == "A1007S2"
    assert read_control_number("A1007P1B") == ControlNumber("A1007", "P", 1, 2)
    assert read_control_number("A1007P12") == ControlNumber("A1007", "P", 12, 1)
    assert read_control_number("a1007") is None
    assert len(control_number("A" * 15, "T", 99, 26)) == 19
    for wrong in (("A-1", "P", 1, 1), ("A1", "P", 100, 1), ("A1", "P", 1, 27), ("A1", "Z", 1, 1)):
        with pytest.raises(ValueError):
            control_number(*wrong)


def test_the_day_of_service_stands_on_every_line():
    assert {line.service.start for line in claim(the_coded=coded(service("99213"), service("83036"))).lines} == {DAY}


@pytest.mark.parametrize("key", ["buckeye", "medicaid"])
def test_a_clean_visit_gives_a_claim_without_findings(key):
    (one,) = built(chart(coverage(key))).claims
    kind = "medicaid" if key == "medicaid" else "commercial"
    assert check(one, Context(today=date(2026, 3, 10), payer=PayerFacts(kind=kind))) == []


def test_a_claim_travels_as_json_unchanged():
    one = claim(the_coded=coded(service("99213"), service("90686", ndc="49281-421-50")))
    assert msgspec.json.decode(msgspec.json.encode(one), type=Claim) == one


@pytest.mark.parametrize(
    "kind, place, admitted", [("IMP", "21", DAY), ("EMER", "21", DAY), ("EMER", "23", None), ("AMB", "21", None)]
)
def test_an_inpatient_stay_has_admission_and_discharge(kind, place, admitted):
    stay = encounter(class_code=kind, end=datetime(2026, 3, 5, 11, 0, tzinfo=UTC))
    one = claim(the_encounter=stay, the_coded=coded(place_of_service=place))
    assert (one.admission, one.discharge) == (admitted, date(2026, 3, 5) if admitted else None)
