"""Tools that change files: what is split, merged or redacted is valid and says the same; what differs is told."""

import re
from datetime import date

import pytest
from tests.x12_tool_files import BIG, CLAIMS, HEAD, REMITTANCE, faults, file_of

from superbill.x12.render import render
from superbill.x12.tools.difference import Difference, difference
from superbill.x12.tools.merging import merge
from superbill.x12.tools.redaction import redact
from superbill.x12.tools.splitting import split_by_claim, split_by_set
from superbill.x12.tools.statistics import statistics
from superbill.x12.tools.words import ToolError

# --- split and merge ------------------------------------------------------------------------------------------------


def counts(data):
    found = statistics(data)
    return [(each.guide, each.units, each.lines, each.charge, each.paid, each.adjustments) for each in found.sets]


@pytest.mark.parametrize(
    "parts",
    [
        lambda data: split_by_claim(data),
        lambda data: split_by_claim(data, claims=3),
        lambda data: split_by_claim(data, size=2200),
        lambda data: split_by_set(data, 77),
    ],
    ids=["claim", "three", "size", "set"],
)
def test_what_is_split_is_valid_and_merged_again_the_same(parts):
    made = [render([part]) for part in parts(CLAIMS)]
    assert [faults(part) for part in made] == [[]] * len(made)
    whole = render([merge([(str(number), part) for number, part in enumerate(made)])])
    assert faults(whole) == [] and counts(whole) == counts(CLAIMS)
    assert list(difference(CLAIMS, whole)) == []


def test_each_file_of_a_split_has_its_own_numbers_and_the_loops_its_claims_need():
    first, *_, third, last = (render([part]).decode() for part in split_by_claim(CLAIMS))
    assert "~\nGS*HC*SENDER*RECEIVER*20260105*1200*1*X*" in first and "IEA*1*000000004~" in last
    assert re.findall(r"HL\*.*", third) == ["HL*1**20*1~", "HL*2*1*22*1~", "HL*3*2*23*0~"]
    assert "BHT*0019*00*BATCH7*" in first and "BHT*0019*00*BATCH7-4*" in last
    assert "HARBOR" not in third and "LAKESIDE FAMILY" not in last


def test_no_file_of_a_split_by_size_is_larger():
    sizes = [len(render([part])) for part in split_by_claim(BIG, size=2000)]
    assert len(sizes) > 1 and max(sizes) <= 2000


def test_sets_of_a_remittance_are_split_and_merged_with_numbers_that_go_on():
    both = render([merge([("a", REMITTANCE), ("b", REMITTANCE)], control_number=41)])
    assert faults(both) == [] and statistics(both).sets[0].payments == 340_00
    parts = [render([part]) for part in split_by_set(both)]
    assert [part.split(b"*")[13] for part in parts] == [b"000000041", b"000000042"]
    assert all(faults(part) == [] for part in parts)
    assert parts[1].replace(b"000000042", b"000000001").replace(b"*42", b"*1") == REMITTANCE


def test_files_with_other_separators_are_merged_under_those_of_the_first():
    other = CLAIMS.replace(b"*", b"|").replace(b":", b">").replace(b"^", b"%").replace(b"~\n", b"'")
    unknown = other.replace(b"LX|2'", b"LX|2'ZZZ|a>b'", 1)
    assert counts(render([merge([("a", CLAIMS), ("b", other)])])) == counts(CLAIMS + CLAIMS)
    assert render([merge([("b", other)])]).count(b"|") == other.count(b"|")
    assert b"ZZZ*a:b~" in render([merge([("a", CLAIMS), ("b", unknown)])])


