"""Bars as inline SVG: zero baseline, a label and a value on every bar, no legend.

Horizontal places are percentages and text has its size in pixels, so that a chart keeps legible type on a phone.
Colours are classes of the page's style.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from superbill.forms.report.markup import Html, el

_ROW = 44  # pixels from bar to bar
_BAR = 16
_LABEL = 14  # baseline of the label line


class Segment(Struct, frozen=True):
    """A piece of a bar from `start` to `end` in the chart's units, with the class that colours it."""

    start: int
    end: int
    kind: str


class Bar(Struct, frozen=True):
    label: str
    value: str
    segments: tuple[Segment, ...]


def bar_chart(key: str, title: str, description: str, bars: Sequence[Bar]) -> Html:
    """Horizontal bars on one scale that has zero in it. `key` makes the ids of title and description unique."""
    ends = [0, *(edge for bar in bars for piece in bar.segments for edge in (piece.start, piece.end))]
    low, high = min(ends), max(ends)
    span = (high - low) or 1
    names = {"title": f"{key}-title", "desc": f"{key}-desc"}
    rows = [part for place, bar in enumerate(bars) for part in _bar(bar, place * _ROW, low, span)]
    height = len(bars) * _ROW
    zero = _percent(-low, span)
    return el(
        "svg",
        el("title", title, id=names["title"]),
        el("desc", description, id=names["desc"]),
        rows,
        el("line", x1=zero, x2=zero, y1="0", y2=str(height), class_="baseline"),
        role="img",
        aria_labelledby=f"{names['title']} {names['desc']}",
        width="100%",
        height=str(height),
        class_="chart",
    )


def _bar(bar: Bar, top: int, low: int, span: int) -> Iterator[Html]:
    yield el("text", bar.label, x="0", dx="6", y=str(top + _LABEL), class_="label")
    yield el("text", bar.value, x="100%", y=str(top + _LABEL), text_anchor="end", class_="value")
    for piece in bar.segments:
        start, end = sorted((piece.start, piece.end))
        if end > start:
            yield el(
                "rect",
                x=_percent(start - low, span),
                width=_percent(end - start, span),
                y=str(top + _LABEL + 6),
                height=str(_BAR),
                class_=f"bar {piece.kind}",
            )


def _percent(part: int, span: int) -> str:
    """Hundredths of a percent, rounded the same way on every machine."""
    return f"{part * 10000 // span / 100:.2f}%"
