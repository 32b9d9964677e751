"""Whatever a guide allows is written, read, streamed and judged alike; whatever arrives is kept to the byte."""

import gzip
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.judges import judge_files, judge_x12sdk
from tests.x12_generated import KEYS, bare, file, files, fullness_of

from superbill.effective import Period
from superbill.findings import Severity
from superbill.x12 import lexer
from superbill.x12.codec import decode, marks
from superbill.x12.errors import X12ReadError
from superbill.x12.inspection import inspect
from superbill.x12.lexer import STANDARD, elements
from superbill.x12.library import guides_of
from superbill.x12.render import render, segments
from superbill.x12.standard.base import Composite
from superbill.x12.tree import Group, Interchange, Loop, Record, Transaction
from superbill.x12.walk import walk

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
# A failing seed is told; a smaller one is no closer to the fault, so nothing is spent on looking for it.
PHASES = [Phase.explicit, Phase.reuse, Phase.generate]
few = settings(max_examples=4, deadline=None, suppress_health_check=SLOW, phases=PHASES)
many = settings(max_examples=60, deadline=None, suppress_health_check=SLOW, phases=PHASES)
every_guide = pytest.mark.parametrize("key", KEYS)
any_file = st.sampled_from(KEYS).flatmap(files)


def read(source) -> list[Interchange]:
    return list(walk(source, guides_of, units=False, keep=True))


def meaning(interchanges) -> Any:
    return tuple(map(bare, interchanges))


# --- there and back -------------------------------------------------------------------------------------------------


@every_guide
@few
@given(data=st.data())
def test_what_is_written_is_read_back_equal_and_written_again_to_the_byte(key, data):
    made = data.draw(files(key))
    sent = render([made.file])
    back = read(sent)
    assert meaning(back) == (bare(made.file),)
    assert back[0].groups[0].transactions[0].findings == []
    assert render(back) == sent


def loops(branch: Any, position: int = 1) -> Iterator[tuple[Loop, int]]:
    """Every loop of a branch with the number of its first segment."""
    if isinstance(branch, Loop):
        yield branch, position
    body = branch.root.body if isinstance(branch, Transaction) else branch.body
    if isinstance(branch, Transaction):
        yield branch.root, position
    for part in body:
        if isinstance(part, (Loop, Group, Transaction)):
            yield from loops(part, position)
            position += sum(1 for _ in segments(part.root if isinstance(part, Transaction) else part))
        else:
            position += 1


@every_guide
@few
@given(data=st.data())
def test_units_are_those_of_the_tree_in_order(key, data):
    made = data.draw(files(key))
    sent = render([made.file])
    streamed = list(walk(sent, guides_of, units=True))
    records = [each for each in streamed if isinstance(each, Record)]
    units = [(bare(loop), position) for loop, position in loops(made.file) if loop.node.rule.unit]
    assert [(bare(each.unit), each.position) for each in records] == units
    assert all(each.above[0].node.rule.id == "ST" for each in records)
    # What is handed over last is the transaction without its units.
    assert isinstance(streamed[-1], Transaction)
    assert not any(loop.node.rule.unit for loop, _ in loops(streamed[-1]))


# --- however it comes -----------------------------------------------------------------------------------------------


class Dribble:
    """A stream that gives fewer bytes than it is asked for, at least one."""

    def __init__(self, content: bytes, seed: int, least: int, most: int) -> None:
        self.content = content
        self.rng = Random(seed)
        self.least = least
        self.most = max(least, most)
        self.at = 0

    def read(self, size: int = -1) -> bytes:
        upto = self.at + min(size if size > 0 else self.most, self.rng.randint(self.least, self.most))
        found, self.at = self.content[self.at : upto], min(upto, len(self.content))
        return found


@many
@given(any_file, st.integers(0, 2**32), st.integers(1, 700), st.integers(1, 3000), st.booleans())
def test_chunks_of_any_size_give_the_same(made, seed, most, chunk, packed):
    sent = render([made.file, made.file])
    whole = read(sent)
    least = 2 if packed else 1  # by two bytes gzip is known
    with patch.object(lexer, "CHUNK", max(least, chunk)):
        back = read(Dribble(gzip.compress(sent, 1, mtime=0) if packed else sent, seed, least, most))
    assert meaning(back) == meaning(whole) == (bare(made.file),) * 2
    assert render(back) == sent


BLANKS = st.sampled_from(("", "", "", "\n", "\r\n", " ", "\n\n", "\t", " \n", "\n "))


