"""The tables of this room: operations with the pattern of their codes, body parts, and what is said on other axes."""

from functools import cache

import msgspec
from msgspec import Struct

from superbill.coding.inpatient.phrases import Phrases, listed
from superbill.coding.reading.tables import table

_PACKAGE = "superbill.coding.inpatient.data"
_SIDES = 3


class Pattern(Struct, frozen=True):
    """How the codes of an operation begin, and what is known of each other axis.

    `systems`: the first two characters, one of several. `operation`: the third, one of several ("L|V").
    """

    systems: tuple[str, ...]
    operation: tuple[str, ...]
    part: str
    approach: str
    device: str
    qualifier: str


class Operation(Struct, frozen=True, kw_only=True):
    """What a name means when one of `when` is said with it (always, when that is empty)."""

    number: int
    name: str
    patterns: tuple[Pattern, ...]
    special: str = ""
    when: Phrases[bool] | None = None
    region: str = ""
    look: bool = False


class Part(Struct, frozen=True):
    """A body part: its characters for right, left and both, or one for all."""

    name: str
    right: str
    left: str = ""
    both: str = ""

    @property
    def sided(self) -> bool:
        return bool(self.left)


class _Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    names: str
    codes: str
    when: str = ""
    region: str = ""
    look: bool = False


@cache
def operations() -> Phrases[tuple[Operation, ...]]:
    """Every name, with what it may mean in the order in which to try."""
    by_name: dict[str, list[Operation]] = {}
    for number, row in enumerate(table(_PACKAGE, "operations.yaml", tuple[_Row, ...])):
        said = Phrases((each, True) for each in listed(row.when)) if row.when else None
        special = row.codes[1:] if row.codes.startswith("@") else ""
        for name in listed(row.names):
            meant = Operation(
                number=number, name=name, patterns=() if special else patterns(row.codes), special=special, when=said,
                region=row.region, look=row.look,
            )  # fmt: skip
            by_name.setdefault(name, []).append(meant)
    return Phrases((name, tuple(meant)) for name, meant in by_name.items())


def patterns(codes: str) -> tuple[Pattern, ...]:
    """The patterns of a row. Raises msgspec.ValidationError for one that has not six columns."""
    found = []
    for each in codes.split(";"):
        columns = each.split()
        if len(columns) != 6:
            raise msgspec.ValidationError(f"operations.yaml: {each.strip()!r} has not six columns")
        systems, operation, *others = columns
        found.append(Pattern(tuple(systems.split(",")), tuple(operation.split("|")), *others))
    return tuple(found)


@cache
def parts(group: str) -> Phrases[Part]:
    """The body parts of a body system, or of a group of our own; none for one without a list."""
    rows = _parts().get(group, {})
    return Phrases((name, part(value, name)) for names, value in rows.items() for name in listed(names))


def part(value: str, name: str = "") -> Part:
    """A part as the tables write it: "C/D", "T/U/V", "J"."""
    sides = value.split("/")
    return Part(name, *sides[:_SIDES])


@cache
def group(name: str) -> Phrases[str]:
    """The words of an axis, and the characters that each may mean."""
    return Phrases((each, str(value)) for names, value in _words()[name].items() for each in listed(names))


@cache
def characters(name: str) -> str:
    """Every character that the words of a group, or of a group of parts, may mean."""
    rows = _words().get(name) or _parts().get(name, {})
    return "".join(dict.fromkeys("".join(str(value) for value in rows.values()).replace("/", "").replace("!", "")))


@cache
def _parts() -> dict[str, dict[str, str]]:
    return table(_PACKAGE, "parts.yaml", dict[str, dict[str, str]])


@cache
def _words() -> dict[str, dict[str, str]]:
    return table(_PACKAGE, "words.yaml", dict[str, dict[str, str]])
