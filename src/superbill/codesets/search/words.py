"""Words of a query and of a code set, brought to one form: case, accents, British spelling, plurals, numerals.

What is done here is done alike to what is searched and to what is typed; a form needn't be a word of English, it must
only be the same on both sides.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

# What people write with a slash or a sign, before words are cut. Patterns are compiled when first needed.
_WRITTEN = (
    ("/", r"\bw/o\b", " without "),
    ("/", r"\bw/(?=\s|\w)", " with "),
    ("/", r"\bs/p\b", " status post "),
    ("/", r"\bf/u\b", " follow up "),
    ("/", r"\bh/o\b", " history of "),
    ("/", r"\bb/l\b", " bilateral "),
    ("/", r"\bc/o\b", " "),
    ("/", r"\b[rd]/t\b", " due to "),
    ("'", r"(?<=[a-z])'(?:s\b|(?=[a-z]))", ""),
    ("&", r"(?<=[a-z])&(?=[a-z])", "n"),
)
_SIGNS = re.compile("[/'’`&]")
_QUOTES = str.maketrans("’`", "''")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
          "x": "10", "xi": "11", "xii": "12", "iia": "2a", "iib": "2b", "iiia": "3a", "iiib": "3b", "iiic": "3c",
          "1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "5th": "fifth",
          "both": "bilateral"}  # fmt: skip
# Letters that a word must have, the pattern, and what is put instead.
_BRITISH = (
    ("ae", r"(?<!^)ae(?=.)|^ae(?!r)(?=..)", "e"),
    ("oe", r"oe(?=..)", "e"),
    ("our", r"(tum|col|lab|behavi|od|hum|vap|fav|rum|harb|savi)our", r"\1or"),
    ("re", r"(fib|cent|lit|calib|tit|goit)re(s?)$", r"\1er\2"),
    ("is", r"(?<=[lntr])is(ation|ations|ing|ed|e|es)$", r"iz\1"),
    ("ys", r"ys(ed|e|es|ing)$", r"yz\1"),
    ("sulph", r"sulph", "sulf"),
    ("mould", r"^mould", "mold"),
    ("tyre", r"^tyre", "tire"),
    ("ageing", r"^ageing$", "aging"),
    ("ll", r"(travel|cancel|label|signal|swivel)l(ed|er|ers|ing)$", r"\1\2"),
)
_ENDINGS = (
    "ations", "ation", "ative", "ating", "ated", "ically", "ingly", "ions", "ings", "ical", "ives", "ion", "ing",
    "ive", "ies", "ity", "ied", "ics", "ed", "ic", "ia", "is", "es", "ly", "e", "y", "a",
)  # fmt: skip
_IRREGULAR = {"asthmatic": "asthma", "feet": "foot", "teeth": "tooth", "vertebrae": "vertebra", "septic": "sepsis",
              "fxs": "fx", "children": "child", "fractured": "fracture", "broke": "broken", "swollen": "swelling",
              "swell": "swelling", "ovaries": "ovary", "bitten": "bite", "burnt": "burn", "lives": "living",
              "men": "man", "women": "woman"}  # fmt: skip
_WORD = re.compile(r"[a-z0-9]+")
_PIECE = re.compile(r"[a-z0-9]+|[,;:\[\]()]|\.(?=\s|$)")
_SHORTEST = 4

STOP = frozenset(
    ("of", "and", "the", "in", "to", "for", "or", "by", "at", "with", "on", "a", "an", "as", "from", "is", "it", "its",
     "was", "be", "has", "had", "my", "his", "her", "this")
)  # fmt: skip
"""Words that say nothing by themselves."""

DEFAULT, NEGATED = "~", "-"
"""Marks before a stem: said by default (unspecified, in parentheses); ruled out (after "without" or "not")."""


@lru_cache(maxsize=65536)
def canonical(word: str) -> str:
    """One word in American spelling, its numeral as a digit: "oesophageal" → "esophageal", "ii" → "2"."""
    found = _ROMAN.get(word)
    if found is not None:
        return found
    if len(word) >= 5:
        for letters, pattern, instead in _BRITISH:
            if letters in word:
                word = re.sub(pattern, instead, word)
    return word


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """What a canonical word shares with its plural and its adjective: "diabetic" and "diabetes" → "diabet"."""
    word = _IRREGULAR.get(word, word)
    if len(word) <= 3 or word[0].isdigit():
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 5 else word[:-1]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            return word[: -len(ending)]
    return word


def _plain(text: str) -> str:
    text = text.casefold()
    if not text.isascii():
        text = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    if _SIGNS.search(text):
        text = text.translate(_QUOTES)
        for sign, pattern, instead in _WRITTEN:
            if sign in text:
                text = re.sub(pattern, instead, text)
    return text


def words(text: str) -> list[str]:
    """The canonical words of a text, in their order."""
    return [canonical(word) for word in _WORD.findall(_plain(text))]


def key(text: str) -> str:
    """What two ways of writing one term share: its stems in their order."""
    return " ".join(map(stem, words(text)))


def title(text: str) -> str:
    """What two ways of writing one title share: its canonical words in their order."""
    return " ".join(words(text))


def hashed(text: str) -> int:
    """A title as the number under which the table of titles keeps it; a few share one."""
    return zlib.crc32(text.encode())


class Token(NamedTuple):
    """A word of a phrase: canonical, its stem, and its mark ("", DEFAULT or NEGATED)."""

    word: str
    stem: str
    mark: str


# "unspecified organism", "not intractable", "without (mention of) complication".
_UNSAID = frozenset(("unspecified", "nos", "unsp"))
NOT = frozenset(("without", "not", "no", "non", "nor", "never", "negative"))
ENDS_NOT = frozenset(("with", "but", "due", "by"))
# "without damage to nail of left finger" but "without loss of consciousness".
_GOES_ON = frozenset(("mention", "loss", "evidence", "history", "rupture", "use"))
_FILLING = frozenset(("elsewhere", "classified", "specified", "mention", "nec"))
_ROLES = (
    ("not", NOT), ("with", ENDS_NOT), ("of", frozenset(("of", "in"))), ("unspecified", _UNSAID), ("filling", _FILLING),
    ("stop", STOP),
)  # fmt: skip


class _Cut(NamedTuple):
    """A piece of text once cut: its canonical word, as a token with each mark, and what it does to those around it."""

    word: str
    role: str  # one of , ( ) not with of unspecified filling stop, or "" for a word that only says itself
    plain: Token
    default: Token
    negated: Token


@lru_cache(maxsize=65536)
def _cut(piece: str) -> _Cut:
    word = canonical(piece)
    if piece.isalnum():
        role = next((name for name, members in _ROLES if word in members), "")
    else:
        role = piece if piece in "()" else ","
    root = stem(word)
    return _Cut(word, role, Token(word, root, ""), Token(word, root, DEFAULT), Token(word, root, NEGATED))


def tokens(text: str) -> list[Token]:
    """The words of a phrase that say something, with what is denied or said by default marked.

    "Asthma, unspecified, without (acute) exacerbation" → asthma ~unspecified -exacerbation, acute by default.
    """
    found: list[Token] = []
    denied, default, deep, last = False, 0, 0, ""
    for piece in _PIECE.findall(_plain(text)):
        cut = _cut(piece)
        role = cut.role
        if role == "":
            found.append(cut.default if deep or default > 0 else cut.negated if denied else cut.plain)
            default -= 1
        elif role == ",":
            denied, default = False, 0
        elif role in "()":
            deep = max(deep + (1 if role == "(" else -1), 0)
        elif role == "not":
            denied = True
        elif role == "with" or (role == "of" and last not in _GOES_ON):
            denied = False
        elif role in ("unspecified", "filling"):
            default = 1 if role == "unspecified" else default - 1
            found.append(cut.default)
        last = cut.word
    return found


# Words of a phrase that hardly matter when nobody typed them.
_CHEAP = dict.fromkeys(
    ("diseas", "syndrom", "disord", "condit", "type", "site", "part", "encount", "organism", "mellitu", "essenti",
     "primari", "uncomplic", "simpl", "age"), 0.3,
)  # fmt: skip


def costs(marked: Iterable[str]) -> float:
    """How many words a phrase has, as it counts against one who didn't type them; marked words count nothing."""
    return sum(_CHEAP.get(each, 1.0) for each in marked if each[0] not in (DEFAULT, NEGATED))
