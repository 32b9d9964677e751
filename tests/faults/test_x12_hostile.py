"""Input made to hang or to fill the memory: work grows with the input and no faster, memory not at all.

The inputs are those that `python -m bench hostile` measures at 10 MB.
"""

import gc
import gzip
import io
import sys
import tracemalloc
import weakref
from collections.abc import Iterator

import pytest
from bench.hostile import CASES, GS, HEAD, ISA
from fuzz.targets import refused

from superbill.x12 import codec, floods, inspection, judgements, judging, letters, lexer, opening, pattern
from superbill.x12 import program as programs
from superbill.x12.errors import X12ReadError
from superbill.x12.inspection import inspect
from superbill.x12.library import guides_of
from superbill.x12.program import program
from superbill.x12.render import rendered
from superbill.x12.walk import walk

MEMOS = (
    (codec, "_REMEMBERED"), (judgements, "_REMEMBERED"), (judgements, "_PASSED"), (judging, "_REMEMBERED"),
    (letters, "_KNOWN_OF_A_LETTER"), (pattern, "_REMEMBERED"),
)  # fmt: skip
SMALL = 5_000
LARGE = 1_200_000  # more than the longest segment and the largest piece of any case
PIECES = {name for name, case in CASES.items() if len(case(SMALL)) == len(case(2 * SMALL))}  # larger than SMALL


def judged(data: bytes) -> int:
    try:
        return len(inspect(io.BytesIO(data)).findings)
    except X12ReadError as error:
        refused(error)
        return 0


def kept(data: bytes) -> int:
    try:
        return sum(map(len, rendered(list(walk(io.BytesIO(data), guides_of, units=False, keep=True)))))
    except X12ReadError:
        return 0


def steps(use, data: bytes) -> int:
    """How many functions are called, those of the interpreter included."""
    for _ in range(16):
        use(data)  # what is compiled and learnt once is no work of the input
    count = 0

    def step(_frame, event, _argument):
        nonlocal count
        count += event in ("call", "c_call")

    gc.disable()
    sys.setprofile(step)
    try:
        use(data)
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


@pytest.mark.parametrize("use", [judged, kept])
@pytest.mark.parametrize("name", sorted(set(CASES) - PIECES))
def test_twice_the_input_is_at_most_twice_the_work(name, use):
    head = steps(use, ISA.encode())
    once, twice = (steps(use, CASES[name](size)) for size in (SMALL, 2 * SMALL))
    assert twice - head < 2.4 * max(once - head, 1_000), (head, once, twice)


@pytest.mark.parametrize("name", ["almost headers", "almost headers behind blanks"])
def test_a_long_segment_is_searched_once_for_headers(name):
    once, twice = (steps(judged, CASES[name](size)[:-1]) for size in (4 * lexer.CHUNK, 8 * lexer.CHUNK))
    assert twice < 2.4 * once, (once, twice)


@pytest.mark.parametrize("name", sorted(PIECES))
def test_a_segment_of_a_megabyte_is_answered(name):
    data = CASES[name](LARGE)
    assert len(data) > SMALL or "bomb" in name
    judged(data)
    assert kept(data) in (0, len(data))


# --- memory ---------------------------------------------------------------------------------------------------------

CLAIM = "CLM*A{0}*100***11:B:1*Y*A*Y*Y~HI*ABK:E119~LX*1~SV1*HC:99213*100*UN*1***1~DTP*472*D8*20260101~REF*6R*L{0}~"


class Endless(io.RawIOBase):
    """A file of so many pieces that is never in memory as a whole."""

    def __init__(self, head: str, piece: str, times: int) -> None:
        super().__init__()
        self.parts: Iterator[str] = (head if not at else piece.format(at) for at in range(times + 1))
        self.left = b""

    def read(self, size: int = -1) -> bytes:
        while len(self.left) < size and (part := next(self.parts, "")):
            self.left += part.encode("latin-1")
        found, self.left = self.left[:size], self.left[size:]
        return found


def peak(use, source) -> int:
    gc.collect()
    tracemalloc.start()
    try:
        use(source)
    finally:
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    return most


def streamed(source) -> None:
    for _ in walk(source, guides_of, units=True):
        pass


def inspected(source) -> None:
    judged_ = inspect(source)
    assert judged_.interchanges


@pytest.mark.parametrize("use", [streamed, inspected])
@pytest.mark.parametrize(
    "head, piece",
    [
        (HEAD, CLAIM),
        (HEAD, "~ \n"),
        (HEAD, "CLM*{0}~"),
        (ISA, "ZZ{0}~"),
        (ISA, "SE*{0}~GE~"),
    ],
    ids=["claims", "empty segments", "broken claims", "segments outside", "ends of envelopes"],
)
def test_memory_does_not_grow_with_the_file(use, head, piece, monkeypatch):
    monkeypatch.setattr(lexer, "CHUNK", 2048)
    monkeypatch.setattr(judging, "_MOST_FLAWS", 50)
    monkeypatch.setattr(inspection, "_MOST_NOTES", 50)
    monkeypatch.setattr(opening, "_MOST_FINDINGS", 50)
    for module, name in MEMOS:  # what is remembered ends, too: here soon
        monkeypatch.setattr(module, name, 64)
    use(Endless(head, piece, 1600))  # and has learnt all
    once, more = (peak(use, Endless(head, piece, times)) for times in (400, 1600))
    assert more < 1.5 * once + 20_000


