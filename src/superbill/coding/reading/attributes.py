"""What is said of a mention: side, acuity, severity, stage, type, control, course, cause and so on, each with its span.

A word belongs to the mention whose phrase it stands in: before it ("chronic kidney disease"), after it ("asthma, mild
intermittent", "hypertension is well controlled"), the nearest first. The label of a line and the title of a problem
give the side that a sentence leaves out, and a sentence that names no condition speaks of its problem's title. What
contradicts itself is kept as two attributes, for others to ask about. Words and reach are data (data/attributes.yaml).
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from msgspec import Struct
from msgspec.structs import replace

from superbill.coding.reading import causes, gestation
from superbill.coding.reading.model import Attribute, Mention, Outline, Token
from superbill.coding.reading.phrasebook import Book, cues, listed, phrases_in
from superbill.coding.reading.scan import tokens
from superbill.coding.reading.tables import table


class _Reach(Struct, frozen=True, forbid_unknown_fields=True):
    """Over how many words an attribute reaches; `title`: whether it may be said in a sentence of its own."""

    ahead: int
    back: int
    title: bool


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """The words of the axes: axis, value, and the ways to say it with commas between."""

    classes: dict[str, str]
    axes: dict[str, _Reach]
    words: dict[str, dict[str, str]]

    @classmethod
    def read(cls) -> "Table":
        """The packaged table. Raises KeyError for an axis without reach."""
        return table("superbill.coding.reading.data", "attributes.yaml", cls)


class Hit(Struct, frozen=True):
    """Words of an attribute in a row: from `first` up to `after`, with its axes and values."""

    first: int
    after: int
    said: tuple[tuple[str, str], ...]


_PARTING = frozenset(
    ("but", "with", "due", "from", "because", "who", "which", "that", "for", "after", "if", "on", "has", "had",
     "have", "denies", "reports", "presents", "while", "when", "since", "as", "than", "without", "no", "not", "his",
     "her", "she", "he", "patient", "we", "i", "continue", "take", "taking", "will", "increase", "decrease", "start")
)  # fmt: skip
_LETTERS = {"R": "right", "L": "left"}
_JOINING = frozenset(("and", "or", "to", "vs", "versus"))
_LINKING = frozenset(
    ("is", "are", "was", "were", "be", "been", "being", "remains", "remain", "currently", "appears", "now", "has",
     "have", "very", "quite", "fairly", "which", "still", "today", "well", "overall", "relatively", "seems", "in", "of",
     "on", "at", "the", "side", "her", "his", "their", "a", "an", "level", "pain", "type", "stage", "continues", "to")
)  # fmt: skip
_PLACED = frozenset(
    ("in", "of", "on", "at", "the", "over", "along", "to", "his", "her", "their", "involving", "affecting")
)


@cache
def _table() -> Table:
    return Table.read()


@cache
def _phrases() -> Book[tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for axis, values in _table().words.items():
        for value, words in values.items():
            for phrase in listed(words):
                found.setdefault(phrase, []).append((axis, value))
    classes = {name: frozenset(listed(words)) for name, words in _table().classes.items()}
    return cues({phrase: tuple(said) for phrase, said in found.items()}, classes)


def described(mentions: Sequence[Mention], outline: Outline, words: Sequence[Sequence[Token]]) -> tuple[Mention, ...]:
    """The mentions with their attributes, after those that they have. `words` are the outline's tokens by sentence."""
    by_sentence: dict[int, list[int]] = {}
    for number, mention in enumerate(mentions):
        if mention.what != "drug":
            by_sentence.setdefault(mention.sentence, []).append(number)
    found: list[list[Attribute]] = [list(mention.attributes) for mention in mentions]
    titles = _titles(mentions, outline)
    for place, row in enumerate(words):
        hits = [Hit(*each) for each in phrases_in(_phrases(), outline.text, row)]
        hits = [hit for hit in hits if hit.said[0][0] != "nothing"]
        there = by_sentence.get(place, [])
        if there:
            there.sort(key=lambda number: mentions[number].start)
            hits = sorted([*hits, *_lettered(outline.text, row)], key=lambda hit: hit.first)
            said = _Sentence(outline.text, row, [mentions[number] for number in there], hits)
            for hit in hits:
                for axis, value in hit.said:
                    for at in said.of(hit, axis):
                        found[there[at]].append(_attribute(outline.text, row, hit, axis, value))
            for at, attribute in causes.of(outline.text, row, said.spans):
                found[there[at]].append(attribute)
        elif hits and (title := titles.get(outline.sentences[place].problem)) is not None:
            for hit in hits:
                for axis, value in hit.said:
                    if _table().axes[axis].title and not any(each.axis == axis for each in found[title]):
                        found[title].append(_attribute(outline.text, row, hit, axis, value))
    _sides(mentions, outline, found, titles)
    gestation.add(mentions, outline, found)
    return tuple(
        replace(mention, attributes=tuple(dict.fromkeys(own))) if own else mention
        for mention, own in zip(mentions, found, strict=True)
    )


def _lettered(text: str, row: Sequence[Token]) -> Iterator[Hit]:
    """A side as a capital: "contusion L", "R great toe"; not after a number, where it is liters."""
    for place, word in enumerate(row):
        if word.end - word.start == 1 and (side := _LETTERS.get(text[word.start])):
            before = row[place - 1] if place else None
            if before is None or not (before.word[-1].isdigit() or text[before.end : word.start] in ("/", "-", "&")):
                yield Hit(place, place + 1, (("side", side),))


