"""The reference tables that edits look into, opened from the store of code sets when first asked for."""

from datetime import date
from functools import cached_property, lru_cache

from superbill.codesets.icd10cm import schema
from superbill.codesets.store import Store
from superbill.edits.icd10cm import Books


class Reference:
    """The tables of one store. One for a process: the tables keep what they have read.

    A property for each table gives its look-up, or None where the store has no release of it at all; the look-up is
    asked by the date of service.
    """

    def __init__(self, store: Store | None) -> None:
        self.store = store
        self._in_force = lru_cache(65_536)(self._ask)

    @cached_property
    def icd10cm(self) -> Books | None:
        """ICD-10-CM with the coding checks: `on(day)` gives the book of the release in force."""
        return None if self.store is None or not self.store.releases(schema.CODES) else Books(self.store)

    def in_force(self, system: str, day: date) -> bool:
        """Whether the store has a release of the system for the day."""
        return self._in_force(system, day)

    def _ask(self, system: str, day: date) -> bool:
        return self.store is not None and self.store.in_force(system, day) is not None


NO_REFERENCE = Reference(None)
