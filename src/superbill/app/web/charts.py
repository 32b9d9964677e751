"""Charts, laid out here and drawn by the server as SVG: they print, need no script, and have their table beside them.

Bars begin at zero; values stand at what they measure; whatever sums something opens what it sums.
"""

from collections.abc import Sequence

from msgspec import Struct

WIDTH = 880
HALF = 560  # of a chart that stands beside something: its letters stay as large as the page's
_IN_A_ROW = 240  # as wide at most is a chart in a row of a table
_ROW, _BAR, _LABEL, _VALUE = 28, 16, 248, 96  # pixels: a row, its bar, and the room left and right of it
_HEIGHT, _FOOT, _HEAD = 220, 24, 20  # of a chart of columns
_LETTER = 6.9  # about as wide as a letter of 12 px is


class Bar(Struct, frozen=True, kw_only=True):
    """One thing measured: `parts` add up to its value, `text` is that value in words, `opens` the address behind it.

    `mark` is a second value beside it, such as what was expected: a line or a stroke.
    """

    label: str
    parts: tuple[int, ...]
    text: str
    opens: str = ""
    mark: int | None = None

    @property
    def value(self) -> int:
        """The whole."""
        return sum(self.parts)


class Box(Struct, frozen=True):
    """A rectangle; `shade` 0 is the first part's."""

    x: float
    y: float
    width: float
    height: float
    shade: int = 0
    opens: str = ""
    says: str = ""


class Text(Struct, frozen=True):
    """Words at a place; `anchor` start, middle or end."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    quiet: bool = False


class Stroke(Struct, frozen=True):
    """A line through points ("x,y x,y"); `kind` axis, grid, line or mark."""

    points: str
    kind: str


class Chart(Struct, frozen=True, kw_only=True):
    """What to draw, in pixels. `title` says what it shows, for those who don't see it."""

    title: str
    width: float
    height: float
    boxes: tuple[Box, ...] = ()
    texts: tuple[Text, ...] = ()
    strokes: tuple[Stroke, ...] = ()

    @property
    def role(self) -> str:
        """A picture; a group where something in it opens, for a picture hides what is in it."""
        return "group" if any(box.opens for box in self.boxes) else "img"

    @property
    def small(self) -> bool:
        """Whether it stands in a row of a table."""
        return self.width <= _IN_A_ROW


def bars(title: str, rows: Sequence[Bar], *, last_darkest: bool = False, width: int = WIDTH) -> Chart:
    """Horizontal bars from zero, the label to the left and the value behind each; parts are stacked in shades, the
    first the darkest, or the last."""
    label = min(_LABEL, width * 2 // 5)
    most = max((max(row.value, row.mark or 0) for row in rows), default=0) or 1
    room = width - label - _VALUE
    boxes, texts, strokes = list[Box](), list[Text](), list[Stroke]()
    for place, row in enumerate(rows):
        top = place * _ROW
        middle = top + _ROW / 2 + 4
        texts.append(Text(label - 8, middle, _short(row.label, label - 12), "end"))
        at = float(label)
        for shade, part in enumerate(row.parts):
            length = room * max(part, 0) / most
            dark = len(row.parts) - 1 - shade if last_darkest else shade
            boxes.append(Box(_px(at), top + (_ROW - _BAR) / 2, _px(length), _BAR, dark, row.opens, _said(row)))
            at += length
        if row.mark is not None:
            x = _px(label + room * max(row.mark, 0) / most)
            strokes.append(Stroke(f"{x},{top + 4} {x},{top + _ROW - 4}", "mark"))
            at = max(at, x)
        texts.append(Text(_px(at + 6), middle, row.text))
    height = max(len(rows), 1) * _ROW
    strokes.append(Stroke(f"{label},0 {label},{height}", "axis"))
    return Chart(
        title=title, width=width, height=height, boxes=tuple(boxes), texts=tuple(texts), strokes=tuple(strokes)
    )


def columns(title: str, rows: Sequence[Bar]) -> Chart:
    """Columns from zero in the order of time, the value above each; marks are joined to a line."""
    most = max((max(row.value, row.mark or 0) for row in rows), default=0) or 1
    floor, room = _HEIGHT - _FOOT, _HEIGHT - _FOOT - _HEAD
    step = WIDTH / max(len(rows), 1)
    boxes, texts, line = list[Box](), list[Text](), list[str]()
    for place, row in enumerate(rows):
        middle = _px((place + 0.5) * step)
        top = float(floor)
        for shade, part in enumerate(row.parts):
            tall = room * max(part, 0) / most
            top -= tall
            wide = _px(min(step * 0.7, 64))
            boxes.append(Box(_px(middle - wide / 2), _px(top), wide, _px(tall), shade, row.opens, _said(row)))
        texts.append(Text(middle, _px(top - 5), _short(row.text, step), "middle"))
        texts.append(Text(middle, _HEIGHT - 8, _short(row.label, step), "middle", quiet=True))
        if row.mark is not None:
            line.append(f"{middle},{_px(floor - room * max(row.mark, 0) / most)}")
    strokes = [Stroke(f"0,{floor} {WIDTH},{floor}", "axis")]
    if line:
        strokes.append(Stroke(" ".join(line), "line"))
    return Chart(
        title=title, width=WIDTH, height=_HEIGHT, boxes=tuple(boxes), texts=tuple(texts), strokes=tuple(strokes)
    )


def trend(title: str, values: Sequence[float | None], *, width: int = 120, height: int = 28) -> Chart:
    """A small line of some months beside a figure; what is not known is left out, the last value has a dot."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return Chart(title=title, width=width, height=height)
    low, high = min(0.0, *(value for _, value in known)), max(value for _, value in known)
    span, step = (high - low) or 1.0, (width - 8) / max(len(values) - 1, 1)
    points = [(_px(4 + place * step), _px(height - 4 - (height - 8) * (value - low) / span)) for place, value in known]
    x, y = points[-1]
    return Chart(
        title=title,
        width=width,
        height=height,
        boxes=(Box(_px(x - 2.5), _px(y - 2.5), 5, 5),),
        strokes=(Stroke(" ".join(f"{x},{y}" for x, y in points), "line"),),
    )


def _said(row: Bar) -> str:
    return f"{row.label}: {row.text}"


def _px(value: float) -> float:
    return round(value, 1)


def _short(words: str, width: float) -> str:
    """As much of `words` as fits."""
    room = max(int(width / _LETTER), 1)
    return words if len(words) <= room else words[: room - 1].rstrip() + "…"
