"""Cuts a section into blocks: a list item, a row, a title, or a paragraph whose lines a narrow page broke."""

import re
from collections.abc import Iterator

from msgspec import Struct

from superbill.coding.reading.layout import layout
from superbill.coding.reading.model import Kind, Section

LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_ITEM = re.compile(
    r"[ \t\xa0]*[*_]{0,3}(?:"
    r"(?P<number>(?:[Pp]roblem|PROBLEM|Dx|DX|Issue)[ ]?\#?\d{1,2}[ \t]?[.):-]|\(?\d{1,2}[.)](?=[ \t]|[A-Z]|$)"
    r"|\#[ ]?\d{1,2}[.):-]?(?=[ \t])|\(?[a-zA-Z]\)(?=[ \t])|[A-Z]\.(?=[ \t][A-Z][a-z])|[IVX]{1,4}\.(?=[ \t]))"
    r"|(?P<pound>\#{1,4}(?=[ \t]?[A-Z]))"
    r"|(?P<mark>[-–—•*·▪◦‣●○■□➢✓>+](?=[ \t])|•|·|●|▪|o(?=[ \t]{2})))"
    r"[ \t]*(?:\[[ xX]?\][ \t]*)?"
)
_WITHIN = re.compile(
    r"(?<=\s)[•●▪·][ \t]|(?<=[.;!?] )[-–] (?=[A-Z])"
    r"|(?<=[\s:])\(?(?P<number>\d{1,2})[.)] (?=[A-Za-z])"
)
_WRAPPED = re.compile(r"^([^\n|\t]{50,130}[^\s.:;!?|]) ?\r?\n[ \t]{0,12}[a-z]", re.MULTILINE)
_WORD = re.compile(r"\S+")
_LAST = re.compile(r"[A-Za-z.]+$")
_JOINS = re.compile(r"(?:and|or|of|with|without|to|by|due|secondary|than|which|that|from|for|in|on)\b")
_LISTS = frozenset((
    Kind.MEDICATIONS, Kind.ALLERGIES, Kind.PROBLEM_LIST, Kind.MEDICAL_HISTORY, Kind.SURGICAL_HISTORY,
    Kind.IMMUNIZATIONS, Kind.VITALS, Kind.DIAGNOSES, Kind.RESULTS,
))  # fmt: skip


class Block(Struct, frozen=True, gc=False):
    """From `start` (its mark) over `body` (its words) to `end`.

    `mark` is "1" for a number, "#", a bullet, "|" for a row of a table, or ""; `indent` counts columns; `spaced` when
    an empty line or the section's heading comes before.
    """

    start: int
    body: int
    end: int
    mark: str
    indent: int
    spaced: bool


def width(text: str) -> int:
    """The columns at which the note's lines were broken; 0 when they weren't."""
    lengths = [match.end(1) - match.start(1) for match in _WRAPPED.finditer(text)]
    return max(lengths) if len(lengths) > 1 else 0


def blocks(text: str, section: Section, columns: int) -> Iterator[Block]:
    """The blocks of a section in order."""
    held: Block | None = None
    last_end, last_start = section.body, section.body
    for line in LINE.finditer(text, section.body, section.end):
        start, end = line.span()
        said = line[0].rstrip()
        end = start + len(said)
        bare = said.lstrip()
        if not bare:
            continue
        begin = end - len(bare)
        gap = text.count("\n", last_end, start) > 1 or (last_end == section.body and held is None)
        item = _ITEM.match(text, start, end)
        row = "\t" in bare or bare.count("|") > 1
        if held and not gap and not item and not row and held.mark != "|" and _goes_on(
            text, section.kind, text[last_start:last_end], begin, end, columns
        ):  # fmt: skip
            held = Block(held.start, held.body, end, held.mark, held.indent, held.spaced)
        else:
            if held:
                yield from _parts(text, held)
            mark = "" if not item else ("1" if item["number"] else "#" if item["pound"] else item["mark"].strip())
            body = item.end() if item else begin
            held = Block(begin, min(body, end), end, "|" if row and not item else mark, begin - start, gap)
        last_start, last_end = begin, end
    if held:
        yield from _parts(text, held)


def _goes_on(text: str, kind: Kind, before: str, begin: int, end: int, columns: int) -> bool:
    """Does a line go on with the phrase of the line before?"""
    first = text[begin]
    if columns:
        word = _WORD.match(text, begin, end)
        if word and len(before) + 1 + len(word[0]) > columns:
            return not (first.isupper() and before.endswith((".", ":", ";")) and len(before) < columns * 0.6)
    if _JOINS.match(text, begin, end) and not before.endswith((".", ":")):
        return True
    last = _LAST.search(before[-20:])
    ending = last[0] if last else ""
    if ending.endswith("."):
        return ending[:-1].casefold() in ("dr", "mr", "mrs", "ms", "vs", "e.g", "i.e")
    if before.endswith(",") or (ending.islower() and ending in layout().goes_on and len(before) > 25):
        return True
    return first.islower() and not before.endswith((":", ";", "!", "?")) and len(before) >= 45 and kind not in _LISTS


def _parts(text: str, block: Block) -> Iterator[Block]:
    """A block whose line holds several items is several: "1) HTN 2) DM", "• Hypothyroidism. • Acne"."""
    if block.end - block.body < 8 or block.mark == "|":
        yield block
        return
    first = text[block.start : block.body].strip(" \t()[].*#")
    expected = int(first) + 1 if first.isdecimal() else 1
    cuts: list[tuple[int, int, str]] = []
    for match in _WITHIN.finditer(text, block.body, block.end):
        if match["number"] is None:
            cuts.append((match.start(), match.end(), match[0].strip()))
        elif int(match["number"]) == expected:
            cuts.append((match.start(), match.end(), "1"))
            expected += 1
    numbers = [cut for cut in cuts if cut[2] == "1"]
    if len(numbers) == 1 and block.mark != "1":
        cuts.remove(numbers[0])
    start, body, mark, spaced = block.start, block.body, block.mark, block.spaced
    for at, after, sign in cuts:
        if text[body:at].strip():
            yield Block(start, body, _trimmed(text, body, at), mark, block.indent, spaced)
        start, body, mark, spaced = at, after, sign, False
    yield Block(start, body, block.end, mark, block.indent, spaced)


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())
