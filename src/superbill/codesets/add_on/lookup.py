"""Add-on code edits by code and day: beside which primary codes an add-on code may stand."""

from datetime import date
from functools import cached_property
from typing import Literal

from msgspec import Struct

from superbill.codesets.add_on.importer import CONTRACTOR, SYSTEM
from superbill.codesets.release import Release
from superbill.codesets.store import Opened, Store

Kind = Literal[1, 2, 3]


class AddOn(Struct, frozen=True):
    """An add-on code on a day.

    `kind` 1: only the `primaries` will do; 2: each contractor defines them; 3: the `primaries`, and what a contractor
    adds. `by_contractor` says that the table leaves primaries to the contractor, whatever the kind. `instructions` in
    CMS's words.
    """

    code: str
    kind: Kind
    primaries: frozenset[str]
    by_contractor: bool
    instructions: tuple[str, ...]


class _Edit(Struct, frozen=True, gc=False):
    primary: str
    kind: Kind
    first: date
    last: date | None
    instruction: str


class AddOnTable:
    """The add-on codes of every release that is in the store. Answers come from memory once asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._days: dict[date, Opened | None] = {}
        self._edits: dict[str, dict[str, tuple[_Edit, ...]]] = {}
        self._known: dict[tuple[str, date], AddOn | None] = {}

    def release(self, on: date) -> Release | None:
        """The release that tells of the day: the one in force, else, as edits have their days, the oldest after it."""
        opened = self._on(on)
        return None if opened is None else opened.release

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code that is, or was, an add-on code in any release."""
        opened = (self._store.opened(release) for release in self._store.releases(SYSTEM))
        return frozenset(code for each in opened for code in self._of(each))

    def add_on(self, code: str, on: date) -> AddOn | None:
        """The add-on code as it stands on the day (of service); None for what is no add-on code then."""
        try:
            return self._known[code, on]
        except KeyError:
            found = self._find(code, on)
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[code, on] = found
            return found

    def _find(self, code: str, on: date) -> AddOn | None:
        opened = self._on(on)
        if opened is None:
            return None
        held: dict[str, _Edit] = {}
        for edit in self._of(opened).get(code, ()):  # oldest first: the newer takes the place of one that ends that day
            if edit.first <= on and (edit.last is None or on <= edit.last):
                held[edit.primary] = edit
        if not held:
            return None
        primaries = frozenset(held) - {CONTRACTOR}
        kinds = sorted({edit.kind for edit in held.values()}, reverse=True)
        return AddOn(
            code=code, kind=kinds[0], primaries=primaries, by_contractor=CONTRACTOR in held,
            instructions=tuple(sorted({edit.instruction for edit in held.values() if edit.instruction})),
        )  # fmt: skip

    def _of(self, opened: Opened) -> dict[str, tuple[_Edit, ...]]:
        """All edits of a release by add-on code, read at once: some thousands."""
        name = opened.release.name
        if name not in self._edits:
            edits: dict[str, list[_Edit]] = {}
            query = 'SELECT code, "primary", kind, first, last, instruction FROM addon ORDER BY code, "primary", first'
            for code, primary, kind, first, last, instruction in opened.connection.execute(query):
                ends = None if last is None else date.fromisoformat(last)
                edits.setdefault(code, []).append(_Edit(primary, kind, date.fromisoformat(first), ends, instruction))
            self._edits[name] = {code: tuple(found) for code, found in edits.items()}
        return self._edits[name]

    def _on(self, on: date) -> Opened | None:
        try:
            return self._days[on]
        except KeyError:
            opened = self._store.in_force(SYSTEM, on)
            if opened is None:
                later = self._store.nearest(SYSTEM, on)
                opened = later.opened if later is not None else None
            self._days[on] = opened
            return opened
