"""When the 835, 999 and 824 must say more: each condition where it holds, and next to it where it doesn't."""

import pytest

from superbill.x12.conditions import CONDITIONS
from superbill.x12.library import guides_of
from superbill.x12.tree import Loop
from superbill.x12.walk import walk

ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260101*1200*^*00501*000000001*0*T*:~"
GROUP = {"835": ("HP", "005010X221A1"), "999": ("FA", "005010X231A1"), "824": ("AG", "005010X186A1")}


def root_of(kind: str, text: str) -> Loop:
    """The transaction whose segments between ST and SE are in `text`, one a line."""
    group, version = GROUP[kind]
    lines = [f"GS*{group}*S*R*20260101*1200*1*X*{version}", f"ST*{kind}*0001*{version}", *text.split(), "SE*9*0001"]
    (interchange,) = walk((ISA + "~".join(lines) + "~GE*1*1~IEA*1*000000001~").encode(), guides_of, units=False)
    return interchange.groups[0].transactions[0].root


def claim(status: str, *segments: str) -> Loop:
    text = ["LX*1", f"CLP*A1*{status}*100*60**12*P1", "NM1*QC*1*DOE*JO", *segments]
    return root_of("835", "\n".join(text)).headers[0].claims[0]


def holds(name: str, loop: Loop, *above: Loop, segment: object = None) -> bool:
    return CONDITIONS[name](loop, above, segment)


DATED = ("SVC*HC:99213*100*60", "DTM*472*20260101")
UNDATED = ("SVC*HC:99214*100*60",)
STATEMENT = ("DTM*232*20260101", "DTM*233*20260102")


@pytest.mark.parametrize(
    "method, transfer, ach",
    [("ACH", True, True), ("BOP", True, False), ("FWT", True, False), ("CHK", False, False), ("NON", False, False)],
)
def test_only_transfers_tell_accounts_and_only_ach_a_format(method, transfer, ach):
    root = root_of("835", f"BPR*I*60*C*{method}")
    assert holds("paid_by_transfer", root, segment=root.payment) is transfer
    assert holds("paid_through_ach", root, segment=root.payment) is ach


@pytest.mark.parametrize(
    "status, segments, due",
    [
        ("1", ("CAS*PR*1*40",), True),
        ("1", ("SVC*HC:99213*100*60", "CAS*CO*45*30", "CAS*PR*2*10"), True),
        ("1", ("CAS*CO*45*40",), False),
        ("1", ("CAS*PR*1*40", "CAS*PR*1*-40"), False),
        ("1", ("CAS*PR*1*x",), False),
        ("22", ("CAS*PR*1*40",), False),
    ],
)
def test_what_the_patient_owes_is_told_with_the_claim(status, segments, due):
    found = claim(status, *segments)
    assert holds("patient_owes", found, segment=found.claim) is due


@pytest.mark.parametrize(
    "status, due", [("1", False), ("4", False), ("19", True), ("20", True), ("21", True), ("23", True)]
)
def test_a_forwarded_claim_tells_to_whom(status, due):
    assert holds("claim_went_on_to_other_payer", claim(status)) is due


@pytest.mark.parametrize(
    "segments, fits", [((), False), (("MIA*3",), True), (("MOA***N1",), False), (("MIA*3", "MOA***N1"), False)]
)
def test_a_claim_is_adjudicated_as_inpatient_or_outpatient(segments, fits):
    assert holds("adjudicated_inpatient", claim("1", *segments)) is fits


@pytest.mark.parametrize(
    "status, segments, due",
    [("1", (), True), ("1", UNDATED, True), ("1", DATED, False), ("1", DATED + UNDATED, False), ("25", (), False)],
)
def test_a_claim_without_dated_lines_has_dates_itself(status, segments, due):
    assert holds("no_line_is_dated", claim(status, *segments)) is due


@pytest.mark.parametrize(
    "segments, due",
    [((*DATED, *UNDATED), True), (UNDATED, False), ((*STATEMENT, *UNDATED, *DATED), False)],
)
def test_a_line_is_dated_where_others_are_and_the_claim_is_not(segments, due):
    found = claim("1", *segments)
    assert holds("line_is_undated", found.lines[-1], found) is due


@pytest.mark.parametrize(
    "segments, due",
    [(("CAS*CO*27*100",), True), (("SVC*HC:99213*100*0", "CAS*PR*27*100"), True), (("CAS*CO*29*100",), False)],
)
def test_a_denial_since_coverage_ended_tells_when_it_did(segments, due):
    assert holds("coverage_had_ended", claim("4", *segments)) is due


@pytest.mark.parametrize(
    "service, changed",
    [
        ("SVC*HC:99213*100*60", False),
        ("SVC*HC:99213:25*100*60***HC:99213:25", False),
        ("SVC*HC:99213*100*60***HC:99214", True),
        ("SVC*HC:99213*100*60***HC:99213:25", True),
        ("SVC*NU:0450*100*60***HC:0450", True),
        ("SVC**100*60***HC:99213", False),
    ],
)
def test_the_submitted_procedure_is_told_where_it_was_changed(service, changed):
    line = claim("1", service).lines[0]
    assert holds("procedure_was_changed", line, segment=line.service) is changed


@pytest.mark.parametrize("result, due", [("A", False), ("E", True), ("R", True), ("X", True), ("", False)])
def test_a_set_that_was_not_simply_accepted_names_an_error(result, due):
    response = root_of("999", f"AK1*HC*1*005010X222A1\nAK2*837*0001\nIK5*{result}").responses[0]
    assert holds("set_has_errors", response, segment=response.result) is due


@pytest.mark.parametrize(
    "result, due", [("\nAK9*P*2*2*1", True), ("\nAK9*A*2*2*2", False), ("\nAK9*R*2*2*0", False), ("", False)]
)
def test_a_group_accepted_in_part_answers_its_sets(result, due):
    assert holds("some_sets_were_refused", root_of("999", f"AK1*HC*1*005010X222A1{result}")) is due


@pytest.mark.parametrize("result, due", [("TR", True), ("IE", True), ("IR", True), ("TA", False), ("BP", False)])
def test_what_an_application_refuses_it_gives_reasons_for(result, due):
    original = root_of("824", f"BGN*11*1*20260101*1200****U\nOTI*{result}*TN*NA*******837").originals[0]
    assert holds("reasons_are_due", original) is due


def test_conditions_of_a_loop_without_its_first_segment_say_no():
    root = root_of("835", "LX*1")
    empty = type(claim("1"))((), b"")
    assert not holds("claim_went_on_to_other_payer", empty, root)
    assert not holds("no_line_is_dated", empty, root)
