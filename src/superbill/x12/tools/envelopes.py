"""Envelopes made anew around transaction sets: control numbers, counts, levels."""

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from superbill.x12.standard.base import Segment
from superbill.x12.standard.control import GE, GS, HL, IEA, ISA, SE, ST
from superbill.x12.tools.words import ToolError
from superbill.x12.tree import Group, Interchange, Loop, Transaction

_MOST = 1_000_000_000  # a control number has nine digits
_WIDTHS = {"authorization": 10, "security": 10, "sender": 15, "receiver": 15}


def numbered_from(first: int | None, isa: ISA) -> Iterator[int]:
    """Control numbers from `first`, or from the interchange's own, on."""
    text = isa.control_number.strip()
    number = first if first is not None else int(text) if text.isascii() and text.isdigit() else 1
    while True:
        yield number % _MOST or 1
        number += 1


def padded(isa: ISA, **changes: str) -> ISA:
    """A changed header, each element as wide as the standard has it."""
    made = replace(isa, **changes)
    return replace(made, **{name: getattr(made, name).rstrip().ljust(width) for name, width in _WIDTHS.items()})


def enclosed(like: Interchange, gs: GS | None, transactions: Sequence[Transaction], number: int) -> Interchange:
    """One interchange of one group, with envelopes like those it comes from and the given control number for both."""
    if gs is None:
        raise ToolError("A transaction set stands outside any functional group (GS).")
    isa = padded(like.header, control_number=f"{number:09}")
    group = Group(
        body=[
            replace(gs, control_number=str(number)),
            *transactions,
            GE(transactions=len(transactions), control_number=str(number)),
        ]
    )
    body: list[Any] = [isa, group, IEA(groups=1, control_number=f"{number:09}")]
    return Interchange(delimiters=like.delimiters, ending=like.ending, body=body)


def numbered_set(transaction: Transaction, number: int) -> Transaction:
    """The transaction set with another control number, and the count of its segments in its SE."""
    root = transaction.root
    body, shape = root.body, root.shape
    if isinstance(body[-1], SE):
        body, shape = body[:-1], shape[:-1]
    header = body[0]
    assert isinstance(header, ST)
    control = f"{number:04}"
    inner = type(root)((replace(header, control_number=control), *body[1:]), shape)
    return replace(transaction, root=closed(inner, control))


def closed(root: Loop, control_number: str) -> Loop:
    """A transaction set's root with its SE."""
    trailer = SE(segments=root.segments() + 1, control_number=control_number)
    return type(root)((*root.body, trailer), root.shape + bytes([len(root.node.parts) - 1]))


def levels_numbered(loop: Loop) -> Loop:
    """A tree whose levels (HL) count from 1, each with its parent's number and whether others are below it."""
    return _Levels().loop(loop, "")


class _Levels:
    def __init__(self) -> None:
        self.count = 0

    def loop(self, loop: Loop, parent: str) -> Loop:
        first = loop.body[0]
        below = [part for part in loop.body if isinstance(part, Loop)]
        made: list[Segment | Loop] = []
        if isinstance(first, HL):
            self.count += 1
            own = str(self.count)
            has_levels = any(isinstance(each.body[0], HL) for each in below)
            made.append(replace(first, id=own, parent=parent, child="1" if has_levels else "0"))
            parent = own
        elif not below:
            return loop
        made += [self.loop(part, parent) if isinstance(part, Loop) else part for part in loop.body[len(made) :]]
        return type(loop)(tuple(made), loop.shape)
