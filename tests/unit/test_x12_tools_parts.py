"""Pseudonyms, and what the tools do with values and segments that files seldom have."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.x12_tool_files import CLAIMS, REMITTANCE

from superbill.identifiers import is_clia, is_npi, luhn_check_digit
from superbill.x12.code_sets import is_routing_number
from superbill.x12.render import render
from superbill.x12.tools.difference import difference
from superbill.x12.tools.envelopes import numbered_from
from superbill.x12.tools.jsonform import to_json, to_lines
from superbill.x12.tools.jsonread import from_json
from superbill.x12.tools.pseudonyms import Pseudonyms
from superbill.x12.tools.redaction import redact
from superbill.x12.tools.show import show
from superbill.x12.tools.splitting import split_by_set
from superbill.x12.tools.table import rows
from superbill.x12.tools.words import Watching, at

NAMES = Pseudonyms(b"secret")


# --- pseudonyms -----------------------------------------------------------------------------------------------------


@given(st.lists(st.from_regex(r"[A-Za-z0-9.@-]{1,12}", fullmatch=True), unique=True, max_size=30))
def test_numbers_that_differ_stay_different_and_keep_their_shape(texts):
    made = [NAMES.number(text) for text in texts]
    assert len(set(made)) == len(texts)
    for text, other in zip(texts, made, strict=True):
        shape = [(c.isdigit(), c.isupper(), c.islower()) for c in text]
        assert shape == [(c.isdigit(), c.isupper(), c.islower()) for c in other]


@given(st.integers(0, 99_999))
def test_five_digits_are_permuted_with_their_leading_zeros(number):
    text, other = f"{number:05}", NAMES.number(f"{number:05}")
    assert len(text) - len(text.lstrip("0")) == len(other) - len(other.lstrip("0"))


def test_every_number_of_a_shape_has_its_own():
    assert sorted(NAMES.number(f"{number}") for number in range(100, 1000)) == [str(n) for n in range(100, 1000)]
    assert sorted(NAMES.number(letter) for letter in "ABCXYZ") != list("ABCXYZ")
    assert NAMES.number("000") == "000" and NAMES.number("--") == "--"


@pytest.mark.parametrize("text, holds", [("1234567893", is_npi), ("21D0123456", is_clia)])
def test_numbers_with_a_form_keep_it(text, holds):
    assert holds(NAMES.number(text)) and NAMES.number(text) != text
    assert luhn_check_digit("80840" + NAMES.number("1234567893")[:9]) == int(NAMES.number("1234567893")[9])


def test_bank_numbers_keep_their_form():
    other = NAMES.routing_number("021000021")
    assert is_routing_number(other) and other != "021000021" and other[:2] == "02"
    assert NAMES.routing_number("021000022") == NAMES.number("021000022")
    assert NAMES.originator("1512345678") == "1" + NAMES.number("512345678")


def test_words_become_other_words_of_their_length_and_case():
    made = NAMES.words_of("McDuff O'Neil of 12 ELM st, Łódź")
    assert re.fullmatch(r"[A-Z][a-z]{5} [A-Z]'[A-Z][a-z]{3} [a-z]{2} \d\d [A-Z]{3} [a-z]{2}, [A-Z][a-z]{3}", made)
    assert NAMES.words_of("ELM") == NAMES.words_of("Elm").upper() and NAMES.words_of("A") != "A"
    long = NAMES.words_of("X" * 60)
    assert len(long) == 60 and long[:20] != long[40:]
    assert {Pseudonyms(bytes([turn])).words_of("A") for turn in range(40)}.isdisjoint("A")


def test_a_word_is_never_its_own_pseudonym():
    for turn in range(60):
        assert Pseudonyms(bytes([turn])).words_of("B") != "B"


def test_a_day_before_the_calendar_is_none():
    assert NAMES.day(date(1, 1, 2), NAMES.days()) is None
    assert NAMES.days() < NAMES.days(person="DOE|JO") and NAMES.days().days % 7 == 0


def test_what_is_remembered_has_a_limit(monkeypatch):
    monkeypatch.setattr("superbill.x12.tools.pseudonyms._REMEMBERED", 1)
    few = Pseudonyms(b"secret")
    assert [few.number(text) for text in ("11", "22", "11")] == [NAMES.number(text) for text in ("11", "22", "11")]
    assert [few.words_of(text) for text in ("ELM", "OAK", "ELM")] == [NAMES.words_of(t) for t in ("ELM", "OAK", "ELM")]
    assert len(few.numbers) == len(few.words) == 1


# --- seldom seen ----------------------------------------------------------------------------------------------------


def redacted(data, **options):
    return render(redact(data, b"secret", **options)).decode()


@pytest.mark.parametrize(
    "old, new, left",
    [
        (b"DTP*472*D8*20251220", b"DTP*472*TM*1430", r"DTP\*472\*TM\*1430~"),
        (b"DTP*472*D8*20251220", b"DTP*472*RD8*20251219-20251220", r"DTP\*472\*RD8\*\d{8}-\d{8}~"),
        (b"DTP*472*D8*20251220", b"DTP*472*RD8*00010101-00010102", r"DTP\*472\*RD8~"),
        (b"DTP*472*D8*20251220", b"DTP*472*D8*SMITH", r"DTP\*472\*D8~"),
        (b"DTP*472*D8*20251220", b"DTP*472*DT*202512201430", r"DTP\*472\*DT\*\d{8}1430~"),
        (b"HL*1**20*1", b"HL*1**20*1~\nPRV*BI*PXC*207Q00000X", r"PRV\*BI\*PXC\*207Q00000X~"),
        (b"HL*1**20*1", b"HL*1**20*1~\nPRV*BI*PXC*SMITHSON", r"PRV\*BI\*PXC\*(?!SMITH)[A-Z]{8}~"),
        (b"GS*HC", b"TA1*000000001*260105*1200*A*000~\nGS*HC", r"TA1\*0{8}\d\*2\d{5}\*1200\*A\*000~"),
        (b"GS*HC", b"TA1*000000001*SMITH*1200*A*000~\nGS*HC", r"TA1\*0{8}\d\*\*1200\*A\*000~"),
        (b"GS*HC", b"TA1*000000001*00010101*1200*A*000~\nGS*HC", r"TA1\*0{8}\d\*\*1200\*A\*000~"),
        (b"*20260105*1200*1*X*", b"*SOON*1200*1*X*", r"DMG\*D8\*193"),
        (b"DMG*D8*19330101*F", b"DMG*DT*193301011200*F", r"DMG\*DT\*193"),
    ],
)
def test_what_is_in_the_place_of_a_date_or_code_is_kept_only_where_it_is_one(old, new, left):
    assert re.search(left, redacted(CLAIMS.replace(old, new)))


def test_an_attachment_is_gone_and_its_length_is_right():
    data = (
        CLAIMS.split(b"GS*")[0] + b"GS*PI*S*R*20260105*1200*1*X*005010X210~ST*275*0001*005010X210~BGN*02*1*20260105~"
        b"LX*1~TRN*1*T1~DTP*368*D8*20260105~CAT*AE*TX~EFI*05~BIN*6*SECRET~SE*9*0001~GE*1*1~IEA*1*000000001~"
    )
    assert "BIN*8*REDACTED~" in redacted(data)


def test_a_group_without_a_header_is_redacted_too():
    bare = CLAIMS.split(b"GS*")[0] + CLAIMS[CLAIMS.index(b"ST*837") :]
    assert "SIMPSON" not in redacted(bare) and "DMG*D8*19" in redacted(bare)


def test_a_set_without_its_end_gets_one_when_it_is_split_off():
    cut = re.sub(rb"SE\*\d+\*0001~\n", b"", CLAIMS)
    (part,) = split_by_set(cut)
    assert render([part]) == CLAIMS
    assert redacted(cut.replace(b"LX*2~", b"LX*2~\nZZZ*1~")).count("\nSE*") == 0


def test_the_number_after_the_last_is_the_first():
    class Header:
        control_number = "x"

    assert next(numbered_from(None, Header())) == 1
    numbers = numbered_from(999_999_999, Header())
    assert [next(numbers), next(numbers), next(numbers)] == [999_999_999, 1, 1]


def test_more_than_a_guide_allows_comes_through_json():
    several = CLAIMS.replace(b"REF*EA*MEDREC4711~\n", b"REF*EA*A~\nREF*EA*B~\nREF*EA*C~\n")
    document = b"".join(to_json(several))
    assert b'"medical_record_number":[{' in document and render(from_json(document)) == several


def test_text_that_only_looks_like_a_date_of_json_comes_through_it():
    odd = CLAIMS.replace(b"DTP*472*D8*20251220", b"DTP*472*D8*2025-12-20").replace(
        b"*ABF:E119", b"*ABF:E119:D8:2025-12-20"
    )
    assert render(from_json(b"".join(to_json(odd)))) == odd
    assert all(b"unit" in line or b"transaction" in line for line in to_lines(odd))


def test_show_has_ranges_moments_and_repeats():
    odd = CLAIMS.replace(b"*D8*20251220", b"*RD8*20251219-20251220", 1).replace(b"*D8*20251220", b"*DT*202512201430", 1)
    odd = odd.replace(b"DMG*D8*19700412*F", b"DMG*D8*19700412*F**:RET:2106-3^:RET:2028-9")
    said = "\n".join(map(str, show(odd)))
    assert "2025-12-19 to 2025-12-20" in said and "2025-12-20 14:30" in said
    assert "races (code list RET, code 2106-3); (code list RET, code 2028-9)" in said


def test_units_are_known_by_the_member_where_no_claim_number_is_theirs():
    inquiry = (
        CLAIMS.split(b"GS*")[0] + b"GS*HS*S*R*20260105*1200*1*X*005010X279A1~ST*270*0001*005010X279A1~"
        b"BHT*0022*13*REF1*20260105*1200~HL*1**20*1~NM1*PR*2*PLAN*****PI*P1~HL*2*1*21*1~NM1*1P*2*CLINIC*****XX*1234567893~"
        b"HL*3*2*22*0~NM1*IL*1*DOE*JO****MI*M1~EQ*30~SE*10*0001~GE*1*1~IEA*1*000000001~"
    )
    assert [line.id for line in show(inquiry, claim="M1") if line.kind == "segment"] == ["HL", "NM1", "EQ"]
    assert list(difference(inquiry, inquiry)) == []
    (missing, added) = difference(inquiry, inquiry.replace(b"*M1~", b"*M2~"))
    assert (missing.place, added.place) == ("Level M1", "Level M2")
    nameless = inquiry.replace(b"****MI*M1", b"")
    assert list(difference(nameless, nameless.replace(b"EQ*30", b"EQ*30"))) == []


def test_a_path_through_what_is_not_there_leads_to_none():
    class Nothing:
        pass

    assert at(None, "a.b") is None and at(Nothing(), "a") is None


def test_a_watcher_that_cares_for_nothing_hears_everything():
    watching = Watching()
    for heard in (watching.begin(None), watching.opened(None, 1), watching.closed(None, ()), watching.end(None, 1),
                  watching.control([], 1, None), watching.unplaced(None, [], 1)):  # fmt: skip
        assert heard is None
    assert watching.segment(None, [], 1) is None


def test_a_remittance_of_no_claims_has_no_rows():
    bare = re.sub(rb"LX\*1.*(?=PLB)", b"", REMITTANCE, flags=re.DOTALL)
    assert list(rows(bare).rows) == []


def test_files_without_groups_are_compared():
    bare = CLAIMS.split(b"GS*")[0] + CLAIMS[CLAIMS.index(b"ST*837") :]
    assert list(difference(bare, bare, everything=True)) == []
