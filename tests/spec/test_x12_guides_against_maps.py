"""Our guide tables say what pyx12's maps of the same guides say.

Except for the differences in x12_guides_against_maps.yaml, each with the reason why we are right. A line there may
have * and ? for what many differences share; "[" stands for itself.
"""

import re
from pathlib import Path

import pytest
import yaml
from tools.x12_compare import compare, map_name, read_map

from superbill.x12.guides.catalog import GUIDES

MAPPED = {guide.key: (guide, name) for guide in GUIDES if (name := map_name(guide))}
KNOWN = yaml.safe_load(Path(__file__).with_name("x12_guides_against_maps.yaml").read_text())


def lines_of(key: str) -> list[str]:
    return [line for entry in KNOWN.get(key, ()) for line in entry["differences"]]


def like(line: str) -> re.Pattern[str]:
    return re.compile(re.escape(line).replace(r"\*", ".*").replace(r"\?", "."))


@pytest.mark.parametrize("key", MAPPED)
def test_a_guide_says_what_its_map_says(key):
    guide, name = MAPPED[key]
    found = [str(each) for each in compare(guide.root, read_map(name))]
    known = [like(line) for line in lines_of(key)]
    assert [each for each in found if not any(line.fullmatch(each) for line in known)] == []


@pytest.mark.parametrize("key", MAPPED)
def test_every_listed_difference_is_still_there(key):
    guide, name = MAPPED[key]
    found = [str(each) for each in compare(guide.root, read_map(name))]
    assert [line for line in lines_of(key) if not any(map(like(line).fullmatch, found))] == []


def test_every_listed_guide_has_a_map():
    assert set(KNOWN) <= set(MAPPED)


@pytest.mark.parametrize("key", KNOWN)
def test_every_listed_difference_has_its_reason(key):
    assert all(entry["why"] and entry["differences"] for entry in KNOWN[key])
