"""The Tabular List and the Index as they come in, against the official lists and against readers that share nothing."""

import csv
import gzip
import random
import re
import unicodedata
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from tests.codesets import embedded_folder

from superbill.codesets.icd10cm.index import DRUG, INDEX, NEOPLASM
from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.codesets.icd10cm.navigate import Navigator, verified
from superbill.codesets.importing import import_file
from superbill.codesets.store import Store

CODESETS = Path(__file__).parents[3] / "shared" / "data" / "codesets"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CODESETS.is_dir(), reason="../shared/data/codesets is not here"),
]
BOOKS = (
    "icd10cm_index/ICD10CM_2025_Index.csv.gz", "icd10cm_index/icd10cm-drug-April-1-2026-XML.xml.gz",
    "icd10cm_index/icd10cm-eindex-April-1-2026-XML.xml.gz", "icd10cm_index/icd10cm-neoplasm-April-1-2026-XML.xml.gz",
    "ICD10CM_FY2017_Full_XML.zip",
)  # fmt: skip
IN_2016 = date(2016, 12, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("books")
    for name in BOOKS:
        import_file(CODESETS / name, folder)
    return folder


@pytest.fixture(scope="module")
def store(folder):
    return Store(folder)


def plain(title):
    """Without accents: the order file is ASCII."""
    return unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()


def test_the_embedded_codes_are_those_of_the_official_order_file():
    """Seventh characters and placeholders are put by us to the Tabular List; FY2026 has no code that April added."""
    with zipfile.ZipFile(CODESETS / "cms_2026_dx.zip") as archive:
        lines = archive.read("icd10cm_order_2026.txt").decode("ascii").splitlines()
    official = [(line[6:13].rstrip(), int(line[14]), line[77:].rstrip()) for line in lines]
    opened = Store(embedded_folder()).in_force("icd10cm", date(2026, 4, 1))
    assert opened is not None
    rows = opened.connection.execute("SELECT code, billable, title FROM code ORDER BY ord")
    ours = [(code, billable, plain(title)) for code, billable, title in rows]
    assert ours == [(code, billable, plain(title)) for code, billable, title in official]


def test_the_index_comes_in_term_for_term(store):
    with gzip.open(CODESETS / BOOKS[0], "rt", encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    opened = store.in_force(INDEX, date(2025, 1, 1))
    assert opened.release.rows["term"] == len(rows)
    for number in random.Random(5).sample(range(len(rows)), 300):
        row = rows[number]
        found = opened.connection.execute("SELECT level, title, code, see FROM term WHERE id = ?", (number + 1,))
        title = row["Term"].strip() or row["NonEssModif"].strip()
        assert found.fetchone() == (int(row["Level"]), title, row["Code"].strip(), row["See"].strip())


@pytest.mark.parametrize(("place", "book"), [(1, DRUG), (3, NEOPLASM)])
def test_a_table_comes_in_cell_for_cell(store, place, book):
    with gzip.open(CODESETS / BOOKS[place]) as data:
        root = ElementTree.parse(data).getroot()
    cells = [cell.text for cell in root.iter("cell") if cell.text and cell.text.strip("- ")]
    opened = store.in_force(book, date(2026, 5, 1))
    ours = [code for (code,) in opened.connection.execute("SELECT code FROM cell ORDER BY rowid")]
    assert ours == [" ".join(cell.split()) for cell in cells]


def test_every_code_that_the_index_of_2017_prints_is_in_the_codes_of_2017(store):
    """The Index ends in verified codes: all but a handful of misprints of that year lead to billable ones."""
    navigator, book = Navigator(store, IN_2016), CodeBook(store, IN_2016)
    rows = navigator._file.execute("SELECT DISTINCT code FROM term WHERE code <> ''").fetchall()
    unknown = [code for (code,) in rows if not re.match(r"[A-Z]", code) or not verified(code, book).ends]
    assert len(rows) > 18_000
    assert len(unknown) < 40, unknown


def test_a_term_is_found_by_its_path_and_see_is_followed(store):
    navigator = Navigator(store, IN_2016)
    (line,) = navigator.at("Fracture, radius, lower end")
    assert (line.path, line.code) == ("Fracture, traumatic, radius, lower end", "S52.50-")
    (pain,) = navigator.at("Abdominalgia")
    assert [reached.line.path for reached in navigator.follow(pain)] == ["Pain, abdominal"]
    assert navigator.at("No such thing, at all") == []


def test_most_references_of_the_index_lead_to_their_line(store):
    """The rest name tables, chapters or lines in other words; follow() then gives how far it came."""
    navigator = Navigator(store, IN_2016)
    rows = navigator._file.execute("SELECT DISTINCT see FROM term WHERE see <> '' ORDER BY see").fetchall()
    chosen = random.Random(7).sample(rows, 200)
    whole = [see for (see,) in chosen if navigator.at(see.split(";")[0])]
    assert len(whole) >= 150


def test_the_same_files_give_the_same_bytes(folder, tmp_path):
    for name in BOOKS[1:4]:
        import_file(CODESETS / name, tmp_path)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_a_table_says_what_its_columns_mean(store):
    (metformin,) = Navigator(store, date(2026, 5, 1), DRUG).at("Metformin")
    assert dict(metformin.cells)["Underdosing"] == "T38.3X6"
    (skin,) = Navigator(store, date(2026, 5, 1), NEOPLASM).at("Neoplasm, breast")
    assert dict(skin.cells)["Malignant primary"].startswith("C50.9")
