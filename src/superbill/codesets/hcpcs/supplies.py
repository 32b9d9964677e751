"""The names of supplies, services and drugs: what practices say, and the words of HCPCS Level II that they mean."""

from functools import cache

from superbill.codesets.naming import Naming, read

LENGTH = 5


@cache
def entries() -> tuple[Naming, ...]:
    """Every entry. Raises msgspec.ValidationError for one that departs from the schema."""
    return read(__package__, r"supplies\.yaml")