@many
@given(any_file, st.data())
def test_white_space_between_segments_changes_no_meaning(made, data):
    mark = made.file.delimiters.segment
    texts = render([replace(made.file, ending="")]).decode("latin-1").split(mark)[:-1]
    regular = data.draw(BLANKS)
    seed = data.draw(st.integers(0, 2**32))
    rng = Random(seed)
    often = data.draw(st.sampled_from((0, 0, 0.02, 0.5)))
    between = [data.draw(BLANKS) if rng.random() < often and place < 40 else regular for place in range(len(texts))]
    start = data.draw(st.sampled_from(("", "\xef\xbb\xbf", "\n", "\xef\xbb\xbf\r\n")))
    whole = start + "".join(f"{text}{mark}{blank}" for text, blank in zip(texts, between, strict=True))
    if data.draw(st.booleans()):
        whole = whole.rstrip(" \r\n\t" + mark)  # the last terminator is missing
    sent = whole.encode("latin-1")
    back = read(sent)
    assert meaning(back) == (bare(made.file),)
    assert render(back) == sent


@many
@given(any_file, st.integers(0, 2**32))
def test_separators_at_the_end_of_a_segment_change_no_meaning(made, seed):
    rng = Random(seed)
    marks_ = made.file.delimiters
    head, *lines = render([made.file]).decode("latin-1").split(marks_.segment)
    lines = [line + marks_.element * rng.choice((0, 0, 1, 4)) if line.strip() else line for line in lines]
    sent = marks_.segment.join([head, *lines]).encode("latin-1")
    back = read(sent)
    assert render(back) == sent
    assert meaning(back) == (bare(made.file),)


# --- whatever comes -------------------------------------------------------------------------------------------------


def edited(data: bytes, rng: Random, mark: bytes) -> bytes:
    """The file with segments deleted, doubled or swapped, or bytes changed."""
    lines = data.split(mark)
    for _ in range(rng.randint(1, 6)):
        at, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        match rng.randrange(8):
            case 0:
                lines.pop(at) if len(lines) > 1 else None
            case 1:
                lines.insert(at, lines[other % len(lines)])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = lines[at][: rng.randint(0, 12)]
            case 4:
                lines[at] += bytes(rng.randrange(256) for _ in range(3))
            case _:
                place = rng.randint(0, max(0, len(lines[at]) - 1))
                byte = rng.choice((rng.randrange(256), *b"*:^~\n\r \x00\xc3A9.-"))
                lines[at] = lines[at][:place] + bytes((byte,)) + lines[at][place + rng.randint(0, 1) :]
    return mark.join(lines)


# What is learnt under some delimiters is kept, so that judging costs little under always the same.
@settings(many, max_examples=100)
@given(
    st.sampled_from(KEYS).flatmap(lambda key: files(key, st.just(STANDARD))),
    st.integers(0, 2**32),
    st.integers(20, 4000),
)
def test_no_edit_of_a_file_makes_the_reader_fail_or_lose_a_byte(made, seed, chunk):
    damaged = edited(render([made.file]), Random(seed), made.file.delimiters.segment.encode())
    try:
        back = read(damaged)
    except X12ReadError:
        with pytest.raises(X12ReadError):
            inspect(damaged)
        return
    assert render(back) == damaged
    with patch.object(lexer, "CHUNK", chunk):
        assert render(read(damaged)) == damaged
    inspect(damaged)
    with suppress(X12ReadError):
        list(walk(damaged, guides_of, units=True))


# --- what it says ---------------------------------------------------------------------------------------------------


@every_guide
def test_our_own_judge_finds_nothing_wrong_with_what_a_guide_allows(key):
    for seed in range(6):
        made = file(key, seed, fullness_of(seed))
        assert made.stable
        found = inspect(render([made.file])).findings
        assert [each for each in found if each.severity is Severity.ERROR] == [], f"seed {seed}"


SUMS = {
    # segment: (element of the amount, field of the struct)
    "CLM": (2, "charge"),
    "SV1": (2, "charge"),
    "SV2": (3, "charge"),
    "SV3": (2, "charge"),
    "SVD": (2, "paid"),
    "AMT": (2, "amount"),
    "CLP": (4, "paid"),
    "SVC": (2, "charge"),
    "BPR": (2, "amount"),
    "RMR": (4, "paid"),
}
MONEY = tuple(key for key in KEYS if key[:3] in ("837", "835", "820"))


def counted_by_hand(data: bytes, element: str, segment: str) -> dict[str, Decimal]:
    """Number of segments and sum of amounts by segment id, and all that CAS takes, by splitting the text alone."""
    found: dict[str, Decimal] = {}
    for line in data.decode("latin-1").split(segment):
        e = line.strip("\r\n").split(element)
        found[f"{e[0]} lines"] = found.get(f"{e[0]} lines", Decimal(0)) + 1
        if e[0] in SUMS:
            found[e[0]] = found.get(e[0], Decimal(0)) + Decimal((*e, "", "", "", "")[SUMS[e[0]][0]] or 0)
        if e[0] == "CAS":
            found["CAS"] = found.get("CAS", Decimal(0)) + sum(Decimal(text or 0) for text in e[3::3])
    del found[" lines"]
    return found


