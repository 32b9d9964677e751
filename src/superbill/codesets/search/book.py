"""How a code system is searched: from which releases, and what a code of it looks like."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from superbill.codesets.icd10cm import schema as icd10cm
from superbill.codesets.store import Store


class Row(NamedTuple):
    """A code as a search needs it: as releases keep it, its title, and what else it is called."""

    code: str
    title: str
    texts: tuple[str, ...] = ()


class Book(NamedTuple):
    """A code system to be searched.

    `releases`: what has its codes, what says most first; one of them is enough. `further`: what else is read where it
    is there. `rows` reads the codes, None where the release has the table of codes itself. `shape`: what is taken for
    a code, or the beginning of one.
    """

    system: str
    releases: tuple[str, ...]
    shape: str
    further: tuple[str, ...] = ()
    rows: Callable[[Store, date], Iterator[Row]] | None = None


DIAGNOSES = Book(
    icd10cm.CODES, (icd10cm.CODES,), r"[A-Z](?=[A-Z]?[0-9O])[0-9A-Z]{1,2}(\.?[0-9A-Z]{0,4})\.?",
    (icd10cm.TABULAR, "icd10cm-index", "icd10cm-external", "icd10cm-neoplasm", "icd10cm-drug"),
)  # fmt: skip


def book(system: str) -> Book | None:
    """How the system is searched; None for a list that ships with Superbill. Raises systems.UnknownSystem."""
    if system == icd10cm.CODES:
        return DIAGNOSES
    # The readers of every other system take longer to load than a search among diagnoses.
    from superbill.codesets.search import books

    return books.book(system)
