"""Sets of procedure codes as contracts write them: single codes and ranges ("99381-99397")."""

from collections.abc import Iterable
from functools import lru_cache


class CodeRanges:
    """Answers `code in ranges`. Answers are remembered: a contract asks for the same few hundred codes all day."""

    __slots__ = ("_answers", "_ranges", "_singles")

    def __init__(self, entries: Iterable[str]) -> None:
        singles, ranges = set(), []
        for entry in entries:
            first, dash, last = entry.strip().partition("-")
            if not dash:
                singles.add(first)
            elif len(first) == len(last) and first <= last:
                ranges.append((first, last))
            else:
                raise ValueError(f"not a range of codes: {entry!r}")
        self._singles = frozenset(singles)
        self._ranges = tuple(ranges)
        self._answers: dict[str, bool] = {}

    def __contains__(self, code: str) -> bool:
        known = self._answers.get(code)
        if known is None:
            known = code in self._singles or any(between(code, first, last) for first, last in self._ranges)
            self._answers[code] = known
        return known


def between(code: str, first: str, last: str) -> bool:
    """Whether a code lies in a range of its own series."""
    # "0866T" sorts between numbers but belongs to another series: letters must stand where the range has them.
    same_series = len(code) == len(first) and all(a.isalpha() == b.isalpha() for a, b in zip(code, first, strict=True))
    return same_series and first <= code <= last


@lru_cache(maxsize=4096)
def code_ranges(entries: tuple[str, ...]) -> CodeRanges:
    """The set that `entries` describe, built once. Raises ValueError for a range that is none."""
    return CodeRanges(entries)
