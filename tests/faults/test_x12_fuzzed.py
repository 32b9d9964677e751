"""What fuzzing found, and what reading the code with a hostile eye did: each a small input that was once wrong."""

import gzip
from io import BytesIO

import pytest
from fuzz.targets import judge, read
from msgspec.structs import replace
from tests.x12_valid import KEYS, base, enveloped, written

from superbill.x12 import lexer
from superbill.x12.errors import X12ReadError
from superbill.x12.inspection import inspect
from superbill.x12.lexer import Lexer
from superbill.x12.library import guides_of
from superbill.x12.render import render
from superbill.x12.tree import Unplaced
from superbill.x12.walk import walk

CLAIM = written(enveloped("837P", base("837P")))
PAYMENT = written(enveloped("835", base("835")))
ISA = CLAIM[:106]
OTHER = CLAIM.replace(b"*", b"|").replace(b"~\n", b"\n").replace(b":", b">")


def segments(data: bytes) -> list[tuple[str, str]]:
    return [(batch.delimiters.segment, raw) for batch in Lexer(BytesIO(data)).batches() for raw in batch.segments]


@pytest.mark.parametrize(
    "data",
    [
        CLAIM.replace(b"BHT*", b"\x00BHT*"),
        CLAIM.replace(b"~\nBHT*", b"~\0\nBHT*").replace(b"*RIVERA*", b"*RIV\n\0ERA*"),
        CLAIM.replace(b"~\n", b"~").replace(b"BHT*", b"\n\0BHT*").replace(b"*RIVERA*", b"*RIV\0ERA*"),
        CLAIM.replace(b"*RIVERA*", b"*RIVERA\t*").replace(b"*ELENA*", b"*\xff\x00 *"),
        CLAIM.replace(b"LAKESIDE       ", b"CAF\xc9           "),
        CLAIM.replace(b"LAKESIDE       ", b"CAF\xc3\x89          "),
        CLAIM.replace(b"~\nBHT", b"~~\n~ ~BHT").replace(b"~\nHL", b"~\n\n\r~HL"),
        CLAIM.replace(b"~\nGS", b"~\n\nGS") + b"\n" + OTHER.replace(b"\nGS", b"\n\n \nGS") + b"  " + CLAIM,
        CLAIM.rstrip(b"~\n") + b"\n\n",
        ISA + b"~",
        b"\xef\xbb\xbf" + CLAIM,
    ],
    ids=[
        "NUL before a segment", "NUL after an ending", "NUL in an element", "tab before a separator",
        "Latin-1 in the ISA", "UTF-8 in the ISA", "empty segments", "blanks in several interchanges",
        "no last terminator", "a header only", "BOM",
    ],
)  # fmt: skip
def test_what_is_read_is_rendered_to_the_byte(data):
    read(data)


@pytest.mark.parametrize("chunk", [1, 3, 4, 50, 107, len(CLAIM) - 1, len(CLAIM), len(CLAIM) + 3])
def test_an_interchange_that_begins_with_a_chunk_has_its_own_delimiters(chunk, monkeypatch):
    whole = segments(CLAIM + OTHER + CLAIM)
    assert {mark for mark, _ in whole} == {"~", "\n"}
    monkeypatch.setattr(lexer, "CHUNK", chunk)
    assert segments(CLAIM + OTHER + CLAIM) == whole


def test_a_stream_that_gives_less_than_was_asked_for_is_read():
    class Dripping(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(7, size or 7))

    assert segments(CLAIM) == [
        (batch.delimiters.segment, raw) for batch in Lexer(Dripping(CLAIM)).batches() for raw in batch.segments
    ]


def test_a_segment_whose_id_begins_like_a_header_is_none():
    data = CLAIM.replace(b"BHT*", b"ISAB*1~\nBHT*")
    assert ("~", "ISAB*1") in segments(data)
    read(data)


def test_blanks_without_end_before_a_header_do_not_hide_it():
    data = CLAIM + b" " * 5000 + OTHER
    assert len({mark for mark, _ in segments(data)}) == 2
    read(data)


@pytest.mark.parametrize("wrap", [bytes, BytesIO], ids=["bytes", "stream"])
def test_a_compressed_file_reads_like_the_file(wrap):
    packed = gzip.compress(CLAIM[:500]) + gzip.compress(CLAIM[500:])
    assert render(walk(wrap(packed), guides_of, units=False, keep=True)) == CLAIM
    assert inspect(wrap(packed)).findings == inspect(CLAIM).findings


