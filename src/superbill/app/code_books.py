"""The code sets of this installation, opened once for a process."""

from functools import cache

from superbill.app.stages import tell
from superbill.codesets.store import Store, open_default
from superbill.edits import Reference


@cache
def code_books() -> Store:
    """The store of code sets: its tables of terms are kept with it."""
    return open_default(say=tell)


@cache
def reference() -> Reference:
    """The tables that edits look into."""
    return Reference(code_books())
