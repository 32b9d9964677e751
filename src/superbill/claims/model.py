"""The Claim: a complete, self-contained snapshot of what is or was sent to a payer, of any of the three kinds.

Names follow the 837 guides, the CMS-1500 and the UB-04; each field says its loop, box or form locator (FL). What only
one kind has stands in `institutional` (claims/institutional.py) or `dental` (claims/dental.py). A correction is a new
version with claim frequency code 7 or 8, never an edit.
"""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from msgspec import Struct

from superbill.claims.adjudicated import InpatientAdjudication, OutpatientAdjudication
from superbill.claims.dental import DentalDetail, DentalLine
from superbill.claims.institutional import InstitutionalDetail
from superbill.claims.parties import (
    Address,
    Contact,
    Patient,
    Payer,
    Person,
    Provider,
    Responsibility,
    SecondaryId,
    Sex,
    Subscriber,
)
from superbill.effective import Period
from superbill.money import Cents

ClaimKind = Literal["professional", "institutional", "dental"]
# CLM05-3, the claim frequency code: professional and dental claims take 1, 7 and 8. An institutional bill also has
# 0 no payment, 2 interim first, 3 interim continuing, 4 interim last, 5 late charges, 9 final of an episode, Q
# reopening; a hospice's or home health agency's notices are A admission or election, B termination or revocation,
# C change of provider, D void of a notice, E change of ownership.
Frequency = Literal["0", "1", "2", "3", "4", "5", "7", "8", "9", "A", "B", "C", "D", "E", "Q"]


class Adjustment(Struct, frozen=True, omit_defaults=True):
    """One CAS adjustment: group code (CO, PR, OA, PI), CARC, cents taken off, quantity."""

    group: str
    reason: str
    amount: Cents
    quantity: Decimal | None = None


class Procedure(Struct, frozen=True, omit_defaults=True):
    """A procedure as billed: code, qualifier (HC for CPT and HCPCS, AD for CDT, HP for a HIPPS rate code) and up to
    four modifiers. The code is "" on an institutional line that a revenue code alone describes.
    """

    code: str
    modifiers: tuple[str, ...] = ()
    qualifier: str = "HC"
    description: str = ""


