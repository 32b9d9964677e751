"""Finds the services that a note says were done: the door to this room."""

from collections.abc import Iterator

from superbill.coding.performed import plainly, settle, words
from superbill.coding.performed.catalog import index
from superbill.coding.performed.families import BY_TABLE
from superbill.coding.performed.model import Done, Said
from superbill.coding.reading.model import Reading
from superbill.coding.suggest.model import SuggestedCode, SuggestedService, Visit

LEAST = 0.6
"""Services less sure than this are not suggested: a bare result (0.4 to 0.6) says nothing of where it was obtained, and
what is not documented as done here is not billed. A lower one shows the likely services too."""
_MOST = 400
"""No note names more services than this; what names more is no note, and the rest is passed over."""


def performed(
    reading: Reading, visit: Visit, diagnoses: tuple[SuggestedCode, ...] = (), least: float = LEAST
) -> tuple[SuggestedService, ...]:
    """The services done at the visit, as they would stand on its claim, visits themselves (E/M) apart.

    A service that was ordered, planned, refused, or done on another day or elsewhere is none. `diagnoses` are what
    pointers count into. `least` is the least score to be suggested; 0 shows all that was considered.
    """
    return settle.settled(tuple(considered(reading)), reading, visit, diagnoses, least)


def considered(reading: Reading) -> Iterator[Done]:
    """Everything that the note names and a table knows, done or not, each with its score."""
    said = words.sentences(reading)
    named = 0
    for place, sentence in enumerate(said):
        for hit in index().hits(sentence):
            named += 1
            if named > _MOST:
                return
            if hit.entry.table == "services":
                yield from plainly.done(hit)
            else:
                yield from BY_TABLE[hit.entry.table].done(hit, _around(said, place))


def _around(said: tuple[Said, ...], place: int) -> tuple[Said, ...]:
    """The sentences of the same section around one: the two before, nearest first, then the three after."""
    section = said[place].section
    before = [each for each in reversed(said[max(0, place - 2) : place]) if each.section == section]
    after = [each for each in said[place + 1 : place + 4] if each.section == section]
    return (*before, *after)
