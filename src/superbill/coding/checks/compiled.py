"""The instructions that hold for a code, made ready once: sets of the beginnings of the codes that they name.

A code meets an instruction when one of its beginnings ("E11", "E116", "E1162" …) is in the set. Ranges are written
out against the codes of the book, so that the check itself never compares.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Literal
from weakref import WeakKeyDictionary, ref

from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.instructions import Instruction, Wish, instructions
from superbill.codesets.icd10cm.lookup import Code, CodeBook
from superbill.codesets.icd10cm.targets import Target, fits

NAMES = {
    schema.EXCLUDES1: "Excludes1",
    schema.EXCLUDES2: "Excludes2",
    schema.CODE_FIRST: "Code first",
    schema.USE_ADDITIONAL: "Use additional",
    schema.CODE_ALSO: "Code also",
}
# Guideline I.A.13: a manifestation code has these words in its title.
_MANIFESTATION = re.compile(r"\bin\b.*\bclassified elsewhere\b")
_SIDE = re.compile(r"\b(right|left)\b", re.IGNORECASE)
_RESIDUAL = re.compile(r"^Other\b|\bother specified\b|not elsewhere classified", re.IGNORECASE)
CONDITIONS = (Target("A00", "T88"), Target("U07", "U09"))
"""Diseases, signs and injuries: what an underlying condition can be."""
_MOST = 20_000
_LONGEST = 7
_LONG = 400


class Named(Struct, frozen=True):
    """The codes that targets name: `plain` beginnings, and `narrowed` ones with a condition on other characters."""

    plain: frozenset[str]
    narrowed: tuple[tuple[frozenset[str], str], ...] = ()

    def names(self, beginnings: tuple[str, ...]) -> bool:
        """Whether they name the code with these beginnings, the last of which is the code itself."""
        if not self.plain.isdisjoint(beginnings):
            return True
        return any(
            not keys.isdisjoint(beginnings) and fits(characters, beginnings[-1]) for keys, characters in self.narrowed
        )

    def __bool__(self) -> bool:
        return bool(self.plain or self.narrowed)

    @property
    def keys(self) -> frozenset[str]:
        """All beginnings, narrowed or not."""
        return self.plain.union(*(keys for keys, _ in self.narrowed))


class Rule(Struct, frozen=True, kw_only=True, dict=True):
    """An instruction of the Tabular List, ready to be checked.

    `named`: codes that meet it; `roughly`: codes among which the one meant stands; `words`: the items in words alone.
    """

    kind: str
    node: str
    text: str
    wish: Wish
    open: bool
    named: Named
    roughly: Named
    words: tuple[str, ...]
    codes: str
    scope: tuple[Target, ...]
    version: str

    @property
    def optional(self) -> bool:
        """Whether it asks for what may not be there."""
        return self.wish != "always"

    @property
    def general(self) -> bool:
        """Whether it stands at a whole chapter or block."""
        return self.node.isdigit() or "-" in self.node

    @cached_property
    def place(self) -> str:
        """Where it stands: "Excludes1 at E11", "Code first at chapter 19"."""
        chapter = "chapter " if self.node.isdigit() else ""
        node = self.node if chapter or "-" in self.node else schema.dotted(self.node)
        return f"{NAMES[self.kind]} at {chapter}{node}"

    @cached_property
    def source(self) -> str:
        """How a finding cites it."""
        return f"ICD-10-CM Tabular List {self.version}, {self.place}"

    @cached_property
    def cited(self) -> str:
        """Its place and its text, a long list cut."""
        text = f"{self.place}: {self.text}"
        return f"{text[:_LONG]}…" if len(text) > _LONG else f"{text.rstrip('.')}."

    @cached_property
    def asked(self) -> str:
        """The codes that meet it, or its words where they say more than the codes."""
        if self.words or self.roughly or self.named.narrowed:
            return f"the code for: {self.text[:_LONG].rstrip('.')}"
        return f"one of {self.codes}" if "," in self.codes or "-" in self.codes else self.codes


class Entry(Struct, frozen=True, kw_only=True, dict=True):
    """A code of the book with the instructions that hold for it, innermost first."""

    code: Code
    beginnings: tuple[str, ...]
    chapter: str
    block: str
    side: Literal["right", "left", ""]
    residual: bool
    manifestation: bool
    excludes: tuple[Rule, ...]
    beside: tuple[Rule, ...]
    first: tuple[Rule, ...]
    additional: tuple[Rule, ...]
    also: tuple[Rule, ...]

    @cached_property
    def plain(self) -> str:
        """The code without its dot."""
        return self.beginnings[-1]

    @cached_property
    def asks(self) -> frozenset[str]:
        """The beginnings of every code that a note for this code may ask for."""
        return frozenset().union(*(rule.named.keys for rule in (*self.first, *self.additional, *self.also)))

    @cached_property
    def excluded(self) -> frozenset[str]:
        """The beginnings of every code that an Excludes1 note for this code may name."""
        return frozenset().union(*(rule.named.keys | rule.roughly.keys for rule in self.excludes))

    @cached_property
    def in_words(self) -> tuple[Rule, ...]:
        """Excludes1 notes in words alone."""
        return tuple(rule for rule in self.excludes if rule.words)

    @cached_property
    def condition(self) -> bool:
        """Whether it is a disease, sign or injury that can underlie another."""
        return not self.manifestation and any(each.covers(self.plain) for each in CONDITIONS)


class Entries:
    """The entries of one book, kept once made; at most so many, then it begins anew."""

    def __init__(self, book: CodeBook) -> None:
        self._book = ref(book)  # whoever asks holds it; held here, it would never be let go
        self._version = book.notes_release.version
        self._file = book.codes_file
        self._entries: dict[str, Entry | None] = {}
        self._rules: dict[str, tuple[Rule, ...]] = {}
        self._ranges: dict[tuple[str, str], frozenset[str]] = {}
        rows = self._file.execute("SELECT code FROM code WHERE length(code) = 3 ORDER BY code")
        self._categories = [code for (code,) in rows]

    def entry(self, plain: str) -> Entry | None:
        """The entry of a code without its dot; None when the book has no such code."""
        if len(plain) > _LONGEST:  # whatever was typed is not to be remembered
            return None
        try:
            return self._entries[plain]
        except KeyError:
            if len(self._entries) >= _MOST:
                self._entries.clear()
            return self._entries.setdefault(plain, self._made(plain))

    def _made(self, plain: str) -> Entry | None:
        book = self._book()
        code = None if book is None else book.code(plain)
        if book is None or code is None:
            return None
        above = book.above(plain)
        beginnings = tuple(plain[:length] for length in range(3, len(plain) + 1))
        kinds: dict[str, list[Rule]] = {kind: [] for kind in NAMES}
        for rule in (rule for node in above for rule in self._at(book, node)):
            # A note that names the very code it stands over doesn't speak of it.
            if not rule.named.names(beginnings) and (not rule.scope or any(each.matches(plain) for each in rule.scope)):
                kinds[rule.kind].append(rule)
        side = _SIDE.search(code.title)
        return Entry(
            code=code,
            beginnings=beginnings,
            chapter=above[-1] if above else "",
            block=above[-2] if len(above) > 1 else "",
            side="" if side is None else "right" if side[1].lower() == "right" else "left",
            residual=bool(_RESIDUAL.search(code.title)),
            manifestation=bool(_MANIFESTATION.search(code.title)),
            excludes=tuple(kinds[schema.EXCLUDES1]),
            beside=tuple(kinds[schema.EXCLUDES2]),
            first=tuple(kinds[schema.CODE_FIRST]),
            additional=tuple(kinds[schema.USE_ADDITIONAL]),
            also=tuple(kinds[schema.CODE_ALSO]),
        )

    def _at(self, book: CodeBook, node: str) -> tuple[Rule, ...]:
        found = self._rules.get(node)
        if found is None:
            notes = book.notes(node)
            found = tuple(self._rule(each) for each in instructions(notes)) if notes else ()
            self._rules[node] = found
        return found

    def _rule(self, instruction: Instruction) -> Rule:
        items = instruction.items
        return Rule(
            kind=instruction.kind,
            node=instruction.node,
            text=instruction.text,
            wish=instruction.wish,
            open=instruction.open,
            named=self.named([target for item in items for target in item.targets if target.proves]),
            roughly=self.named([target for item in items for target in item.targets if not target.proves]),
            words=tuple(item.text for item in items if item.reading == "words only"),
            codes=", ".join(dict.fromkeys(_written(target) for item in items for target in item.targets)),
            scope=instruction.scope,
            version=self._version,
        )

    def named(self, targets: Iterable[Target]) -> Named:
        """The codes of the book that the targets name."""
        plain: set[str] = set()
        narrowed: list[tuple[frozenset[str], str]] = []
        for target in targets:
            keys = self._expanded(target.first, target.last)
            characters = target.characters.removesuffix("?")
            if characters:
                narrowed.append((keys, characters))
            else:
                plain |= keys
        return Named(frozenset(plain), tuple(narrowed))

    def _expanded(self, first: str, last: str) -> frozenset[str]:
        """The beginnings of exactly the codes from first to last."""
        found = self._ranges.get((first, last))
        if found is None:
            found = self._ranges[first, last] = frozenset(self._written_out(first, last))
        return found

    def _written_out(self, first: str, last: str) -> set[str]:
        if first == last:
            return {first}
        low, high = first[:3], last[:3]
        whole = {each for each in self._categories if low <= each <= high}
        partly = ({low} if low != first else set()) | ({high} if high != last else set())
        target = Target(first, last)
        for category in partly:
            whole.discard(category)
            long = max(len(first) if category == low else 3, len(last) if category == high else 3)
            # Shortest first, so that a code stands for all under it; one shorter than the bounds only for itself.
            rows = self._file.execute(
                "SELECT code, billable FROM code WHERE code > ? AND code < ? ORDER BY length(code), code",
                (category, category + "["),
            )
            for code, billable in rows:
                above = (code[:length] for length in range(4, len(code)))
                if (len(code) >= long or billable) and target.covers(code) and whole.isdisjoint(above):
                    whole.add(code)
        return whole


def _written(target: Target) -> str:
    """A target as the book writes it."""
    first, last = schema.dotted(target.first), schema.dotted(target.last)
    return first if first == last else f"{first}-{last}"


_known: WeakKeyDictionary[CodeBook, Entries] = WeakKeyDictionary()


def entries(book: CodeBook) -> Entries:
    """The entries of the book; the same for the same book as long as it lives."""
    found = _known.get(book)
    if found is None:
        found = _known[book] = Entries(book)
    return found
