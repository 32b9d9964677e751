"""What the documents share, to segments: names, addresses, contacts, dates, procedures, adjustments.

Text is transliterated, identifiers go out as they are or not at all. Segments that many claims share are made once.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache, wraps
from itertools import groupby
from typing import Any, Concatenate, ParamSpec, TypeVar

from superbill.claims.model import (
    Address,
    Adjustment,
    Contact,
    InpatientAdjudication,
    OutpatientAdjudication,
    Person,
    Procedure,
    SecondaryId,
)
from superbill.effective import Period
from superbill.money import Cents
from superbill.x12.nodes import Node
from superbill.x12.standard.claim import CAS, MIA, MOA
from superbill.x12.standard.composites import C003
from superbill.x12.standard.control import HL
from superbill.x12.standard.parties import AMT, DTP, N3, N4, NM1, PER, REF
from superbill.x12.text import exact, plain

P = ParamSpec("P")
T = TypeVar("T")

_ADJUSTMENTS_PER_CAS = 6
_MOST_REMARKS = 5  # of a claim: as many as MIA and MOA have places
_INPATIENT = [name for name in InpatientAdjudication.__struct_fields__ if name != "remarks"]
_OUTPATIENT = [name for name in OutpatientAdjudication.__struct_fields__ if name != "remarks"]


class Unwritable(ValueError):
    """A document that can't be carried; the message says why. `loop`: where it would have stood."""

    loop = ""


def in_its_loop(make: Callable[Concatenate[Node, P], T]) -> Callable[Concatenate[Node, P], T]:
    """Whatever a maker of loops finds unwritable stands in the loop of its node."""

    @wraps(make)
    def made(node: Node, /, *args: P.args, **more: P.kwargs) -> T:
        try:
            return make(node, *args, **more)
        except Unwritable as problem:
            problem.loop = problem.loop or node.rule.id
            raise
        except (ValueError, TypeError, AttributeError) as problem:
            refused = Unwritable(str(problem))
            refused.loop = node.rule.id
            raise refused from problem

    return made


@lru_cache(1 << 10)
def inner(node: Node, name: str) -> Node:
    """The node of a loop in another, by the guide's name."""
    return {child.rule.name: child for child in node.children}[name]


# --- parties --------------------------------------------------------------------------------------------------------


def named(entity: str, person: Person, id_qualifier: str = "", id: str = "") -> NM1:
    """NM1 of a person; the qualifier only beside an id."""
    return NM1(
        entity=entity,
        entity_type="1",
        name=plain(person.last),
        first=plain(person.first),
        middle=plain(person.middle),
        suffix=plain(person.suffix),
        id_qualifier=id_qualifier if id else "",
        id=exact(id),
    )


def organized(entity: str, name: str, id_qualifier: str = "", id: str = "") -> NM1:
    """NM1 of an organization; the qualifier only beside an id."""
    return NM1(entity=entity, entity_type="2", name=plain(name), id_qualifier=id_qualifier if id else "", id=exact(id))


def address(found: Address | None) -> dict[str, N3 | N4 | None]:
    """N3 and N4, by the names that the guides give them."""
    if found is None:
        return {}
    street = N3(line_1=plain(found.line1), line_2=plain(found.line2))
    city = N4(
        city=plain(found.city),
        state=exact(found.state),
        postal_code=exact(found.postal_code),
        country=exact(found.country),
    )
    return {
        "address": street if street != N3() else None,
        "city_state_zip": city if city != N4() else None,
    }


def contact(function: str, found: Contact) -> PER:
    """PER: a name, a telephone number, a mail address."""
    numbers = []
    if found.phone:
        numbers += ["TE", exact(found.phone)]
    if found.email:
        numbers += ["EM", exact(found.email)]
    return PER("", function, plain(found.name), *numbers)


# --- single segments ------------------------------------------------------------------------------------------------


def reference(qualifier: str, value: str) -> REF | None:
    """REF; None for a value that is not there."""
    return REF(qualifier=exact(qualifier), value=exact(value)) if value else None


def references(found: Iterable[SecondaryId]) -> list[REF]:
    """REFs of a party's further numbers."""
    return [REF(qualifier=exact(each.qualifier), value=exact(each.value)) for each in found]


@lru_cache(1 << 12)
def on_day(qualifier: str, day: date | None) -> DTP | None:
    """DTP of one day; None for a day that is not there."""
    return None if day is None else DTP(qualifier=qualifier, format="D8", value=day)


@lru_cache(1 << 12)
def over_days(qualifier: str, period: Period) -> DTP:
    """DTP of a day, or of a range where the period has a later end. Raises Unwritable without a first day."""
    if period.start is None:
        raise Unwritable("a period of service needs its first day")
    if period.end is None or period.end == period.start:
        return DTP(qualifier=qualifier, format="D8", value=period.start)
    return DTP(qualifier=qualifier, format="RD8", value=period)


def amount(qualifier: str, cents: Cents | None) -> AMT | None:
    """AMT; None for an amount that is not there. Zero is an amount."""
    return None if cents is None else AMT(qualifier=qualifier, amount=cents)


def level(number: int, parent: int, kind: str, child: str = "") -> HL:
    """HL; `parent` 0 for the first."""
    return HL(id=str(number), parent=str(parent) if parent else "", level=kind, child=child)


@lru_cache(1 << 13)
def procedure(found: Procedure) -> C003:
    """A procedure. Raises Unwritable for more than four modifiers."""
    if len(found.modifiers) > 4:
        raise Unwritable(f"procedure {found.code} has more than four modifiers")
    first, second, third, fourth, *_ = (*map(exact, found.modifiers), "", "", "", "")
    return C003(exact(found.qualifier), exact(found.code), first, second, third, fourth, plain(found.description))


def adjustments(found: Iterable[Adjustment]) -> list[CAS]:
    """CAS segments: adjustments of one group that follow one another share a segment, six at most."""
    made = []
    for group, members in groupby(found, key=lambda each: each.group):
        every = list(members)
        for start in range(0, len(every), _ADJUSTMENTS_PER_CAS):
            row: list[object] = []
            for each in every[start : start + _ADJUSTMENTS_PER_CAS]:
                row += [exact(each.reason), each.amount, each.quantity]
            made.append(CAS("", exact(group), *row))  # type: ignore[arg-type]  # reason, amount, quantity in turn
    return made


def _told(found: InpatientAdjudication | OutpatientAdjudication, names: list[str]) -> dict[str, Any]:
    if len(found.remarks) > _MOST_REMARKS:
        raise Unwritable("a claim has at most five remark codes")
    remarks = {f"remark_{at}": exact(code) for at, code in enumerate(found.remarks, 1)}
    return {name: getattr(found, name) for name in names} | remarks


def inpatient(found: InpatientAdjudication | None) -> MIA | None:
    """MIA; None where a payer said nothing of the kind. Raises Unwritable for more than five remark codes."""
    return None if found is None else MIA(**_told(found, _INPATIENT))


def outpatient(found: OutpatientAdjudication | None) -> MOA | None:
    """MOA; None where a payer said nothing of the kind. Raises Unwritable for more than five remark codes."""
    return None if found is None else MOA(**_told(found, _OUTPATIENT))
