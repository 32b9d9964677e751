"""The encoder's search: from what people type to codes of the day.

`prepare` makes the search file of a day beside the releases of a store, `Search` asks it.
"""

from superbill.codesets.search.lookup import Hit, Search
from superbill.codesets.search.prepare import prepare

__all__ = ["Hit", "Search", "prepare"]
