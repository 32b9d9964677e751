"""The fee schedule's files: every form of each, what is refused and where, and the row that a day is answered from."""

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests import medicare_samples as samples
from tests.codesets_samples import drafts, sheet, store_of
from tests.medicare_samples import relative_values, row

from superbill.codesets.importing import import_file
from superbill.codesets.layouts import LAYOUTS
from superbill.codesets.mpfs.base_units import BaseUnitLayout
from superbill.codesets.mpfs.importer import RelativeValueLayout
from superbill.codesets.mpfs.localities import AnesthesiaFactorLayout, GpciLayout
from superbill.codesets.mpfs.lookup import Mpfs
from superbill.codesets.mpfs.places import NATIONAL, Localities, Locality
from superbill.codesets.mpfs.zip_codes import ZipLocalityLayout
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.store import Store

ROWS = (
    row("10001", work="1.25", office="2.50", facility="0.75", malpractice="0.10", global_days="010", pre="0.10",
        intra="0.80", post="0.10", multiple="3", bilateral="1", assistant="2", cosurgeons="1", team="2", base="10002"),
    row("70001", work="1.00", office="4.00", facility="4.00", facility_na="NA", malpractice="0.10", components="1",
        multiple="4", supervision="02", family="88", cap_office="3.00", cap_facility="3.00", cap_malpractice="0.08"),
    row("70001", "26", work="1.00", office="0.50", facility="0.50", malpractice="0.06", components="1", multiple="4"),
    row("70001", "TC", office="3.50", facility="3.50", malpractice="0.04", components="1", multiple="4"),
    row("44388", work="2.00", office="3.00", facility="1.00", malpractice="0.30"),
    row("44388", "53", work="1.00", office="1.50", facility="0.50", malpractice="0.15"),
)  # fmt: skip
FORMS = {
    "PPRRVU2031_Jul_nonQPP.csv": relative_values(ROWS).encode("cp1252"),
    "PPRRVU2031_Jul.xlsx": sheet(samples.relative_value_rows(ROWS)),
    "PPRRVU31_JUL.txt": samples.relative_values_fixed(ROWS).encode(),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_the_relative_values_says_the_same(tmp_path: Path, name: str) -> None:
    source = Source(name, FORMS[name])
    assert [type(layout) for layout in LAYOUTS if layout.recognizes(source)] == [RelativeValueLayout]
    (draft,) = drafts(RelativeValueLayout(), source, tmp_path)
    release = draft.release
    assert (release.system, release.version, release.effective, release.until) == (
        "mpfs", "2031Q3", date(2031, 7, 1), date(2031, 9, 30),
    )  # fmt: skip
    (reference,) = drafts(RelativeValueLayout(), Source("x.csv", FORMS["PPRRVU2031_Jul_nonQPP.csv"]), tmp_path)
    plain = [[str(Decimal(cell)) if "." in cell else cell for cell in each] for each in draft.tables[0].rows]
    assert plain == [
        [str(Decimal(cell)) if "." in cell else cell for cell in each] for each in reference.tables[0].rows
    ]


def test_numbers_typed_as_numbers_into_a_sheet_are_the_same(tmp_path: Path) -> None:
    """A spreadsheet drops the zero in front of 00100, 010 and 09, and the last decimal of 1.10."""
    rows = samples.relative_value_rows([*ROWS, row("00100", status="J")])
    typed = [
        [float(cell) if at > 8 and cell.replace(".", "", 1).isdecimal() else cell for cell in cells]
        for at, cells in enumerate(rows, 1)
    ]
    (plain,) = drafts(RelativeValueLayout(), Source("PPRRVU2031_Jul.xlsx", sheet(rows)), tmp_path)
    (numbers,) = drafts(RelativeValueLayout(), Source("PPRRVU2031_Jul.xlsx", sheet(typed)), tmp_path)
    assert [each[0] for each in numbers.tables[0].rows] == [each[0] for each in plain.tables[0].rows]
    for one, other in zip(numbers.tables[0].rows, plain.tables[0].rows, strict=True):
        told = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
        assert all(Decimal(a) == Decimal(b) for a, b in told)


def test_a_file_from_before_the_pricing_indicator(tmp_path: Path) -> None:
    """Up to 2025 there is one column less, before the endoscopic base; every column is found by its name."""
    rows = [cells[:23] + cells[24:] for cells in samples.relative_value_rows(ROWS)]
    (older,) = drafts(RelativeValueLayout(), Source("PPRRVU2031_Jul.xlsx", sheet(rows)), tmp_path)
    (newer,) = drafts(RelativeValueLayout(), Source("PPRRVU2031_Jul.xlsx", FORMS["PPRRVU2031_Jul.xlsx"]), tmp_path)
    assert list(older.tables[0].rows) == list(newer.tables[0].rows)


def test_the_indicators_of_a_code(tmp_path: Path) -> None:
    schedule = Mpfs(store_of(tmp_path / "s", ("PPRRVU2031_Jul.csv", relative_values(ROWS))))
    found = schedule.indicators("10001", "50", date(2031, 7, 1))
    assert found is not None
    assert (found.work, found.nonfacility, found.facility, found.malpractice) == (
        Decimal("1.25"), Decimal("2.50"), Decimal("0.75"), Decimal("0.10"),
    )  # fmt: skip
    assert (found.global_days, found.pre, found.intra, found.post) == (
        "010", Decimal("0.10"), Decimal("0.80"), Decimal("0.10"),
    )  # fmt: skip
    assert (found.multiple, found.bilateral, found.assistant, found.cosurgeons, found.team) == tuple("31212")
    assert (found.endoscopic_base, found.factor, found.exact) == ("10002", Decimal("10.0000"), True)
    assert (found.total(facility=True), found.total(facility=False)) == (Decimal("2.10"), Decimal("3.85"))


@pytest.mark.parametrize(
    ("code", "modifier", "work"),
    [
        ("70001", "", "1.00"), ("70001", "26", "1.00"), ("70001", "TC", "0.00"), ("70001", "RT", "1.00"),
        ("44388", "53", "1.00"), ("10001", "53", "1.25"), ("10001", "26", None), ("10009", "", None),
    ],
)  # fmt: skip
def test_components_and_the_discontinued_have_rows_of_their_own(tmp_path, code, modifier, work) -> None:
    schedule = Mpfs(store_of(tmp_path / "s", ("PPRRVU2031_Jul.csv", relative_values(ROWS))))
    found = schedule.indicators(code, modifier, samples.DAY)
    assert (None if found is None else str(found.work)) == work
    assert schedule.of_line(code, ("59", modifier), samples.DAY) == found


@pytest.mark.parametrize(
    ("day", "exact"),
    [
        (date(2030, 12, 31), None), (date(2031, 1, 1), False), (date(2031, 6, 30), False), (date(2031, 7, 1), True),
        (date(2031, 9, 30), True), (date(2031, 10, 1), False), (date(2031, 12, 31), False), (date(2032, 1, 1), None),
    ],
)  # fmt: skip
def test_another_quarter_of_the_year_stands_in_and_says_so_but_no_other_year(tmp_path, day, exact) -> None:
    schedule = Mpfs(store_of(tmp_path / "s", ("PPRRVU2031_Jul.csv", relative_values(ROWS))))
    found = schedule.indicators("10001", "", day)
    assert (None if found is None else found.exact) is exact


def test_the_quarter_before_stands_in_rather_than_the_one_after(tmp_path: Path) -> None:
    """Whatever other years are there, and however near."""
    folder = tmp_path / "s"
    for effective, work in ((date(2030, 10, 1), "1.00"), (date(2031, 4, 1), "2.00"), (date(2031, 10, 1), "3.00")):
        file = (f"PPRRVU{effective}.csv", relative_values([row("10001", work=work)]))
        store_of(folder, file, effective=effective).close()
    schedule = Mpfs(Store(folder))
    days = ((2031, 1, 2), (2031, 5, 1), (2031, 9, 30), (2031, 10, 1), (2030, 1, 1), (2032, 1, 1))
    found = [schedule.indicators("10001", "", date(*day)) for day in days]
    assert [(str(each.work), each.exact) if each else None for each in found] == [
        ("2.00", False), ("2.00", True), ("2.00", False), ("3.00", True), ("1.00", False), None,
    ]  # fmt: skip


def test_qualifying_participants_have_a_file_of_their_own(tmp_path: Path) -> None:
    other = tuple({**each, "factor": "10.0500"} for each in ROWS)
    files = (("PPRRVU2031_Jul_nonQPP.csv", relative_values(ROWS)), ("PPRRVU2031_Jul_QPP.csv", relative_values(other)))
    store = store_of(tmp_path / "s", *files)
    factors = [Mpfs(store, qualifying=each).indicators("10001", "", samples.DAY).factor for each in (False, True)]
    assert factors == [Decimal("10.0000"), Decimal("10.0500")]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        (relative_values([*ROWS, row("1000", work="1.00")]), r"f.csv:15: has code '1000'"),
        (relative_values([row("10001", work="a.bc")]), r"f.csv:9: has 'a.bc' as work"),
        (relative_values([row("10001", malpractice="-1")]), r"f.csv:9: has '-1' as malpractice"),
        (relative_values([ROWS[0], ROWS[0]]), r"f.csv:10: has 10001 again"),
        (relative_values(ROWS).replace("BILAT", "OTHER"), r"f.csv:8: has no column for bilateral"),
        (relative_values([]), r"f.csv: has no code"),
        (relative_values(ROWS)[:-100], r"f.csv:14: has \d+ cells, the header 32. The file is cut"),
        (samples.relative_values_fixed(ROWS)[:-80], r"f.csv:7: has \d+ columns. The file is cut"),
    ],
    ids=["code", "number", "negative", "twice", "column", "empty", "short", "cut"],
)
def test_a_broken_file_is_refused_with_its_row(tmp_path, broken, says) -> None:
    with pytest.raises(Refused, match=says):
        drafts(RelativeValueLayout(), Source("f.csv", broken.encode()), tmp_path, date(2031, 7, 1))


