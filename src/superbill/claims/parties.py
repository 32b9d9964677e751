"""Who stands on a claim: people, providers, payers, the subscriber and the patient.

Names follow the 837 guides and the CMS-1500; each field says its loop or box.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

Responsibility = Literal["P", "S", "T", "A", "B", "C", "D", "E", "F", "G", "H"]
Sex = Literal["F", "M", "U"]


class Address(Struct, frozen=True, omit_defaults=True):
    """N3/N4. `postal_code` five or nine digits; a billing provider's has nine."""

    line1: str
    city: str
    state: str
    postal_code: str
    line2: str = ""
    country: str = ""


class Person(Struct, frozen=True, omit_defaults=True):
    last: str
    first: str = ""
    middle: str = ""
    suffix: str = ""


class Contact(Struct, frozen=True, omit_defaults=True):
    """PER. `phone` ten digits."""

    name: str = ""
    phone: str = ""
    email: str = ""


class SecondaryId(Struct, frozen=True):
    """A REF of a party: qualifier (G2 provider commercial number, 0B state license, 1G UPIN, LU location …)."""

    qualifier: str
    value: str


class Provider(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A billing, pay-to, rendering, referring, supervising provider or a service facility.

    Exactly one of `person` and `organization` is set. `tin` with `tin_kind` EI (employer) or SY (social security)
    only on the billing provider.
    """

    person: Person | None = None
    organization: str = ""
    npi: str = ""
    taxonomy: str = ""
    tin: str = ""
    tin_kind: Literal["EI", "SY", ""] = ""
    address: Address | None = None
    contact: Contact | None = None
    secondary_ids: tuple[SecondaryId, ...] = ()


class Payer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2010BB / 2330B. `id` under qualifier PI. `claim_filing_indicator` is SBR09 (MB, MC, CI, BL, WC, AM …)."""

    name: str
    id: str
    claim_filing_indicator: str = "CI"
    address: Address | None = None


class Subscriber(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2000B/2010BA (destination payer) or 2320/2330A (other insurance).

    `relationship` is of the patient to the subscriber, an individual relationship code: 18 self, 01 spouse,
    19 child, G8 other, 20 employee, 21 unknown, 39 organ donor, 40 cadaver donor, 53 life partner.
    """

    responsibility: Responsibility
    relationship: str
    person: Person
    member_id: str
    group_number: str = ""
    group_name: str = ""
    insurance_type: str = ""
    birth_date: date | None = None
    sex: Sex | None = None
    address: Address | None = None
    property_casualty_claim_number: str = ""


class Patient(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2010CA, and the demographics of the patient in any case."""

    person: Person
    birth_date: date | None = None
    sex: Sex = "U"
    address: Address | None = None
