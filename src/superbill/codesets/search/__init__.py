"""The encoder's search: from what people type to codes of the day.

`open_search` is the search in any code system. `prepare` makes the search file of a day beside the releases of a store,
`Search` asks it.
"""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from superbill.codesets.search.book import book
from superbill.codesets.search.lookup import Hit, Search
from superbill.codesets.search.prepare import prepare
from superbill.codesets.store import Store

if TYPE_CHECKING:
    from superbill.codesets.search.listing import ListSearch

__all__ = ["Hit", "Search", "open_search", "prepare"]


def open_search(
    store: Store, on: date, system: str, say: Callable[[str], None] = lambda _: None
) -> "Search | ListSearch":
    """The search in a code system on a day. A list that ships with Superbill needs no release.

    Raises systems.UnknownSystem for what is no system, Refused when the store has no release of it, OSError when its
    folder can't be written to.
    """
    if book(system) is not None:
        return Search(store, on, system, say)
    from superbill.codesets.search.listing import ListSearch

    return ListSearch(on, system)
