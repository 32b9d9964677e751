"""Box 24 of the CMS-1500: one service line, its unshaded half (A–J) and its shaded supplement."""

from collections.abc import Iterator

from superbill.claims.model import Claim, Provider, ServiceLine
from superbill.claims.print_text import amount, day6, plain, quantity

_LETTERS = "ABCDEFGHIJKL"
_BETWEEN_ITEMS = "   "  # NUCC, section on supplemental information: three blanks between two items


def line_boxes(row: int, line: ServiceLine, claim: Claim) -> dict[str, str]:
    """The keys "24.<row>.…" of `line`; a part without content has no key."""
    return {f"24.{row}.{key}": value for key, value in _parts(line, claim) if value}


def _parts(line: ServiceLine, claim: Claim) -> Iterator[tuple[str, str]]:
    start = line.service.start
    yield "shaded", supplement(line)
    yield "A.from", day6(start)
    yield "A.to", day6(line.service.end or start)
    yield "B", line.place_of_service or claim.place_of_service
    yield "C", "Y" if line.emergency else ""
    yield "D.code", plain(line.procedure.code)
    yield "D.modifiers", " ".join(line.procedure.modifiers[:4])
    for place, modifier in enumerate(line.procedure.modifiers[:4], start=1):
        yield f"D.m{place}", modifier
    yield "E", "".join(_LETTERS[p - 1] for p in line.diagnosis_pointers[:4] if 0 < p <= len(_LETTERS))
    yield "F", amount(line.charge)
    yield "G", quantity(line.units)
    yield "H", "Y" if line.epsdt or line.family_planning else ""
    yield from _rendering(line.rendering or claim.rendering, claim.billing)


def _rendering(provider: Provider | None, billing: Provider) -> Iterator[tuple[str, str]]:
    """24I and 24J only when the one who rendered is not the one in box 33 (NUCC, item 24J)."""
    if provider is None or (provider.npi == billing.npi and provider.npi):
        return
    yield "J", provider.npi
    if provider.taxonomy:
        yield "I.shaded", "ZZ"
        yield "J.shaded", provider.taxonomy
    elif provider.secondary_ids:
        yield "I.shaded", provider.secondary_ids[0].qualifier
        yield "J.shaded", plain(provider.secondary_ids[0].value)


def supplement(line: ServiceLine) -> str:
    """The shaded line: N4 + NDC + unit and quantity, then ZZ + the description of an unlisted code or a note."""
    items = []
    if line.drug:
        items.append(f"N4{line.drug.ndc} {line.drug.unit}{quantity(line.drug.quantity)}")
    words = plain(line.note or line.procedure.description)
    if words:
        items.append(f"ZZ{words}")
    return _BETWEEN_ITEMS.join(items)[:61]
