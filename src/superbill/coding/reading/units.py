"""A sentence of a note as units: sites, heads, parts, sides, and the little words that link, join or part them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from superbill.coding.reading.model import Token
from superbill.coding.reading.sites import SIDE, Label

LINK, THE, JOIN, COPULA, BREAK, WORD, WITH = "link", "the", "join", "copula", "break", "word", "with"
_KINDS = {
    LINK: "of in to at over along on within involving about around located localized near affecting under beneath "
    "behind from across through into upon throughout inside present presenting noted which that palpation palpating",
    THE: "the his her their my your a an this our",
    JOIN: "and or",
    COPULA: "is was are were has have had been being feels felt looks appears remains remained became becomes still "
    "got getting very slightly more quite really so also mildly moderately severely markedly started keeps",
    WITH: "with w",
}
_FUNCTION = {word: kind for kind, listed in _KINDS.items() for word in listed.split()}


class Unit(NamedTuple):
    """A word or label of the sentence, in order: its kind, its label (None for a word), its first and last words."""

    kind: str
    label: Label | None
    first: int
    after: int


def units(text: str, words: Sequence[Token], labels: Sequence[Label]) -> list[Unit]:
    """The sentence as units; commas join, other marks link or part."""
    starts = {label.first: label for label in labels if label.kind != SIDE}
    sides = {label.first: label for label in labels if label.kind == SIDE}
    found: list[Unit] = []
    place = 0
    while place < len(words):
        if place:
            mark = text[words[place - 1].end : words[place].start].strip()
            if mark and not _levels(starts, place):
                found.append(Unit(_mark(mark), None, place, place))
        label = starts.get(place) or sides.get(place)
        if label is not None:
            found += [
                Unit(SIDE, sides[inner], inner, inner + 1)
                for inner in range(label.first, label.after) if inner in sides and label.kind != SIDE
            ]  # fmt: skip
            found.append(Unit(label.kind, label, label.first, label.after))
            if place in sides and label.kind != SIDE and label.after == place + 1:
                found[-1], found[-2] = found[-1], found[-2]
            place = label.after
        else:
            found.append(Unit(_FUNCTION.get(words[place].word, WORD), None, place, place + 1))
            place += 1
    return found


def _levels(starts: Mapping[int, Label], place: int) -> bool:
    """Two levels of the spine with a mark between: "L4-L5"."""
    before, after = starts.get(place - 1), starts.get(place)
    return bool(before and after and before.ids[-1][1:].isdigit() and after.ids[-1][1:].isdigit())


def _mark(mark: str) -> str:
    if any(each in mark for each in ";.\n"):
        return BREAK
    if any(each in mark for each in ",/&+()"):
        return JOIN
    return LINK if any(each in mark for each in ":-–") else THE
