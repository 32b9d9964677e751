"""The clinical lexicon: its schema, one sense said once, codes that exist, and enough of everything."""

import importlib.util
import re
import xml.etree.ElementTree as ET
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from superbill.codesets.lexicon import lookup
from superbill.codesets.lexicon.lookup import Entry, Part

FOLDER = Path(str(resources.files("superbill.codesets.lexicon")))
FILES = sorted(FOLDER.glob("*.yaml"))
# Raised as the lexicon grows; never lowered.
ENTRIES = 5_000
NAMES_A_CONDITION = {"synonym", "lay", "eponym"}


def name_of(path):
    return path.name


def words(text):
    return sorted(re.findall(r"[a-z0-9]+", text.casefold()))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_follows_the_schema(path):
    part = lookup.parts()[path.name]  # decoded strictly
    assert isinstance(part, Part)
    assert part.entries


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("chapter: 9\ntitle: x\nentries: [{term: a, kind: lay}]", r"bad\.yaml: .*means.*entries\[0\]"),
        ("chapter: 23\ntitle: x\nentries: []", r"bad\.yaml: .*chapter"),
        ("chapter: 9\ntitle: x: y\nentries: []", r"bad\.yaml: mapping values are not allowed"),
    ],
)
def test_a_file_that_departs_from_the_schema_is_named(tmp_path, monkeypatch, text, complaint):
    (tmp_path / "bad.yaml").write_text(text)
    monkeypatch.setattr(lookup.resources, "files", lambda package: tmp_path)
    with pytest.raises(msgspec.ValidationError, match=complaint):
        lookup.parts.__wrapped__()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_file_is_small_and_named_for_its_chapter(path):
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= 400
    named = re.match(r"ch(\d\d)_", path.name)
    assert lookup.parts()[path.name].chapter == (int(named[1]) if named else 0) or path.name == "drugs.yaml"


@pytest.mark.parametrize(
    "entry, complaint",
    [
        ({"term": "x", "kind": "nickname", "means": "y"}, "kind"),
        ({"term": "x", "kind": "lay"}, "means"),
        ({"term": " x", "kind": "lay", "means": "y"}, "term"),
        ({"term": "x", "kind": "lay", "means": ""}, "means"),
        ({"term": "x", "kind": "lay", "means": "y", "codes": ["I219"]}, "codes"),
        ({"term": "x", "kind": "lay", "means": "y", "code": "I21.9"}, "code"),
        ({"term": 5, "kind": "lay", "means": "y"}, "term"),
    ],
)
def test_what_departs_from_the_schema_is_refused(entry, complaint):
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert(entry, Entry)


def test_an_entry_stays_as_it_was_read():
    with pytest.raises(AttributeError):
        lookup.senses("heart attack")[0].means = "heartburn"


def test_one_sense_of_one_term_is_said_once():
    said = Counter((entry.term.casefold(), entry.means.casefold()) for entry in lookup.entries())
    assert [sense for sense, times in said.items() if times > 1] == []


def test_a_word_is_not_explained_by_itself_alone():
    said = [entry for entry in lookup.entries() if entry.term.casefold() == entry.means.casefold()]
    assert [entry for entry in said if not entry.codes and not entry.index] == []


def test_no_entry_names_a_code_twice():
    assert [entry for entry in lookup.entries() if len(set(entry.codes)) != len(entry.codes)] == []


def test_in_a_chapter_what_names_a_condition_leads_somewhere():
    lost = [
        (name, entry.term)
        for name, part in lookup.parts().items()
        if part.chapter
        for entry in part.entries
        if entry.kind in NAMES_A_CONDITION and not entry.codes and not entry.index
    ]
    assert lost == []


def test_there_is_enough_of_everything():
    kinds = Counter(entry.kind for entry in lookup.entries())
    assert set(kinds) <= set(get_args(lookup.Kind))
    assert len(lookup.entries()) >= ENTRIES
    assert kinds["abbreviation"] >= 900
    assert kinds["spelling"] >= 250
    assert kinds["site"] >= 300


def test_coverage_counts_what_is_there():
    coverage = lookup.coverage()
    assert sorted(coverage) == list(range(23))
    assert sum(chapter.entries for chapter in coverage.values()) == len(lookup.entries())
    assert sum(chapter.codes for chapter in coverage.values()) == len(
        {code for entry in lookup.entries() for code in entry.codes}
    )
    for chapter in coverage.values():
        assert sum(chapter.kinds.values()) == chapter.entries
        assert chapter.categories <= chapter.codes
    assert all(coverage[chapter].entries >= 120 for chapter in range(1, 11))
    assert all(coverage[chapter].categories >= 15 for chapter in range(1, 11))


