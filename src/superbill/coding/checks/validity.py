"""Whether each code is one that may be billed on the day: known, whole, long enough, given once.

Sources: guidelines I.A.4 (placeholder), I.A.5 (seventh characters), I.B.2 (level of detail), I.B.12 (a code once).
"""

import re
from collections.abc import Iterator

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.lookup import Code, CodeBook
from superbill.codesets.release import Release
from superbill.codesets.store import Store
from superbill.coding.checks.model import GUIDELINES, Coded, Context, finding
from superbill.findings import Finding, Severity, header

_SHAPE = re.compile(r"[A-Z][0-9A-Z][0-9A-Z]{1,5}")
_WHOLE = 7
_SHOWN = 12
UNKNOWN, TOO_LONG, NOT_BILLABLE = "unknown", "too-long", "not-billable"
_DATED = (UNKNOWN, TOO_LONG, NOT_BILLABLE)


def check(context: Context) -> Iterator[Finding]:
    """The findings on each code for itself, in sequence, then what the releases at hand leave open."""
    seen: dict[str, int] = {}
    book = context.book
    for position, plain in enumerate(context.codes, 1):
        if plain in seen:
            yield _twice(position, plain, seen[plain])
            continue
        seen[plain] = position
        code = book.code(plain) if plain.isascii() and len(plain) <= _WHOLE + 1 else None
        if code is None:
            yield _unknown(position, plain, book)
        elif not code.billable:
            yield _not_whole(position, code, book)
    yield from _releases(context)


def _cited(book: CodeBook) -> str:
    return f"ICD-10-CM {book.release.version}, in force from {book.release.effective}"


def _twice(position: int, plain: str, before: int) -> Finding:
    return finding(
        "duplicate",
        Severity.ERROR,
        position,
        f"{schema.dotted(plain)} stands at {before} already.",
        why="A code is reported once for an encounter.",
        fix="Leave it out here.",
        source=f"{GUIDELINES}, I.B.12",
    )


def _unknown(position: int, plain: str, book: CodeBook) -> Finding:
    shown = schema.dotted(plain) if plain else "An empty code"
    if not _SHAPE.fullmatch(plain) and len(plain) <= _WHOLE:
        return finding(
            "shape",
            Severity.ERROR,
            position,
            f"{shown} is no code of ICD-10-CM: a letter, a digit or letter, and up to five more characters.",
            fix="Give the code as the book has it.",
            source=_cited(book),
        )
    filled = _filled(plain, book)
    if filled:
        return finding(
            "placeholder",
            Severity.ERROR,
            position,
            f"{shown} lacks the placeholder X that brings its last character to the seventh place.",
            fix=f"Use {' or '.join(filled)}.",
            source=f"{GUIDELINES}, I.A.4",
        )
    shorter = next((found for end in range(len(plain) - 1, 2, -1) if (found := book.code(plain[:end]))), None)
    if shorter is not None and shorter.billable:
        return finding(
            TOO_LONG,
            Severity.ERROR,
            position,
            f"{shown} has characters that {shorter.code} does not take.",
            fix=f"Use {shorter.code}.",
            source=_cited(book),
        )
    near = _children(shorter.code, book) if shorter is not None else ""
    return finding(
        UNKNOWN,
        Severity.ERROR if book.exact else Severity.NOT_CHECKED,
        position,
        f"{shown} is not in the ICD-10-CM {book.release.version} release of {book.release.effective}.",
        fix=f"Under {shorter.code} are: {near}." if shorter is not None else "Look the condition up in the Index.",
        source=_cited(book),
    )


def _filled(plain: str, book: CodeBook) -> list[str]:
    """The codes that placeholders make of it: T36.05A is T36.0X5A, W19.A is W19.XXXA."""
    missing = _WHOLE - len(plain)
    if missing < 1 or len(plain) < 4:
        return []
    candidates = dict.fromkeys(f"{plain[:at]}{'X' * missing}{plain[at:]}" for at in range(3, len(plain)))
    # A sixth character may follow the placeholder, and the seventh be missing still.
    candidates |= dict.fromkeys(f"{plain[:at]}X{plain[at:]}" for at in range(3, len(plain)))
    found = (book.code(candidate) for candidate in candidates)
    return [code.code for code in found if code is not None and len(code.code) > len(schema.dotted(plain))][:_SHOWN]


def _children(code: str, book: CodeBook) -> str:
    under = book.under(code)
    shown = ", ".join(f"{each.code} {each.title}" for each in under[:_SHOWN])
    return f"{shown} and {len(under) - _SHOWN} more" if len(under) > _SHOWN else shown


def _not_whole(position: int, code: Code, book: CodeBook) -> Finding:
    under = book.under(code.code)
    if under and all(len(schema.undotted(each.code)) == _WHOLE for each in under):
        choices = ", ".join(f"{each.code} ({each.title.removeprefix(f'{code.title}, ')})" for each in under)
        return finding(
            "seventh-character",
            Severity.ERROR,
            position,
            f"{code.code} needs a seventh character.",
            fix=f"Use one of {choices}.",
            source=f"{GUIDELINES}, I.A.5",
        )
    return finding(
        NOT_BILLABLE,
        Severity.ERROR,
        position,
        f"{code.code} is a heading: more characters are required.",
        fix=f"Use one under it: {_children(code.code, book)}.",
        source=f"{GUIDELINES}, I.B.2",
    )


def _releases(context: Context) -> Iterator[Finding]:
    """A release of another day that stands in is no proof of anything."""
    book, on = context.book, context.coded.on
    for exact, release, what in (
        (book.exact, book.release, "codes"),
        (book.notes_exact, book.notes_release, "notes"),
    ):
        if not exact:
            yield Finding(
                rule=f"coding.icd10cm.release-of-{what}",
                severity=Severity.NOT_CHECKED,
                where=header("diagnoses"),
                message=f"The {what} of ICD-10-CM in force on {on} are not in the store; those of {release.effective} "
                "stood in.",
                fix="Import the release of the day: superbill codesets import FILE.",
                source=f"ICD-10-CM {release.version}, in force from {release.effective}",
            )


def dated(found: Finding, coded: Coded, store: Store) -> Finding:
    """The same finding, or, for a code that the day's release lacks but another of the store has, with its days."""
    position, rule = found.where.position, found.rule.removeprefix("coding.icd10cm.")
    if position is None or rule not in _DATED:
        return found
    plain = schema.undotted(coded.diagnoses[position - 1])
    others = [release for release in store.releases(schema.CODES) if _billable(store, release, plain)]
    before = [release for release in others if release.effective <= coded.on]
    after = [release for release in others if release.effective > coded.on]
    shown = schema.dotted(plain)
    if before:
        rule, message = "deleted", f"{shown} is billable no more: the release of {before[-1].effective} was its last."
    elif after:
        rule, message = "not-yet", f"{shown} is not in force on {coded.on}: it begins on {after[0].effective}."
    else:
        return found
    return finding(rule, found.severity, position, message, why=found.message, fix=found.fix, source=found.source)


def _billable(store: Store, release: Release, plain: str) -> bool:
    opened = store.in_force(schema.CODES, release.effective)
    if opened is None:
        return False
    row = opened.connection.execute("SELECT billable FROM code WHERE code = ?", (plain,)).fetchone()
    return row is not None and bool(row[0])
