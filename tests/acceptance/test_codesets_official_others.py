"""Official files other than ICD-10-CM: counted and compared with readers that share nothing with ours."""

import csv
import gzip
import io
import random
import zipfile
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from superbill.codesets import systems
from superbill.codesets.hcpcs.importer import ContractorLayout, ContractorSheetLayout
from superbill.codesets.hcpcs.lookup import book as hcpcs_book
from superbill.codesets.icd10pcs.lookup import PcsBook
from superbill.codesets.importing import import_file, verify
from superbill.codesets.layouts import LAYOUTS
from superbill.codesets.opps.lookup import item, statuses
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source, sources
from superbill.codesets.store import Store

CODESETS = Path(__file__).parents[3] / "shared" / "data" / "codesets"
HCPCS = "2019-Alpha-Numeric-HCPCS-File.zip"
NUMBERS = "hcpcs_level2_2026q3.txt.gz"
ADDENDUM = "opps_addendum_b_level2_2026_04.csv.gz"
TAXONOMY = "nucc_taxonomy_240.csv.gz"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CODESETS.is_dir(), reason="../shared/data/codesets is not here"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("codesets")
    for name in (HCPCS, NUMBERS, ADDENDUM, TAXONOMY, "cms_2026_pr.zip"):
        import_file(CODESETS / name, folder)
    return folder


@pytest.fixture(scope="module")
def store(folder):
    return Store(folder)


def text_of(name):
    return gzip.decompress((CODESETS / name).read_bytes()).decode()


def member(suffix):
    with zipfile.ZipFile(CODESETS / HCPCS) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(suffix) and "CONTR_ANWEB" in each)
        return archive.read(name)


@cache
def contractors():
    """code -> [title, short, coverage, betos, added, terminated], cut by column in the plainest way."""
    found = {}
    for line in member(".txt").decode("latin-1").split("\r\n"):
        kind = line[10:11]
        if kind in ("3", "7") and len(line) > 290:
            found[line[:5].strip()] = [
                line[11:91], line[91:119].strip(), line[229], line[256:259].strip(), line[268:276].strip(),
                line[284:292].strip(),
            ]  # fmt: skip
        elif kind in ("4", "8") and line[5:10].isdigit():
            found[line[:5].strip()][0] += " " + line[11:91]
    return found


def compact(day):
    return day.replace("-", "") if day else ""


def test_the_contractors_file_comes_in_row_for_row(store):
    release = store.releases("hcpcs")[0]
    assert (release.name, release.rows) == ("hcpcs-2019-01-01-r1", {"code": 6_440, "modifier": 360})
    connection = store.opened(release).connection
    for table in ("code", "modifier"):
        rows = connection.execute(f"SELECT code, title, short, coverage, betos, added, terminated FROM {table}")
        for code, title, short, coverage, betos, added, terminated in rows:
            there = contractors()[code]
            assert (title, short) == (" ".join(there[0].split()), " ".join(there[1].split()))
            assert [coverage, betos, compact(added), compact(terminated)] == [cell.strip() for cell in there[2:]]


def test_text_and_workbook_say_the_same_but_for_what_the_workbook_lacks(store):
    text = Source("HCPC2019_CONTR_ANWEB.txt", member(".txt"))
    book = Source("HCPC2019_CONTR_ANWEB.xlsx", member(".xlsx"))
    (from_text,) = ContractorLayout().drafts(text, store, None)
    (from_book,) = ContractorSheetLayout().drafts(book, store, None)
    for ours, theirs in zip(from_text.tables, from_book.tables, strict=True):
        changed = [(a, b) for a, b in zip(ours.rows, theirs.rows, strict=True) if a != b]
        # The workbook leaves the day of the last action empty, and has one type of service more for two codes.
        assert len(changed) == {"code": 117, "modifier": 0}[ours.name]
        assert [a[0] for a, b in changed if a[:11] + a[12:] != b[:11] + b[12:]] == (
            ["E0210", "E0776"] if changed else []
        )


def test_terminated_codes_end_on_their_day(store):
    ended = [(code, cells[5]) for code, cells in contractors().items() if len(code) == 5 and cells[5]]
    assert len(ended) > 500
    for code, last in random.Random(4).sample(ended, 60):
        day = date(int(last[:4]), int(last[4:6]), int(last[6:]))
        assert hcpcs_book(store, day).code(code).in_use is True
        assert hcpcs_book(store, day + timedelta(1)).code(code).in_use is False


