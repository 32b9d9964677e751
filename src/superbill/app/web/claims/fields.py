"""What of a claim a person may edit: each field with its words, how it is read off a claim and how it is put in.

A field's text is what stands in the form; the same text means the same value. So two edits of one claim can be laid
side by side, field by field; a list (field_lists.py) is one text too, a row after the other. Charges and line keys are
on the books and are not among the fields.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from msgspec import Struct
from msgspec.structs import replace

from superbill.claims.dental import DentalLine, Orthodontics
from superbill.claims.model import Accident, Claim, Contact, Diagnosis, Patient, Person, Provider, Subscriber
from superbill.claims.parties import Address
from superbill.effective import Period
from superbill.money import Cents, MoneyError, parse_dollars

Providers = Mapping[str, Provider]  # whom the practice knows, by NPI
Read = Callable[[Any], str]
Write = Callable[[Any, Any, Providers], Any]
Word = str | Promise
_MOST_UNITS = 99999

# What the text of a field looks like, and what to write where it does not.
SHAPES: Mapping[str, tuple[str, Word]] = {
    "npi": (r"\d{10}", later("An NPI is ten digits.")),
    "state": (r"[A-Z]{2}", later("Write the two letters of the state, such as OH.")),
    "two": (r"[A-Z0-9]{2}", later("Write a code of two letters or digits, such as 11.")),
    "one": (r"[A-Z0-9]", later("Write a code of one letter or digit.")),
    "hour": (r"[01]\d|2[0-3]", later("Write an hour from 00 to 23.")),
    "minute": (r"[0-5]\d", later("Write minutes from 00 to 59.")),
    "revenue": (r"\d{4}", later("A revenue code is four digits, such as 0450.")),
    "drg": (r"\d{3}", later("An MS-DRG is three digits.")),
    "icd10": (r"[A-Z]\d[A-Z0-9](\.?[A-Z0-9]{1,4})?", later("Write an ICD-10-CM code, such as E11.9.")),
    "pcs": (r"[A-HJ-NP-Z0-9]{7}", later("An ICD-10-PCS code is seven letters and digits.")),
    "tooth": (
        r"[1-9]|[12]\d|3[0-2]|5[1-9]|[67]\d|8[0-2]|[A-T]S?",
        later("Write a tooth as 1 to 32, A to T, 51 to 82 or AS to TS."),
    ),
    "surfaces": (r"(?:([MODBFLI])(?!.*\1))+", later("Write surfaces with the letters M O D B F L I, each once.")),
    "reason": (r"[A-Z]?\d{1,3}", later("Write a reason code, such as 45.")),
    "phone": (r"\d{10}", later("A telephone number is ten digits.")),
}


class Unreadable(ValueError):
    """Text that is no value of its field; the message says what is."""


class Column(Struct, frozen=True, kw_only=True):
    """A cell that every row of a list has; one of a `shape` must be filled but where it is not `needed`."""

    name: str
    label: Word
    look: str = "code"
    most: int = 10
    options: Mapping[str, Word] = {}
    shape: str = ""
    needed: bool = True


class Field(Struct, frozen=True, kw_only=True):
    """One field. `place` is its name in findings; `kinds` the claims that have it; `options` what may be chosen;
    `shape` what its text must look like (SHAPES); `columns` where it is a list, of at most `rows` rows."""

    name: str
    label: Word
    place: str
    read: Read
    write: Write
    look: str = ""
    most: int = 60
    kinds: tuple[str, ...] = ("professional", "institutional", "dental")
    options: Mapping[str, Word] = {}
    shape: str = ""
    columns: tuple[Column, ...] = ()
    rows: int = 0


def shaped(text: str, shape: str) -> str:
    """The text as a field of this shape keeps it. Raises Unreadable."""
    if not shape or not text:
        return text
    pattern, said = SHAPES[shape]
    if re.fullmatch(pattern, text.upper()) is None:
        raise Unreadable(str(said))
    return text.upper()


def day_text(value: date | None) -> str:
    """As it stands in a field: 11/21/2026."""
    return f"{value:%m/%d/%Y}" if value else ""


def day(text: str) -> date | None:
    """The day of a field. Raises Unreadable."""
    for shape in ("%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"):
        try:
            return datetime.strptime(text, shape).date() if text else None  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise Unreadable(_("Write a day as MM/DD/YYYY."))


# What a part begins as where the claim lacks it, and is again once all of it is cleared.
_PROVIDERS = (
    "pay_to", "referring", "supervising", "ordering", "operating", "other_operating", "attending", "service_facility",
    "assistant_surgeon",
)  # fmt: skip
_EMPTY: Mapping[str, Struct] = {
    "address": Address(line1="", city="", state="", postal_code=""),
    "contact": Contact(),
    "person": Person(last=""),
    "orthodontics": Orthodontics(),
    "dental": DentalLine(),
    **dict.fromkeys(_PROVIDERS, Provider()),
}


def attribute(name: str) -> tuple[Read, Write]:
    """A value of a struct, by its path ("subscriber.person.last"); what holds it comes and goes with it."""
    head, _dot, rest = name.partition(".")
    if not rest:
        return (lambda one: getattr(one, head) or ""), (lambda one, value, _known: replace(one, **{head: value}))
    read, write = attribute(rest)
    empty = _EMPTY.get(head)

    def get(one: Any) -> str:
        inner = getattr(one, head)
        return read(inner) if inner is not None else ""

    def put(one: Any, value: Any, known: Providers) -> Any:
        inner = getattr(one, head)
        if inner is None and empty is None:
            raise Unreadable(_("There is nothing on the claim that this could belong to."))
        now = write(inner if inner is not None else empty, value, known)
        always = head == "person" and isinstance(one, Subscriber | Patient)
        return replace(one, **{head: None if now == empty and not always else now})

    return get, put


def value_at(one: Any, path: str) -> Any:
    """What stands at a path; None where there is nothing."""
    for part in path.split("."):
        one = getattr(one, part) if one is not None else None
    return one


def turned(path: str, told: Callable[[Any], str], taken: Callable[[str], Any]) -> tuple[Read, Write]:
    """A value at a path that is no text: how it is told, and how it is taken from what is written."""
    _read, write = attribute(path)
    return (lambda one: told(value_at(one, path))), (lambda one, text, known: write(one, taken(text), known))


def dated(path: str) -> tuple[Read, Write]:
    """A day of a struct, by its path."""
    return turned(path, day_text, day)


def words(path: str) -> tuple[Read, Write]:
    """Codes of a struct (a tuple of texts), apart by blanks or commas."""
    return turned(path, lambda found: " ".join(found or ()), lambda text: tuple(text.replace(",", " ").upper().split()))


def yes(path: str) -> tuple[Read, Write]:
    """Whether, by its path: "Y" or ""."""
    return turned(path, lambda found: "Y" if found else "", lambda text: text == "Y")


def money_text(cents: Cents | None) -> str:
    """Dollars as they stand in a field; "" for none."""
    return "" if cents is None else f"{cents / 100:.2f}"


def money_of(text: str) -> Cents | None:
    """The cents of an amount in dollars. Raises Unreadable."""
    try:
        found = parse_dollars(text.replace("$", "").replace(",", "")) if text else None
    except MoneyError:
        raise Unreadable(_("Write an amount in dollars, such as 120.50.")) from None
    if found is not None and found < 0:
        raise Unreadable(_("Write an amount that is not below zero."))
    return found


def dollars(path: str) -> tuple[Read, Write]:
    """Cents at a path, as dollars."""
    return turned(path, money_text, money_of)


def months_of(text: str) -> int | None:
    """A number of months. Raises Unreadable."""
    if text and not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise Unreadable(_("Write a number of months."))
    return int(text) if text else None


def months(path: str) -> tuple[Read, Write]:
    """A number of months at a path."""
    return turned(path, lambda found: "" if found is None else str(found), months_of)


def of_period(path: str, end: str) -> tuple[Read, Write]:
    """The first or last day ("start", "end") of a period."""

    def get(one: Any) -> str:
        return day_text(value_at(one, f"{path}.{end}"))

    _read, write = attribute(path)

    def put(one: Any, text: str, known: Providers) -> Any:
        there, found = value_at(one, path), day(text)
        start, last = (found, there.end) if end == "start" else (there.start, found)
        return write(one, Period(start, last), known)

    return get, put


def diagnosis(place: int) -> tuple[Read, Write]:
    """The diagnosis code at this place, from 0."""

    def get(claim: Claim) -> str:
        return claim.diagnoses[place].code if place < len(claim.diagnoses) else ""

    def put(claim: Claim, text: str, _known: Providers) -> Claim:
        code = text.replace(".", "").upper()
        there = list(claim.diagnoses)
        if place < len(there):
            if there[place].code != code:
                there[place] = Diagnosis(code, there[place].poa)
        elif code:
            there.append(Diagnosis(code))
        return replace(claim, diagnoses=tuple(there))

    return get, put


def provider(path: str) -> tuple[Read, Write]:
    """A provider chosen by NPI among those whom the practice knows."""
    _read, write = attribute(path)

    def get(one: Any) -> str:
        found = value_at(one, path)
        return found.npi if found is not None else ""

    def put(one: Any, text: str, known: Providers) -> Any:
        if text and text not in known:
            raise Unreadable(_("Nobody of the practice has the NPI %s.") % text)
        return write(one, known[text] if text else None, known)

    return get, put


def npi_of(path: str, taxonomy: bool = False) -> tuple[Read, Write]:
    """The NPI of a provider who may be anybody; that of somebody whom the practice knows brings the name along."""
    read, write = attribute(f"{path}.npi")
    _read, whole = attribute(path)

    def put(one: Any, text: str, known: Providers) -> Any:
        found = known.get(text) if text else None
        if found is None:
            return write(one, text, known)
        who = Provider(person=found.person, organization=found.organization, npi=found.npi)
        return whole(one, replace(who, taxonomy=found.taxonomy) if taxonomy else who, known)

    return read, put


def accident_of(cause: str) -> tuple[Read, Write]:
    """Whether an accident of this cause (AA, EM, OA) is what the claim is about."""

    def get(claim: Claim) -> str:
        return "Y" if claim.accident is not None and cause in claim.accident.causes else ""

    def put(claim: Claim, text: str, _known: Providers) -> Claim:
        had = claim.accident or _NO_ACCIDENT
        now = {*had.causes, cause} if text == "Y" else {*had.causes} - {cause}
        return _with_accident(claim, replace(had, causes=tuple(sorted(now))))

    return get, put


def accident_part(part: str) -> tuple[Read, Write]:
    """The day, state or country of the accident."""

    def get(claim: Claim) -> str:
        found: Any = value_at(claim, f"accident.{part}")
        return day_text(found) if part == "on" else found or ""

    def put(claim: Claim, text: str, _known: Providers) -> Claim:
        value = day(text) if part == "on" else text.upper()
        return _with_accident(claim, replace(claim.accident or _NO_ACCIDENT, **{part: value}))

    return get, put


_NO_ACCIDENT = Accident(on=None, causes=())  # type: ignore[arg-type]  # until its day is told; edited() asks for it


def _with_accident(claim: Claim, now: Accident) -> Claim:
    return replace(claim, accident=None if now == _NO_ACCIDENT else now)


def count_of(said: str) -> Decimal:
    """A number of units, as it may be billed. Raises Unreadable."""
    try:
        found = Decimal(said)
    except InvalidOperation:
        raise Unreadable(_("Write a number of units.")) from None
    if not found.is_finite() or found < 0 or found > _MOST_UNITS:
        raise Unreadable(_("Write a number of units."))
    return found


def field(name: str, label: Word, parts: tuple[Read, Write], place: str = "", **more: Any) -> Field:
    """A field from how it is read and put in; its place in findings is its name unless told."""
    return Field(name=name, label=label, place=place or name, read=parts[0], write=parts[1], **more)


def text(name: str, label: Word, path: str = "", most: int = 60, **more: Any) -> Field:
    """A text at a path of the claim, which is its place in findings too."""
    return field(name, label, attribute(path or name), more.pop("place", path or name), most=most, **more)


def code(name: str, label: Word, path: str = "", most: int = 50, **more: Any) -> Field:
    """A code or a number at a path."""
    return text(name, label, path, most, look="code", **more)


def when(name: str, label: Word, path: str = "", **more: Any) -> Field:
    """A day at a path."""
    return field(name, label, dated(path or name), path or name, most=10, look="day", **more)


def person(name: str, label: Word, path: str = "", taxonomy: bool = False, **more: Any) -> tuple[Field, ...]:
    """A provider who may be anybody: last name, first name, NPI."""
    path = path or name
    return (
        field(f"{name}_last", _of(label, later("last name")), attribute(f"{path}.person.last"), path, **more),
        field(f"{name}_first", _of(label, later("first name")), attribute(f"{path}.person.first"), f"{path}.first",
              most=35, **more),
        field(f"{name}_npi", _of(label, later("NPI")), npi_of(path, taxonomy), f"{path}.npi", most=10, look="code npi",
              shape="npi", **more),
    )  # fmt: skip


def address(name: str, path: str, who: Word = "", **more: Any) -> tuple[Field, ...]:
    """Street, city, state and ZIP at a path; `who` lives there, where that is not the patient."""

    def told(what: Word) -> Word:
        return _of(who, what) if who else what

    return (
        text(f"{name}street", told(later("Street")), f"{path}.line1", 55, place=path, **more),
        text(f"{name}street2", told(later("Street, second line")), f"{path}.line2", 55, **more),
        text(f"{name}city", told(later("City")), f"{path}.city", 30, place=path, **more),
        text(f"{name}state", told(later("State")), f"{path}.state", 2, shape="state", **more),
        text(f"{name}zip", told(later("ZIP")), f"{path}.postal_code", 15, **more),
        text(f"{name}country", told(later("Country, if abroad")), f"{path}.country", 2, **more),
    )


def _of(label: Word, what: Word) -> Word:
    """Who, and what of them, in the reader's language."""
    return format_lazy("{who}: {what}", who=label, what=what)
