"""What can be wrong in a segment, with the codes that a 999 says it by (IK304, IK403)."""

from typing import NamedTuple

from msgspec import Struct

# IK304
SEGMENT_UNKNOWN = "1"
SEGMENT_UNEXPECTED = "2"
SEGMENT_MISSING = "3"
LOOP_REPEATS = "4"
SEGMENT_REPEATS = "5"
SEGMENT_ORDER = "7"
SEGMENT_HAS_ERRORS = "8"
DEPENDENT_SEGMENT_MISSING = "I6"
DEPENDENT_SEGMENT_NOT_USED = "I9"

# IK403
ELEMENT_MISSING = "1"
CONDITIONAL_ELEMENT_MISSING = "2"
TOO_MANY_ELEMENTS = "3"
TOO_SHORT = "4"
TOO_LONG = "5"
INVALID_CHARACTER = "6"
INVALID_CODE = "7"
INVALID_DATE = "8"
INVALID_TIME = "9"
EXCLUSION_VIOLATED = "10"
TOO_MANY_COMPONENTS = "13"
NOT_IN_GUIDE = "I6"
DEPENDENT_ELEMENT_MISSING = "I9"
ELEMENT_NOT_USED = "I10"
PATTERN = "I12"
DEPENDENT_ELEMENT_NOT_USED = "I13"


_LONGEST_WORDS = 500


def brief(words: str) -> str:
    """What is said of a value, cut off where the value is endless: a message is for people."""
    return words if len(words) <= _LONGEST_WORDS else f"{words[: _LONGEST_WORDS - 1]}…"


class Problem(NamedTuple):
    """One thing wrong in a segment: element and component from 1 (0: none), IK403 code, rule, words, the value."""

    element: int
    component: int
    code: str
    rule: str
    words: str
    value: str = ""


class Flaw(Struct, frozen=True, kw_only=True):
    """One thing wrong in a transaction set, with all that a finding, a 999 and a 277CA need.

    `position` counts segments in the file, `offset` in the transaction set (ST is 1); `syntax` is the IK304 code.
    `snip` is the type of the check (WEDI: 1 syntax, 2 requirements, 3 balancing, 4 situations, 5 code sets, 7 trading
    partners). `unit` numbers the claim (or other unit) that it is about, from 1; 0 for none. `name` is the guide's for
    the segment, or the loop, that is wrong or missing; "" where it has none.
    """

    rule: str
    words: str
    position: int
    offset: int
    loop: str
    segment: str
    syntax: str
    name: str = ""
    snip: int = 1
    problem: Problem | None = None
    line: int | None = None
    unit: int = 0
    fix: str = ""
    source: str = ""
    warning: bool = False
