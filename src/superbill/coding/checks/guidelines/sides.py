"""I.B.13, laterality: both sides coded where one code says both, no side beside a side.

The codes of one condition's sides differ in one character and in the words for the side in their titles.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from superbill.codesets.icd10cm.schema import undotted
from superbill.coding.checks.guidelines.codes import codes
from superbill.coding.checks.guidelines.rule import WARNING, Facts, Problem, Rule, named

_WORD = re.compile(r"[a-z0-9]+")
_PLURAL = re.compile(r"(?:ies|y|s)$")
_SIDE_WORDS = frozenset(["right", "left", "bilateral", "bilaterally", "both", "unilateral", "unspecified", "of"])
_LATERAL = codes("A18 B C-E G-I L-O Q-T Z")
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


def _side(title: str) -> str:
    """The one side that a title names, "both" for bilateral, "" for none or several."""
    words = set(_WORD.findall(title))
    if "bilateral" in words:
        return "both"
    named_sides = words & {"right", "left"}
    return named_sides.pop() if len(named_sides) == 1 else ""


def _pairs(facts: Facts) -> Iterator[tuple[int, int]]:
    """Positions of codes of one category that say the same of different sides, the earlier first."""
    sides = [_side(facts.title(code)) for code in facts.codes]
    for later, code in enumerate(facts.codes):
        for earlier in range(later) if sides[later] else ():
            other = facts.codes[earlier]
            if code[:_FROM] != other[:_FROM] or sides[earlier] in ("", sides[later]):
                continue
            if code[6:] == other[6:] and alike(facts.title(code), facts.title(other)):
                yield earlier + 1, later + 1


def _bilateral(facts: Facts, code: str) -> str:
    """The code of the category that says both sides of what `code` says of one, "" when there is none."""
    waiting = list(facts.book.under(code[:_FROM]))
    while waiting:
        each = waiting.pop(0)
        plain, title = undotted(each.code), each.title.lower()
        if each.billable and plain[6:] == code[6:] and _side(title) == "both" and alike(title, facts.title(code)):
            return plain
        waiting += () if each.billable else facts.book.under(each.code)
    return ""


def _apart(facts: Facts) -> Iterator[Problem]:
    for earlier, later in _pairs(facts) if _related(facts) else ():
        first, second = facts.codes[earlier - 1], facts.codes[later - 1]
        if "both" in (_side(facts.title(first)), _side(facts.title(second))):
            continue
        both = _bilateral(facts, first)
        if both:
            message = f"{named(first)} and {named(second)} are both sides of one condition."
            yield Problem(later, message, f"Use {named(both)} alone.")


def _both_and_one(facts: Facts) -> Iterator[Problem]:
    for earlier, later in _pairs(facts) if _related(facts) else ():
        first, second = facts.codes[earlier - 1], facts.codes[later - 1]
        sides = {_side(facts.title(first)), _side(facts.title(second))}
        if "both" in sides:
            both, one = (first, second) if _side(facts.title(first)) == "both" else (second, first)
            message = f"{named(both)} says both sides; {named(one)} is one of them."
            yield Problem(later, message, f"Keep {named(both)}, or the side that has it.")


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
        severity=WARNING, on=_LATERAL, check=_apart,
    ),
    Rule(
        section="I.B.13", name="both-and-one-side", title="A code for both sides stands without one for a side",
        severity=WARNING, on=_LATERAL, check=_both_and_one,
    ),
    Rule(
        section="I.B.13", name="side-open-and-named", title="A condition whose side is known isn't coded without it",
        severity=WARNING, on=_LATERAL, check=_without,
    ),
)  # fmt: skip
