"""How two codings of one visit differ, cause by cause, and what each difference bills more or less."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.codesets.icd10cm.schema import undotted
from superbill.coding.audit.levels import level_of
from superbill.coding.audit.model import Difference, Pair, Price
from superbill.coding.checks.guidelines.sides import alike
from superbill.coding.deciding import Final, FinalService
from superbill.findings import Finding, Severity

_NAMED = re.compile(r"\b[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]*)?-?", re.ASCII)
_SIDED = "I.B.13"
_SIDES = frozenset(("right", "left", "bilateral"))
_WHOLE, _CATEGORY = 7, 3


class Compared(Struct, frozen=True, kw_only=True):
    """One pair with its differences, and the codes of both that agree."""

    pair: Pair
    differences: tuple[Difference, ...]
    common: tuple[str, ...]
    services_common: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Nothing differs."""
        return not self.differences


def compare(pair: Pair, book: CodeBook | None = None, price: Price | None = None) -> Compared:
    """What differs between the first coding and the reference, diagnoses first.

    `book` tells unspecified codes and sides by their titles; without it only the shape of the codes does. A
    difference has money where `price` knows the codes; diagnoses have none of their own.
    """
    first, reference = pair.first, pair.reference
    common = tuple(code for code in first.diagnoses if code in reference.diagnoses)
    found = [*_diagnoses(pair, book), *_sequence(first, reference), *_services(first, reference, pair.on, price)]
    codes = {service.code for service in reference.services}
    return Compared(
        pair=pair, differences=tuple(_explained(each, pair) for each in found), common=common,
        services_common=tuple(service.code for service in first.services if service.code in codes),
    )  # fmt: skip


def _diagnoses(pair: Pair, book: CodeBook | None) -> Iterator[Difference]:
    ours = [code for code in dict.fromkeys(pair.first.diagnoses) if code not in pair.reference.diagnoses]
    theirs = [code for code in dict.fromkeys(pair.reference.diagnoses) if code not in pair.first.diagnoses]
    yield from _combined(pair, ours, theirs)
    for one, other, cause in _paired(ours, theirs, book):
        yield Difference(cause=cause, first=one, reference=other)
    for one in ours:
        yield Difference(cause="unsupported code", first=one)
    for other in theirs:
        yield Difference(cause="missed condition", reference=other)


def _combined(pair: Pair, ours: list[str], theirs: list[str]) -> Iterator[Difference]:
    """Codes of which the coding checks say that another stands for them, which is what the reference has: a finding
    that names two codes of the first coding and one that only the reference has. Taken out of both lists."""
    for finding in pair.findings:
        named = _NAMED.findall(f"{finding.message} {finding.fix}")
        stand = {undotted(name.rstrip("-.")) for name in _NAMED.findall(finding.message)}
        said = [code for code in pair.first.diagnoses if undotted(code) in stand]
        parts = [code for code in said if code in ours]
        meant = next((code for code in theirs if any(_means(name, code) for name in named)), "")
        if len(said) > 1 and parts and meant and _is_problem(finding):
            cause = "wrong side" if _SIDED in finding.source else "wrong combination"
            yield Difference(cause=cause, first=" + ".join(parts), reference=meant, finding=finding)
            theirs.remove(meant)
            for code in parts:
                ours.remove(code)


def _means(name: str, code: str) -> bool:
    """Whether a name in a finding is the code: itself, or a beginning with a hyphen for what is under it."""
    plain = undotted(name.rstrip("-."))
    return undotted(code) == plain or (name.endswith("-") and undotted(code).startswith(plain))


def _paired(ours: list[str], theirs: list[str], book: CodeBook | None) -> list[tuple[str, str, str]]:
    """Codes that are two answers to one question, taken out of both lists: the likest first."""
    found: list[tuple[str, str, str]] = []
    for cause in (_episode, _side, _specific, _neighbour):
        for one in list(ours):
            for other in theirs:
                name = cause(one, other, book)
                if name:
                    found.append((one, other, name))
                    ours.remove(one)
                    theirs.remove(other)
                    break
    return found


def _episode(one: str, other: str, _book: CodeBook | None) -> str:
    a, b = undotted(one), undotted(other)
    return "wrong episode" if len(a) == len(b) == _WHOLE and a[:-1] == b[:-1] else ""


def _side(one: str, other: str, book: CodeBook | None) -> str:
    a, b = _title(one, book), _title(other, book)
    if undotted(one)[:_CATEGORY] != undotted(other)[:_CATEGORY] or not a or not b or not alike(a, b):
        return ""
    sides, others = _SIDES.intersection(a.split()), _SIDES.intersection(b.split())
    if "unspecified" in a.split() and others and not sides:
        return "less specific"
    if "unspecified" in b.split() and sides and not others:
        return "more specific"
    return "wrong side" if sides and others and sides != others else ""


def _specific(one: str, other: str, book: CodeBook | None) -> str:
    a, b = undotted(one), undotted(other)
    if a[:_CATEGORY] != b[:_CATEGORY]:
        return ""
    if b.startswith(a) or (_unspecified(one, book) and not _unspecified(other, book)):
        return "less specific"
    if a.startswith(b) or (_unspecified(other, book) and not _unspecified(one, book)):
        return "more specific"
    return ""


def _neighbour(one: str, other: str, _book: CodeBook | None) -> str:
    return "wrong code" if undotted(one)[:_CATEGORY] == undotted(other)[:_CATEGORY] else ""


def _unspecified(code: str, book: CodeBook | None) -> bool:
    title = _title(code, book)
    return "unspecified" in title if title else undotted(code)[_CATEGORY:].endswith("9")


def _title(code: str, book: CodeBook | None) -> str:
    found = book.code(code) if book is not None else None
    return found.title.lower().replace(",", " ") if found else ""


