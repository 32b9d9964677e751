"""What a coder asks of one code: how it came about, what stands beside it, where it comes from and leads to."""

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.codesets.icd10cm import conversion, schema
from superbill.codesets.icd10cm.lookup import Code, CodeBook
from superbill.codesets.store import Store

_SIDE = re.compile(r"\b(right|left|bilateral|unspecified)\b( side)?", re.IGNORECASE)


class Spell(Struct, frozen=True):
    """How a code stood from one release on: `state` is billable, header or absent. `until` None: to the newest."""

    release: str
    effective: date
    until: date | None
    state: str
    title: str


class Siblings(Struct, frozen=True):
    """Codes beside a code: by side, by encounter (seventh character), and by what else its parent distinguishes."""

    laterality: tuple[Code, ...]
    encounter: tuple[Code, ...]
    specificity: tuple[Code, ...]


class Converted(Struct, frozen=True):
    """A row of the conversion table: from `effective` on `code` says what `previous` said; `together` with others."""

    code: str
    effective: date
    previous: str
    together: bool


def history(store: Store, code: str) -> tuple[Spell, ...]:
    """The code through every release of the store, oldest first; releases that say the same are one spell."""
    plain = schema.undotted(code)
    spells: list[Spell] = []
    for release in store.releases(schema.CODES):
        row = (
            store.opened(release)
            .connection.execute("SELECT billable, title FROM code WHERE code = ?", (plain,))
            .fetchone()
        )
        state = "absent" if row is None else "billable" if row[0] else "header"
        title = row[1] if row else ""
        last = spells[-1] if spells else None
        if last is not None and (last.state, last.title) == (state, title) and _touch(last.until, release.effective):
            spells[-1] = Spell(last.release, last.effective, release.until, state, title)
            continue
        if last is not None and (last.until is None or last.until >= release.effective):
            before = date.fromordinal(release.effective.toordinal() - 1)
            spells[-1] = Spell(last.release, last.effective, before, last.state, last.title)
        spells.append(Spell(release.name, release.effective, release.until, state, title))
    return tuple(spells)


def _touch(until: date | None, effective: date) -> bool:
    return until is None or until.toordinal() + 1 >= effective.toordinal()


def conversions(store: Store, code: str, on: date) -> tuple[Converted, ...]:
    """Rows of the conversion table that name the code on either side; () without the table."""
    answer = store.nearest(conversion.SYSTEM, on)
    if answer is None:
        return ()
    plain = schema.undotted(code)
    rows = answer.opened.connection.execute(
        "SELECT code, effective, previous, together FROM conversion WHERE code = ? OR previous = ? ORDER BY 2, 1, 3",
        (plain, plain),
    )
    return tuple(
        Converted(schema.dotted(new), date.fromisoformat(day), schema.dotted(old), bool(together))
        for new, day, old, together in rows
    )


def siblings(book: CodeBook, code: str) -> Siblings:
    """The codes that differ from this one in side, in encounter, or in what their parent distinguishes."""
    found = book.code(code)
    if found is None:
        return Siblings((), (), ())
    plain = schema.undotted(found.code)
    encounter = book.under(found.parent) if len(plain) == 7 and plain[6].isalpha() else ()
    stem = book.code(found.parent) if encounter else found
    assert stem is not None, "a code's parent is a code of the same release"
    beside = book.under(stem.parent) if stem.parent else ()
    sides = tuple(each for each in _around(book, stem, beside) if _sideless(each.title) == _sideless(stem.title))
    rest = tuple(each for each in beside if each not in sides)
    return Siblings(tuple(_same_end(book, plain, sides)) if len(sides) > 1 else (), encounter, rest)


def _around(book: CodeBook, stem: Code, beside: tuple[Code, ...]) -> Iterator[Code]:
    """The codes beside, and the cousins: a side may be told one level above."""
    yield from beside
    parent = book.code(stem.parent) if stem.parent else None
    for aunt in book.under(parent.parent) if parent is not None and parent.parent else ():
        if aunt.code != stem.parent:
            yield from book.under(aunt.code)


def _same_end(book: CodeBook, plain: str, sides: tuple[Code, ...]) -> Iterator[Code]:
    """The other sides with the same seventh character, where the code has one."""
    for side in sides:
        stem = schema.undotted(side.code)
        ended = book.code(stem.ljust(6, "X") + plain[6]) if len(plain) == 7 and len(stem) < 7 else side
        yield ended or side


def _sideless(title: str) -> str:
    return " ".join(_SIDE.sub("", title).split()).casefold()


def from_snomed(code: str) -> tuple[tuple[str, str], ...]:
    """The SNOMED CT concepts of our crosswalk that lead to the ICD-10-CM code, as (concept, its name)."""
    wanted = schema.dotted(schema.undotted(code))
    return tuple(
        (snomed, found.display) for snomed, found in sorted(crosswalk.conditions().items()) if wanted in _leads(found)
    )


def _leads(found: crosswalk.ConditionMap) -> set[str]:
    """Every code to which a concept may lead."""
    choices = (*found.sides.values(), *found.trimesters.values(), *(code for _, code in found.when))
    return {found.code, *found.also, *choices}
