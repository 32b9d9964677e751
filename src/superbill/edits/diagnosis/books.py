"""Diagnoses against the code books of the day: in force, whole, together, in sequence (loop 2300 HI; box 21; FL 66-72).

A professional code is judged by the day of the lines that point to it, an outpatient bill by its first day, an
inpatient's by the day of discharge (ICD-10-CM updates take effect on 1 October and 1 April). The checks are those of
coding (coding/checks); an edit here says which of their findings hold a claim.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from operator import attrgetter

from superbill.claims.model import Claim
from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.schema import dotted
from superbill.coding.checks.model import Setting
from superbill.edits.context import Context
from superbill.edits.diagnosis.rule import NEVER_FIRST
from superbill.edits.icd10cm import Book, Told
from superbill.edits.reference import Reference
from superbill.edits.rule import ERROR, INFORMATION, WARNING, Problem, rule
from superbill.findings import Change, Severity, header

_BOOKS = "ICD-10-CM code and tabular files of the day of service"
_GUIDELINES = "ICD-10-CM Official Guidelines"
_code = attrgetter("code")
_SPAN = "Claims Processing Manual ch. 23 §10: the code set of the date of service, of discharge for an inpatient"
_NOT_VALID = frozenset({"unknown", "deleted", "not-yet", "too-long"})
_SEVENTH = frozenset({"placeholder", "seventh-character"})
# Findings of the coding checks that other edits tell already, or that need what a claim does not have.
_ELSEWHERE = frozenset(
    {
        *("duplicate", "shape", "I.C.20.a.6.external-cause-first", "I.B.10.injury-behind-its-sequela"),
        *("I.C.16.a.2.birth-not-first", "I.C.21.c.11.outcome-first", "MCE.9.status-as-principal"),
    }
)
Found = Mapping[str, list[Problem]]
_NOTHING: Found = {}
_last: tuple[Claim, Reference, Found] | None = None  # nine rules ask about one claim after the other


def _found(claim: Claim, ctx: Context) -> Found:
    """The problems of a claim's diagnoses by the edit that tells them."""
    global _last
    held = _last
    if held is not None and held[0] is claim and held[1] is ctx.reference:
        return held[2]
    found = _read(claim, ctx.reference)
    _last = claim, ctx.reference, found
    return found


def _read(claim: Claim, reference: Reference) -> Found:
    books, day = reference.icd10cm, _day(claim)
    book = books.on(day) if books is not None and day is not None else None
    if books is None or book is None or not claim.diagnoses:
        return _NOTHING
    codes = tuple(map(_code, claim.diagnoses))
    detail = claim.institutional
    setting: Setting = "inpatient" if detail is not None and detail.inpatient else "outpatient"
    found = _of_codes(book, codes, setting)
    if detail is not None:
        causes = (cause.code for cause in detail.external_causes)
        beside = (detail.admitting_diagnosis, *detail.reasons_for_visit, *causes)
        return _merged(found, [(code, None, book) for code in beside if code])
    last = claim.service.end
    other = books.on(last) if last is not None and last != day else book
    return found if other is book else _spanning(claim, codes, book, other)


@lru_cache(65_536)
def _of_codes(book: Book, codes: tuple[str, ...], setting: Setting) -> Found:
    """The problems of codes of one day: the same for the same codes."""
    return _merged(_of_sequence(book, codes, setting), [(code, place, book) for place, code in enumerate(codes)])


def _of_sequence(book: Book, codes: tuple[str, ...], setting: Setting) -> Found:
    found: dict[str, list[Problem]] = defaultdict(list)
    for told in book.together(codes, setting):
        name = _of_several(told, codes, book)
        if name:
            found[name].append(_problem(told))
    return found


def _merged(found: Found, asked: Iterable[tuple[str, int | None, Book]]) -> Found:
    """The problems, with those of codes for themselves: each with its place (None beside the list) and its book."""
    more = [(code, place, book, told) for code, place, book in asked for told in book.valid(code)]
    if not more:
        return found
    both = defaultdict(list, {name: list(problems) for name, problems in found.items()})
    for code, place, book, told in more:
        if told.name not in _ELSEWHERE:
            both[_of_one(told)].append(_problem(told, _slip(told, code, place, book)))
    return both


