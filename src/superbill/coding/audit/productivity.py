"""How fast a coder is, never without how right."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from superbill.coding.audit.comparing import Compared
from superbill.coding.audit.scoring import Figures, Ratio, by, by_coder

LEAST = 10
"""Audited codings without which nothing is said of a coder's speed."""


class Pace(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A coder's codings per hour (of those whose time is known), beside the accuracy of their audited codings.

    Where fewer than LEAST were audited, or no time is known, `per_hour` is None and `why` says so.
    """

    coder: str
    codings: int
    timed: int
    audited: int
    accuracy: Ratio
    exact: Ratio
    per_hour: float | None = None
    why: str = ""


def paces(times: Mapping[str, Sequence[int | None]], compared: Iterable[Compared], least: int = LEAST) -> list[Pace]:
    """Every coder of `times` (the seconds of each coding, None where nobody took them) and of `compared`."""
    return paces_beside(times, by(compared, by_coder), least)


def paces_beside(
    times: Mapping[str, Sequence[int | None]], known: Mapping[str, Figures], least: int = LEAST
) -> list[Pace]:
    """The same beside the figures of each coder."""
    nothing = Ratio(hits=0, total=0)
    found = []
    for coder in sorted({*times, *known}):
        seconds = [one for one in times.get(coder, ()) if one]
        figures = known.get(coder)
        audited = figures.visits if figures else 0
        why = ""
        if audited < least:
            why = f"too few audited codings to speak of speed: {audited} of the {least} that it takes"
        elif not seconds:
            why = "no times are known"
        found.append(Pace(
            coder=coder, codings=len(times.get(coder, ())), timed=len(seconds), audited=audited,
            accuracy=figures.accuracy if figures else nothing, exact=figures.exact if figures else nothing,
            per_hour=None if why else round(3600 * len(seconds) / sum(seconds), 1), why=why,
        ))  # fmt: skip
    return found
