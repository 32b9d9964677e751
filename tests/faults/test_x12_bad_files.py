"""Whatever is thrown at the readers: they answer, or say with X12ReadError why they can't. Nothing else, ever."""

import random
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.x12_samples import CLAIM, REMITTANCE, batch, payment

from superbill.x12 import (
    X12ReadError,
    acknowledge,
    identify,
    read_277ca,
    read_835,
    read_837p,
    read_999,
    read_claims,
    validate,
)
from superbill.x12.lexer import CHUNK, LONGEST_SEGMENT

READERS = (read_claims, read_837p, read_835, read_999, read_277ca, identify, validate, acknowledge)
CLAIMS, PAYMENT = batch(), payment()
ISA = CLAIMS[:107].decode()


def use(data: bytes) -> None:
    """Give `data` to every reader; only X12ReadError may come out."""
    for read in READERS:
        try:
            list(read(BytesIO(data)))
        except X12ReadError as refused:
            assert refused.finding.message and refused.finding.fix


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=300).map(lambda text: (ISA + text).encode()))
def test_random_bytes_are_answered(data):
    use(data)


@pytest.mark.parametrize("data", [CLAIMS, PAYMENT], ids=["837P", "835"])
def test_a_file_cut_anywhere_is_answered(data):
    for end in range(0, len(data), 7):
        use(data[:end])


@pytest.mark.parametrize("data", [CLAIMS, PAYMENT], ids=["837P", "835"])
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_is_answered(data, seed):
    dice = random.Random(seed)
    for _ in range(40):
        damaged = bytearray(data)
        for _ in range(dice.randint(1, 8)):
            damaged[dice.randrange(len(damaged))] = dice.choice(b"*~:^0A \n\xff\x00")
        use(bytes(damaged))
        segments = data.split(b"~\n")
        dice.shuffle(segments)
        use(ISA.encode() + b"~\n".join(segments) + b"~")


@pytest.mark.parametrize(
    "data, rule",
    [
        (b"", "x12.not-x12"),
        (b"MSH|^~\\&|lab", "x12.not-x12"),
        (b"\x1f\x8b\x08\x00", "x12.gzip"),
        (b"ISA*00*", "x12.isa.truncated"),
        (CLAIMS[:-30], "x12.truncated"),
        (ISA.replace(":~", "AA").encode() + b"GS", "x12.isa.delimiters"),
    ],
)
def test_what_is_not_x12_is_refused_with_its_rule(data, rule):
    with pytest.raises(X12ReadError) as refused:
        validate(data)
    assert refused.value.finding.rule == rule


def test_an_endless_segment_is_refused_before_it_fills_the_memory():
    with pytest.raises(X12ReadError, match="runs over"):
        validate(CLAIMS[:300] + b"A" * (LONGEST_SEGMENT + 2 * CHUNK))


@pytest.mark.parametrize(
    "convert",
    [
        lambda data: data.replace(b"~\n", b"~"),
        lambda data: data.replace(b"~\n", b"~\r\n"),
        lambda data: data.replace(b"~\n", b"\n"),
        lambda data: data.replace(b"~\n", b"\r\n"),
        lambda data: b"\xef\xbb\xbf" + data + b"  \r\n\x1a",
        lambda data: data.rstrip(b"~\n"),
        lambda data: data.replace(b"*", b"|").replace(b":", b">").replace(b"^", b"!"),
        lambda data: data.replace(b"*", b"\x1d").replace(b"~\n", b"\x1e"),
    ],
    ids=["one line", "CRLF after", "newline", "CRLF", "BOM and tail", "no last terminator", "pipes", "control marks"],
)
def test_every_delimiter_and_newline_habit_reads_the_same(convert):
    assert list(read_claims(convert(CLAIMS))) == [CLAIM]
    assert [each for _, each in read_835(convert(PAYMENT))] == [REMITTANCE]
    assert validate(convert(CLAIMS)) == []


def test_several_interchanges_with_their_own_delimiters_are_read_in_turn():
    other = CLAIMS.replace(b"*", b"|").replace(b"~\n", b"\n")
    assert list(read_claims(CLAIMS + b"\n" + other + PAYMENT + CLAIMS)) == [CLAIM] * 3
    assert [identifier for identifier, _ in identify(CLAIMS + other + PAYMENT)] == ["837", "837", "835"]


def test_a_file_is_read_the_same_however_its_chunks_fall():
    class Dripping(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(11, size or 11))

    assert list(read_claims(Dripping(CLAIMS * 3))) == [CLAIM] * 3


def test_what_can_not_be_read_is_a_finding_and_the_rest_is_there():
    damaged = CLAIMS.replace(b"SV1*HC:71046*80.5*", b"SV1*HC:71046*8O.5*").replace(
        b"DMG*D8*19800102", b"DMG*D8*19809902"
    )
    [(found, [claim])] = list(read_837p(damaged))
    assert [line.charge for line in claim.lines] == [120_00, 0]
    assert claim.patient.birth_date is None and claim.patient.sex == "F"
    assert [(each.where.loop, each.where.element) for each in found.findings] == [
        ("2010BA", "DMG02"),
        ("2400", "SV102"),
    ]


def test_segments_that_no_field_takes_are_counted_not_lost_silently():
    more = CLAIMS.replace(b"HI*ABK", b"CN1*09~\nCRC*75*Y*IH~\nCRC*E1*Y*L1~\nHI*ABK").replace(b"SE*29", b"SE*32")
    [(found, _)] = list(read_837p(more))
    assert [each.message for each in found.findings] == [
        "1 CN1 in loop 2300 not carried into the document.",
        "2 CRC in loop 2300 not carried into the document.",
    ]
