"""The quick answer to "is this segment in order?": generated straight-line code, one comparison per element.

It never says yes to a segment in which `check.py` would find something; a no means only that the slow check must look.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

from superbill.x12 import check
from superbill.x12.dictionary import DICTIONARY, Shape, Syntax, shape
from superbill.x12.grammar import DAY, PERIOD, REQUIRED, Element, Segment

Quick: TypeAlias = Callable[[list[str], str], bool]

_REMEMBERED = 1 << 13


def _memory(test: Callable[[str], object]) -> Callable[[str], bool]:
    """`test`, remembering the texts that passed it."""
    passed: set[str] = set()

    def known(text: str) -> bool:
        if text in passed:
            return True
        if not test(text):
            return False
        if len(passed) < _REMEMBERED:
            passed.add(text)
        return True

    return known


def _tester(element: Element, form: Shape, name: str) -> Callable[[str], bool]:
    return _memory(lambda text: not check.simple(element, form, name, text))


def _composite_tester(element: Element, name: str) -> Callable[[str, str], bool]:
    passed: set[tuple[str, str]] = set()

    def known(text: str, mark: str) -> bool:
        if (text, mark) in passed:
            return True
        if check.composite(element, name, text, mark):
            return False
        if len(passed) < _REMEMBERED:
            passed.add((text, mark))
        return True

    return known


def _line(element: Element, form: Shape, segment: str, names: dict[str, Any]) -> list[str]:
    """The code that judges one element, its text being `x`."""
    at = element.position
    if element.parts:
        names[f"t{at}"] = _composite_tester(element, segment)
        return [f"        if not t{at}(x, mark): return False"]
    if form.kind == "C":
        return []
    if element.codes and form.kind in ("ID", "AN"):
        lengths = range(form.shortest, (element.longest or form.longest) + 1)
        names[f"c{at}"] = frozenset(each for each in element.codes if len(each) in lengths)
        return [f"        if x not in c{at}: return False"]
    plain = form.kind in ("AN", "ID") and not element.check and element.kind not in (DAY, PERIOD)
    if plain:
        least, most = form.shortest, element.longest or form.longest
        size = f"len(x) > {most}" if least < 2 else f"not {least} <= len(x) <= {most}"
        return [f"        if {size} or not x.isprintable() or x.isspace(): return False"]
    names[f"t{at}"] = _tester(element, form, segment)
    return [f"        if not t{at}(x): return False"]


def _syntax(note: Syntax, allowed: set[int]) -> str:
    """A condition that is true when the note may be broken; "" when what the guide allows can't break it."""
    there = [f"(n > {place} and e[{place}] != '')" for place in note.elements if place in allowed]
    if not there or (note.kind == "E" and len(there) == 1):
        return ""
    if note.kind == "P":
        if len(there) < len(note.elements):
            return " or ".join(there)
        return f"{there[0]} != {there[1]}" if len(there) == 2 else "True"
    if note.kind == "R":
        return f"not ({' or '.join(there)})"
    if note.elements[0] not in allowed:
        return ""
    if note.kind == "C":
        others = there[1:]
        full = len(there) == len(note.elements)
        return f"{there[0]} and not ({' and '.join(others)})" if full else there[0]
    if note.kind == "L":
        return f"{there[0]} and not ({' or '.join(there[1:]) or 'False'})"
    return f"{there[0]} and {there[1]}" if len(there) == 2 else "True"


def compile_quick(segment: Segment) -> Quick:
    """A function (elements, component separator) that is true only for a segment without problems."""
    _, syntax = DICTIONARY.get(segment.id, ((), ()))
    names: dict[str, Any] = {"dates_agree": check.dates_agree}
    last = max((element.position for element in segment.elements), default=0)
    allowed = {element.position for element in segment.elements}
    lines = ["def made(e, mark):", "    n = len(e)", f"    if n > {last + 1}: return False"]
    for place in range(1, last + 1):
        if place not in allowed:
            lines.append(f"    if n > {place} and e[{place}]: return False")
    for element in segment.elements:
        at = element.position
        lines.append(f"    if n > {at} and (x := e[{at}]):")
        lines += _line(element, shape(segment.id, at), segment.id, names) or ["        pass"]
        if element.usage == REQUIRED:
            lines.append("    else: return False")
    lines += [f"    if {condition}: return False" for note in syntax if (condition := _syntax(note, allowed))]
    if segment.id == "DTP":
        lines.append("    if not dates_agree(e[2], e[3]): return False")
    lines.append("    return True")
    exec("\n".join(lines), names)  # noqa: S102 -- our own tables, at import; no input reaches this text
    made: Quick = names["made"]
    return made
