"""A patient's bundle that carries somebody else's coverage: nobody is billed until a person has looked."""

import io
import json
from datetime import date

from superbill.chart.reader import ReadReport, SourceFile, read_charts
from superbill.claims.build import build
from superbill.claims.coverage_order import order_coverages
from superbill.claims.inputs import BillingParties, Held, SelfPay
from superbill.claims.model import Provider
from superbill.coding.model import AssignedCode, CodedEncounter, CodedService, Disposition


def chart_of(beneficiary):
    entries = [
        {
            "resourceType": "Patient",
            "id": "p1",
            "name": [{"family": "Oakes"}],
            "birthDate": "1951-03-02",
            "gender": "female",
        },
        {
            "resourceType": "Encounter",
            "id": "e1",
            "status": "finished",
            "class": {"code": "AMB"},
            "subject": {"reference": "Patient/p1"},
            "period": {"start": "2026-03-02T09:00:00Z"},
        },
    ]
    if beneficiary:
        entries.append(
            {
                "resourceType": "Coverage",
                "id": "c1",
                "status": "active",
                "beneficiary": {"reference": beneficiary},
                "payor": [{"display": "Blue"}],
            }
        )
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in entries]}
    text = json.dumps(bundle).encode()
    report = ReadReport()
    return next(read_charts([SourceFile("p1.json", lambda: io.BytesIO(text))], report)), report


def billed(chart):
    encounter = chart.encounters[0]
    coded = CodedEncounter(
        encounter_id="e1",
        patient_id="p1",
        date_of_service=date(2026, 3, 2),
        place_of_service="11",
        diagnoses=(AssignedCode(system="ICD-10-CM", code="I10"),),
        services=(
            CodedService(
                procedure=AssignedCode(system="CPT", code="99213"),
                service_date=date(2026, 3, 2),
                diagnosis_pointers=(1,),
            ),
        ),
        disposition=Disposition.CODED,
    )
    order = order_coverages(chart, encounter, lambda _: None)
    parties = BillingParties(billing=Provider(organization="Lakeland", npi="1999999018"))
    return build(chart, encounter, coded, order, "A1001", parties, lambda *_: 180_00)


def test_a_coverage_of_somebody_else_holds_the_visit():
    chart, report = chart_of("Patient/p2")
    assert report.finding_counts["chart.other-patients-coverage"] == 1
    outcome = billed(chart)
    assert isinstance(outcome, Held)
    assert [finding.rule for finding in outcome.findings] == ["chart.other-patients-coverage"]
    assert "Patient/p2" in outcome.findings[0].message


def test_without_it_the_patient_pays():
    chart, _ = chart_of("")
    assert isinstance(billed(chart), SelfPay)
