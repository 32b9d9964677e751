"""Each segment becomes its struct and a letter: one character for its id and the code that tells where it belongs.

A run of letters is a word, and where its segments go is looked up by the word (program.Plan), so that finding the
place costs a look-up for each loop and not one for each segment. A segment that was seen before, to the letter of its
text, is not read again: structs are frozen, so that all places share one.
"""

import re
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import TypeAlias

from superbill.x12.codec import Field, Marks, fields, function
from superbill.x12.guides.catalog import GUIDES
from superbill.x12.lexer import Delimiters, tidy
from superbill.x12.rules import LoopRule, SegmentRule
from superbill.x12.standard import SEGMENTS
from superbill.x12.standard.base import Segment
from superbill.x12.standard.control import GE, GS, IEA, ISA, SE, ST, TA1

Pair: TypeAlias = tuple[Segment | None, str]
Make: TypeAlias = Callable[[str], Pair]

CONTROLS: dict[str, type[Segment]] = {"ISA": ISA, "GS": GS, "ST": ST, "SE": SE, "GE": GE, "IEA": IEA, "TA1": TA1}
ODD = "\0"  # an envelope's segment, an unknown one, or one that can't be read as it should: the walk looks at it alone
_ODD: Pair = (None, ODD)
# Letters that begin a word are told from those that go on with one by where they are in Unicode; that is all it is for.
_FIRST, _OTHER, _MOST = 0x1000, 0x5000, 0x4000
_ENOUGH = 1 << 12  # letters, after which all begin anew: no guides together have as many
_LONGEST_CODE = 8
_LONGEST_WORD = 64
WORDS = re.compile(
    f"{ODD}|[{chr(_FIRST)}-{chr(_OTHER - 1)}][{chr(_OTHER)}-{chr(_OTHER + _MOST)}]{{0,{_LONGEST_WORD - 1}}}"
    f"|[{chr(_OTHER)}-{chr(_OTHER + _MOST)}]{{1,{_LONGEST_WORD}}}"
)
_MANY = 50  # a loop that may come as often is worth a word of its own
_KNOWN_OF_A_LETTER, _LONGEST_KNOWN = 1 << 10, 1 << 8
_BATCHES = 1000  # after which what is known is learnt anew: files change


def _openers(loop: LoopRule, found: dict[str, int]) -> bool:
    """How often the loops that each segment opens may come; whether there is a unit in the loop."""
    holds = False
    for part in loop.parts:
        if not isinstance(part, SegmentRule):
            holds |= _openers(part, found)
    times = _MANY if loop.unit or holds else loop.repeat
    found[loop.opener.id] = max(times, found.get(loop.opener.id, 0))
    return loop.unit or holds


@cache
def _starts() -> frozenset[str]:
    """The segments that open loops which come again and again, in every guide where they open any."""
    least: dict[str, int] = {}
    for guide in GUIDES:
        found: dict[str, int] = {}
        _openers(guide.root, found)
        for name, times in found.items():
            least[name] = min(times, least.get(name, times))
    return frozenset(name for name, times in least.items() if times >= _MANY)


class Alphabet:
    """The letters: what each stands for. They are the same under all delimiters."""

    def __init__(self) -> None:
        self.codes: dict[str, _Codes] = {}
        self.meanings: dict[str, tuple[str, str]] = {}  # of each letter: segment id and code
        self.lock = Lock()

    @property
    def is_full(self) -> bool:
        """Whether there are so many letters that it is time for another alphabet."""
        return len(self.meanings) > _ENOUGH

    def of(self, name: str) -> "_Codes":
        """The letters of one segment id, by code."""
        return self.codes.setdefault(name, _Codes(name, self))

    def new(self, name: str, code: str) -> str:
        """A letter for a segment id with a code; ODD when there are too many."""
        with self.lock:
            number = len(self.meanings)
            if number >= _MOST:
                return ODD
            letter = chr(number + (_FIRST if name in _starts() else _OTHER))
            self.meanings[letter] = name, code
            return letter


