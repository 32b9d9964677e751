"""Where a fault is told, when units have gone by before it in its loop: what comes late stands behind them."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from tests.generative.test_x12_answers_to_anything import EDITS, edited
from tests.x12_valid import KEYS, base, enveloped, written

from superbill.x12.errors import X12ReadError
from superbill.x12.inspection import inspect
from superbill.x12.lexer import Lexer
from superbill.x12.library import compiled

SETS = [key for key in KEYS if "+" not in key]
_ANY = ("x12.segment.unknown", "x12.segment.unexpected")  # they name the segment in their words


def misplaced(data):
    """The flaws whose position holds another segment than the one that they speak of."""
    ids = [raw.strip().split("*")[0] for batch in Lexer(data).batches() for raw in batch.segments]
    found = inspect(data)
    for each in (each for group in found.groups for each in group.sets):
        openers: dict[str, set[str]] = {}
        for node in compiled(each.key).nodes if each.key else ():
            openers.setdefault(node.rule.id, set()).add(node.rule.opener.id)
        for flaw in each.flaws:
            at = ids[flaw.position - 1]
            missing = flaw.rule == "x12.segment.missing" and at in openers[flaw.loop]
            if at != flaw.segment and not missing and flaw.rule not in _ANY:
                yield flaw.rule, flaw.segment, flaw.position, at


def test_a_loop_that_comes_again_behind_the_claims_is_told_where_it_stands():
    lines = list(base("837P"))
    receiver = next(line for line in lines if line.startswith("NM1*40"))
    data = written(enveloped("837P", [*lines, receiver]))
    repeated = [flaw for flaw in inspect(data).flaws if flaw.rule == "x12.loop.repeat"]
    assert [flaw.position for flaw in repeated] == [len(lines) + 3]  # behind ISA, GS and all others
    assert [flaw.offset for flaw in repeated] == [len(lines) + 1]


def test_what_is_late_between_two_claims_stands_between_them():
    lines = list(base("837P"))
    claim = next(at for at, line in enumerate(lines) if line.startswith("CLM"))
    late = next(line for line in lines if line.startswith("SBR"))
    data = written(enveloped("837P", [*lines, late, *lines[claim:]]))
    order = [flaw for flaw in inspect(data).flaws if flaw.rule == "x12.segment.order" and flaw.segment == "SBR"]
    assert len(lines) + 3 in [flaw.position for flaw in order]
    assert not list(misplaced(data))


@pytest.mark.parametrize("key", SETS)
@settings(max_examples=10, deadline=None)
@given(EDITS)
def test_every_flaw_is_told_where_its_segment_stands(key, edits):
    with suppress(X12ReadError):
        assert not list(misplaced(edited(key, edits)))
