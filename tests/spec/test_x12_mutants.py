"""The validator's proof: valid files spoiled in one place each, and what must be found there, and nothing else.

tests/x12_mutants says what is spoiled, in these words:

    at     the segment, by its beginning; `nth` of several, else there must be one
    set    elements and components that become another text: {2: "", 5-3: X}
    put    segments in its place;  after  segments behind it;  drop  true: it goes, all up to and with `through` too
    times  how often it stands there then;  move  behind which it goes
    again  true: the envelope that begins here comes twice
    edit   what else is changed, so that only this one rule is broken: {HL*2*1*21*1: HL*2*1*21*0, REF*1: null}
    raw    true: the envelope is spoiled, and nothing is counted again
    want   the rule, the element and, of a transaction set, the SNIP type of what must be found
    where  the segment where it must be found (`nth_where` of several); the spoiled one where nothing is said
    also   what follows from it and must be found too
    when   the condition that no longer holds
"""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from tests.x12_valid import KEYS, base, enveloped, written

from superbill.findings import Severity
from superbill.x12.codes import CODED
from superbill.x12.guides.catalog import GUIDES
from superbill.x12.inspection import inspect
from superbill.x12.rules import LoopRule

FILES = sorted((Path(__file__).parents[1] / "x12_mutants").glob("*.yaml"))
MUTANTS = [
    (str(key), mutant)
    for path in FILES
    for key, mutants in yaml.safe_load(path.read_text()).items()
    for mutant in mutants
]
IDS = [f"{key}: {mutant['name']}" for key, mutant in MUTANTS]

# What a 999 says of each rule (IK304, IK403; X12 elements 620 and 621), and the SNIP type.
ANSWERS = {
    "x12.balance.": {("8", "I12", 3)},
    "x12.code.": {("8", "7", 5)},
    "x12.component.too-many": {("8", "13", 1)},
    "x12.element.characters": {("8", "6", 1)},
    "x12.element.code": {("8", "7", 2)},
    "x12.element.date": {("8", "8", 1)},
    "x12.element.length": {("8", "4", 1), ("8", "5", 1)},
    "x12.element.not-used": {("8", "I10", 2), ("8", "I13", 4)},
    "x12.element.required": {("8", "1", 2), ("8", "I9", 4)},
    "x12.element.too-many": {("8", "3", 1)},
    "x12.element.type": {("8", "6", 1), ("8", "8", 1), ("8", "9", 1)},
    "x12.hl.": {("8", "7", 1)},
    "x12.loop.repeat": {("4", "", 2)},
    "x12.lx.number": {("8", "7", 1)},
    "x12.partner.": {("8", "I12", 7)},
    "x12.segment.missing": {("3", "", 2), ("I6", "", 4)},
    "x12.segment.not-used": {("I9", "", 4)},
    "x12.segment.order": {("7", "", 2)},
    "x12.segment.repeat": {("5", "", 2)},
    "x12.segment.unexpected": {("2", "", 1)},
    "x12.segment.unknown": {("1", "", 1)},
    "x12.syntax": {("8", "2", 1), ("8", "10", 1)},
}


def found_at(lines, beginning, nth=None):
    """The index of the segment that begins so. Without `nth` there must be one, or one that is exactly so."""
    places = [place for place, line in enumerate(lines) if line.startswith(beginning)]
    if nth is None and len(places) > 1:
        places = [place for place in places if lines[place] == beginning] or places
        assert len(places) == 1, f"{len(places)} segments begin with {beginning}"
    assert places, f"no segment begins with {beginning}"
    return places[(nth or 1) - 1]


def with_text(segment, place, text):
    """The segment with another text at an element (2) or component ("5-3")."""
    elements = segment.split("*")
    element, _, component = str(place).partition("-")
    elements += [""] * (int(element) + 1 - len(elements))
    if component:
        parts = elements[int(element)].split(":")
        parts += [""] * (int(component) - len(parts))
        parts[int(component) - 1] = text
        text = ":".join(parts).rstrip(":")
    elements[int(element)] = text
    return "*".join(elements).rstrip("*")


def as_list(given):
    return [given] if isinstance(given, str) else list(given or ())


