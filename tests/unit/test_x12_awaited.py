"""A condition that waits for a sign in a segment holds only where there is one: so it need not be asked elsewhere."""

import ast
import inspect as source_of
from contextlib import suppress
from functools import cache

import pytest
from hypothesis import given, settings
from tests.generative.test_x12_answers_to_anything import EDITS, edited
from tests.x12_valid import KEYS, base, enveloped, written

from superbill.x12 import judgements
from superbill.x12.conditions import CONDITIONS, is_of_segment, places_of, sign_of
from superbill.x12.errors import X12ReadError
from superbill.x12.inspection import inspect
from superbill.x12.judgements import NodeJudge, node_judge
from superbill.x12.library import guides_of
from superbill.x12.situations import is_awaited
from superbill.x12.walk import walk

AWAITED = {name: condition for name, condition in CONDITIONS.items() if places_of(condition)}
CLAIMS = [key for key in KEYS if key.startswith(("837", "835")) and "+" not in key]


def loops(tree, above=()):
    """Each loop of a tree with those around it, the innermost first."""
    yield tree, above
    for part in tree.body:
        if hasattr(part, "node"):
            yield from loops(part, (tree, *above))


def segments_at(loop, place):
    outer, _, inner = place.partition(".")
    for part in _parts(loop, outer):
        yield from _parts(part, inner) if inner else (part,)


def _parts(loop, name):
    found = getattr(loop, name, None)
    return found if isinstance(found, tuple) else () if found is None else (found,)


def broken(data):
    """The conditions that hold in a file though no segment has their sign."""
    for interchange in walk(data, guides_of, units=False):
        for group in interchange.groups:
            for transaction in group.transactions:
                for loop, above in loops(transaction.root):
                    yield from _broken(loop, above)


def _broken(loop, above):
    for condition in node_judge(loop.node).awaited:
        places = places_of(condition)
        segment = next((part for part in loop.body if not hasattr(part, "node")), None)
        signs = (sign_of(condition, place)(each) for place in places for each in segments_at(loop, place))
        if places and condition(loop, above, segment) and not any(signs):
            yield condition.__name__


def test_conditions_wait_for_signs():
    assert {"claim_has_accident", "line_bills_waived_test", "coverage_had_ended"} <= AWAITED.keys()
    asked = node_judge(guides_of(["ST", "837"], "005010X222A1", [])[0].node("2000A", "2000B", "2300"))
    assert CONDITIONS["claim_has_accident"] in asked.awaited


@pytest.mark.parametrize("key", CLAIMS)
def test_what_holds_in_a_sound_file_has_its_sign(key):
    assert not list(broken(written(enveloped(key, base(key)))))


@pytest.mark.parametrize("key", CLAIMS)
@settings(max_examples=15, deadline=None)
@given(EDITS)
def test_what_holds_in_any_file_has_its_sign(key, edits):
    with suppress(X12ReadError):
        assert not list(broken(edited(key, edits)))


@cache
def _functions(module):
    tree = ast.parse(source_of.getsource(source_of.getmodule(module)))
    return {each.name: each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)}


@pytest.mark.parametrize("name", [name for name, condition in CONDITIONS.items() if is_of_segment(condition)])
def test_a_condition_of_the_segment_looks_at_nothing_else(name):
    body = _functions(CONDITIONS[name])[name].body
    read = {node.id for part in body for node in ast.walk(part) if isinstance(node, ast.Name)}
    assert read.isdisjoint({"_loop", "_above"})


def _told(data):
    return [repr(flaw) for flaw in inspect(data).flaws]


@pytest.mark.parametrize("key", CLAIMS)
@settings(max_examples=15, deadline=None)
@given(EDITS)
def test_asking_every_condition_finds_the_same(key, edits):
    data = edited(key, edits)
    try:
        found = _told(data)
    except X12ReadError:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(NodeJudge, "_plan", _without_waiting)
        patch.setattr(judgements, "node_judge", cache(NodeJudge))
        patch.setattr("superbill.x12.judging.node_judge", judgements.node_judge)
        assert _told(data) == found


_PLAN = NodeJudge._plan


def _without_waiting(judge, shape, there):
    return _PLAN(judge, shape, there)._replace(awaited=frozenset(), calm=None)


def test_in_a_loop_that_lacks_the_place_of_its_sign_a_condition_is_not_awaited():
    (interchange,) = walk(written(enveloped("837P", base("837P"))), guides_of, units=False)
    root = interchange.groups[0].transactions[0].root
    elsewhere = [one for one in AWAITED.values() if places_of(one)[0].partition(".")[0] not in root.node.names]
    assert elsewhere and not any(is_awaited(one, root.node) for one in elsewhere)