def _spanning(claim: Claim, codes: tuple[str, ...], book: Book, other: Book | None) -> Found:
    """The problems where the lines lie on both sides of a change of the book: each code on the days of its lines."""
    asked: list[tuple[str, int | None, Book]] = []
    turn = other.release.effective if other is not None else None
    for place, code in enumerate(codes):
        days = [one.service.start for one in claim.lines if place + 1 in one.diagnosis_pointers]
        starts = [day for day in days or (claim.service.start,) if day is not None]
        if any(turn is None or day < turn for day in starts):
            asked.append((code, place, book))
        if other is not None and turn is not None and any(day >= turn for day in starts):
            asked.append((code, place, other))
    return _merged(_of_sequence(book, codes, "outpatient"), asked)


def _day(claim: Claim) -> date | None:
    if claim.institutional is not None and claim.institutional.inpatient:
        return claim.service.end or claim.service.start
    return claim.service.start


def _of_one(told: Told) -> str:
    if told.name in _NOT_VALID:
        return "not-in-force"
    return "seventh-character" if told.name in _SEVENTH else "not-specific"


def _of_several(told: Told, codes: tuple[str, ...], book: Book) -> str:
    """The edit that tells a finding on the sequence, "" for none."""
    code = codes[told.position - 1]
    if told.name in _ELSEWHERE or told.name.startswith(("MCE.", "I.C.16.a.4.", "Appendix.I.")):
        return ""
    if told.name == "excludes1":
        return "excludes1"
    if told.name in ("code-first", "code-first-order"):
        entry = book.entry(code)
        if entry is None or not entry.manifestation:
            return "code-first" if told.severity is not Severity.INFORMATION else ""
        return "manifestation" if told.position > 1 else ""  # the first place has an edit of its own
    if told.name in ("use-additional", "use-additional-order"):
        return "use-additional" if told.severity is not Severity.INFORMATION else ""
    if told.name == "code-also":
        entry = book.entry(code)
        always = entry is not None and any(not note.optional and note.named for note in entry.also)
        return "code-also" if always else ""
    if told.severity is Severity.INFORMATION:
        return ""
    if told.name.endswith("-first"):
        return "" if told.position == 1 and code.startswith(NEVER_FIRST) else "first-listed"
    return "guideline"


def _problem(told: Told, changes: tuple[Change, ...] = ()) -> Problem:
    section = f" ({told.source.partition(', ')[2]})" if told.name[:2] in ("I.", "II", "IV") else ""
    fix = told.fix or "Correct the diagnosis."
    return Problem(header("diagnoses"), f"{told.message.rstrip('.')}{section}.", fix, told.severity, changes)


def _slip(told: Told, code: str, place: int | None, book: Book) -> tuple[Change, ...]:
    """The placeholder that brings the last character to the seventh place, where only one code can be meant."""
    if told.name != "placeholder" or place is None:
        return ()
    wanted = told.fix.removeprefix("Use ").removesuffix(".").replace(".", "")
    found = book.codes.code(wanted)
    if found is None or not found.billable or wanted.replace("X", "") != code.replace("X", ""):
        return ()
    return (Change("replace", f"/diagnoses/{place}/code", wanted),)


@rule("diagnosis.not-in-force", ERROR, source=_SPAN, needs=schema.CODES)
def not_in_force(claim: Claim, ctx: Context) -> Iterable[Problem]:
    """Every diagnosis is a code of the release in force on its day: not deleted, not yet to come, not unknown."""
    return _found(claim, ctx).get("not-in-force", ())


@rule("diagnosis.not-specific", ERROR, source=f"{_GUIDELINES} I.B.2; {_BOOKS}", needs=schema.CODES)
def not_specific(claim: Claim, ctx: Context) -> Iterable[Problem]:
    """A diagnosis is coded to its last character: a heading with codes under it is no code."""
    return _found(claim, ctx).get("not-specific", ())


