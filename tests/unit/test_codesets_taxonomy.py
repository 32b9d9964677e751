"""The NUCC's provider taxonomy: what is read, what is refused and where, what the store answers."""

import gzip
import io
import re
from datetime import date
from pathlib import Path

import pytest

from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.store import Store
from superbill.codesets.taxonomy.importer import TaxonomyLayout, is_taxonomy_code, read
from superbill.codesets.taxonomy.lookup import provider_kind

HEADER = "Code,Grouping,Classification,Specialization,Definition,Notes,Display Name,Section\n"
ROWS = (
    '111A00000X,Healers,Bone Setter,,"Sets bones, by hand",,Bone Setter,Individual\n'
    "111B00000X,Healers,Herbalist,Roots,Grows herbs,,Root Herbalist,Individual\n"
)
SHARED = Path(__file__).parents[3] / "shared/data/codesets/nucc_taxonomy_240.csv.gz"


def source(text: str, name: str = "nucc_taxonomy_251.csv") -> Source:
    return Source(name, text.encode())


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("207Q00000X", True),
        ("193200000X", True),
        ("207Q00000Y", False),
        ("207q00000X", False),
        ("207Q0000X", False),
        ("207Q000000X", False),
        ("207Q00000X\n", False),
        ("٢٠٧Q00000X", False),
        ("", False),
    ],
)
def test_the_shape_of_a_code(code: str, is_one: bool) -> None:
    assert is_taxonomy_code(code) is is_one


def test_rows_come_as_they_are() -> None:
    first, second = read(io.BytesIO((HEADER + ROWS).encode("utf-8-sig")))
    assert (first.code, first.classification, first.definition) == ("111A00000X", "Bone Setter", "Sets bones, by hand")
    assert (second.specialization, second.name, second.section) == ("Roots", "Root Herbalist", "Individual")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "taxonomy:1: has not the columns"),
        ("Code,Name\n1,2\n", "taxonomy:1: has not the columns"),
        (HEADER + "111A00000Y,a,b,,,,c,d\n", "taxonomy:2: '111A00000Y' is no taxonomy code"),
        (HEADER + ROWS + "111A00000X,a,b,,,,c,d\n", "taxonomy:4: 111A00000X comes twice"),
        pytest.param(
            HEADER + ROWS + '111C00000X,"' + "never closed " * 20_000,
            "taxonomy:4: field larger than field limit",
            id="a quote that is never closed",
        ),
        (HEADER + "111A00000X,a,b\n", "taxonomy:2: has 3 columns, not 8"),
    ],
)
def test_what_is_refused_and_where(text: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        list(read(io.BytesIO(text.encode())))
    assert str(refused.value).startswith(says)


def test_text_of_another_encoding_is_refused_at_its_line() -> None:
    with pytest.raises(Refused, match="taxonomy:2: is not utf-8"):
        list(read(io.BytesIO(HEADER.encode() + "111A00000X,Ärzte,b,,,,c,d\n".encode("latin-1"))))


def test_the_layout_is_known_by_its_first_line() -> None:
    layout = TaxonomyLayout()
    assert layout.recognizes(source(HEADER + ROWS))
    assert layout.recognizes(Source("x", b"\xef\xbb\xbf" + HEADER.replace("\n", "\r\n").encode()))
    assert not layout.recognizes(source("Code,Grouping\n"))
    assert not layout.recognizes(source(""))


@pytest.mark.parametrize(
    ("name", "version", "day"),
    [
        ("nucc_taxonomy_240.csv", "24.0", date(2024, 4, 1)),
        ("nucc_taxonomy_251.csv", "25.1", date(2025, 10, 1)),
    ],
)
def test_the_name_tells_the_version_and_its_first_day(tmp_path: Path, name: str, version: str, day: date) -> None:
    (draft,) = TaxonomyLayout().drafts(source(HEADER + ROWS, name), Store(tmp_path), None)
    assert (draft.release.version, draft.release.effective) == (version, day)


def test_without_a_version_the_day_must_be_told(tmp_path: Path) -> None:
    layout, store = TaxonomyLayout(), Store(tmp_path)
    with pytest.raises(Refused, match=r"taxonomy\.csv: does not tell its version"):
        list(layout.drafts(source(HEADER + ROWS, "taxonomy.csv"), store, None))
    (draft,) = layout.drafts(source(HEADER + ROWS, "taxonomy.csv"), store, date(2026, 4, 1))
    assert draft.release.effective == date(2026, 4, 1)


def test_the_store_answers_by_code(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert provider_kind(store, "111A00000X", date(2026, 1, 1)) is None
    store.add(TaxonomyLayout().drafts(source(HEADER + ROWS), store, None))
    reopened = Store(tmp_path)
    found = provider_kind(reopened, "111B00000X", date(2026, 1, 1))
    assert found is not None and found.name == "Root Herbalist"
    assert provider_kind(reopened, "111C00000X", date(2026, 1, 1)) is None
    assert [release.rows for release in reopened.releases("taxonomy")] == [{"taxonomy": 2}]
    reopened.close()


@pytest.mark.shared_data
def test_the_published_file_is_read_whole() -> None:
    if not SHARED.exists():
        pytest.skip("the NUCC's file is not beside this checkout")
    data = gzip.decompress(SHARED.read_bytes())
    assert TaxonomyLayout().recognizes(Source("nucc_taxonomy_240.csv", data))
    rows = list(read(io.BytesIO(data)))
    by_code = {row.code: row for row in rows}
    starts = re.findall(rb'^"?([0-9A-Z]{9}X)"?,', data, re.MULTILINE)
    assert [row.code.encode() for row in rows] == starts
    assert len(by_code) == len(rows) > 800
    assert by_code["207Q00000X"].classification == "Family Medicine"
    assert {row.section for row in rows} == {"Individual", "Non-Individual"}
