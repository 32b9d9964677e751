"""From the chart to codes. `code_encounter` is the one door; the result is a `CodedEncounter`."""

from superbill.coding.encounter import code_encounter, is_established

__all__ = ["code_encounter", "is_established"]
