"""The grid of medical decision making: from counted elements to levels, by rule alone (CPT E/M guidelines 2021, 2023).

Every rule here is monotone: one element more never gives a lower level.
"""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from superbill.coding.suggest.model import Complexity

LEVELS: tuple[Complexity, ...] = ("straightforward", "low", "moderate", "high")
SURE, PROBABLE, POSSIBLE = 2, 1, 0
"""How plainly the note shows an element. The level given counts what is sure or probable; the lower end of the range
only what is sure, the upper end everything."""


class Element(Struct, frozen=True):
    """One thing that the grid counts: its kind, the span that shows it, how plainly, and a note for the reader.

    `unique` names what must not be counted twice (the test, the problem).
    """

    kind: str
    start: int
    end: int
    certainty: int = SURE
    unique: str = ""
    note: str = ""


PROBLEMS: dict[str, tuple[str, Complexity]] = {
    "minor": ("self-limited or minor problem", "straightforward"),
    "stable chronic": ("stable chronic illness", "low"),
    "acute uncomplicated": ("acute, uncomplicated illness or injury", "low"),
    "chronic not at goal": ("chronic illness that is worse, not at its goal, or with side effects", "moderate"),
    "undiagnosed": ("new problem without diagnosis and with uncertain prognosis", "moderate"),
    "systemic": ("acute illness with systemic symptoms", "moderate"),
    "complicated injury": ("acute complicated injury", "moderate"),
    "severe chronic": ("chronic illness with severe exacerbation or progression", "high"),
    "threat": ("illness or injury that threatens life or a bodily function", "high"),
}  # fmt: skip
"""Kinds of problems: in words, and the level that one of them gives."""

DATA: dict[str, tuple[str, Complexity]] = {
    "test": ("category 1: unique test ordered or reviewed", "straightforward"),
    "document": ("category 1: note of another source reviewed", "straightforward"),
    "historian": ("category 1: history from an independent historian", "low"),
    "interpretation": ("category 2: independent interpretation of a test", "moderate"),
    "discussion": ("category 3: management or test discussed with another professional", "moderate"),
}

RISK: dict[str, tuple[str, Complexity]] = {
    "observation": ("no treatment", "straightforward"),
    "low risk treatment": ("treatment without prescription, or testing or referral", "low"),
    "minor surgery": ("decision for minor surgery without risk factors", "low"),
    "prescription": ("prescription drug management", "moderate"),
    "minor surgery with risk": ("decision for minor surgery with risk factors", "moderate"),
    "major surgery": ("decision for elective major surgery", "moderate"),
    "social": ("diagnosis or treatment limited by social determinants of health", "moderate"),
    "major surgery with risk": ("decision for elective major surgery with risk factors", "high"),
    "emergency surgery": ("decision for emergency major surgery", "high"),
    "toxicity": ("drug therapy that needs intensive monitoring for toxicity", "high"),
    "hospitalization": ("decision on hospitalization or a higher level of hospital care", "high"),
    "limits of care": ("decision not to resuscitate or to de-escalate care for a poor prognosis", "high"),
    "parenteral controlled substance": ("parenteral controlled substance", "high"),
}

NAMES = {"problems": PROBLEMS, "data": DATA, "risk": RISK}

MISSING: dict[tuple[str, Complexity], str] = {
    ("problems", "straightforward"): "a stable chronic or an acute illness or an injury, or two minor problems",
    ("problems", "low"): "a second stable chronic illness; or one that is worse, not at its treatment goal, undiagnosed"
                         " with uncertain prognosis, acute with systemic symptoms, or a complicated injury",
    ("problems", "moderate"): "a severe exacerbation, or a threat to life or a bodily function",
    ("data", "straightforward"): "two unique tests or documents, or an independent historian",
    ("data", "low"): "a third test, document or historian, or an independent interpretation, or a discussion with"
                     " another professional",
    ("data", "moderate"): "a second of the three categories: three tests, documents or historian; interpretation;"
                          " discussion",
    ("risk", "straightforward"): "any treatment, test or referral decided",
    ("risk", "low"): "prescription drug management, a decision for surgery, or care limited by social determinants",
    ("risk", "moderate"): "a decision on hospital care, emergency surgery, limits of care, a drug monitored for"
                          " toxicity, or a parenteral controlled substance",
}  # fmt: skip
"""What the next level of a column would need."""


def rank(level: Complexity) -> int:
    """0 for straightforward to 3 for high."""
    return LEVELS.index(level)


def problems(elements: Iterable[Element]) -> Complexity:
    """The level of the number and complexity of problems addressed."""
    counts = Counter(each.kind for each in _unique(elements))
    best = max((rank(PROBLEMS[kind][1]) for kind in counts), default=0)
    if counts["stable chronic"] > 1:
        best = max(best, rank("moderate"))
    if counts["minor"] > 1:
        best = max(best, rank("low"))
    return LEVELS[best]


def data(elements: Iterable[Element]) -> Complexity:
    """The level of the data reviewed and analyzed. Three of category 1 meet it; two of the three categories are
    extensive."""
    counts = Counter(each.kind for each in _unique(elements))
    historian = min(counts["historian"], 1)
    items = counts["test"] + counts["document"] + historian
    met = (items > 2) + bool(counts["interpretation"]) + bool(counts["discussion"])
    if met > 1:
        return "high"
    if met:
        return "moderate"
    return "low" if historian or counts["test"] + counts["document"] > 1 else "straightforward"


def risk(elements: Iterable[Element]) -> Complexity:
    """The risk of the management decided: that of the riskiest decision."""
    return LEVELS[max((rank(RISK[each.kind][1]) for each in elements), default=0)]


def decision(of_problems: Complexity, of_data: Complexity, of_risk: Complexity) -> Complexity:
    """The level that two of the three columns meet or pass."""
    return LEVELS[sorted((rank(of_problems), rank(of_data), rank(of_risk)))[1]]


def _unique(elements: Iterable[Element]) -> list[Element]:
    """The elements, of those that are one and the same only the one that counts most."""
    kept: dict[tuple[str, str], Element] = {}
    for number, each in enumerate(elements):
        key = ("problem" if each.kind in PROBLEMS else each.kind, each.unique or f"#{number}")
        if key not in kept or _weight(each) > _weight(kept[key]):
            kept[key] = each
    return list(kept.values())


def _weight(element: Element) -> tuple[int, bool]:
    """Of a problem seen in two ways the higher counts; at one level the chronic one, of which two are moderate."""
    known = PROBLEMS.get(element.kind)
    return (rank(known[1]) if known else 0, element.kind == "stable chronic")
