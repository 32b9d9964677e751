"""Codes that stand together, or in an order, that a guideline finds fault with: one row of a rule table, compiled."""

from collections.abc import Iterator

from msgspec import Struct

from superbill.codesets.icd10cm.schema import dotted
from superbill.coding.checks.guidelines.codes import Codes


class Pattern(Struct, frozen=True, kw_only=True):
    """A code of `when` and what must, or must not, stand with it; None makes no demand (see `tables`)."""

    when: Codes
    with_: Codes | None = None
    and_: Codes | None = None
    at: str = ""
    order: str = ""
    unless: Codes | None = None
    unless_before: Codes | None = None
    unless_first: Codes | None = None
    message: str = ""
    fix: str = ""

    @property
    def needed(self) -> tuple[Codes, ...]:
        """Of each of these there must be a code."""
        return tuple(each for each in (self.with_, self.and_) if each is not None)

    def fault(self, coded: tuple[str, ...], index: int) -> str | None:
        """The other code in fault with that at `index`, which is of `when`; "" without other, None without fault."""
        if self.at and (index == 0) != (self.at == "first"):
            return None
        if self.unless_first is not None and self.unless_first.matches(coded[0]):
            return None
        if self.unless_before is not None and self.unless_before.any(coded[:index]):
            return None
        others = coded[:index] + coded[index + 1 :]
        if self.unless is not None and self.unless.any(others):
            return None
        if self.and_ is not None and not self.and_.any(others):
            return None
        return "" if self.with_ is None else next(self._others(coded, index, self.with_), None)

    def _others(self, coded: tuple[str, ...], index: int, wanted: Codes) -> Iterator[str]:
        # "before": the code stands before the other, so that the other is looked for behind it.
        behind = coded[index + 1 :] if self.order != "after" else ()
        ahead = coded[:index] if self.order != "before" else ()
        return filter(wanted.matches, ahead + behind)

    def told(self, code: str, other: str) -> tuple[str, str]:
        """Message and fix for a fault."""
        words = {"code": dotted(code), "other": dotted(other)}
        return self.message.format(**words), self.fix.format(**words)
