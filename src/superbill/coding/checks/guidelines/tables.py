"""Rules that are told in a table: which codes, where, with which others. One YAML file for each chapter.

A row finds a code of `when` that stands where `at` says, beside a code of `with` (in the `order` named) and one of
`and`, unless a code of `unless` is there, of `unless_before` stands before it, or of `unless_first` is the first.
Texts may name {code} and {other}. `pairs` writes several rows of the same rule: `when | with`, or
`when | with | what to use`.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from importlib.resources import files
from typing import Literal

import msgspec
from msgspec import Struct

from superbill.coding.checks.guidelines.codes import Codes, codes
from superbill.coding.checks.guidelines.rule import ICD10, Facts, Problem, Rule, named
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


class Pattern(Struct, frozen=True):
    """One row ready to be matched. An empty set of codes makes no demand."""

    when: Codes
    with_: Codes | None
    and_: Codes | None
    at: str
    order: str
    unless: Codes | None
    unless_before: Codes | None
    unless_first: Codes | None
    message: str
    fix: str

    def found(self, coded: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
        """(index, code, other) of each code that the pattern finds fault with; other is "" without `with`."""
        for index, code in enumerate(coded):
            if self.when.matches(code) and self._stands(coded, index):
                other = self._other(coded, index)
                if other is not None:
                    yield index, code, other

    def _stands(self, coded: tuple[str, ...], index: int) -> bool:
        if self.at and (index == 0) != (self.at == "first"):
            return False
        if self.unless_first is not None and self.unless_first.matches(coded[0]):
            return False
        if self.unless_before is not None and self.unless_before.any(coded[:index]):
            return False
        others = coded[:index] + coded[index + 1 :]
        return (self.unless is None or not self.unless.any(others)) and (self.and_ is None or self.and_.any(others))

    def _other(self, coded: tuple[str, ...], index: int) -> str | None:
        if self.with_ is None:
            return ""
        # "before": the code stands before the other, so that the other is looked for behind it.
        behind = coded[index + 1 :] if self.order != "after" else ()
        ahead = coded[:index] if self.order != "before" else ()
        return next(filter(self.with_.matches, ahead + behind), None)


def _check(patterns: tuple[Pattern, ...], each: bool, facts: Facts) -> Iterator[Problem]:
    told: set[int] = set()
    for pattern in patterns:
        for index, code, other in pattern.found(facts.codes):
            if index not in told and (each or not told):
                told.add(index)
                words = {"code": named(code), "other": named(other)}
                yield Problem(index + 1, pattern.message.format(**words), pattern.fix.format(**words))


def _patterns(row: Row) -> Iterator[Pattern]:
    pairs = [[part.strip() for part in pair.split("|")] for pair in row.pairs] or [[row.when, row.with_]]
    for when, with_, *rest in pairs:
        use = rest[0] if rest else ""
        yield Pattern(
            codes(when), _optional(with_), _optional(row.and_), row.at, row.order, _optional(row.unless),
            _optional(row.unless_before), _optional(row.unless_first),
            row.message.replace("{use}", use), row.fix.replace("{use}", use),
        )  # fmt: skip


def _optional(text: str) -> Codes | None:
    return codes(text) if text else None


def _rule(row: Row) -> Rule:
    patterns = tuple(_patterns(row))
    return Rule(
        section=row.section, name=row.name, title=row.title, severity=row.severity, since=row.since, until=row.until,
        setting=row.setting, manual=row.manual,
        on=codes(" ".join([pair.split("|")[0] for pair in row.pairs] or [row.when])),
        check=partial(_check, patterns, row.each),
    )  # fmt: skip


def table(name: str) -> tuple[Rule, ...]:
    """The rules of a file beside this module. Raises msgspec.ValidationError when it isn't written as `Row` says."""
    text = files(__package__).joinpath(f"{name}.yaml").read_bytes()
    return tuple(_rule(row) for row in msgspec.yaml.decode(text, type=tuple[Row, ...]))
