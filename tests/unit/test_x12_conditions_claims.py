"""The situational rules of the 837P and 837I, each where it holds and where it doesn't."""

from collections.abc import Iterator, Sequence

import pytest

from superbill.x12.conditions import CONDITIONS, claims
from superbill.x12.guides import claim_837i, claim_837p
from superbill.x12.nodes import Compiled
from superbill.x12.rules import Guide, SegmentRule
from superbill.x12.tree import UNPLACED, Interchange, Loop
from superbill.x12.walk import walk

ENVELOPE = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*1200*^*00501*000000001*0*T*:",
    "GS*HC*SENDER*RECEIVER*20260105*1200*1*X*{version}",
    "ST*837*0001*{version}",
)
HEAD = (
    "BHT*0019*00*1*20260105*1200*CH",
    "NM1*41*2*CLINIC*****46*SENDER",
    "PER*IC*DESK*TE*5551234567",
    "NM1*40*2*HOUSE*****46*RECEIVER",
    "HL*1**20*1",
    "NM1*85*2*CLINIC*****XX*1234567893",
    "N3*1 MAIN ST",
    "N4*SPRINGFIELD*IL*627010000",
    "REF*EI*123456789",
    "HL*2*1*22*0",
    "SBR*P*18*******MB",
    "NM1*IL*1*DOE*JANE****MI*A1",
    "N3*2 MAIN ST",
    "N4*SPRINGFIELD*IL*62702",
    "DMG*D8*19700101*F",
    "NM1*PR*2*MEDICARE*****PI*MCR",
)
OTHER = (
    "SBR*S*18*******CI",
    "CAS*CO*45*20",
    "AMT*D*80",
    "OI***Y***Y",
    "NM1*IL*1*DOE*JANE****MI*B1",
    "NM1*PR*2*PLAN B*****PI*B",
)
PROFESSIONAL = (
    *HEAD,
    "CLM*1*100***11:B:1*Y*A*Y*Y",
    "HI*ABK:I10",
    *OTHER,
    "LX*1",
    "SV1*HC:99213*100*UN*1***1",
    "DTP*472*D8*20260101",
)
INSTITUTIONAL = (
    *HEAD,
    "CLM*1*100***13:A:1**A*Y*Y",
    "DTP*434*RD8*20260101-20260103",
    "CL1*3*1*01",
    "HI*ABK:I10",
    *OTHER,
    "LX*1",
    "SV2*0300*HC:80050*100*UN*1",
)
BASES = {"P": (Compiled(claim_837p.GUIDE), PROFESSIONAL), "I": (Compiled(claim_837i.GUIDE), INSTITUTIONAL)}


def file_of(guide: Guide, segments: Sequence[str]) -> bytes:
    body = [*(each.format(version=guide.version) for each in ENVELOPE), *segments]
    body += [f"SE*{len(segments) + 2}*0001", "GE*1*1", "IEA*1*000000001"]
    return "".join(each + "~" for each in body).encode()


def edited(segments: Sequence[str], edits: dict[str, Sequence[str]]) -> list[str]:
    """Segments with some of them, told by how they begin, replaced by others."""
    made: list[str] = []
    left = dict(edits)
    for segment in segments:
        beginning = next((each for each in left if segment.startswith(each)), None)
        made += [segment] if beginning is None else left.pop(beginning)
    assert not left, f"nothing begins so: {left}"
    return made


def tree(form: str, edits: dict[str, Sequence[str]]) -> Loop:
    compiled, segments = BASES[form]
    [read] = walk(file_of(compiled.guide, edited(segments, edits)), lambda *_: [compiled], units=False)
    assert isinstance(read, Interchange)
    return read.groups[0].transactions[0].root


def answers(loop: Loop, above: tuple[Loop, ...] = ()) -> Iterator[tuple[str, bool]]:
    """What each condition says at each place where a rule asks it."""
    for each in loop.node.rule.parts:
        if each.when:
            yield each.when, CONDITIONS[each.when](loop, above, None)
    for place, part in zip(loop.shape, loop.body, strict=True):
        assert place != UNPLACED, part
        if isinstance(part, Loop):
            yield from answers(part, (loop, *above))
            continue
        rule = loop.node.rule.parts[place]
        assert isinstance(rule, SegmentRule)
        for element in rule.elements:
            if element.when:
                yield element.when, CONDITIONS[element.when](loop, above, part)


