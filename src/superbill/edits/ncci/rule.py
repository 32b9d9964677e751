"""NCCI procedure-to-procedure edits (PTP): column 2 is not paid beside column 1, same patient, provider and day.

Professional claims are held to the table of practitioners, outpatient bills to that of hospitals. With modifier
indicator 1 an NCCI-associated modifier bypasses a pair, with 0 none does, 9 is no edit. A modifier is never put on by a
click: it says what only the record can.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from superbill.claims.codes import is_evaluation
from superbill.claims.model import Claim, ServiceLine
from superbill.codesets.ncci.importer import system
from superbill.codesets.ncci.lookup import PairEdit, PairTable
from superbill.edits.context import Context
from superbill.edits.ncci.bypass import bypass
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.edits.services import common_day, earlier, first_day, performer
from superbill.findings import Severity, line

_SOURCE = "NCCI procedure-to-procedure edits of Medicare; NCCI Policy Manual, chapter I"
_WHY = "CMS pays column 1 of a pair and not column 2, which is part of it or can't be done beside it."
_PRACTITIONER, _HOSPITAL = system("practitioner"), system("hospital")
_BEGAN = date(1996, 1, 1)
"""Medicare holds claims against the pairs since then."""


class _Met(NamedTuple):
    """A pair on a claim: the edit, the lines of column 1 and 2, the day, and the table that has it."""

    edit: PairEdit
    column1: ServiceLine
    column2: ServiceLine
    day: date
    table: PairTable


@rule(
    "ncci.pair", ERROR, source=_SOURCE, why=_WHY, since=_BEGAN, forms=("professional",), needs=_PRACTITIONER,
    when="several_lines",
)  # fmt: skip
def pair(claim: Claim, context: Context) -> Iterator[Problem]:
    """No column 2 of an NCCI pair stands beside its column 1 without a modifier that bypasses the pair."""
    return _pairs(claim, context, "practitioner", None)


@rule(
    "ncci.hospital-pair", ERROR, source=_SOURCE, why=_WHY, since=_BEGAN, forms=("institutional",), needs=_HOSPITAL,
    when="several_lines",
)  # fmt: skip
def hospital_pair(claim: Claim, context: Context) -> Iterator[Problem]:
    """On an outpatient bill, no column 2 of a hospital's NCCI pair stands beside its column 1 without a modifier."""
    severity = _of_bill(claim)
    return iter(()) if severity is None else _pairs(claim, context, "hospital", severity)


@rule(
    "ncci.pair-earlier", ERROR, source=_SOURCE, why=_WHY, forms=("professional",), needs=_PRACTITIONER, when="history"
)
def pair_earlier(claim: Claim, context: Context) -> Iterator[Problem]:
    """No NCCI pair is made with a line of an earlier claim of the same day."""
    return _earlier_pairs(claim, context, "practitioner", None)


@rule(
    "ncci.hospital-pair-earlier", ERROR, source=_SOURCE, why=_WHY, since=_BEGAN, forms=("institutional",),
    needs=_HOSPITAL, when="history",
)  # fmt: skip
def hospital_pair_earlier(claim: Claim, context: Context) -> Iterator[Problem]:
    """On an outpatient bill, no NCCI pair is made with a line of an earlier bill of the same day."""
    severity = _of_bill(claim)
    return iter(()) if severity is None else _earlier_pairs(claim, context, "hospital", severity)


@rule(
    "ncci.same-site", WARNING, source="NCCI Policy Manual, chapter I §E", since=_BEGAN,
    forms=("professional",),
    why="Modifiers of a place on the body tell two services apart only where the places differ.",
    needs=_PRACTITIONER, when=("several_lines", "modifiers"),
)  # fmt: skip
def same_site(claim: Claim, context: Context) -> Iterator[Problem]:
    """Modifiers of a place on the body bypass a pair only where its lines name different places."""
    for met in _met(claim, context, "practitioner"):
        mine, theirs = met.column1.procedure.modifiers, met.column2.procedure.modifiers
        if met.edit.indicator != 1 or not bypass().by(mine, theirs, met.day) <= bypass().anatomic:
            continue
        same = bypass().same_site(mine, theirs)
        if same:
            one, two = met.edit.column1, met.edit.column2
            yield Problem(
                line(met.column2.number, "modifiers"),
                f"{one} on line {met.column1.number} and {two} are both at {' and '.join(sorted(same))}: "
                "that tells them not apart.",
                f"Bill {one} alone, unless the record shows what sets {two} apart: then say so with 59 or XE, XS, XU.",
            )


def _of_bill(claim: Claim) -> Severity | None:
    """What a pair does on this type of bill, None for one to which the pairs of hospitals don't apply."""
    facility = claim.institutional.facility_type if claim.institutional is not None else ""
    return bypass().hospital_bills.get(facility)


