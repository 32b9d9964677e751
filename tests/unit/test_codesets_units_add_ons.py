"""Medically unlikely edits and add-on codes: every form of the official files, and a code on a day."""

from datetime import date
from pathlib import Path

import pytest
from tests import ncci_samples as sample
from tests.codesets_samples import drafts, sheet, store_of

from superbill.codesets.add_on.importer import AddOnSheetLayout, AddOnTextLayout
from superbill.codesets.add_on.lookup import AddOnTable
from superbill.codesets.importing import import_file
from superbill.codesets.mue.importer import MueLayout
from superbill.codesets.mue.lookup import Most, UnitTable
from superbill.codesets.sources import Source
from superbill.codesets.store import Store

DAY = date(2026, 10, 5)
MUE = "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv"
AOC = "AOC_V2026Q4-MCR.txt"
UNITS = sample.units(
    "20610,2,3 Date of Service Edit: Clinical,Clinical: Data",
    '27447,1,2 Date of Service Edit: Policy,"Anatomic, both"',
    "88305,16,1 Line Edit,Nature of Service", "0001A,0,1 Line Edit,CMS Policy",
)  # fmt: skip
COLUMNS = ["AOC_Edit_Type", "Add-On_Code", "AOC_DelDT", "Primary_Code", "Primary_Code_DelDT", "AOC_Edit_EffDT",
           "AOC_Edit_DelDT", "Special_Instruction_Notes"]  # fmt: skip


def test_units_by_code(tmp_path: Path) -> None:
    table = UnitTable(store_of(tmp_path / "store", (MUE, UNITS)), "practitioner")
    assert table.most("20610", DAY) == Most("20610", 2, 3, "Clinical: Data")
    assert table.most("27447", DAY) == Most("27447", 1, 2, "Anatomic, both")
    assert table.most("0001A", DAY) == Most("0001A", 0, 1, "CMS Policy")
    assert table.most("99213", DAY) is None


@pytest.mark.parametrize(
    ("whose", "setting"),
    [
        ("Practitioner Services", "practitioner"),
        ("Outpatient Hospital Services", "hospital"),
        ("DME Supplier Services", "dme"),
    ],
)
def test_the_header_says_whose_units_they_are(tmp_path: Path, whose: str, setting: str) -> None:
    text = sample.units("20610,2,1 Line Edit,Clinical: Data", whose=whose)
    store = store_of(tmp_path / "store", ("MCR_MUE_x_Eff_10-01-2026.csv", text))
    assert {each.system for each in store.releases()} == {f"mue-{setting}"}
    assert UnitTable(store, setting).most("20610", DAY).units == 2


def test_each_quarter_has_its_own_units(tmp_path: Path) -> None:
    later = sample.units("20610,4,3 Date of Service Edit: Clinical,Clinical: Data")
    store = store_of(tmp_path / "store", (MUE.replace("10-01-2026", "07-01-2026"), UNITS), (MUE, later))
    table = UnitTable(store, "practitioner")
    days = (date(2026, 6, 30), date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 1), date(2027, 1, 1))
    assert [(most := table.most("20610", day)) and most.units for day in days] == [None, 2, 2, 4, None]


def test_a_workbook_of_units_says_the_same(tmp_path: Path) -> None:
    rows = [
        ["A notice."],
        ["HCPCS/CPT Code", "Practitioner Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale"],
        ["20610", "2", "3 Date of Service Edit: Clinical", "Clinical: Data"],
    ]
    name = MUE.replace(".csv", ".xlsx")
    table = UnitTable(store_of(tmp_path / "store", (name, sheet(rows))), "practitioner")
    assert table.most("20610", DAY) == Most("20610", 2, 3, "Clinical: Data")
    path = tmp_path / "medicare-ncci-2026-q4-practitioner-services-mue-table.zip"
    path.write_bytes(sample.zipped((MUE, UNITS), (name, sheet(rows))))
    assert [each.source for each in import_file(path, tmp_path / "both").taken] == [f"{path.name}/{MUE}"]


def test_a_setting_of_units_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="practitioner, hospital, dme"):
        UnitTable(Store(tmp_path), "dentist")


