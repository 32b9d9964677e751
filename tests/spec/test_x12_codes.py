"""Every place that holds outside codes, and every code set: one code that passes, one that is refused."""

from datetime import date

import pytest

from superbill.x12.codes import BY_SEGMENT, CODED, SHAPES, Coded, CodeSet, Refusal, coded, refused, standard
from superbill.x12.codes import __all__ as exported

STANDARD = standard()

# Of each set: codes that are in it, codes that are not.
CODES = {
    "adjustment_group": ("CO OA PI PR CR", "XX co"),
    "adjustment_reason": ("1 45 253 B7 P12", "0 1000 CO45"),
    "bill_type": ("11 83", "1 111 1A"),
    "cdt": ("D0120 D9999", "D012 00120 D012X DABCD"),
    "claim_status": ("0 20 562", "A3 1000"),
    "claim_status_category": ("A0 F3F R10 DR02 RQ X0", "0 20 A F3FFF"),
    "clia": ("11D2030122", "1D2030122 11E2030122"),
    "condition_code": ("02 A1", "2 A12"),
    "country": ("US CA DE", "USA UK XX"),
    "currency": ("USD CAD", "US usd 840"),
    "drg": ("470 775", "47 4700A"),
    "hcpcs": ("99213 0001U J1100 0042T D7140", "9921 992133 JJ100 99.13"),
    "hipps": ("1AA11 HAEJ1", "1AA1 1AA-1"),
    "icd10cm": ("E119 A00 S72001A C4A0 Z3A08 U071", "250 E1 E11900AAA 11E9 É119"),
    "icd10pcs": ("0DTJ4ZZ 02100Z9", "0DTJ4Z 0DTO4ZZ 0DTI4ZZ"),
    "icd9cm": ("250 25000 V720 E8889", "25 250000 V7 E11.9"),
    "icd9_procedure": ("01 4701", "4 47010"),
    "language": ("ENG en SPA", "E ENGL 12"),
    "modifier": ("25 LT XS", "2 255 l-"),
    "ndc": ("00002143380", "0002143380 00002-1433-80"),
    "npi": ("1234567893 1245319599", "1234567890 123456789 3234567893"),
    "occurrence_code": ("11 A3", "1 111"),
    "oral_cavity": ("00 01 02 09 10 40 L R", "03 41 50 1"),
    "originator": ("1345678901 3123456789 9ABC-12345", "134567890 1ABCDEFGHI 13456789012"),
    "pos": ("11 21 02", "1 1A 111"),
    "postal_code_of_canada": ("K1A0B1", "K1A0B 12345 K10AB1"),
    "provider_id": ("1234567893 382999999 0123456789 PAYER1", "1234567890 2999999999"),
    "race": ("2106-3 R5 R5.01.001 E1.02", "2106 C RET"),
    "remark": ("MA01 N123 M15 N807", "Z1 MB01 123"),
    "revenue": ("0450 0001", "450 04500 045A"),
    "routing_number": ("021000021 011401533", "021000022 000000000 02100002 A21000021"),
    "ssn": ("123456789 999887777", "000000000 12345678 123-45-6789"),
    "state": ("IL PR AE ON", "XX il 11"),
    "taxonomy": ("207Q00000X 203BA0200N", "207Q 207Q00000A 207Q00000XX"),
    "tin": ("123456789", "12-3456789 000000000 1234567890"),
    "tooth": ("1 9 32 A T AS TS 51 82", "0 33 U 50 83 AB"),
    "treatment_code": ("A01 B0102", "A0 A-1"),
    "value_code": ("01 A1", "1 A12"),
    "zip": ("60616 606161234", "6061 60616-1234 K1A0B1"),
}  # fmt: skip

IN = [(name, code) for name, (good, _) in CODES.items() for code in good.split()]
OUT = [(name, code) for name, (_, bad) in CODES.items() for code in bad.split()]


def piece(row: Coded, qualifier: str, code: str) -> list[str]:
    """A segment with this code at the row's place, and this qualifier at its qualifier's."""
    elements = [row.segment, *[""] * 24]
    pieces = {(row.element, row.component): code}
    if row.qualifier:
        pieces[row.qualifier] = qualifier
    for element in {element for element, _ in pieces}:
        if (element, 0) in pieces:
            elements[element] = pieces[element, 0]
        else:
            elements[element] = ":".join(pieces.get((element, at), "") for at in range(1, 10)).rstrip(":")
    return elements


ROWS = [
    pytest.param(row, qualifier, name, id=f"{row.place}-{qualifier or 'plain'}-{name}")
    for row in CODED
    for qualifier, name in row.sets.items()
]


@pytest.mark.parametrize(("name", "code"), IN)
def test_a_code_of_the_set_passes(name, code):
    assert SHAPES.refusal(name, code) is None


@pytest.mark.parametrize(("name", "code"), OUT)
def test_a_code_that_is_none_is_refused_and_told(name, code):
    refusal = SHAPES.refusal(name, code)
    assert refusal is not None
    assert refusal.certain
    assert repr(code) in refusal.reason


