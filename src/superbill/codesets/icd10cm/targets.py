"""The codes that a note of the Tabular List names, as ranges that a program can match.

"(E11.-)" is every code under E11; "(J00-J22)" every code from J00 to J22 and under; "(I20.0)" the code and what is
under it; "(E08-E13 with .42)" those of them that go on with 42. What a note says in words alone is looked up in
target_words.yaml, where we have written which codes the words mean.
"""

import re
from functools import cache, lru_cache
from importlib.resources import files

import msgspec
from msgspec import Struct

_CODE = r"(?<![A-Za-z0-9])[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.[0-9A-Z]{1,4})?(?![0-9A-Za-z])"
# A range first: the dash behind "A00" may be one of a range or one that means "and what is under it".
_REFERENCE = re.compile(rf"({_CODE})\.?-?\s?(?:-|to)\s?({_CODE})\.?-?|({_CODE})\.?-?")
_PARENTHESIS = re.compile(r"[({]([^(){}]*)(?:[)}]|$)")
_CHAPTER = re.compile(r"\bChapter (\d{1,2})\b")
_NTH = {"fourth": 4, "4th": 4, "fifth": 5, "5th": 5, "sixth": 6, "six": 6, "6th": 6, "seventh": 7, "7th": 7}
_ORDINAL = "|".join(_NTH)
_PLACE = re.compile(
    rf"[\s,]*with\s+(?P<open>open fracture )?(?P<places>final|(?:{_ORDINAL})(?:\s(?:or|to)\s(?:{_ORDINAL}))?)"
    r"[\s-]characters?(?P<values>[^a-z]*(?:or [^a-z]*)*)(?P<rest>.*)$"
)
_DOTTED = re.compile(r"[\s,]*with\s+(?P<values>\.[0-9A-Z.,\s-]+)$")
_OPEN_FRACTURE = "7=B|C|E|F|H|J|M|N|Q|R"
_ADVERSE_EFFECTS = ", for adverse effects,"
_INTENT = "to indicate intent"
_FIRST_PLACES = "5or6"
UNPROVEN = "?"

# First and last code of the chapters, for "code (Chapter 20) to identify external cause".
_CHAPTERS = [
    "A00-B99",
    "C00-D49",
    "D50-D89",
    "E00-E89",
    "F01-F99",
    "G00-G99",
    "H00-H59",
    "H60-H95",
    "I00-I99",
    "J00-J99",
    "K00-K95",
    "L00-L99",
    "M00-M99",
    "N00-N99",
    "O00-O9A",
    "P00-P96",
    "Q00-QA0",
    "R00-R99",
    "S00-T88",
    "V00-Y99",
    "Z00-Z99",
    "U00-U85",
]


class Target(Struct, frozen=True):
    """Codes from `first` to `last`, both without dots and with all codes under them.

    `characters` narrows them, "" all: blank-separated conditions `place=text|text…`, each true when the code (without
    its dot) reads one of the texts from the place on, counted from 1: "4=42", "7=B|C". Place `end`: it ends so.
    Place `5or6`: the character that says the intent of a poisoning, the sixth, or the fifth where the sixth is the
    placeholder X. `!=` instead of `=`: none of the texts. A "?" at the end: the codes among which the one meant
    stands; that one of them is there doesn't prove that it is the one.
    """

    first: str
    last: str
    characters: str = ""

    @property
    def proves(self) -> bool:
        """Whether a code of the target is surely one that the note means."""
        return not self.characters.endswith(UNPROVEN)

    def covers(self, code: str) -> bool:
        """Whether the code is in the range, its characters left aside."""
        return self.first <= code[: len(self.first)] and code[: len(self.last)] <= self.last

    def matches(self, code: str) -> bool:
        """Whether the code (without its dot) is among them."""
        return self.covers(code) and (not self.characters or fits(self.characters, code))


class _Condition(Struct, frozen=True):
    place: str
    texts: tuple[str, ...]
    wanted: bool


@lru_cache(maxsize=1024)
def _conditions(characters: str) -> tuple[_Condition, ...]:
    found = []
    for each in characters.removesuffix(UNPROVEN).split():
        place, _, texts = each.partition("=")
        found.append(_Condition(place.removesuffix("!"), tuple(texts.split("|")), not place.endswith("!")))
    return tuple(found)


def fits(characters: str, code: str) -> bool:
    """Whether the code (without its dot) meets a `Target.characters`."""
    return all(_reads(code, each) == each.wanted for each in _conditions(characters))


def _reads(code: str, condition: _Condition) -> bool:
    if condition.place == "end":
        return code.endswith(condition.texts)
    if condition.place == _FIRST_PLACES:
        return code[5:6].replace("X", "") in condition.texts or (
            code[5:6] in ("X", "") and code[4:5] in condition.texts
        )  # fmt: skip
    return code.startswith(condition.texts, int(condition.place) - 1)


