"""X12 as JSON and back, nothing lost: what `to_json` makes of a file, `from_json` makes the same bytes of.

A loop is an object with the names of its guide, as in Python: `claim["lines"][0]["service"]["charge"]`. What may
repeat is a list. Money is whole cents, a quantity text ("1.5"), a day "2026-01-31", a range of days
"2026-01-01/2026-01-31", a day with a time "2026-01-31T14:30"; a composite is an object; what is absent is left out.

Names that begin with "$" say how the file was written: `$loop` and `$segment` are ids; `$order` has the names in the
order of the file where that is not the guide's; `$unplaced` the text of segments that have no place where they stand;
`$raw` the text of a segment that its fields alone would not give again, as trailing blanks or an amount that can't be
read. Text that is edited by hand needs none of them but `$segment` in the envelope: a segment whose fields no longer
say what its `$raw` says is written from its fields.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from superbill.x12.lexer import Delimiters, Source
from superbill.x12.library import guides_of
from superbill.x12.render import Renderer
from superbill.x12.standard.base import Segment
from superbill.x12.tools.jsonvalues import Json, values_of
from superbill.x12.tools.words import count_segments, places
from superbill.x12.tree import UNPLACED, Group, Interchange, Loop, Record, Transaction, Unplaced
from superbill.x12.walk import walk


class _Writer:
    """Trees to JSON under the delimiters of one interchange."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.renderer = Renderer(delimiters)

    def segment(self, segment: Segment) -> Json:
        made: Json = {"$segment": type(segment).__name__, **values_of(segment)}
        if segment.raw and self.renderer.fresh(segment) != segment.raw:
            made["$raw"] = segment.raw
        return made

    def part(self, part: Segment | Loop) -> Any:
        if isinstance(part, Loop):
            return self.loop(part)
        return self.renderer.text(part) if isinstance(part, Unplaced) else self.segment(part)

    def loop(self, loop: Loop) -> Json:
        """A loop by the names of its parts."""
        rule = loop.node.rule
        made: Json = {"$loop": rule.id}
        order = []
        for index, part in places(loop):
            each = rule.parts[index] if index != UNPLACED else None
            name = each.name if each is not None else "$unplaced"
            order.append(name)
            value = self.part(part)
            if each is None or each.repeat > 1:
                made.setdefault(name, []).append(value)
            elif name not in made:
                made[name] = value
            elif isinstance(made[name], list):
                made[name].append(value)
            else:
                made[name] = [made[name], value]  # more than the guide allows
        if "$unplaced" in made or list(loop.shape) != sorted(loop.shape):
            made["$order"] = order
        return made

    def transaction(self, transaction: Transaction) -> Json:
        return {"$transaction": transaction.compiled.guide.key, **self.loop(transaction.root)}

    def item(self, part: Segment | Group | Transaction) -> Json:
        """A part of an interchange or group."""
        if isinstance(part, Group):
            return {"$group": [self.item(each) for each in part.body]}
        if isinstance(part, Transaction):
            return self.transaction(part)
        if isinstance(part, Unplaced):
            return {"$unplaced": [self.renderer.text(part)]}
        return self.segment(part)


def interchange_json(interchange: Interchange) -> Json:
    """An interchange as JSON values; its `blanks` are counted from its own first segment."""
    writer = _Writer(interchange.delimiters)
    first, last = interchange.position, interchange.position + count_segments(interchange)
    made: Json = {
        "delimiters": msgspec.to_builtins(interchange.delimiters),
        "line_ending": interchange.ending,
        "body": [writer.item(part) for part in interchange.body],
    }
    blanks = {
        str((abs(place) - first + 1) * (1 if place > 0 else -1)): text
        for place, text in interchange.blanks.items()
        if first <= abs(place) <= last
    }
    if blanks:
        made["blanks"] = blanks
    return made


def to_json(source: Source) -> Iterator[bytes]:
    """The file as one JSON document, an interchange at a time: {"interchanges": [...]}. Raises X12ReadError."""
    yield b'{"interchanges":['
    for number, interchange in enumerate(walk(source, guides_of, units=False, keep=True)):
        assert isinstance(interchange, Interchange)
        yield (b",\n" if number else b"") + msgspec.json.encode(interchange_json(interchange))
    yield b"]}\n"


def to_lines(source: Source) -> Iterator[bytes]:
    """JSON Lines: one line for each claim (or other unit), with the loops around it, in constant memory.

    At the end of each transaction set comes a line with what it has outside of units. Raises X12ReadError.
    """
    writer = _Writer(Delimiters())
    for read in walk(source, guides_of, units=True):
        if isinstance(read, Record):
            if writer.renderer.delimiters != read.interchange.delimiters:
                writer = _Writer(read.interchange.delimiters)
            yield msgspec.json.encode(_line(read, writer)) + b"\n"
        else:
            assert isinstance(read, Transaction)
            made = {"guide": read.compiled.guide.key, "position": read.position}
            yield msgspec.json.encode(made | {"transaction": writer.loop(read.root)}) + b"\n"


def _line(record: Record, writer: _Writer) -> Json:
    header = record.group.header
    return {
        "guide": record.transaction.compiled.guide.key,
        "position": record.position,
        "interchange": record.interchange.header.control_number,
        "group": header.control_number if header is not None else "",
        "transaction_set": record.transaction.header.control_number,
        "above": [writer.loop(loop) for loop in record.above],
        "unit": writer.loop(record.unit),
    }
