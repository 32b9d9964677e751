"""The edit form of a claim as the page draws it: groups of boxes, and its lines."""

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _
from msgspec import Struct

from superbill.app.web.claims.editing import Spot, Texts, anchor, spots
from superbill.app.web.claims.field_lists import rows_of
from superbill.app.web.claims.field_table import GROUPS, LINE_FIELDS
from superbill.app.web.claims.fields import Column, Providers, Word
from superbill.claims.model import Claim, Provider, ServiceLine
from superbill.findings import Finding

Options = tuple[tuple[str, Word], ...]
A_PAGE = 50  # lines of a claim that one page of the form has: fifty are two thousand fields


class Cell(Struct, frozen=True, kw_only=True):
    """One cell of a row of a list."""

    name: str
    id: str
    label: str
    value: str
    look: str
    most: int
    options: Options


class Box(Struct, frozen=True, kw_only=True):
    """A field as the form shows it, with what is wrong with it. A list has `columns` and `rows` of cells, the last of
    which is blank where there is room."""

    name: str
    label: Word
    value: str
    look: str
    most: int
    options: Options
    wrong: str
    found: tuple[Finding, ...]
    changed: bool
    columns: tuple[Column, ...] = ()
    most_rows: int = 0
    rows: tuple[tuple[Cell, ...], ...] = ()


class Drawn(Struct, frozen=True, kw_only=True):
    """A group of the form; how many of its fields are filled, and `open` where a folded one has something to say."""

    label: Word
    boxes: tuple[Box, ...]
    folded: bool
    filled: int
    open: bool


class DrawnLine(Struct, frozen=True, kw_only=True):
    """A service line: the boxes of its row, those that few lines have, and how many of these are filled."""

    line: ServiceLine
    boxes: tuple[Box, ...]
    more: tuple[Box, ...]
    filled: int
    open: bool


class Page(Struct, frozen=True):
    """Some of the lines of a long claim, from the `first` to the `last` number."""

    number: int
    first: int
    last: int


class Form(Struct, frozen=True, kw_only=True):
    """The whole form; `people` are whom the practice knows, by NPI. `page` is the one whose lines it has of `pages`;
    `aside` the texts of the other pages' lines that are no longer those of the claim."""

    groups: tuple[Drawn, ...]
    lines: tuple[DrawnLine, ...]
    people: tuple[tuple[str, str], ...]
    page: int
    pages: tuple[Page, ...]
    aside: Texts


def pages_of(claim: Claim) -> tuple[Page, ...]:
    """The pages of the claim's lines."""
    numbers = [line.number for line in claim.lines]
    cut = [numbers[at : at + A_PAGE] for at in range(0, len(numbers), A_PAGE)]
    return tuple(Page(at, some[0], some[-1]) for at, some in enumerate(cut, 1))


