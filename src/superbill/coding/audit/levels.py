"""Which evaluation and management code is which level of which family."""

from functools import cache

from superbill.coding.reading.tables import table

_LOWEST = {"99211": "office established", "99281": "emergency"}
"""Those below the grid of decision making."""


@cache
def _levels() -> dict[str, tuple[str, int]]:
    found = {code: (family, 0) for code, family in _LOWEST.items()}
    shape = dict[str, list[dict[str, object]]]
    for family, periods in table("superbill.coding.em.tables", "families.yaml", shape).items():
        for period in periods:
            for patient in ("new", "established"):
                found |= _of(family, patient, period)
    return found


def _of(family: str, patient: str, period: dict[str, object]) -> dict[str, tuple[str, int]]:
    said, other = period.get(patient), period.get("established" if patient == "new" else "new")
    codes = said.get("codes") if isinstance(said, dict) else None
    if not isinstance(codes, list):
        return {}
    same = isinstance(other, dict) and other.get("codes") == codes
    name = family if same else f"{family} {patient}"
    return {code: (name, level) for level, code in enumerate(codes, 1) if code}


def level_of(code: str) -> tuple[str, int] | None:
    """The family of an E/M code and its level: 0 below the grid, 1 straightforward to 4 high. None for any other.

    A code that stands for two levels (99221) has the higher.
    """
    return _levels().get(code)