def test_a_file_of_another_quarter_than_its_name_is_refused(tmp_path: Path) -> None:
    source = Source("PPRRVU2031_Apr.csv", relative_values(ROWS).encode())
    with pytest.raises(Refused, match=r"PPRRVU2031_Apr.csv: is named for April 2031, its title says July 2031"):
        drafts(RelativeValueLayout(), source, tmp_path)
    (draft,) = drafts(RelativeValueLayout(), source, tmp_path, date(2031, 4, 1))
    assert draft.release.version == "2031Q2"


def test_a_file_that_does_not_say_its_quarter_needs_to_be_told(tmp_path: Path) -> None:
    source = Source("f.txt", samples.relative_values_fixed(ROWS).encode())
    with pytest.raises(Refused, match=r"f.txt: doesn't say its quarter. Give the first day with --effective"):
        drafts(RelativeValueLayout(), source, tmp_path)
    (draft,) = drafts(RelativeValueLayout(), source, tmp_path, date(2031, 4, 1))
    assert draft.release.version == "2031Q2"


def test_indices_by_contractor_state_and_number(tmp_path: Path) -> None:
    localities = Localities(store_of(tmp_path / "s", ("GPCI2031.csv", samples.GPCI)))
    found = localities.gpci(samples.HERE, samples.DAY)
    assert (found.name, found.work, found.practice, found.malpractice) == (
        "NOWHERE", Decimal("1.100"), Decimal("0.900"), Decimal("0.500"),
    )  # fmt: skip
    assert [str(each.locality) for each in localities.all(samples.DAY)] == ["99102-YY-01", "99102-ZZ-01"]
    assert localities.gpci(Locality("99102", "XX", "01"), samples.DAY) is None
    assert localities.gpci(samples.HERE, date(2032, 1, 1)) is None
    assert localities.gpci(NATIONAL, date(1999, 1, 1)).work == 1