def test_the_numbers_of_july_have_their_titles_from_elsewhere(store):
    numbers = text_of(NUMBERS).split()
    assert store.in_force("hcpcs-numbers", date(2026, 7, 1)).release.rows == {"code": len(numbers)} == {"code": 8_725}
    short = {row["HCPCSCode"]: row["ShortDescriptor"] for row in csv.DictReader(io.StringIO(text_of(ADDENDUM)))}
    book = hcpcs_book(store, date(2026, 8, 1))
    titles = {code: book.code(code) for code in numbers}
    for code in random.Random(5).sample(sorted(short), 300):
        assert (titles[code].title, titles[code].title_from.name) == (
            " ".join(short[code].split()),
            "opps-2026-04-01-r1",
        )
        assert titles[code].in_use is True
    assert sum(found.in_use is True for found in titles.values()) == len(short) == 6_664
    assert not any(found.in_use for code, found in titles.items() if code not in short)
    assert book.code("A0000") is None


def test_addendum_b_comes_in_row_for_row(store):
    rows = list(csv.DictReader(io.StringIO(text_of(ADDENDUM))))
    assert store.releases("opps")[0].rows == {"item": len(rows)}
    assert {row["StatusIndicator"] for row in rows} <= set(statuses())
    for row in random.Random(6).sample(rows, 400):
        found = item(store, row["HCPCSCode"], date(2026, 4, 1))
        assert (found.short, found.status) == (row["ShortDescriptor"].strip(), row["StatusIndicator"])
        assert str(found.rate or "") == row["PaymentRate"].strip()
        assert found.means


def test_the_taxonomy_comes_in_row_for_row(store):
    rows = list(csv.DictReader(io.StringIO(text_of(TAXONOMY).removeprefix("\ufeff"))))
    assert store.releases("taxonomy")[0].rows == {"taxonomy": len(rows)} == {"taxonomy": 874}
    for row in rows:
        assert systems.look_up(store, "taxonomy", row["Code"], date(2024, 4, 1)).title == row["Display Name"].strip()


def test_pcs_values_reach_every_code_of_a_table_and_no_other(store):
    with zipfile.ZipFile(CODESETS / "cms_2026_pr.zip") as archive:
        lines = archive.read("icd10pcs_order_2026.txt").decode("ascii").split("\r\n")
    codes = {line[6:13] for line in lines if line[14:15] == "1"}
    tables = sorted({code[:3] for code in codes})
    assert (len(codes), len(tables)) == (79_115, 914)
    book = PcsBook(store, date(2025, 10, 1))

    def reached(prefix):
        values = book.values(prefix)
        return {prefix} if not values else set().union(*(reached(prefix + value.character) for value in values))

    heads = {a.character + b.character + c.character for a in book.values("") for b in book.values(a.character)
             for c in book.values(a.character + b.character)}  # fmt: skip
    assert heads == set(tables)
    for table in random.Random(7).sample(tables, 60):
        assert reached(table) == {code for code in codes if code.startswith(table)}
        assert {found.code for found in book.complete(table)} == reached(table)


def test_pcs_labels_without_tables_are_what_the_titles_say(store):
    book = PcsBook(store, date(2025, 10, 1))
    labels = {
        prefix: {value.character: value.label for value in book.values(prefix)} for prefix in ("00160", "0DT", "B")
    }
    assert labels["00160"] == {
        "7": "Autologous Tissue Substitute", "J": "Synthetic Substitute", "K": "Nonautologous Tissue Substitute",
        "Z": "No Device",
    }  # fmt: skip
    assert labels["0DT"]["J"] == "Appendix"
    assert labels["B"]["5"] == "Veins"


def test_pcs_codes_by_the_day_of_discharge(store):
    """The addenda of FY2026 name what came on 1 October 2025: it is valid from then on, not the day before."""
    before, after = PcsBook(store, date(2025, 9, 30)), PcsBook(store, date(2025, 10, 1))
    old, new = ({found.code for found in book.complete("")} for book in (before, after))
    assert (len(old), len(new)) == (78_986, 79_115)
    added, ended = min(new - old), min(old - new)
    assert (before.valid(added), after.valid(added)) == (False, True)
    assert (before.valid(ended), after.valid(ended)) == (True, False)


def test_every_release_is_whole(folder):
    assert all(not wrong for _, wrong in verify(folder))


@pytest.mark.parametrize("keep", [0.31, 0.77])
def test_a_cut_contractors_file_leaves_the_store_as_it_was(folder, tmp_path, keep):
    data = member(".txt")
    path = tmp_path / "HCPC2020_CONTR_ANWEB.txt"
    path.write_bytes(data[: int(len(data) * keep)])
    before = sorted(folder.iterdir())
    with pytest.raises(Refused):
        import_file(path, folder)
    assert sorted(folder.iterdir()) == before


def test_no_two_layouts_take_the_same_official_file():
    """Whatever stands first in the list of layouts: an official file is of one of them, or of none."""
    for path in sorted([*CODESETS.iterdir(), *(CODESETS / "icd10cm_index").iterdir()]):
        if path.is_file() and path.name != "icd10cm-addenda-2026.zip":  # which is cut
            for source in sources(path):
                takers = [layout.title for layout in LAYOUTS if layout.recognizes(source)]
                assert len(takers) <= 1, (source.name, takers)
                assert not any("AMA" in taker or "ADA" in taker for taker in takers), source.name
