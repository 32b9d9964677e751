"""One pass over a source: the hot loop of the whole engine.

It knows nothing of any transaction set: a batch of segments becomes structs and letters, the letters words, and a word
leads to a plan: into which loops its structs go. Loops become tuples when they close, so that a tree costs the garbage
collector nothing.
"""

from collections.abc import Iterator
from typing import Any

from superbill.x12.codec import marks
from superbill.x12.letters import WORDS
from superbill.x12.lexer import Batch, Lexer, Source, tidy
from superbill.x12.opening import GuidesOf, Read, State, Watcher
from superbill.x12.program import program


def walk(
    source: Source,
    guides_of: GuidesOf,
    *,
    units: bool,
    watcher: Watcher | None = None,
    keep: bool = False,
    records: bool = True,
) -> Iterator[Read]:
    """With `units` each unit as it closes, then its Transaction without them; else whole interchanges.

    Without `records` only the watcher is told of units. `keep` the white space between segments, which writing the
    same bytes again takes. Raises X12ReadError.
    """
    lexer = Lexer(source, keep)
    state = State(lexer, guides_of, units, watcher, records)
    position = 0
    for batch in lexer.batches():
        if batch.delimiters is not state.delimiters:
            state.under_new(batch.delimiters, marks(batch.delimiters.component, batch.delimiters.repetition))
        yield from _segments(state, batch, position)
        position += len(batch.segments)
        state.keep_within_limits(len(batch.segments), position)
    if state.transaction is not None:
        yield from state.finish(position)
    yield from state.complete()


def _segments(state: State, batch: Batch, position: int) -> Iterator[Read]:
    """The segments of a batch, `position` of them having gone before. Whatever is not the common case is `state`'s."""
    segments, separator = batch.segments, batch.delimiters.element
    letters, plans_of = program(batch.delimiters)
    state.plans = plans_of
    stack, watcher = state.stack, state.watcher
    pairs = letters.of(segments, batch.tidy)
    structs: list[Any] = [struct for struct, _ in pairs]
    node = state.innermost()
    plans = plans_of.at(node)
    at = 0
    for word in WORDS.findall("".join([letter for _, letter in pairs])):
        left = len(word)
        while left:
            plan = plans.get(word) or plans_of.plan(node, word)
            size = plan.size
            if not size:
                at += 1
                left -= 1
                raw = segments[at - 1]
                e = tidy(raw, separator) if batch.tidy else raw.split(separator)
                yield from state.alone(raw, e, position + at)
                node = state.innermost()
                plans = plans_of.at(node)
                word = word[1:]
                continue
            if plan.tells and state.units:
                yield from state.close(plan.stretches[0][0])
            for closes, opened, first, end, places, whole in plan.stretches:
                while len(stack) > closes:  # as State.fold has it
                    done, inner, inner_shape = stack.pop()
                    _, body, shape = stack[-1]
                    body.append(done.cls(tuple(inner), bytes(inner_shape)))
                    shape.append(done.index)
                if opened is None:
                    _, body, shape = stack[-1]
                    body += structs[at + first : at + end]
                    shape += places
                elif whole:
                    _, body, shape = stack[-1]
                    body.append(opened.cls(tuple(structs[at + first : at + end]), places))
                    shape.append(opened.index)
                else:
                    stack.append((opened, structs[at + first : at + end], bytearray(places)))
            if plan.opens is not None:
                state.opened(plan.opens, position + at + 1)
            if watcher is not None:
                watcher.segments(plan, structs[at : at + size], position + at + 1, batch.delimiters)
            node, plans = plan.node, plan.after
            at += size
            left -= size
            word = word[size:]