@rule("diagnosis.seventh-character-of-book", ERROR, source=f"{_GUIDELINES} I.A.4, I.A.5; {_BOOKS}", needs=schema.CODES)
def seventh_character_of_book(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A code that takes a 7th character has one that the book gives it, in the seventh place, X before it.

    Injuries without any are told by diagnosis.seventh-character, which needs no book.
    """
    for problem in _found(claim, ctx).get("seventh-character", ()):
        if not problem.message.startswith(("S", "T")) or problem.changes or "placeholder" in problem.message:
            yield problem


@rule("diagnosis.excludes1", ERROR, source=f"{_GUIDELINES} I.A.12.a; {_BOOKS}", needs=schema.CODES)
def excludes1(claim: Claim, ctx: Context) -> Iterable[Problem]:
    """Codes that exclude each other don't stand together; where they can be unrelated, it is a question."""
    return _found(claim, ctx).get("excludes1", ())


@rule("diagnosis.manifestation-before-cause", ERROR, source=f"{_GUIDELINES} I.A.13; {_BOOKS}", needs=schema.CODES)
def manifestation_before_cause(claim: Claim, ctx: Context) -> Iterable[Problem]:
    """Before a manifestation stands the disease that causes it."""
    return _found(claim, ctx).get("manifestation", ())


@rule("diagnosis.code-first", WARNING, source=f"{_GUIDELINES} I.A.13, I.A.17; {_BOOKS}", needs=schema.CODES)
def code_first(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """What a "code first" note names stands before the code."""
    for problem in _found(claim, ctx).get("code-first", ()):
        yield problem._replace(severity=None)


@rule("diagnosis.use-additional", WARNING, source=f"{_GUIDELINES} I.A.13; {_BOOKS}", needs=schema.CODES)
def use_additional(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """What a "use additional code" note always asks for stands behind the code."""
    for problem in _found(claim, ctx).get("use-additional", ()):
        yield problem._replace(severity=None)


@rule("diagnosis.code-also", INFORMATION, source=f"{_GUIDELINES} I.A.17; {_BOOKS}", needs=schema.CODES)
def code_also(claim: Claim, ctx: Context) -> Iterable[Problem]:
    """What a "code also" note always asks for stands on the claim, too; its place follows the reason for the visit."""
    return _found(claim, ctx).get("code-also", ())


@rule("diagnosis.first-listed", WARNING, source=f"{_GUIDELINES} II, IV, I.B.14, I.C.21.c", needs=schema.CODES)
def first_listed(claim: Claim, ctx: Context) -> Iterable[Problem]:
    """What stands first may stand first: no social need, status, history or adverse effect."""
    return _found(claim, ctx).get("first-listed", ())


@rule("diagnosis.guideline", WARNING, source=f"{_GUIDELINES} I.A.15, I.B, I.C", needs=schema.CODES)
def guideline(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """The diagnoses go together as the guidelines of their chapters say; a payer asks for the record otherwise."""
    for problem in _found(claim, ctx).get("guideline", ()):
        yield problem._replace(severity=None)


@rule("diagnosis.side-open", INFORMATION, source=f"{_GUIDELINES} I.B.13, I.B.18; {_BOOKS}", needs=schema.CODES)
def side_open(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A condition of one side is coded with its side where the code book has one; the record should name it."""
    books, day = ctx.reference.icd10cm, _day(claim)
    book = books.on(day) if books is not None and day is not None else None
    if book is None:
        return
    for diagnosis in claim.diagnoses:
        sides = book.sides(diagnosis.code)
        if sides:
            message = f"{dotted(diagnosis.code)} leaves the side open; {dotted(sides[0])} and others name it."
            fix = f"Use {' or '.join(map(dotted, sides))} if the record says which."
            yield Problem(header("diagnoses"), message, fix)
