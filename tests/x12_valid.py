"""One valid file for each transaction, rich enough to be spoiled in every way: the bases of the mutants.

The text of each is in x12_bases, one segment a line from ST to the last before SE. All in it is invented; identifiers
have their check digits right and money adds up.
"""

from functools import cache
from pathlib import Path

from superbill.x12.guides.catalog import GUIDES

FOLDER = Path(__file__).parent / "x12_bases"
FUNCTIONAL_IDS = {guide.key: guide.functional_id for guide in GUIDES}
KEYS = tuple(sorted(path.stem for path in FOLDER.glob("*.txt")))

ISA = "ISA*00*          *00*          *ZZ*LAKESIDE       *ZZ*BUCKEYE        *261102*1015*^*00501*000000101*0*T*:"


@cache
def base(key: str) -> tuple[str, ...]:
    """The segments of a base, from ST to the last before SE."""
    return tuple((FOLDER / f"{key}.txt").read_text().splitlines())


def version(lines: tuple[str, ...] | list[str], key: str) -> str:
    """The version of a transaction set that begins with these segments."""
    return next((guide.version for guide in GUIDES if guide.key == key), "")


def enveloped(key: str, lines: tuple[str, ...] | list[str]) -> list[str]:
    """The segments of an interchange with this one transaction set, its SE added and all counted."""
    number = lines[0].split("*")[2]
    return [
        ISA,
        f"GS*{FUNCTIONAL_IDS[key]}*LAKESIDE*BUCKEYE*20261102*1015*101*X*{version(lines, key)}",
        *lines,
        f"SE*{len(lines) + 1}*{number}",
        "GE*1*101",
        "IEA*1*000000101",
    ]


def written(segments: list[str], terminator: str = "~\n") -> bytes:
    """The bytes of these segments."""
    return "".join(segment + terminator for segment in segments).encode()
