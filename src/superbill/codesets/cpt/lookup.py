"""CPT codes: by the licensee's own files, and without them the number alone, which says no more than its shape."""

import re
from datetime import date

from msgspec import Struct

from superbill.codesets.cpt.importer import CODE, LONG, MEDIUM, SHORT
from superbill.codesets.release import Release
from superbill.codesets.store import Store

NUMBER_ONLY = "number only: CPT descriptors need your AMA licence"
_SHAPE = re.compile(CODE, re.ASCII)


class CptCode(Struct, frozen=True):
    """A CPT code. `title` is the longest text of the licensee's files, "" without them; then `release` is None.

    `exact` is False when files of another year stand in.
    """

    code: str
    title: str
    release: Release | None = None
    exact: bool = True

    @property
    def note(self) -> str:
        """What is to be shown with it."""
        return "" if self.title else NUMBER_ONLY


def is_cpt(code: str) -> bool:
    """Whether `code` has the shape of one: five digits, or four and a letter of A F M T U."""
    return _SHAPE.fullmatch(code) is not None


def code(store: Store, code: str, on: date) -> CptCode | None:
    """The code; None for a shape that is none, or where the licensee's files lack it."""
    plain = code.strip().upper()
    if not is_cpt(plain):
        return None
    answers = [answer for system in (LONG, MEDIUM, SHORT) if (answer := store.nearest(system, on)) is not None]
    for answer in sorted(answers, key=lambda answer: not answer.exact):
        row = answer.opened.connection.execute("SELECT text FROM code WHERE code = ?", (plain,)).fetchone()
        if row is not None:
            return CptCode(plain, row[0], answer.opened.release, answer.exact)
    return None if answers else CptCode(plain, "")
