"""Public 835, 999, 997, 277CA and 824 files: each segment of a valid one has its place, and what its guide asks for."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from superbill.x12.conditions import CONDITIONS
from superbill.x12.guides import (
    acknowledgement_997,
    acknowledgement_999,
    advice_824,
    claims_277ca,
    remittance_835,
)
from superbill.x12.lexer import Delimiters, elements
from superbill.x12.nodes import Compiled
from superbill.x12.rules import REQUIRED, SegmentRule
from superbill.x12.standard import Segment
from superbill.x12.tree import UNPLACED, Interchange, Loop
from superbill.x12.walk import walk

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not here"),
]  # fmt: skip

GUIDES = {
    guide.key: Compiled(guide)
    for guide in (
        remittance_835.GUIDE,
        acknowledgement_999.GUIDE,
        acknowledgement_997.GUIDE,
        claims_277ca.GUIDE,
        advice_824.GUIDE,
    )
}
LABELS = ("valid", "valid-loose", "ack")

# Files that are said to be valid and are not: nobody to ask about the file …
_LFH = "LinuxForHealth+x12/src/tests/resources/835_005010X221A1/"
_NOBODY = {"1000A lacks technical_contacts": 1}
# … BPR is one element short, so that the day of the check is the payee's account, and there is no component separator.
_SHORT = _NOBODY | {"ST BPR15 is not to be sent": 1, "ST BPR16 is missing": 1}
WRONG = {
    f"{_LFH}managed-care.835": _NOBODY,
    f"{_LFH}cob-contractural-adjustment.835": _SHORT | {"2110 SVC01 is not to be used so": 1},
    f"{_LFH}secondary-payment.835": _SHORT | {"2110 SVC01 is not to be used so": 2},
    f"{_LFH}tertiary-payment.835": _SHORT
    | {"2110 SVC01 is not to be used so": 1, "2110 SVC06 is not to be used so": 1},
}


def files() -> list[tuple[str, str]]:
    index = CORPUS / "index.csv"
    rows = list(csv.DictReader(index.open())) if index.is_file() else []
    return [
        (row["transaction"], row["file"])
        for row in rows
        if row["transaction"] in GUIDES and row["validity"] in LABELS and "X091" not in row["version"]
    ]


def faults(loop: Loop, above: tuple[Loop, ...], delimiters: Delimiters) -> Iterator[str]:
    for at, rule in enumerate(loop.node.rule.parts):
        there = loop.shape.count(at)
        asked = bool(rule.when) and CONDITIONS[rule.when](loop, above, None)
        if (asked or rule.usage == REQUIRED) and not there:
            yield f"{loop.id} lacks {rule.name}"
        if (rule.only_when and not asked and there) or there > rule.repeat:
            yield f"{loop.id} may not have {rule.name}"
    for place, part in zip(loop.shape, loop.body, strict=True):
        if place == UNPLACED:
            yield f"{loop.id}: {part.raw[:3].rstrip('*')} unplaced"
        elif isinstance(part, Loop):
            yield from faults(part, (loop, *above), delimiters)
        else:
            found = segment_faults(loop.node.rule.parts[place], part, loop, above, delimiters)
            yield from (f"{loop.id} {fault}" for fault in sorted(set(found)))


def segment_faults(
    rule: SegmentRule, segment: Segment, loop: Loop, above: tuple[Loop, ...], delimiters: Delimiters
) -> Iterator[str]:
    texts = elements(segment.raw, delimiters)
    used = {each.position for each in rule.elements}
    for at, text in enumerate(texts[1:], 1):
        if text and at not in used:
            yield f"{rule.id}{at:02} is not to be used"
    for each in rule.elements:
        text = texts[each.position] if each.position < len(texts) else ""
        name = f"{rule.id}{each.position:02}"
        if each.component:
            parts = text.split(delimiters.component)
            part = parts[each.component - 1] if each.component <= len(parts) else ""
            if text and ((each.usage == REQUIRED and not part) or (each.codes and part and part not in each.codes)):
                yield f"{name} is not to be used so"
            continue
        asked = each.usage == REQUIRED or (bool(each.when) and CONDITIONS[each.when](loop, above, segment))
        if asked and not text:
            yield f"{name} is missing"
        if each.only_when and text and not asked:
            yield f"{name} is not to be sent"
        if each.codes and text and text not in each.codes:
            yield f"{name} has no code of the guide"


@pytest.mark.parametrize("key, file", files())
def test_a_valid_file_has_what_its_guide_asks_for_and_nothing_else(key, file):
    found: Counter[str] = Counter()
    for read in walk((CORPUS / file).read_bytes(), lambda *_: [GUIDES[key]], units=False):
        assert isinstance(read, Interchange)
        for group in read.groups:
            for transaction in group.transactions:
                found.update(faults(transaction.root, (), read.delimiters))
    assert found == WRONG.get(file, {})
