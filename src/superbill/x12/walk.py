"""One pass over a source: the hot loop of the whole engine.

It knows nothing of any transaction set: a segment's id and code lead to its target, the target to its struct and its
loop. Loops become tuples when they close, so that a tree costs the garbage collector nothing.
"""

from collections.abc import Iterator
from typing import Any

from superbill.x12.codec import Decode, Marks, decoder, marks
from superbill.x12.lexer import Lexer, Source, tidy
from superbill.x12.nodes import Move
from superbill.x12.opening import CONTROLS, GuidesOf, Read, State, Watcher
from superbill.x12.standard.base import Segment


class _Decoders(dict[type[Segment], "Decode | None"]):
    """The decoder of each class under one pair of marks."""

    def __init__(self, under: Marks) -> None:
        super().__init__()
        self.under = under

    def __missing__(self, cls: type[Segment]) -> Decode | None:
        made = self[cls] = decoder(cls, self.under)
        return made


def walk(
    source: Source, guides_of: GuidesOf, *, units: bool, watcher: Watcher | None = None, keep: bool = False
) -> Iterator[Read]:
    """With `units` each unit as it closes, then its Transaction without them; else whole interchanges.

    `keep` the white space between segments, which writing the same bytes again takes. Raises X12ReadError.
    """
    lexer = Lexer(source, keep)
    state = State(lexer, guides_of, units, watcher)
    stack = state.stack
    moves: dict[str, Move] = {}
    decoders = _Decoders(state.under)
    good: dict[Any, set[str]] = {}
    here = 0  # depth of the loop to which `body` and `shape` belong
    body: list[Any] = []
    shape = bytearray()
    position = 0
    for delimiters, _ending, segments, untidy in lexer.batches():
        separator, mark = delimiters.element, delimiters.component
        if delimiters is not state.delimiters:
            state.delimiters, state.under = delimiters, marks(mark, delimiters.repetition)
            decoders = _Decoders(state.under)
        for position, raw in enumerate(segments, position + 1):  # noqa: B020 -- counts on from the batch before
            e: list[Any] = tidy(raw, separator) if untidy else raw.split(separator)
            target = None
            move = moves.get(e[0])
            if move is not None:
                at, part, by, target = move
                if at and len(e) > at:
                    code = e[at]
                    if part:
                        code = code.split(mark, 1)[0]
                    target = by.get(code, target)
            if target is None:
                again = state.undecided and e[0] not in CONTROLS
                yield from state.decided(raw, e, position) if again else state.other(raw, e, position)
                moves = {}
                if stack:
                    here = len(stack) - 1
                    inner, body, shape = stack[here]
                    moves = {} if state.undecided else inner.moves
                if watcher is not None:
                    good = watcher.good(delimiters)
                continue
            slot, index, depth, closes, opens, told, node, cls = target
            if opens:
                if closes <= state.open_at or (told and watcher is not None):
                    yield from state.close(depth)
                else:
                    while len(stack) > depth:
                        inner, body, shape = stack.pop()
                        if not units or not inner.holds_units:
                            above = stack[-1]
                            above[1].append(inner.cls(tuple(body), bytes(shape)))
                            above[2].append(inner.index)
                here, moves, body, shape = depth, node.moves, [], bytearray()
                stack.append((node, body, shape))
                if told and units:
                    state.opened(node, position)
            elif depth != here:
                if closes <= state.open_at or (told and watcher is not None):
                    yield from state.close(closes)
                else:
                    while len(stack) > closes:
                        inner, body, shape = stack.pop()
                        if not units or not inner.holds_units:
                            above = stack[-1]
                            above[1].append(inner.cls(tuple(body), bytes(shape)))
                            above[2].append(inner.index)
                here, moves = depth, node.moves
                _, body, shape = stack[depth]
            if watcher is not None and raw not in good[slot]:
                watcher.segment(target, raw, e, position)
            try:
                quick = decoders[cls]
                if quick is None:
                    e[0] = raw
                    segment = cls(*e)
                else:
                    segment = quick(raw, e)
            except (ValueError, TypeError):
                e = tidy(raw, separator) if untidy else raw.split(separator)
                segment = state.slowly(cls, raw, e, position, node)
            body.append(segment)
            shape.append(index)
    if state.transaction is not None:
        yield from state.finish(position)
    yield from state.complete()
