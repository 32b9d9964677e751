"""What our own dictionary says of a text, for the ranker to weigh."""

from collections.abc import Iterator

from superbill.codesets.icd10cm.lookup import Code, CodeBook
from superbill.coding.learned.features import Hint
from superbill.coding.reading.model import Mention, Reading

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
        above = found.title.casefold()
        under = book.under(found.code)
        found = min(under, key=lambda each: _said(each, above, side), default=None)
    return found.code if found else ""


def _said(code: Code, above: str, side: str) -> tuple[int, int]:
    """How much a code says beyond the title above it: 0 for nothing but the side."""
    title = code.title.casefold()
    wanted = side and side in title
    plain = (
        0 if wanted or title == f"{above}, unspecified" else
        1 if title.endswith("unspecified") and code.code.endswith("9") else
        2 if code.code.endswith("9") and "unspecified" in title else
        3 if "without" in title or title.endswith("unspecified") else
        4 if "unspecified" in title else 5 if code.code.endswith(("9", "A")) else 6
    )  # fmt: skip
    return plain, code.order
