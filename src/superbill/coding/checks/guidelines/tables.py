"""Rules that are told in a table: which codes, where, with which others. One YAML file for each chapter.

A row finds a code of `when` that stands where `at` says, beside a code of `with` (in the `order` named) and one of
`and`, unless a code of `unless` is there, of `unless_before` stands before it, or of `unless_first` is the first.
Texts may name {code} and {other}. `pairs` writes several rows of the same rule: `when | with`, or
`when | with | what to use`.
"""

from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from superbill.coding.checks.guidelines.codes import Codes, codes
from superbill.coding.checks.guidelines.pattern import Pattern
from superbill.coding.checks.guidelines.rule import ICD10, Rule
from superbill.coding.checks.model import GUIDELINES, Setting
from superbill.findings import Severity


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """A rule as the tables write it. `each`: every code of `when` is told, not the first only."""

    section: str
    name: str
    title: str
    severity: Severity
    message: str
    fix: str = ""
    when: str = ""
    with_: str = msgspec.field(default="", name="with")
    and_: str = msgspec.field(default="", name="and")
    pairs: tuple[str, ...] = ()
    at: Literal["", "first", "later"] = ""
    order: Literal["", "before", "after"] = ""
    unless: str = ""
    unless_before: str = ""
    unless_first: str = ""
    each: bool = False
    since: date = ICD10
    until: date | None = None
    setting: Setting | None = None
    manual: str = GUIDELINES


def _patterns(row: Row) -> Iterator[Pattern]:
    pairs = [[part.strip() for part in pair.split("|")] for pair in row.pairs] or [[row.when, row.with_]]
    for when, with_, *rest in pairs:
        use = rest[0] if rest else ""
        yield Pattern(
            when=codes(when), with_=_optional(with_), and_=_optional(row.and_), at=row.at, order=row.order,
            unless=_optional(row.unless), unless_before=_optional(row.unless_before),
            unless_first=_optional(row.unless_first),
            message=row.message.replace("{use}", use), fix=row.fix.replace("{use}", use),
        )  # fmt: skip


def _optional(text: str) -> Codes | None:
    return codes(text) if text else None


def _rule(row: Row) -> Rule:
    patterns = tuple(_patterns(row))
    return Rule(
        section=row.section, name=row.name, title=row.title, severity=row.severity, since=row.since, until=row.until,
        setting=row.setting, manual=row.manual,
        on=codes(" ".join([pair.split("|")[0] for pair in row.pairs] or [row.when])),
        patterns=patterns, each=row.each,
    )  # fmt: skip


def table(name: str) -> tuple[Rule, ...]:
    """The rules of a file beside this module. Raises msgspec.ValidationError when it isn't written as `Row` says."""
    text = files(__package__).joinpath(f"{name}.yaml").read_bytes()
    return tuple(_rule(row) for row in msgspec.yaml.decode(text, type=tuple[Row, ...]))
