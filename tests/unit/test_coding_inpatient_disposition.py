"""Where a patient went is read from the note, in its many ways of saying so, and changes the group."""

import pytest
from tests.codesets import APRIL, embedded_store

from superbill.coding.inpatient.disposition import discharge_status
from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Visit

SAID = (
    ("DISPOSITION: Home.", "01"), ("Discharge disposition: home with home health services", "06"),
    ("Disposition\nSkilled nursing facility", "03"), ("The patient was discharged to SNF in stable condition.", "03"),
    ("She was discharged home with VNA.", "06"), ("He was transferred to acute rehab on day 6.", "62"),
    ("Discharged to: long-term acute care hospital", "63"), ("The patient left against medical advice.", "07"),
    ("Patient signed out AMA this morning.", "07"), ("The patient expired at 04:12.", "20"),
    ("The patient died at 04:12.", "20"), ("Her father, he died in 2010.", ""), ("Discharge status: expired", "20"),
    ("He was discharged home with hospice.", "50"),
    ("Disposition: inpatient hospice", "51"), ("Dispo: psychiatric hospital", "65"),
    ("She was transferred to University Hospital for surgery.", "02"), ("Discharged to nursing home.", "04"),
    ("Declined SNF. She was discharged home.", "01"), ("Disposition: home; declined SNF placement", "01"),
    ("Stable. Follow up in 2 weeks.", ""), ("Admitted from a nursing home.", ""), ("Her mother died in 2010.", ""),
    ("If stable he will be discharged to rehab facility.", ""),
)  # fmt: skip


@pytest.mark.parametrize("text, status", SAID)
def test_the_discharge_status_is_what_the_note_says(text, status):
    assert discharge_status(f"HOSPITAL COURSE\nDid well.\n\n{text}\n") == status


def test_a_delivery_is_no_check_up():
    note = (
        "CC: annual physical exam was scheduled, presents in labor\n\nDELIVERY NOTE\n"
        "ASSESSMENT\n1. Normal spontaneous vaginal delivery at 39 weeks, single liveborn infant.\n"
    )
    found = suggest(note, embedded_store(), Visit(on=APRIL, age=28, sex="female", setting="inpatient"))
    codes = [each.code for each in found.diagnoses]
    assert "O80" in codes and not [each for each in codes if each.startswith(("Z00", "Z34"))]
