"""The X12 standard, the code sets, and the trading partners' rules as tables."""

import re
import sys
from collections.abc import Iterator, Sequence
from textwrap import fill

from tools.docs_tables import code, table

from superbill.x12.code_sets import SHAPES, standard
from superbill.x12.codec import Field, fields
from superbill.x12.codes import CODED
from superbill.x12.partners import PARTNERS
from superbill.x12.partners.rules import PartnerRule
from superbill.x12.segment_check import notes
from superbill.x12.standard import COMPOSITES, SEGMENTS, element
from superbill.x12.standard.base import Composite, Segment

_FAMILY = re.compile(r"[.:]")  # the title of a family is how its docstring begins
_WIDTH = 118
_NOTES = {
    "P": "together or not at all",
    "R": "at least one",
    "E": "at most one",
    "C": "the others, if the first is there",
    "L": "one of the others, if the first is there",
}
_PYTHON = {
    "money": "cents",
    "quantity": "Decimal",
    "count": "int",
    "day": "date",
    "when": "date, Period, datetime or str",
}


def segments() -> str:
    """Every segment, by the family that it is of."""
    parts, before = [], ""
    for id, cls in SEGMENTS.items():
        if cls.__module__ != before:
            before = cls.__module__
            parts.append(f"## {_FAMILY.split(_words(sys.modules[before].__doc__))[0]}\n")
        parts.append(_section(id, cls))
    return "\n".join(parts)


def composites() -> str:
    """Every composite."""
    return "\n".join(_section(id, cls, "##") for id, cls in COMPOSITES.items())


def _words(text: str | None) -> str:
    return " ".join((text or "").split())


def _section(id: str, cls: type[Segment] | type[Composite], heading: str = "###") -> str:
    rows = [
        (f"{id}{place:02}" if issubclass(cls, Segment) else str(place), field.name, *_data(number), _python(field))
        for place, (field, number) in enumerate(zip(fields(cls), cls.ELEMENTS.split(), strict=True), 1)
    ]
    said = "; ".join(
        f"{', '.join(f'{place:02}' for place in note.places)}: {_NOTES[note.kind]}" for note in notes(cls.NOTES)
    )
    told = f"\n\nSyntax notes: {said}." if said else ""
    return f"{heading} {id}\n\n{_words(cls.__doc__)}{told}\n\n```text\n{aligned(rows)}\n```\n"


def _python(field: Field) -> str:
    one = field.composite.__name__ if field.composite else "str"
    if field.kind is not None:
        one = _PYTHON[field.kind.name]
    return f"tuple of {one}" if field.repeats else one


def _data(number: str) -> tuple[str, str]:
    if number in COMPOSITES:
        return number, ""
    data = element(number)
    return number, type_of(data.kind, data.shortest, data.longest)


def type_of(kind: str, shortest: int, longest: int) -> str:
    """A type with its lengths: "AN 1–20", "ID 2"."""
    sizes = str(longest) if shortest == longest else f"{shortest}–{longest}"
    return kind if kind == "B" else f"{kind} {sizes}"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows in columns; what is too long for its line goes on below."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    indent = " " * (sum(widths) + 2 * len(widths))
    lines = []
    for row in rows:
        head = "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False))
        made = fill(row[-1], max(_WIDTH, len(indent) + 40), initial_indent=f"{head}  ", subsequent_indent=indent)
        lines.append((made or head).rstrip())
    return "\n".join(lines)


def code_sets() -> str:
    """Every code set: what is known of its codes, and where they stand."""
    rows = [(code(name), one.title, one.source, _judged(name), _places(name)) for name, one in standard().sets.items()]
    return table(("code set", "its codes", "source", "judged by", "places"), rows)


def _judged(name: str) -> str:
    one, plain = standard().sets[name], SHAPES.sets[name]
    if one.table is not None:
        return "form; what our table lacks is a warning"
    return "form" if one is plain else "table"


def _places(name: str) -> str:
    """Where a code set's codes stand; a run of elements, or of components, is written by its ends."""
    rows = {(row.segment, row.element, row.component): row.place for row in CODED if name in row.sets.values()}
    runs: list[list[tuple[str, int, int]]] = []
    for segment, at, part in rows:
        after = ((segment, at - 1, part), (segment, at, part - 1))
        if runs and runs[-1][-1] in after:
            runs[-1].append((segment, at, part))
        else:
            runs.append([(segment, at, part)])
    return ", ".join(rows[run[0]] if len(run) == 1 else f"{rows[run[0]]} – {rows[run[-1]]}" for run in runs)


def partners() -> str:
    """A section per trading partner."""
    heads = ("rule", "guides", "at", "days", "what he takes", "fix", "source")
    parts = []
    for each in PARTNERS:
        rows = [_partner_rule(each.id, rule) for rule in each.rules]
        parts.append(f'## {each.title}\n\n`partner="{each.id}"`\n\n{table(heads, rows)}\n')
    return "\n".join(parts)


def _partner_rule(partner: str, rule: PartnerRule) -> tuple[str, ...]:
    days = " – ".join(day.isoformat() if day else "" for day in (rule.force.start, rule.force.end)).strip()
    severity = " (warning)" if rule.warning else ""
    return (
        code(f"x12.partner.{partner}.{rule.id}") + severity,
        ", ".join(rule.keys),
        ", ".join(_at(rule)),
        days.strip(" –") if rule.force.end else f"since {rule.force.start}",
        rule.words,
        rule.fix,
        rule.source,
    )


def _at(rule: PartnerRule) -> Iterator[str]:
    place = (
        rule.part + (f"{rule.element:02}" if rule.element else "") + (f"-{rule.component}" if rule.component else "")
    )
    for loop in rule.loops:
        yield f"{loop} {place}".strip()
