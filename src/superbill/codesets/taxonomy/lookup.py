"""Kinds of provider by their taxonomy code, from the release that was imported."""

from datetime import date

from superbill.codesets.store import Store
from superbill.codesets.taxonomy.importer import SYSTEM, TaxonomyCode, is_taxonomy_code

__all__ = ["TaxonomyCode", "is_taxonomy_code", "provider_kind"]

_SELECT = (
    "SELECT code, grouping, classification, specialization, definition, notes, name, section "
    "FROM taxonomy WHERE code = ?"
)


def provider_kind(store: Store, code: str, on: date) -> TaxonomyCode | None:
    """The kind of provider with this code by the release nearest to the day; None without a release or such a code."""
    answer = store.nearest(SYSTEM, on)
    row = answer.opened.connection.execute(_SELECT, (code,)).fetchone() if answer else None
    return TaxonomyCode(*row) if row else None
