"""Builds codes axis by axis: only values of the tables of the day, and a question where the note leaves several.

ICD-10-PCS Official Guidelines FY2026: A11 (the coder finds the PCS equivalent of what is documented), B3.2 (multiple
procedures), B4.3 (bilateral body parts), B5.2 (open and percutaneous endoscopic approach), B6.1a (a device is coded
when it remains).
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct

from superbill.codesets.icd10pcs.lookup import PcsBook
from superbill.coding.inpatient.scope import Scope, Span
from superbill.coding.inpatient.tables import Part, Pattern, characters, group, part, parts
from superbill.coding.suggest.model import Step

GUIDELINES = "ICD-10-PCS Official Guidelines FY2026"
_DURATIONS = "hours"
_SOURCES = {"Approach": f"{GUIDELINES} B5", "Device": f"{GUIDELINES} B6.1a", "Body Part": f"{GUIDELINES} B4"}


class Way(Struct, frozen=True):
    """A code on its way: the characters so far, the spans that led to them, and the steps."""

    prefix: str
    spans: tuple[Span, ...] = ()
    steps: tuple[Step, ...] = ()

    def on(self, character: str, spans: Iterable[Span] = (), step: Step | None = None) -> "Way":
        return Way(self.prefix + character, (*self.spans, *spans), self.steps if step is None else (*self.steps, step))


class Asked(Struct, frozen=True):
    """An axis that the note leaves open: its name, what the tables offer there, and how far the code is."""

    axis: str
    choices: tuple[str, ...]
    way: Way

    @property
    def prefix(self) -> str:
        return self.way.prefix


class Told(Struct, frozen=True):
    """What is known of one axis: the characters it may have, where that is said, and what stands when it isn't."""

    characters: str = ""
    spans: tuple[Span, ...] = ()
    words: str = ""
    default: str = ""


def built(pattern: Pattern, scope: Scope, book: PcsBook, hours: Told) -> Iterator[Way | Asked]:
    """The codes of a pattern, each as a way of seven characters, or what has to be asked to get them."""
    builder = _Builder(pattern, scope, book, hours)
    for found in builder.parts():
        yield found if isinstance(found, Asked) else builder.rest(found)


