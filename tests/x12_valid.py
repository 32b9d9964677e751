"""One valid file for each transaction, rich enough to be spoiled in every way: the bases of the mutants.

The text of each is in x12_bases, one segment a line from ST to the last before SE. All in it is invented; identifiers
have their check digits right and money adds up. What follows a plus in a name is the trading partner whose rules the
file keeps as well.
"""

from functools import cache
from pathlib import Path

from superbill.x12.guides.catalog import GUIDES

FOLDER = Path(__file__).parent / "x12_bases"
GUIDE_OF = {guide.key: guide for guide in GUIDES}
KEYS = tuple(sorted(path.stem for path in FOLDER.glob("*.txt")))

ISA = "ISA*00*          *00*          *ZZ*LAKESIDE       *ZZ*BUCKEYE        *261102*1015*^*00501*000000101*0*T*:"


@cache
def base(key: str) -> tuple[str, ...]:
    """The segments of a base, from ST to the last before SE."""
    return tuple((FOLDER / f"{key}.txt").read_text().splitlines())


def group(key: str, content: tuple[str, ...] | list[str], number: int = 101, sets: int = 1) -> list[str]:
    """A functional group of these segments, which are the transaction sets of a base."""
    guide = GUIDE_OF[key.partition("+")[0]]
    start = f"GS*{guide.functional_id}*LAKESIDE*BUCKEYE*20261102*1015*{number}*X*{guide.version}"
    return [start, *content, f"GE*{sets}*{number}"]


def transaction(lines: tuple[str, ...] | list[str]) -> list[str]:
    """These segments with their SE."""
    return [*lines, f"SE*{len(lines) + 1}*{lines[0].split('*')[2]}"]


def enveloped(key: str, lines: tuple[str, ...] | list[str]) -> list[str]:
    """The segments of an interchange with this one transaction set, its SE added and all counted."""
    return [ISA, *group(key, transaction(lines)), "IEA*1*000000101"]


def written(segments: list[str], terminator: str = "~\n") -> bytes:
    """The bytes of these segments."""
    return "".join(segment + terminator for segment in segments).encode()
