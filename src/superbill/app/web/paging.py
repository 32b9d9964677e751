"""One page of a list."""

from typing import Generic, TypeVar

from msgspec import Struct

T = TypeVar("T")
ROWS = 50
LAST_PAGE = 1_000_000


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """`rows` of page `number` (from 1), out of `total` rows."""

    rows: tuple[T, ...]
    number: int
    total: int
    size: int = ROWS

    @property
    def first(self) -> int:
        """The place of the first row shown, from 1; 0 on an empty page."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The place of the last row shown."""
        return (self.number - 1) * self.size + len(self.rows)

    @property
    def before(self) -> int | None:
        """The page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        """The page after this one."""
        return self.number + 1 if self.number * self.size < self.total else None


def asked(text: str, total: int, size: int = ROWS) -> tuple[int, int]:
    """(page number, offset) for what a URL says; nonsense is page 1, too far is the last page."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    last = max((total + size - 1) // size, 1)
    number = min(max(number, 1), last, LAST_PAGE)
    return number, (number - 1) * size