def said(form: str, name: str, **edits: Sequence[str]) -> set[bool]:
    return {answer for asked, answer in answers(tree(form, edits)) if asked == name}


def clm(place: str = "11:B:1", causes: str = "") -> dict[str, Sequence[str]]:
    return {"CLM": [f"CLM*1*100***{place}*Y*A*Y*Y**{causes}"]}


def bill(kind: str) -> dict[str, Sequence[str]]:
    return {"CLM": [f"CLM*1*100***{kind}**A*Y*Y"]}


LINE = "SV1*HC:99213"
ZIP = "N4*SPRINGFIELD*IL*627010000"
NAMELESS = {"NM1*IL": ["NM1*IL*2*EMPLOYER*JANE"], "SBR*S": ["SBR*S*18*******CI", "NM1*IL*1*DOE"], OTHER[4]: []}
DEPENDENT = {
    "HL*2": ["HL*2*1*22*1"],
    "SBR*P": ["SBR*P********CI"],
    "CLM": [
        "HL*3*2*23*0", "PAT*19", "NM1*QC*1*DOE*JIM", "N3*2 MAIN ST", "N4*SPRINGFIELD*IL*62702", "DMG*D8*20100101*M",
        "CLM*1*100***11:B:1*Y*A*Y*Y",
    ],
}  # fmt: skip
DECIDED = ["SV1*HC:99213*100*UN*1***1", "SVD*B*80*HC:99213**1", "CAS*CO*45*20", "DTP*573*D8*20260103"]

HOLDS = [
    ("P", "address_is_in_us_or_canada", {}),
    ("P", "address_is_in_us_or_canada", {"N4*": ["N4*SAN JUAN*PR*00901*PR"]}),
    ("P", "us_zip_code_has_nine_digits", {}),
    ("P", "us_zip_code_has_nine_digits", {ZIP: ["N4*SPRINGFIELD*IL"]}),
    ("P", "us_zip_code_has_nine_digits", {ZIP: ["N4*TORONTO*ON**CA"]}),
    ("P", "us_zip_code_has_nine_digits", {ZIP: ["N4*PARIS**75001*FR"]}),
    ("P", "person_has_first_name", {}),
    ("P", "person_has_middle_name", {"NM1*IL": ["NM1*IL*1*DOE*JANE*M***MI*A1"]}),
    ("P", "person_has_suffix", {"NM1*IL": ["NM1*IL*1*DOE*JANE***JR*MI*A1"]}),
    ("P", "entity_is_person", {}),
    ("P", "claim_is_subrogation", {"BHT": ["BHT*0019*00*1*20260105*1200*31"]}),
    ("P", "patient_is_subscriber", {}),
    ("P", "subscriber_has_own_claims", {}),
    ("P", "patient_is_dependent", DEPENDENT),
    ("P", "medicare_pays_second", {"SBR*P": ["SBR*S*18*******MB"], "SBR*S": ["SBR*T*18*******MA"]}),
    ("P", "paperwork_is_sent", {"HI": ["PWK*OZ*EL***AC*1", "HI*ABK:I10"]}),
    ("P", "car_accident_was_in_us_or_canada", clm(causes="AA:::IL")),
    ("P", "car_accident_was_in_us_or_canada", clm(causes="EM:AA::ON:CA")),
    ("P", "claim_has_accident", clm(causes="AA:::IL")),
    ("P", "claim_has_accident", clm(causes="EM:OA")),
    ("P", "claim_replaces_another", clm("11:B:7")),
    ("I", "claim_replaces_another", bill("13:A:8")),
    ("P", "place_is_inpatient", clm("21:B:1")),
    ("P", "place_is_ambulance", clm("41:B:1")),
    ("P", "manipulated_condition_is_acute", {"HI": ["CR2********A", "HI*ABK:I10"]}),
    ("P", "line_bills_care_plan_oversight", {LINE: ["SV1*HC:G0181*100*UN*1***1"]}),
    ("P", "line_bills_waived_test", {LINE: ["SV1*HC:81002:QW*100*UN*1***1"]}),
    ("I", "bill_is_inpatient", bill("11:A:1")),
    ("I", "patient_was_discharged", bill("11:A:1")),
    ("I", "patient_was_discharged", bill("11:A:4")),
    ("I", "visit_was_unscheduled", {"CL1": ["CL1*1*1*01"], "SV2": ["SV2*0450*HC:99283*100*UN*1"]}),
    ("I", "visit_was_unscheduled", {"CL1": ["CL1*2*1*01"], "SV2": ["SV2*762*HC:G0378*100*UN*1"]}),
    ("I", "claim_has_other_procedures", {"HI": ["HI*ABK:I10", "HI*BBQ:0DTJ4ZZ:D8:20260102"]}),
    ("I", "claim_has_more_than_transport", {}),
    ("I", "outpatient_bill_covers_days", {}),
    ("P", "payer_has_adjudicated", {}),
    ("P", "payer_has_adjudicated", {"CAS": [], LINE: DECIDED}),
    ("P", "payer_adjudicated_without_lines", {}),
    ("P", "payer_adjudicated_without_lines", {"AMT": []}),
    ("P", "payer_adjudicated_without_lines", {"CAS": []}),
    ("P", "payer_is_told_in_claim", {LINE: DECIDED}),
    ("P", "payer_is_told_in_claim", {LINE: [DECIDED[0], "SVD**80*HC:99213**1"]}),
    ("P", "procedure_is_that_of_line", {LINE: ["SV1*HC:E1130*100*UN*1***1", "SV5*HC:E1130*DA*30*10*100*1"]}),
    ("P", "procedure_is_that_of_line", {LINE: ["SV5*HC:E1130*DA*30*10*100*1"]}),
    ("P", "procedure_is_that_of_line", {LINE: ["SV1**100*UN*1***1", "SV5*HC:E1130*DA*30*10*100*1"]}),
    ("P", "procedure_is_that_of_line", {LINE: ["SV1*HC:E1130*100*UN*1***1", "SV5**DA*30*10*100*1"]}),
    ("P", "procedure_is_that_of_line", {LINE: ["SV1*HC:E1130*100*UN*1***1", "SV5*HC*DA*30*10*100*1"]}),
    ("P", "equipment_is_certified", {LINE: ["SV1*HC:E1130*100*UN*1***1", "CR3*I*MO*12"]}),
    ("P", "certification_is_revised", {LINE: ["SV1*HC:E1130*100*UN*1***1", "CR3*R*MO*12"]}),
    ("P", "service_was_purchased", {"DTP": ["DTP*472*D8*20260101", "PS1*1234567893*50"]}),
]