def _attribute(text: str, row: Sequence[Token], hit: Hit, axis: str, value: str) -> Attribute:
    start, end = row[hit.first].start, row[hit.after - 1].end
    return Attribute(axis, " ".join(text[start:end].casefold().split()) if value == "said" else value, start, end)


def _titles(mentions: Sequence[Mention], outline: Outline) -> dict[int, int]:
    """The one problem that each title names, by the number of its block."""
    found: dict[int, int] = {}
    several: set[int] = set()
    for number, mention in enumerate(mentions):
        problem = outline.sentences[mention.sentence].problem
        if problem < 0 or mention.what != "problem":
            continue
        block = outline.problems[problem]
        if block.start <= mention.start and mention.end <= block.title_end:
            if problem in found:
                several.add(problem)
            found[problem] = number
    return {problem: number for problem, number in found.items() if problem not in several}


def _sides(
    mentions: Sequence[Mention], outline: Outline, found: list[list[Attribute]], titles: dict[int, int]
) -> None:  # fmt: skip
    """The side that a sentence leaves out: from the label of its line, else from the title of its problem."""
    for number, mention in enumerate(mentions):
        if mention.what != "problem" or any(each.axis == "side" for each in found[number]):
            continue
        sentence = outline.sentences[mention.sentence]
        said = _of_label(sentence.label)
        if said:
            start = outline.text.rfind(sentence.label, max(0, sentence.start - 400), sentence.start)
            if start >= 0:
                found[number].append(Attribute("side", said, start, start + len(sentence.label)))
                continue
        title = titles.get(sentence.problem)
        if title is not None and title != number and mentions[title].codes[:1] == mention.codes[:1] != ():
            found[number] += [each for each in found[title] if each.axis == "side"]


@lru_cache(maxsize=1024)
def _of_label(label: str) -> str:
    row = tokens(label, 0, len(label))
    sides = {value for _, _, said in phrases_in(_phrases(), label, row) for axis, value in said if axis == "side"}
    return sides.pop() if len(sides) == 1 else ""


class _Sentence:
    """A sentence with its mentions, in the order of the text, as spans of words."""

    def __init__(self, text: str, row: Sequence[Token], mentions: Sequence[Mention], hits: Sequence[Hit]) -> None:
        self.row = row
        self.gaps = [""] + [text[row[at - 1].end : row[at].start] for at in range(1, len(row))]
        begins = [word.start for word in row]
        self.spans = [(bisect_left(begins, each.start), bisect_left(begins, each.end)) for each in mentions]
        self._firsts = [first for first, _ in self.spans]
        self._starts = {first: at for at, (first, _) in enumerate(self.spans)}
        self._ends = {after: at for at, (_, after) in enumerate(self.spans)}
        self._said = {at for each in hits for at in range(each.first, each.after)}
        self._sided = {each.first for each in hits if any(axis == "side" for axis, _ in each.said)}

    def of(self, hit: Hit, axis: str) -> Iterator[int]:
        """The mentions of which a word is said: those in which it stands, else the one after it, else before it."""
        from_ = max(0, bisect_left(self._firsts, hit.first) - 3)
        near = range(from_, bisect_left(self._firsts, hit.after))
        own = [at for at in near if self.spans[at][0] < hit.after and hit.first < self.spans[at][1]]
        if own:
            yield from own
            return
        reach = _table().axes[axis]
        after = self._ahead(hit, reach.ahead)
        before = self._back(hit, reach.back, placed=axis == "side")
        if axis in ("duration", "control", "course", "encounter") and before is not None and after is not None:
            after = None if hit.first - self.spans[before][1] <= self.spans[after][0] - hit.after else after
        chosen = after if after is not None else before
        if chosen is not None:
            yield chosen
            if axis == "side" and after is not None:
                yield from self._coordinated(chosen)

    def _ahead(self, hit: Hit, most: int) -> int | None:
        for at in range(hit.after, min(len(self.row), hit.after + most + 1)):
            if any(mark in self.gaps[at] for mark in ",;:()") or (at > hit.after and "." in self.gaps[at]):
                return None
            if at in self._starts:
                return self._starts[at]
            word = self.row[at].word
            if word in _PARTING or (word in _JOINING and at + 1 not in self._said):
                return None
        return None

    def _back(self, hit: Hit, most: int, *, placed: bool) -> int | None:
        at = hit.first
        while at >= 0 and hit.first - at <= most:
            if at in self._ends:
                return None if at < len(self.gaps) and any(mark in self.gaps[at] for mark in ";)") else self._ends[at]
            if at <= 0 or any(mark in self.gaps[at] for mark in ";:)") or ". " in self.gaps[at]:
                return None
            word = self.row[at - 1].word
            if at - 1 not in self._said and word not in _LINKING and not (placed and word in _PLACED):
                return None
            if "," in self.gaps[at] and at != hit.first and at - 1 not in self._said:
                return None
            at -= 1
        return None

    def _coordinated(self, chosen: int) -> Iterator[int]:
        """ "Left knee pain and swelling": the second of two joined without a side of its own has the first's."""
        _, after = self.spans[chosen]
        at = self._starts.get(after + 1)
        if at is None or self.row[after].word not in ("and", "or"):
            return
        first, last = self.spans[at]
        if last - first == 1 and first not in self._sided:
            yield at
