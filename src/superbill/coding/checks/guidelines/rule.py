"""A guideline as a rule: its section, when it holds, which codes it looks at, and the check."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property
from typing import NamedTuple

from msgspec import Struct

from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.codesets.icd10cm.schema import dotted
from superbill.coding.checks.guidelines.codes import Codes
from superbill.coding.checks.guidelines.pattern import Pattern
from superbill.coding.checks.model import GUIDELINES, Coded, Context, Setting, at
from superbill.findings import Finding, Severity

ICD10 = date(2015, 10, 1)
"""The first day of ICD-10-CM (45 CFR 162.1002(c))."""
ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION


class Problem(NamedTuple):
    """What a rule found: `position` of the code (from 1), what is, what to do; `severity` where not the rule's."""

    position: int
    message: str
    fix: str = ""
    severity: Severity | None = None


class Facts:
    """The coded encounter as the rules ask about it."""

    def __init__(self, context: Context) -> None:
        self.coded: Coded = context.coded
        self.codes: tuple[str, ...] = context.codes
        self.book: CodeBook = context.book

    def where(self, wanted: Codes) -> list[int]:
        """The positions (from 1) of the codes that are among `wanted`."""
        return [position for position, code in enumerate(self.codes, 1) if wanted.matches(code)]

    def title(self, code: str) -> str:
        """The code's title in lower case; "" for a code that the book lacks."""
        found = self.book.code(code)
        return found.title.lower() if found else ""

    @cached_property
    def days(self) -> int | None:
        """Age in days on the day of the encounter; None when unknown, or when the birth lies after it."""
        born = self.coded.born
        return (self.coded.on - born).days if born and born <= self.coded.on else None

    @cached_property
    def years(self) -> int | None:
        """Age in completed years; None when unknown."""
        born, on = self.coded.born, self.coded.on
        if born is None or born > on:
            return None
        return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

    @cached_property
    def note(self) -> str:
        """The note in lower case, its white space single blanks."""
        return " ".join(self.coded.note.lower().split())


class Rule(Struct, frozen=True, kw_only=True):
    """One guideline that a program checks.

    It is told by `patterns`, of which the first fault is found (`each`: all), or computed by `check`. It holds from
    `since` to `until` (both included; None: still), in one `setting` or in both, and is asked only when a code of `on`
    is there; `needs_note`: and a note. `section` is that of the guidelines of fiscal year 2026, or of another manual
    named in `manual`; `id` is the section and a word for the rule.
    """

    section: str
    name: str
    title: str
    severity: Severity
    on: Codes
    check: Callable[[Facts], Iterator[Problem]] | None = None
    patterns: tuple[Pattern, ...] = ()
    each: bool = False
    since: date = ICD10
    until: date | None = None
    setting: Setting | None = None
    manual: str = GUIDELINES
    needs_note: bool = False

    @property
    def id(self) -> str:
        """Stable: the section and the name."""
        return f"{self.section}.{self.name}"

    def holds(self, coded: Coded) -> bool:
        """Whether the rule is in force for the encounter."""
        if coded.on < self.since or (self.until is not None and coded.on > self.until):
            return False
        return (self.setting is None or self.setting == coded.setting) and (not self.needs_note or bool(coded.note))

    def finding(self, problem: Problem) -> Finding:
        """A problem under this rule's name."""
        return Finding(
            rule=f"coding.icd10cm.{self.id}",
            severity=problem.severity or self.severity,
            where=at(problem.position),
            message=problem.message,
            fix=problem.fix,
            source=f"{self.manual}, {self.section}",
            why=self.title,
            since=self.since,
        )


def named(code: str) -> str:
    """The code as people write it."""
    return dotted(code)
