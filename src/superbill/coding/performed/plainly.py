"""Services whose code needs nothing but their name."""

import re
from collections.abc import Iterator

from msgspec.structs import replace

from superbill.coding.performed import sides, spine, status
from superbill.coding.performed.catalog import groups
from superbill.coding.performed.model import Done, Hit

_HOUSE = re.compile(
    r"\bin[- ](?:house|office|clinic)\b|\bpoint[- ]of[- ]care\b|\bpoct?\b|\b(?:our|office) lab\b|\bin (?:the|our) "
    r"(?:office|clinic)\b|\bfinger ?stick\b"
)
_SCORED = re.compile(r"(?:score\w*|total|was|is|of|:|=)[ :=]*\d{1,2}\b")
_SENT = 0.45
_LIDS = frozenset(("67820", "67800", "68761"))


def done(hit: Hit) -> Iterator[Done]:
    """The service as named: with its side where it has one."""
    said, entry = hit.said, hit.entry
    group = groups()[entry.group]
    score, why = status.judged(said, hit.start, hit.end, group.manner)
    if group.house and score >= 0.5 and not _HOUSE.search(said.lower):
        score, why = min(score, _SENT), "tested today, but by which laboratory is not said"
    what = f"{entry.group} {entry.key}"
    if entry.key == "96127":
        what = f"{what} {said.forms[hit.first]}"
        if score < 0.5 and said.kind not in status.HISTORY and _SCORED.search(said.lower, hit.end - said.start):
            score, why = 0.65, "scored in this note"
    side = ""
    marks: tuple[str, ...] = ()
    if group.sides:
        at, after = hit.start - said.start, hit.end - said.start
        side = sides.side_of(said.lower, at, after, 60)
        marks = sides.lid(said.lower, at, after, side) if entry.key in _LIDS else sides.modifiers_of(side)
    one = Done(
        code=entry.key, label=entry.label, start=hit.start, end=hit.end, score=score, why=why,
        what=what, adds=entry.key == "96127", modifiers=marks, group=entry.group, side=side,
    )  # fmt: skip
    if entry.key in spine.CODES:
        yield from spine.leveled(one, hit)
        return
    yield one
    if entry.key == "87804" and re.search(r"\ba (?:and|&|/) ?b\b|\ba/b\b", said.lower):
        yield replace(one, modifiers=("59",), what="rapid tests 87804 B", rule="influenza A and B are two tests")
