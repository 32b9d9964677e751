"""Side, finger, toe or eyelid: modifiers RT, LT, 50, FA to F9, TA to T9, E1 to E4 from the words around a part."""

import re

_SIDE = re.compile(r"\b(right|left|bilateral(?:ly)?|both|rt|lt|r|l|od|os|ou|right-sided|left-sided)\b")
_MEANS = {
    "right": "right", "rt": "right", "r": "right", "od": "right", "right-sided": "right",
    "left": "left", "lt": "left", "l": "left", "os": "left", "left-sided": "left",
    "bilateral": "both", "bilaterally": "both", "both": "both", "ou": "both",
}  # fmt: skip
_MODIFIER = {"right": "RT", "left": "LT", "both": "50"}
_DIGITS = {
    "thumb": 0, "great": 0, "big": 0, "hallux": 0, "first": 0, "1st": 0, "index": 1, "second": 1, "2nd": 1,
    "middle": 2, "long": 2, "third": 2, "3rd": 2, "ring": 3, "fourth": 3, "4th": 3,
    "little": 4, "small": 4, "fifth": 4, "5th": 4, "pinky": 4,
}  # fmt: skip
_DIGIT = re.compile(r"\b(" + "|".join(_DIGITS) + r")\b(?: (?:and|or|to)\b)?")
_LID = re.compile(r"\b(upper|lower)\b")


def side_of(lower: str, at: int, after: int, reach: int = 45) -> str:
    """right, left, both, or "" when none is said: the side named last before the span, in it, or soon after it."""
    before = list(_SIDE.finditer(lower, max(0, at - reach), after))
    if before:
        named = {_MEANS[m[1]] for m in before[-2:]}
        joined = lower[before[-2].end() : before[-1].start()].strip() if len(before) > 1 else ""
        if named == {"right", "left"} and joined in ("and", "&", "/", "and the"):
            return "both"
        return _MEANS[before[-1][1]]
    behind = _SIDE.search(lower, after, min(len(lower), after + reach))
    if behind and not any(mark in lower[after : behind.start()] for mark in ".;"):
        return _MEANS[behind[1]]
    return ""


def modifiers_of(side: str) -> tuple[str, ...]:
    """RT, LT or 50."""
    return (_MODIFIER[side],) if side else ()


def digits(lower: str, at: int, after: int, side: str, kind: str) -> tuple[str, ...]:
    """The modifiers of the fingers ("F") or toes ("T") named around a span: FA the left thumb, F5 the right one, TA the
    left great toe, T5 the right one; RT or LT alone when no digit is named."""
    if side not in ("right", "left"):
        return modifiers_of(side)
    found = []
    for match in _DIGIT.finditer(lower, max(0, at - 40), min(len(lower), after + 32)):
        number = _DIGITS[match[1]] + (5 if side == "right" else 0)
        found.append(kind + ("A" if number == 0 else str(number)))
    return tuple(dict.fromkeys(found)) or modifiers_of(side)


def lid(lower: str, at: int, after: int, side: str) -> tuple[str, ...]:
    """The eyelid's modifier: E1 upper left, E2 lower left, E3 upper right, E4 lower right; the side's without one."""
    match = _LID.search(lower, max(0, at - 60), min(len(lower), after + 60))
    if match is None or side not in ("right", "left"):
        return modifiers_of(side)
    return ("E" + str((1 if side == "left" else 3) + (match[1] == "lower")),)
