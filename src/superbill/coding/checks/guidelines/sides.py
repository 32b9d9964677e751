"""I.B.13, laterality: both sides coded where one code says both, no side beside a side.

The codes of one condition's sides differ in one character and in the words for the side in their titles.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from superbill.coding.checks.guidelines.codes import codes
from superbill.coding.checks.guidelines.rule import WARNING, Facts, Problem, Rule, named

_WORD = re.compile(r"[a-z0-9]+")
_PLURAL = re.compile(r"(?:ies|y|s)$")
_SIDE_WORDS = frozenset(["right", "left", "bilateral", "bilaterally", "both", "unspecified", "of"])
_LATERAL = codes("A18 B C-E G-I L-O Q-T Z")
_OF_RIGHT = {"1": "23", "4": "56"}  # the character for the right side, those for the left and for both
_SIDES = (("1", "right"), ("2", "left"), ("3", "bilateral"))
_NO_SIDE = ("9", "0")
_FROM = 3  # no category differs from another by its side


def alike(title: str, other: str) -> bool:
    """Whether two titles say the same but for the side; one may leave out the site ("bilateral" for "right ear")."""
    first, second = _bare(title), _bare(other)
    return first <= second or second <= first


@lru_cache(maxsize=4096)
def _bare(title: str) -> frozenset[str]:
    return frozenset(_PLURAL.sub("", word) for word in _WORD.findall(title.lower()) if word not in _SIDE_WORDS)


def with_character(code: str, place: int, character: str) -> str:
    """The code with another character at `place` (from 0)."""
    return code[:place] + character + code[place + 1 :]


def sibling(facts: Facts, code: str, place: int, character: str, word: str) -> str:
    """The billable code for the side that `word` names, "" when there is none."""
    other = with_character(code, place, character)
    found = facts.book.code(other)
    if found is None or not found.billable or word not in found.title.lower():
        return ""
    return other if alike(found.title, facts.title(code)) else ""


def _related(facts: Facts) -> bool:
    """Whether two of the codes are of one category, as the sides of a condition are."""
    return len({code[:_FROM] for code in facts.codes}) < len(facts.codes)


def _both(facts: Facts) -> Iterator[Problem]:
    there = set(facts.codes)
    for position, code in enumerate(facts.codes, 1) if _related(facts) else ():
        for place in range(_FROM, len(code)):
            left_and_both = _OF_RIGHT.get(code[place], "")
            if not left_and_both or (left := with_character(code, place, left_and_both[0])) not in there:
                continue
            both = sibling(facts, code, place, left_and_both[1], "bilateral")
            if both and "right" in facts.title(code) and "left" in facts.title(left):
                later = max(position, facts.codes.index(left) + 1)
                message = f"{named(code)} and {named(left)} are both sides of one condition."
                yield Problem(later, message, f"Use {named(both)} alone.")


def _without(facts: Facts) -> Iterator[Problem]:
    there = set(facts.codes)
    for position, code in enumerate(facts.codes, 1) if _related(facts) else ():
        for place in range(_FROM, len(code)):
            if code[place] not in _NO_SIDE:
                continue
            for character, word in _SIDES:
                other = with_character(code, place, character)
                if other not in there or "unspecified" not in facts.title(code):
                    continue
                if sibling(facts, code, place, character, word):
                    message = f"{named(code)} leaves the side open; {named(other)} names it."
                    yield Problem(position, message, f"Drop {named(code)}.")


RULES = (
    Rule(
        section="I.B.13", name="both-sides", title="One code says both sides where there is one",
        severity=WARNING, on=_LATERAL, check=_both,
    ),
    Rule(
        section="I.B.13", name="side-open-and-named", title="A condition whose side is known isn't coded without it",
        severity=WARNING, on=_LATERAL, check=_without,
    ),
)  # fmt: skip
