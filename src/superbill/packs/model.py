"""A pack as read: its rules, and their conditions as a tree of tests."""

from datetime import date
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from superbill.claims.model import ClaimKind

Operator = Literal[
    "is", "is not", "in", "not in", "starts with", "contains", "above", "below", "at least", "at most", "present",
    "missing",
]  # fmt: skip


class PackError(ValueError):
    """A pack that can't be used. `problems` are one message each, with file, line and key."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Test(Struct, frozen=True, tag=True):
    """One test of one field: `value` is of the field's kind, a tuple for `in` and `not in`, None for `present`."""

    __test__ = False  # nothing for pytest to collect

    field: str
    operator: Operator
    value: Any = None


class AllOf(Struct, frozen=True, tag=True):
    """Every part holds."""

    parts: "tuple[Condition, ...]"


class AnyOf(Struct, frozen=True, tag=True):
    """One part holds at least."""

    parts: "tuple[Condition, ...]"


class NotOf(Struct, frozen=True, tag=True):
    """The part does not hold."""

    part: "Condition"


Condition: TypeAlias = Test | AllOf | AnyOf | NotOf


class PackRule(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One rule: where `when` holds, it finds `say` (fields in braces are filled in) and tells `fix`.

    It is asked of each service line where a field of a line is in it, else once of the claim.
    """

    id: str
    severity: Literal["error", "warning", "information"] = "error"
    when: Condition
    say: str
    fix: str
    where: str = ""
    source: str = ""
    why: str = ""
    since: date | None = None
    until: date | None = None
    forms: tuple[ClaimKind, ...] = ()


class Pack(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Rules with a name, a version and what they are for. `applies` is a condition on the claim that all of them share.

    `text` is the file as written, from which the same pack is read again.
    """

    name: str
    version: int
    about: str = ""
    source: str = ""
    applies: Condition | None = None
    rules: tuple[PackRule, ...] = ()
    text: str = ""
