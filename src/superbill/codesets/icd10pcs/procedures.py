"""The names of procedures: what surgeons and coders say, and the words and tables of ICD-10-PCS that they mean."""

from functools import cache

from superbill.codesets.naming import Naming, read

LENGTH = 7


@cache
def entries() -> tuple[Naming, ...]:
    """Every entry, file by file. Raises msgspec.ValidationError for one that departs from the schema."""
    return read(__package__, r"procedures\w*\.yaml")
