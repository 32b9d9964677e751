"""Public 837P and 837I files: each segment of a valid one has its place, and what its rules ask for is there."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from superbill.x12.conditions import CONDITIONS
from superbill.x12.guides import claim_837i, claim_837p
from superbill.x12.nodes import Compiled
from superbill.x12.rules import REQUIRED
from superbill.x12.tree import UNPLACED, Interchange, Loop
from superbill.x12.walk import walk

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not here"),
]  # fmt: skip

GUIDES = {"005010X222": Compiled(claim_837p.GUIDE), "005010X223": Compiled(claim_837i.GUIDE)}

# Files that are said to be valid and are not: the component separator is not the one that ISA16 names …
_SEPARATOR = Counter({"2300: HI unplaced": 1, "2300 lacks diagnoses": 1})
_LFH = "LinuxForHealth+x12/src/tests/resources/837_005010X22"
WRONG = {
    f"{_LFH}2A2/demo.cob.2ndary.example4.837": _SEPARATOR,
    f"{_LFH}2A2/demo.example11.837": _SEPARATOR,
    f"{_LFH}2A2/demo.example12.837": _SEPARATOR,
    f"{_LFH}2A2/demo.example9.837": _SEPARATOR,
    f"{_LFH}3A3/out-of-network-repriced-claim.837i": Counter(
        {"2300: HI unplaced": 1, "2300 lacks principal_diagnosis": 1}
    ),
    f"{_LFH}3A3/ppo-repriced-claim.837i": Counter({"2300: HI unplaced": 3, "2300 lacks principal_diagnosis": 1}),
    # … the other payer has no name …
    f"{_LFH}2A2/demo.cob.example3.A.837": Counter({"2320 lacks other_payer_name": 1}),
    # … or an amount is one of release 4010.
    f"{_LFH}2A2/demo.cob.example4.837": Counter({"2320: AMT unplaced": 1}),
}


def valid_files() -> list[str]:
    index = CORPUS / "index.csv"
    rows = list(csv.DictReader(index.open())) if index.is_file() else []
    return [row["file"] for row in rows if row["version"][:10] in GUIDES and row["validity"] == "valid"]


def faults(loop: Loop, above: tuple[Loop, ...] = ()) -> Iterator[str]:
    for at, rule in enumerate(loop.node.rule.parts):
        asked = bool(rule.when) and CONDITIONS[rule.when](loop, above, None)
        if (asked or rule.usage == REQUIRED) and at not in loop.shape:
            yield f"{loop.id} lacks {rule.name}"
        if rule.only_when and not asked and at in loop.shape:
            yield f"{loop.id} may not have {rule.name}"
    for place, part in zip(loop.shape, loop.body, strict=True):
        if place == UNPLACED:
            yield f"{loop.id}: {part.raw[:3].rstrip('*')} unplaced"
        elif isinstance(part, Loop):
            yield from faults(part, (loop, *above))


@pytest.mark.parametrize("file", valid_files())
def test_a_valid_file_has_what_its_guide_asks_for_and_nothing_else(file: str) -> None:
    found: Counter[str] = Counter()
    for read in walk((CORPUS / file).read_bytes(), lambda st, version, _: [GUIDES[version[:10]]], units=False):
        assert isinstance(read, Interchange)
        for group in read.groups:
            for transaction in group.transactions:
                found.update(faults(transaction.root))
    assert found == WRONG.get(file, Counter())
