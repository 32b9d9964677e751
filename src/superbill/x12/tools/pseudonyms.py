"""Other names and numbers for real ones: under one secret always the same for the same, of the same shape, length kept.

Numbers are permuted (a Feistel network over digits and letters, keyed by HMAC-SHA-256), so that two that differ stay
different; words become pronounceable ones. Without the secret neither leads back.
"""

import hmac
import re
from datetime import date, timedelta

from superbill.identifiers import is_clia, is_npi, npi
from superbill.x12.code_sets import is_routing_number

_ROUNDS = 8
_REMEMBERED = 1 << 16
_CONSONANTS, _VOWELS = "BDFGKLMNPRSTVZ", "AEIOU"
_WORD = re.compile(r"[^\W\d_]+|\d+")
_WEEKS = 26


class Pseudonyms:
    """Pseudonyms under one secret."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret
        self.numbers: dict[str, str] = {}
        self.words: dict[str, str] = {}

    def _hash(self, *parts: object) -> int:
        message = "\0".join(map(str, parts)).encode("utf-8", "surrogatepass")
        return int.from_bytes(hmac.digest(self.secret, message, "sha256"))

    # --- numbers ---

    def number(self, text: str) -> str:
        """Another number of the same shape: digits for digits, letters for letters, anything else as it is.

        An NPI becomes a valid NPI, a CLIA number one of its form; leading zeros stay.
        """
        found = self.numbers.get(text)
        if found is None:
            found = self._number(text)
            if len(self.numbers) < _REMEMBERED:
                self.numbers[text] = found
        return found

    def routing_number(self, text: str) -> str:
        """Another ABA routing number of the same Federal Reserve district; what is none becomes another number."""
        if not is_routing_number(text):
            return self.number(text)
        first = text[:2] + self._permuted(text[2:8], [10] * 6, "routing")
        weighted = sum(int(digit) * weight for digit, weight in zip(first, (3, 7, 1) * 3, strict=False))
        return first + str(-weighted % 10)

    def originator(self, text: str) -> str:
        """Another number of a company, after the digit that says of what kind it is."""
        return text[:1] + self.number(text[1:])

    def _number(self, text: str) -> str:
        if is_npi(text):
            return npi(text[0] + self._permuted(text[1:9], [10] * 8, "npi"))
        fixed = 2 if is_clia(text) else -1
        bases = []
        leading = text.isdigit()
        for place, character in enumerate(text):
            if (leading and character == "0") or place == fixed:
                bases.append(1)
            elif character.isdigit() and character.isascii():
                bases.append(9 if leading else 10)
                leading = False
            else:
                bases.append(26 if character.isalpha() else 1)
        return self._permuted(text, bases, "number")

    def _permuted(self, text: str, bases: list[int], kind: str) -> str:
        """The text with its characters permuted; a base is how many characters may stand there, 9 for 1 to 9."""
        free = [place for place, base in enumerate(bases) if base > 1]
        if not free:
            return text
        values = [_value(text[place], bases[place]) for place in free]
        shape = "".join(map(str, bases)) + kind + ("" if text.isupper() or text.isdigit() else _case(text))
        if len(free) == 1:
            base = bases[free[0]]
            values[0] = (values[0] + 1 + self._hash(shape) % (base - 1)) % base
        else:
            values = self._feistel(values, [bases[place] for place in free], shape)
        made = list(text)
        for place, value in zip(free, values, strict=True):
            made[place] = _character(value, bases[place], text[place])
        return "".join(made)

    def _feistel(self, values: list[int], bases: list[int], shape: str) -> list[int]:
        half = len(values) // 2
        left, most_left = _joined(values[:half], bases[:half])
        right, most_right = _joined(values[half:], bases[half:])
        for turn in range(_ROUNDS):
            if turn % 2:
                right = (right + self._hash(shape, turn, left)) % most_right
            else:
                left = (left + self._hash(shape, turn, right)) % most_left
        return _parted(left, bases[:half]) + _parted(right, bases[half:])

    # --- words ---

    def words_of(self, text: str) -> str:
        """Each word another of its length, each number another; what is between them stays."""
        return _WORD.sub(lambda match: self._word(match[0]), text)

    def _word(self, word: str) -> str:
        if word.isdigit():
            return self.number(word)
        key = word.upper()
        found = self.words.get(key) or self._other(key)
        if len(self.words) < _REMEMBERED:
            self.words[key] = found
        return found if word.isupper() else found.lower() if word.islower() else found.capitalize()

    def _other(self, key: str) -> str:
        turn = 0
        while (found := self._sounds(key, turn)) == key:
            turn += 1
        return found

    def _sounds(self, key: str, turn: int) -> str:
        source = self._hash("word", turn, key)
        made = []
        for place in range(len(key)):
            letters = _VOWELS if place % 2 else _CONSONANTS
            source, letter = divmod(source, len(letters))
            made.append(letters[letter])
            if place % 40 == 39:
                source = self._hash("more", turn, key, place)
        return "".join(made)

    # --- dates ---

    def days(self, *, person: str = "") -> timedelta:
        """How far dates move back, in whole weeks: those of the file, and further those of a person."""
        weeks = 1 + self._hash("file") % _WEEKS
        return timedelta(weeks=weeks + (1 + self._hash("person", person) % _WEEKS if person else 0))

    def day(self, on: date, back: timedelta) -> date | None:
        """A day moved; None before the calendar begins."""
        try:
            return on - back
        except OverflowError:
            return None


def _case(text: str) -> str:
    return "".join("u" if character.isupper() else "l" for character in text)


def _value(character: str, base: int) -> int:
    if base == 26:
        upper = character.upper()
        return ord(upper) - 65 if "A" <= upper <= "Z" else ord(upper[0]) % 26
    return int(character) - (base == 9)


def _character(value: int, base: int, old: str) -> str:
    if base == 26:
        return chr(value + (97 if old.islower() else 65))
    return str(value + (base == 9))


def _joined(values: list[int], bases: list[int]) -> tuple[int, int]:
    whole, most = 0, 1
    for value, base in zip(values, bases, strict=True):
        whole, most = whole * base + value, most * base
    return whole, most


def _parted(whole: int, bases: list[int]) -> list[int]:
    made = []
    for base in reversed(bases):
        whole, value = divmod(whole, base)
        made.append(value)
    return made[::-1]
