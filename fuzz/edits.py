"""Bytes as edits of a sound file: segments dropped, doubled, moved, elements written over, files joined."""

from collections.abc import Iterator

from tests.x12_valid import KEYS, base, enveloped, written

TERMINATORS = ("~\n", "~", "~\r\n", "\n", "~ ")
TEXTS = (
    "", " ", "0", "-1", "1", "2", "1.5", "-.05", ".", "-", "1E9", "9" * 40, "X" * 300, "20261399", "20260230",
    "99991231", "20270101-20260101", "20260101-", "1234567890", "1:2:3:4:5:6:7:8:9", ":::", "^^", "A^B", "HC:99213:25",
    "é", "\x00", "\t", "\x1f", "~", "*", "ISA", "SE", "HL", "LX", "B", "ZZ", "II", "MI", "XX", "D8", "RD8", "0001",
    "000000001",
)  # fmt: skip


class Dice:
    """Choices read from bytes; when they are used up, it is always the first."""

    def __init__(self, data: bytes) -> None:
        self.rest = iter(data)

    def below(self, most: int) -> int:
        high, low = next(self.rest, 0), next(self.rest, 0)
        return (high << 8 | low) % most

    def more(self) -> bool:
        return next(self.rest, 0) % 8 != 0


def _edit(lines: list[str], dice: Dice) -> None:
    at, to, what = dice.below(len(lines)), dice.below(len(lines)), dice.below(8)
    if what == 0 and len(lines) > 1:
        del lines[at]
    elif what == 1:
        lines.insert(to, lines[at])
    elif what == 2:
        lines[at], lines[to] = lines[to], lines[at]
    elif what == 3:
        lines[at : at + 8] = lines[at : at + 8] * 3
    elif what == 4:
        other = base(KEYS[dice.below(len(KEYS))])
        lines.insert(at, other[to % len(other)])
    else:
        elements = lines[at].split("*")
        place, text = dice.below(len(elements) + 1), TEXTS[dice.below(len(TEXTS))]
        elements[place : place + 1] = [text]
        lines[at] = "*".join(elements)


def _files(dice: Dice) -> Iterator[bytes]:
    while True:
        key = KEYS[dice.below(len(KEYS))]
        lines = list(enveloped(key, base(key)))
        terminator = TERMINATORS[dice.below(len(TERMINATORS))]
        while dice.more():
            _edit(lines, dice)
        yield written(lines, terminator)
        if not dice.more():
            return


def edited(data: bytes) -> bytes:
    """The files that the data says: at first a whole one, as each edit says less of one."""
    return b"".join(_files(Dice(data)))