@pytest.mark.parametrize("end", [3, 12, 200, -9, -4, -1])
def test_a_compressed_file_that_is_cut_off_is_refused(end):
    with pytest.raises(X12ReadError) as refused:
        inspect(gzip.compress(CLAIM)[:end])
    assert refused.value.finding.rule == "x12.gzip" and refused.value.finding.fix


@pytest.mark.parametrize("mark", ["U", " ", "*", ":", "é"])
def test_what_can_not_separate_repetitions_separates_none(mark):
    data = CLAIM.decode().replace("*^*00501", f"*{mark}*00501").encode("latin-1")
    if mark == "*":  # an element more
        with pytest.raises(X12ReadError):
            segments(data)
    else:
        assert next(Lexer(data).batches()).delimiters.repetition == ""
        read(data)


def test_repetitions_may_be_separated_by_a_control_character():
    assert next(Lexer(CLAIM.replace(b"*^*00501", b"*\x1d*00501")).batches()).delimiters.repetition == "\x1d"


@pytest.mark.parametrize(
    "place, mark", [(3, b"\n"), (3, b"\xa7"), (104, b"\r"), (105, b"\xb6"), (105, b" "), (3, b"A")]
)
def test_a_header_of_unusable_separators_is_refused(place, mark):
    old = CLAIM[place : place + 1]
    with pytest.raises(X12ReadError) as refused:
        segments(CLAIM.replace(old, mark) if old != b"~" else CLAIM.replace(b"~", mark))
    assert refused.value.finding.rule in ("x12.isa.delimiters", "x12.isa.truncated")


@pytest.mark.parametrize("key", KEYS)
def test_every_sound_file_passes_what_fuzzing_asks(key):
    file = written(enveloped(key, base(key)))
    read(file)
    judge(file[: len(file) // 2].rpartition(b"~")[0] + b"~")


def test_the_marks_of_a_file_do_not_leak_into_the_next():
    """The segment is known under other separators: it is a K3 there, and here nothing."""
    one = CLAIM.replace(b"*", b"|").replace(b"HI|", b"K3|A*B~\nHI|")
    two = CLAIM.replace(b"HI*", b"K3|A*B~\nHI*")
    for _ in range(2):
        read(one)
        read(two)
        assert any(each.rule.startswith("x12.segment.un") for each in inspect(two).findings)


def test_what_was_read_unjudged_is_judged_all_the_same():
    wrong = PAYMENT.replace(b"AMT*B6*100", b"AMT*B6*1OO").replace(b"LQ*HE*N130", b"LQ*HE*N13X")
    fresh = [each.rule for each in inspect(wrong).findings]
    read(wrong)
    assert [each.rule for each in inspect(wrong).findings] == fresh != []


@pytest.mark.parametrize(
    "old", [b"*101~\nIEA", b"ST*837*0001", b"HL*1*", b"DTP*472*D8*20261102", b"*0001~\nGE", b"GS*HC"]
)
def test_a_message_does_not_repeat_an_endless_value(old):
    spoiled = CLAIM.replace(old, old.replace(b"1", b"1" + b"\0" * 9000).replace(b"HC", b"H" * 9000))
    assert spoiled != CLAIM
    judge(spoiled)


@pytest.mark.parametrize("chunk", [7, 97, 1 << 18])
def test_half_a_byte_order_mark_belongs_to_its_segment(monkeypatch, chunk):
    monkeypatch.setattr(lexer, "CHUNK", chunk)
    header = "ISA*00*          *00*          *ZZ*A              *ZZ*B              *261102*1015*^*00501*000000101*0*T*:"
    data = f"{header}~\nGS*HC~ \n\xbf\xb4*5~\nIEA*1*1~\n".encode("latin-1")
    found = [each for batch in lexer.Lexer(data).batches() for each in batch.segments]
    assert found == [header, "GS*HC", "\xbf\xb4*5", "IEA*1*1"]


def test_a_raw_text_that_no_file_can_hold_is_not_written():
    (interchange,) = walk(CLAIM, guides_of, units=False, keep=True)
    header = replace(interchange.header, raw="ISA*\u0416\u03a9")
    made = replace(interchange, body=[header, *interchange.body[1:]])
    assert render([made]) == CLAIM
    unplaced = Unplaced("ZZZ*\u03a9", ("ZZZ", "\u03a9"))
    made = replace(interchange, body=[*interchange.body[:-1], unplaced, interchange.body[-1]])
    assert "ZZZ*\u03a9~".encode() in render([made])
