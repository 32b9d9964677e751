"""The guide tables are sound: they say nothing that the standard, the reader or Python's grammar has no place for."""

import keyword
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pytest

from superbill.x12.conditions import CONDITIONS, MODULES
from superbill.x12.guides.catalog import GUIDES
from superbill.x12.rules import MANY, REQUIRED, SITUATIONAL, ElementRule, Guide, LoopRule, SegmentRule
from superbill.x12.standard import COMPOSITES, SEGMENTS, element
from superbill.x12.tree import Loop

FUNCTIONAL_IDS = {
    "270": "HS", "271": "HB", "275": "PI", "276": "HR", "277": "HN", "278": "HI", "820": "RA", "824": "AG", "834": "BE",
    "835": "HP", "837": "HC", "997": "FA", "999": "FA",
}  # fmt: skip

# Last words of names that end in "s" though the segment is one: it tells a period, a list or a number of something.
SINGULAR = {
    "address", "basis", "causes", "codes", "conditions", "dates", "demographics", "diagnoses", "diagnosis",
    "limitations", "months", "procedures", "series", "status", "units",
}  # fmt: skip
# Last words that don't, and mean several.
PLURAL = {"data", "information", "permitted", "teeth"}

# The guide itself gives one code to two segments of a loop; the one named first takes it.
AMBIGUOUS = {("837P-4010", "2010AA"), ("837I-4010", "2010AA"), ("837D-4010", "2010AA")}

every_guide = pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.key)


def loops(rule: LoopRule) -> Iterator[LoopRule]:
    yield rule
    for part in rule.parts:
        if isinstance(part, LoopRule):
            yield from loops(part)


def segments(guide: Guide) -> Iterator[tuple[str, SegmentRule]]:
    """Every segment of a guide, with a text that says where it is."""
    for each in loops(guide.root):
        for part in each.parts:
            if isinstance(part, SegmentRule):
                yield f"{each.id} {part.id} {part.name}", part


def elements(guide: Guide) -> Iterator[tuple[str, SegmentRule, ElementRule]]:
    for place, segment in segments(guide):
        for rule in segment.elements:
            yield f"{place} {rule.position}.{rule.component}", segment, rule


def data_element(segment: SegmentRule, rule: ElementRule) -> str:
    """The number of the data element, or the id of the composite, that a rule is about; "" where there is none."""
    numbers = SEGMENTS[segment.id].ELEMENTS.split()
    found = numbers[rule.position - 1] if rule.position <= len(numbers) else ""
    if not rule.component:
        return found
    parts = COMPOSITES[found].ELEMENTS.split() if found in COMPOSITES else []
    return parts[rule.component - 1] if rule.component <= len(parts) else ""


def own_codes(segment: SegmentRule) -> set[str]:
    """The codes by which a segment is told from others of its id."""
    cls = SEGMENTS[segment.id]
    rule = segment.at(cls.KEY, cls.KEY_PART) if cls.KEY else None
    return set(rule.codes) if rule is not None else set()


def test_keys_are_unique():
    assert [key for key, times in Counter(guide.key for guide in GUIDES).items() if times > 1] == []


def test_conditions_have_unique_names():
    public = [name for module in MODULES for name in vars(module) if CONDITIONS.get(name) is vars(module)[name]]
    assert sorted(public) == sorted(CONDITIONS)


@pytest.mark.parametrize(
    "one, other",
    [pair for pair in combinations(GUIDES, 2) if pair[0].identifier == pair[1].identifier],
    ids=lambda guide: guide.key,
)
def test_guides_of_one_version_can_be_told_apart(one, other):
    shared = set(one.versions) & set(other.versions)
    assert not shared or (one.tells is not None and other.tells is not None)


@every_guide
def test_the_transaction_is_framed(guide):
    first, last = guide.root.parts[0], guide.root.parts[-1]
    assert (guide.root.id, guide.root.usage, guide.root.repeat) == ("ST", REQUIRED, 1)
    assert (first.id, first.usage, last.id, last.usage) == ("ST", REQUIRED, "SE", REQUIRED)
    assert first.at(1).codes == (guide.identifier,)
    assert guide.functional_id == FUNCTIONAL_IDS[guide.identifier]
    assert guide.version in guide.versions


