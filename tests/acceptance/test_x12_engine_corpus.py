"""342 X12 files that others wrote, and the engine: read and rendered to the byte, streamed as kept, nothing lost."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from superbill.findings import Finding
from superbill.money import Cents
from superbill.x12 import convert
from superbill.x12.errors import X12ReadError
from superbill.x12.inspection import inspect
from superbill.x12.lexer import Delimiters
from superbill.x12.library import guides_of
from superbill.x12.render import render, segments
from superbill.x12.standard import SEGMENTS
from superbill.x12.tree import Interchange, Loop, Record, Transaction, Unplaced
from superbill.x12.walk import walk

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not on this machine"),
]
FILES = [row["file"] for row in csv.DictReader((CORPUS / "index.csv").open())] if CORPUS.is_dir() else []

# Why a file of the corpus can't be read: fragments without an interchange, and headers cut off or of wrong widths.
REFUSALS = {"x12.not-x12": 9}

# Where money stands: claims of both kinds, lines of both kinds, adjustments, payments.
MONEY = {
    "CLM": (2,), "CLP": (3, 4, 5), "SV1": (2,), "SV2": (3,), "SV3": (2,), "SVC": (2, 3), "SVD": (2,),
    "CAS": (3, 6, 9, 12, 15, 18), "BPR": (2,), "AMT": (2,),
}  # fmt: skip
COUNTED = ("CLM", "CLP", "LX", "SVC", "HL", "INS", "ST", "SE")


def kept(data: bytes) -> list[Interchange]:
    return [each for each in walk(data, guides_of, units=False, keep=True) if isinstance(each, Interchange)]


def units(loop: Loop) -> list[Loop]:
    if loop.node.rule.unit:
        return [loop]
    return [unit for part in loop.body if isinstance(part, Loop) for unit in units(part)]


def amount(text: str) -> Cents:
    try:
        return convert.money(text.strip())
    except ValueError:
        return 0


def naive(data: bytes, delimiters: Delimiters) -> Counter[str]:
    """How often segments come and what their money adds up to, by splitting the text and nothing else."""
    found: Counter[str] = Counter()
    for segment in data.decode("latin-1").split(delimiters.segment):
        e = segment.replace("\r", "").replace("\n", "").lstrip().split(delimiters.element)
        found[e[0]] += e[0] in COUNTED
        for place in MONEY.get(e[0], ()):
            found[f"{e[0]}{place:02}"] += amount(e[place]) if place < len(e) else 0
    return +Counter({name: abs(number) for name, number in found.items()})


def of_structs(tree: list[Interchange]) -> Counter[str]:
    """The same from the tree: what has a place from its fields, what has none from its elements."""
    found: Counter[str] = Counter()
    for interchange in tree:
        for segment in segments(interchange):
            loose = isinstance(segment, Unplaced)
            name = segment.elements[0] if isinstance(segment, Unplaced) else type(segment).__name__
            found[name] += name in COUNTED
            for place in MONEY.get(name, ()):
                if isinstance(segment, Unplaced):
                    value = amount(segment.elements[place]) if place < len(segment.elements) else 0
                else:
                    value = getattr(segment, SEGMENTS[name].__struct_fields__[place]) or 0
                assert loose or isinstance(value, int), (name, place)
                found[f"{name}{place:02}"] += value
    return +Counter({name: abs(number) for name, number in found.items()})


def test_every_file_is_read_and_rendered_to_the_byte_or_refused_for_a_listed_reason():
    refusals: Counter[str] = Counter()
    for name in FILES:
        data = (CORPUS / name).read_bytes()
        try:
            assert render(kept(data)) == data, name
        except X12ReadError as refused:
            refusals[refused.finding.rule] += 1
            assert refused.finding.fix and refused.finding.where.position is not None, name
    assert refusals == REFUSALS


def test_every_file_is_judged_or_refused():
    for name in FILES:
        try:
            found = inspect((CORPUS / name).read_bytes(), file=name).findings
        except X12ReadError:
            continue
        assert all(isinstance(each, Finding) and each.message and len(each.message) <= 500 for each in found), name


def test_what_is_streamed_is_what_is_kept():
    seen = 0
    for name in FILES:
        data = (CORPUS / name).read_bytes()
        try:
            tree = kept(data)
        except X12ReadError:
            continue
        sets = [ts for each in tree for group in each.groups for ts in group.transactions]
        streamed = list(walk(data, guides_of, units=True))
        records = [each for each in streamed if isinstance(each, Record)]
        assert [each.unit for each in records] == [unit for ts in sets for unit in units(ts.root)], name
        assert [each.header for each in streamed if isinstance(each, Transaction)] == [ts.header for ts in sets], name
        seen += len(records)
    assert seen > 1000


def test_no_amount_and_no_line_is_lost_between_the_text_and_the_structs():
    total: Counter[str] = Counter()
    for name in FILES:
        data = (CORPUS / name).read_bytes()
        try:
            tree = kept(data)
        except X12ReadError:
            continue
        [delimiters] = {each.delimiters for each in tree}
        expected = naive(data, delimiters)
        assert of_structs(tree) == expected, name
        total += expected
    assert min(total[name] for name in ("CLM02", "CLP04", "SVC03", "CAS03", "SV102", "SV203", "BPR02", "LX")) > 0
