"""The sentence around a place of a note, for what is decided after all services are known."""

from bisect import bisect_right

from superbill.coding.reading.model import Reading

_FAR = 400
"""Characters that are looked at on either side; a note without full stops is one sentence."""


class Spoken:
    """A note's sentences by place, in lower case."""

    def __init__(self, reading: Reading) -> None:
        self.text = reading.text
        self._sentences = reading.outline.sentences
        self._starts = [each.start for each in self._sentences]

    def around(self, start: int, end: int) -> tuple[str, int, int]:
        """The sentence that holds a span, and the span's place in it."""
        number = self._number(start)
        first = max(self._sentences[number].start if number >= 0 else 0, start - _FAR)
        last = max(min(self._sentences[number].end if number >= 0 else len(self.text), end + _FAR), end)
        return self.text[first:last].casefold(), start - first, end - first

    def before(self, start: int) -> str:
        """The sentence before the one that holds a place; "" for the first."""
        return self._at(self._number(start) - 1)

    def after(self, start: int) -> str:
        """The sentence after the one that holds a place; "" for the last."""
        return self._at(self._number(start) + 1)

    def _number(self, start: int) -> int:
        return bisect_right(self._starts, start) - 1

    def _at(self, number: int) -> str:
        if not 0 <= number < len(self._sentences):
            return ""
        each = self._sentences[number]
        return self.text[each.start : each.end][:_FAR].casefold()
