"""One pass over a source: the hot loop of the whole engine.

It knows nothing of any transaction set: a segment's id and code lead to a step, the step to its struct and its loop.
Loops become tuples when they close, so that a tree costs the garbage collector nothing.
"""

from collections.abc import Iterator
from typing import Any

from superbill.x12.codec import marks
from superbill.x12.lexer import Batch, Lexer, Source, tidy
from superbill.x12.opening import CONTROLS, GuidesOf, Read, State, Watcher
from superbill.x12.program import LONGEST_KNOWN, MOST_KNOWN


def walk(
    source: Source, guides_of: GuidesOf, *, units: bool, watcher: Watcher | None = None, keep: bool = False
) -> Iterator[Read]:
    """With `units` each unit as it closes, then its Transaction without them; else whole interchanges.

    `keep` the white space between segments, which writing the same bytes again takes. Raises X12ReadError.
    """
    lexer = Lexer(source, keep)
    state = State(lexer, guides_of, units, watcher)
    position = 0
    for batch in lexer.batches():
        delimiters = batch.delimiters
        if delimiters is not state.delimiters:
            state.delimiters = delimiters
            state.under = marks(delimiters.component, delimiters.repetition)
            state.learn()
        yield from _segments(state, batch, position)
        position += len(batch.segments)
        state.keep_within_limits(len(batch.segments), position)
    if state.transaction is not None:
        yield from state.finish(position)
    yield from state.complete()


def _segments(state: State, batch: Batch, position: int) -> Iterator[Read]:
    """The segments of a batch, `position` of them having gone before. Whatever is not the common case is `state`'s."""
    delimiters, _, segments, untidy = batch
    separator, mark = delimiters.element, delimiters.component
    stack, watcher = state.stack, state.watcher
    moves, known, body, shape = state.innermost()
    for position, raw in enumerate(segments, position + 1):  # noqa: B020 -- counts on from the batch before
        if (seen := known.get(raw)) is not None:
            shape.append(seen[0])
            body.append(seen[1])
            continue
        e: list[Any] = tidy(raw, separator) if untidy else raw.split(separator)
        step = None
        if (move := moves.get(e[0])) is not None:
            at, part, by, step = move
            if at and len(e) > at:
                code = e[at].split(mark, 1)[0] if part else e[at]
                step = by.get(code, step)
        if step is None:
            again = state.undecided and e[0] not in CONTROLS
            yield from state.decided(raw, e, position) if again else state.other(raw, e, position)
            moves, known, body, shape = state.innermost()
            continue
        stays, repeats, place, make, cls, target = step
        if not stays:
            _, _, depth, closes, opens, told, node, _ = target
            if closes <= state.open_at or (told and watcher is not None):
                yield from state.close(closes)
            elif len(stack) > closes:
                state.fold(closes)
            if opens:
                body, shape = [], bytearray()
                stack.append((node, body, shape))
                if told and state.units:
                    state.opened(node, position)
            else:
                _, body, shape = stack[depth]
            moves, known = state.program.at(node)
        if watcher is not None:
            repeats = watcher.segment(target, raw, e, position) and repeats
        try:
            if make is None:
                e[0] = raw
                segment = cls(*e)
            else:
                segment = make(raw, e)
        except (ValueError, TypeError):
            e = tidy(raw, separator) if untidy else raw.split(separator)
            segment = state.slowly(cls, raw, e, position)
            repeats = False
        body.append(segment)
        shape.append(place)
        if repeats and len(raw) < LONGEST_KNOWN:
            if len(known) >= MOST_KNOWN:
                known.clear()
            known[raw] = place, segment