@pytest.mark.parametrize(
    "act, said",
    [
        (lambda: list(split_by_claim(REMITTANCE)), "A payment split by claim would no longer be what was paid"),
        (lambda: list(split_by_claim(CLAIMS, size=1000)), "The claim at segment 20 alone takes about"),
        (lambda: list(split_by_claim(file_of([[*HEAD]]))), "no claim to split off"),
        (lambda: list(split_by_set(CLAIMS.replace(b"GS*HC", b"TA1*1*1~\nGS*HC"))), "Segment 2 (TA1) belongs to no"),
        (lambda: list(split_by_claim(CLAIMS.replace(b"GE*1", b"XX*1~\nGE*1"))), "(XX) belongs to no"),
        (lambda: list(split_by_set(CLAIMS.replace(b"GS*HC", b"XX*HC").split(b"XX*HC")[0]
                                   + CLAIMS[CLAIMS.index(b"ST*837"):])), "outside any functional group"),
        (lambda: merge([("a", CLAIMS), ("b", REMITTANCE)]), "b: the functional id in its GS is 'HP'"),
        (lambda: merge([("a", CLAIMS), ("b", CLAIMS.replace(b"*T*:", b"*P*:"))]), "b: the usage in its ISA is 'P'"),
        (lambda: merge([("a", CLAIMS), ("b", file_of([[*HEAD]], sender="OTHER"))]), "With --force"),
        (lambda: merge([("a", CLAIMS), ("b", b"no x12")]), "b: position 1"),
        (lambda: merge([("a", CLAIMS.replace(b"GS*HC", b"TA1*1~\nGS*HC"))]), "a: TA1 outside"),
        (lambda: merge([("a", CLAIMS.replace(b"GE*1", b"XX*1~\nGE*1"))]), "a: a segment outside"),
        (lambda: merge([("a", CLAIMS.split(b"GS*HC")[0] + CLAIMS[CLAIMS.index(b"ST*837"):])]), "a: transaction sets"),
        (lambda: merge([("a", CLAIMS.split(b"GS*")[0] + b"IEA*0*000000001~")]), "no transaction set to merge"),
        (lambda: merge([("a", CLAIMS), ("b", CLAIMS.replace(b"*", b"|").replace(b"MARGE", b"MAR*GE"))]),
         "the data has a separator of the first file"),
    ],
)  # fmt: skip
def test_what_cannot_be_split_or_merged_says_why(act, said):
    with pytest.raises(ToolError, match=re.escape(said)):
        act()


def test_force_merges_what_several_senders_sent():
    whole = render([merge([("a", CLAIMS), ("b", file_of([[*HEAD]], sender="OTHER"))], force=True)])
    assert whole.count(b"\nST*837*") == 2 and b"OTHER" not in whole


# --- redact ---------------------------------------------------------------------------------------------------------

TOLD = """LAKESIDE KRABAPPEL EDNA 5551234567 HARBOR ORTHOPEDICS ORCHARD SPRINGFIELD 627010000 371234567 GRP55 SIMPSON
MARGE MEM900100 EVERGREEN TERRACE 62702 FLANDERS EDWARD RODD SZYSLAK MEM900300 MUTUAL NOWHERE PAY77 ACCT1001 MEDREC4711
FELL 19700412 19330101 20150802 20251220 1234567893 1993999998 BATCH7 SUB01 SENDER RECEIVER TRACE555 1512345678
021000021 123456789 PCN1 INTREF 20260110 CHICAGO 8005551212"""


@pytest.mark.parametrize("data", [CLAIMS, REMITTANCE], ids=["claims", "remittance"])
def test_redacting_leaves_nobody_and_keeps_validity_and_balance(data):
    made = render(redact(data, b"one"))
    elements = set(re.split(rb"[*~:\n -]+", made))
    assert not {text for text in TOLD.split() if text.encode() in elements}
    assert faults(made) == [] and counts(made) == counts(data)


def test_redacting_is_consistent_across_files_under_one_secret_and_only_there():
    claims, paid = (render(redact(data, b"one")).decode() for data in (CLAIMS, REMITTANCE))
    number = re.search(r"CLM\*([^*]+)", claims)[1]
    assert number == re.search(r"CLP\*([^*]+)", paid)[1] != "ACCT1001"
    assert re.search(r"NM1\*IL\*1\*(\w+\*\w+)", claims)[1] == re.search(r"NM1\*QC\*1\*(\w+\*\w+)", paid)[1]
    assert re.search(r"DTP\*472\*D8\*(\d+)", claims)[1] == re.search(r"DTM\*472\*(\d+)", paid)[1]
    assert render(redact(CLAIMS, b"one")).decode() == claims != render(redact(CLAIMS, b"two")).decode()


