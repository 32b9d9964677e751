"""The data types of FHIR R4 that our resources are made of, with the fields that billing reads.

Unknown fields are passed over. Dates stay text here, because a wrong date must not cost the whole resource.
"""

from decimal import Decimal

from msgspec import Struct


class Element(Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """Base of all data types. Tolerant: fields that are not named are ignored."""


class Coding(Element, frozen=True):
    system: str = ""
    code: str = ""
    display: str = ""


class CodeableConcept(Element, frozen=True):
    coding: tuple[Coding, ...] = ()
    text: str = ""


class Identifier(Element, frozen=True):
    use: str = ""
    type: CodeableConcept = CodeableConcept()
    system: str = ""
    value: str = ""


class Reference(Element, frozen=True):
    reference: str = ""
    identifier: Identifier | None = None
    display: str = ""


class Period(Element, frozen=True):
    start: str = ""
    end: str = ""


class HumanName(Element, frozen=True):
    """A null in `given` carries only an extension."""

    use: str = ""
    text: str = ""
    family: str = ""
    given: tuple[str | None, ...] = ()
    suffix: tuple[str | None, ...] = ()


class Address(Element, frozen=True):
    use: str = ""
    line: tuple[str | None, ...] = ()
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


class ContactPoint(Element, frozen=True):
    system: str = ""
    value: str = ""


class Quantity(Element, frozen=True):
    value: Decimal | None = None
    unit: str = ""
    code: str = ""


class Money(Element, frozen=True):
    value: Decimal | None = None
    currency: str = ""


class Annotation(Element, frozen=True):
    text: str = ""


class Attachment(Element, frozen=True):
    content_type: str = ""
    data: str = ""
    url: str = ""


class Extension(Element, frozen=True):
    url: str = ""
    value_string: str = ""
    value_code: str = ""
    value_decimal: Decimal | None = None
    value_positive_int: int | None = None
    value_date: str = ""
    value_date_time: str = ""
    value_money: Money | None = None
    extension: "tuple[Extension, ...]" = ()
