"""Patient edits: name, birth date, sex, address (loops 2010BA and 2010CA; boxes 2, 3, 5)."""

import re
from collections.abc import Iterator

from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import header
from superbill.identifiers import is_zip

_SOURCE = "837P TR3, loops 2010BA and 2010CA; CMS-1500 boxes 2, 3, 5"
_OLDEST = 120
_STATES: frozenset[str] = frozenset(
    (
        *("AL", "AK", "AS", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "FM", "GA", "GU", "HI", "ID", "IL"),
        *("IN", "IA", "KS", "KY", "LA", "ME", "MH", "MD", "MA", "MI", "MN", "MP", "MS", "MO", "MT", "NE", "NV"),
        *("NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "PR", "PW", "RI", "SC", "SD", "TN", "TX"),
        *("UT", "VT", "VA", "VI", "WA", "WV", "WI", "WY", "AA", "AE", "AP"),
    )
)
_STAND_INS = re.compile(r"\b(TEST|UNKNOWN|NONE|N/?A|BABY ?BOY|BABY ?GIRL|PATIENT)\b", re.IGNORECASE)
_AS_ON_CARD = "Enter the name as on the insurance card."


@rule("patient.name", ERROR, of="patient", source=f"{_SOURCE} NM103, NM104")
def patient_name(claim: Claim) -> Iterator[Problem]:
    """The patient has a last and a first name."""
    name = claim.patient.person
    if not name.last.strip():
        yield Problem(header("patient.name"), "The patient has no last name.", _AS_ON_CARD)
    elif not name.first.strip():
        yield Problem(header("patient.name"), "The patient has no first name.", _AS_ON_CARD)


@rule("patient.name-stand-in", WARNING, of="patient", source=f"{_SOURCE} NM103")
def patient_name_stand_in(claim: Claim) -> Iterator[Problem]:
    """The name is a person's, not a stand-in such as "unknown" or "baby girl"."""
    name = claim.patient.person
    if _STAND_INS.search(name.last) or _STAND_INS.search(name.first):
        message = f"{name.first} {name.last}".strip() + " looks like a stand-in, not a name."
        yield Problem(header("patient.name"), message, _AS_ON_CARD)


@rule("patient.name-digits", WARNING, of="patient", source=f"{_SOURCE} NM103; NUCC 1500 manual, item 2")
def patient_name_digits(claim: Claim) -> Iterator[Problem]:
    """A name has no digits."""
    name = claim.patient.person
    if any(character.isdigit() for character in name.last + name.first):
        yield Problem(header("patient.name"), "The patient's name has digits in it.", _AS_ON_CARD)


@rule("patient.birth-date", ERROR, of="patient", source=f"{_SOURCE} DMG02")
def birth_date(claim: Claim) -> Iterator[Problem]:
    """The birth date is known."""
    if claim.patient.birth_date is None:
        yield Problem(header("patient.birth_date"), "The patient's birth date is missing.", "Ask the patient.")


@rule("patient.birth-in-future", ERROR, source=f"{_SOURCE} DMG02")
def birth_in_future(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """Nobody is born after today."""
    born = claim.patient.birth_date
    if born and born > ctx.today:
        message = f"The birth date {born.isoformat()} is in the future."
        yield Problem(header("patient.birth_date"), message, "Correct the birth date.")


@rule("patient.birth-after-service", ERROR, source=f"{_SOURCE} DMG02; loop 2400 DTP*472")
def birth_after_service(claim: Claim) -> Iterator[Problem]:
    """No service is before the patient's birth."""
    born, first = claim.patient.birth_date, claim.service.start
    if born and first and first < born:
        message = f"The service of {first.isoformat()} is before the patient's birth."
        yield Problem(header("patient.birth_date"), message, "Correct the birth date or the date of service.")


@rule("patient.age", WARNING, source="Medicare Code Editor: ages 0 to 124")
def age(claim: Claim) -> Iterator[Problem]:
    """An age beyond 120 years is more often a wrong century."""
    born, last = claim.patient.birth_date, claim.service.end
    if born and last and last.year - born.year > _OLDEST:
        message = f"The patient would be {last.year - born.year} years old."
        yield Problem(header("patient.birth_date"), message, "Check the century of the birth date.")


@rule("patient.sex", WARNING, of="patient", source=f"{_SOURCE} DMG03", why="Many payers match eligibility by sex.")
def sex(claim: Claim) -> Iterator[Problem]:
    """The sex is known; U is allowed, and some payers reject it."""
    if claim.patient.sex == "U":
        yield Problem(
            header("patient.sex"), "The patient's sex is unknown.", "Enter it as the payer's card file has it."
        )


@rule("patient.address", ERROR, of="patient", source=f"{_SOURCE} N3, N4")
def patient_address(claim: Claim) -> Iterator[Problem]:
    """The patient has a street address and a city."""
    home = claim.patient.address
    if home is None or not home.line1.strip() or not home.city.strip():
        message = "The patient's address is missing or not whole."
        yield Problem(header("patient.address"), message, "Enter street, city, state and ZIP code.")


@rule("patient.zip", ERROR, of="patient", source=f"{_SOURCE} N403")
def patient_zip(claim: Claim) -> Iterator[Problem]:
    """A US address has a ZIP code of five or nine digits."""
    home = claim.patient.address
    if home and not home.country and not is_zip(home.postal_code):
        message = f"{home.postal_code!r} is not a ZIP code."
        yield Problem(header("patient.address.postal_code"), message, "Enter five or nine digits.")


@rule("patient.state", ERROR, of="patient", source=f"{_SOURCE} N402")
def patient_state(claim: Claim) -> Iterator[Problem]:
    """A US address has the post office's two letters of a state."""
    home = claim.patient.address
    if home and not home.country and home.state not in _STATES:
        yield Problem(header("patient.address.state"), f"{home.state!r} is not a state.", "Enter its two letters.")