@pytest.mark.parametrize("inside", [b"A" * 30_000_000, b"\n" * 3_000_000], ids=["a segment", "blanks"])
def test_a_bomb_is_not_unpacked_as_a_whole(inside):
    bomb = gzip.compress(HEAD.encode() + inside)

    def use(data):
        with pytest.raises(X12ReadError) as error:
            inspect(data)
        assert error.value.finding.rule == "x12.segment.endless"

    assert peak(use, bomb) < 12 * lexer.LONGEST_SEGMENT


def test_findings_are_bounded(monkeypatch):
    monkeypatch.setattr(judging, "_MOST_FLAWS", 20)
    monkeypatch.setattr(inspection, "_MOST_NOTES", 20)
    for name in ("wrong segments", "wrong lines", "unknown segments", "segments outside", "a million groups"):
        assert judged(CASES[name](SMALL)) <= 50, name


def test_no_memo_keeps_endless_texts():
    texts = [f"{number}{'1' * 2000}" for number in range(300)]
    data = (HEAD + "".join(f"AMT*F5*{text}~HI*ABK:{text}~K3*{text}~DTP*472*D8*{text}~" for text in texts)).encode()
    judged(data)
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    judged(data.replace(b"1111", b"2222"))
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 100_000


@pytest.mark.parametrize(
    "use", [inspect, lambda data: list(walk(data, guides_of, units=False))], ids=["judged", "kept"]
)
def test_a_flood_of_segments_with_nothing_in_them_is_refused(use):
    with pytest.raises(X12ReadError) as found:
        use((HEAD + "LX*1~" * 8 * lexer.CHUNK).encode())
    assert found.value.finding.rule == "x12.flood.segments"


def test_a_loop_without_end_is_refused():
    with pytest.raises(X12ReadError) as found:
        inspect((HEAD + "NTE*ADD*A LONG STORY~" * 110_000).encode())
    assert found.value.finding.rule == "x12.flood.loop"


def test_many_small_lines_of_a_real_claim_are_no_flood():
    lines = "".join(f"LX*{number}~SV1*HC:99213*1*UN*1***1~" for number in range(1, 20_000))
    assert inspect((HEAD + lines).encode()).findings


@pytest.mark.parametrize(
    "piece, rule",
    [
        ("", "x12.flood.envelopes"),
        ("GS*HC~", "x12.flood.envelopes"),
        ("TA1*1~", "x12.flood.envelopes"),
        ("ZZZ*1~", "x12.flood.envelopes"),
        ("ST*837*1~SE*2*1~", "x12.flood.envelopes"),
    ],
)
def test_envelopes_around_nothing_are_refused(piece, rule, monkeypatch):
    monkeypatch.setattr(floods, "_IDLE", 50)
    with pytest.raises(X12ReadError) as found:
        inspect((ISA + piece * 40).encode() * 60)
    assert found.value.finding.rule == rule


def test_many_small_sets_are_no_flood(monkeypatch):
    monkeypatch.setattr(floods, "_IDLE", 5)
    inspect((ISA + GS + "ST*837*1*005010X222A1~BHT*0019*00*1*20260101*1200*CH~SE*3*1~" * 40).encode())


def test_many_interchanges_under_the_same_separators_are_no_flood(monkeypatch):
    monkeypatch.setattr(floods, "_CHANGES", 10)
    assert inspect(ISA.encode() * 50).interchanges


def test_separators_that_change_all_the_time_are_refused(monkeypatch):
    monkeypatch.setattr(floods, "_CHANGES", 10)
    with pytest.raises(X12ReadError) as found:
        inspect((ISA + ISA.replace(":~", ">~")).encode() * 10)
    assert found.value.finding.rule == "x12.flood.separators"


@pytest.mark.parametrize("units", [True, False], ids=["streamed", "kept"])
def test_levels_that_hold_no_claims_are_refused(units, monkeypatch):
    monkeypatch.setattr(floods, "_LEVELS", 50)
    levels = "".join(f"HL*{number}*{number - 1}*22*1~" for number in range(3, 70))
    with pytest.raises(X12ReadError) as found:
        list(walk((HEAD + levels).encode(), guides_of, units=units))
    assert found.value.finding.rule == "x12.flood.levels"


def test_many_levels_with_a_claim_each_are_no_flood(monkeypatch):
    monkeypatch.setattr(floods, "_LEVELS", 5)
    claims = "".join(f"HL*{number}*1*22*0~SBR*P*18~CLM*{number}*1~" for number in range(3, 70))
    assert inspect((HEAD + claims).encode()).findings


def test_segments_none_of_which_can_be_read_are_refused(monkeypatch):
    monkeypatch.setattr(floods, "_UNREADABLE", 50)
    wrong = "".join(f"LX*{number}~SV1*HC:99213*A*UN*1***1~" for number in range(1, 60))
    with pytest.raises(X12ReadError) as found:
        inspect((HEAD + wrong).encode())
    assert found.value.finding.rule == "x12.flood.unreadable"


def test_what_is_unreadable_in_many_sets_is_no_flood(monkeypatch):
    monkeypatch.setattr(floods, "_UNREADABLE", 5)
    wrong = HEAD[len(ISA + GS) :] + "LX*1~SV1*HC:99213*A*UN*1***1~" * 4 + "SE*1*0001~"
    assert inspect((ISA + GS + wrong * 10).encode()).findings


def test_letters_of_codes_that_never_end_are_forgotten(monkeypatch):
    monkeypatch.setattr(programs._COMMON, "plans", programs.Plans())  # nobody else has these
    first = weakref.ref(program(lexer.STANDARD).plans)
    judged((HEAD + "".join(f"REF*{number}~" for number in range(10_000, 30_000))).encode())
    gc.collect()
    assert first() is None