class _Words(Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of target_words.yaml: the whole text as a pattern, the codes it means, whether only roughly."""

    words: str
    codes: str
    roughly: bool = False


class _Dictionary(Struct, frozen=True):
    """target_words.yaml as one pattern; each entry is a group of it, by its number the codes that it means."""

    pattern: re.Pattern[str]
    codes: dict[int, tuple[Target, ...]]

    def means(self, text: str) -> tuple[Target, ...] | None:
        """The codes that the words mean; None for words that we have not written down."""
        found = self.pattern.fullmatch(text)
        # The group that closed last is the outermost, an entry's.
        return None if found is None or found.lastindex is None else self.codes[found.lastindex]


@cache
def _dictionary() -> _Dictionary:
    """target_words.yaml, read once."""
    text = files(__package__).joinpath("target_words.yaml").read_bytes()
    entries = msgspec.yaml.decode(text, type=tuple[_Words, ...])
    codes: dict[int, tuple[Target, ...]] = {}
    group = 1
    for entry in entries:
        codes[group] = tuple(_named(entry.codes, UNPROVEN if entry.roughly else ""))
        group += 1 + re.compile(entry.words).groups
    return _Dictionary(re.compile("|".join(f"({entry.words})" for entry in entries)), codes)


def _named(codes: str, mark: str = "") -> list[Target]:
    """Targets written our way: "E05.8 E16-E31 E08-E13[4=1]"."""
    found = []
    for each in codes.replace(".", "").split():
        ends, _, characters = each.rstrip("]").partition("[")
        first, _, last = ends.partition("-")
        found.append(Target(first, last or first, characters + mark))
    return found


def parse(text: str) -> tuple[Target, ...]:
    """The codes that a note names; () when it names none that a program can read, or only introduces other notes."""
    text = text.strip()
    meant = _dictionary().means(text)
    if meant is not None:
        return meant
    return tuple(dict.fromkeys(_in_parentheses(text) or ([] if introduces(text) else _bare(text))))


def scope(text: str) -> tuple[Target, ...]:
    """The codes to which a headline limits its instruction; () when it holds for all at which it stands.

    "code, if applicable, for codes G31.0-G31.83, G31.85-G31.9, to identify:", ", for adverse effects, …".
    """
    if text.startswith(_ADVERSE_EFFECTS):
        return (Target("T36", "T50", f"{_FIRST_PLACES}=5"),)
    return tuple(_bare(text)) if introduces(text) and " for codes " in text else ()


def introduces(text: str) -> bool:
    """Whether the text only introduces the items that follow: "code to identify:", "poisoning by … of"."""
    return text.rstrip().endswith((":", " of"))


def _in_parentheses(text: str) -> list[Target]:
    found: list[Target] = []
    for inside in _PARENTHESIS.finditer(text):
        after = text[inside.end() :]
        behind = _PLACE.match(after)
        condition = _condition(after) if behind and _REFERENCE.search(inside[1]) else ""
        found += _listed(inside[1], condition if condition is not None else "")
    return _unless(text, found)


def _bare(text: str) -> list[Target]:
    """Codes outside parentheses ("classified to Q87.-"), and chapters."""
    if "vitamin " in text:
        return []
    found = _listed(text, "", prose=True)
    for number in _CHAPTER.findall(text):
        if 0 < int(number) <= len(_CHAPTERS):
            first, _, last = _CHAPTERS[int(number) - 1].partition("-")
            found.append(Target(first, last))
    return found


def _unless(text: str, found: list[Target]) -> list[Target]:
    """A note that holds "unless …" names codes, but whether it holds is not for a program to say."""
    return [Target(t.first, t.last, t.characters + UNPROVEN) for t in found] if " unless " in text else found


def _listed(text: str, condition: str, *, prose: bool = False) -> list[Target]:
    """The references of a list such as "E08-E13 with .51-.52"; none where its condition can't be read."""
    references = list(_REFERENCE.finditer(text))
    if not references:
        return []
    rest = text[references[-1].end() :]
    own = _condition(rest)
    if own is None and (not prose or rest.lstrip(" ,").startswith("with ")):
        return []
    narrowed = own or condition
    return [
        Target((each[1] or each[3]).replace(".", ""), (each[2] or each[3]).replace(".", ""), narrowed)
        for each in references
    ]


def _condition(rest: str) -> str | None:
    """What stands behind the codes, in the notation of `Target.characters`; None when it can't be read."""
    if "with" not in rest:
        return ""
    dotted = _DOTTED.match(rest)
    if dotted:
        return _written("4", dotted["values"])
    place = _PLACE.match(rest)
    if place is None:
        return None
    if place["open"]:
        return _OPEN_FRACTURE
    if not place["values"].strip():
        return "" if place["rest"].strip().startswith(_INTENT) else None
    return _written(_place(place["places"], place["values"]), place["values"])


def _place(words: str, values: str) -> str:
    if words == "final":
        value = values.strip()
        # "final characters .00" is all behind the dot; "-23" the end; "6" of a drug code the character of intent.
        return "4" if value.startswith(".") else "end" if value.startswith("-") else _FIRST_PLACES
    first, _, second = words.partition(" or ")
    return _FIRST_PLACES if second else str(_NTH[first.split()[0]])


def _written(place: str, values: str) -> str | None:
    texts: list[str] = []
    for value in re.split(r"[,\s]+|(?<=[0-9])\.(?=\s)", values.replace("or", " ")):
        low, _, high = value.strip(".").rstrip("-").lstrip("-").partition("-")
        low, high = low.strip("."), high.strip(".")
        if high and low.isdigit() and high.isdigit() and len(low) == len(high):
            texts += [str(number).zfill(len(low)) for number in range(int(low), int(high) + 1)]
        elif high:
            return None
        elif low:
            texts.append(low)
    return f"{place}={'|'.join(texts)}" if texts else None
