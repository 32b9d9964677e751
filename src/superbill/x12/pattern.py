"""The quick answer to "is this segment in order?": one regular expression, then what an expression can't say.

Dates that exist, composites, syntax notes and codes of outside sets are looked up by the texts that passed before.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from superbill.x12.lexer import Delimiters
from superbill.x12.rules import ElementRule
from superbill.x12.segment_check import Checker, Note, is_day
from superbill.x12.standard.elements import DataElement

Quick: TypeAlias = Callable[[str, list[str]], object]
_REMEMBERED, _SHORT = 1 << 13, 1 << 8  # what is remembered: so many, none longer


def remembering(test: Callable[[str], object]) -> Callable[[str], bool]:
    """`test`, remembering the texts that passed it."""
    passed: set[str] = set()

    def known(text: str) -> bool:
        if text in passed:
            return True
        if not test(text):
            return False
        if len(passed) < _REMEMBERED and len(text) < _SHORT:
            passed.add(text)
        return True

    return known


def _simple(data: DataElement, rule: ElementRule, foreign: str) -> str:
    """The expression of a simple element that is there."""
    longest = rule.longest or data.longest
    if rule.codes:
        fit = [re.escape(code) for code in rule.codes if data.shortest <= len(code) <= longest]
        return "(?:" + "|".join(sorted(fit, key=len, reverse=True)) + ")" if fit else "(?!)"
    if data.kind in ("N0", "N2"):
        return rf"-?\d{{{data.shortest},{longest}}}"
    if data.kind == "R":
        return rf"-?(?:\d{{{data.shortest},{longest}}}\.?|(?=[\d.]{{2,{longest + 1}}}(?:[{foreign}]|\Z))\d*\.\d+)"
    if data.kind == "DT":
        return r"\d{8}"
    if data.kind == "TM":
        return r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?"
    if data.kind == "B":
        return rf"[^{foreign}]+(?<! )"
    return rf"[^{foreign}\x00-\x1f\x7f-\U0010ffff]{{{data.shortest},{longest}}}(?<! )"


def _expression(checker: Checker) -> str:
    delimiters = checker.delimiters
    separator = re.escape(delimiters.element)
    foreign = re.escape(delimiters.element + delimiters.component + delimiters.repetition)
    whole = ""
    needed = False
    for each in reversed(checker.wholes):
        text = ""
        if each.used:
            rule, data = each.spot.rule, each.spot.data
            text = rf"[^{separator}]+" if data is None or each.repeats or rule is None else _simple(data, rule, foreign)
            text = text if each.required else f"(?:{text})?"
        needed = needed or each.required
        whole = f"{separator}{text}{whole}" if needed else f"(?:{separator}{text}{whole})?"
    return re.escape(checker.rule.id) + whole + "\\Z"


def _note(note: Note, checker: Checker) -> str:
    """A condition that is true where the note may be broken; "" where what the guide allows can't break it."""
    used = {whole.position: whole for whole in checker.wholes if whole.used}
    if all(place in used and used[place].required for place in note.places) and note.kind != "E":
        return ""
    there = [f"(n > {place} and e[{place}] != '')" if place in used else "False" for place in note.places]
    if note.kind == "P":
        return f"len({{{', '.join(there)}}}) > 1"
    if note.kind == "R":
        return f"not ({' or '.join(there)})"
    if note.kind == "E":
        return f"sum(({', '.join(there)})) > 1"
    joined = " and ".join(there[1:]) if note.kind == "C" else " or ".join(there[1:])
    return "" if there[0] == "False" else f"{there[0]} and not ({joined})"


class CodedTest(NamedTuple):
    """A test of the codes at an element, given its text and that of the element that qualifies it (0: none)."""

    element: int
    qualifier: int
    test: Callable[[str, str], bool]


def compile_quick(checker: Checker, coded: Sequence[CodedTest]) -> Quick:
    """A function (raw, elements) that is true only for a segment without problems.

    `coded` are the tests of codes of outside sets.
    """
    names: dict[str, Any] = {"match": re.compile(_expression(checker)).match}
    lines = ["def made(raw, e):", "    n = len(e)", "    if n < 2 or match(raw) is None: return False"]
    for each in checker.wholes:
        at = each.position
        if not each.used:
            continue
        if each.composite is not None or each.repeats:
            names[f"t{at}"] = remembering(_without_problems(each, checker.delimiters))
        elif each.spot.data is not None and each.spot.data.kind == "DT":
            names[f"t{at}"] = remembering(is_day)
        else:
            continue
        lines.append(f"    if n > {at} and (x := e[{at}]) and not t{at}(x): return False")
    lines += [f"    if {condition}: return False" for note in checker.notes if (condition := _note(note, checker))]
    for place in checker.formats:
        names[f"d{place}"] = remembering(_formatted(checker))
        at = place + 1
        lines.append(f"    if n > {at} and e[{at}] and not d{place}(f'{{e[{place}]}} {{e[{at}]}}'): return False")
    for number, (element, qualifier, test) in enumerate(coded):
        names[f"c{number}"] = test
        kind = f"e[{qualifier}] if n > {qualifier} else ''" if qualifier else "''"
        lines.append(f"    if n > {element} and (x := e[{element}]) and not c{number}(x, {kind}): return False")
    exec("\n".join([*lines, "    return True"]), names)  # noqa: S102 -- our own tables, once; no input reaches this text
    made: Quick = names["made"]
    return made


def _without_problems(each: Any, delimiters: Delimiters) -> Callable[[str], bool]:
    # Blanks at the end would be taken off first.
    return lambda text: text[-1] != " " and next(each.problems(text, delimiters), None) is None


def _formatted(checker: Checker) -> Callable[[str], bool]:
    place = checker.formats[0]

    def test(text: str) -> bool:
        form, _, value = text.partition(" ")
        e = [""] * place + [form, value]
        return next(checker.dates(e), None) is None

    return test
