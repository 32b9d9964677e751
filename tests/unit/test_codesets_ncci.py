"""NCCI pairs: every form of the official files, the parts of a quarter joined, and a pair on a day."""

from datetime import date
from pathlib import Path

import pytest
from tests import ncci_samples as sample
from tests.codesets_samples import drafts, sheet, store_of

from superbill.codesets.importing import import_file
from superbill.codesets.ncci.importer import PtpSheetLayout, PtpTextLayout
from superbill.codesets.ncci.lookup import PairTables
from superbill.codesets.quarterly import Quarter
from superbill.codesets.sources import Source
from superbill.codesets.store import Store

DAY = date(2026, 10, 5)
TWO = (sample.row("20611", "20610"), sample.row("93000", "93005", "19960101", indicator="0", old="*"))


def table(store: Store, day: date = DAY, setting: str = "practitioner"):
    return PairTables(store, setting).on(day)


@pytest.mark.parametrize(
    "text",
    [
        sample.pairs(*TWO),
        sample.pairs(*TWO, header=(sample.QUOTED,)),
        sample.pairs(*TWO, header=("\t".join(sample.HEAD),)),
        sample.pairs(*TWO).replace("\r\n", "\n"),
        sample.pairs(*TWO) + "\x1a",
        sample.pairs(*(each.replace("20610", "20610 ") for each in TWO)),
    ],
    ids=["header over lines", "header quoted", "header on a line", "bare line ends", "end of file mark", "blanks"],
)
def test_every_form_of_the_text(tmp_path: Path, text: str) -> None:
    found = table(store_of(tmp_path / "store", ("ccipra-v323r0.txt", text)))
    assert found.pairs == 2 and found.version == "2026Q4"
    edit = found.pair("93000", "93005", DAY)
    assert (edit.indicator, edit.first, edit.last, edit.before_1996, edit.rationale) == (
        0, date(1996, 1, 1), None, True, sample.WHY,
    )  # fmt: skip
    assert found.pair("20611", "20610", DAY).indicator == 1
    assert found.pair("20610", "20611", DAY) is None  # a pair has a direction


def test_a_workbook_says_the_same(tmp_path: Path) -> None:
    rows = [["A notice."], list(sample.HEAD), *sample.cells(TWO)]
    found = table(store_of(tmp_path / "store", ("ccipra-v323r0.xlsx", sheet(rows))))
    assert found.pair("20611", "20610", DAY).rationale == sample.WHY
    assert PtpSheetLayout().recognizes(Source("x.xlsx", sheet(rows)))
    assert not PtpSheetLayout().recognizes(Source("x.xlsx", sheet([["Column 1", "something else"]])))
    assert not PtpSheetLayout().recognizes(Source("x.xlsx", sheet(rows)[:200]))


def test_of_an_archive_with_both_forms_the_text_is_read(tmp_path: Path) -> None:
    rows = [list(sample.HEAD), *sample.cells(TWO)]
    archive = sample.zipped(
        ("ccipra-v323r0-f1.TXT", sample.pairs(*TWO)), ("ccipra-v323r0-f1.xlsx", sheet(rows)), ("notes.pdf", "%PDF"),
    )  # fmt: skip
    path = tmp_path / "medicare-ncci-2026q4-practitioner-ptp-edits-ccipra-v323r0-f1.zip"
    path.write_bytes(archive)
    outcome = import_file(path, tmp_path / "store")
    assert [(each.system, each.version, each.rows["column1"]) for each in outcome.taken] == [
        ("ncci-ptp-practitioner-f1", "2026Q4", 2)
    ]


def test_the_parts_of_a_quarter_are_one_table(tmp_path: Path) -> None:
    parts = [
        (f"ccipra-v323r0-f{number}.txt", sample.pairs(sample.row(f"1000{number}", "20610")))
        for number in (1, 2, 3, 4)
    ]  # fmt: skip
    store = store_of(tmp_path / "three", *parts[:3])
    assert table(store) is None  # a table that lacks a part can't say that there is no edit
    (lacking,) = PairTables(store, "practitioner").tables
    assert lacking.missing == ("f4",)
    found = table(store_of(tmp_path / "four", *parts))
    assert not found.missing and found.pairs == 4
    assert all(found.pair(f"1000{number}", "20610", DAY) for number in (1, 2, 3, 4))


