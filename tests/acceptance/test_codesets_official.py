"""Every official ICD-10 file that we hold comes in whole: counted and compared with a reader that shares nothing."""

import csv
import io
import json
import random
import zipfile
from datetime import date
from pathlib import Path

import pytest

from superbill.codesets.comparing import compare, named
from superbill.codesets.importing import import_file, verify
from superbill.codesets.poa_exempt.lookup import exempt
from superbill.codesets.release import Refused
from superbill.codesets.store import Store

CODESETS = Path(__file__).parents[3] / "shared" / "data" / "codesets"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CODESETS.is_dir(), reason="../shared/data/codesets is not here"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A store with the order files and addenda of FY2026, the changes of FY2027, the tabular of FY2017 and more."""
    folder = tmp_path_factory.mktemp("codesets")
    names = (
        "cms_2026_dx.zip", "cms_2026_pr.zip", "icd10cm_addenda_2027.json", "ICD10CM_FY2017_Full_XML.zip",
        "POAexemptCodesFY26.zip", "ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx", "2019-Alpha-Numeric-HCPCS-File.zip",
        "hcpcs_level2_2026q3.txt.gz", "opps_addendum_b_level2_2026_04.csv.gz", "nucc_taxonomy_240.csv.gz",
    )  # fmt: skip
    for name in names:
        import_file(CODESETS / name, folder)
    return folder


@pytest.fixture(scope="module")
def store(folder):
    return Store(folder)


def order_file(archive, member):
    """(code, billable, title) of each line, cut by column in the plainest way."""
    with zipfile.ZipFile(CODESETS / archive) as opened:
        lines = opened.read(member).decode("ascii").split("\r\n")
    return [(line[6:13].rstrip(), line[14:15], line[77:].rstrip()) for line in lines if line]


def rows_of(store, name):
    found = named(store, name).connection.execute("SELECT code, billable, title FROM code ORDER BY ord")
    return [(code, str(billable), title) for code, billable, title in found]


@pytest.mark.parametrize(
    ("archive", "member", "release"),
    [
        ("cms_2026_dx.zip", "icd10cm_order_2026.txt", "icd10cm-2025-10-01-r1"),
        ("cms_2026_pr.zip", "icd10pcs_order_2026.txt", "icd10pcs-2025-10-01-r1"),
    ],
)
def test_an_order_file_comes_in_row_for_row(store, archive, member, release):
    assert rows_of(store, release) == order_file(archive, member)


def test_addenda_undone_give_the_year_before_as_the_addenda_count_it(store):
    cm, pcs = rows_of(store, "icd10cm-2024-10-01-r1"), rows_of(store, "icd10pcs-2024-10-01-r1")
    assert sum(row[1] == "1" for row in cm) == 74_260
    assert len(cm) == 74_260 + 23_324
    assert sum(row[1] == "1" for row in pcs) == 78_986
    titles = {code: title for code, _, title in cm}
    assert titles["L02212"] == "Cutaneous abscess of back [any part, except buttock]"


def test_listed_changes_make_a_full_release(store):
    changes = json.loads((CODESETS / "icd10cm_addenda_2027.json").read_bytes())
    before, after = ({c: (b, t) for c, b, t in rows_of(store, name)} for name in (
        "icd10cm-2025-10-01-r1", "icd10cm-2026-10-01-r1",
    ))  # fmt: skip
    billable = {code for code, (flag, _) in after.items() if flag == "1"}
    assert all(after[code] == ("1", title) for code, title in changes["add"])
    assert not billable & set(changes["delete"])
    assert {code: after[code][1] for code in changes["revise"]} == changes["revise"]
    untouched = set(before) - set(changes["delete"]) - set(changes["revise"])
    assert all(after[code] == before[code] for code in untouched)
    assert len(billable) == 74_719 + len(changes["add"]) - len(changes["delete"])


def test_the_tabular_list_makes_the_codes_of_its_year(store):
    """71,486 codes are what NCHS counts for FY2017; seventh characters make most of them."""
    rows = rows_of(store, "icd10cm-2016-10-01-r1")
    assert sum(row[1] == "1" for row in rows) == 71_486


def test_codes_are_kept_in_the_order_of_the_book(store):
    """C4A stands before C44, and what is new stands among its siblings."""
    codes = [row[0] for row in rows_of(store, "icd10cm-2026-10-01-r1")]
    places = {code: place for place, code in enumerate(codes)}
    assert places["C439"] < places["C4A0"] < places["C44"]
    assert places["I42"] < places["I420"] < places["I4200"] < places["I4209"] < places["I421"]
    assert places["K68"] < places["K6A"] < places["K6A01"] < places["K70"]


def test_poa_exempt_codes(store):
    with zipfile.ZipFile(CODESETS / "POAexemptCodesFY26.zip") as archive:
        text = archive.read("POAexemptCodesFY26.txt").decode("latin-1")
    listed = [row[1] for row in csv.reader(io.StringIO(text), delimiter="\t")][1:]
    assert named(store, "poa-exempt-2025-10-01-r1").release.rows == {"exempt": 38_349}
    chosen = random.Random(4).sample(listed, 200)
    assert all(exempt(store, code, date(2025, 10, 1)) for code in chosen)
    assert exempt(store, "E11.9", date(2026, 9, 30)) is False
    assert exempt(store, chosen[0], date(2025, 9, 30)) is None  # the day before: that list isn't here
    assert exempt(store, chosen[0], date(2026, 10, 1)) is None


def test_what_replaces_what(store):
    changes = {each.code: each for each in compare(
        named(store, "icd10cm-2024-10-01-r1"), named(store, "icd10cm-2025-10-01-r1"), store
    ).changes}  # fmt: skip
    assert changes["E78.01"].kind == "header"
    assert changes["E78.01"].replaced_by == ("E78.010", "E78.011", "E78.019")
    assert changes["E11.A"].kind == "added"
    assert changes["E11.A"].replaces == ("E11.9",)
    assert changes["C50.A0"].replaces == ("C50.919", "C50.929")  # from the conversion table


@pytest.mark.parametrize("system", ["hcpcs", "hcpcs-numbers", "opps", "taxonomy", "poa-exempt", "icd10pcs"])
def test_every_list_of_codes_can_be_compared(store, system):
    release = store.releases(system)[-1].name
    assert compare(named(store, release), named(store, release), store).changes == ()


def test_what_is_no_list_of_codes_says_so(store):
    with pytest.raises(Refused, match="is no list of codes"):
        compare(
            named(store, "icd10cm-conversion-2025-10-01-r1"), named(store, "icd10cm-conversion-2025-10-01-r1"), store
        )


def test_every_release_is_whole(folder):
    assert all(not wrong for _, wrong in verify(folder))


def test_a_cut_archive_is_refused_and_nothing_changes(folder):
    before = sorted(folder.iterdir())
    with pytest.raises(Refused, match="broken or encrypted archive"):
        import_file(CODESETS / "icd10cm-addenda-2026.zip", folder)
    assert sorted(folder.iterdir()) == before


def test_importing_again_adds_nothing(folder):
    before = sorted(folder.iterdir())
    outcome = import_file(CODESETS / "POAexemptCodesFY26.zip", folder)
    assert outcome.taken == ()
    assert sorted(folder.iterdir()) == before
