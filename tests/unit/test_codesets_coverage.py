"""The Medicare Coverage Database: taken in from its archive, asked by procedure, state and day."""

import io
import random
import sqlite3
import zipfile
from datetime import date
from pathlib import Path

import pytest

from superbill.codesets.coverage import importer, packed
from superbill.codesets.coverage.lookup import CoverageTable
from superbill.codesets.coverage.ncd import NationalTable
from superbill.codesets.coverage.paragraphs import read_paragraph
from superbill.codesets.importing import import_file
from superbill.codesets.release import Refused
from superbill.codesets.store import Store

SAMPLES = Path(importer.__file__).parents[2] / "edits" / "samples"
FILES = {path.name.removeprefix("mcd_"): path.read_text() for path in SAMPLES.glob("mcd_*.csv")}
DAY = date(2026, 3, 2)


def archive(folder, files, name="current_article.zip"):
    """The download as it comes: an archive in an archive."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as made:
        for file, text in files.items():
            made.writestr(file, text)
    path = folder / name
    with zipfile.ZipFile(path, "w") as made:
        made.writestr("current_article_csv.zip", inner.getvalue())
        made.writestr("current_article_readme.pdf", b"%PDF-1.7")
    return path


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    import_file(archive(tmp_path_factory.mktemp("download"), FILES), folder)
    return CoverageTable(Store(folder))


def outcome(table, code, diagnoses, state="OH", day=DAY):
    found = table.verdict(code, state, day, frozenset(diagnoses))
    return found and found.outcome


def test_an_archive_within_an_archive_gives_every_table(tmp_path):
    made = import_file(archive(tmp_path, FILES), tmp_path / "store")
    assert {release.system for release in made.taken} == set(importer.SYSTEMS)
    assert {release.version for release in made.taken} == {"2026-02-15"}
    assert [name for name, _ in made.passed] == ["current_article.zip/current_article_readme.pdf"]


@pytest.mark.parametrize(
    "code, diagnoses, said",
    [
        ("93306", ["I509"], "covered"),
        ("93306", ["E119"], "not covered"),
        ("93307", ["I340"], "not covered"),
        ("82306", ["M810"], "second missing"),
        ("82306", ["M810", "Z7952"], "covered"),
        ("11055", ["L84"], "excluded"),
        ("11055", ["E119"], None),
        ("99213", ["A000"], None),
    ],
)
def test_what_the_articles_say(table, code, diagnoses, said):
    assert outcome(table, code, diagnoses) == said


@pytest.mark.parametrize("state, said", [("OH", "not covered"), ("KY", "not covered"), ("CA", None), ("", None)])
def test_an_article_holds_in_the_states_of_its_contractor(table, state, said):
    assert outcome(table, "93306", ["E119"], state) == said


@pytest.mark.parametrize("day, version", [(date(2026, 3, 1), 1), (date(2026, 3, 2), 2)])
def test_each_day_has_its_version(table, day, version):
    assert [article.version for article in table.in_force("93880", "OH", day)] == [version]


def test_an_article_is_cited_with_its_determination_and_contractor(table):
    (article,) = table.in_force("93306", "OH", DAY)
    assert (article.name, article.contractors) == ("A90001 (L80001)", ("Sample Contractor East",))


def test_a_newer_download_takes_the_place_of_the_older(tmp_path):
    import_file(archive(tmp_path, FILES), tmp_path / "store")
    newer = {name: text.replace("2026-02-15", "2026-03-15") for name, text in FILES.items()}
    newer["article_x_icd10_covered.csv"] = newer["article_x_icd10_covered.csv"].replace("I50.9", "I50.1")
    import_file(archive(tmp_path, newer), tmp_path / "store")
    renewed = CoverageTable(Store(tmp_path / "store"))
    assert outcome(renewed, "93306", ["I509"]) == "not covered"
    assert outcome(renewed, "93306", ["I501"]) == "covered"


@pytest.mark.parametrize(
    "file, old, new, said",
    [
        ("article_x_icd10_covered.csv", '"I50.9"', '"99213"', "'99213' where a diagnosis is due"),
        ("article.csv", '"2024-01-01 00:00:00","",', '"2024-13-01 00:00:00","",', "where a day is due"),
        ("article.csv", '"90001"', '"ninety"', "'ninety' where article_id is due"),
        ("article.csv", '"3","1"', '"3"', "columns, not"),
        ("contractor_jurisdiction.csv", "2015-01-01 00:00:00", "soon", "'soon' where a day is due"),
    ],
)
def test_a_broken_row_is_refused_with_its_place_and_changes_nothing(tmp_path, file, old, new, said):
    broken = FILES | {file: FILES[file].replace(old, new, 1)}
    with pytest.raises(Refused) as refused:
        import_file(archive(tmp_path, broken), tmp_path / "store")
    assert said in str(refused.value) and f"/{file}:2: " in str(refused.value)
    assert not list((tmp_path / "store").glob("*.sqlite"))


def test_versions_with_days_that_run_backwards_are_refused(tmp_path):
    wrong = FILES["article.csv"].replace('"2026-03-01 00:00:00"', '"2019-03-01 00:00:00"')
    with pytest.raises(Refused, match="ends 2019-03-01 before it begins 2020-01-01"):
        import_file(archive(tmp_path, FILES | {"article.csv": wrong}), tmp_path / "store")


@pytest.mark.parametrize(
    "text, partners, codes, in_words",
    [
        ("", (), (), False),
        (
            "<p>The following support medical necessity for CPT codes 93306 and 93307:</p>",
            (),
            ("93306", "93307"),
            False,
        ),
        ("Report a code of this group. It must be reported with a code from Group 3.", (3,), (), False),
        ("These codes must be billed with one of groups 2, 4 and 5.", (2, 4, 5), (), False),
        ("A dual diagnosis is required.", (), (), True),
        ("For 97110-97112:", (), ("97110", "97111", "97112"), False),
        ("See Group 2 for other procedures.", (), (), False),
    ],
)
def test_what_a_paragraph_asks(text, partners, codes, in_words):
    found = read_paragraph(text, 1)
    assert (found.partners, found.codes, found.in_words) == (partners, codes, in_words)


def test_packed_lists_find_what_was_put_in():
    chance = random.Random(11)
    there = {
        f"{chance.choice('ABCZ')}{chance.randrange(10)}{chance.randrange(10 ** chance.randrange(1, 5))}": 0
        for _ in range(500)
    }
    listed = {code: chance.randrange(1, 9) for code in there}
    records = b"".join(sorted(packed.code_bytes(code) + n.to_bytes(2, "big") for code, n in listed.items()))
    assert {code: packed.groups(records, code) for code in listed} == {code: (n,) for code, n in listed.items()}
    assert packed.groups(records, "Q999") == packed.groups(b"", "Q999") == packed.groups(records, "WAYTOOLONG") == ()


def test_national_lists(tmp_path):
    import_file(SAMPLES / "ncd_diagnoses.csv", tmp_path)
    table = NationalTable(Store(tmp_path))
    assert table.ask("80061", DAY, frozenset({"E785"})).met == "190.23"
    assert table.ask("80061", DAY, frozenset({"R7309"})).met == ""
    assert table.ask("80061", date(2026, 3, 1), frozenset({"R7309"})).met == "190.23"
    assert table.ask("99213", DAY, frozenset({"E785"})) is None


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("190.23,80061,I10", "190.23,8006,I10", "has '8006' with 'I10'"),
        ("190.23,80061,I10", "lipids,80061,I10", "'lipids' where an NCD is due"),
        ("2015-10-01,2026-03-01", "2026-04-01,2026-03-01", "before it begins"),
    ],
)
def test_a_broken_national_row_is_refused_with_its_place(tmp_path, old, new, said):
    path = tmp_path / "ncd.csv"
    path.write_text((SAMPLES / "ncd_diagnoses.csv").read_text().replace(old, new))
    with pytest.raises(Refused, match=r"ncd.csv:[45]: ") as refused:
        import_file(path, tmp_path / "store")
    assert said in str(refused.value)


def test_a_release_holds_no_text_of_the_articles(table, tmp_path):
    import_file(archive(tmp_path, FILES), tmp_path / "store")
    for path in (tmp_path / "store").glob("mcd-*.sqlite"):
        with sqlite3.connect(path) as file:
            assert "must be reported" not in "\n".join(file.iterdump())
