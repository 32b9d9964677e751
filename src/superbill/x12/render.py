"""From the tree to bytes. What was read and not changed goes out as it came in, to the byte."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, cast

from superbill.x12.codec import Marks, decode, encoder, marks
from superbill.x12.lexer import Delimiters, tidy
from superbill.x12.nodes import Node
from superbill.x12.standard.base import Segment
from superbill.x12.tree import UNPLACED, Group, Interchange, Loop, Transaction, Unplaced

Branch = Loop | Group | Interchange


@cache
def _own(node: Node) -> bytes:
    """The places of a loop's parts that are segments, and what has no place."""
    return bytes([slot.index for slot in node.slots] + [UNPLACED])


def segments(branch: Branch) -> list[Segment]:
    """Every segment of a tree, in order."""
    found: list[Segment] = []
    _gather(branch, found)
    return found


def _gather(branch: Branch, found: list[Segment]) -> None:
    if isinstance(branch, Loop) and not branch.shape.translate(None, _own(branch.node)):
        found += cast("tuple[Segment, ...]", branch.body)  # most loops have no loops in them
        return
    for part in branch.body:
        if isinstance(part, Segment):
            found.append(part)
        else:
            _gather(part.root if isinstance(part, Transaction) else part, found)


_PROVEN = 1 << 13  # segments that are known to say what their raw texts say


class _Encoders(dict[type[Segment], Callable[[Any], str]]):
    """How the fields of each class are written under the delimiters of one interchange."""

    def __init__(self, delimiters: Delimiters) -> None:
        super().__init__()
        self.under: Marks = marks(delimiters.component, delimiters.repetition)
        self.separator = delimiters.element

    def __missing__(self, cls: type[Segment]) -> Callable[[Any], str]:
        made = self[cls] = self._unplaced if cls is Unplaced else encoder(cls, self.under, self.separator)
        return made

    def _unplaced(self, segment: Unplaced) -> str:
        return segment.raw or self.separator.join(segment.elements)


class Renderer:
    """Segments to text under the delimiters of one interchange."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.encoders = _Encoders(delimiters)
        self.proven: dict[str, Segment] = {}  # by their texts: what the reader shares is not written over and over

    def text(self, segment: Segment) -> str:
        """The text of a segment: its raw text where that still says the same, else that of its fields."""
        return self.texts((segment,))[0]

    def texts(self, segments: Iterable[Segment]) -> list[str]:
        """The text of each; all but always the fields make the very text that was read, and no more need be asked."""
        encoders, proven = self.encoders, self.proven
        texts = []
        for segment in segments:
            raw = segment.raw
            if proven.get(raw) is segment:
                texts.append(raw)
                continue
            text = encoders[type(segment)](segment)
            if text != raw:
                if not text.isascii():
                    text = text.encode("utf-8").decode("latin-1")
                if raw and raw != text and self._says(raw, segment):
                    text = raw
            elif not text.isascii() and max(text) > "\xff":  # as text, not as bytes: nobody read it
                text = text.encode("utf-8").decode("latin-1")
            elif len(proven) < _PROVEN:
                proven[raw] = segment
            texts.append(text)
        return texts

    def _says(self, raw: str, segment: Segment) -> bool:
        """Whether raw text still says what the fields say, as it is or tidied; what no bytes can say, it never does."""
        separator, under = self.encoders.separator, self.encoders.under
        try:
            tidied = tidy(raw, separator)
        except UnicodeEncodeError:  # a character beyond Latin-1: nobody read it
            return False
        e = raw.split(separator)
        if decode(type(segment), raw, e, under) == segment:
            return True
        return tidied != e and decode(type(segment), raw, tidied, under) == segment

    def fresh(self, segment: Segment) -> str:
        """The text of a segment's fields."""
        text = self.encoders[type(segment)](segment)
        return text if text.isascii() else text.encode("utf-8").decode("latin-1")


def render(interchanges: Iterable[Interchange]) -> bytes:
    """The file that the interchanges make."""
    return b"".join(rendered(interchanges))


def rendered(interchanges: Iterable[Interchange]) -> Iterator[bytes]:
    """The same, an interchange at a time."""
    last: Interchange | None = None
    after = 0
    for interchange in interchanges:
        texts = Renderer(interchange.delimiters).texts(segments(interchange))
        before = interchange.blanks.get(interchange.position, "" if last is None else last.ending)
        last, after = interchange, interchange.position + len(texts)
        yield (before + _joined(interchange, texts)).encode("latin-1")
    if last is not None:
        yield last.blanks.get(after, last.ending).encode("latin-1")


def _joined(interchange: Interchange, texts: list[str]) -> str:
    """The segments with what stands between them, up to the last terminator."""
    mark, ending, blanks = interchange.delimiters.segment, interchange.ending, interchange.blanks
    first, end = interchange.position, interchange.position + len(texts)
    # The blanks are those of the whole file, which may be many interchanges.
    places = range(first + 1, end) if len(texts) < len(blanks) else sorted(blanks)
    pieces = []
    done = first
    for place in places:
        if place in blanks and first < place < end:
            pieces += [(mark + ending).join(texts[done - first : place - first]), mark, blanks[place]]
            done = place
    pieces += [(mark + ending).join(texts[done - first :]), "" if 1 - end in blanks else mark]
    return "".join(pieces)