@every_guide
def test_segments_and_their_elements_exist(guide):
    assert {segment.id for _, segment in segments(guide)} <= set(SEGMENTS)
    assert [place for place, segment, rule in elements(guide) if not data_element(segment, rule)] == []


@every_guide
def test_codes_and_lengths_fit_the_data_element(guide):
    wrong = []
    for place, segment, rule in elements(guide):
        number = data_element(segment, rule)
        if number in COMPOSITES:
            wrong += [place] if rule.codes or rule.longest else []
            continue
        it = element(number)
        wrong += [f"{place} {code}" for code in rule.codes if not it.shortest <= len(code) <= it.longest]
        wrong += [f"{place} <{rule.longest}"] if rule.longest and not it.shortest <= rule.longest <= it.longest else []
        wrong += [place] if len(set(rule.codes)) < len(rule.codes) else []
    assert wrong == []


@every_guide
def test_what_is_required_under_a_condition_is_situational(guide):
    parts = [(place, rule) for place, _, rule in elements(guide)]
    parts += list(segments(guide)) + [(each.id, each) for each in loops(guide.root)]
    assert [place for place, rule in parts if rule.when and rule.usage != SITUATIONAL] == []


@every_guide
def test_conditions_exist(guide):
    rules = [rule for _, _, rule in elements(guide)] + [rule for _, rule in segments(guide)] + [*loops(guide.root)]
    assert {rule.when for rule in rules if rule.when} - set(CONDITIONS) == set()


@every_guide
def test_names_are_attributes(guide):
    taken = {name for name in dir(Loop) if not name.startswith("__")}
    wrong = []
    for each in loops(guide.root):
        names = [part.name for part in each.parts]
        wrong += [f"{each.id} {name} twice" for name, times in Counter(names).items() if times > 1]
        wrong += [
            f"{each.id} {name}"
            for name in names
            if not name.isidentifier() or name != name.lower() or keyword.iskeyword(name) or name in taken
        ]
    assert wrong == []


def is_well_numbered(name: str, repeat: int) -> bool:
    last = name.rpartition("_")[2]
    if repeat > 1:
        return last.endswith("s") or last in PLURAL
    return not last.endswith("s") or last in SINGULAR


@every_guide
def test_names_are_plural_where_there_may_be_several(guide):
    parts = [(each, part) for each in loops(guide.root) for part in each.parts]
    assert [
        f"{each.id} {part.id} {part.name} ×{part.repeat if part.repeat < MANY else 'many'}"
        for each, part in parts
        if not is_well_numbered(part.name, part.repeat)
    ] == []


@every_guide
def test_a_loop_opens_with_one_required_segment(guide):
    openers = [(each.id, each.parts[0]) for each in loops(guide.root)]
    assert [
        id
        for id, opener in openers
        if not isinstance(opener, SegmentRule) or opener.usage != REQUIRED or opener.repeat != 1
    ] == []


@every_guide
def test_segments_of_one_id_in_a_loop_are_told_apart_by_a_code(guide):
    wrong = []
    for each in loops(guide.root):
        if (guide.key, each.id) in AMBIGUOUS:
            continue
        found = [part for part in each.parts[1:] if isinstance(part, SegmentRule)]
        found += [part.opener for part in each.parts if isinstance(part, LoopRule)]
        for one, other in combinations(found, 2):
            if one.id == other.id and (not own_codes(one) or not own_codes(other) or own_codes(one) & own_codes(other)):
                wrong.append(f"{each.id} {one.id} {one.name}, {other.name}")
    assert wrong == []


@every_guide
def test_units_are_not_within_units(guide):
    units = [each for each in loops(guide.root) if each.unit]
    assert [inner.id for unit in units for inner in loops(unit) if inner is not unit and inner.unit] == []