class LineAdjudication(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2430: what an earlier payer did with this line. `payer_id` is that of its OtherInsurance.

    `revenue_code` is what it adjudicated under (SVD04), of institutional lines; the procedure's code is "" where it
    named none. `bundled_into` is the number of the line that it bundled this one into (SVD06).
    """

    payer_id: str
    paid: Cents
    procedure: Procedure
    units: Decimal
    revenue_code: str = ""
    bundled_into: int | None = None
    adjustments: tuple[Adjustment, ...] = ()
    paid_on: date | None = None
    remaining_patient_liability: Cents | None = None


class OtherInsurance(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2320/2330: another payer of this claim, with its adjudication where it has already paid.

    `paid` is AMT*D; None: that payer has not adjudicated. `adjustments` only where it adjusted at claim level.
    `inpatient` (MIA) and `outpatient` (MOA) are what Medicare, or who answers like it, remarked on the whole claim.
    `prior_authorization` and `referral_number` are the numbers that this payer gave (REF*G1, REF*9F of 2330B).
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
    prior_authorization: str = ""
    referral_number: str = ""
    inpatient: InpatientAdjudication | None = None
    outpatient: OutpatientAdjudication | None = None


class NationalDrug(Struct, frozen=True, omit_defaults=True):
    """Loop 2410: NDC of eleven digits (LIN*N4), quantity and unit F2|GR|ME|ML|UN (CTP), prescription (REF*XZ)."""

    ndc: str
    quantity: Decimal
    unit: str = "UN"
    prescription_number: str = ""


class Diagnosis(Struct, frozen=True, omit_defaults=True):
    """An ICD-10-CM code without its dot. The first is the principal (ABK), the others ABF.

    `poa` is the present on admission indicator of an inpatient's diagnosis: Y, N, U, W, 1 (exempt, of some payers), or
    "" where there is none (HI01-9; FL 67, eighth position).
    """

    code: str
    poa: Literal["Y", "N", "U", "W", "1", ""] = ""


class ServiceLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One service as billed (loop 2400; CMS-1500 box 24; UB-04 FL 42 to 48).

    `charge` is cents for the whole line, never per unit. `diagnosis_pointers` count from 1 into the claim's
    diagnoses, at most four. `control_number` (REF*6R) is the charge line's own key and never changes between
    payers and versions. `place_of_service` and `rendering` only where they differ from the claim's. Units are counted
    as such (UN), in minutes (MJ) or in days (DA). `revenue_code` (four digits, SV201, FL 42), `non_covered` (SV207,
    FL 48), `operating` and `other_operating` (2420A, 2420B) are of institutional lines, `dental` of dental ones. An
    institutional line, or one that asks what would be paid, may have no day of its own: then `service` is open.
    `sales_tax` (AMT*T; AMT*GT, the service tax of a facility) and `facility_tax` (AMT*N8) are cents. Authorization and
    referral (REF*G1, REF*9F) and providers only where they differ from the claim's: an institutional line tells no
    authorization, supervisor or facility of its own, a dental one no referring provider. `ordering` (2420E) is who
    ordered a professional line's test or equipment.
    """

    number: int
    control_number: str
    procedure: Procedure
    charge: Cents
    units: Decimal = Decimal(1)
    unit_kind: Literal["UN", "MJ", "DA"] = "UN"
    service: Period
    place_of_service: str = ""
    diagnosis_pointers: tuple[int, ...] = ()
    emergency: bool = False
    epsdt: bool = False
    family_planning: bool = False
    drug: NationalDrug | None = None
    rendering: Provider | None = None
    note: str = ""
    revenue_code: str = ""
    non_covered: Cents | None = None
    operating: Provider | None = None
    other_operating: Provider | None = None
    referring: Provider | None = None
    supervising: Provider | None = None
    ordering: Provider | None = None
    service_facility: Provider | None = None
    prior_authorization: str = ""
    referral_number: str = ""
    sales_tax: Cents | None = None
    facility_tax: Cents | None = None
    dental: DentalLine | None = None
    adjudications: tuple[LineAdjudication, ...] = ()


class Accident(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """CLM11 and DTP*439; box 10. `causes` of AA (auto), EM (employment), OA (other); `state` for auto.

    `country` only where the accident by car was abroad. An institutional bill tells an accident by its occurrence
    codes (01 to 06) and InstitutionalDetail.auto_accident_state instead.
    """

    on: date
    causes: tuple[Literal["AA", "EM", "OA"], ...]
    state: str = ""
    country: str = ""


class Attachment(Struct, frozen=True, omit_defaults=True):
    """Paperwork for a claim (PWK): what it is, how it is sent, and the number by which the payer finds it.

    `report` is what it is (OZ support data, B4 referral form, RB X-rays …). `transmission`: AA kept and sent on
    request, BM by mail, EL electronically, EM by mail message, FT file transfer, FX by fax; only AA needs no number.
    """

    report: str
    transmission: str = "AA"
    control_number: str = ""


class Note(Struct, frozen=True):
    """A note of a category that the guide lists (NTE): MED medications, DGN diagnosis, RHB rehabilitation goals …"""

    category: str
    text: str


class Claim(Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """A professional (837P, CMS-1500), institutional (837I, UB-04) or dental claim (837D).

    `institutional` is there exactly for an institutional claim, `dental` exactly for a dental one. An institutional
    claim has no place of service (""): its type of bill says where care was given. `control_number` is CLM01 (at most
    20 characters) and unique to this submission. `frequency` 1 original, 7 replacement, 8 void; for 7 and 8
    `payer_control_number` (REF*F8) is the one that the payer gave. The patient is the subscriber exactly when
    `subscriber.relationship` is 18. What is derived is reckoned once: a check of a claim asks for it a hundred times.

    `predetermination` asks what would be paid for what has not been done yet (CLM19). `note` is the biller's own
    (NTE*ADD; FL 80), `notes` are of other categories. `references` are further numbers of loop 2300 by their
    qualifiers: 4N service authorization exception, 9A and 9C repriced claim, D9 clearinghouse, LX investigational
    device, P4 demonstration project, G4 peer review, EW mammography, 1J care plan oversight, F5 crossover.
    `special_program` is CLM12, `delay_reason` CLM20, `epsdt_referrals` are AV, S2, ST or NU alone (CRC*ZZ),
    `file_information` is what a state's law asks for (K3).
    """

    kind: ClaimKind = "professional"
    control_number: str
    version: int = 1
    frequency: Frequency = "1"
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
    predetermination: bool = False
    special_program: str = ""
    delay_reason: str = ""
    attachments: tuple[Attachment, ...] = ()
    references: tuple[SecondaryId, ...] = ()
    notes: tuple[Note, ...] = ()
    file_information: tuple[str, ...] = ()
    epsdt_referrals: tuple[str, ...] = ()
    institutional: InstitutionalDetail | None = None
    dental: DentalDetail | None = None

    @cached_property
    def charge(self) -> Cents:
        """CLM02: the sum of the lines, never stored."""
        return sum(line.charge for line in self.lines)

    @cached_property
    def service(self) -> Period:
        """First to last day of service: the statement period of an institutional claim; open for one without days."""
        if self.institutional is not None:
            return self.institutional.statement
        first: date | None = None
        last: date | None = None
        for line in self.lines:
            start, end = line.service.start, line.service.end or line.service.start
            if start is None or end is None:
                continue
            first = start if first is None or start < first else first
            last = end if last is None or end > last else last
        return Period(first, last)

    @cached_property
    def codes(self) -> frozenset[str]:
        """The procedure codes of the lines."""
        return frozenset([line.procedure.code for line in self.lines])

    @cached_property
    def modifiers(self) -> frozenset[str]:
        """Every modifier on a line."""
        return frozenset([modifier for line in self.lines for modifier in line.procedure.modifiers])

    def days_of(self, line: ServiceLine) -> Period:
        """The days of a line: its own, or the claim's where it tells none."""
        return line.service if line.service.start is not None else self.service

    @cached_property
    def diagnosis_codes(self) -> frozenset[str]:
        """The codes of the diagnoses."""
        return frozenset([diagnosis.code for diagnosis in self.diagnoses])

    @property
    def patient_is_subscriber(self) -> bool:
        return self.subscriber.relationship == "18"

    @property
    def type_of_bill(self) -> str:
        """FL 4: "0", the facility type and the frequency ("0111"); "" for a claim that is not institutional."""
        return f"0{self.institutional.facility_type}{self.frequency}" if self.institutional is not None else ""


__all__ = [
    "Accident",
    "Address",
    "Adjustment",
    "Attachment",
    "Claim",
    "ClaimKind",
    "Contact",
    "DentalDetail",
    "DentalLine",
    "Diagnosis",
    "Frequency",
    "InpatientAdjudication",
    "InstitutionalDetail",
    "LineAdjudication",
    "NationalDrug",
    "Note",
    "OtherInsurance",
    "OutpatientAdjudication",
    "Patient",
    "Payer",
    "Person",
    "Procedure",
    "Provider",
    "Responsibility",
    "SecondaryId",
    "ServiceLine",
    "Sex",
    "Subscriber",
]