def unspecified_codes(codes: Sequence[str], book: CodeBook | None) -> int:
    """How many of the diagnoses say "unspecified" (without a book: end as such codes mostly do)."""
    return sum(_unspecified(code, book) for code in codes)


def _sequence(first: Final, reference: Final) -> Iterator[Difference]:
    """Another first-listed diagnosis although both codings have both codes."""
    if not first.diagnoses or not reference.diagnoses:
        return
    one, other = first.diagnoses[0], reference.diagnoses[0]
    if one != other and one in reference.diagnoses and other in first.diagnoses:
        yield Difference(cause="wrong sequence", first=one, reference=other)


def _services(first: Final, reference: Final, on: date, price: Price | None) -> Iterator[Difference]:
    ours, theirs = list(first.services), list(reference.services)
    visits, others = [each for each in ours if level_of(each.code)], [each for each in theirs if level_of(each.code)]
    yield from _visits(visits, others, on, price)
    yield from _procedures(
        [each for each in ours if not level_of(each.code)], [each for each in theirs if not level_of(each.code)],
        on, price,
    )  # fmt: skip


def _visits(
    ours: list[FinalService], theirs: list[FinalService], on: date, price: Price | None
) -> Iterator[Difference]:
    """Levels of one family against each other first, then whatever visit is left against whatever is left."""
    for same_family in (True, False):
        for one in list(ours):
            for other in theirs:
                if same_family and _family(one) != _family(other):
                    continue
                if one.code == other.code:
                    yield from _details(one, other, on, price)
                else:
                    yield _between(_level_cause(one, other), one, other, on, price)
                    if _modifiers(one) != _modifiers(other):
                        yield Difference(cause="modifier", first=_shown(one), reference=_shown(other))
                ours.remove(one)
                theirs.remove(other)
                break
    yield from _alone(ours, theirs, on, price)


def _family(service: FinalService) -> str:
    level = level_of(service.code)
    return level[0] if level else ""


def _level_cause(one: FinalService, other: FinalService) -> str:
    a, b = level_of(one.code), level_of(other.code)
    if a is None or b is None or a[0] != b[0]:
        return "visit category"
    return "visit level over" if a[1] > b[1] else "visit level under"


def _procedures(
    ours: list[FinalService], theirs: list[FinalService], on: date, price: Price | None
) -> Iterator[Difference]:
    """Lines that are the same first, then lines of the same code, then what stands alone."""
    for like in (_told, _code):
        for one in list(ours):
            other = next((each for each in theirs if like(each) == like(one)), None)
            if other is not None:
                yield from _details(one, other, on, price)
                ours.remove(one)
                theirs.remove(other)
    yield from _alone(ours, theirs, on, price)


def _code(service: FinalService) -> object:
    return service.code


def _told(service: FinalService) -> object:
    return service.code, _modifiers(service), service.units


def _details(one: FinalService, other: FinalService, on: date, price: Price | None) -> Iterator[Difference]:
    """Modifiers and units of one service. The money stands with the units where both differ."""
    units, modifiers = one.units != other.units, _modifiers(one) != _modifiers(other)
    if modifiers:
        cents = None if units else _gap(one, other, on, price)
        yield Difference(cause="modifier", first=_shown(one), reference=_shown(other), cents=cents)
    if units:
        yield _between("units", one, other, on, price)


def _alone(ours: list[FinalService], theirs: list[FinalService], on: date, price: Price | None) -> Iterator[Difference]:
    for one in ours:
        yield Difference(cause="unsupported service", first=_shown(one), cents=_cents(one, on, price))
    for other in theirs:
        cents = _cents(other, on, price)
        yield Difference(cause="missed service", reference=_shown(other), cents=None if cents is None else -cents)


def _between(cause: str, one: FinalService, other: FinalService, on: date, price: Price | None) -> Difference:
    return Difference(cause=cause, first=_shown(one), reference=_shown(other), cents=_gap(one, other, on, price))


def _gap(one: FinalService, other: FinalService, on: date, price: Price | None) -> int | None:
    ours, theirs = _cents(one, on, price), _cents(other, on, price)
    return None if ours is None or theirs is None else ours - theirs


def _cents(service: FinalService, on: date, price: Price | None) -> int | None:
    each = price(service.code, service.modifiers, on) if price else None
    return None if each is None else each * service.units


def _modifiers(service: FinalService) -> tuple[str, ...]:
    return tuple(sorted(service.modifiers))


def _shown(service: FinalService) -> str:
    text = "-".join((service.code, *service.modifiers))
    return text if service.units == 1 else f"{text}x{service.units}"


def _explained(difference: Difference, pair: Pair) -> Difference:
    """With what the coding checks say of the first code, and the second coder's words."""
    at = {code: place for place, code in enumerate(pair.first.diagnoses, 1)}.get(difference.first)
    finding = next((each for each in pair.findings if at is not None and _speaks_of(each, at)), None)
    codes = (difference.reference, difference.first)
    plain = [part.split("-")[0].split("x")[0] for text in codes for part in text.split(" + ") if part]
    reason = next((pair.reference.reasons[code] for code in plain if pair.reference.reasons.get(code)), "")
    reason = reason or next((pair.second.reasons[code] for code in plain if pair.second.reasons.get(code)), "")
    return replace(difference, finding=difference.finding or finding, reason=reason)


def _speaks_of(finding: Finding, position: int) -> bool:
    return finding.where.position == position and _is_problem(finding)


def _is_problem(finding: Finding) -> bool:
    return finding.severity in (Severity.ERROR, Severity.WARNING)


def causes_of(compared: Sequence[Compared]) -> Counter[str]:
    """How often each cause occurs."""
    return Counter(difference.cause for each in compared for difference in each.differences)
