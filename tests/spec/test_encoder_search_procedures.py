"""What a person may count on when they search procedures (ICD-10-PCS) and supplies (HCPCS Level II)."""

from datetime import date
from pathlib import Path

import pytest
import yaml

from superbill.codesets.hcpcs import supplies
from superbill.codesets.icd10pcs import procedures
from superbill.codesets.importing import import_file
from superbill.codesets.search import Search
from superbill.codesets.search.words import tokens
from superbill.codesets.store import Store

CODESETS = Path(__file__).parents[3] / "shared" / "data" / "codesets"
QUERIES = Path(__file__).parent / "search_queries"
FILES = ("cms_2026_pr.zip", "2019-Alpha-Numeric-HCPCS-File.zip")
DAYS = {"icd10pcs": date(2026, 5, 1), "hcpcs": date(2019, 3, 1)}
# Least shares of queries with an expected code first, and among the first five; a little below what is reached.
FLOORS = {
    ("procedures_tuning.yaml", "icd10pcs"): (0.93, 0.96),
    ("procedures_held_out.yaml", "icd10pcs"): (0.93, 0.96),
    ("procedures_tuning.yaml", "hcpcs"): (0.9, 0.93),
    ("procedures_held_out.yaml", "hcpcs"): (0.9, 0.93),
}
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CODESETS.is_dir(), reason="../shared/data/codesets is not here"),
]


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("procedures")
    for name in FILES:
        import_file(CODESETS / name, folder)
    return Store(folder)


@pytest.fixture(scope="session")
def searches(store):
    return {system: Search(store, day, system) for system, day in DAYS.items()}


def first_right(search, query, expects):
    """The place of the first code that is expected, from 0; None when none of the first five is."""
    codes = [hit.code for hit in search.find(query, limit=5, billable=True)]
    return next((place for place, code in enumerate(codes) if code.startswith(tuple(expects))), None)


@pytest.mark.parametrize(("half", "system"), FLOORS)
def test_coders_wording_finds_the_code(half, system, searches, capsys):
    queries = [each for each in yaml.safe_load((QUERIES / half).read_text()) if each["system"] == system]
    places = [first_right(searches[system], each["query"], each["expects"]) for each in queries]
    top1, top5 = (sum(place is not None and place < most for place in places) / len(places) for most in (1, 5))
    with capsys.disabled():
        print(f"\n{half}, {system}: {len(queries)} queries, top 1 {top1:.1%}, top 5 {top5:.1%}")
    assert len(queries) >= 30
    assert top1 >= FLOORS[half, system][0]
    assert top5 >= FLOORS[half, system][1]


NAMINGS = {"icd10pcs": procedures.entries, "hcpcs": supplies.entries}


@pytest.mark.parametrize("system", NAMINGS)
def test_every_code_that_a_name_leads_to_is_one(system, store):
    codes = store.nearest(system, DAYS[system]).opened.connection
    unknown = [
        (entry.terms[0], code)
        for entry in NAMINGS[system]()
        for code in entry.codes
        if not codes.execute("SELECT 1 FROM code WHERE code >= ? AND code < ?", (code, code + "~")).fetchone()
    ]
    assert unknown == []


@pytest.mark.parametrize("system", NAMINGS)
def test_what_a_name_means_is_in_the_words_of_the_titles(system, store):
    codes = store.nearest(system, DAYS[system]).opened.connection
    known = {token.stem for (title,) in codes.execute("SELECT title FROM code") for token in tokens(title)}
    strange = [
        (entry.terms[0], entry.means)
        for entry in NAMINGS[system]()
        if not known.intersection(token.stem for token in tokens(entry.means))
    ]
    assert strange == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("0FT44", "0FT44ZG"),
        ("oft44zz", "0FT44ZZ"),
        ("Resection of Gallbladder, Percutaneous Endoscopic Approach", "0FT44ZZ"),
        ("lap appy", "0DTJ4ZZ"),
    ],
)
def test_a_procedure_is_found_by_code_title_and_slang(query, code, searches):
    assert searches["icd10pcs"].find(query, billable=True)[0].code == code
