"""From the tree to bytes. What was read and not changed goes out as it came in, to the byte."""

from collections.abc import Callable, Iterable, Iterator

from superbill.x12.codec import Marks, decode, encoder, marks
from superbill.x12.lexer import Delimiters, tidy
from superbill.x12.standard.base import Segment
from superbill.x12.tree import Group, Interchange, Loop, Transaction, Unplaced

Branch = Loop | Group | Transaction | Interchange


def segments(branch: Branch) -> Iterator[Segment]:
    """Every segment of a tree, in order."""
    body = branch.root.body if isinstance(branch, Transaction) else branch.body
    for part in body:
        if isinstance(part, Segment):
            yield part
        else:
            yield from segments(part)


class Renderer:
    """Segments to text under the delimiters of one interchange."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.under: Marks = marks(delimiters.component, delimiters.repetition)
        self.encoders: dict[type[Segment], Callable[[Segment], str]] = {}

    def text(self, segment: Segment) -> str:
        """The text of a segment: its raw text where that still says the same, else that of its fields."""
        raw = segment.raw
        cls = type(segment)
        if raw and (cls is Unplaced or self._says(raw, segment)):
            return raw
        if cls is Unplaced:
            return self.delimiters.element.join(segment.elements)  # type: ignore[attr-defined] # it is an Unplaced
        return self.fresh(segment)

    def _says(self, raw: str, segment: Segment) -> bool:
        """Whether raw text still says what the fields say, as it is or tidied."""
        separator = self.delimiters.element
        e = raw.split(separator)
        if decode(type(segment), raw, e, self.under) == segment:
            return True
        tidied = tidy(raw, separator)
        return tidied != e and decode(type(segment), raw, tidied, self.under) == segment

    def fresh(self, segment: Segment) -> str:
        """The text of a segment's fields."""
        cls = type(segment)
        encode = self.encoders.get(cls)
        if encode is None:
            encode = self.encoders[cls] = encoder(cls, self.under, self.delimiters.element)
        text = encode(segment)
        return text if text.isascii() else text.encode("utf-8").decode("latin-1")


def render(interchanges: Iterable[Interchange]) -> bytes:
    """The file that the interchanges make."""
    return b"".join(rendered(interchanges))


def rendered(interchanges: Iterable[Interchange]) -> Iterator[bytes]:
    """The same, an interchange at a time."""
    last: Interchange | None = None
    after = 0
    for interchange in interchanges:
        texts = list(map(Renderer(interchange.delimiters).text, segments(interchange)))
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