def test_an_archive_with_every_file_in_every_form_is_taken_in_once(tmp_path: Path) -> None:
    """As CMS gives it (RVU31C.zip): both factors, three forms of each, and files that are not imported."""
    path = tmp_path / "RVU31C.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for qualifying in ("nonQPP", "QPP"):
            for form, data in zip(("csv", "xlsx", "txt"), FORMS.values(), strict=True):
                archive.writestr(f"PPRRVU2031_Jul_{qualifying}.{form}", data)
        archive.writestr("GPCI2031.csv", samples.GPCI)
        archive.writestr("GPCI2031.xlsx", sheet([line.split(",") for line in samples.GPCI.splitlines()]))
        archive.writestr("ANES2031.csv", samples.ANES)
        archive.writestr("ANES2031.txt", f"{'99102       01    NOWHERE':73}2040\r\n" * 3)
        archive.writestr("31LOCCO.csv", "Medicare Adminstrative Contractor,Locality Number,State,Fee Schedule Area\r\n")
        archive.writestr("OPPSCAP_Jul.csv", "HCPCS,MOD,PROCSTAT,CARRIER,LOCALITY,FACILITY PRICE,NON-FACILTY PRICE\r\n")
    outcome = import_file(path, tmp_path / "store")
    assert [release.system for release in outcome.taken] == ["mpfs-qp", "mpfs", "mpfs-gpci", "mpfs-anesthesia"]
    assert [name for name, _ in outcome.passed] == ["RVU31C.zip/31LOCCO.csv", "RVU31C.zip/OPPSCAP_Jul.csv"]