HOLDS_NOT = [
    ("P", "us_zip_code_has_nine_digits", {ZIP: ["N4*SPRINGFIELD*IL*62701"]}),
    ("P", "us_zip_code_has_nine_digits", {ZIP: ["N4*SPRINGFIELD*IL*62701-000*US"]}),
    ("P", "us_zip_code_has_nine_digits", {ZIP: ["N4*PARIS***FR"]}),
    ("P", "person_has_first_name", NAMELESS),
    ("P", "person_has_middle_name", {}),
    ("P", "person_has_middle_name", {"NM1*IL": ["NM1*IL*2*EMPLOYER**M"]}),
    ("P", "person_has_suffix", {}),
    ("P", "person_has_suffix", {"NM1*IL": ["NM1*IL*2*EMPLOYER****JR"]}),
    ("P", "entity_is_person", {"NM1*IL": ["NM1*IL*2*EMPLOYER"]}),
    ("P", "claim_is_subrogation", {}),
    ("P", "claim_is_subrogation", {"BHT": []}),
    ("P", "patient_is_subscriber", DEPENDENT),
    ("P", "patient_is_subscriber", {"SBR*P": []}),
    ("P", "subscriber_has_own_claims", DEPENDENT),
    ("P", "patient_is_dependent", {}),
    ("P", "medicare_pays_second", {}),
    ("P", "paperwork_is_sent", {"HI": ["PWK*OZ*AA", "HI*ABK:I10"]}),
    ("P", "car_accident_was_in_us_or_canada", clm(causes="AA::::MX")),
    ("P", "car_accident_was_in_us_or_canada", clm(causes="EM")),
    ("P", "claim_has_accident", {}),
    ("P", "claim_has_accident", clm(causes="EM")),
    ("P", "claim_replaces_another", {}),
    ("P", "claim_replaces_another", {"CLM": ["CLM*1*100****Y*A*Y*Y"]}),
    ("P", "place_is_inpatient", {}),
    ("P", "place_is_inpatient", {"CLM": ["CLM*1*100****Y*A*Y*Y"]}),
    ("P", "place_is_ambulance", {}),
    ("P", "manipulated_condition_is_acute", {}),
    ("P", "manipulated_condition_is_acute", {"HI": ["CR2********C", "HI*ABK:I10"]}),
    ("P", "manipulated_condition_is_acute", {"SBR*P": ["SBR*P*18*******CI"], "HI": ["CR2********A", "HI*ABK:I10"]}),
    ("P", "manipulated_condition_is_acute", {"SBR*P": [], "HI": ["CR2********A", "HI*ABK:I10"]}),
    ("P", "line_bills_care_plan_oversight", {}),
    ("P", "line_bills_care_plan_oversight", {"SBR*P": ["SBR*P*18*******CI"], LINE: ["SV1*HC:G0181*100*UN*1***1"]}),
    ("P", "line_bills_waived_test", {}),
    ("P", "line_bills_waived_test", {LINE: ["SV1*HC:81002:QW*100*UN*1***1", "REF*X4*12D3456789"]}),
    ("P", "line_bills_waived_test", {LINE: []}),
    ("P", "line_bills_waived_test", {LINE: ["SV1**100*UN*1***1"]}),
    ("I", "bill_is_inpatient", {}),
    ("I", "patient_was_discharged", {}),
    ("I", "patient_was_discharged", bill("11:A:2")),
    ("I", "patient_was_discharged", bill("11:A:1") | {"CL1": ["CL1*3*1*30"]}),
    ("I", "patient_was_discharged", bill("11:A:1") | {"CL1": []}),
    ("I", "visit_was_unscheduled", {"SV2": ["SV2*0450*HC:99283*100*UN*1"]}),
    ("I", "visit_was_unscheduled", {"CL1": ["CL1*1*1*01"]}),
    ("I", "visit_was_unscheduled", {"CL1": ["CL1*1*1*01"], "SV2": []}),
    ("I", "visit_was_unscheduled", {"CL1": []}),
    ("I", "claim_has_other_procedures", {}),
    ("I", "claim_has_more_than_transport", {"SV2": ["SV2*0540*HC:A0428*100*UN*1"]}),
    ("I", "outpatient_bill_covers_days", bill("11:A:1")),
    ("I", "outpatient_bill_covers_days", {"DTP*434": ["DTP*434*RD8*20260101-20260101"]}),
    ("I", "outpatient_bill_covers_days", {"DTP*434": []}),
    ("I", "outpatient_bill_covers_days", {"SV2": ["SV2*0636*HC:J1100*100*UN*1", "LIN**N4*1", "CTP****1*ML"]}),
    ("P", "payer_has_adjudicated", {"CAS": []}),
    ("P", "payer_has_adjudicated", {"CAS": [], "NM1*PR*2*PLAN B": [], LINE: DECIDED}),
    ("P", "payer_adjudicated_without_lines", {"CAS": [], "AMT": []}),
    ("P", "payer_adjudicated_without_lines", {LINE: DECIDED}),
    ("P", "payer_adjudicated_without_lines", {"LX": [], LINE: [], "DTP": []}),
    ("P", "payer_is_told_in_claim", {LINE: [DECIDED[0], "SVD*C*80*HC:99213**1"]}),
    ("P", "procedure_is_that_of_line", {LINE: ["SV1*HC:E1130*100*UN*1***1", "SV5*HC:E1140*DA*30*10*100*1"]}),
    ("P", "equipment_is_certified", {}),
    ("P", "certification_is_revised", {}),
    ("P", "certification_is_revised", {LINE: ["SV1*HC:E1130*100*UN*1***1", "CR3*I*MO*12"]}),
    ("P", "service_was_purchased", {}),
]


@pytest.mark.parametrize("form, name, edits", HOLDS)
def test_a_condition_holds(form, name, edits):
    assert True in said(form, name, **edits)


@pytest.mark.parametrize("form, name, edits", HOLDS_NOT)
def test_a_condition_holds_not(form, name, edits):
    assert said(form, name, **edits) == {False}


def test_an_address_abroad_has_no_state():
    abroad = {"N4*SPRINGFIELD*IL*627010000": ["N4*PARIS**75001*FR"]}
    assert said("P", "address_is_in_us_or_canada", **abroad) == {True, False}


def test_every_condition_of_claims_is_tried_both_ways():
    ours = {name for name, condition in CONDITIONS.items() if condition.__module__ == claims.__name__}
    assert ours == {name for _, name, _ in HOLDS}
    assert ours - {"address_is_in_us_or_canada"} == {name for _, name, _ in HOLDS_NOT}
