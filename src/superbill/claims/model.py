"""The Claim: a complete, self-contained snapshot of what is or was sent to a payer.

Names follow the 837 guides and the CMS-1500; each field says its loop or box. A correction is a new version with
claim frequency code 7 or 8, never an edit.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from superbill.effective import Period
from superbill.money import Cents

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


class Adjustment(Struct, frozen=True, omit_defaults=True):
    """One CAS adjustment: group code (CO, PR, OA, PI), CARC, cents taken off, quantity."""

    group: str
    reason: str
    amount: Cents
    quantity: Decimal | None = None


class Procedure(Struct, frozen=True, omit_defaults=True):
    """A procedure as billed: code, qualifier (HC for CPT and HCPCS) and up to four modifiers."""

    code: str
    modifiers: tuple[str, ...] = ()
    qualifier: str = "HC"
    description: str = ""


class LineAdjudication(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2430: what an earlier payer did with this line. `payer_id` is that of its OtherInsurance."""

    payer_id: str
    paid: Cents
    procedure: Procedure
    units: Decimal
    adjustments: tuple[Adjustment, ...] = ()
    paid_on: date | None = None
    remaining_patient_liability: Cents | None = None


class OtherInsurance(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2320/2330: another payer of this claim, with its adjudication where it has already paid.

    `paid` is AMT*D; None: that payer has not adjudicated. `adjustments` only where it adjusted at claim level.
    """

    subscriber: Subscriber
    payer: Payer
    paid: Cents | None = None
    adjustments: tuple[Adjustment, ...] = ()
    non_covered: Cents | None = None
    remaining_patient_liability: Cents | None = None
    paid_on: date | None = None
    payer_control_number: str = ""
    benefits_assigned: Literal["Y", "N", "W"] = "Y"
    release_of_information: Literal["Y", "I"] = "Y"


class NationalDrug(Struct, frozen=True, omit_defaults=True):
    """Loop 2410: NDC of eleven digits (LIN*N4), quantity and unit F2|GR|ME|ML|UN (CTP)."""

    ndc: str
    quantity: Decimal
    unit: str = "UN"


class Diagnosis(Struct, frozen=True, omit_defaults=True):
    """An ICD-10-CM code without its dot. The first is the principal (ABK), the others ABF."""

    code: str


class ServiceLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One service as billed (loop 2400; CMS-1500 box 24).

    `charge` is cents for the whole line, never per unit. `diagnosis_pointers` count from 1 into the claim's
    diagnoses, at most four. `control_number` (REF*6R) is the charge line's own key and never changes between
    payers and versions. `place_of_service` and `rendering` only where they differ from the claim's.
    """

    number: int
    control_number: str
    procedure: Procedure
    charge: Cents
    units: Decimal = Decimal(1)
    unit_kind: Literal["UN", "MJ"] = "UN"
    service: Period
    place_of_service: str = ""
    diagnosis_pointers: tuple[int, ...] = ()
    emergency: bool = False
    epsdt: bool = False
    family_planning: bool = False
    drug: NationalDrug | None = None
    rendering: Provider | None = None
    note: str = ""
    adjudications: tuple[LineAdjudication, ...] = ()


class Accident(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """CLM11 and DTP*439; box 10. `causes` of AA (auto), EM (employment), OA (other); `state` for auto."""

    on: date
    causes: tuple[Literal["AA", "EM", "OA"], ...]
    state: str = ""


class Claim(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A professional claim (837P, CMS-1500).

    `control_number` is CLM01 (at most 20 characters) and unique to this submission. `frequency` 1 original,
    7 replacement, 8 void; for 7 and 8 `payer_control_number` (REF*F8) is the one that the payer gave. The patient
    is the subscriber exactly when `subscriber.relationship` is 18.
    """

    kind: Literal["professional"] = "professional"
    control_number: str
    version: int = 1
    frequency: Literal["1", "7", "8"] = "1"
    payer_control_number: str = ""
    billing: Provider
    pay_to: Provider | None = None
    rendering: Provider | None = None
    referring: Provider | None = None
    supervising: Provider | None = None
    service_facility: Provider | None = None
    subscriber: Subscriber
    patient: Patient
    payer: Payer
    diagnoses: tuple[Diagnosis, ...]
    place_of_service: str
    lines: tuple[ServiceLine, ...]
    other_insurance: tuple[OtherInsurance, ...] = ()
    prior_authorization: str = ""
    referral_number: str = ""
    clia: str = ""
    accident: Accident | None = None
    onset: date | None = None
    last_menstrual_period: date | None = None
    admission: date | None = None
    discharge: date | None = None
    accept_assignment: Literal["A", "B", "C"] = "A"
    benefits_assigned: Literal["Y", "N", "W"] = "Y"
    release_of_information: Literal["Y", "I"] = "Y"
    provider_signature: bool = True
    patient_paid: Cents | None = None
    note: str = ""

    @property
    def charge(self) -> Cents:
        """CLM02: the sum of the lines, never stored."""
        return sum(line.charge for line in self.lines)

    @property
    def service(self) -> Period:
        """First to last day of service; open for a claim without days."""
        first: date | None = None
        last: date | None = None
        for line in self.lines:  # one plain pass: every check of a claim asks this
            start, end = line.service.start, line.service.end or line.service.start
            if start is None or end is None:
                continue
            first = start if first is None or start < first else first
            last = end if last is None or end > last else last
        return Period(first, last)

    @property
    def patient_is_subscriber(self) -> bool:
        return self.subscriber.relationship == "18"