def page_of_line(claim: Claim, number: int | None) -> int:
    """The page that has the line of this number; 0 where it has none, or all lines stand on one page."""
    if len(claim.lines) <= A_PAGE:
        return 0
    return next((at // A_PAGE + 1 for at, line in enumerate(claim.lines) if line.number == number), 0)


def page_of(claim: Claim, asked: int, wrong: Mapping[str, str]) -> int:
    """The page to show: that which was asked for, or the first with something wrong where that has nothing wrong."""
    pages = pages_of(claim)
    page = min(max(asked, 1), max(len(pages), 1))
    lines = dict.fromkeys(spot.part[1] for spot in spots(claim) if spot.name in wrong and spot.part[0] == "line")
    bad = [found for number in lines if (found := page_of_line(claim, number))]
    return bad[0] if bad and page not in bad else page


def form_of(
    claim: Claim, texts: Texts, known: Providers, *, wrong: Mapping[str, str], found: Sequence[Finding], began: Texts,
    page: int = 1,
) -> Form:  # fmt: skip
    """The form: its groups, the other insurances, and the lines of a page, each field with what is wrong with it."""
    shown = {line.number for line in claim.lines[(page - 1) * A_PAGE : page * A_PAGE]}
    aside: dict[str, str] = {}
    people = tuple((npi, _person(one)) for npi, one in sorted(known.items(), key=lambda item: _person(item[1])))
    made: dict[str, Box] = {}
    parts: dict[tuple[str, int], list[str]] = {}
    about: dict[str, list[Finding]] = {}
    for one in found:
        about.setdefault(anchor(claim, one), []).append(one)
    for spot in spots(claim):
        if spot.part[0] == "line" and spot.part[1] not in shown:
            if texts[spot.name] != began.get(spot.name, ""):
                aside[spot.name] = texts[spot.name]
            continue
        made[spot.name] = _box(spot, texts, people, wrong, about.get(spot.name, ()), began)
        parts.setdefault(spot.part, []).append(spot.name)

    def boxes(names: Sequence[str]) -> tuple[Box, ...]:
        return tuple(made[name] for name in names if name in made)

    groups = []
    for group in GROUPS:
        names = [one.name for one in group.fields if claim.kind in one.kinds]
        groups.append(_drawn(group.label, boxes(names), group.folded))
    for number, other in enumerate(claim.other_insurance, 1):
        label = _("Other insurance: %s") % other.payer.name
        groups.append(_drawn(label, boxes(parts["other", number]), True))
    first = {one.name for one in LINE_FIELDS}
    lines = (
        _line(line, boxes(parts["line", line.number]), lambda name: name in first)
        for line in claim.lines
        if line.number in shown
    )
    return Form(
        groups=tuple(group for group in groups if group.boxes), lines=tuple(lines), people=people, page=page,
        pages=pages_of(claim), aside=aside,
    )  # fmt: skip


def _drawn(label: Word, boxes: tuple[Box, ...], folded: bool) -> Drawn:
    said = any(one.wrong or one.found or one.changed for one in boxes)
    return Drawn(label=label, boxes=boxes, folded=folded, filled=sum(1 for one in boxes if one.value), open=said)


def _line(line: ServiceLine, boxes: tuple[Box, ...], first: Callable[[str], bool]) -> DrawnLine:
    mine = [(first(box.name.partition(".")[2]), box) for box in boxes]
    more = tuple(box for is_first, box in mine if not is_first)
    usual = {"unit_kind": "UN"}
    filled = [box for box in more if box.value and usual.get(box.name.partition(".")[2]) != box.value]
    return DrawnLine(
        line=line, boxes=tuple(box for is_first, box in mine if is_first), more=more, filled=len(filled),
        open=any(one.wrong or one.found or one.changed for one in more),
    )  # fmt: skip


def _box(
    spot: Spot, texts: Texts, people: Options, wrong: Mapping[str, str], found: Sequence[Finding], began: Texts
) -> Box:
    field, value = spot.field, texts[spot.name]
    options: Options = tuple(field.options.items())
    if field.look == "provider":
        options = (("", _("as the claim") if spot.part[0] == "line" else "–"), *people)
    if options and value not in dict(options):
        options = ((value, value or "–"), *options)
    return Box(
        name=spot.name, label=field.label, value=value, look=field.look, most=field.most, options=options,
        wrong=wrong.get(spot.name, ""), found=tuple(found),
        changed=value != began.get(spot.name, ""), columns=field.columns, most_rows=field.rows, rows=_rows(spot, value),
    )  # fmt: skip


def _rows(spot: Spot, text: str) -> tuple[tuple[Cell, ...], ...]:
    columns = spot.field.columns
    if not columns:
        return ()
    found = rows_of(text, len(columns))
    blank = [[""] * len(columns)] if len(found) < spot.field.rows else []
    return tuple(
        tuple(_cell(spot, column, value, number) for column, value in zip(columns, cells, strict=True))
        for number, cells in enumerate([*found, *blank], 1)
    )


def _cell(spot: Spot, column: Column, value: str, number: int) -> Cell:
    options: Options = tuple(column.options.items())
    if options and value not in column.options:
        options = ((value, value), *options)
    said = _("%(list)s, row %(n)s: %(column)s") % {"list": spot.label, "n": number, "column": column.label}
    name = f"{spot.name}.{column.name}"
    return Cell(
        name=name, id=f"{name}.{number}", label=said, value=value, look=column.look, most=column.most, options=options
    )


def _person(one: Provider) -> str:
    return f"{one.person.last.upper()}, {one.person.first}" if one.person else one.organization
