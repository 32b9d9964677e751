"""One thing broken in a clean file: the finding names its rule and its place, and the 999 rejects the set."""

import pytest
from tests.x12_samples import REMITTANCE, batch, payment

from superbill.findings import Severity
from superbill.x12 import acknowledge, validate


def broken(data: bytes, old: str, new: str) -> bytes:
    assert old.encode() in data
    return data.replace(old.encode(), new.encode(), 1)


def errors(data: bytes) -> list[tuple[str, str]]:
    return [(each.rule, each.where.element) for each in validate(data) if each.severity is Severity.ERROR]


def test_clean_files_have_no_findings_and_are_accepted():
    for data in (batch(), payment()):
        assert validate(data) == []
        [answer] = acknowledge(data)
        assert (answer.code, answer.accepted) == ("A", 1)


NPI = "NM1*85*2*FICTIONAL CLINIC*****XX*1234567893"
CLAIM_FAULTS = [
    ("SE*29*", "SE*28*", "x12.se.count", "SE01"),
    ("SE*29*0001", "SE*29*0002", "x12.se.control-number", "SE02"),
    ("GE*1*7", "GE*2*7", "x12.ge.count", "GE01"),
    ("GE*1*7", "GE*1*8", "x12.ge.control-number", "GE02"),
    ("IEA*1*", "IEA*3*", "x12.iea.count", "IEA01"),
    ("IEA*1*000000101", "IEA*1*000000102", "x12.iea.control-number", "IEA02"),
    ("GS*HC*", "GS*HP*", "x12.gs.functional-id", "GS01"),
    ("CLM*A1007*200.5*", "CLM*A1007*200.6*", "x12.balance.claim-charge", "CLM02"),
    ("CLM*A1007*200.5*", "CLM*A1007*TWO*", "x12.element.type", "CLM02"),
    ("CLM*A1007*", "CLM**", "x12.element.required", "CLM01"),
    ("11:B:1*Y*A*Y*Y~", "11:B:1*Y*Q*Y*Y~", "x12.element.code", "CLM07"),
    ("11:B:1", "11:C:1", "x12.element.code", "CLM05-2"),
    ("11:B:1", "11:B", "x12.element.required", "CLM05-3"),
    (
        "NM1*85*2*FICTIONAL CLINIC*****XX*1234567893",
        "NM1*85*2*FICTIONAL CLINIC*****XX*1234567890",
        "x12.code.npi",
        "NM109",
    ),
    (NPI, NPI.replace("XX", ""), "x12.syntax", "NM108"),
    ("REF*EI*311234567", "REF*EI*31-1234567", "x12.code.tin", "REF02"),
    ("DMG*D8*19800102*F~", "DMG*D8*19801302*F~", "x12.element.date", "DMG02"),
    ("DTP*472*D8*20260302", "DTP*472*RD8*20260302", "x12.element.date", "DTP03"),
    ("N4*DAYTON*OH*45402~", "N4*DAYTON*OH*45402****X*Y~", "x12.element.too-many", "N408"),
    ("BHT*0019*00*BATCH1", "BHT*0019*00*" + "B" * 51, "x12.element.length", "BHT03"),
    ("HL*2*1*22*0", "HL*3*1*22*0", "x12.hl.number", "HL01"),
    ("HL*2*1*22*0", "HL*2*9*22*0", "x12.hl.parent", "HL02"),
    ("HL*2*1*22*0", "HL*2*1*22*1", "x12.hl.children", "HL04"),
    ("LX*2", "LX*3", "x12.lx.number", "LX01"),
    ("HI*ABK:E119", "HI*ABK", "x12.element.required", "HI01-2"),
]


@pytest.mark.parametrize("old, new, rule, element", CLAIM_FAULTS)
def test_a_fault_in_a_claim_file_is_named_with_its_place(old, new, rule, element):
    assert (rule, element) in errors(broken(batch(), old, new))


PAYMENT_FAULTS = [
    ("BPR*I*90*", "BPR*I*91*", "x12.balance.payment", "BPR02"),
    ("CLP*A1007*1*200.5*100*", "CLP*A1007*1*200.5*101*", "x12.balance.remittance-claim", "CLP04"),
    ("CLP*A1007*1*200.5*100*", "CLP*A1007*1*201.5*101*", "x12.balance.remittance-lines", "CLP03"),
    ("CAS*CO*45*100.5", "CAS*CO*45*100", "x12.balance.remittance-line", "SVC03"),
    ("WO*10", "ZQ*10", "x12.element.code", "PLB03-1"),
    ("CLP*A1007*1*", "CLP*A1007*5*", "x12.element.code", "CLP02"),
]


@pytest.mark.parametrize("old, new, rule, element", PAYMENT_FAULTS)
def test_a_fault_in_a_payment_file_is_named_with_its_place(old, new, rule, element):
    assert (rule, element) in errors(broken(payment(), old, new))


@pytest.mark.parametrize(
    "old, new, rule, segment",
    [
        ("N3*12 ELM ST~\n", "", "x12.segment.missing", "N3"),
        ("DTP*472*D8*20260302~\n", "", "x12.segment.missing", "DTP"),
        ("N3*1 MAIN ST~\n", "N3*1 MAIN ST~\nN3*2 MAIN ST~\n", "x12.segment.repeat", "N3"),
        ("LX*1~\n", "LX*1~\nNM1*77*2*PLACE~\nREF*G1*7~\n", "x12.segment.order", "SV1"),
        ("LX*1~\n", "ZZZ*1~\nLX*1~\n", "x12.segment.unknown", "ZZZ"),
        ("LX*1~\n", "CLP*1~\nLX*1~\n", "x12.segment.unknown", "CLP"),
        ("HI*", "HL*9*9*99~\nHI*", "x12.segment.unexpected", "HL"),
    ],
)
def test_a_segment_out_of_place_is_named(old, new, rule, segment):
    found = [(rule_, element) for rule_, element in errors(broken(batch(), old, new)) if "se.count" not in rule_]
    assert (rule, segment) in found


def test_a_finding_says_where_to_look_and_the_999_says_the_same():
    data = broken(batch(), "11:B:1*Y*A*Y*Y~", "11:B:1*Y*Q*Y*Y~")
    [finding] = validate(data, file="batch.837")
    assert str(finding).startswith("batch.837:21, loop 2300, CLM07: ")
    [answer] = acknowledge(data)
    [response] = answer.responses
    [error] = response.errors
    assert (answer.code, response.code, response.syntax_codes) == ("R", "R", ("5",))
    assert (error.segment, error.position, error.loop, error.code) == ("CLM", 19, "2300", "8")
    assert [(each.position, each.code, each.value) for each in error.elements] == [(7, "7", "Q")]


def test_one_bad_set_of_two_is_a_partial_acceptance():
    data = payment(REMITTANCE, REMITTANCE)
    [answer] = acknowledge(broken(data, "BPR*I*90*", "BPR*I*91*"))
    assert (answer.code, answer.received, answer.accepted) == ("P", 2, 1)
    assert [each.code for each in answer.responses] == ["R", "A"]


def test_a_version_that_is_not_known_is_said_not_to_be_checked():
    data = payment().replace(b"005010X221A1", b"003040X091")
    assert [each.severity for each in validate(data)] == [Severity.NOT_CHECKED]
    [answer] = acknowledge(data)
    assert answer.responses[0].syntax_codes == ("1",)
