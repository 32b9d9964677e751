"""ICD-10-CM as the edits ask it: the coding checks of a claim's diagnoses, each answer remembered for its release.

What coding/checks finds on an encounter is found here on a claim. The findings of the same codes in the same sequence
never change within a release, so that they are worked out once.
"""

from datetime import date
from functools import lru_cache

from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.lookup import CodeBook, book
from superbill.codesets.store import Store
from superbill.coding.checks import excludes, guidelines, sequence, validity
from superbill.coding.checks.compiled import Entry, entries
from superbill.coding.checks.guidelines.rule import Facts
from superbill.coding.checks.guidelines.sides import sibling, with_character
from superbill.coding.checks.model import Coded, Context, Setting
from superbill.findings import Finding, Severity

_REMEMBERED = 65_536
_SIDE_FROM = 3  # no category differs from another by its side
_PREFIX = "coding.icd10cm."


class Told(Struct, frozen=True):
    """What a check found: its name without prefix, how bad, the code's place (from 1), what is, why, what to do."""

    name: str
    severity: Severity
    position: int
    message: str
    why: str
    fix: str
    source: str


class Book:
    """The codes and notes in force on the days of one release, with what was found by them."""

    def __init__(self, store: Store, codes: CodeBook) -> None:
        self._store, self.codes = store, codes
        self.release = codes.release
        self.valid = lru_cache(_REMEMBERED)(self._valid)
        self.together = lru_cache(_REMEMBERED)(self._together)
        self.sides = lru_cache(_REMEMBERED)(self._sides)

    def entry(self, code: str) -> Entry | None:
        """The code (without dot) with the notes that hold for it; None where the release has none."""
        return entries(self.codes).entry(code)

    def _valid(self, code: str) -> tuple[Told, ...]:
        """What is wrong with a code for itself: unknown, deleted, not yet in force, not whole."""
        coded = Coded(diagnoses=(code,), on=self.codes.on)
        found = validity.check(Context(coded, (code,), self.codes))
        return tuple(_told(validity.dated(each, coded, self._store)) for each in found if _counts(each))

    def _together(self, codes: tuple[str, ...], setting: Setting) -> tuple[Told, ...]:
        """What is wrong with codes in their sequence: exclusions, instructions, guidelines. Unread notes are no fault.

        Age and sex are not asked here: they are the patient's, not the codes'.
        """
        context = Context(Coded(diagnoses=codes, on=self.codes.on, setting=setting), codes, self.codes)
        checks = (excludes.check, sequence.check, *guidelines.FAMILIES)
        return tuple(_told(each) for check in checks for each in check(context) if _counts(each))

    def _sides(self, code: str) -> tuple[str, ...]:
        """The codes for the sides of a condition that this code leaves open; () where it names one or has none."""
        found = self.codes.code(code)
        if found is None or not found.billable or "unspecified" not in found.title.lower():
            return ()
        facts = Facts(Context(Coded(diagnoses=(code,), on=self.codes.on), (code,), self.codes))
        for place in range(_SIDE_FROM, len(code)):
            if code[place] not in "09":
                continue
            right, left = sibling(facts, code, place, "1", "right"), sibling(facts, code, place, "2", "left")
            if right and left:
                both = with_character(code, place, "3")
                bilateral = sibling(facts, code, place, "3", "bilateral")
                return (right, left, both) if bilateral else (right, left)
        return ()


def _counts(found: Finding) -> bool:
    return found.severity is not Severity.NOT_CHECKED


def _told(found: Finding) -> Told:
    return Told(
        found.rule.removeprefix(_PREFIX), found.severity, found.where.position or 1, found.message, found.why,
        found.fix, found.source,
    )  # fmt: skip


class Books:
    """ICD-10-CM by the day: `on(day)` gives the book of the release in force, None where there is none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: dict[tuple[str, str], Book] = {}
        self.on = lru_cache(16_384)(self._on)

    def _on(self, day: date) -> Book | None:
        codes, notes = self._store.in_force(schema.CODES, day), self._store.nearest(schema.TABULAR, day)
        if codes is None or notes is None:
            return None
        key = codes.release.name, notes.opened.release.name
        made = self._made.get(key)
        if made is None:
            # One book for all days of a release: the first day on which both the codes and the notes hold.
            first = max(codes.release.effective, min(notes.opened.release.effective, day))
            made = self._made[key] = Book(self._store, book(self._store, first))
        return made
