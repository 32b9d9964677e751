"""One file into several, each a whole valid interchange: by transaction set, by number of claims, or by size."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from superbill.x12.lexer import Delimiters, Source
from superbill.x12.library import guides_of
from superbill.x12.nodes import Node
from superbill.x12.program import Plan
from superbill.x12.render import Renderer, segments
from superbill.x12.standard.base import Segment
from superbill.x12.standard.control import BHT, ST
from superbill.x12.tools.envelopes import closed, enclosed, levels_numbered, numbered_from, numbered_set
from superbill.x12.tools.words import ToolError, Watching
from superbill.x12.tree import Interchange, Loop, Record, Transaction
from superbill.x12.walk import walk

_ENVELOPE = 400  # bytes for ISA, GS, ST, SE, GE, IEA and the longer reference, with terminators
_LONGEST_REFERENCE = 30  # BHT03 of a claim batch


def _only_claims(transaction: Transaction) -> None:
    guide = transaction.compiled.guide
    if guide.identifier != "837":
        why = " A payment split by claim would no longer be what was paid." if guide.identifier == "835" else ""
        raise ToolError(
            f"Only claims (837) are split by claim or size; this is {guide.key}.{why} Split it by transaction set."
        )


class _Strict(Watching):
    """Refuses what would be lost on the way."""

    def control(self, e: list[str], position: int, delimiters: Delimiters) -> None:
        if e[0] == "TA1":
            raise _lost("TA1", position)

    def segments(self, plan: Plan, segments: Sequence[Segment], position: int, delimiters: Delimiters) -> None:
        """What has a place is not lost."""

    def unplaced(self, node: Node | None, e: list[str], position: int) -> None:
        if node is None:
            raise _lost(e[0][:3], position)


def _lost(name: str, position: int) -> ToolError:
    return ToolError(
        f"Segment {position:,} ({name}) belongs to no transaction set, so it would be lost. Remove it first."
    )


def split_by_set(source: Source, control_number: int | None = None) -> Iterator[Interchange]:
    """Each transaction set as an interchange of its own.

    Their control numbers count from `control_number`, else from that of the first interchange. Raises ToolError,
    X12ReadError.
    """
    numbers: Iterator[int] | None = None
    for interchange in walk(source, guides_of, units=False, watcher=_Strict()):
        assert isinstance(interchange, Interchange)
        numbers = numbers or numbered_from(control_number, interchange.header)
        for group in interchange.groups:
            for transaction in group.transactions:
                yield enclosed(interchange, group.header, [numbered_set(transaction, 1)], next(numbers))


def split_by_claim(
    source: Source, *, claims: int = 1, size: int | None = None, control_number: int | None = None
) -> Iterator[Interchange]:
    """Claims (837), at most `claims` a file, or as many as make at most `size` bytes; in memory one such file.

    Submitter, billing provider and subscriber are repeated in each file that has claims of theirs, levels (HL)
    numbered anew. From the second file of a transaction set on its reference (BHT03) gets a number, for two batches
    of one reference would look like one sent twice. Raises ToolError, X12ReadError.
    """
    numbers: Iterator[int] | None = None
    batch: _Batch | None = None
    for read in walk(source, guides_of, units=True, watcher=_Strict()):
        if not isinstance(read, Record):
            assert isinstance(read, Transaction)
            _only_claims(read)
            if batch is not None and batch.claims:
                assert numbers is not None
                yield batch.interchange(next(numbers))
            batch = None
            continue
        _only_claims(read.transaction)
        numbers = numbers or numbered_from(control_number, read.interchange.header)
        if batch is None:
            batch = _Batch(read, part=1)
        elif batch.is_full(read, claims if size is None else None, size):
            yield batch.interchange(next(numbers))
            batch = _Batch(read, part=batch.part + 1)
        batch.add(read, size)
    if numbers is None:
        raise ToolError("There is no claim to split off.")


class _Branch:
    """A loop around claims, with those of them that this file has."""

    def __init__(self, own: Loop) -> None:
        self.own = own
        self.below: list[_Branch | Loop] = []

    def loop(self) -> Loop:
        below = [each.loop() if isinstance(each, _Branch) else each for each in self.below]
        shape = self.own.shape + bytes([each.node.index for each in below])
        return type(self.own)((*self.own.body, *below), shape)


class _Batch:
    """The claims of one file to be, with the loops around them."""

    def __init__(self, first: Record, part: int) -> None:
        self.first = first
        self.part = part
        self.claims = 0
        self.bytes = _ENVELOPE
        self.path: list[_Branch] = []  # of the claim before, the transaction set first
        self.renderer = Renderer(first.interchange.delimiters)

    def _known(self, record: Record) -> int:
        """How many of the loops around a claim are those around the claim before."""
        count = 0
        for branch, loop in zip(self.path, record.above, strict=False):
            if branch.own is not loop:
                break
            count += 1
        return count

    def _size(self, record: Record) -> int:
        ending = len(record.interchange.ending) + 1
        new = [*record.above[self._known(record) :], record.unit]
        return sum(len(self.renderer.text(each)) + ending for loop in new for each in segments(loop))

    def is_full(self, record: Record, claims: int | None, size: int | None) -> bool:
        """Whether this claim begins another file."""
        if claims is not None:
            return self.claims >= claims
        return size is not None and self.bytes + self._size(record) > size

    def add(self, record: Record, size: int | None) -> None:
        if size is not None:
            self.bytes += self._size(record)
            if self.bytes > size:
                raise ToolError(f"The claim at segment {record.position:,} alone takes about {self.bytes:,} bytes.")
        del self.path[self._known(record) :]
        for loop in record.above[len(self.path) :]:
            branch = _Branch(loop)
            if self.path:
                self.path[-1].below.append(branch)
            else:
                self.root = branch
            self.path.append(branch)
        self.path[-1].below.append(record.unit)
        self.claims += 1

    def interchange(self, number: int) -> Interchange:
        """The file."""
        root = levels_numbered(self.root.loop())
        body: list[Any] = list(root.body)
        st = body[0]
        assert isinstance(st, ST)
        body[0] = replace(st, control_number="0001")
        if self.part > 1 and isinstance(body[1], BHT):
            suffix = f"-{self.part}"
            body[1] = replace(body[1], reference=body[1].reference[: _LONGEST_REFERENCE - len(suffix)] + suffix)
        made = closed(type(root)(tuple(body), root.shape), "0001")
        first = self.first
        transaction = Transaction(compiled=first.transaction.compiled, root=made, position=0)
        return enclosed(first.interchange, first.group.header, [transaction], number)
