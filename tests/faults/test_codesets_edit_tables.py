"""Tables of edits that are cut, misnamed or at odds with themselves: refused with row and column, nothing taken."""

import zipfile
from pathlib import Path

import pytest
from tests import ncci_samples as sample
from tests.codesets_samples import sheet

from superbill.codesets.importing import import_file
from superbill.codesets.release import Refused

PTP = "ccipra-v323r0-f1.txt"
MUE = "MCR_MUE_PractitionerServices_Eff_10-01-2026.csv"
AOC = "AOC_V2026Q4-MCR.txt"
ROW = sample.row("20611", "20610")
LINE = "20610,2,1 Line Edit,Clinical: Data"
ADD_ON = sample.add_on("11001", "11000")


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def without(column: int) -> str:
    """The table of pairs with a column left out everywhere."""
    lines = sample.pairs(ROW, header=("\t".join(sample.HEAD),)).splitlines()
    kept = ["\t".join(cell for at, cell in enumerate(line.split("\t")) if at != column) for line in lines]
    return "\r\n".join(kept)


BROKEN = [
    (PTP, sample.pairs(ROW, "20611\t2061"), ":8: has 2 columns, not 7"),
    (PTP, sample.pairs(ROW, sample.row("2061", "20610")), ":8: has '2061' in column 1, where a code is due"),
    (PTP, sample.pairs(sample.row("20611", "206.0"), ROW), ":7: has '206.0' in column 2, where a code is due"),
    (PTP, sample.pairs(ROW, sample.row("20611", "20611")), ":8: pairs 20611 with itself"),
    (PTP, sample.pairs(ROW, sample.row("20611", "20612", "20261301")), ":8: has '20261301' in 'effective date'"),
    (PTP, sample.pairs(ROW, sample.row("20611", "20612", last="soon")), ":8: has 'soon' in 'deletion date'"),
    (PTP, sample.pairs(ROW, sample.row("20611", "20612", "20200101", "20191231")), ":8: ends on 2019-12-31, before it"),
    (PTP, sample.pairs(ROW, sample.row("20611", "20612", indicator="2")), ":8: has '2' in 'modifier'"),
    (PTP, sample.pairs(ROW, sample.row("20611", "20612", old="x")), ":8: has 'x' in 'in existence prior to 1996'"),
    (PTP, sample.pairs(ROW, sample.row("20611", "20612", "20270101")),
     ":8: begins on 2027-01-01, after the end of 2026Q4"),
    (PTP, sample.pairs(ROW, sample.row("10000", "20612"), ROW),
     ":9: has 20611 with 20610 twice, on days that overlap (rows 7, 9)"),
    (PTP, sample.pairs(sample.row("20611", "20610", "20200101", "20200301"), sample.row("20611", "20610", "20200201")),
     ":8: has 20611 with 20610 twice, on days that overlap (rows 7, 8)"),
    (PTP, sample.pairs(), ": has no pair of codes"),
    (PTP, without(4), ":3: has no column 'deletion date'"),
    (PTP, without(5), ":3: has no column 'modifier'"),
    (PTP, without(2), ":3: has no column 'in existence prior to 1996'"),
    ("pairs.txt", sample.pairs(ROW), ": doesn't say whether its edits are those of practitioners or of hospitals"),
    ("ccipra-v323r0-f5.txt", sample.pairs(ROW), ": is part f5; the table has been in 4"),
    ("ccipra-v325r0-f1.txt", sample.pairs(ROW), ": is named for quarter 6 of 2026"),
    ("2026q3-ccipra-v323r0-f1.txt", sample.pairs(ROW), ": is named for 2026Q3 and for 2026Q4"),
    (MUE, sample.units(LINE, "2061,2,1 Line Edit,x"), ":7: has '2061' in column 1, where a code is due"),
    (MUE, sample.units(LINE, "20611,two,1 Line Edit,x"), ":7: has 'two' in 'MUE values' of 20611"),
    (MUE, sample.units(LINE, "20611,-2,1 Line Edit,x"), ":7: has '-2' in 'MUE values' of 20611"),
    (MUE, sample.units(LINE, "20611,2,4 Year Edit,x"),
     ":7: has '4 Year Edit' in 'MUE adjudication indicator' of 20611"),
    (MUE, sample.units(LINE, "20611,2"), ":7: has 2 cells, the header 4"),
    (MUE, sample.units(LINE, LINE), ":7: has 20610 again"),
    (MUE, sample.units(), ": has no code"),
    (MUE, sample.units(LINE).replace("MUE Adjudication Indicator", "Indicator"),
     ":5: has no column for MUE adjudication"),
    (MUE, sample.units(LINE, whose="Dentist"), ":5: has units of 'Dentist MUE Values', none of practitioners"),
    ("units.csv", sample.units(LINE), ": doesn't say its quarter"),
    (MUE.replace("10-01", "10-15"), sample.units(LINE), ": is named for 10-15-2026, on which no quarter begins"),
    (AOC, sample.add_ons(ADD_ON, "411002" + ADD_ON[6:]), ":2: has '4' in 'AOC_Edit_Type'"),
    (AOC, sample.add_ons(ADD_ON, sample.add_on("1100", "11000")), ":2: has '1100"),
    (AOC, sample.add_ons(ADD_ON, sample.add_on("11002", "11002")), ":2: makes 11002 its own primary"),
    (AOC, sample.add_ons(ADD_ON, sample.add_on("11002", "11000", first="2026366")),
     ":2: has '2026366' in 'AOC_Edit_EffDT'"),
    (AOC, sample.add_ons(ADD_ON, sample.add_on("11002", "11000", last="2012001")), ":2: ends on 2012-01-01, before it"),
    (AOC, sample.add_ons(ADD_ON, sample.add_on("11002", "11000", first="2027001")),
     ":2: begins on 2027-01-01, after the end"),
    (AOC, sample.add_ons(ADD_ON, ADD_ON), ":2: has 11001 with 11000 twice, on days that overlap"),
    (AOC, sample.add_ons(ADD_ON, ADD_ON[:20]), ":2: has 20 columns"),
    ("addons.txt", sample.add_ons(ADD_ON), ": doesn't say its quarter"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "says"), BROKEN, ids=[says[:48] for _, _, says in BROKEN])
