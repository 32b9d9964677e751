"""A store with the embedded code sets, built once for each test process."""

import atexit
import shutil
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

from superbill.codesets.icd10cm.lookup import CodeBook, book
from superbill.codesets.store import Store, open_default

APRIL = date(2026, 5, 1)
"""A day on which the embedded ICD-10-CM is in force."""


@cache
def embedded_folder() -> Path:
    """A folder with what an installation brings. Nobody writes into it."""
    folder = Path(tempfile.mkdtemp(prefix="superbill-codesets-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_default(folder).close()
    return folder


@cache
def embedded_store() -> Store:
    """The store of `embedded_folder`."""
    return Store(embedded_folder())


def embedded_book(on: date = APRIL) -> CodeBook:
    """ICD-10-CM as embedded."""
    return book(embedded_store(), on)
