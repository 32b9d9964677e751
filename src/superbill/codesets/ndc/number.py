"""National Drug Codes: ten digits on the package, eleven on the claim.

FDA assigns labeler, product and package in one of three configurations, 4-4-2, 5-3-2 or 5-4-1; claims carry 5-4-2,
the short part filled with a zero in front (45 CFR 162.1002; NCPDP). Without hyphens ten digits may be any of three.
"""

import re

_PARTS = re.compile(r"(\d{4,5})-(\d{3,4})-(\d{1,2})", re.ASCII)
_CONFIGURATIONS = {(4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2)}
_ELEVEN = re.compile(r"\d{11}", re.ASCII)
_TEN = re.compile(r"\d{10}", re.ASCII)


def eleven(ndc: str) -> str | None:
    """The eleven digits of a code that is written with hyphens, or with eleven digits already; None for any other.

    Ten digits without hyphens are None too: `possible` gives what they may be.
    """
    plain = ndc.strip()
    if _ELEVEN.fullmatch(plain):
        return plain
    parts = _PARTS.fullmatch(plain)
    if parts is None or tuple(len(part) for part in parts.groups()) not in _CONFIGURATIONS:
        return None
    return parts[1].zfill(5) + parts[2].zfill(4) + parts[3].zfill(2)


def possible(ndc: str) -> tuple[str, ...]:
    """Every eleven-digit code that `ndc` may stand for: three for ten digits without hyphens, else one or none."""
    plain = ndc.strip()
    if not _TEN.fullmatch(plain):
        found = eleven(plain)
        return (found,) if found else ()
    return (f"0{plain}", f"{plain[:5]}0{plain[5:]}", f"{plain[:9]}0{plain[9:]}")


def hyphenated(ndc: str) -> str:
    """Eleven digits as 5-4-2. Raises ValueError for what has not eleven digits."""
    if not _ELEVEN.fullmatch(ndc):
        raise ValueError(f"{ndc!r} has not eleven digits")
    return f"{ndc[:5]}-{ndc[5:9]}-{ndc[9:]}"