def spoiled(lines, mutant):
    """The segments with the mutant's change, and the index of the first that was changed."""
    lines = list(lines)
    at = found_at(lines, mutant["at"], mutant.get("nth"))
    changed = at
    for place, text in mutant.get("set", {}).items():
        lines[at] = with_text(lines[at], place, text)
    if "put" in mutant:
        lines[at : at + 1] = as_list(mutant["put"])
    if "after" in mutant:
        lines[at + 1 : at + 1] = as_list(mutant["after"])
        changed = at + 1
    if "times" in mutant:
        lines[at : at + 1] = [lines[at]] * mutant["times"]
        changed = at + mutant["times"] - 1
    if mutant.get("again"):
        end = found_at(lines, {"ST": "SE", "GS": "GE"}[lines[at][:2]])
        lines[end + 1 : end + 1] = lines[at : end + 1]
        changed = end + 1
    if "move" in mutant:
        moved = lines.pop(at)
        changed = found_at(lines, mutant["move"]) + 1
        lines.insert(changed, moved)
    if mutant.get("drop"):
        last = (
            at
            if "through" not in mutant
            else at + found_at(lines[at:], mutant["through"], mutant.get("nth_through", 1))
        )
        del lines[at : last + 1]
    for old, new in mutant.get("edit", {}).items():
        place = lines.index(old)
        lines[place : place + 1] = as_list(new)
    return lines, changed


def judged(key, mutant):
    """The inspection of the mutant, its segments, and the position where its finding is expected."""
    if mutant.get("raw"):
        lines, changed = spoiled(enveloped(key, base(key)), mutant)
    else:
        own, changed = spoiled(base(key), mutant)
        lines, changed = enveloped(key, own), changed + 2
    if "where" in mutant:
        changed = found_at(lines, mutant["where"], mutant.get("nth_where"))
    return inspected(key, lines), lines, changed + 1


def inspected(key, lines):
    return inspect(written(lines), partner=key.partition("+")[2] or None)


def errors(inspection):
    return [finding for finding in inspection.findings if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("key", KEYS)
def test_a_base_is_without_fault(key):
    assert not inspected(key, enveloped(key, base(key))).findings


@pytest.mark.parametrize(("key", "mutant"), MUTANTS, ids=IDS)
def test_a_mutant_is_caught_and_nothing_else(key, mutant):
    inspection, lines, position = judged(key, mutant)
    rule, element, *snip = mutant["want"].split()
    errors_found = errors(inspection)
    told = "\n".join(f"{each.rule} {each.where.element} {each.where.position}: {each.message}" for each in errors_found)
    places = Counter(f"{each.rule} {each.where.element}" for each in errors_found)
    wanted = Counter([f"{rule} {element}", *mutant.get("also", ())])
    assert places == wanted, told
    assert any(
        (each.rule, each.where.element, each.where.position) == (rule, element, position) for each in errors_found
    ), f"not at {position} {lines[position - 1]}: {told}"
    for flaw in inspection.flaws:
        kind = next(kind for kind in ANSWERS if flaw.rule.startswith(kind))
        answer = (flaw.syntax, flaw.problem.code if flaw.problem else "", flaw.snip)
        assert answer in ANSWERS[kind], flaw
    if snip:
        types = {flaw.snip for flaw in inspection.flaws if flaw.rule == rule and flaw.position == position}
        assert int(snip[0]) in types


# --- whether all is spoiled that can be -----------------------------------------------------------------------------


def conditions(part):
    """The names of the conditions of a part of a guide and of all in it."""
    if part.when:
        yield part.when
    for inner in part.parts if isinstance(part, LoopRule) else part.elements:
        if isinstance(part, LoopRule):
            yield from conditions(inner)
        elif inner.when:
            yield inner.when


def test_every_condition_is_violated():
    used = {name for guide in GUIDES for name in conditions(guide.root)}
    assert used == {mutant["when"] for _, mutant in MUTANTS if "when" in mutant}


def test_every_code_set_is_violated():
    # Their codes are listed in the guides too, where a wrong one is told first.
    listed = {"adjustment_group", "oral_cavity"}
    looked_up = {name for row in CODED for name in row.sets.values()}
    told = {mutant["want"].split()[0] for _, mutant in MUTANTS}
    assert {f"x12.code.{name}" for name in looked_up - listed} == {
        rule for rule in told if rule.startswith("x12.code.")
    }


def test_every_transaction_and_type_is_spoiled():
    assert {key for key, _ in MUTANTS} == set(KEYS)
    types = Counter(mutant["want"].split()[2] for _, mutant in MUTANTS if len(mutant["want"].split()) > 2)
    assert set(types) == set("123457")
    assert len(MUTANTS) >= 400
    assert len(set(IDS)) == len(IDS)
