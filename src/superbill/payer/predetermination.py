"""The answer to a predetermination: what would be paid, and nothing that is (835 TR3, predetermination pricing)."""

from msgspec.structs import replace

from superbill.claims.model import Adjustment
from superbill.x12.model import RemittanceClaim, RemittanceLine

PREDETERMINED = "25"


def expected(decided: RemittanceClaim) -> RemittanceClaim:
    """The claim as it would be decided, with what would be paid taken off again (OA-101)."""
    lines = tuple(_expected(line) for line in decided.lines)
    return replace(decided, status=PREDETERMINED, paid=0, lines=lines)


def _expected(line: RemittanceLine) -> RemittanceLine:
    if not line.paid:
        return line
    return replace(line, paid=0, adjustments=(*line.adjustments, Adjustment("OA", "101", line.paid)))
