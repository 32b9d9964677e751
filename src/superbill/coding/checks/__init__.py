"""Checks of coded diagnoses that cite their note or guideline: `check(coded, store)`.

One module for each family of rules; `FAMILIES` lists them in the order in which people read the findings.
"""

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.lookup import CodeBook, book
from superbill.codesets.store import Store
from superbill.coding.checks import excludes, guidelines, sequence, validity
from superbill.coding.checks.model import Check, Coded, Context
from superbill.findings import Finding

FAMILIES: tuple[Check, ...] = (validity.check, excludes.check, sequence.check, *guidelines.FAMILIES)


def check(coded: Coded, store: Store) -> list[Finding]:
    """Everything found on the diagnoses by the code set in force on their day.

    A code that the day's release lacks but another of the store has is reported with the day on which it was deleted
    or begins. Raises Refused when the store has no ICD-10-CM at all.
    """
    return [validity.dated(found, coded, store) for found in check_in(coded, book(store, coded.on))]


def check_in(coded: Coded, book: CodeBook) -> list[Finding]:
    """Everything found on the diagnoses by this book, whatever its day."""
    context = Context(coded, tuple(map(schema.undotted, coded.diagnoses)), book)
    return [found for family in FAMILIES for found in family(context)]
