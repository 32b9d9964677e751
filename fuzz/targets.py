"""What must hold of any bytes. A target raises AssertionError, or what no reader may raise, where it doesn't."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

from tests.strategies_parts import ENVELOPE

from fuzz.edits import edited
from superbill.findings import Finding, errors
from superbill.x12 import answers, claim_answers, lexer
from superbill.x12.documents import functional_999, interchange_ta1, status_277ca
from superbill.x12.errors import X12ReadError
from superbill.x12.inspection import inspect
from superbill.x12.lexer import Lexer, chunks
from superbill.x12.library import guides_of
from superbill.x12.render import render
from superbill.x12.tools.jsonform import to_json
from superbill.x12.tools.jsonread import from_json
from superbill.x12.tools.words import ToolError
from superbill.x12.tree import Interchange, Loop, Record, Transaction
from superbill.x12.walk import walk

LONGEST_MESSAGE = 500
GZIP = b"\x1f\x8b"


def told(finding: Finding) -> None:
    """A finding says what is wrong, and where, in few words."""
    assert finding.rule and finding.message, finding
    assert len(finding.message) <= LONGEST_MESSAGE, finding.message


def refused(error: X12ReadError) -> None:
    """A refusal says besides what to do."""
    told(error.finding)
    assert error.finding.fix, error.finding
    assert error.finding.where.position is not None or error.finding.rule == "x12.gzip", error.finding


def kept(data: bytes) -> list[Interchange] | None:
    """The tree of a file, None for one that is refused."""
    try:
        found = list(walk(data, guides_of, units=False, keep=True))
    except X12ReadError as error:
        refused(error)
        return None
    assert all(isinstance(each, Interchange) for each in found)
    return found  # type: ignore[return-value] # as asserted


def plain(data: bytes) -> bytes:
    """What a compressed file holds; anything else as it is."""
    return b"".join(chunk.encode("latin-1") for chunk in chunks(data))


def read(data: bytes) -> None:
    """Read and rendered again it is the same to the byte, and the same segments come however its chunks fall."""
    tree = kept(data)
    if tree is not None:
        assert render(tree) == plain(data)
        streamed(data, tree)
    if not data.startswith(GZIP):  # how far a damaged one can be unpacked depends on its chunks
        small(data)


def small(data: bytes) -> None:
    """Chunks of a few bytes say the same as one."""
    whole, chunk = _segments(data), lexer.CHUNK
    try:
        for lexer.CHUNK in (1 + len(data) % 13, 97):
            assert _segments(data) == whole
    finally:
        lexer.CHUNK = chunk


def _segments(data: bytes) -> object:
    found = []
    source = Lexer(BytesIO(data), keep=True)
    try:
        for batch in source.batches():
            found += [(batch.delimiters, batch.ending, raw) for raw in batch.segments]
    except X12ReadError as error:
        return error.finding.rule
    return found, source.blanks


def streamed(data: bytes, tree: list[Interchange]) -> None:
    """The units that are streamed are those of the tree."""
    units = [unit for each in tree for group in each.groups for ts in group.transactions for unit in _units(ts.root)]
    streams = [each for each in walk(data, guides_of, units=True) if isinstance(each, Record | Transaction)]
    assert [each.unit for each in streams if isinstance(each, Record)] == units


def _units(loop: Loop) -> list[Loop]:
    if loop.node.rule.unit:
        return [loop]
    return [unit for part in loop.body if isinstance(part, Loop) for unit in _units(part)]


def judge(data: bytes) -> None:
    """Judged, it has findings that can be told, and its answers are valid files themselves."""
    try:
        found = inspect(BytesIO(data))
    except X12ReadError as error:
        refused(error)
        return
    for finding in found.findings:
        told(finding)
    proven(interchange_ta1.answer(answers.interchanges(found), ENVELOPE))
    if groups := answers.functional(found):
        proven(functional_999.answers(groups, ENVELOPE))
    if claims := claim_answers.claims(data, found, received=date(2026, 11, 3), rejects=answers.FRONT_END):
        proven(status_277ca.answers(claims, ENVELOPE))


def proven(answer: Interchange) -> None:
    """An answer has no errors."""
    file = render([answer])
    assert not errors(inspect(file).findings), file


def structured(data: bytes) -> None:
    """A valid file, edited as the data says: all of the above."""
    file = edited(data)
    read(file)
    judge(file)
    json(b"".join(to_json(file)) if kept(file) is not None else file, file)


def json(data: bytes, same: bytes | None = None) -> None:
    """JSON is read or refused with ToolError; a file's own makes the same file."""
    try:
        made = from_json(data)
    except ToolError as error:
        assert str(error)
        return
    sent = render(made)
    assert same is None or sent == plain(same)


def from_anything(data: bytes) -> None:
    """JSON that nobody wrote."""
    json(data)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "read": read,
    "judge": judge,
    "structured": structured,
    "json": from_anything,
}
