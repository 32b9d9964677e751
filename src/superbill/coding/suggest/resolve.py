"""From a mention to a whole code: as specific as the note says, and no more."""

from superbill.codesets.icd10cm.lookup import Code, CodeBook
from superbill.coding.reading.model import Mention

_SIDES = {"right": "right", "left": "left", "bilateral": "bilateral"}


def resolve(mention: Mention, book: CodeBook) -> Code | None:
    """The billable code that the mention says; None when its words lead to none."""
    for start in mention.codes:
        code = book.code(start)
        if code is not None:
            return _down(_sided(code, mention, book), mention, book)
    return None


def _sided(code: Code, mention: Mention, book: CodeBook) -> Code:
    side = mention.value("side")
    if not side or not code.billable:
        return code
    wanted = code.title.casefold().replace("unspecified", side)
    beside = book.under(code.parent) if code.parent else ()
    return next((each for each in beside if each.title.casefold() == wanted), code)


def _down(code: Code, mention: Mention, book: CodeBook) -> Code | None:
    while not code.billable:
        under = book.under(code.code)
        if not under:
            return None
        side = mention.value("side") or "unspecified"
        code = (
            next((each for each in under if side in each.title.casefold()), None)
            or next((each for each in under if "unspecified" in each.title.casefold()), None)
            or under[-1]
        )
    return code
