"""Carries spans from one language to another: texts and their translations, sentence by sentence, word by word.

Sentences are matched in their order by what they share (numbers, words of one origin); words by IBM Model 1 in both
directions (Brown et al., 1993), which begins from the likeness of words.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from superbill.coding.learned.words import Word

_ROUNDS = 3
_LEAST = 0.02
_SURE = 0.15
_LIKE = 8.0
_ALIKE = 4
_APART = 0.35
_COST = 0.05

Pair = tuple[tuple[str, ...], tuple[str, ...]]
Table = dict[str, dict[str, float]]


def sentences(words: Sequence[Word]) -> list[list[Word]]:
    """The words of a text, sentence by sentence."""
    found: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        found[word.sentence].append(word)
    return [found[number] for number in sorted(found)]


_MOVES = {(1, 1): 0.15, (1, 2): 0.05, (2, 1): 0.05, (1, 3): 0.0, (3, 1): 0.0, (1, 0): 0.0, (0, 1): 0.0}
"""How many sentences of each side go together, and what speaks for it before a word is compared."""


def matched(here: Sequence[Sequence[Word]], there: Sequence[Sequence[Word]]) -> list[tuple[range, range]]:
    """Which sentences are each other's translations: groups of up to three on one side, in their order."""
    shared = _shared(here, there)
    best = [[(0.0, (0, 0))] * (len(there) + 1) for _ in range(len(here) + 1)]
    for a in range(len(here) + 1):
        for b in range(len(there) + 1):
            choices = [
                (
                    best[a - x][b - y][0] + worth + sum(shared[c][d] for c in range(a - x, a) for d in range(b - y, b)),
                    (x, y),
                )
                for (x, y), worth in _MOVES.items()
                if x <= a and y <= b
            ]
            if choices:
                best[a][b] = max(choices)
    groups = []
    a, b = len(here), len(there)
    while a or b:
        x, y = best[a][b][1]
        if x and y:
            groups.append((range(a - x, a), range(b - y, b)))
        a, b = a - x, b - y
    return groups[::-1]


def _shared(here: Sequence[Sequence[Word]], there: Sequence[Sequence[Word]]) -> list[list[float]]:
    """What each pair of sentences has in common, by the beginnings of their words; less the more they are apart."""
    ours = [Counter(word.stem[:_ALIKE] for word in each) for each in here]
    theirs = [Counter(word.stem[:_ALIKE] for word in each) for each in there]
    return [[_likeness(left, right, abs(a / len(ours) - b / len(theirs))) for b, right in enumerate(theirs)]
            for a, left in enumerate(ours)]  # fmt: skip


def _likeness(left: Counter[str], right: Counter[str], apart: float) -> float:
    if apart > _APART:
        return -1.0
    common = sum(min(count, right[mark]) for mark, count in left.items() if mark in right)
    return 2.0 * common / (left.total() + right.total()) - _COST


def translations(pairs: Sequence[Pair]) -> Table:
    """How likely a word of the first language becomes one of the second, by the words of matched sentences."""
    table: Table = defaultdict(dict)
    for here, there in pairs:
        for left in here:
            row = table[left]
            for right in there:
                if right not in row:
                    row[right] = _LIKE if left[:_ALIKE] == right[:_ALIKE] and len(left) >= _ALIKE else 1.0
    for _ in range(_ROUNDS):
        counts: Table = {left: dict.fromkeys(row, 0.0) for left, row in table.items()}
        for here, there in pairs:
            rows = [(table[left], counts[left]) for left in here]
            for right in there:
                share = 1.0 / (sum(row[right] for row, _ in rows) + 1e-9)
                for row, count in rows:
                    count[right] += row[right] * share
        for row in counts.values():
            total = sum(row.values()) or 1.0
            for right in row:
                row[right] /= total
        table = counts
    return table


class Aligned:
    """Texts and their translations, so that a span of one can be found in the other."""

    def __init__(self, texts: Mapping[str, tuple[Sequence[Word], Sequence[Word]]]) -> None:
        self._groups: dict[str, list[tuple[list[Word], list[Word]]]] = {}
        for name, (here, there) in texts.items():
            ours, theirs = sentences(here), sentences(there)
            self._groups[name] = [
                (
                    [word for number in left for word in ours[number]],
                    [word for number in right for word in theirs[number]],
                )
                for left, right in matched(ours, theirs)
            ]
        pairs = [
            (tuple(word.stem for word in left), tuple(word.stem for word in right))
            for groups in self._groups.values()
            for left, right in groups
        ]
        self._forth = translations(pairs)
        self._back = translations([(right, left) for left, right in pairs])

    def carried(self, name: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
        """The stems of the translation that stand for the words within the spans of a text, () where none is found."""
        for left, right in self._groups[name]:
            wanted = [word for word in left if any(start <= word.start and word.end <= end for start, end in spans)]
            if wanted:
                return tuple(sorted({stem for word in wanted for stem in self._stands_for(word.stem, right)}))
        return ()

    def table(self) -> dict[str, str]:
        """What each stem of the first language became in the second, where that is sure enough."""
        found = {}
        for left, row in self._forth.items():
            scored = {right: (share * self._back[right].get(left, 0.0)) ** 0.5 for right, share in row.items()}
            best = max(scored, key=lambda each: (scored[each], each))
            if scored[best] >= _SURE:
                found[left] = best
        return found

    def _stands_for(self, stem: str, there: Sequence[Word]) -> list[str]:
        """The words that most likely stand for a word: by both directions together."""
        row = self._forth.get(stem, {})
        scored = {
            word.stem: (row.get(word.stem, 0.0) * self._back.get(word.stem, {}).get(stem, 0.0)) ** 0.5 for word in there
        }
        if not scored:
            return []
        best = max(scored, key=lambda each: (scored[each], each))
        return [best] if scored[best] >= _LEAST else []
