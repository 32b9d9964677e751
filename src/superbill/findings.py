"""`Finding`: the one shape that every check in the house returns."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal

from msgspec import Struct


class Severity(StrEnum):
    """What a finding does: an error holds the work, a warning asks for a look, the rest inform."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"
    NOT_CHECKED = "not checked"


class Place(Struct, frozen=True, omit_defaults=True):
    """Where a finding is. Every part is optional; together they name the spot in the words of its document.

    `file` and `position` (line of a text file, segment number of an X12 file, both from 1); `loop` and `element`
    of X12 ("2400", "SV101-2"); `service_line` of a claim, from 1; `field` in the document's own name.
    """

    file: str = ""
    position: int | None = None
    loop: str = ""
    element: str = ""
    service_line: int | None = None
    field: str = ""

    def __str__(self) -> str:
        parts = [f"{self.file}:{self.position:,}" if self.file and self.position is not None else self.file]
        if not self.file and self.position is not None:
            parts.append(f"position {self.position:,}")
        if self.service_line is not None:
            parts.append(f"line {self.service_line}")
        if self.loop:
            parts.append(f"loop {self.loop}")
        parts += [self.element, self.field]
        return ", ".join(part for part in parts if part)


def header(field: str) -> Place:
    """A field of the whole claim, encounter or payment."""
    return Place(field=field)


def line(number: int, field: str = "") -> Place:
    """A service line, counted from 1."""
    return Place(service_line=number, field=field)


class Change(Struct, frozen=True, omit_defaults=True):
    """One change of a document, as JSON Patch has it (RFC 6902): `path` is a JSON pointer, counted from 0.

    `value` as the document's JSON writes it; None with "remove". Example:
    Change("add", "/lines/0/procedure/modifiers/-", "LT").
    """

    op: Literal["add", "replace", "remove"]
    path: str
    value: Any = None


class Override(Struct, frozen=True):
    """A person's decision that a finding does not hold the work: who, when, and the reason in their words."""

    by: str
    at: datetime
    reason: str


class Finding(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that a check found, with what to do about it.

    `rule` is a stable dotted id; `message` says what is; `why` the reason behind the rule; `fix` what to do;
    `source` the guideline, manual or contract it comes from; `since` the day the rule took effect. `changes` do what
    `fix` says, where that is safe: a person only has to say yes. `override`: a person has set it aside.
    """

    rule: str
    severity: Severity
    where: Place
    message: str
    why: str = ""
    fix: str = ""
    source: str = ""
    since: date | None = None
    changes: tuple[Change, ...] = ()
    override: Override | None = None

    def __str__(self) -> str:
        place = str(self.where)
        text = f"{place}: {self.message}" if place else self.message
        if self.override is not None:
            return f"{text} Set aside by {self.override.by}: {self.override.reason}"
        return f"{text} {self.fix}".rstrip()


def errors(findings: "list[Finding] | tuple[Finding, ...]") -> list[Finding]:
    """Those findings that hold the work: errors that nobody has set aside."""
    return [finding for finding in findings if finding.severity is Severity.ERROR and finding.override is None]