def _table(claim: Claim, context: Context, setting: str) -> PairTable | None:
    """The table for a claim: that of its last day, which has the days before, too."""
    tables, service = context.reference.pairs.get(setting), claim.service
    if tables is None or service.start is None:
        return None
    return (tables.on(service.end) if service.end is not None else None) or tables.on(service.start)


def _met(claim: Claim, context: Context, setting: str) -> Iterator[_Met]:
    """The pairs in force among the lines of one performer on one day, whatever modifiers they have."""
    table = _table(claim, context, setting)
    among = table.among(claim.codes) if table is not None else ()
    if table is None or not among:
        return
    lines = sorted(claim.lines, key=lambda each: each.number)
    for one, two in among:
        for column2 in lines:
            for column1 in lines:
                if column1.procedure.code != one or column2.procedure.code != two:
                    continue
                day = common_day(claim, column1, column2)
                edit = None if day is None else table.pair(one, two, day)
                if day and edit and performer(claim, column1) == performer(claim, column2):
                    yield _Met(edit, column1, column2, day, table)


def _pairs(claim: Claim, context: Context, setting: str, severity: Severity | None) -> Iterator[Problem]:
    said: set[tuple[str, int]] = set()
    for met in _met(claim, context, setting):
        place = (met.edit.column1, met.column2.number)
        if _bypassed(met) or place in said:
            continue
        said.add(place)
        yield Problem(
            line(met.column2.number, "procedure"),
            f"{met.edit.column2} is not paid beside {met.edit.column1} of line {met.column1.number} on {met.day}: "
            f"{_edit(met)}.",
            _fix(met),
            severity,
        )


def _earlier_pairs(claim: Claim, context: Context, setting: str, severity: Severity | None) -> Iterator[Problem]:
    table = _table(claim, context, setting)
    if table is None:
        return
    said: set[tuple[int, str, str]] = set()
    for mine in claim.lines:
        day = first_day(claim, mine)
        for past in earlier(claim, context, day) if day is not None else ():
            if performer(claim, mine) != performer(past.past.claim, past.line):
                continue
            for met in _with(table, mine, past.line, day):
                place = (mine.number, met.edit.column1, met.edit.column2)
                if place not in said and not _bypassed(met):
                    said.add(place)
                    yield _earlier_problem(met, mine, past.past.claim.control_number, severity)


def _with(table: PairTable, mine: ServiceLine, theirs: ServiceLine, day: date | None) -> Iterator[_Met]:
    """The pairs that a line makes with one of another claim, either being column 1."""
    for column1, column2 in ((theirs, mine), (mine, theirs)):
        edit = None if day is None else table.pair(column1.procedure.code, column2.procedure.code, day)
        if edit is not None and day is not None:
            yield _Met(edit, column1, column2, day, table)


def _earlier_problem(met: _Met, mine: ServiceLine, control: str, severity: Severity | None) -> Problem:
    one, two = met.edit.column1, met.edit.column2
    if met.column2 is mine:
        message = f"{two} is not paid beside {one}, billed on claim {control} for {met.day}: {_edit(met)}."
        return Problem(line(mine.number, "procedure"), message, _fix(met), severity)
    message = f"{two}, billed on claim {control} for {met.day}, is not paid beside {one}: {_edit(met)}."
    fix = f"Replace claim {control} (frequency 7) by one without {two}, or be ready to have it taken back."
    # The claim itself is paid: what was paid before it is at stake.
    return Problem(line(mine.number, "procedure"), message, fix, WARNING)


def _bypassed(met: _Met) -> bool:
    if met.edit.indicator != 1:
        return False
    return bool(bypass().by(met.column1.procedure.modifiers, met.column2.procedure.modifiers, met.day))


def _edit(met: _Met) -> str:
    """The edit in a few words: table, indicator, CMS's reason."""
    allowed = "modifier allowed" if met.edit.indicator == 1 else "no modifier allowed"
    table = f"NCCI {met.table.setting} table {met.table.version}, since {met.edit.first}"
    return f"{table}, indicator {met.edit.indicator}, {allowed} ({met.edit.rationale})"


def _fix(met: _Met) -> str:
    one, two = met.edit.column1, met.edit.column2
    if met.edit.indicator == 0:
        return f"Bill {one} alone: no modifier lets both be paid."
    if is_evaluation(two):
        return (
            f"Bill {one} alone, or, only where the record shows a visit of its own, put 25 on {two} "
            "(57 before major surgery)."
        )
    distinct = bypass().distinct_on.on(met.day)
    where = f"on {two}" if distinct == "column 2" else f"on {two} or {one}"
    return (
        f"Bill {one} alone, or, only where the record shows another site, encounter or practitioner, put the modifier "
        f"that says so {where}: a place on the body, XS, XE, XP, XU, and 59 where none of them fits."
    )