def counted_in_tree(interchange: Interchange) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for segment in segments(interchange):
        name = type(segment).__name__
        found[f"{name} lines"] = found.get(f"{name} lines", Decimal(0)) + 1
        if name in SUMS:
            amount = getattr(segment, SUMS[name][1]) or 0
            found[name] = found.get(name, Decimal(0)) + Decimal(amount) / 100
        if name == "CAS":
            taken = sum(amount or 0 for _, _, amount, _ in segment.adjustments)
            found["CAS"] = found.get("CAS", Decimal(0)) + Decimal(taken) / 100
    return found


@pytest.mark.parametrize("key", MONEY)
@few
@given(data=st.data())
def test_no_amount_and_no_line_is_lost_or_added(key, data):
    made = data.draw(files(key))
    sent = render([made.file])
    (back,) = read(sent)
    marks_ = made.file.delimiters
    assert counted_in_tree(back) == counted_by_hand(sent, marks_.element, marks_.segment)


# --- changed copies -------------------------------------------------------------------------------------------------


def other(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case str():
            return "CHANGED"
        case int() | Decimal():
            return value + 1
        case Period():
            return replace(value, end=value.end + timedelta(1))
        case Composite():
            name = next(name for name in value.__struct_fields__ if getattr(value, name) not in ("", None))
            return replace(value, **{name: other(getattr(value, name))})
        case tuple():
            return (*value, value[0])
    return value + timedelta(1)


def with_changed(branch: Any, at: int, rng: Random) -> tuple[Any, int, Any]:
    """The branch with its segment of that number changed; (branch, segments passed, the changed segment)."""
    body = list(branch.root.body if isinstance(branch, Transaction) else branch.body)
    changed = None
    for place, part in enumerate(body):
        if isinstance(part, (Loop, Group, Transaction)):
            body[place], at, changed = with_changed(part, at, rng)
        elif at == 0:
            names = [
                name for name in part.__struct_fields__ if name != "raw" and getattr(part, name) not in ("", None, ())
            ]
            name = rng.choice(names)
            changed = body[place] = replace(part, **{name: other(getattr(part, name))})
            at = -1
        else:
            at -= 1
        if changed is not None:
            break
    if isinstance(branch, Transaction):
        return replace(branch, root=branch.root.node.cls(tuple(body), branch.root.shape)), at, changed
    if isinstance(branch, Loop):
        return branch.node.cls(tuple(body), branch.shape), at, changed
    return replace(branch, body=body), at, changed


@many
@given(any_file, st.integers(0, 2**32))
def test_a_changed_copy_is_written_as_changed_and_all_else_as_it_was(made, seed):
    rng = Random(seed)
    (back,) = read(render([made.file]))
    before = [segment.raw for segment in segments(back)]
    at = rng.randrange(1, len(before))
    changed, _, segment = with_changed(back, at, rng)
    marks_ = made.file.delimiters
    after = [text.strip("\r\n") for text in render([changed]).decode("latin-1").split(marks_.segment)][:-1]
    under = marks(marks_.component, marks_.repetition)
    assert after[:at] + after[at + 1 :] == before[:at] + before[at + 1 :]
    assert after[at] != before[at]
    assert bare(decode(type(segment), after[at], elements(after[at], marks_), under)) == bare(segment)


# --- what others say ------------------------------------------------------------------------------------------------

# pyx12 has these guides, x12sdk the claims and remittances of them. What they don't know is in tests/x12_plain.py.
JUDGED = ("837P", "837I", "835", "834", "820", "999", "277CA")
JUDGED_BY_X12SDK = ("270", "276", "277")


def plain_files(key: str, count: int) -> dict[str, bytes]:
    return {f"seed {seed}": render([file(key, seed, fullness_of(seed), plain=True).file]) for seed in range(count)}


@pytest.mark.parametrize("key", JUDGED)
def test_the_judges_find_nothing_wrong_with_what_a_guide_allows(key):
    assert judge_files(plain_files(key, 20 if key.startswith("837") else 30)) == {}


@pytest.mark.parametrize("key", JUDGED_BY_X12SDK)
def test_x12sdk_finds_nothing_wrong_with_what_a_guide_allows(key):
    found = {name: judge_x12sdk(data) for name, data in plain_files(key, 30).items()}
    assert {name: errors for name, errors in found.items() if errors} == {}