@pytest.mark.parametrize(
    "code, chapter",
    [
        ("A00.0", 1), ("B99", 1), ("C4A.9", 2), ("D49.9", 2), ("D50.9", 3), ("E11.9", 4), ("F32.A", 5), ("G20.A1", 6),
        ("H59.9", 7), ("H60.00", 8), ("I10", 9), ("J44.9", 10), ("K21.9", 11), ("O80", 15), ("P07.1", 16),
        ("S83.519A", 19), ("T79.A0XA", 19), ("U07.1", 22), ("V00.01XA", 20), ("Y95", 20), ("Z3A.01", 21),
    ],
)  # fmt: skip
def test_chapter_of_a_code(code, chapter):
    assert lookup.chapter_of(code) == chapter


@pytest.mark.parametrize(
    "term, means, code",
    [
        ("HTN", "hypertension", "I10"),
        ("htn", "hypertension", "I10"),
        (" Heart Attack ", "acute myocardial infarction", "I21.9"),
        ("afib", "atrial fibrillation", "I48.91"),
        ("pink eye", "conjunctivitis", "H10.9"),
        ("anaemia", "anemia", "D64.9"),
        ("athlete's foot", None, None),
    ],
)
def test_senses_of_a_term(term, means, code):
    senses = lookup.senses(term)
    if means is None:
        assert senses == (), "the Tabular List itself says this; the lexicon adds nothing"
    else:
        assert (senses[0].means, senses[0].codes[0]) == (means, code)


def test_the_more_usual_sense_comes_first():
    assert [entry.codes[:1] for entry in lookup.senses("MS")][:2] == [("G35.D",), ("I05.0",)]
    assert lookup.senses("PE")[0].codes == ("I26.99",)


def test_a_word_without_a_code_of_its_own_has_none():
    assert lookup.senses("fx")[0].codes == ()
    assert lookup.senses("urosepsis")[0].codes == ()


@pytest.fixture(scope="module")
def tabular():
    """Of every code in the tabular XML: its title, and the 7th characters that it takes."""
    package = importlib.util.find_spec("simple_icd_10_cm")
    if package is None or package.origin is None:
        pytest.skip("simple-icd-10-cm, which carries the tabular XML, is not installed")
    source = next(Path(package.origin).parent.glob("data/*.xml"))  # read by path: importing the package takes seconds
    titles, sevenths = {}, {}

    def read(diag, seventh):
        own = diag.find("sevenChrDef")
        seventh = {item.get("char") for item in own.iter("extension")} if own is not None else seventh
        name = diag.findtext("name")
        titles[name], sevenths[name] = diag.findtext("desc") or "", seventh
        for child in diag.findall("diag"):
            read(child, seventh)

    for section in ET.fromstring(source.read_bytes()).iter("section"):
        for diag in section.findall("diag"):
            read(diag, set())
    assert len(titles) > 40_000
    return titles, sevenths


def listed(code, tabular):
    """The code itself, or what its 7th character and placeholders are put on; None when there is no such code."""
    titles, sevenths = tabular
    base = code[:7].rstrip("X.")
    return code if code in titles else base if len(code) == 8 and code[7] in sevenths.get(base, ()) else None


@pytest.mark.parametrize(
    "code, found",
    [
        ("I10", "I10"), ("E11", "E11"), ("S83.519A", "S83.519"), ("T58.91XA", "T58.91"), ("W19.XXXA", "W19"),
        ("S92.409A", None), ("S83.519Z", None), ("I10.1", None), ("E11.9XXA", None),
    ],
)  # fmt: skip
def test_how_a_code_is_sought(tabular, code, found):
    assert listed(code, tabular) == found


def test_every_code_exists(tabular):
    codes = [(entry.term, code) for entry in lookup.entries() for code in entry.codes]
    assert [(term, code) for term, code in codes if listed(code, tabular) is None] == []


def test_no_entry_repeats_the_title_of_its_code(tabular):
    titles, _ = tabular
    codes = [
        (entry.term, code, titles.get(listed(code, tabular), "")) for entry in lookup.entries() for code in entry.codes
    ]
    assert [(term, code) for term, code, title in codes if words(term) == words(title)] == []