def test_dates_of_a_patient_move_alike_and_ages_over_89_are_one():
    made = render(redact(CLAIMS, b"one")).decode()
    moved = [date.fromisoformat(text) for text in re.findall(r"D8\*(\d{8})", made)]
    was = [date.fromisoformat(text) for text in re.findall(r"D8\*(\d{8})", CLAIMS.decode())]
    marge = {(old - new).days for old, new in zip(was[:4], moved[:4], strict=True)}
    assert len(marge) == 1 and marge.pop() > 0 and len(moved) == len(was)
    moe = moved[-3]
    assert moe.year in (1934, 1935)  # over 89 by a year and a half, told as 90, moved with the rest


def test_providers_and_payers_may_stay_but_not_their_people():
    made = render(
        redact(CLAIMS.replace(b"REF*EI*371234567", b"REF*SY*371234567"), b"one", keep_providers=True)
    ).decode()
    assert "LAKESIDE FAMILY MEDICINE*****XX*1234567893" in made and "12 ORCHARD ROAD" in made and "PAY77" in made
    assert not re.search("EDNA|SIMPSON|EVERGREEN|MEM900|371234567|ACCT", made)
    assert faults(made.encode()) == []
    paid = render(redact(REMITTANCE, b"one", keep_providers=True)).decode()
    assert "PLB*1234567893*" in paid and "SIMPSON" not in paid and "123456789*" not in paid


def test_what_is_not_known_to_be_safe_is_not_passed_on():
    odd = CLAIMS.replace(b"LX*2~", b"LX*2~\nZZZ*SECRET~", 1).replace(b"GE*1", b"XYZ*SECRET~\nGE*1")
    odd = odd.replace(b"IEA*1", b"XYZ*SECRET~\nIEA*1").replace(b"*180***11:B:1", b"*180***SECRET SECRET X:B:1")
    odd = odd.replace(b"SE*", b"K3*SECRET~\nSE*").replace(b"HC:99213:25", b"HC:99213:25::::SECRET")
    odd = odd.replace(b"DTP*472*D8*20251220", b"DTP*472*D8*SECRET", 1)
    made = render(redact(odd, b"one")).decode()
    assert "SECRET" not in made and "ZZZ" not in made and "NTE*ADD*REDACTED" in made
    count = next(each for each in made.split("~\n") if each.startswith("SE*")).split("*")[1]
    assert int(count) == int(re.search(rb"SE\*(\d+)", odd)[1]) - 1


def test_a_transaction_set_without_a_guide_is_refused():
    with pytest.raises(ToolError, match="Segment 3: there is no guide for transaction set '999'"):
        render(redact(CLAIMS.replace(b"ST*837", b"ST*999").replace(b"005010X222A1", b"X"), b"one"))


# --- compare --------------------------------------------------------------------------------------------------------


def test_how_a_file_is_written_makes_no_difference():
    other = CLAIMS.replace(b"*", b"|").replace(b":", b">").replace(b"~\n", b"'").replace(b"|180|", b"|180.00|")
    assert list(difference(CLAIMS, other)) == []
    later = CLAIMS.replace(b"000000001", b"000000009").replace(b"*1200", b"*1300").replace(b"BATCH7", b"BATCH8")
    assert list(difference(CLAIMS, later)) == []
    places = {each.place for each in difference(CLAIMS, later, everything=True)}
    assert any(place.startswith("Envelope › control number") for place in places)
    assert any(place.endswith("Beginning › reference") for place in places)


