"""What FHIR records of an admission reaches the chart as it was recorded."""

import pytest
from tests.chart_samples import bundle_file, coded, encounter, patient, read

from superbill.chart.model import HospitalRecord

NUBC = "http://www.nubc.org/patient-discharge"
SOURCE = "http://terminology.hl7.org/CodeSystem/admit-source"
PRIORITY = "http://terminology.hl7.org/CodeSystem/v3-ActPriority"


@pytest.mark.parametrize(
    "fields, expected",
    [
        ({}, None),
        ({"hospitalization": {}}, None),
        ({"hospitalization": {"dischargeDisposition": coded(NUBC, "03")}}, HospitalRecord(discharge="03")),
        ({"hospitalization": {"dischargeDisposition": {"text": "home"}}}, None),
        (
            {"priority": coded(PRIORITY, "EM"), "hospitalization": {"admitSource": coded(SOURCE, "emd")}},
            HospitalRecord(priority="EM", admit_source="emd"),
        ),
    ],
)
def test_priority_source_and_discharge_are_kept_in_their_codes(fields, expected):
    (chart,), _ = read(bundle_file(patient(), encounter(**fields)))
    assert chart.encounters[0].hospital == expected
