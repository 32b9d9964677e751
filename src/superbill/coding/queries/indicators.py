"""A measurement that calls for a diagnosis, and none in the note that accounts for it."""

from collections.abc import Iterator
from functools import cache

import msgspec
from msgspec import Struct

from superbill.coding.queries.asking import PRACTICE, Asked, among
from superbill.coding.reading.model import Kind
from superbill.coding.reading.tables import table
from superbill.coding.reading.vitals import Measured, measured
from superbill.coding.suggest.model import Query

# Numbers of these sections are of another time, or of somebody else.
_NOT_NOW = frozenset((Kind.FAMILY_HISTORY, Kind.INSTRUCTIONS, Kind.MEDICAL_HISTORY, Kind.PLAN))


class Indicator(Struct, frozen=True, kw_only=True):
    """A row of data/indicators.yaml."""

    rule: str
    measure: str
    says: str
    answered: tuple[str, ...]
    source: str
    above: float | None = msgspec.field(default=None, name="from")
    below: float | None = None
    second: float | None = None
    age: float = 0.0


@cache
def indicators() -> tuple[Indicator, ...]:
    """The table."""
    return table("superbill.coding.queries.data", "indicators.yaml", tuple[Indicator, ...])


def queries(asked: Asked) -> Iterator[Query]:
    """One query for each indicator that no code of the note, nor any condition that it mentions, answers."""
    known = {each.code for each in asked.diagnoses}
    known.update(code for each in asked.reading.mentions if not each.negated for code in each.codes[:1])
    numbers = measured(asked.reading)
    for indicator in indicators():
        if asked.visit.age is not None and asked.visit.age < indicator.age:
            continue
        found = next((each for each in numbers if _counts(each, indicator)), None)
        if found is not None and not any(among(code, indicator.answered) for code in known):
            yield _query(asked, indicator, found)


def _counts(each: Measured, indicator: Indicator) -> bool:
    if each.name != indicator.measure or each.kind in _NOT_NOW:
        return False
    if indicator.below is not None:
        return each.value < indicator.below
    high = indicator.above is not None and each.value >= indicator.above
    return high or (indicator.second is not None and each.second is not None and each.second >= indicator.second)


def _query(asked: Asked, indicator: Indicator, found: Measured) -> Query:
    text = (
        f"The note records {indicator.says} ({found.said}). If it has a clinical meaning for this visit, please "
        "document the associated diagnosis."
    )
    evidence = (asked.span(found.start, found.end),)
    choices = ("a diagnosis (which one)", "no clinical meaning", "unable to determine")
    source = f"{indicator.source}; {PRACTICE}"
    return Query(rule=f"coding.query.{indicator.rule}", text=text, evidence=evidence, choices=choices, source=source)
