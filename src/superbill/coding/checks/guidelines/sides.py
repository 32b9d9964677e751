"""I.B.13, laterality: both sides coded where one code says both, no side beside a side.

The codes of one condition's sides differ in one character and in the words for the side in their titles.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from superbill.coding.checks.guidelines.codes import codes
from superbill.coding.checks.guidelines.rule import WARNING, Facts, Problem, Rule, named

_WORD = re.compile(r"[a-z0-9]+")
_SIDE_WORDS = frozenset(["right", "left", "bilateral", "bilaterally", "both", "unspecified", "of"])
_LATERAL = codes("A18 B C-E G-I L-O Q-T Z")
_RIGHT, _LEFT, _BOTH = "123"
_SIDES = ((_RIGHT, "right"), (_LEFT, "left"), (_BOTH, "bilateral"))
_NO_SIDE = ("9", "0")
_FROM = 3  # no category differs from another by its side


def alike(title: str, other: str) -> bool:
    """Whether two titles say the same but for the side; one may leave out the site ("bilateral" for "right ear")."""
    first, second = _bare(title), _bare(other)
    return first <= second or second <= first


@lru_cache(maxsize=4096)
def _bare(title: str) -> frozenset[str]:
    return frozenset(word.removesuffix("s") for word in _WORD.findall(title.lower()) if word not in _SIDE_WORDS)


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


def _both(facts: Facts) -> Iterator[Problem]:
    there = set(facts.codes)
    for position, code in enumerate(facts.codes, 1):
        for place in range(_FROM, len(code)):
            if code[place] != _RIGHT or (left := with_character(code, place, _LEFT)) not in there:
                continue
            both = sibling(facts, code, place, _BOTH, "bilateral")
            if both and "right" in facts.title(code) and "left" in facts.title(left):
                later = max(position, facts.codes.index(left) + 1)
                message = f"{named(code)} and {named(left)} are both sides of one condition."
                yield Problem(later, message, f"Use {named(both)} alone.")


def _without(facts: Facts) -> Iterator[Problem]:
    there = set(facts.codes)
    for position, code in enumerate(facts.codes, 1):
        for place in range(_FROM, len(code)):
            if code[place] not in _NO_SIDE:
                continue
            for character, word in ((_RIGHT, "right"), (_LEFT, "left"), (_BOTH, "bilateral")):
                other = with_character(code, place, character)
                if (
                    other in there
                    and "unspecified" in facts.title(code)
                    and sibling(facts, code, place, character, word)
                ):
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
