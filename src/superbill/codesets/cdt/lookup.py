"""CDT codes: by the licensee's own list, and without it the number alone, which says no more than its shape."""

from datetime import date

from msgspec import Struct

from superbill.codesets.cdt.importer import CODE, SYSTEM
from superbill.codesets.release import Release
from superbill.codesets.store import Store

NUMBER_ONLY = "number only: CDT descriptors need your ADA licence"


class CdtCode(Struct, frozen=True):
    """A CDT code. `title` is the licensee's text, "" without it; then `release` is None.

    `exact` is False when the list of another year stands in.
    """

    code: str
    title: str
    release: Release | None = None
    exact: bool = True

    @property
    def note(self) -> str:
        """What is to be shown with it."""
        return "" if self.title else NUMBER_ONLY


def is_cdt(code: str) -> bool:
    """Whether `code` has the shape of one: D and four digits."""
    return CODE.fullmatch(code) is not None


def code(store: Store, code: str, on: date) -> CdtCode | None:
    """The code; None for a shape that is none, or where the licensee's list lacks it."""
    plain = code.strip().upper()
    if not is_cdt(plain):
        return None
    answer = store.nearest(SYSTEM, on)
    if answer is None:
        return CdtCode(plain, "")
    row = answer.opened.connection.execute("SELECT text FROM code WHERE code = ?", (plain,)).fetchone()
    return None if row is None else CdtCode(plain, row[0], answer.opened.release, answer.exact)
