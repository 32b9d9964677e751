"""Several files of one guide into one interchange with one group, their transaction sets numbered anew."""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from superbill.x12.errors import X12ReadError
from superbill.x12.lexer import Delimiters, Source, elements
from superbill.x12.library import guides_of
from superbill.x12.standard.base import Segment
from superbill.x12.standard.control import GS, ISA, TA1
from superbill.x12.tools.envelopes import enclosed, numbered_from, numbered_set
from superbill.x12.tools.words import ToolError
from superbill.x12.tree import Interchange, Loop, Transaction, Unplaced
from superbill.x12.walk import walk

# What all files must agree on, and what only sender and receiver make.
_SAME_ISA = ("version", "usage")
_SAME_GS = ("functional_id", "agency", "version")
_PARTIES_ISA = ("sender_qualifier", "sender", "receiver_qualifier", "receiver")
_PARTIES_GS = ("sender", "receiver")


def merge(
    sources: Iterable[tuple[str, Source]], *, force: bool = False, control_number: int | None = None
) -> Interchange:
    """The transaction sets of all files, each with its name, in order.

    They have to be of one guide and version, all tests or none, and of one sender and receiver; `force` lets these
    last two differ: those of the first file count. Separators are those of the first file. Raises ToolError, which
    names the file.
    """
    first: Interchange | None = None
    gs: GS | None = None
    transactions: list[Transaction] = []
    for name, interchange in _interchanges(sources):
        first = first or interchange
        _agree(name, "ISA", first.header, interchange.header, _SAME_ISA + (() if force else _PARTIES_ISA), force)
        for part in interchange.body:
            if isinstance(part, (TA1, Unplaced)):
                raise ToolError(f"{name}: {type(part).__name__} outside of any transaction set would be lost.")
        for group in interchange.groups:
            gs = gs or group.header
            if group.header is None or gs is None:
                raise ToolError(f"{name}: transaction sets outside any functional group (GS).")
            _agree(name, "GS", gs, group.header, _SAME_GS + (() if force else _PARTIES_GS), force)
            if any(isinstance(part, Unplaced) for part in group.body):
                raise ToolError(f"{name}: a segment outside of any transaction set would be lost.")
            for transaction in group.transactions:
                moved = _moved(transaction, interchange.delimiters, first.delimiters, name)
                transactions.append(numbered_set(moved, len(transactions) + 1))
    if first is None or not transactions:
        raise ToolError("There is no transaction set to merge.")
    return enclosed(first, gs, transactions, next(numbered_from(control_number, first.header)))


def _interchanges(sources: Iterable[tuple[str, Source]]) -> Iterator[tuple[str, Interchange]]:
    for name, source in sources:
        try:
            for interchange in walk(source, guides_of, units=False):
                assert isinstance(interchange, Interchange)
                yield name, interchange
        except X12ReadError as error:
            raise ToolError(f"{name}: {error}") from None


def _agree(name: str, id: str, one: ISA | GS, other: ISA | GS, fields: tuple[str, ...], force: bool) -> None:
    for field in fields:
        mine, theirs = (getattr(each, field).strip() for each in (one, other))
        if mine != theirs:
            hint = "" if force or field not in _PARTIES_ISA else " With --force those of the first file count."
            what = field.replace("_", " ")
            raise ToolError(f"{name}: the {what} in its {id} is {theirs!r}, that of the first file is {mine!r}.{hint}")


def _moved(transaction: Transaction, old: Delimiters, new: Delimiters, name: str) -> Transaction:
    """The transaction set under other separators. Raises ToolError where one of them is part of its data."""
    pairs = [(old.element, new.element), (old.component, new.component)]
    if old.repetition and new.repetition:
        pairs.append((old.repetition, new.repetition))
    change = {ord(mine): theirs for mine, theirs in pairs if mine != theirs}
    taken = {theirs for mine, theirs in pairs if mine != theirs} - {mine for mine, _ in pairs}
    taken |= {new.segment} - {old.segment} - {mine for mine, _ in pairs}
    if not change and not taken:
        return transaction
    return replace(transaction, root=_translated(transaction.root, change, taken, new, name))


def _translated(loop: Loop, change: dict[int, str], taken: set[str], new: Delimiters, name: str) -> Loop:
    made: list[Segment | Loop] = []
    for part in loop.body:
        if isinstance(part, Loop):
            made.append(_translated(part, change, taken, new, name))
            continue
        if taken & set(part.raw):
            at = f"loop {loop.id}, segment {type(part).__name__}"
            raise ToolError(
                f"{name}: {at}: the data has a separator of the first file. Convert one of the files first."
            )
        raw = part.raw.translate(change)
        made.append(Unplaced(raw, tuple(elements(raw, new))) if isinstance(part, Unplaced) else replace(part, raw=raw))
    return type(loop)(tuple(made), loop.shape)
