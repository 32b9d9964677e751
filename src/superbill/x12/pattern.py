"""The quick answer to "is this segment in order?": one regular expression, then what an expression can't say.

Dates that exist, composites, syntax notes and codes of outside sets are looked up by the texts that passed before; a
segment that has none of them costs the expression and nothing else.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from superbill.x12.lexer import Delimiters
from superbill.x12.rules import ElementRule
from superbill.x12.segment_check import Checker, Note, is_day
from superbill.x12.standard.elements import DataElement

Quick: TypeAlias = Callable[[str], object]
_REMEMBERED, _SHORT = 1 << 13, 1 << 8  # what is remembered: so many, none longer


def learning(test: Callable[..., object], passed: set[Any]) -> Callable[..., bool]:
    """`test`, which puts what passes it into `passed`: the text, or the tuple of texts when it is given several."""

    def known(*texts: str) -> bool:
        if not test(*texts):
            return False
        if len(passed) < _REMEMBERED and sum(map(len, texts)) < _SHORT:
            passed.add(texts if len(texts) > 1 else texts[0])
        return True

    return known


def _printable(foreign: str) -> str:
    """The class of printable ASCII but for some characters: spelt out, for a negated one takes long to compile."""
    return "[" + "".join(re.escape(chr(code)) for code in range(0x20, 0x7F) if chr(code) not in foreign) + "]"


def _simple(data: DataElement, rule: ElementRule, foreign: str) -> str:
    """The expression of a simple element that is there; `foreign`: separators that it may not hold."""
    marks = re.escape(foreign)
    longest = rule.longest or data.longest
    if rule.codes:
        fit = [re.escape(code) for code in rule.codes if data.shortest <= len(code) <= longest]
        return "(?:" + "|".join(sorted(fit, key=len, reverse=True)) + ")" if fit else "(?!)"
    if data.kind in ("N0", "N2"):
        return rf"-?\d{{{data.shortest},{longest}}}"
    if data.kind == "R":
        return rf"-?(?:\d{{{data.shortest},{longest}}}\.?|(?=[\d.]{{2,{longest + 1}}}(?:[{marks}]|\Z))\d*\.\d+)"
    if data.kind == "DT":
        return r"\d{8}"
    if data.kind == "TM":
        return r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d\d{0,2})?"
    if data.kind == "B":
        return rf"[^{marks}]+(?<! )"
    return rf"{_printable(foreign)}{{{data.shortest},{longest}}}(?<! )"


def _expression(checker: Checker, asked: set[int]) -> str:
    """Of a whole segment; the elements `asked` for are its groups, named e and their number."""
    delimiters = checker.delimiters
    separator = re.escape(delimiters.element)
    foreign = delimiters.element + delimiters.component + delimiters.repetition
    whole = ""
    needed = False
    for each in reversed(checker.wholes):
        text = ""
        if each.used:
            rule, data = each.spot.rule, each.spot.data
            text = rf"[^{separator}]+" if data is None or each.repeats or rule is None else _simple(data, rule, foreign)
            text = f"(?P<e{each.position}>{text})" if each.position in asked else f"(?:{text})"
            text = text if each.required else f"{text}?"
        needed = needed or each.required
        whole = f"{separator}{text}{whole}" if needed else f"(?:{separator}{text}{whole})?"
    something = "" if needed else f"(?={separator}+[^{separator}])"
    return f"{re.escape(checker.rule.id)}{something}{whole}\\Z"


def _note(note: Note, checker: Checker) -> tuple[str, set[int]]:
    """A condition that is true where the note may be broken, and the elements that it asks about.

    "" where what the guide allows can't break it.
    """
    used = {whole.position: whole for whole in checker.wholes if whole.used}
    if all(place in used and used[place].required for place in note.places) and note.kind != "E":
        return "", set()
    asked = {place for place in note.places if place in used}
    there = [f"e{place}" if place in used else "None" for place in note.places]
    if note.kind == "P":
        return f"len({{{', '.join(f'not {each}' for each in there)}}}) > 1", asked
    if note.kind == "R":
        return f"not ({' or '.join(there)})", asked
    if note.kind == "E":
        return f"[{', '.join(f'not {each}' for each in there)}].count(False) > 1", asked
    if there[0] == "None":
        return "", set()
    joined = " and ".join(there[1:]) if note.kind == "C" else " or ".join(there[1:])
    return f"{there[0]} and not ({joined})", asked


class CodedTest(NamedTuple):
    """A test of the codes at an element, given its text and, where there is a `qualifier` (0: none), that one's.

    `kinds` are the texts of the qualifier that announce a code; None: any may.
    """

    element: int
    qualifier: int
    kinds: frozenset[str] | None
    test: Callable[..., bool]


class _Test(NamedTuple):
    """What an expression can't say: elements and a test of their texts, which is made where the first is there.

    `kinds`: texts of the second that call for the test; None: any does.
    """

    places: tuple[int, ...]
    test: Callable[..., object]
    kinds: frozenset[str] | None = None


def _tests(checker: Checker, coded: Sequence[CodedTest]) -> Iterator[_Test]:
    for each in checker.wholes:
        alone = [row.test for row in coded if row.element == each.position and not row.qualifier]
        if each.used and (each.composite is not None or each.repeats):
            alone.insert(0, _without_problems(each, checker.delimiters))
        elif each.used and each.spot.data is not None and each.spot.data.kind == "DT":
            alone.insert(0, is_day)
        if alone:
            yield _Test((each.position,), _all(alone))
    for place in checker.formats:
        yield _Test((place + 1, place), _formatted(checker))
    for row in coded:
        if row.qualifier:
            yield _Test((row.element, row.qualifier), row.test, row.kinds)


def _all(tests: list[Callable[..., bool]]) -> Callable[[str], bool]:
    return tests[0] if len(tests) == 1 else lambda text: all(test(text) for test in tests)


def compile_quick(checker: Checker, coded: Sequence[CodedTest]) -> Quick:
    """A function of a segment's text that is true only for one without problems.

    `coded` are the tests of codes of outside sets.
    """
    names: dict[str, Any] = {}
    lines = []
    asked: set[int] = set()
    for note in checker.notes:
        condition, related = _note(note, checker)
        if condition:
            asked |= related
            lines.append(f"    if {condition}: return False")
    used = {whole.position for whole in checker.wholes if whole.used}
    for number, (places, test, kinds) in enumerate(_tests(checker, coded)):
        if places[0] not in used:
            continue
        passed: set[Any] = set()
        names |= {f"known{number}": passed, f"test{number}": learning(test, passed), f"kinds{number}": kinds}
        texts = [f"(e{place} or '')" if place in used else "''" for place in places]
        asked |= used.intersection(places)
        when = f"e{places[0]}" + ("" if kinds is None else f" and {texts[1]} in kinds{number}")
        key, given = (f"e{places[0]}",) * 2 if len(places) == 1 else (f"({', '.join(texts)})", ", ".join(texts))
        lines.append(f"    if {when} and {key} not in known{number} and not test{number}({given}): return False")
    match = re.compile(_expression(checker, asked)).match
    if not lines:
        return match
    names["match"] = match
    groups = [f"e{place}" for place in sorted(asked)]
    head = ["def made(raw):", "    found = match(raw)", "    if found is None: return False"]
    if groups:
        head.append(f"    {', '.join(groups)} = found.group({', '.join(map(repr, groups))})")
    exec("\n".join([*head, *lines, "    return True"]), names)  # noqa: S102 -- our own tables, once; no input reaches this text
    made: Quick = names["made"]
    return made


def _without_problems(each: Any, delimiters: Delimiters) -> Callable[[str], bool]:
    # Blanks at the end would be taken off first.
    return lambda text: text[-1] != " " and next(each.problems(text, delimiters), None) is None


def _formatted(checker: Checker) -> Callable[[str, str], bool]:
    place = checker.formats[0]

    def test(value: str, form: str) -> bool:
        e = [""] * place + [form, value]
        return next(checker.dates(e), None) is None

    return test
