"""Whom a C-CDA is about, by its header; what does not tell is no header, and nothing in a file stops the reader."""

from datetime import date

import pytest

from superbill.chart.model import PersonName
from superbill.chart.text.ccda_header import Header, ccda_header


def document(patient, visit=""):
    return (
        f'<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole><patient>{patient}</patient>'
        f"</patientRole></recordTarget><componentOf><encompassingEncounter>{visit}</encompassingEncounter></componentOf>"
        "</ClinicalDocument>"
    ).encode()


NAME = "<name><given>Ada</given><given>B</given><family> Quill </family></name>"
QUILL = PersonName("Quill", ("Ada", "B"))


@pytest.mark.parametrize(
    "birth, visit, told",
    [
        ('<birthTime value="19800229"/>', '<effectiveTime value="202610300900-0500"/>',
         Header(name=QUILL, birth_date=date(1980, 2, 29), visit=date(2026, 10, 30))),
        ("", '<effectiveTime><low value="20261030"/></effectiveTime>', Header(name=QUILL, visit=date(2026, 10, 30))),
        ('<birthTime value="1980"/>', '<effectiveTime nullFlavor="UNK"/>', Header(name=QUILL)),
    ],
)  # fmt: skip
def test_the_header_names_the_patient_and_the_day(birth, visit, told):
    assert ccda_header(document(NAME + birth, visit)) == told


@pytest.mark.parametrize(
    "data",
    [
        b"Plain text.", b"", b"\xff\xd8\xff\xe0", b"<html><body>Ada Quill</body></html>", document("<name/>"),
        b"<!DOCTYPE a [<!ENTITY x 'y'>]>" + document(NAME), document(NAME)[:-9],
    ],
)  # fmt: skip
def test_what_names_nobody_has_no_header(data):
    assert ccda_header(data) is None