def test_every_set_has_its_cases_and_every_place_its_set():
    assert set(CODES) == set(SHAPES.sets) == set(STANDARD.sets)
    assert {name for row in CODED for name in row.sets.values()} == set(SHAPES.sets)


@pytest.mark.parametrize(("row", "qualifier", "name"), ROWS)
def test_every_place_is_checked(row, qualifier, name):
    good, bad = (each.split() for each in CODES[name])
    assert list(refused(piece(row, qualifier, good[0]), SHAPES)) == []
    (found,) = refused(piece(row, qualifier, bad[0]), SHAPES)
    assert (found.coded, found.name, found.code, found.certain) == (row, name, bad[0], True)


@pytest.mark.parametrize("row", [pytest.param(row, id=row.place) for row in CODED if row.qualifier])
def test_what_another_qualifier_announces_is_not_checked(row):
    assert [each for each in refused(piece(row, "??", "!"), SHAPES) if each.coded is row] == []


@pytest.mark.parametrize("row", [pytest.param(row, id=row.place) for row in CODED])
def test_nothing_is_asked_of_an_absent_code(row):
    assert list(refused([row.segment], SHAPES)) == []
    for qualifier in row.sets:
        assert list(refused(piece(row, qualifier, ""), SHAPES)) == []


def test_no_place_is_listed_twice():
    assert len({(row.segment, row.element, row.component) for row in CODED}) == len(CODED)
    assert sum(map(len, BY_SEGMENT.values())) == len(CODED)


def test_the_qualifier_of_an_address_is_its_country():
    def found(*elements: str) -> list[str]:
        return [each.coded.place for each in refused(("N4", *elements), SHAPES)]

    assert found("CHICAGO", "IL", "60616") == []
    assert found("CHICAGO", "ZZ", "6061") == ["N402", "N403"]
    assert found("OTTAWA", "ON", "K1A0B1", "CA") == []
    assert found("OTTAWA", "ON", "60616", "CA") == ["N403"]
    assert found("BERLIN", "", "10115", "DE") == []
    assert found("BERLIN", "", "10115", "XX") == ["N404"]


def test_each_repetition_is_checked_with_its_own_qualifier():
    segment = ["DMG", "", "", "", "", ":RET:2106-3^:RET:WHITE^C^:ZZ:WHITE"]
    (found,) = refused(segment, SHAPES)
    assert (found.repeat, found.code) == (1, "WHITE")


def test_the_qualifier_in_another_element_announces_every_repetition():
    assert [each.repeat for each in refused(["TOO", "JP", "99^8^98"], SHAPES)] == [0, 2]


def test_delimiters_of_the_file_are_heeded():
    assert list(refused(["HI", "ABK>E119"], SHAPES, component_mark=">")) == []
    (found,) = refused(["HI", "ABK>E11.9"], SHAPES, component_mark=">")
    assert "decimal point" in found.reason


def test_a_segment_without_codes_is_let_pass():
    assert list(refused(["HL", "1", "", "20", "1"], SHAPES)) == []


def test_a_place_of_service_is_looked_up_on_its_day():
    assert STANDARD.refusal("pos", "02", date(2020, 1, 1)) is None
    assert STANDARD.refusal("pos", "02") is None
    early = STANDARD.refusal("pos", "02", date(2016, 12, 31))
    assert early == Refusal("place of service '02' did not exist on 2016-12-31")
    assert STANDARD.refusal("pos", "98") == Refusal("'98' is no place of service")


@pytest.mark.parametrize(
    ("name", "on_file", "not_on_file"),
    [
        ("adjustment_reason", "45", "999"),
        ("claim_status", "20", "999"),
        ("claim_status_category", "A1", "DR99"),
        ("drg", "470", "4701"),
        ("remark", "MA01", "N9999"),
    ],
)
def test_what_a_table_of_ours_lacks_is_doubtful_only(name, on_file, not_on_file):
    assert STANDARD.refusal(name, on_file) is None
    refusal = STANDARD.refusal(name, not_on_file)
    assert refusal is not None
    assert not refusal.certain


def test_a_set_may_be_replaced_and_left_out():
    own = SHAPES.with_sets(hcpcs=CodeSet("code of ours", "contract", lambda code, on: code == "99213" or "ask us"))
    assert own.refusal("hcpcs", "99213") is None
    assert own.refusal("hcpcs", "99214") == Refusal("ask us")
    assert SHAPES.refusal("hcpcs", "99214") is None
    assert SHAPES.refusal("moon_phase", "full") is None


def test_a_row_names_its_place_or_is_refused():
    row = coded("SV101-2", "SV101-1", hcpcs="HC")
    assert (row.place, row.qualifier, row.sets) == ("SV101-2", (1, 1), {"HC": "hcpcs"})
    with pytest.raises(ValueError, match="not a place"):
        coded("SV1-2")


def test_what_is_exported_is_there():
    import superbill.x12.codes as module

    assert all(hasattr(module, name) for name in exported)