class _Builder(Struct, frozen=True, eq=False):
    """One pattern in one scope. `hours` is what is known of the duration of ventilation."""

    pattern: Pattern
    scope: Scope
    book: PcsBook
    hours: Told

    def rest(self, way: Way) -> Way | Asked:
        """Approach, device and qualifier, one after the other."""
        for column in (self.pattern.approach, self.pattern.device, self.pattern.qualifier):
            options = self.following(way.prefix)
            told = self.told(column)
            chosen = [each for each in options if each in told.characters]
            if not chosen:
                chosen = [each for each in options if each in told.default]
            if not chosen and len(options) == 1:
                chosen = options
            if len(chosen) != 1:
                return self.asked(way, chosen or options)
            way = way.on(chosen[0], told.spans, self.step(way.prefix, chosen[0], told))
        return way

    def parts(self) -> Iterator[Way | Asked]:
        """The body parts, a way for each (B3.2a, B4.3)."""
        starts = [Way(system + operation) for system in self.pattern.systems for operation in self.pattern.operation]
        starts = [way for way in starts if self.following(way.prefix)]
        column = self.pattern.part
        if not starts:
            return
        if column.startswith("?"):
            yield self._value(starts[0], column)
        elif column.startswith("@"):
            yield from self._named(starts, column[1:])
        else:
            yield from self._sided(starts[0], part(column), ())

    def _value(self, way: Way, column: str) -> Way | Asked:
        """A fourth character that is no part of the body: a vein that is given into, a duration."""
        told = self.told(column)
        options = [each for each in self.following(way.prefix) if each in characters(column[1:].partition("=")[0])]
        chosen = [each for each in options if each in (told.characters or told.default)]
        if len(chosen) != 1:
            return self.asked(way, chosen or options)
        return way.on(chosen[0], told.spans, self.step(way.prefix, chosen[0], told))

    def _named(self, starts: list[Way], column: str) -> Iterator[Way | Asked]:
        """The parts that the note names."""
        name, _, default = column.partition("=")
        found = [
            each
            for way in starts
            for span, one in self._said_parts(name or way.prefix[:2])
            for each in self._sided(way, one, (span,))
        ]
        yield from found
        if not found and default:
            yield from self._sided(starts[0], part(default), ())
        elif not found:
            known = characters(name or starts[0].prefix[:2])
            yield self.asked(starts[0], [each for each in self.following(starts[0].prefix) if each in known])

    def _said_parts(self, name: str) -> list[tuple[Span, Part]]:
        """Every part that the nearest text names, each value once; of the other text only the one that it names."""
        for spans, several in (
            ((self.scope.own,), True),
            ((self.scope.sentence,), True),
            (self.scope.elsewhere, False),
        ):
            found: dict[str, tuple[Span, Part]] = {}
            for start, end in spans:
                for hit in self.scope.found(parts(name), start, end):
                    found.setdefault(hit.value.right + hit.value.left, ((hit.start, hit.end), hit.value))
            if found and (several or len(found) == 1):
                return list(found.values())
        return []

    def _sided(self, way: Way, one: Part, spans: tuple[Span, ...]) -> Iterator[Way | Asked]:
        """A part with its side: the bilateral value where the table has one, else a code for each side (B4.3)."""
        options = self.following(way.prefix)
        if not one.sided:
            if one.right in options:
                yield way.on(one.right, spans, self.step(way.prefix, one.right, Told(spans=spans, words=one.name)))
            return
        said = self.scope.sides()
        both = said.both or (said.right if said.right and said.left else None)
        if both and one.both in options:
            yield way.on(one.both, (*spans, both), self._side(way.prefix, one.both))
            return
        wanted = ((one.right, said.right or said.both), (one.left, said.left or said.both))
        chosen = [(character, (span,)) for character, span in wanted if span and character in options]
        offered = [each for each in (one.right, one.left, one.both) if each in options]
        if not chosen and offered:
            yield self.asked(way, offered)
        for character, where in chosen:
            yield way.on(character, (*spans, *where), self._side(way.prefix, character))

    def told(self, column: str) -> Told:
        """What a column of the pattern knows: a character, one of several, or what the note says of a group."""
        if not column.startswith("?"):
            every = column.replace("|", "")
            return Told(characters=every[0], default=every)
        name, _, default = column[1:].partition("=")
        if name == _DURATIONS and self.hours.characters:
            return self.hours
        hits = self.scope.first(group(name))
        final = [hit for hit in hits if hit.value.endswith("!")] or hits
        if not final:
            return Told(default=default)
        characters = "".join(dict.fromkeys("".join(hit.value.strip("!") for hit in final)))
        spans = tuple((hit.start, hit.end) for hit in final[:2])
        said = " ".join(self.scope.text[final[0].start : final[0].end].split())
        return Told(characters, spans, said, default)

    def following(self, prefix: str) -> list[str]:
        """The characters that may come next in a code that has the fixed values of the pattern."""
        fixed = (self.pattern.approach, self.pattern.device, self.pattern.qualifier)
        at = len(prefix)
        return list(
            dict.fromkeys(code[at] for code in matching(self.book, prefix[:3], fixed) if code.startswith(prefix))
        )

    def asked(self, way: Way, options: list[str]) -> Asked:
        labels = tuple(filter(None, (label_of(self.book, way.prefix, each) for each in options)))
        return Asked(self.book.axis(way.prefix), labels, way)

    def step(self, prefix: str, character: str, told: Told) -> Step | None:
        """How an axis got its value; None where the operation's name or the table leaves no other."""
        if not told.spans:
            return None
        axis = self.book.axis(prefix)
        label = label_of(self.book, prefix, character)
        return Step(
            f"coding.pcs.{axis.lower().replace(' / ', '-').replace(' ', '-')}",
            f"{axis} {character}{f', {label}' if label else ''}: the note says {told.words!r}",
            _SOURCES.get(axis, f"{GUIDELINES} A11"),
        )

    def _side(self, prefix: str, character: str) -> Step:
        label = label_of(self.book, prefix, character)
        words = f"Body Part {character}, {label}: the side that the note says"
        return Step("coding.pcs.side", words, f"{GUIDELINES} B4.3")


def label_of(book: PcsBook, prefix: str, character: str) -> str:
    """What a value is called, "" where nothing tells."""
    label = next((each.label for each in book.values(prefix) if each.character == character), "")
    return "" if label == "the only value" else label


@lru_cache(maxsize=1024)
def codes(book: PcsBook, table: str) -> tuple[str, ...]:
    """The codes of a table of the day."""
    return tuple(each.code for each in book.complete(table))


@lru_cache(maxsize=1024)
def matching(book: PcsBook, table: str, fixed: tuple[str, str, str]) -> tuple[str, ...]:
    """The codes of a table whose last three characters are among those of a pattern's columns that are fixed."""
    wanted = [(at, column) for at, column in enumerate(fixed, 4) if not column.startswith("?")]
    return tuple(code for code in codes(book, table) if all(code[at] in column for at, column in wanted))
