"""A condition is documented, and a detail that its codes tell apart isn't: side, type, acuity, stage, severity."""

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from superbill.codesets.icd10cm.lookup import Code
from superbill.coding.queries.asking import Asked, among, open_question, quoted
from superbill.coding.reading.model import ASSESSING
from superbill.coding.reading.tables import table
from superbill.coding.reading.vitals import measured
from superbill.coding.suggest.model import Query, SuggestedCode

_UNSIDED = re.compile(r"\bunspecified (?!side)", re.IGNORECASE)
_SIDES = ("right", "left")


class Detail(Struct, frozen=True, kw_only=True):
    """A row of data/specificity.yaml. `measures`: numbers of the note that bear on it are given.

    `when`: only where the assessment says one of these. `title`: only codes whose title has one of these. `alone`:
    only where no code begins so. `without`: not these codes.
    """

    rule: str
    code: tuple[str, ...]
    what: str
    choices: tuple[str, ...]
    source: str
    when: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    setting: str = ""
    measures: tuple[str, ...] = ()


@cache
def details() -> tuple[Detail, ...]:
    """The table."""
    return table("superbill.coding.queries.data", "specificity.yaml", tuple[Detail, ...])


def queries(asked: Asked) -> Iterator[Query]:
    """What the codes suggested leave open."""
    assessed = _assessed(asked)
    for each in asked.diagnoses:
        if not each.evidence or each.evidence[0].start is None:
            continue
        yield from _sides(asked, each)
        for detail in details():
            if _is_open(asked, each, detail, assessed):
                yield _query(asked, each, detail)


def _query(asked: Asked, each: SuggestedCode, detail: Detail) -> Query:
    """The query, with the numbers that bear on it as the clinical indicators."""
    numbers = [one for one in measured(asked.reading) if one.name in detail.measures][:2] if detail.measures else []
    indicators = "".join(f", and {one.name} {one.said}" for one in numbers)
    said = f"The note documents {quoted(each.evidence[0].text)}{indicators}."
    evidence = (each.evidence[0], *(asked.span(one.start, one.end) for one in numbers))
    return open_question(detail.rule, said, detail.what, evidence, detail.choices, detail.source)


def _is_open(asked: Asked, each: SuggestedCode, detail: Detail, assessed: str) -> bool:
    if not among(each.code, detail.code) or among(each.code, detail.without):
        return False
    if detail.setting and detail.setting != asked.visit.setting:
        return False
    if detail.when and not any(word in assessed for word in detail.when):
        return False
    if detail.title and not any(word in each.title.casefold() for word in detail.title):
        return False
    return not any(among(other.code, detail.alone) for other in asked.diagnoses)


def _sides(asked: Asked, each: SuggestedCode) -> Iterator[Query]:
    """The side, where the code says that it's unspecified and the codes beside it tell right from left."""
    if not _UNSIDED.search(each.title):
        return
    code = asked.book.code(each.code)
    beside = {other.title.casefold() for other in _around(asked, code.parent)} if code and code.parent else set()
    for found in _UNSIDED.finditer(each.title):
        before, after = each.title[: found.start()].casefold(), each.title[found.end() :].casefold()
        if all(f"{before}{side} {after}" in beside for side in _SIDES):
            said = f"The note documents {quoted(each.evidence[0].text)} without a side."
            choices = ("right", "left", "both sides")
            yield open_question(
                "side", said, "the side", each.evidence[:1], choices, "ICD-10-CM Official Guidelines I.B.13"
            )
            return


def _around(asked: Asked, parent: str) -> Iterator[Code]:
    """The codes beside a code, those one level up and their children: a side may stand above the last character."""
    above = asked.book.code(parent)
    yield from asked.book.under(parent)
    for aunt in asked.book.under(above.parent) if above and above.parent else ():
        yield from asked.book.under(aunt.code) if not aunt.billable else (aunt,)


def _assessed(asked: Asked) -> str:
    """All that the assessment says, in lower case."""
    text = asked.reading.text
    parts = (text[each.body : each.end] for each in asked.reading.outline.sections if each.kind in ASSESSING)
    return " ".join(parts).casefold()
