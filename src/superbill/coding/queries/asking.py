"""Every query of a note, each once."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.coding.model import Evidence
from superbill.coding.reading.model import Mention, Reading
from superbill.coding.suggest.model import Query, SuggestedCode, Visit

OPEN = ("other", "unable to determine")
"""Ends every list of choices."""
PRACTICE = "AHIMA/ACDIS, Guidelines for Achieving a Compliant Query Practice (2022)"


class Asked(Struct, frozen=True, eq=False):
    """What queries are made from: the note as read, the visit, the codes suggested, and the book that they are of."""

    reading: Reading
    visit: Visit
    diagnoses: tuple[SuggestedCode, ...]
    book: CodeBook

    def span(self, start: int, end: int) -> Evidence:
        """Words of the note as evidence."""
        return Evidence(self.visit.record, self.reading.text[start:end], start, end)

    def words(self, mention: Mention) -> Evidence:
        return self.span(mention.start, mention.end)


Maker = Callable[[Asked], Iterator[Query]]


def ask(reading: Reading, visit: Visit, diagnoses: tuple[SuggestedCode, ...], book: CodeBook) -> tuple[Query, ...]:
    """What to ask the provider about this note, in the order of its text. Nothing is asked that the note answers."""
    from superbill.coding.queries import conflicts, indicators, specificity, uncertain

    makers: tuple[Maker, ...] = (conflicts.queries, specificity.queries, uncertain.queries, indicators.queries)
    asked = Asked(reading, visit, diagnoses, book)
    found: dict[tuple[str, str], Query] = {}
    for maker in makers:
        for query in maker(asked):
            found.setdefault((query.rule, query.text), query)
    return tuple(sorted(found.values(), key=lambda query: (query.evidence[0].start or 0, query.rule)))


def open_question(
    rule: str, said: str, what: str, evidence: tuple[Evidence, ...], choices: tuple[str, ...], source: str
) -> Query:
    """A query that gives what the note says and asks for `what`. Without choices the answer is free."""
    text = f"{said} Please document {what}, if it can be determined."
    every = (*choices, *OPEN) if choices else ()
    return Query(rule=f"coding.query.{rule}", text=text, evidence=evidence, choices=every, source=source)


def among(code: str, names: tuple[str, ...]) -> bool:
    """Is a code among these? A name that ends in a dash means all that begin so."""
    whole, beginnings = _split(names)
    return code in whole or code.startswith(beginnings)


@lru_cache(maxsize=1024)
def _split(names: tuple[str, ...]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Whole codes, and beginnings of codes."""
    whole = frozenset(name for name in names if not name.endswith("-"))
    return whole, tuple(name[:-1] for name in names if name.endswith("-"))


def quoted(text: str) -> str:
    """Words of the note on one line, in quotation marks."""
    return f"“{' '.join(text.split())}”"
