"""What the builders make can be sent: institutional and dental claims written, valid by our validator, read back."""

from datetime import UTC, date, datetime

import pytest
from tests.claims_makers import DAY, coverage
from tests.facility_makers import bill, inpatient_part, joined, operated, outpatient_part, performed, stay
from tests.unit.test_claims_dental import FILLING, built

from superbill.chart.model import AccidentRecord
from superbill.claims.build_dental import DentalService
from superbill.claims.model import Contact
from superbill.coding.model import Present
from superbill.effective import Period
from superbill.x12 import read_claims, validate, write_claims
from superbill.x12.model import Envelope, Submitter

ENVELOPE = Envelope(
    sender_id="SENDER01", receiver_id="RECEIVER1", interchange_control_number=1, group_control_number=1,
    created=datetime(2026, 3, 20, 12, 0, tzinfo=UTC),
)  # fmt: skip
SUBMITTER = Submitter(
    name="Maple Billing", id="SENDER01", contact=Contact("Ann Bell", "6145550199"), receiver_name="Clearing",
    receiver_id="RECEIVER1",
)  # fmt: skip
EMERGENCY = outpatient_part(performed("0450", "99284", day="2026-03-01"))
ACCIDENT = AccidentRecord(kind="auto", on=date(2026, 3, 1), state="OH", claim_number="M-1")
CLAIMS = {
    "stay": lambda: bill(
        inpatient_part(
            performed("0360", "44970"),
            procedures=(operated("0DTJ4ZZ", "2026-03-03"),),
            present=(Present("N39.0", "N"),),
        ),
        diagnoses=("K35.80", "N39.0", "W01.0XXA"),
        joined=(joined(EMERGENCY, "2026-03-01"),),
    ),
    "death": lambda: bill(inpatient_part(discharge_status="20")),
    "interim": lambda: bill(
        the_stay=stay("2026-01-20", "2026-03-10"), statement=Period(date(2026, 2, 1), date(2026, 2, 28))
    ),
    "earlier stay": lambda: bill(earlier=(Period(date(2026, 2, 1), date(2026, 2, 4)),)),
    "accident": lambda: bill(the_stay=stay(accident=ACCIDENT), coverages=[coverage("motor")]),
    "emergency": lambda: bill(
        outpatient_part(performed("0450", "99283", modifiers=("25",)), performed("0710"), reasons=("K35.80",)),
        stay(end="2026-03-02"),
    ),
    "filling": lambda: built(DentalService(code="D2392", on=DAY, mouth=FILLING), diagnoses=("K02.9",)),
    "predetermination": lambda: built(DentalService(code="D1110", on=DAY), predetermination=True),
}


@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_as_built_is_a_valid_837_and_reads_back_as_it_was(name):
    claim = CLAIMS[name]()
    data = write_claims([claim], envelope=ENVELOPE, submitter=SUBMITTER, reference="B1")
    assert validate(data, file="x") == []
    (back,) = read_claims(data)
    assert back == claim
