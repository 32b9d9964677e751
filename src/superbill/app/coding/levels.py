"""The E/M level of a draft: what the note was read to say, with what the coder changed on the worksheet."""

from msgspec import Struct

from superbill.app.coding.draft import Counting
from superbill.coding.em import categories, grid, time
from superbill.coding.em.grid import Element
from superbill.coding.model import Evidence
from superbill.coding.suggest.model import Column, Complexity, Counted, Visits

POSSIBLE = "not counted"
_KINDS = {name: {words: kind for kind, (words, _) in table.items()} for name, table in grid.NAMES.items()}
_LEVEL_OF = {"problems": grid.problems, "data": grid.data, "risk": grid.risk}


class Item(Struct, frozen=True, kw_only=True):
    """One element of a column. `counts`: does it make the level now; `read`: did it as read; `why`: the coder's reason
    where that differs. `place` names it for a step."""

    place: str
    words: str
    level: Complexity
    note: str = ""
    evidence: Evidence | None = None
    counts: bool = True
    read: bool = True
    why: str = ""


class Part(Struct, frozen=True, kw_only=True):
    """One column of the worksheet; `more` are the elements that may be added, by their step's value."""

    name: str
    level: Complexity
    read: Complexity
    items: tuple[Item, ...]
    missing: str
    more: tuple[tuple[str, str], ...]


class Sheet(Struct, frozen=True, kw_only=True):
    """The worksheet: columns, the level of decision making, what time would give, and the code."""

    parts: tuple[Part, ...]
    mdm: Complexity
    code: str
    basis: str
    patient: str
    minutes: int | None
    by_mdm: str
    by_time: str
    ladder: tuple[tuple[str, str], ...]


def levelled(em: Visits, counting: Counting) -> Sheet:
    """The worksheet as it stands. Without a change of the coder's the levels are those that were read."""
    parts = tuple(_part(name, getattr(em, name), counting) for name in _LEVEL_OF)
    mdm = grid.decision(parts[0].level, parts[1].level, parts[2].level) if counting.changed else em.mdm
    patient = counting.patient or em.patient or "established"
    minutes = counting.minutes if counting.minutes is not None else em.minutes
    family = _family(em)
    if family is None or not counting.changed:
        by_mdm = family.code(patient, mdm) if family else ""
        timed = time.level(family, patient, minutes) if family and minutes is not None else None
        return _sheet(em, parts, mdm, em.code, em.basis, patient, minutes, by_mdm, timed)
    by_mdm = family.code(patient, mdm)
    timed = time.level(family, patient, minutes) if minutes is not None else None
    by_time = family.code(patient, timed) if timed else ""
    code, basis = (by_time, "time") if by_time > by_mdm else (by_mdm, "mdm")
    return _sheet(em, parts, mdm, code if em.code else "", basis, patient, minutes, by_mdm, timed)


def _sheet(
    em: Visits, parts: tuple[Part, ...], mdm: Complexity, code: str, basis: str, patient: str, minutes: int | None,
    by_mdm: str, timed: Complexity | None,
) -> Sheet:  # fmt: skip
    family = _family(em)
    series = family.series(patient) if family else None
    needs = series.minutes if series and series.minutes else ("", "", "", "")
    ladder = tuple(
        (each, f"{level}; {least} minutes" if least else level)
        for each, level, least in zip(series.codes, grid.LEVELS, needs, strict=True)
    ) if series else ()  # fmt: skip
    by_time = family.code(patient, timed) if family and timed else ""
    return Sheet(
        parts=parts, mdm=mdm, code=code, basis=basis, patient=patient, minutes=minutes, by_mdm=by_mdm, by_time=by_time,
        ladder=ladder,
    )  # fmt: skip


def _family(em: Visits) -> categories.Family | None:
    try:
        return categories.newest(em.family)
    except KeyError:
        return None


def _part(name: str, column: Column, counting: Counting) -> Part:
    items = [_item(name, place, each, counting) for place, each in enumerate(column.counted)]
    table = grid.NAMES[name]
    for value, why in counting.added.items():
        of, _, kind = value.partition(":")
        if of == name and kind in table:
            words, level = table[kind]
            items.append(Item(place=value, words=words, level=level, read=False, why=why))
    level = _recounted(name, items) if counting.changed else column.level
    missing = column.missing if level == column.level else grid.MISSING.get((name, level), "")
    more = tuple((f"{name}:{kind}", words) for kind, (words, _) in table.items())
    return Part(name=name, level=level, read=column.level, items=tuple(items), missing=missing, more=more)


def _item(name: str, place: int, each: Counted, counting: Counting) -> Item:
    key = f"{name}:{place}"
    read = not each.note.endswith(POSSIBLE)
    counts = key in counting.counted if not read else key not in counting.left_out
    why = counting.left_out.get(key) or counting.counted.get(key) or ""
    return Item(
        place=key, words=each.element, level=each.level, note=each.note, evidence=each.evidence,
        counts=counts, read=read, why=why,
    )  # fmt: skip


def _recounted(name: str, items: list[Item]) -> Complexity:
    """The column's level by what counts now. What stands on the same words is one problem seen in two ways."""
    elements = [
        Element(
            _KINDS[name].get(each.words, next(iter(grid.NAMES[name]))), 0, 0,
            unique=str(each.evidence.start) if each.evidence else each.place,
        )
        for each in items
        if each.counts
    ]  # fmt: skip
    return _LEVEL_OF[name](elements)
