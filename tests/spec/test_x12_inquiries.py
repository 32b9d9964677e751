"""Eligibility, claim status, services review and attachments: what a file says is where the guide's names say."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from superbill.x12.library import guides_of
from superbill.x12.tree import Interchange, Loop, Record, Transaction, Unplaced
from superbill.x12.walk import walk

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
VERSIONS = ("005010X279A1", "005010X279", "005010X212", "005010X217", "005010X364")
PROSE = "case"  # a folder of notes about files, which are no X12 themselves

LEVELS = (
    "HL*1**20*1", "NM1*PR*2*PLAN A*****PI*A1", "HL*2*1*21*1", "NM1*1P*2*CLINIC*****XX*1234567893",
)  # fmt: skip
RESPONSE_271 = (
    "BHT*0022*11*R1*20260105*1200", *LEVELS,
    "HL*3*2*22*1", "TRN*2*T1*9CLINIC", "NM1*IL*1*DOE*JANE****MI*M1", "N3*1 MAIN ST", "N4*SPRINGFIELD*IL*62701",
    "DMG*D8*19700101*F", "DTP*346*D8*20260101",
    "EB*1*FAM*30^88*HM*GOLD", "EB*C*IND*30***23*1500.5", "HSD*VS*20***23*1", "REF*18*P9",
    "DTP*292*RD8*20260101-20261231",
    "MSG*PER YEAR", "III*ZZ*11", "LS*2120", "NM1*PR*2*PLAN B*****PI*B1", "PER*IC**TE*5551234567", "LE*2120",
    "EB*A*IND*98*****.2", "AAA*Y**15*N",
    "HL*4*3*23*0", "NM1*03*1*DOE*JIM", "INS*N*19", "EB*6**30",
)  # fmt: skip
RESPONSE_277 = (
    "BHT*0010*08*R1*20260105*1200*DG",
    "HL*1**20*1", "NM1*PR*2*PLAN A*****PI*A1", "PER*IC**TE*5551234567",
    "HL*2*1*21*1", "NM1*41*2*CLINIC*****46*C1",
    "HL*3*2*19*1", "NM1*1P*2*CLINIC*****XX*1234567893", "NM1*1P*2*CLINIC*****FI*123456789",
    "HL*4*3*22*1", "NM1*IL*1*DOE*JANE****MI*M1", "HL*5*4*23", "NM1*QC*1*DOE*JIM",
    "TRN*2*T1", "STC*F1:65*20260106**120.5*80*20260107**20260108*C77", "STC*F1:107:PR*20260106", "REF*1K*ICN1",
    "REF*EJ*A1001", "DTP*472*RD8*20260101-20260102", "SVC*HC:99213:25*120.5*80****1", "STC*F1:65*20260106", "REF*FJ*1",
    "DTP*472*D8*20260101",
)  # fmt: skip
REQUEST_278 = (
    "BHT*0007*13*Q1*20260105*1200",
    "HL*1**20*1", "NM1*X3*2*PLAN A*****PI*A1", "HL*2*1*21*1", "NM1*1P*1*ROE*RIA****XX*1234567893",
    "PER*IC*DESK*TE*5551234567",
    "HL*3*2*22*1", "NM1*IL*1*DOE*JANE****MI*M1", "DMG*D8*19700101*F",
    "HL*4*3*EV*1", "TRN*1*T1*9CLINIC", "UM*HS*I*56*41:B*****Y", "DTP*AAH*D8*20260110",
    "HI*ABK:N186:D8:20251201*ABF:I10",
    "HSD*VS*3*WK**34*2", "CRC*07*Y*09", "CR1***X**DH*27", "PWK*AS*EL***AC*P1", "NM1*SJ*1*POE*PAT****XX*1234567893",
    "PRV*PE*PXC*203BS0133X", "NM1*PW*2*HOME", "N3*1 MAIN ST", "N4*SPRINGFIELD*IL*62701", "NM1*FS*2*CENTER",
    "N3*2 MAIN ST", "N4*SPRINGFIELD*IL*62701",
    "HL*5*4*SS*0", "DTP*472*D8*20260110", "SV1*HC:A0428:RX**UN*5", "HL*6*4*SS*0", "SV1*HC:A0428:PD**UN*8",
    "NM1*FA*2*CENTER*****XX*1234567893",
)  # fmt: skip
ATTACHMENT_275 = (
    "BGN*11*A1*20260105*1200", "NM1*PR*2*PLAN A*****PI*A1", "NM1*41*2*CLINIC*****46*C1",
    "NM1*1P*1*ROE*RIA****XX*1234567893", "NX1*1P", "N3*1 MAIN ST", "N4*SPRINGFIELD*IL*62701",
    "NM1*QC*1*DOE*JANE****MI*M1", "REF*EJ*A1001", "REF*EA*MR1",
    "DTP*472*D8*20260101", "LX*1", "TRN*2*ACN1", "STC*R4:18626-2::LOI", "DTP*472*D8*20260101", "DTP*368*D8*20260105",
    "CAT*AE*TX", "EFI*05", "BIN*5*HELLO", "LX*2", "TRN*2*ACN2", "DTP*368*D8*20260105", "CAT*AE*TX",
)  # fmt: skip


def file_of(number: str, version: str, body: tuple[str, ...]) -> bytes:
    segments = (
        "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*1200*^*00501*000000001*0*T*:",
        f"GS*HB*SENDER*RECEIVER*20260105*1200*1*X*{version}", f"ST*{number}*0001*{version}", *body,
        f"SE*{len(body) + 2}*0001", "GE*1*1", "IEA*1*000000001",
    )  # fmt: skip
    return "".join(each + "~" for each in segments).encode()


def transactions(source: bytes) -> Iterator[Transaction]:
    for read in walk(source, guides_of, units=False):
        assert isinstance(read, Interchange)
        for group in read.groups:
            yield from group.transactions


def only(number: str, version: str, body: tuple[str, ...]) -> Transaction:
    [found] = transactions(file_of(number, version, body))
    assert unplaced(found.root) == []
    return found


def unplaced(loop: Loop) -> list[str]:
    """The segments that the guide has no place for."""
    found = []
    for part in loop.body:
        if isinstance(part, Loop):
            found += unplaced(part)
        elif isinstance(part, Unplaced):
            found.append(part.raw)
    return found


def test_an_eligibility_response_tells_benefits_of_subscriber_and_dependent():
    [source] = only("271", "005010X279A1", RESPONSE_271).root.information_sources
    [receiver] = source.information_receivers
    [subscriber] = receiver.subscribers
    person = subscriber.subscriber_name
    assert (person.name.name, person.name.id) == ("DOE", "M1")
    assert person.dates[0].value == date(2026, 1, 1)
    active, deductible, coinsurance = person.benefits
    assert active.benefit.service_types == ("30", "88")
    assert deductible.benefit.amount == 150050
    assert deductible.deliveries[0].quantity == 20
    assert [message.text for message in deductible.messages] == ["PER YEAR"]
    assert deductible.additional_information[0].information.code == "11"
    assert deductible.related_entities[0].name.id == "B1"
    assert deductible.related_entities_end.loop == "2120"
    assert coinsurance.benefit.percent == Decimal("0.2")
    assert coinsurance.validations[0].reject_reason == "15"
    [dependent] = subscriber.dependents
    assert dependent.dependent_name.benefits[0].benefit.information == "6"


def test_a_claim_status_response_tells_status_of_claim_and_line():
    [source] = only("277", "005010X212", RESPONSE_277).root.information_sources
    [provider] = source.information_receivers[0].providers
    assert [loop.name.id for loop in provider.provider_names] == ["1234567893", "123456789"]
    [claim] = provider.subscribers[0].dependents[0].claims
    assert claim.trace_number.number == "T1"
    assert (claim.statuses[0].charge, claim.statuses[0].paid) == (12050, 8000)
    assert claim.statuses[1].status.entity == "PR"
    assert claim.payer_claim_control_number.value == "ICN1"
    assert claim.patient_control_number.value == "A1001"
    [line] = claim.lines
    assert line.service.procedure.modifiers == ("25",)
    assert line.service_date.value == date(2026, 1, 1)


def test_a_review_request_tells_event_transport_and_services():
    found = only("278", "005010X217", REQUEST_278)
    assert found.compiled.guide.key == "278-request"
    event = found.root.umo.requester.subscriber.patient_event
    assert event.review.location.code == "41"
    assert [event.diagnoses.codes[at].code for at in range(2)] == ["N186", "I10"]
    assert event.ambulance_conditions is not None
    assert event.equipment_conditions is None
    assert [provider.name.entity for provider in event.event_providers] == ["SJ"]
    assert [stop.name.name for stop in event.transport_locations] == ["HOME", "CENTER"]
    assert [service.professional_service.procedure.modifiers for service in event.services] == [("RX",), ("PD",)]
    assert [provider.name.name for provider in event.services[1].service_providers] == ["CENTER"]


def test_the_same_event_in_a_response_is_read_by_the_response_guide():
    body = ("BHT*0007*11*Q1*20260105*1200*18", *REQUEST_278[1:12], "HCR*A1*N1", "DTP*007*RD8*20260110-20260210")
    found = only("278", "005010X217", tuple(each for each in body if not each.startswith("PER")))
    assert found.compiled.guide.key == "278-response"
    [event] = found.root.umo.requester.subscriber.patient_events
    assert event.decision.review_number == "N1"
    assert event.certification_effective_date is not None


def test_an_attachment_tells_what_it_belongs_to():
    root = only("275", "005010X210", ATTACHMENT_275).root
    assert root.provider.provider_address.city_state_zip.state == "IL"
    assert root.patient.patient_control_number.value == "A1001"
    first, second = root.attachments
    assert first.control_number.number == "ACN1"
    assert first.service.service_date.value == date(2026, 1, 1)
    assert first.submission.content.data.data == "HELLO"
    assert second.submission.content is None


@pytest.mark.parametrize(
    ("number", "version", "body", "id"),
    [
        ("271", "005010X279A1", RESPONSE_271, "2000C"),
        ("277", "005010X212", RESPONSE_277, "2000D"),
        ("278", "005010X217", REQUEST_278, "2000C"),
    ],
)
def test_a_subscriber_with_all_dependents_is_handed_over_while_streaming(number, version, body, id):
    read = list(walk(file_of(number, version, body), guides_of, units=True))
    [record] = [each for each in read if isinstance(each, Record)]
    assert record.unit.id == id
    start = next(at for at, each in enumerate(body) if each.startswith("HL") and each.split("*")[3] == "22")
    assert record.unit.segments() == len(body) - start


def rows() -> list[dict[str, str]]:
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "index.csv").open() as source:
        return [row for row in csv.DictReader(source) if row["version"] in VERSIONS]


@pytest.mark.shared_data
@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not on this machine")
def test_every_segment_of_what_others_send_has_its_place():
    misplaced = {}
    for row in rows():
        if Path(row["file"]).parent.name == PROSE:
            continue
        for found in transactions((CORPUS / row["file"]).read_bytes()):
            assert found.compiled.guide.key != "unknown", row["file"]
            if loose := unplaced(found.root):
                misplaced[row["file"]] = loose
    assert misplaced == {}
