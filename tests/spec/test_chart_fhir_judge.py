"""Our own small resources are FHIR R4 in the eyes of fhir.resources, so that the chart's tests test FHIR."""

import json

import pytest
from fhir.resources.R4B import get_fhir_model_class
from tests import chart_samples as samples

RESOURCES = {
    "patient": samples.patient(deceasedDateTime="2025-06"),
    "encounter": samples.encounter(
        participant=samples.seen_by("Practitioner/dr1"),
        diagnosis=[{"condition": samples.ref("Condition/c1"), "rank": 1}],
        extension=[
            {"url": samples.OURS + "authorization-number", "valueString": "A"},
            {"url": samples.OURS + "copay-collected", "valueMoney": {"value": 25.1, "currency": "USD"}},
            {
                "url": samples.OURS + "accident",
                "extension": [{"url": "kind", "valueCode": "auto"}, {"url": "date", "valueDate": "2025-03-01"}],
            },
        ],
    ),
    "condition": samples.condition(
        onsetDateTime="2019-05", extension=[{"url": samples.OURS + "rank", "valuePositiveInt": 1}]
    ),
    "procedure": samples.procedure(
        performedDateTime="2025-03-04",
        extension=[
            {"url": samples.OURS + "units", "valueDecimal": 2.5},
            {"url": samples.OURS + "modifier", "valueCode": "RT"},
        ],
    ),
    "coverage": samples.coverage(order=1, subscriberId="W1", relationship={"coding": [{"code": "self"}]}),
    "practitioner": samples.practitioner(),
    "medication": samples.DRUG,
    "note": samples.document(contentType="text/plain", data="QQ=="),
    "bundle": samples.bundle(samples.patient(), samples.encounter(), samples.condition()),
}


@pytest.mark.parametrize("name", RESOURCES)
def test_a_sample_is_valid_fhir(name):
    resource = RESOURCES[name]
    model = get_fhir_model_class(resource["resourceType"])
    assert model.model_validate_json(json.dumps(resource)).get_resource_type() == resource["resourceType"]


def test_the_judge_knows_a_wrong_resource():
    with pytest.raises(ValueError, match="birthDate"):
        get_fhir_model_class("Patient").model_validate_json(json.dumps(samples.patient(birthDate="soon")))
