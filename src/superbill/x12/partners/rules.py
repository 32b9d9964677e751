"""The words in which a trading partner's companion guide is written: dated rules on loops, segments, elements. Data."""

import re
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from msgspec import Struct

from superbill.effective import Period
from superbill.x12.standard import SEGMENTS

Kind: TypeAlias = Literal[
    "absent",  # the loop, the part or the element is not to be sent
    "present",  # the part or the element has to be sent
    "one_of",  # the element, if sent, is one of `codes`
    "none_of",  # the element is none of `codes`
    "matches",  # the element, if sent, matches `pattern` as a whole
    "longest",  # the element has at most `limit` characters
    "at_most",  # the element's number (dollars for money) is at most `limit`
    "at_least",  # the element's number is at least `limit`
    "most_parts",  # the loop has at most `limit` of the part
    "most_loops",  # the transaction set has at most `limit` of the loop
]

_OF_ELEMENT = frozenset(("one_of", "none_of", "matches", "longest", "at_most", "at_least"))
_NEEDS = {
    "one_of": "codes", "none_of": "codes", "matches": "pattern", "longest": "limit", "at_most": "limit",
    "at_least": "limit", "most_parts": "limit", "most_loops": "limit",
}  # fmt: skip


class PartnerRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that a partner asks for beyond the guide.

    `keys` are the guides that it is about ("837P"), `loops` the loops it sits in; "ST" is the transaction set itself.
    `part` is what it looks at there: a segment by its id, or a loop right below by its; none is the loop as such.
    `qualifier` narrows a segment to that code of its key element, `element` and `component` count from 1. `force`:
    the days on which it holds, both ends included. `source` says where the partner wrote it. With `warning` what is
    wrong does not hold a file: the partner ignores it. Raises ValueError for a rule whose words don't fit its kind.
    """

    id: str
    kind: Kind
    keys: tuple[str, ...]
    loops: tuple[str, ...]
    words: str
    fix: str
    source: str
    force: Period
    part: str = ""
    qualifier: str = ""
    element: int = 0
    component: int = 0
    codes: tuple[str, ...] = ()
    pattern: str = ""
    limit: Decimal | None = None
    warning: bool = False

    def __post_init__(self) -> None:
        needed = _NEEDS.get(self.kind)
        if needed is not None and getattr(self, needed) in ((), "", None):
            raise ValueError(f"rule {self.id}: {self.kind} needs {needed}")
        if self.kind in _OF_ELEMENT and not (self.part and self.element):
            raise ValueError(f"rule {self.id}: {self.kind} needs part and element")
        if self.kind in ("present", "most_parts") and not self.part:
            raise ValueError(f"rule {self.id}: {self.kind} needs part")
        if self.element and not (self.part in SEGMENTS and self.element < len(SEGMENTS[self.part].__struct_fields__)):
            raise ValueError(f"rule {self.id}: {self.part or 'a loop'} has no element {self.element}")
        re.compile(self.pattern)

    @property
    def counts(self) -> bool:
        """Whether it is about how many of a part there are."""
        return self.kind == "most_parts" or (self.kind == "present" and not self.element)


class Partner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A trading partner: a name for it, its title, the ids under which it receives files (ISA08, GS03), its rules."""

    id: str
    title: str
    rules: tuple[PartnerRule, ...]
    receivers: tuple[str, ...] = ()

    def on(self, key: str, day: date) -> tuple[PartnerRule, ...]:
        """The rules in force on a day for a guide."""
        return tuple(rule for rule in self.rules if key in rule.keys and day in rule.force)