def test_hospitals_have_a_table_of_their_own(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "store",
        ("ccipra-v323r0.txt", sample.pairs(TWO[0])),
        ("ccioph-v323r0.txt", sample.pairs(TWO[1])),
    )
    assert table(store).pair("93000", "93005", DAY) is None
    assert table(store, setting="hospital").pair("93000", "93005", DAY).indicator == 0


def test_a_pair_on_the_days_around_its_own(tmp_path: Path) -> None:
    text = sample.pairs(
        sample.row("20611", "20610", "20260401", "20260630", "1"),
        sample.row("20611", "20610", "20260701", "*", "0"),
        sample.row("58150", "58661", "20200101", "20200331", "1"),
        sample.row("58150", "58661", "20200331", "*", "0"),
        sample.row("13121", "13120", "19960101", "19960101", "9"),
        sample.row("17000", "17281", "19990701", "19990701", "1"),
    )
    found = table(store_of(tmp_path / "store", ("ccipra-v323r0.txt", text)))

    def indicator(one: str, two: str, day: date) -> int | None:
        edit = found.pair(one, two, day)
        return None if edit is None else edit.indicator

    days = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31))
    assert [indicator("20611", "20610", day) for day in days] == [None, 1, 1, 0, 0]
    # An edit that begins on the day on which another ends takes its place.
    assert [indicator("58150", "58661", date(2020, 3, day)) for day in (30, 31)] == [1, 0]
    # Deleted as of the first day: never in force.
    assert indicator("13121", "13120", date(1996, 1, 1)) is None
    assert indicator("17000", "17281", date(1999, 7, 1)) is None
    assert len(found.history("20611", "20610")) == 2


def test_the_newest_table_tells_of_earlier_days_and_none_of_later_ones(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "store",
        ("ccipra-v322r0.txt", sample.pairs(sample.row("20611", "20610"))),
        ("ccipra-v323r0.txt", sample.pairs(sample.row("20611", "20610", "20200101", "20200101", "9"))),
    )
    assert table(store, date(2026, 9, 30)).version == "2026Q4"  # what CMS took back afterwards counts
    assert table(store, date(2026, 12, 31)).version == "2026Q4"
    assert table(store, date(2027, 1, 1)) is None


def test_a_corrected_file_takes_the_place_of_the_first(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "store",
        ("ccipra-v323r0.txt", sample.pairs(sample.row("20611", "20610", indicator="0"))),
        ("ccipra-v323r1.txt", sample.pairs(sample.row("20611", "20610", indicator="1"))),
    )
    assert table(store).pair("20611", "20610", DAY).indicator == 1


@pytest.mark.parametrize(
    ("name", "quarter"),
    [
        ("ccipra-v300r0-f1.txt", Quarter(2024, 1)),
        ("ccioph-v241r0-f2.txt", Quarter(2018, 2)),
        ("medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f4.zip/ccipra-v322r0-f4.TXT", Quarter(2026, 3)),
    ],
)
def test_the_quarter_stands_in_the_name(tmp_path: Path, name: str, quarter: Quarter) -> None:
    text = sample.pairs(sample.row("20611", "20610", "20150101"))
    (draft,) = drafts(PtpTextLayout(), Source(name, text.encode()), tmp_path)
    assert (draft.release.effective, draft.release.until) == (quarter.first, quarter.last)
    (draft,) = drafts(PtpTextLayout(), Source(name, text.encode()), tmp_path, date(2026, 1, 1))
    assert (draft.release.effective, draft.release.version) == (date(2026, 1, 1), "2026Q1")


def test_a_setting_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="practitioner and hospital"):
        PairTables(Store(tmp_path), "dentist")


def test_what_is_no_code_has_no_pair(tmp_path: Path) -> None:
    found = table(store_of(tmp_path / "store", ("ccipra-v323r0.txt", sample.pairs(*TWO))))
    assert [found.pair("20611", two, DAY) for two in ("", "2061", "206100", "２０６１０")] == [None] * 4
    assert found.pair("", "20610", DAY) is None


def test_the_pairs_among_the_codes_of_a_claim(tmp_path: Path) -> None:
    rows = (*TWO, sample.row("13121", "13120", "19960101", "19960101", "9"))
    found = table(store_of(tmp_path / "store", ("ccipra-v323r0.txt", sample.pairs(*rows))))
    codes = frozenset(["20610", "20611", "93005", "13120", "13121", ""])
    assert found.among(codes) == (("20611", "20610"),)
    assert found.among(codes) is found.among(codes)
