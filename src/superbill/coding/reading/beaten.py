"""Which terms of the dictionary give way to what was composed from their words."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from superbill.codesets.terms.forms import PASSED
from superbill.coding.reading.heads import heads
from superbill.coding.reading.model import Mention, Token
from superbill.coding.reading.sites import SITE, Label


class Found(NamedTuple):
    """What was composed: the mention, the places of the words that it takes, and its head."""

    mention: Mention
    taken: frozenset[int]
    head: Label


def bare(terms: Sequence[Mention], words: Sequence[Token], said: Sequence[Label]) -> Iterator[Mention]:
    """Terms that are nothing but a site ("the right foot"): no problem by themselves."""
    sites = {n for label in said if label.kind == SITE for n in range(label.first, label.after)}
    spans = [(words[n].start, words[n].end) for n in sorted(sites)]
    for term in terms:
        if term.what == "problem":
            inside = [end - start for start, end in spans if start >= term.start and end <= term.end]
            if inside and sum(inside) + len(inside) - 1 >= term.end - term.start:
                yield term


def contents(
    terms: Sequence[Mention], words: Sequence[Token], plain: set[int]
) -> list[tuple[Mention, set[int]]]:  # fmt: skip
    """The terms that name a problem, each with the places of its words that say something."""
    starts = [word.start for word in words]
    found = []
    for term in terms:
        if term.what == "problem":
            within = range(bisect_left(starts, term.start), bisect_left(starts, term.end))
            found.append(
                (term, {n for n in within if words[n].end <= term.end and words[n].word not in PASSED} - plain)
            )
    return found


def beaten(found: Found, terms: Sequence[tuple[Mention, set[int]]]) -> list[Mention] | None:
    """The terms that say no more than what was composed; None when one says more, or as much where no site is said."""
    less = []
    head = heads()[found.head.ids[0]]
    sited = bool(found.mention.value("site")) or head.sure or found.mention.codes[0] != head.otherwise.rstrip("X")
    own = range(found.head.first, found.head.after)
    for term, content in terms:
        on_head = not content.isdisjoint(own)
        if on_head and (not sited or not content <= found.taken):
            return None
        if content and content <= found.taken:
            less.append(term)
    return less
