"""Plain words for a billed code, by family. Our own words: no code set's descriptors are printed."""

from bisect import bisect_right
from functools import cache

from superbill.codesets import tables
from superbill.codesets.revenue_code.lookup import revenue_code

OTHER = "Medical service"
_OURS = {"RETURNED": "Fee for a returned payment"}


@cache
def _families() -> list[tuple[str, str, str]]:
    return sorted((row["first"], row["last"], row["label"]) for row in tables.rows(__package__, "labels.csv"))


def service_label(code: str, charge_master: str = "") -> str:
    """The practice's own charge-master label where there is one, else the family's ("Office visit", "Lab test").

    `code` is a CPT, CDT or HCPCS Level II code, or the revenue code of a facility's charge; one of no family here is a
    "Medical service".
    """
    if charge_master:
        return charge_master
    charged = revenue_code(code)
    if charged is not None:
        return charged.name
    if code in _OURS:
        return _OURS[code]
    families = _families()
    place = bisect_right(families, code, key=lambda family: family[0])
    if place and len(code) == 5 and code <= families[place - 1][1]:
        return families[place - 1][2]
    return OTHER
