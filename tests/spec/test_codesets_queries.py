"""The query set by which the code search is measured, and the usual-use weights that rank results of equal fit.

The 460 queries were written before the search: `tuning.yaml` may be looked at while tuning, `held_out.yaml` may not.
"""

import csv
import importlib.util
import re
from collections import Counter
from collections.abc import Mapping
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import msgspec
import pytest
import yaml

QUERIES = Path(__file__).parent / "search_queries"
HALVES = ("tuning", "held_out")
SIZE = 230
PREFIX = re.compile(r"[A-Za-z][0-9][0-9A-Za-z](\.?[0-9A-Za-z]+)?")
CODE = re.compile(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?")
FEW = 4
WORDS_OF_A_NOTE = 6


class Query(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of the set: what is typed, and the acceptable codes, best first ("-" at the end: any code below)."""

    query: str
    expects: list[str]
    setting: str
    specialty: str

    @property
    def asks_for_a_prefix(self) -> bool:
        return PREFIX.fullmatch(self.query) is not None


class Tabular(NamedTuple):
    """The codes of the Tabular List: all of them, and those that a claim may carry."""

    all: frozenset[str]
    billable: frozenset[str]


def half(name: str) -> list[Query]:
    return msgspec.convert(yaml.safe_load((QUERIES / f"{name}.yaml").read_text("utf-8")), list[Query])


def usual() -> list[dict[str, str]]:
    text = files("superbill").joinpath("codesets/icd10cm/usual.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def characters_of_seventh(diag: ElementTree.Element, inherited: tuple[str, ...]) -> tuple[str, ...]:
    """The 7th characters that a category or code asks for: its own table, else the one above it."""
    table = diag.find("sevenChrDef")
    return inherited if table is None else tuple(line.attrib["char"] for line in table.findall("extension"))


def codes_below(diag: ElementTree.Element, inherited: tuple[str, ...] = ()) -> tuple[set[str], set[str]]:
    """(all codes, billable codes) of one element of the Tabular List and of what stands below it."""
    name, seventh = diag.findtext("name", ""), characters_of_seventh(diag, inherited)
    children = diag.findall("diag")
    if not children:
        # Placeholders fill a short code up to the 7th character.
        bare = name if "." in name or not seventh else name + "."
        ready = {bare.ljust(7, "X") + char for char in seventh} if seventh else {name}
        return {name} | ready, ready
    every, billable = {name}, set()
    for child in children:
        below, ready = codes_below(child, seventh)
        every |= below
        billable |= ready
    return every, billable


@pytest.fixture(scope="module")
def tabular() -> Tabular:
    spec = importlib.util.find_spec("simple_icd_10_cm")
    if spec is None or not spec.submodule_search_locations:
        pytest.skip("simple-icd-10-cm, whose XML is the Tabular List, is not installed")
    [source] = Path(spec.submodule_search_locations[0]).glob("data/*tabular*.xml")
    every: set[str] = set()
    billable: set[str] = set()
    for diag in ElementTree.parse(source).getroot().iterfind("chapter/section/diag"):
        below, ready = codes_below(diag)
        every |= below
        billable |= ready
    return Tabular(frozenset(every), frozenset(billable))


def faults(query: Query, tabular: Tabular) -> list[str]:
    """What is wrong with the codes a query expects; empty when nothing is."""
    wrong = []
    for code in query.expects:
        if code.endswith("-"):
            if code.rstrip("-").rstrip(".") not in tabular.all:
                wrong.append(f"{code}: nothing below it")
        elif code not in tabular.all:
            wrong.append(f"{code}: no such code")
        elif code not in tabular.billable and not query.asks_for_a_prefix:
            wrong.append(f"{code}: not billable, and {query.query!r} is no prefix")
    return wrong


@pytest.mark.parametrize("name", HALVES)
def test_a_half_has_its_230_queries_and_every_one_is_complete(name: str) -> None:
    queries = half(name)
    assert len(queries) == SIZE
    for query in queries:
        assert query.query.strip() == query.query != ""
        assert 1 <= len(query.expects) <= FEW, query
        assert len(set(query.expects)) == len(query.expects), query
        for code in query.expects:
            assert CODE.fullmatch(code.rstrip("-").rstrip(".")), query


def test_no_query_is_asked_twice_in_either_half_or_in_both() -> None:
    asked = Counter(" ".join(query.query.casefold().split()) for name in HALVES for query in half(name))
    assert [query for query, times in asked.items() if times > 1] == []


def test_the_halves_are_alike_in_specialty_and_setting() -> None:
    tuning, held_out = (half(name) for name in HALVES)
    specialties: list[Mapping[str, int]] = [Counter(query.specialty for query in each) for each in (tuning, held_out)]
    assert specialties[0] == specialties[1]
    assert len(specialties[0]) == 20
    settings = [Counter(query.setting for query in each) for each in (tuning, held_out)]
    assert (
        settings[0].keys()
        == settings[1].keys()
        == {
            "emergency",
            "hospital_outpatient",
            "inpatient",
            "office",
            "urgent_care",
        }
    )
    assert all(abs(settings[0][setting] - settings[1][setting]) <= FEW for setting in settings[0])
    prefixes = [sum(query.asks_for_a_prefix for query in each) for each in (tuning, held_out)]
    assert prefixes[0] == prefixes[1] > 0


def test_the_held_out_half_says_that_it_is_never_tuned_on() -> None:
    first = (QUERIES / "held_out.yaml").read_text("utf-8").splitlines()[0]
    assert first == "# Written before the search was tuned; never tune on it."


@pytest.mark.parametrize("name", HALVES)
def test_every_expected_code_exists_and_is_billable_unless_the_query_is_a_prefix(name: str, tabular: Tabular) -> None:
    assert {query.query: wrong for query in half(name) if (wrong := faults(query, tabular))} == {}


@pytest.mark.parametrize(
    ("typed", "expects", "wrong"),
    [
        ("HTN", "I10", []),
        ("s525", "S52.5", []),
        ("s525", "S52.5-", []),
        ("HTN", "I1", ["I1: no such code"]),
        ("wrist fx", "S52.5", ["S52.5: not billable, and 'wrist fx' is no prefix"]),
        ("wrist fx", "S52.501", ["S52.501: not billable, and 'wrist fx' is no prefix"]),
        ("fall from ladder", "W11.XXXA", []),
        ("fall from ladder", "W11", ["W11: not billable, and 'fall from ladder' is no prefix"]),
        ("gone", "Q99.99-", ["Q99.99-: nothing below it"]),
    ],
)
def test_a_wrong_expectation_is_told(typed: str, expects: str, wrong: list[str], tabular: Tabular) -> None:
    assert faults(Query(typed, [expects], "office", "family_medicine"), tabular) == wrong


def test_usual_use_is_sorted_unique_and_weighted_from_1_to_5() -> None:
    rows = usual()
    codes = [row["code"] for row in rows]
    assert list(rows[0]) == ["code", "weight", "note"]
    assert all(earlier < later for earlier, later in pairwise(codes))
    assert {row["weight"] for row in rows} == {"1", "2", "3", "4", "5"}
    assert all(len(row["note"].split()) <= WORDS_OF_A_NOTE for row in rows)
    assert 1_200 <= len(rows) <= 2_000


def test_few_codes_are_among_the_commonest() -> None:
    weights = Counter(row["weight"] for row in usual())
    assert 50 <= weights["5"] <= 75
    assert weights["5"] < weights["4"] < weights["3"]


def test_usual_codes_are_billable(tabular: Tabular) -> None:
    assert [row["code"] for row in usual() if row["code"] not in tabular.billable] == []
