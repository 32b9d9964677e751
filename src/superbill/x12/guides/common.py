"""Segments that the guides share: names, addresses, contacts, references, dates, adjustments."""

from collections.abc import Sequence

from superbill.claims.model import Contact
from superbill.x12 import values
from superbill.x12.grammar import (
    DAY,
    MONEY,
    PERIOD,
    PROCEDURE,
    REQUIRED,
    SITUATIONAL,
    Element,
    Segment,
    code,
    composite,
    derived,
    ident,
    mark,
    segment,
    text,
    value,
)

R, S = REQUIRED, SITUATIONAL

GROUPS = "CO CR OA PI PR"
FILING = "11 12 13 14 15 16 17 AM BL CH CI DS FI HM LM MA MB MC OF TV VA WC ZZ"


def person_parts() -> tuple[Element, ...]:
    """NM103–NM107 of a person or organization."""
    return (text(3, "last", R), text(4, "first"), text(5, "middle"), text(7, "suffix"))


def provider_name(title: str, q: str, kinds: str = "1 2", usage: str = R) -> Segment:
    """NM1 of a provider with its NPI."""
    return segment(
        "NM1",
        title,
        usage,
        mark(1, q.split()[0], also=q, usage=R),
        code(2, "entity", kinds, R),
        *person_parts(),
        mark(8, "XX", "npi"),
        ident(9, "npi", check="npi"),
        q=q,
    )


def member_name(title: str, q: str, usage: str = R, id_usage: str = R) -> Segment:
    """NM1 of a subscriber with its member number."""
    return segment(
        "NM1",
        title,
        usage,
        code(2, "entity", "1 2", R),
        *person_parts(),
        mark(8, "MI", "member_id", also="II", usage=id_usage),
        ident(9, "member_id", id_usage),
        q=q,
    )


def payer_name(title: str, q: str = "PR") -> Segment:
    """NM1 of a payer with its payer id."""
    return segment(
        "NM1", title, R, mark(2, "2"), text(3, "name", R), mark(8, "PI", also="XV", usage=R), ident(9, "id", R), q=q
    )


def address(usage: str = R) -> tuple[Segment, Segment]:
    """N3 and N4."""
    return (
        segment("N3", "Street address", usage, text(1, "line1", R), text(2, "line2")),
        segment(
            "N4",
            "City, state, ZIP",
            usage,
            text(1, "city", R),
            ident(2, "state", check="state"),
            ident(3, "postal_code", check="zip"),
            ident(4, "country"),
            ident(7),
        ),
    )


def reference(title: str, q: str, name: str, usage: str = S, longest: int | None = None, check: str = "") -> Segment:
    """A REF that carries one number."""
    return segment("REF", title, usage, ident(2, name, R, longest, check), q=q)


def plain_reference(title: str, q: str, usage: str = S, repeat: int = 1, rest: str = "2R") -> Segment:
    """A REF that our documents don't carry."""
    return segment("REF", title, usage, q=q, repeat=repeat, rest=rest)


def _read_ids(e: list[str], _mark: str) -> list[tuple[str, str]]:
    return [(e[1], e[2] if len(e) > 2 else "")]


def _write_ids(found: Sequence[tuple[str, str]]) -> list[list[str]]:
    return [["REF", values.exact(qualifier), values.exact(number)] for qualifier, number in found]


def secondary_ids(q: str, repeat: int, usage: str = S, name: str = "secondary_ids", rest: str = "2R") -> Segment:
    """The REFs of a party that become (qualifier, number) pairs."""
    return segment(
        "REF",
        "Secondary identification",
        usage,
        q=q,
        repeat=repeat,
        rest=rest,
        many=name,
        reads=_read_ids,
        writes=_write_ids,
    )


def on_day(title: str, q: str, name: str = "", usage: str = S, repeat: int = 1) -> Segment:
    """A DTP of one day."""
    return segment("DTP", title, usage, mark(2, "D8", usage=R), value(DAY, 3, name, R), q=q, repeat=repeat)


def over_days(title: str, q: str, name: str, usage: str = S) -> Segment:
    """A DTP of a day or a range."""
    return segment(
        "DTP",
        title,
        usage,
        derived(2, name, values.period_format, "D8 RD8"),
        value(PERIOD, 3, name, R),
        q=q,
    )


def amount(title: str, q: str, name: str = "", usage: str = S, repeat: int = 1) -> Segment:
    """An AMT."""
    return segment("AMT", title, usage, value(MONEY, 2, name, R), q=q, repeat=repeat)


def adjustments(title: str, usage: str = S, repeat: int = 5, groups: str = GROUPS) -> Segment:
    """CAS: a group code and up to six reasons."""
    return segment(
        "CAS",
        title,
        usage,
        code(1, "", groups, R),
        rest="2R 3R 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19",
        repeat=repeat,
        many="adjustments",
        reads=values.adjustments,
        writes=values.adjustments_text,
    )


def contact(title: str, usage: str = S, repeat: int = 1, q: str = "IC", name: str = "contacts") -> Segment:
    """PER: a name and up to three numbers."""

    def write(found: Sequence[Contact]) -> list[list[str]]:
        return values.contact_text(found, q)

    return segment(
        "PER",
        title,
        usage,
        q=q,
        rest="2 3 4 5 6 7 8",
        repeat=repeat,
        many=name,
        reads=values.contact,
        writes=write,
    )


def procedure(position: int, name: str, usage: str, qualifiers: str) -> Element:
    """A composite medical procedure."""
    return composite(position, PROCEDURE, name, usage, f"R:{qualifiers}", "R", "S", "S", "S", "S", "S")
