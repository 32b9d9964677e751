"""What is kept of one coding of a visit."""

from msgspec import Struct

from superbill.coding.deciding import Decision
from superbill.coding.model import CodedEncounter
from superbill.coding.suggest.model import Suggestion


class Record(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One coding: the codes, what had been suggested, what was decided of each, and the seconds that it took."""

    coded: CodedEncounter | None = None
    suggestion: Suggestion | None = None
    decisions: tuple[Decision, ...] = ()
    seconds: int | None = None
