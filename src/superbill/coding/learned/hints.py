"""What our own dictionary says of a text, for the ranker to weigh."""

from collections.abc import Iterator

from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.coding.learned.features import Hint
from superbill.coding.reading.model import Mention, Reading

_VAGUE = ("unspecified", "other")
_MOST = 6


def hints(reading: Reading, book: CodeBook) -> tuple[Hint, ...]:
    """Every mention that leads to codes, in any context, with those codes in lower case, the likeliest first."""
    found = []
    for mention in reading.mentions:
        codes = tuple(dict.fromkeys(each.casefold() for each in _codes(mention, book)))
        if codes:
            found.append(Hint(mention.start, mention.end, mention.name, codes[:_MOST]))
    return tuple(found)


def _codes(mention: Mention, book: CodeBook) -> Iterator[str]:
    side = mention.value("side")
    for code in mention.codes:
        whole = default(code, book, side)
        if whole:
            yield whole
    yield from mention.codes


def default(code: str, book: CodeBook, side: str = "") -> str:
    """The billable code that says no more than `code` and the side, "" for a code that the book lacks."""
    found = book.code(code)
    while found is not None and not found.billable:
        under = book.under(found.code)
        wanted = (side, *_VAGUE) if side else _VAGUE
        found = next(
            (each for word in wanted for each in under if word in each.title.casefold()), (under or (None,))[-1]
        )
    return found.code if found else ""