@pytest.mark.parametrize(
    ("layout", "broken", "says"),
    [
        (GpciLayout(), samples.GPCI.replace("0.900", "9.000"), r"f.csv:4: has indices 1.100, 9.000, 0.500"),
        (GpciLayout(), samples.GPCI.replace("YY", "ZZ"), r"f.csv:5: has locality 99102 01 ZZ again"),
        (GpciLayout(), samples.GPCI.replace("99102,YY", "991O2,YY"), r"f.csv:5: has contractor '991O2'"),
        (GpciLayout(), samples.GPCI.replace("2031 PE GPCI", "2031 PE"), r"f.csv:3: has no column for practice"),
        (AnesthesiaFactorLayout(), samples.ANES.replace("20.40", "204"), r"f.csv:2: has '204' as conversion factor"),
        (AnesthesiaFactorLayout(), samples.ANES + "99102,01,X,20.5,20.4\r\n", r"f.csv:3: has locality 99102 01 again"),
        (BaseUnitLayout(), samples.BASE_UNITS + "00103,5\r\n", r"f.csv:7: has code '00103' with '5'"),
        (BaseUnitLayout(), samples.BASE_UNITS + "10003,5\r\n", r"f.csv:7: has code '10003'"),
        (ZipLocalityLayout(), samples.zip_line("ZZ", "00001", "99102", "01") * 2, r"f.csv:2: has ZIP code 00001 again"),
        (ZipLocalityLayout(), samples.zip_line("ZZ", "00001", "99102", "01") + "ZZ", r"f.csv:2: is no record"),
    ],
    ids=["index", "again", "contractor", "column", "factor", "locality", "base-again", "base-code", "zip", "cut"],
)  # fmt: skip
def test_what_makes_prices_local_is_refused_with_its_row(tmp_path, layout, broken, says) -> None:
    source = Source("f.csv", broken.encode())
    assert layout.recognizes(source)
    with pytest.raises(Refused, match=says):
        drafts(layout, source, tmp_path, date(2031, 1, 1))


@pytest.mark.parametrize(
    "text",
    [
        samples.ANES,
        "99102       01    NOWHERE                                                2040\r\n"
        "99102       02    ELSEWHERE                                              2140\r\n"
        "02102       01    FARAWAY*                                               2786\r\n",
    ],
    ids=["csv", "text"],
)
def test_anesthesia_factors_in_dollars_and_in_cents(tmp_path: Path, text: str) -> None:
    localities = Localities(store_of(tmp_path / "s", ("ANES2031.txt", text)))
    assert localities.anesthesia_factor(samples.HERE, samples.DAY) == Decimal("20.40")
    assert localities.anesthesia_factor(samples.HERE, date(2030, 12, 31)) is None


def test_the_locality_of_a_zip_code(tmp_path: Path) -> None:
    five = samples.zip_line("ZZ", "00001", "99102", "01") + samples.zip_line("ZZ", "00002", "99102", "01", split="1")
    localities = Localities(store_of(tmp_path / "s", ("ZIP5.txt", five)))
    assert localities.of_zip("00001", samples.DAY) == samples.HERE
    assert localities.of_zip("00001-1234", samples.DAY) == samples.HERE
    assert localities.of_zip("00003", samples.DAY) is None
    with pytest.raises(Refused, match=r"00002 lies in more than one locality.*nine digits"):
        localities.of_zip("00002", samples.DAY)
    nine = samples.zip_line("YY", "00002", "99102", "01", split="1", four="1234")
    both = Localities(store_of(tmp_path / "both", ("ZIP5.txt", five), ("ZIP9.txt", nine)))
    assert both.of_zip("00002-1234", samples.DAY) == Locality("99102", "YY", "01")
    assert both.of_zip("00001-9999", samples.DAY) == samples.HERE
    with pytest.raises(Refused, match="00002 lies in more than one locality"):
        both.of_zip("00002-9999", samples.DAY)