def test_a_broken_table_is_refused_where_it_is_broken(tmp_path: Path, name: str, text: str, says: str) -> None:
    folder, path = tmp_path / "store", tmp_path / name
    (tmp_path / "ccioph-v323r0.txt").write_text(sample.pairs(ROW))
    import_file(tmp_path / "ccioph-v323r0.txt", folder)
    before = state(folder)
    path.write_text(text)
    with pytest.raises(Refused) as refused:
        import_file(path, folder)
    assert str(refused.value).startswith(f"{name}{says}")
    assert refused.value.fix
    assert state(folder) == before


def test_a_workbook_is_refused_at_its_row(tmp_path: Path) -> None:
    path = tmp_path / "ccipra-v323r0.xlsx"
    path.write_bytes(sheet([["A notice."], list(sample.HEAD), *sample.cells([ROW, sample.row("20611", "2061")])]))
    with pytest.raises(Refused, match=r"ccipra-v323r0.xlsx:4: has '2061' in column 2"):
        import_file(path, tmp_path / "store")
    assert state(tmp_path / "store") == {}


def test_of_an_archive_with_one_broken_part_none_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "ptp.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ccipra-v323r0-f1.txt", sample.pairs(ROW))
        archive.writestr("ccipra-v323r0-f2.txt", sample.pairs(ROW, "20611\tcut"))
    with pytest.raises(Refused, match=r"f2.txt:8"):
        import_file(path, tmp_path / "store")
    assert state(tmp_path / "store") == {}


def test_a_part_of_another_quarter_in_the_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "medicare-ncci-2026q4-practitioner-ptp-edits-ccipra-v323r0-f1.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ccipra-v322r0-f1.txt", sample.pairs(ROW))
    with pytest.raises(Refused, match="is named for 2026Q4 and for 2026Q3: a file of the wrong quarter"):
        import_file(path, tmp_path / "store")


def test_a_table_cut_at_the_end_of_a_line_is_far_off_the_quarter_before(tmp_path: Path) -> None:
    rows = [sample.row(f"2{number:04}", "10000") for number in range(1_000)]
    (tmp_path / "ccipra-v322r0-f1.txt").write_text(sample.pairs(*rows))
    import_file(tmp_path / "ccipra-v322r0-f1.txt", tmp_path / "store")
    (tmp_path / PTP).write_text(sample.pairs(*rows[:300]))
    with pytest.raises(Refused, match=r"has 300 rows of column1; ncci-ptp-practitioner-f1-2026-07-01-r1 has 1,000"):
        import_file(tmp_path / PTP, tmp_path / "store")


def test_a_broken_workbook_is_no_table(tmp_path: Path) -> None:
    whole = sheet([list(sample.HEAD), *sample.cells([ROW])])
    path = tmp_path / "ccipra-v323r0.xlsx"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Refused):
        import_file(path, tmp_path / "store")
