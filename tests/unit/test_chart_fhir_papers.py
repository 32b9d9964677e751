"""Notes, coverages and bills of FHIR on their way to the chart."""

import base64
from datetime import date

import pytest
from tests.chart_samples import (
    bundle_file,
    chart_of,
    coded,
    coverage,
    document,
    encounter,
    patient,
    read,
    ref,
    rules,
)

from superbill.effective import Period


@pytest.mark.parametrize(
    "content_type, encoding",
    [
        ("text/plain", "utf-8"),
        ("text/plain; charset=utf-8", "utf-8"),
        ("text/plain;charset=ISO-8859-1", "latin-1"),
        ("text/plain", "utf-8-sig"),
        ("", "utf-8"),
    ],
)
def test_a_note_is_decoded_in_its_charset(content_type, encoding):
    data = base64.b64encode("café, 38 °C".encode(encoding)).decode()
    note = chart_of(patient(), encounter(), document(contentType=content_type, data=data)).encounters[0].notes[0]
    assert (note.text, note.kind, note.author) == ("café, 38 °C", "Progress note", "Rosa Lane")
    assert note.written == date(2025, 3, 4)


def test_a_note_in_a_file_beside_the_bundle():
    asked = []

    def beside(file, url):
        asked.append((file, url))
        return b"seen today"

    chart = chart_of(patient(), encounter(), document(contentType="text/plain", url="notes/n1.txt"), resolve_url=beside)
    assert chart.encounters[0].notes[0].text == "seen today"
    assert asked == [("bundle.json", "notes/n1.txt")]


@pytest.mark.parametrize(
    "url", ["../n1.txt", "/etc/passwd", "file:///etc/passwd", "http://x.example/n", "a/%2e%2e/../b"]
)
def test_a_url_that_leaves_the_folder_is_never_asked_for(url):
    def never(file, url):
        raise AssertionError("asked for a file outside")

    charts, report = read(bundle_file(patient(), encounter(), document(url=url)), resolve_url=never)
    assert rules(report) == ["chart.note-not-found"]
    assert charts[0].encounters[0].notes == ()


def test_a_note_that_is_no_text_is_counted():
    charts, report = read(bundle_file(patient(), encounter(), document(contentType="application/pdf", data="AAAA")))
    assert report.skipped == {"DocumentReference application/pdf": 1}
    assert charts[0].encounters[0].notes == ()


def test_a_dependents_coverage_with_everything():
    mother = {
        "resourceType": "RelatedPerson",
        "id": "rp1",
        "patient": ref("Patient/p1"),
        "relationship": [coded("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "MTH")],
        "name": [{"family": "Quill", "given": ["Eve"]}],
        "gender": "female",
        "birthDate": "1955-01-02",
        "address": [{"city": "Salem", "state": "MA"}],
    }
    insurer = {"resourceType": "Organization", "id": "ins", "name": "Harbor Mutual"}
    kinds = "http://terminology.hl7.org/CodeSystem/coverage-class"
    insured = coverage(
        payor=[ref("Organization/ins")],
        subscriber=ref("RelatedPerson/rp1"),
        subscriberId="W123",
        order=2,
        period={"start": "2025-01-01", "end": "2025-12-31"},
        type=coded("http://terminology.hl7.org/CodeSystem/v3-ActCode", "EHCPOL"),
    )
    insured["class"] = [{"type": coded(kinds, "group"), "value": "G55", "name": "Shipyard"}]
    found = chart_of(patient(), mother, insurer, insured).coverages[0]
    assert (found.payer, found.member_id, found.order, found.kind) == ("Harbor Mutual", "W123", 2, "EHCPOL")
    assert (found.group_number, found.group_name, found.relationship) == ("G55", "Shipyard", "child")
    assert found.period == Period(date(2025, 1, 1), date(2025, 12, 31))
    assert (found.subscriber.name.given, found.subscriber.birth_date) == (("Eve",), date(1955, 1, 2))


@pytest.mark.parametrize(
    "said, relationship, named",
    [
        ({}, "self", False),
        ({"subscriber": ref("Patient/p1")}, "self", False),
        ({"relationship": {"coding": [{"code": "self"}]}, "subscriber": ref("Patient/p1")}, "self", False),
        ({"relationship": {"coding": [{"code": "spouse"}]}, "subscriber": {"display": "Max Quill"}}, "spouse", True),
        ({"subscriber": {"display": "Max Quill"}}, "other", True),
    ],
)
def test_how_the_patient_is_related_to_the_subscriber(said, relationship, named):
    found = chart_of(patient(), coverage(**said)).coverages[0]
    assert (found.relationship, found.subscriber is not None) == (relationship, named)


def test_coverages_come_in_their_order_and_a_cancelled_one_not_at_all():
    charts, report = read(
        bundle_file(
            patient(), coverage("b", order=2), coverage("a", order=1), coverage("c", status="cancelled", order=3)
        )
    )
    assert [one.id for one in charts[0].coverages] == ["a", "b"]
    assert report.skipped == {"Coverage cancelled": 1}


def test_a_patient_as_payor_pays_alone():
    assert chart_of(patient(), coverage(payor=[ref("Patient/p1")])).coverages[0].payer == "self-pay"


def test_the_payer_hint_of_an_explanation_of_benefit_comes_before_that_of_a_claim():
    def bill(kind, payer):
        inner = {"resourceType": "Coverage", "id": "cov", "status": "active", "payor": [{"display": payer}]}
        return {
            "resourceType": kind,
            "id": kind,
            "status": "active",
            "patient": ref("Patient/p1"),
            "contained": [inner],
            "insurance": [{"focal": True, "coverage": ref("#cov")}],
            "item": [{"sequence": 1, "encounter": [ref("Encounter/e1")]}],
        }

    claim, eob = bill("Claim", "of the claim"), bill("ExplanationOfBenefit", "of the benefit")
    assert chart_of(patient(), encounter(), claim, eob).encounters[0].payer_hint == "of the benefit"
    assert chart_of(patient(), encounter(), claim).encounters[0].payer_hint == "of the claim"
    assert chart_of(patient(), encounter()).encounters[0].payer_hint == ""
