"""The reference tables that edits look into, opened from the store of code sets when first asked for."""

from collections.abc import Callable
from datetime import date
from functools import cached_property, lru_cache

from superbill.codesets.add_on.importer import SYSTEM as ADD_ON_CODES
from superbill.codesets.add_on.lookup import AddOnTable
from superbill.codesets.coverage.importer import CODES as COVERAGE
from superbill.codesets.coverage.lookup import CoverageTable
from superbill.codesets.coverage.ncd import SYSTEM as NATIONAL
from superbill.codesets.coverage.ncd import NationalTable
from superbill.codesets.icd10cm import schema
from superbill.codesets.msdrg.editor import SYSTEM as CODE_EDITOR
from superbill.codesets.msdrg.editor import editor
from superbill.codesets.mue.importer import SETTINGS as UNIT_SETTINGS
from superbill.codesets.mue.lookup import UnitTable
from superbill.codesets.ncci.importer import SETTINGS as PAIR_SETTINGS
from superbill.codesets.ncci.importer import system as pairs_of
from superbill.codesets.ncci.lookup import PairTables
from superbill.codesets.ndc.importer import PACKAGES
from superbill.codesets.ndc.lookup import Drug, drug
from superbill.codesets.opps.lookup import item as outpatient_item
from superbill.codesets.store import Store
from superbill.codesets.taxonomy.importer import SYSTEM as TAXONOMY
from superbill.codesets.taxonomy.lookup import TaxonomyCode, provider_kind
from superbill.edits.icd10cm import Books

_PAIRS = {pairs_of(setting): setting for setting in PAIR_SETTINGS}


class Reference:
    """The tables of one store. One for a process: the tables keep what they have read.

    A property for each table gives its look-up, or None where the store has no release of it at all; the look-up is
    asked by the date of service.
    """

    def __init__(self, store: Store | None) -> None:
        self.store = store
        self._in_force = lru_cache(65_536)(self._ask)
        self._status = lru_cache(65_536)(self._ask_status)

    @cached_property
    def icd10cm(self) -> Books | None:
        """ICD-10-CM with the coding checks: `on(day)` gives the book of the release in force."""
        return None if self.store is None or not self.store.releases(schema.CODES) else Books(self.store)

    @cached_property
    def pairs(self) -> dict[str, PairTables]:
        """NCCI procedure-to-procedure edits by setting, "practitioner" and "hospital"; those that are there."""
        made = {} if self.store is None else {each: PairTables(self.store, each) for each in PAIR_SETTINGS}
        return {setting: tables for setting, tables in made.items() if tables.tables}

    @cached_property
    def units(self) -> dict[str, UnitTable]:
        """Medically unlikely edits by setting, "practitioner", "hospital" and "dme"; those that are there."""
        made = {} if self.store is None else {each: UnitTable(self.store, each) for each in UNIT_SETTINGS}
        return {setting: table for setting, table in made.items() if table.releases}

    @cached_property
    def add_ons(self) -> AddOnTable | None:
        """Add-on codes with their primaries."""
        return None if self.store is None or not self.store.releases(ADD_ON_CODES) else AddOnTable(self.store)

    @cached_property
    def coverage(self) -> CoverageTable | None:
        """The articles of Medicare's contractors: which diagnoses cover which procedures, by state and day."""
        return None if self.store is None or not self.store.releases(COVERAGE) else CoverageTable(self.store)

    @cached_property
    def national_coverage(self) -> NationalTable | None:
        """Medicare's national coverage determinations: which diagnoses cover which procedures, by day."""
        return None if self.store is None or not self.store.releases(NATIONAL) else NationalTable(self.store)

    @cached_property
    def provider_kinds(self) -> Callable[[str, date], TaxonomyCode | None] | None:
        """The NUCC's provider taxonomy: the kind of provider with a code, by the list nearest to the day."""
        store = self.store
        if store is None or not store.releases(TAXONOMY):
            return None
        return lru_cache(65_536)(lambda code, day: provider_kind(store, code, day))

    @cached_property
    def drugs(self) -> Callable[[str, date], Drug | None] | None:
        """FDA's NDC directory: the package of an NDC, by the directory nearest to the day."""
        store = self.store
        if store is None or not store.releases(PACKAGES):
            return None
        return lru_cache(65_536)(lambda ndc, day: drug(store, ndc, day))

    def in_force(self, system: str, day: date) -> bool:
        """Whether the store has a release of the system that tells of the day."""
        return self._in_force(system, day)

    def _ask(self, system: str, day: date) -> bool:
        if system == CODE_EDITOR:
            return editor() is not None
        if system in _PAIRS:  # in several files, each a release, with the days before them
            tables = self.pairs.get(_PAIRS[system])
            return tables is not None and tables.on(day) is not None
        if system == ADD_ON_CODES:  # with the days before it
            return self.add_ons is not None
        return self.store is not None and self.store.in_force(system, day) is not None

    def outpatient_status(self, code: str, day: date) -> str:
        """The OPPS status indicator of a code by the quarter in force on the day; "" without one."""
        return self._status(code, day)

    def _ask_status(self, code: str, day: date) -> str:
        found = outpatient_item(self.store, code, day) if self.store is not None else None
        return found.status if found is not None and found.exact else ""


NO_REFERENCE = Reference(None)