def test_add_on_codes_by_type(tmp_path: Path) -> None:
    text = sample.add_ons(
        sample.add_on("11001", "11000"),
        sample.add_on("22614", "22600"),
        sample.add_on("22614", "22610", note="SEE IOM"),
        sample.add_on("0054T", "CCCCC", kind="2", note="Contractor Defined Primary Codes"),
        sample.add_on("76937", "36556", kind="3"),
        sample.add_on("76937", "CCCCC", kind="3"),
    )
    table = AddOnTable(store_of(tmp_path / "store", (AOC, text)))
    one, two, three = (table.add_on(code, DAY) for code in ("22614", "0054T", "76937"))
    assert (one.kind, one.primaries, one.by_contractor, one.instructions) == (
        1, {"22600", "22610"}, False, ("SEE IOM",),
    )  # fmt: skip
    assert (two.kind, two.primaries, two.by_contractor) == (2, frozenset(), True)
    assert (three.kind, three.primaries, three.by_contractor) == (3, {"36556"}, True)
    assert table.add_on("22600", DAY) is None
    assert table.codes == {"11001", "22614", "0054T", "76937"}


def test_an_add_on_code_on_the_days_around_its_own(tmp_path: Path) -> None:
    text = sample.add_ons(
        sample.add_on("11001", "11000", first="2026091", last="2026181"),
        sample.add_on("22614", "22600", ended="2025365"),
        sample.add_on("22614", "22610", primary_ended="2026090"),
        sample.add_on("76937", "36556", kind="3", first="2026091"),
    )
    table = AddOnTable(store_of(tmp_path / "store", (AOC, text)))

    def primaries(code: str, day: date) -> frozenset[str]:
        found = table.add_on(code, day)
        return frozenset() if found is None else found.primaries

    around = (date(2026, 3, 31), date(2026, 4, 1), date(2026, 6, 30), date(2026, 7, 1))
    assert [primaries("11001", day) for day in around] == [frozenset(), {"11000"}, {"11000"}, frozenset()]
    assert primaries("22614", date(2025, 12, 31)) == {"22600", "22610"}
    assert primaries("22614", date(2026, 3, 31)) == {"22610"}
    assert primaries("22614", date(2026, 4, 1)) == frozenset()


def test_a_table_of_add_on_codes_tells_of_the_days_before_it_and_holds_until_the_next(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "store",
        ("AOC_V2026Q1-MCR.txt", sample.add_ons(sample.add_on("11001", "11000"))),
        (AOC, sample.add_ons(sample.add_on("11001", "11010"))),
    )
    table = AddOnTable(store)
    days = (date(2020, 1, 1), date(2026, 9, 30), date(2026, 10, 1), date(2028, 1, 1))
    assert [sorted(table.add_on("11001", day).primaries) for day in days] == [["11000"]] * 2 + [["11010"]] * 2


@pytest.mark.parametrize("julian", ["", " (Julian)", "_Julian"])
def test_a_workbook_of_add_on_codes_says_the_same(tmp_path: Path, julian: str) -> None:
    rows = [
        ["A notice."],
        [f"{each}{julian}" if each.endswith("DT") else each for each in COLUMNS],
        ["1", "11001", "", "11000", "", "2013091", "", "SEE IOM"],
    ]
    name = "AOC_V2026Q4-MCR.xlsx"
    assert AddOnSheetLayout().recognizes(Source(name, sheet(rows)))
    table = AddOnTable(store_of(tmp_path / "store", (name, sheet(rows))))
    assert table.add_on("11001", DAY).instructions == ("SEE IOM",)
    path = tmp_path / "add-code-edits-medicare-effective-10-01-2026.zip"
    text = sample.add_ons(sample.add_on("11001", "11000"))
    path.write_bytes(sample.zipped(("AOC_V2026Q4-F-MCR.txt", text), (name, sheet(rows))))
    assert [each.source for each in import_file(path, tmp_path / "both").taken] == [
        f"{path.name}/AOC_V2026Q4-F-MCR.txt"
    ]


def test_what_is_not_of_these_layouts(tmp_path: Path) -> None:
    for text in (b"", b"11001 11000", b"Dear colleagues", UNITS.encode()):
        assert not AddOnTextLayout().recognizes(Source("a.txt", text))
    for text in (b"", b"HCPCS/CPT Code,Price", sample.add_ons(sample.add_on("11001", "11000")).encode()):
        assert not MueLayout().recognizes(Source("a.csv", text))


def test_blanks_at_the_end_of_lines_may_be_cut(tmp_path: Path) -> None:
    text = sample.add_ons(*(sample.add_on(f"1100{n}", "11000").rstrip() for n in (1, 2, 3)))
    (draft,) = drafts(AddOnTextLayout(), Source(AOC, text.encode()), tmp_path)
    assert len(list(draft.tables[0].rows)) == 3
