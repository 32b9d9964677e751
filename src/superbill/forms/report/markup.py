"""HTML made of escaped text. What is `Html` is markup already; every other string is text and gets escaped."""

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

from superbill.money import Cents, dollars


class Html(str):
    """Markup that is safe to put into a page."""

    __slots__ = ()


Child: TypeAlias = "str | Html | Iterable[Child]"

_VOID = frozenset({"meta", "br", "rect", "line"})


def el(name: str, /, *children: "Child", **attributes: str) -> Html:
    """An element. `class_` and `for_` lose their underscore, other underscores become hyphens; all values escaped."""
    pairs = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{pairs}/>" if name in ("rect", "line") else f"<{name}{pairs}>")
    return Html(f"<{name}{pairs}>{join(children)}</{name}>")


def join(children: Iterable["Child"]) -> Html:
    """The children one after the other."""
    return Html("".join(_one(child) for child in children))


def _one(child: "Child") -> str:
    if isinstance(child, Html):
        return str(child)
    if isinstance(child, str):
        return escape(child)
    return join(child)


def money(amount: Cents) -> str:
    """Money in a table: zero is a dash, negative in parentheses."""
    return dollars(amount) if amount else "–"


def table(
    caption: str,
    heads: Iterable[str | Html],
    rows: Iterable[Iterable[str | Html]],
    *,
    text: int = 1,
    foot: Iterable[str] = (),
) -> Html:
    """A table whose first column names the row, and whose columns after the first `text` are numbers.

    It scrolls by itself where the window is narrow, by keyboard too.
    """
    head = el("tr", (el("th", cell, scope="col", class_=_kind(i, text)) for i, cell in enumerate(heads)))
    parts = [el("caption", caption), el("thead", head), el("tbody", (_row(row, text) for row in rows))]
    last = list(foot)
    if last:
        parts.append(el("tfoot", _row(last, text)))
    return el("div", el("table", parts), class_="scroll", role="region", tabindex="0", aria_label=caption)


def _row(cells: Iterable[str | Html], text: int) -> Html:
    return el(
        "tr",
        (el("td", cell, class_=_kind(i, text)) if i else el("th", cell, scope="row") for i, cell in enumerate(cells)),
    )


def _kind(column: int, text: int) -> str:
    return "text" if column < text else "number"
