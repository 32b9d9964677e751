"""What of a FHIR resource reaches the chart."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.chart_samples import (
    DRUG,
    NPI,
    OURS,
    bundle_file,
    chart_of,
    clinical,
    coded,
    condition,
    encounter,
    patient,
    practitioner,
    procedure,
    read,
    ref,
    rules,
    seen_by,
)

from superbill.chart.model import CVX, NDC, AccidentRecord, PersonName, PostalAddress

PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"


def test_a_patient_with_every_demographic():
    record = chart_of(patient(deceasedDateTime="2025-06")).patient
    assert record.name == PersonName("Quill", ("Ada", "B"))
    assert (record.birth_date, record.sex, record.deceased) == (date(1980, 2, 29), "F", date(2025, 6, 1))
    assert record.address == PostalAddress(("1 Elm St",), "Salem", "MA", "019701234", "US")
    assert (record.phone, record.medical_record_number) == ("5550100199", "M1")
    assert (record.source.file, record.source.position) == ("bundle.json", 1)


@pytest.mark.parametrize("gender, sex", [("male", "M"), ("female", "F"), ("other", "U"), ("unknown", "U")])
def test_the_sex_that_a_claim_carries(gender, sex):
    assert chart_of(patient(gender=gender)).patient.sex == sex


@pytest.mark.parametrize(
    "reference",
    [
        ref("Practitioner/dr1"),
        ref("Practitioner/dr1/_history/3"),
        ref("https://ehr.example/fhir/Practitioner/dr1"),
        ref("urn:uuid:dr1"),
        ref(f"Practitioner?identifier={NPI}|1003000126"),
        ref(f"Practitioner?identifier={NPI}%7C1003000126"),
        ref("Practitioner?identifier=1003000126"),
        {"identifier": {"system": NPI, "value": "1003000126"}},
        ref("PractitionerRole/role1"),
    ],
)
def test_every_way_to_refer_to_a_provider(reference):
    role = {
        "resourceType": "PractitionerRole",
        "id": "role1",
        "practitioner": ref("Practitioner/dr1"),
        "specialty": [coded("http://nucc.org/provider-taxonomy", "207Q00000X")],
    }
    visit = encounter(participant=seen_by(reference))
    found = chart_of(patient(), practitioner(), role, visit).encounters[0].performer
    assert found is not None
    assert (found.id, found.npi, found.name.family, found.taxonomy) == ("dr1", "1003000126", "Lane", "207Q00000X")


def test_a_contained_provider():
    visit = encounter(contained=[practitioner("x")], participant=seen_by("#x"))
    assert chart_of(patient(), visit).encounters[0].performer.npi == "1003000126"


def test_a_provider_in_no_file_is_known_by_the_reference_alone():
    said = {"reference": f"Practitioner?identifier={NPI}|1003000126", "display": "Dr. Rosa Lane"}
    charts, report = read(bundle_file(patient(), encounter(participant=seen_by(said))))
    found = charts[0].encounters[0].performer
    assert (found.npi, found.name) == ("1003000126", PersonName("Lane", ("Rosa",)))
    assert report.unresolved == {"Practitioner": 1}


def test_performer_referrer_and_supervisor_by_participation_type():
    def one(id_, system, code):
        return {"type": [coded(system, code)], "individual": ref(f"Practitioner/{id_}")}

    careteam = "http://terminology.hl7.org/CodeSystem/claimcareteamrole"
    participant = [
        one("b", PARTICIPATION, "REFB"),
        one("c", careteam, "supervisor"),
        one("d", PARTICIPATION, "SPRF"),
        one("a", PARTICIPATION, "PPRF"),
    ]
    doctors = [practitioner(id_, "1003000126", f"Dr{id_}") for id_ in "abcd"]
    visit = chart_of(patient(), *doctors, encounter(participant=participant)).encounters[0]
    assert [who.id for who in (visit.performer, visit.referrer, visit.supervisor)] == ["a", "b", "c"]
    visit = chart_of(patient(), *doctors, encounter(participant=participant[:3])).encounters[0]
    assert visit.performer.id == "d"
    visit = chart_of(patient(), *doctors, encounter(participant=participant[:2])).encounters[0]
    assert visit.performer is None


def test_a_visit_with_place_organization_and_reasons():
    place = {
        "resourceType": "Location",
        "id": "l1",
        "name": "North office",
        "type": [
            coded("https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set", "11"),
        ],
        "address": {"city": "Salem", "state": "MA", "postalCode": "01970"},
    }
    house = {
        "resourceType": "Organization",
        "id": "o1",
        "name": "Quiet Harbor",
        "identifier": [{"system": "urn:oid:2.16.840.1.113883.4.4", "value": "12-3456789"}],
    }
    visit = encounter(
        location=[{"location": ref("Location/l1")}],
        serviceProvider=ref("Organization/o1"),
        reasonCode=[{"text": "cough"}],
        reasonReference=[ref("Condition/c1")],
    )
    found = chart_of(patient(), place, house, condition(), visit).encounters[0]
    assert (found.location.name, found.location.place_of_service) == ("North office", "11")
    assert (found.organization.name.family, found.organization.tin) == ("Quiet Harbor", "123456789")
    assert [reason.label for reason in found.reasons] == ["cough", "Hypertension"]
    assert found.start == datetime.fromisoformat("2025-03-04T09:00:00-05:00")


def test_the_day_of_service_is_the_local_day_that_was_written():
    visit = encounter(period={"start": "2025-03-04T23:30:00-05:00"})
    assert chart_of(patient(), visit).encounters[0].date_of_service == date(2025, 3, 4)
    visit = encounter(period={"start": "2025-03-04"})
    assert chart_of(patient(), visit).encounters[0].start == datetime(2025, 3, 4, tzinfo=UTC)


def test_the_extensions_of_a_visit():
    accident = [
        {"url": "kind", "valueCode": "auto"},
        {"url": "date", "valueDate": "2025-03-01"},
        {"url": "state", "valueString": "New Hampshire"},
        {"url": "claim-number", "valueString": "A-77"},
    ]
    visit = encounter(
        extension=[
            {"url": OURS + "accident", "extension": accident},
            {"url": OURS + "authorization-number", "valueString": "AUTH9"},
            {"url": OURS + "copay-collected", "valueMoney": {"value": 25.10, "currency": "USD"}},
        ]
    )
    found = chart_of(patient(), visit).encounters[0]
    assert found.accident == AccidentRecord(kind="auto", on=date(2025, 3, 1), state="NH", claim_number="A-77")
    assert (found.authorization_number, found.copay_collected) == ("AUTH9", 2510)


@pytest.mark.parametrize("money", [{"value": 25.105}, {"value": -1}, {"value": 5, "currency": "EUR"}, {"value": 1e300}])
def test_a_copay_that_is_no_amount_of_dollars_is_reported_and_left_out(money):
    visit = encounter(extension=[{"url": OURS + "copay-collected", "valueMoney": money}])
    charts, report = read(bundle_file(patient(), visit))
    assert rules(report) == ["chart.bad-number"]
    assert charts[0].encounters[0].copay_collected is None


def test_an_accident_without_a_date_is_reported_and_left_out():
    visit = encounter(extension=[{"url": OURS + "accident", "extension": [{"url": "kind", "valueCode": "auto"}]}])
    charts, report = read(bundle_file(patient(), visit))
    assert rules(report) == ["chart.bad-accident"]
    assert charts[0].encounters[0].accident is None


def test_conditions_rank_by_the_visit_then_by_the_extension():
    ranked = encounter(diagnosis=[{"condition": ref("Condition/c2"), "rank": 1}])
    second = condition("c1", extension=[{"url": OURS + "rank", "valuePositiveInt": 2}])
    first = condition("c2", extension=[{"url": OURS + "rank", "valuePositiveInt": 9}])
    chart = chart_of(patient(), ranked, condition("c3"), second, first)
    assert [(one.id, one.rank) for one in chart.encounters[0].conditions] == [("c2", 1), ("c1", 2), ("c3", None)]
    assert {one.id for one in chart.problems} == {"c1", "c2", "c3"}


def test_a_condition_of_an_earlier_visit_counts_where_a_later_one_lists_it():
    later = encounter("e2", day="2025-05-05", diagnosis=[{"condition": ref("Condition/c1"), "rank": 1}])
    chart = chart_of(patient(), encounter(), later, condition())
    assert [[one.id for one in visit.conditions] for visit in chart.encounters] == [["c1"], ["c1"]]
    assert len(chart.problems) == 1


def test_of_several_uses_of_a_diagnosis_the_billing_rank_counts():
    role = "http://terminology.hl7.org/CodeSystem/diagnosis-role"
    uses = [("AD", 3), ("billing", 1)]
    listed = [{"condition": ref("Condition/c1"), "use": coded(role, use), "rank": rank} for use, rank in uses]
    assert chart_of(patient(), encounter(diagnosis=listed), condition()).encounters[0].conditions[0].rank == 1


@pytest.mark.parametrize(
    "said, onset",
    [
        ({"onsetDateTime": "2019"}, date(2019, 1, 1)),
        ({"onsetDateTime": "2019-05"}, date(2019, 5, 1)),
        ({"onsetDateTime": "2019-05-06T23:00:00-08:00"}, date(2019, 5, 6)),
        ({"onsetPeriod": {"start": "2019-05-06"}}, date(2019, 5, 6)),
        ({"onsetAge": {"value": 40, "unit": "a"}}, None),
        ({}, None),
    ],
)
def test_every_way_to_say_when_a_problem_began(said, onset):
    assert chart_of(patient(), encounter(), condition(**said)).problems[0].onset == onset


def test_a_condition_without_a_visit_is_a_problem_only():
    chart = chart_of(patient(), encounter(), condition(visit=None))
    assert chart.encounters[0].conditions == ()
    assert [one.id for one in chart.problems] == ["c1"]


@pytest.mark.parametrize(
    "said, performed",
    [
        ({"performedDateTime": "2025-03-04"}, date(2025, 3, 4)),
        ({"performedPeriod": {"start": "2025-03-04T10:00:00Z", "end": "2025-03-05T10:00:00Z"}}, date(2025, 3, 4)),
        ({"performedString": "last spring"}, None),
    ],
)
def test_every_way_to_say_when_a_procedure_was_done(said, performed):
    assert chart_of(patient(), encounter(), procedure(**said)).encounters[0].procedures[0].performed == performed


def test_a_procedure_with_units_modifiers_reasons_and_performer():
    done = procedure(
        extension=[
            {"url": OURS + "units", "valueDecimal": 2.5},
            {"url": OURS + "modifier", "valueCode": "rt"},
            {"url": OURS + "modifier", "valueCode": "59"},
        ],
        performer=[{"actor": ref("Practitioner/dr1")}],
        reasonReference=[ref("Condition/c1")],
        bodySite=[{"text": "right knee"}],
        note=[{"text": "no complication"}],
    )
    found = chart_of(patient(), practitioner(), encounter(), condition(), done).encounters[0].procedures[0]
    assert (found.units, found.modifiers, found.performer) == (Decimal("2.5"), ("RT", "59"), "1003000126")
    assert (found.body_site, found.note, found.reasons[0].label) == ("right knee", "no complication", "Hypertension")


def test_a_vaccine_with_its_drug_code_and_dose():
    vaccine = {"coding": [{"system": CVX, "code": "140"}, {"system": NDC, "code": "49281-421-50"}]}
    given = clinical(
        "Immunization",
        "i1",
        status="completed",
        vaccineCode=vaccine,
        occurrenceDateTime="2025-03-04T09:10:00-05:00",
        doseQuantity={"value": 0.5, "unit": "mL"},
        protocolApplied=[{"doseNumberPositiveInt": 2}],
        extension=[{"url": OURS + "modifier", "valueCode": "SL"}],
    )
    found = chart_of(patient(), encounter(), given).encounters[0].immunizations[0]
    assert (found.concept.code(CVX), found.ndc, found.given) == ("140", "49281042150", date(2025, 3, 4))
    assert (found.dose_quantity, found.dose_number, found.modifiers) == (Decimal("0.5"), 2, ("SL",))


@pytest.mark.parametrize(
    "said, value, unit",
    [
        ({"valueQuantity": {"value": 120.50, "unit": "mmHg", "code": "mm[Hg]"}}, "120.5", "mm[Hg]"),
        ({"valueCodeableConcept": {"text": "Never smoker"}}, "Never smoker", ""),
        ({"valueString": "clear"}, "clear", ""),
        ({"valueBoolean": False}, "false", ""),
        ({"valueInteger": 0}, "0", ""),
        ({"valueDateTime": "2025-03-04"}, "2025-03-04", ""),
        ({}, "", ""),
    ],
)
def test_every_kind_of_value_of_an_observation(said, value, unit):
    measured = clinical("Observation", "o1", status="final", code=coded("http://loinc.org", "8480-6"), **said)
    found = chart_of(patient(), encounter(), measured).encounters[0].observations
    assert [(one.value, one.unit) for one in found] == [(value, unit)]


def test_a_panel_gives_one_record_per_component():
    parts = [
        {"code": coded("http://loinc.org", code), "valueQuantity": {"value": value, "unit": "mm[Hg]"}}
        for code, value in (("8480-6", 120), ("8462-4", 80))
    ]
    panel = clinical(
        "Observation",
        "o1",
        status="final",
        code=coded("http://loinc.org", "85354-9"),
        effectivePeriod={"start": "2025-03-04T09:05:00-05:00"},
        category=[coded("http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs")],
        component=parts,
    )
    found = chart_of(patient(), encounter(), panel).encounters[0].observations
    assert [(one.concept.code("http://loinc.org"), one.value) for one in found] == [("8480-6", "120"), ("8462-4", "80")]
    assert {(one.category, one.observed) for one in found} == {("vital-signs", date(2025, 3, 4))}


@pytest.mark.parametrize(
    "said",
    [
        {"medicationCodeableConcept": {"text": "Lisinopril 10 MG"}},
        {"medicationReference": ref("Medication/m1")},
        {"medicationReference": ref("#m2"), "contained": [DRUG | {"id": "m2"}]},
        {"medicationReference": {"display": "Lisinopril 10 MG"}},
    ],
)  # fmt: skip
def test_every_way_to_name_a_drug(said):
    request = clinical("MedicationRequest", "r1", status="active", intent="order", authoredOn="2025-03-04", **said)
    found = chart_of(patient(), DRUG, encounter(), request).encounters[0].medications[0]
    assert (found.concept.label, found.authored, found.status) == ("Lisinopril 10 MG", date(2025, 3, 4), "active")


def test_what_names_no_visit_goes_to_the_only_one_of_its_day():
    done = procedure(visit=None, performedDateTime="2025-03-04T09:10:00-05:00")
    charts, report = read(bundle_file(patient(), encounter(), done))
    assert [one.id for one in charts[0].encounters[0].procedures] == ["pr1"]
    assert report.linked_by_day == {"Procedure": 1}
    charts, report = read(bundle_file(patient(), encounter("e1"), encounter("e2"), done))
    assert [visit.procedures for visit in charts[0].encounters] == [(), ()]
    assert report.skipped == {"Procedure of no visit": 1}


def test_what_was_entered_in_error_is_left_out_and_counted():
    wrong = {"coding": [{"code": "entered-in-error"}]}
    charts, report = read(
        bundle_file(patient(), encounter(), condition(verificationStatus=wrong), procedure(status="entered-in-error"))
    )
    assert (charts[0].problems, charts[0].encounters[0].procedures) == ((), ())
    assert report.skipped == {"Condition entered-in-error": 1, "Procedure entered-in-error": 1}


def test_unknown_resources_and_fields_are_counted():
    strange = {"resourceType": "Basket", "id": "b"}
    charts, report = read(bundle_file(patient(shoeSize=43), strange))
    assert len(charts) == 1
    assert (report.ignored, report.unread_fields) == ({"Basket": 1}, {"Patient.shoeSize": 1})
    assert report.findings == []
