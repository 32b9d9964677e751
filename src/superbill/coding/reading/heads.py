"""The heads of composition and their tables: which code a head leads to at which site."""

from functools import cache, lru_cache

from msgspec import Struct

from superbill.coding.reading.tables import table

FILES = (
    "pain.yaml", "strain.yaml", "fracture.yaml", "fracture_limb.yaml", "wound.yaml", "joint.yaml", "tendon.yaml",
    "spine.yaml", "skin.yaml", "status.yaml",
)  # fmt: skip
_PACKAGE = "superbill.coding.reading.data.compose"
_FINGERS = {"index-finger": 0, "middle-finger": 2, "ring-finger": 4, "little-finger": 6}
_LR = {"right": "1", "left": "2"}


class Head(Struct, frozen=True, forbid_unknown_fields=True):
    """A word that needs a site: how it is said; its rows (what must be said: the code); the heads whose rows it
    shares; `fill`: what stands for a name in braces, by what is said; `otherwise`: the code without any site.

    `sure`: its own code stands against a term of the dictionary in the same words. `near`: only a site of its own
    phrase counts. `seek`: in an assessment, the site may come from the rest of the note.
    """

    say: str
    rows: dict[str, str] = {}
    like: str = ""
    fill: dict[str, dict[str, str]] = {}
    otherwise: str = ""
    near: bool = False
    sure: bool = False
    seek: bool = False


class Row(Struct, frozen=True):
    needed: frozenset[str]
    code: str
    fill: dict[str, dict[str, str]]


@cache
def heads() -> dict[str, Head]:
    """All heads by name."""
    found: dict[str, Head] = {}
    for name in FILES:
        found.update(table(_PACKAGE, name, dict[str, Head]))
    return found


@cache
def patterns() -> frozenset[str]:
    """The words that qualify a head."""
    from superbill.coding.reading.sites import words_table

    return frozenset(each for ids in words_table().patterns for each in ids.split())


@cache
def rows(name: str) -> tuple[Row, ...]:
    """A head's rows, its own before those it shares."""
    head = heads()[name]
    own = [Row(frozenset(said.split()), code.rstrip("X"), head.fill) for said, code in head.rows.items()]
    for other in head.like.split():
        own += [Row(row.needed, row.code, {**row.fill, **head.fill}) for row in rows(other)]
    return tuple(own)


@cache
def _ranked(name: str) -> tuple[Row, ...]:
    """A head's rows: those that need the most patterns first ("stress"), then the finest site, then the most words."""
    from superbill.coding.reading.sites import vocabulary

    depth = vocabulary().depth

    def weight(row: Row) -> tuple[int, int, int]:
        return len(row.needed & patterns()), max(depth.get(each, 0) for each in row.needed), len(row.needed)

    return tuple(sorted(rows(name), key=weight, reverse=True))


@lru_cache(maxsize=4096)
def code_of(name: str, said: frozenset[str]) -> tuple[str, bool]:
    """The code or stem for a head and all that is said of it, and whether a row fits: else it is the code without site.

    The first row that fits wins, in their order by weight.
    """
    for row in _ranked(name):
        if row.needed <= said:
            return filled(row.code, row.fill, said), True
    return heads()[name].otherwise.rstrip("X"), False


def filled(code: str, fill: dict[str, dict[str, str]], said: frozenset[str]) -> str:
    """A code whose names in braces are replaced by characters, as the side, finger, displacement and so on say.

    Fractures count 1 to 3 displaced (right, left, unspecified) and 4 to 6 nondisplaced; fingers 0 to 9 (S61.2, S62.6).
    """
    if "{" not in code:
        return code
    side = "right" if "right" in said else "left" if "left" in said else ""
    finger = next((number for name, number in _FINGERS.items() if name in said), None)
    shift = 3 if "nondisplaced" in said else 0
    place = {"right": 1, "left": 2}.get(side, 3)
    great = 0 if "great-toe" in said else 3
    values = {
        "f": str(place + shift),
        "g": {1: "1", 2: "2", 3: "9"}[place],
        "u": _LR.get(side, "0"),
        "t": "9" if not side and "great-toe" not in said and "lesser-toe" not in said else str(place + great),
        "finger": "9" if finger is None else str(finger + place - 1) if side else "8",
    }
    for name, choices in fill.items():
        values[name] = next(
            (value for needed, value in choices.items() if needed and set(needed.split()) <= said),
            choices.get("", ""),
        )
    return code.format_map(values).removesuffix(".")
