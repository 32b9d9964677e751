"""A guide told by its differences: each kind of change, wherever the loop is, and none that misses its place."""

import pytest

from superbill.x12.guides.variation import altered, followed, removed, replaced, retold, varied
from superbill.x12.rules import LoopRule, R, S, loop, seg

CLAIM = loop("2300", "claims", R, 100, seg("CLM", "claim", R, "1R 2R 5.1R 5.2R:B 12:01,02"), seg("K3", "note", S, "1R"))
ROOT = loop(
    "ST", "transaction", R, 1,
    seg("ST", "header", R, "1R 2R"),
    loop("2000B", "subscribers", R, 9, seg("HL", "level", R, "1R"), CLAIM),
    loop("2000C", "patients", S, 9, seg("HL", "level", R, "1R"), CLAIM),
)  # fmt: skip


def claims(root: LoopRule) -> list[LoopRule]:
    """The claim loops of subscribers and of patients."""
    return [part for level in root.parts[1:] for part in level.parts if part.id == "2300"]


def slots(root: LoopRule) -> list[tuple[str, ...]]:
    return [tuple(part.name for part in claim.parts) for claim in claims(root)]


def test_a_table_without_changes_is_the_table():
    assert varied(ROOT) == ROOT


def test_a_part_is_removed_wherever_its_loop_is():
    assert slots(varied(ROOT, removed("2300", "note"))) == [("claim",), ("claim",)]


def test_a_part_is_replaced_in_its_place():
    other = seg("NTE", "remark", S, "1R 2R")
    assert slots(varied(ROOT, replaced("2300", "claim", other))) == [("remark", "note"), ("remark", "note")]


def test_parts_follow_a_part():
    more = (seg("NTE", "remark", S, "1R 2R"), seg("REF", "number", S, "1R 2R"))
    assert slots(varied(ROOT, followed("2300", "claim", *more)))[0] == ("claim", "remark", "number", "note")


def test_fields_of_segments_and_loops_are_altered():
    changed = varied(ROOT, altered("2300", "note", usage=R, repeat=3), altered("2000B", "claims", usage=S))
    assert [(claim.usage, claim.parts[1].usage, claim.parts[1].repeat) for claim in claims(changed)] == [
        (S, R, 3),
        (R, R, 3),
    ]


def test_elements_are_retold_in_order_and_the_rest_stays():
    told = claims(varied(ROOT, retold("2300", "claim", "2 5.2R:A 9R:Y")))[0].opener
    assert [(rule.position, rule.component, rule.usage, rule.codes) for rule in told.elements] == [
        (1, 0, R, ()),
        (2, 0, S, ()),
        (5, 1, R, ()),
        (5, 2, R, ("A",)),
        (9, 0, R, ("Y",)),
        (12, 0, S, ("01", "02")),
    ]


def test_changes_are_made_one_after_the_other():
    note = seg("NTE", "remark", S, "1R 2R")
    both = varied(ROOT, followed("2300", "claim", note), altered("2300", "remark", usage=R))
    assert claims(both)[0].parts[1].usage == R


@pytest.mark.parametrize("place", [("2300", "remark"), ("2400", "note"), ("2000B", "note")])
def test_a_change_without_a_place_is_an_error(place):
    with pytest.raises(ValueError, match=f"loop {place[0]} has no '{place[1]}'"):
        varied(ROOT, removed(*place))


def test_the_varied_table_leaves_its_origin_alone():
    before = slots(ROOT)
    varied(ROOT, removed("2300", "note"))
    assert slots(ROOT) == before
