"""The encoder's search: what a clinician or coder types, answered with codes of the day, best first."""

import re
from collections.abc import Callable
from datetime import date

from msgspec import Struct

from superbill.codesets import sqlite_file
from superbill.codesets.icd10cm import schema as icd10cm
from superbill.codesets.search import gather, query, rank, schema
from superbill.codesets.search.index import Index
from superbill.codesets.search.prepare import Parts, prepared
from superbill.codesets.search.words import hashed, title
from superbill.codesets.store import Store

_LONGEST = 400


class Hit(Struct, frozen=True):
    """One answer: the code as people write it, its title, whether it may be billed, how well it fits (about 0 to 1;
    above 1 for a code or title typed exactly), and what matched, for the screen."""

    code: str
    title: str
    billable: bool
    score: float
    because: tuple[str, ...]


class Search:
    """The search in the codes of one system in force on a day. Asks a file: little is kept in memory."""

    def __init__(
        self, store: Store, on: date, system: str = icd10cm.CODES, say: Callable[[str], None] = lambda _: None
    ) -> None:
        """Makes the search file on the first use of a new release or lexicon, within seconds; `say` hears of it.

        Raises Refused when the store has no release of the system, systems.UnknownSystem for what is no system,
        OSError when its folder can't be written to.
        """
        parts = Parts(store, on, system)
        self.on = on
        self.exact = parts.exact
        self.release = parts.codes.release
        self._store = store
        self._system = parts.book.system
        self._shape = re.compile(parts.book.shape, re.IGNORECASE | re.ASCII)
        self._dotted = icd10cm.dotted if self._system == icd10cm.CODES else str
        self._index = Index(sqlite_file.connect(prepared(parts, say)))
        self._by_day = parts.book.rows is not None
        self._codes = self._index.connection if self._by_day else parts.codes.connection

    @property
    def name(self) -> str:
        """What is searched."""
        return self.release.name

    def find(
        self, text: str, *, limit: int = 10, billable: bool | None = None, chapter: str | None = None,
        under: str | None = None,
    ) -> list[Hit]:  # fmt: skip
        """The codes that best answer what was typed, best first; [] when nothing comes near.

        Any text is a question: half a word, a code with or without its dot, a title, an abbreviation. `billable`:
        only codes that can (or, False, can't) be billed. `chapter`: "9". `under`: a block ("I20-I25") or a code.
        """
        text = text[:_LONGEST].strip("\n\r\t\v\f\x00")
        wanted = self._wanted(billable, chapter, under)
        if limit < 1 or wanted is None or not text.strip():
            return []
        found: dict[str, tuple[float, tuple[str, ...]]] = {}
        listed = self._by_code(text.strip())
        for code in self._allowed(listed, wanted)[:limit]:
            found.setdefault(code, (2.0 - 0.01 * len(found), ("code",)))
        for code in self._by_title(text, wanted):
            found.setdefault(code, (1.5 - 0.01 * len(found), ("title",)))
        if len(found) < limit and not (listed and len(text.strip()) > 3):
            for code, score, because in self._by_words(text, wanted, 4 * limit if self._by_day else limit):
                found.setdefault(code, (score, because))
        return self._on_the_day(found, limit, billable) if self._by_day else self._hits(found, limit)

    def _wanted(self, billable: bool | None, chapter: str | None, under: str | None) -> gather.Wanted | None:
        """The documents asked for; None when there are none."""
        first, last = 0, 1 << 31
        for name in (chapter, icd10cm.undotted(under) if under else None):
            if name:
                area = self._index.area(name)
                if area is None:
                    return None
                first, last = max(first, area[0]), min(last, area[1])
        return gather.Wanted(first, last, None if self._by_day else billable)  # the day decides last

    def _by_code(self, text: str) -> list[str]:
        """The code typed, then those under it. The letter O is taken for a zero where that makes a code."""
        if not self._shape.fullmatch(text):
            return []
        plain = icd10cm.undotted(text).replace("-", "")
        starts = [plain, plain[0] + plain[1:].replace("O", "0"), plain.replace("O", "0")]
        if self._by_day:
            from superbill.codesets.systems import named

            starts.append(named(self._system).key(text))
        for start in starts:
            rows = self._codes.execute(
                "SELECT code FROM code WHERE code >= ? AND code < ? ORDER BY length(code), ord LIMIT 400",
                (start, start + "\x7f"),
            ).fetchall()
            if rows:
                return [row[0] for row in rows]
        return []

    def _by_title(self, text: str, wanted: gather.Wanted) -> list[str]:
        """The codes of this very title; before a heading the code that is meant when nothing more is said."""
        said = title(text)
        codes = [code for code in self._index.titled(hashed(said)) if title(self._title(code)) == said]
        if codes and wanted.billable is None and not self._billable(codes[0]):
            number = self._index.number(codes[0])
            leads = self._index.leads(number) if number is not None else None
            codes = [leads, *codes] if leads else codes
        return self._allowed(codes, wanted)

    def _title(self, code: str) -> str:
        row = self._codes.execute("SELECT title FROM code WHERE code = ?", (code,)).fetchone()
        return str(row[0]) if row else ""

    def _billable(self, code: str) -> bool:
        row = self._codes.execute("SELECT billable FROM code WHERE code = ?", (code,)).fetchone()
        return bool(row and row[0])

    def _allowed(self, codes: list[str], wanted: gather.Wanted) -> list[str]:
        if not codes or (wanted.first == 0 and wanted.last >= 1 << 31 and wanted.billable is None):
            return codes
        marks = ",".join("?" * len(codes))
        billable = dict(
            self._codes.execute(f"SELECT code, billable FROM code WHERE code IN ({marks})", codes)  # noqa: S608 - marks
        )
        kept = []
        for code in codes:
            if wanted.billable is not None and bool(billable[code]) != wanted.billable:
                continue
            number = self._index.number(code)
            if number is not None and wanted.first <= number <= wanted.last:
                kept.append(code)
        return kept

    def _by_words(self, text: str, wanted: gather.Wanted, limit: int) -> list[tuple[str, float, tuple[str, ...]]]:
        asked = query.read(text, self._index)
        if not asked.slots:
            return []
        rows = []
        for scored in rank.ranked(asked, self._index, wanted, limit + 5):
            code = scored.document.code
            if scored.character and wanted.billable is not False:
                code = code.ljust(6, "X") + scored.character
            kind, place = scored.phrase
            why = schema.KINDS[kind]
            if place:
                why = f"{why}: {self._index.text(scored.document.number, place)}"
            rows.append((code, round(scored.score, 4), (why, *scored.notes)))
        return rows

    def _hits(self, found: dict[str, tuple[float, tuple[str, ...]]], limit: int) -> list[Hit]:
        best = sorted(found, key=lambda code: -found[code][0])[:limit]
        marks = ",".join("?" * len(best))
        known = {
            code: (title, billable)
            for code, title, billable in self._codes.execute(
                f"SELECT code, title, billable FROM code WHERE code IN ({marks})",  # noqa: S608 - marks
                best,
            )
        }
        return [Hit(self._dotted(code), known[code][0], bool(known[code][1]), *found[code]) for code in best]

    def _on_the_day(
        self, found: dict[str, tuple[float, tuple[str, ...]]], limit: int, billable: bool | None
    ) -> list[Hit]:
        """The hits as their system has them on the day. What may or may not be in use then is taken for in use."""
        from superbill.codesets.systems import look_up

        hits: list[Hit] = []
        for code in sorted(found, key=lambda code: -found[code][0]):
            known = look_up(self._store, self._system, code, self.on)
            if known is None:
                continue
            in_use = known.billable is not False
            if billable is None or in_use == billable:
                hits.append(Hit(known.code, known.title, in_use, *found[code]))
            if len(hits) == limit:
                break
        return hits
