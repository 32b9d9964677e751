"""Finds phrases of a table in the words of a sentence, in one pass however many the table has.

A phrase is words with spaces between; `a|b` is either word, `~` up to four words of any kind.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from superbill.coding.reading.model import Token

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?(?:\.\d+)?")
_GAP = frozenset(("~",))
_WIDEST = 4

Pattern = tuple[frozenset[str], ...]


class Phrases:
    """A compiled table: names of what is said, each with its phrases."""

    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        by_first: dict[str, list[tuple[Pattern, str]]] = {}
        for name, phrases in table.items():
            for phrase in phrases:
                pattern = _compiled(phrase)
                for word in pattern[0]:
                    by_first.setdefault(word, []).append((pattern, name))
        self._rows = {word: _by_second(rows) for word, rows in by_first.items()}

    def find(self, words: Sequence[Token]) -> Iterator[tuple[int, int, str]]:
        """(first word, word after the last, name), for every name the longest phrase at each place."""
        for at, word in enumerate(words):
            under = self._rows.get(word.word)
            if under is None:
                continue
            seen: set[str] = set()
            after = words[at + 1].word if at + 1 < len(words) else ""
            for pattern, name in under.get(after) or under[""]:
                if name in seen:
                    continue
                end = _match(pattern, 1, words, at + 1)
                if end:
                    seen.add(name)
                    yield at, end, name


def _compiled(phrase: str) -> Pattern:
    return tuple(
        _GAP if each == "~" else frozenset("".join(_WORD.findall(one.removesuffix("'s"))) for one in each.split("|"))
        for each in phrase.casefold().replace("-", " ").split()
    )


def _by_second(rows: list[tuple[Pattern, str]]) -> dict[str, list[tuple[Pattern, str]]]:
    """The rows of one first word by the word that follows it, the longest first; under "" those that any may follow."""
    rows = sorted(rows, key=lambda row: -len(row[0]))
    words = {word for pattern, _ in rows if len(pattern) > 1 and pattern[1] is not _GAP for word in pattern[1]}
    return {
        word: [row for row in rows if len(row[0]) == 1 or row[0][1] is _GAP or word in row[0][1]]
        for word in ("", *words)
    }


def _match(pattern: Pattern, place: int, words: Sequence[Token], at: int) -> int:
    """The word after the last of the match, 0 for none."""
    while place < len(pattern):
        wanted = pattern[place]
        if wanted is _GAP:
            for skipped in range(_WIDEST + 1):
                end = _match(pattern, place + 1, words, at + skipped)
                if end:
                    return end
            return 0
        if at >= len(words) or words[at].word not in wanted:
            return 0
        place, at = place + 1, at + 1
    return at