class _Codes(dict[str, str]):
    """The letter of each code of one segment id."""

    def __init__(self, name: str, alphabet: Alphabet) -> None:
        super().__init__()
        self.name = name
        self.alphabet = alphabet

    def __missing__(self, code: str) -> str:
        if len(code) > _LONGEST_CODE:  # no code of any guide
            return self[""]
        letter = self.alphabet.new(self.name, code)
        if letter != ODD:
            self[code] = letter
        return letter


class _Makers(dict[str, Make]):
    """What makes the pair of a segment, by the first three characters of its text."""

    def __init__(self, letters: "Letters", untidy: bool) -> None:
        super().__init__()
        self.letters = letters
        self.untidy = untidy

    def __missing__(self, prefix: str) -> Make:
        name = prefix.split(self.letters.separator)[0]
        cls = SEGMENTS.get(name)
        if cls is None or name in CONTROLS:
            return _odd
        made = self[prefix] = _maker(cls, self.letters, self.untidy)
        return made


def _odd(_raw: str) -> Pair:
    return _ODD


class Letters:
    """The segments known, and what reads those that are not, under one set of delimiters."""

    def __init__(self, delimiters: Delimiters, under: Marks, alphabet: Alphabet) -> None:
        self.separator = delimiters.element
        self.under = under
        self.alphabet = alphabet
        self.known: dict[str, Pair] = {}
        self.learnt: dict[str, int] = {}  # how many of each letter are known
        self.full: set[str] = set()  # letters of which no more are learnt
        self.makers = _Makers(self, untidy=False)
        self.tidying = _Makers(self, untidy=True)
        self.batches = 0

    def of(self, segments: list[str], untidy: bool) -> list[Pair]:
        """The struct and letter of each segment."""
        self.batches += 1
        if self.batches >= _BATCHES:
            self.batches = 0
            for each in (self.known, self.learnt, self.full):
                each.clear()
        known, makers = self.known, self.tidying if untidy else self.makers
        return [known.get(raw) or makers[raw[:3]](raw) for raw in segments]

    def learn(self, raw: str, pair: Pair) -> None:
        """From now on a segment is known; of a letter of which there are too many no more are learnt."""
        if len(raw) < _LONGEST_KNOWN:
            self.known[raw] = pair
            letter = pair[1]
            times = self.learnt[letter] = self.learnt.get(letter, 0) + 1
            if times >= _KNOWN_OF_A_LETTER:
                self.full.add(letter)


@cache
def _making(cls: type[Segment], untidy: bool) -> tuple[Callable[..., Make], list[Field]]:
    """A function from what it needs, and the memos of those fields, to the maker of a class."""
    needed: dict[str, Field] = {}
    code = f"e[{cls.KEY}]" + (".split(mark, 1)[0]" if cls.KEY_PART else "") if cls.KEY else "''"
    lines = [
        "    def make(raw):",
        f"        e = {'tidy(raw, separator)' if untidy else 'raw.split(separator)'}",
        f"        if e[0] != {cls.__name__!r}: return odd",
        "        try:",
        f"            letter = codes[{code}]",
        "            e[0] = raw",
    ]
    indent = " " * 12
    for place, field in enumerate(fields(cls), 1):
        if not field.plain:
            lines += [] if needed else [f"{indent}n = len(e)"]
            needed[f"m{place}"] = field
            lines += [f"{indent}if n > {place}:", f"{indent}    e[{place}] = m{place}[e[{place}]]"]
            indent += "    "
    lines += [
        "            pair = cls(*e), letter",
        "        except (IndexError, ValueError, TypeError):",
        "            return odd",
        "        if letter not in full: learn(raw, pair)",
        "        return pair",
        "    return make",
    ]
    head = f"def made(cls, separator, mark, codes, full, learn, odd, {', '.join(needed)}):"
    return function([head, *lines], {"tidy": tidy}), list(needed.values())


def _maker(cls: type[Segment], letters: Letters, untidy: bool) -> Make:
    made, needed = _making(cls, untidy)
    under, codes = letters.under, letters.alphabet.of(cls.__name__)
    memos = map(under.memo, needed)
    return made(cls, letters.separator, under.component, codes, letters.full, letters.learn, _ODD, *memos)
