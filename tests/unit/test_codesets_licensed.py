"""CPT and CDT: the licensee's files, with invented texts; without them the number alone, shown as such."""

from datetime import date
from pathlib import Path

import pytest
from tests.codesets_samples import drafts, store_of

from superbill.codesets.cdt import lookup as cdt
from superbill.codesets.cdt.importer import CdtLayout
from superbill.codesets.cpt import lookup as cpt
from superbill.codesets.cpt.importer import CptFixedLayout, CptLongLayout
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.store import Store

NOTICE = "Invented file, no one's copyright\r\nCPT 2031\r\n\r\n"
SHORT = NOTICE + "00100 SLEEP ON THE SLED\r\n0042T MAP OF SNOW\r\n99213 TALK IN THE IGLOO\r\n"
MEDIUM = NOTICE + "00100 SLEEP ON THE SLED WITH A DOG ON EACH SIDE\r\n0042T MAP OF SNOW\r\n99213 TALK IN THE IGLOO\r\n"
LONG = NOTICE + "00100\tSleep on the sled, a dog on each side\r\n0042T\tMap of snow\r\n0001U\tTest of snow\r\n"
CDT = 'Code,Descriptor,Category\r\nD0100,"Look at a tusk, from afar",Looking\r\nD9999,Other tusk,\r\n'
ON = date(2031, 5, 1)


@pytest.mark.parametrize(
    ("layout", "text", "system", "rows"),
    [
        (CptFixedLayout(), SHORT, "cpt-short", ("00100", "SLEEP ON THE SLED")),
        (CptFixedLayout(), MEDIUM, "cpt-medium", ("00100", "SLEEP ON THE SLED WITH A DOG ON EACH SIDE")),
        (CptLongLayout(), LONG, "cpt-long", ("0001U", "Test of snow")),
        (CdtLayout(), CDT, "cdt", ("D0100", "Look at a tusk, from afar")),
    ],
)
def test_a_licensees_file(tmp_path: Path, layout, text, system, rows) -> None:
    source = Source("list 2031.txt", text.encode("cp1252"))
    assert layout.recognizes(source)
    (draft,) = drafts(layout, source, tmp_path)
    assert (draft.release.system, draft.release.effective, draft.release.until) == (
        system, date(2031, 1, 1), date(2031, 12, 31),
    )  # fmt: skip
    assert next(iter(draft.tables[0].rows)) == rows


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        (CptFixedLayout(), LONG),
        (CptFixedLayout(), "00001 A00\r\n00002 A01\r\n00003 A02\r\n"),  # lines that are counted
        (CptFixedLayout(), f"00101 {'WORDS ' * 9}\r\n" * 3),  # longer than any text
        (CptLongLayout(), "00101\tA00\tthird column\r\n" * 3),
        (CptLongLayout(), SHORT),
        (CdtLayout(), SHORT),
        (CdtLayout(), "A0100,Sled\r\n"),
    ],
)
def test_other_files_are_not_taken_for_one(layout, text: str) -> None:
    assert not layout.recognizes(Source("list.txt", text.encode()))


@pytest.mark.parametrize(
    ("layout", "text", "says"),
    [
        (CptFixedLayout(), SHORT + "9921\r\n", "x.txt:7: has no code and text"),
        (CptFixedLayout(), SHORT + "99213 AGAIN\r\n", "x.txt:7: repeats 99213"),
        (CptFixedLayout(), SHORT.replace("MAP", "M\x81P"), "x.txt:5: is not cp1252 text"),
        (CptFixedLayout(), SHORT.replace("CPT 2031", ""), "x.txt: doesn't say its year"),
        (CptLongLayout(), LONG + "0002U Test\r\n", "x.txt:7: has no code and text"),
        (CdtLayout(), CDT + "D012,Tusk\r\n", "x.txt:4: has no code and text"),
        (CdtLayout(), CDT + "D0100,Tusk\r\n", "x.txt:4: repeats D0100"),
        (CdtLayout(), CDT.replace("Other", "\xd6ther"), "x.txt:3: is not utf-8"),
    ],
)
def test_what_is_refused_and_where(tmp_path: Path, layout, text: str, says: str) -> None:
    effective = date(2031, 1, 1) if isinstance(layout, CdtLayout) else None
    with pytest.raises(Refused) as refused:
        drafts(layout, Source("x.txt", text.encode("latin-1")), tmp_path, effective)
    assert str(refused.value).startswith(says)


def test_a_list_without_its_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="doesn't say its year"):
        drafts(CdtLayout(), Source("x.csv", CDT.encode()), tmp_path)


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("99213", True), ("0042T", True), ("0001U", True), ("3008F", True), ("0002M", True), ("0001A", True),
        ("00099", False), ("J0100", False), ("9921", False), ("992133", False), ("0042B", False), ("٩٩٢١٣", False),
    ],
)  # fmt: skip
def test_the_shape_of_a_cpt_number(tmp_path: Path, code: str, is_one: bool) -> None:
    assert cpt.is_cpt(code) is is_one
    found = cpt.code(Store(tmp_path), code, ON)
    assert (found is not None) is is_one
    if found:
        assert (found.title, found.release, found.note) == (
            "", None, "number only: CPT descriptors need your AMA licence",
        )  # fmt: skip


@pytest.mark.parametrize(("code", "is_one"), [("D0100", True), ("d9999", True), ("D010", False), ("A0100", False)])
def test_the_shape_of_a_cdt_number(tmp_path: Path, code: str, is_one: bool) -> None:
    found = cdt.code(Store(tmp_path), code, ON)
    assert (found is not None) is is_one
    if found:
        assert found.note == "number only: CDT descriptors need your ADA licence"


def test_the_longest_text_on_file_is_shown(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", ("SHORTU.txt", SHORT), ("MEDU.txt", MEDIUM), ("LONGULT.txt", LONG))
    assert cpt.code(store, "00100", ON).title == "Sleep on the sled, a dog on each side"
    assert cpt.code(store, "99213", ON).title == "TALK IN THE IGLOO"  # not in the long list
    assert cpt.code(store, "99213", ON).note == ""
    assert cpt.code(store, "99999", ON) is None


@pytest.mark.parametrize(
    ("day", "exact"),
    [(date(2030, 12, 31), False), (date(2031, 1, 1), True), (date(2031, 12, 31), True), (date(2032, 1, 1), False)],
)
def test_a_licensees_list_is_of_its_year(tmp_path: Path, day: date, exact: bool) -> None:
    store = store_of(tmp_path / "store", ("SHORTU.txt", SHORT), ("cdt 2031.csv", CDT))
    assert cpt.code(store, "99213", day).exact is exact
    assert cdt.code(store, "D0100", day).exact is exact
    assert cdt.code(store, "D0101", day) is None
