"""The X12 pages of the reference say what the engine does."""

import re

import pytest
from tests.spec.test_x12_mutants import IDS, MUTANTS, judged
from tools import docs_x12, docs_x12_rules, docs_x12_standard

from superbill.x12.conditions import CONDITIONS
from superbill.x12.guides.catalog import GUIDES
from superbill.x12.rules import LoopRule
from superbill.x12.standard import COMPOSITES, SEGMENTS

JUDGED = docs_x12_rules.words()["judged"]


def described(rule):
    """The line on the page for a rule; one of a family is under the family's."""
    for family in ("x12.code.", "x12.partner."):
        if rule.startswith(family):
            return next(said for known, said in JUDGED.items() if known.startswith(family))
    return JUDGED[rule]


@pytest.mark.parametrize(("key", "mutant"), MUTANTS, ids=IDS)
def test_the_codes_of_every_flaw_are_those_on_the_page(key, mutant):
    for flaw in judged(key, mutant)[0].flaws:
        said = described(flaw.rule)
        assert str(flaw.snip) in said["snip"].split(), flaw.rule
        assert flaw.syntax in said["segment"].split(), flaw.rule
        assert flaw.problem is None or flaw.problem.code in said["element"].split(), flaw.rule


def test_a_rule_without_words_stops_the_page(monkeypatch, tmp_path):
    text = docs_x12_rules.WORDS.read_text("utf-8").replace('"x12.syntax"', '"x12.grammar"')
    monkeypatch.setattr(docs_x12_rules, "WORDS", tmp_path / "rules.toml")
    docs_x12_rules.WORDS.write_text(text)
    with pytest.raises(ValueError, match=r"x12\.grammar.*x12\.syntax"):
        docs_x12_rules.words()


def loops_of(loop):
    yield loop
    for part in loop.parts:
        if isinstance(part, LoopRule):
            yield from loops_of(part)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.key)
def test_a_page_has_every_loop_of_its_guide(guide):
    page = docs_x12.guide_page(guide.key)
    loops = {(loop.id, loop.name) for loop in loops_of(guide.root)}
    outline = page.split("```")[1]
    assert [each for each in loops if not re.search(rf"^ *{each[0]} +{each[1]} ", outline, re.MULTILINE)] == []
    sections = set(re.findall(r"^## (\S+) (\w+)$", page, re.MULTILINE)) - {("Long", "lists")}
    assert sections <= loops if guide.key in docs_x12.BASES else sections == loops


def test_a_page_says_what_its_conditions_ask():
    page = docs_x12.guide_page("837P")
    for name in re.findall(r"(?:only|required) when (\w+)", page):
        assert f"| `{name}` | {CONDITIONS[name].__doc__.split()[0]}" in page


def test_a_variant_has_only_what_differs():
    base, variant = docs_x12.guide_page("837P"), docs_x12.guide_page("837P-predetermination")
    assert "## 2010AA billing_provider_name" in base
    assert "## 2010AA billing_provider_name" not in variant
    assert "## ST transaction" in variant


def test_long_lists_are_told_once_and_runs_of_elements_in_one_line():
    page = docs_x12.guide_page("837P")
    lists = re.findall(r"^(\d+)\. `(.*)`$", page.partition("## Long code lists")[2], re.MULTILINE)
    assert [int(number) for number, _ in lists] == list(range(1, len(lists) + 1))
    assert all(f"list {number} ({len(codes.split())} codes)" in page for number, codes in lists)
    assert re.search(r"^  HI03 to HI12 +code_3 … code_12 +as HI02$", page, re.MULTILINE)
    assert re.search(r"^  CAS08 to CAS19 +reason_3 … quantity_6 +as CAS05 to CAS07$", page, re.MULTILINE)


def test_the_standard_is_there_whole():
    segments, composites = docs_x12_standard.segments(), docs_x12_standard.composites()
    assert re.findall(r"^### (\w+)$", segments, re.MULTILINE) == list(SEGMENTS)
    assert re.findall(r"^## (\w+)$", composites, re.MULTILINE) == list(COMPOSITES)
    assert re.search(r"^CLM02 +charge +782 +R 1–18 +cents$", segments, re.MULTILINE)
