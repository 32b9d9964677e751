"""Letters without which a pattern can't match: looked for first, they save most patterns their way over a note."""

import re
from functools import cache
from typing import NamedTuple

_COUNT = re.compile(r"[*+?]|\{(\d*)(?:,\d*)?\}")
_OPEN = re.compile(r"\((?:\?(?:P<\w+>|[a-zA-Z-]*:|(?P<around><?[=!])))?")
_KLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_PART = 3
"""Letters of the parts of its words that a text is known by: most strings need no more to be missed."""
_WORD = re.compile(r"[^\W_]{2,}")
_PLACES, _KINDS = frozenset("bBAZ"), frozenset("wWdDsSntr")


class Letters:
    """The letters of one text, of which patterns are asked."""

    def __init__(self, text: str) -> None:
        words = set(_WORD.findall(_folded(text)))
        self._words = " ".join(words)
        self._parts = {word[at : at + _PART] for word in words for at in range(len(word) - _PART + 1)}
        self._answers: dict[str, bool] = {}

    def allow(self, pattern: re.Pattern[str]) -> bool:
        """May a pattern match in the text? False is sure."""
        found = self._answers.get(pattern.pattern)
        if found is None:
            found = self._answers[pattern.pattern] = self._hold(needed(pattern.pattern))
        return found

    def _hold(self, needs: "Needs") -> bool:
        for row in needs:
            for each in row:
                if isinstance(each, tuple):
                    if not self._hold(each):
                        break
                elif (len(each) >= _PART and each[:_PART] not in self._parts) or each not in self._words:
                    break
            else:
                return True
        return False


Needs = tuple[tuple["str | Needs", ...], ...]
"""Of several rows, one; of a row, every string and every further need. A row that is empty asks for nothing. A string
is letters and digits that stand together."""


def _folded(text: str) -> str:
    if not text.isascii():  # letters that match an "i" of any case and don't fold to it
        text = text.replace("İ", "i").replace("ı", "i")
    return text.casefold()


@cache
def needed(pattern: str) -> Needs:
    """What letters, case folded, every text has that the pattern matches in any case.

    Knows the syntax that the tables use: no comments, conditions, references or verbose patterns (ValueError).
    """
    found, at = _either(pattern, 0)
    if at < len(pattern):
        raise ValueError(f"a bracket too many in a pattern, at {at}: {pattern}")
    return found


class _Piece(NamedTuple):
    """A piece of a pattern: the letter that it is, or what it needs; `wide`: it takes characters."""

    end: int
    letter: str = ""
    needs: Needs = ((),)
    wide: bool = True


def _either(pattern: str, at: int) -> tuple[Needs, int]:
    """The needs of alternatives up to the bracket that closes them, and its place."""
    rows: list[tuple[str | Needs, ...]] = []
    while True:
        row, at = _row(pattern, at)
        rows.append(row)
        if at == len(pattern) or pattern[at] == ")":
            return tuple(rows) if all(rows) else ((),), at
        at += 1


def _row(pattern: str, at: int) -> tuple[tuple[str | Needs, ...], int]:
    """What pieces in a row need: the letters that stand together, and what groups need."""
    found: list[Needs] = []
    runs = [""]
    while at < len(pattern) and pattern[at] not in "|)":
        piece = _piece(pattern, at)
        at = piece.end
        count = _COUNT.match(pattern, at)
        if count:
            at = count.end() + (pattern[count.end() : count.end() + 1] in ("?", "+"))
        if count is None or count[0] == "+" or int(count[1] or 0) > 0:
            runs[-1] += piece.letter
            found += [piece.needs] if all(piece.needs) else []
        if piece.wide and (count or not piece.letter):
            runs.append("")
    return (*(word for run in runs for word in _WORD.findall(run)), *found), at


def _piece(pattern: str, at: int) -> _Piece:
    said = pattern[at]
    if said == "\\":
        after = pattern[at + 1]
        if after in _PLACES:
            return _Piece(at + 2, wide=False)
        if after.isalnum() and after not in _KINDS:
            raise ValueError(f"an escape of an unknown kind in a pattern, at {at}: {pattern}")
        return _Piece(at + 2) if after.isalnum() else _Piece(at + 2, _folded(after))
    if said == "[":
        if (found := _KLASS.match(pattern, at)) is None:
            raise ValueError(f"an open class in a pattern, at {at}: {pattern}")
        return _Piece(found.end())
    if said == "(":
        found = _OPEN.match(pattern, at)
        if found is None or pattern.startswith("?", found.end()):
            raise ValueError(f"a group of an unknown kind in a pattern, at {at}: {pattern}")
        needs, end = _either(pattern, found.end())
        around = found["around"] is not None
        return _Piece(end + 1, needs=((),) if around else needs, wide=not around)
    if said in "^$":
        return _Piece(at + 1, wide=False)
    return _Piece(at + 1) if said == "." else _Piece(at + 1, _folded(said))