@pytest.mark.parametrize(
    "old, new, told",
    [
        (b"SV1*HC:99214:25*180", b"SV1*HC:99215:25*180.5",
         [("Claim ACCT1002 › Lines › Service › procedure › code", "99214", "99215"),
          ("Claim ACCT1002 › Lines › Service › charge", "$180.00", "$180.50")]),
        (b"DTP*472*D8*20251220~\nREF*6R*ACCT1001L2", b"DTP*472*D8*20251221~\nREF*6R*ACCT1001L2",
         [("Claim ACCT1001 › Lines 2 › Service date › value", "2025-12-20", "2025-12-21")]),
        (b"REF*EA*MEDREC4711~\nNTE*ADD*MRS SIMPSON FELL DOWN~\nHI*ABK:I10*ABF:E119~\nLX*1~\nSV1*HC:99214",
         b"NTE*ADD*MRS SIMPSON FELL DOWN~\nHI*ABK:I10*ABF:E119~\nLX*1~\nSV1*HC:99214",
         [("Claim ACCT1002 › Medical record number", "qualifier EA, value MEDREC4711", "")]),
        (b"*SZYSLAK*MOE", b"*SZYSLAK*MORRIS",
         [("Claim ACCT1004 › around it: Subscribers › Subscriber name › Name › first", "MOE", "MORRIS")]),
        (b"LX*2~\nSV1*HC:20610:25*210*UN*1***1:2~\nDTP*472*D8*20251220~\nREF*6R*ACCT1004L2~\n", b"",
         [("Claim ACCT1004 › Lines", "number 2", "")]),
        (b"NM1*40*2*HOUSE", b"ZZZ*HELLO~\nNM1*40*2*HOUSE",
         [("Claim ACCT1001 › around it: Transaction › Submitter › Segments without a place", "", "ZZZ*HELLO")]),
        (b"*210*UN", b"*2I0*UN",
         [("Claim ACCT1004 › Lines 2 › Service › charge", "$210.00", "")]),
        (b"CLM*ACCT1004", b"CLM*ACCT1005",
         [("Claim ACCT1004", "patient control number ACCT1004, charge $300.00, facility", ""),
          ("Claim ACCT1005", "", "patient control number ACCT1005, charge $300.00, facility")]),
    ],
    ids=["line", "date", "missing", "around", "lost line", "unplaced", "unreadable", "claim"],
)  # fmt: skip
def test_each_difference_is_told_by_names_with_both_values(old, new, told):
    assert old in CLAIMS
    found = list(difference(CLAIMS, CLAIMS.replace(old, new, 1)))
    places = [re.sub(r"Lines \d › (?=Service › (procedure|charge))", "Lines › ", each.place) for each in found]
    expected = [re.sub(r"Lines \d › (?=Service › (procedure|charge))", "Lines › ", place) for place, *_ in told]
    assert places == expected or [re.sub(r" \d$", "", place) for place in places] == expected
    for each, (_, left, right) in zip(found, told, strict=True):
        assert each.left.startswith(left) and each.right.startswith(right) and bool(each.left) == bool(left)


def test_two_texts_that_cannot_be_read_differ_where_they_do():
    old, new = (CLAIMS.replace(b"*210*UN", text) for text in (b"*2I0*UN", b"*2J0*UN"))
    assert list(difference(old, old)) == []
    assert [(each.left, each.right) for each in difference(old, new)] == [("2I0", "2J0")]
    short = CLAIMS.replace(b"SV1*HC:20610:25*210*UN*1***1:2", b"SV1*HC:20610:25")
    assert ("$210.00", "") in [(each.left, each.right) for each in difference(CLAIMS, short)]


def test_files_without_claims_are_compared_set_by_set():
    bare = file_of([[*HEAD]])
    assert list(difference(bare, bare)) == []
    (found,) = difference(bare, bare.replace(b"RCV01", b"RCV02"))
    assert found == Difference("Transaction set 837 › Receiver › Name › id", "RCV01", "RCV02")
    assert [each.right[:10] for each in difference(CLAIMS.split(b"ST*")[0] + b"GE*0*1~", bare)] == ["identifier"]


def test_adjudications_and_adjustments_are_matched_with_their_own():
    swapped = REMITTANCE.replace(b"CAS*CO*45*15~\nCAS*PR*2*15", b"CAS*PR*2*15~\nCAS*CO*45*15")
    assert swapped != REMITTANCE and list(difference(REMITTANCE, swapped)) == []
