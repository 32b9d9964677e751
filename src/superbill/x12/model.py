"""The documents that payers send back: 835, 999, 277CA; and the envelope around every interchange."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from superbill.claims.model import (
    Address,
    Adjustment,
    Contact,
    InpatientAdjudication,
    OutpatientAdjudication,
    Person,
    Procedure,
)
from superbill.effective import Period
from superbill.findings import Finding
from superbill.money import Cents


class Envelope(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """ISA/GS of an interchange. Ids under ISA qualifiers; control numbers come from the caller and never repeat."""

    sender_id: str
    receiver_id: str
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    application_sender: str = ""
    application_receiver: str = ""
    interchange_control_number: int
    group_control_number: int
    created: datetime
    usage: Literal["P", "T"] = "P"
    acknowledgement_requested: bool = False


class Submitter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loops 1000A and 1000B of a claim batch."""

    name: str
    id: str
    contact: Contact
    receiver_name: str
    receiver_id: str


# --- 835 ---------------------------------------------------------------------------------------------------------


class BankAccount(Struct, frozen=True, omit_defaults=True):
    """One end of an electronic payment (BPR06–09, BPR12–15): ABA routing number, account, DA checking or SG savings."""

    routing: str
    number: str
    kind: Literal["DA", "SG"] = "DA"


class RemittanceLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2110: SVC with its CAS, dates, references, amounts and remark codes.

    `procedure` is the adjudicated one (SVC01); `submitted_procedure` (SVC06) only where the payer changed it. A
    facility's line without a procedure is named by its revenue code as one of the list NU, or beside it (SVC04).
    charge − paid = Σ adjustments.
    """

    procedure: Procedure
    charge: Cents
    paid: Cents
    units: Decimal = Decimal(1)
    submitted_procedure: Procedure | None = None
    submitted_units: Decimal | None = None
    service: Period = Period()
    control_number: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    allowed: Cents | None = None
    remarks: tuple[str, ...] = ()
    revenue_code: str = ""


class RemittanceClaim(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2100: CLP with its claim-level adjustments and lines.

    `status` is CLP02: 1 primary, 2 secondary, 3 tertiary, 4 denied, 19–21 the same and forwarded, 22 reversal of
    previous payment, 23 not our claim, forwarded, 25 predetermination. `remarks` are the remark codes of MIA and MOA,
    whose days and amounts are in `inpatient` (of an inpatient stay, all zero too) and `outpatient` (where there are).
    `place_of_service` is CLP08, of an institutional claim its facility type ("11", "13"); `drg` and `drg_weight` are
    what the payer priced a stay by (CLP11, CLP12), `covered_days` the days of it that it covers (QTY*CA).
    """

    control_number: str
    status: str
    charge: Cents
    paid: Cents
    patient_responsibility: Cents | None = None
    claim_filing_indicator: str = ""
    payer_control_number: str = ""
    place_of_service: str = ""
    frequency: str = ""
    drg: str = ""
    drg_weight: Decimal | None = None
    patient: Person | None = None
    patient_member_id: str = ""
    subscriber: Person | None = None
    subscriber_member_id: str = ""
    rendering: Person | None = None
    rendering_npi: str = ""
    crossover_payer: str = ""
    crossover_payer_id: str = ""
    statement: Period = Period()
    received: date | None = None
    coverage_expired: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    inpatient: InpatientAdjudication | None = None
    outpatient: OutpatientAdjudication | None = None
    covered_days: Decimal | None = None
    lines: tuple[RemittanceLine, ...] = ()


class ProviderAdjustment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One PLB adjustment. A positive `amount` takes money from the provider, as in the file.

    `reason`: WO overpayment recovery, FB forwarding balance, L6 interest owed, 72 authorized return, CS …
    """

    npi: str
    fiscal_year_end: date
    reason: str
    reference: str = ""
    amount: Cents


class Remittance(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One 835 transaction: one payment (or none, method NON) with its explanation.

    payment_amount (BPR02) = Σ claim.paid − Σ provider adjustment. Both accounts belong to an electronic payment (ACH,
    BOP, FWT) and to no other.
    """

    payer_name: str
    payer_id: str
    payer_address: Address | None = None
    payer_contact: Contact | None = None
    payee_name: str
    payee_npi: str
    payee_tin: str = ""
    trace_number: str
    originator_id: str
    payment_amount: Cents
    payment_method: Literal["ACH", "CHK", "NON", "FWT", "BOP"] = "ACH"
    payment_date: date
    production_date: date | None = None
    payer_account: BankAccount | None = None
    payee_account: BankAccount | None = None
    claims: tuple[RemittanceClaim, ...] = ()
    provider_adjustments: tuple[ProviderAdjustment, ...] = ()


# --- 999 ---------------------------------------------------------------------------------------------------------


class SituationalTrigger(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The element that made what is wrong necessary, or forbade it (CTX): its segment, position, loop and place."""

    segment: str
    position: int
    loop: str = ""
    element: int | None = None
    component: int | None = None


class ElementError(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """IK4: `position` in the segment from 1, `component` from 1, code IK403, the bad value where it may be told.

    `data_element` is the element's number in the standard's dictionary; a composite has none. `triggers`: what made it
    necessary, or forbade it.
    """

    position: int
    component: int | None = None
    data_element: int | None = None
    code: str
    value: str = ""
    triggers: tuple[SituationalTrigger, ...] = ()


class BusinessUnit(Struct, frozen=True):
    """What an error is in, as CTX names it: "CLM01" and the claim's number, "TRN02" and that of the payment."""

    kind: str
    number: str


class SegmentError(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """IK3: segment id, its position in the transaction set from 1 (ST), loop, code IK304; CTX: why, and in what."""

    segment: str
    position: int
    loop: str = ""
    code: str
    triggers: tuple[SituationalTrigger, ...] = ()
    business_unit: BusinessUnit | None = None
    elements: tuple[ElementError, ...] = ()


class TransactionSetResponse(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """AK2/IK5 of one ST: `code` A accepted, E accepted with errors noted, R rejected."""

    identifier: str
    control_number: str
    version: str
    code: Literal["A", "E", "R", "M", "W", "X"]
    errors: tuple[SegmentError, ...] = ()
    syntax_codes: tuple[str, ...] = ()


class FunctionalAcknowledgement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A 999: the answer to one functional group. `syntax_codes` (AK905–09): what is wrong with the group itself."""

    functional_id: str
    group_control_number: str
    version: str
    code: Literal["A", "E", "P", "R", "M", "W", "X"]
    included: int
    received: int
    accepted: int
    responses: tuple[TransactionSetResponse, ...] = ()
    syntax_codes: tuple[str, ...] = ()


# --- TA1 ---------------------------------------------------------------------------------------------------------


class InterchangeAcknowledgement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A TA1: the answer to one interchange, named by its control number, date (YYMMDD) and time (HHMM) as in its ISA.

    `code` A accepted, E accepted with errors, R rejected; `note` TA105, "000" for no error. `requested`: the sender
    asked for it (ISA14); where he didn't, agreements differ on whether he gets one. It is not in the TA1.
    """

    control_number: str
    date: str
    time: str
    code: Literal["A", "E", "R"]
    note: str = "000"
    requested: bool = False


# --- 824 ---------------------------------------------------------------------------------------------------------


class AdviceError(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """TED: the application's code for an error, in words, and where it is, counted as in a 999; the bad value."""

    code: str
    message: str = ""
    segment: str = ""
    position: int | None = None
    element: int | None = None
    component: int | None = None
    data_element: int | None = None
    value: str = ""


class ApplicationAdvice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An 824: what became of one transaction set that is named by its group's and its own control number.

    `code` TA accepted, TE accepted with errors, TR rejected; an advice that is read may also be about a batch in the
    set or an item of it (BA, IR, …), named by `trace`, the number that the set itself gives. `reference` is that of
    the advice. The submitter sends the advice, the receiver had sent the set.
    """

    submitter_name: str
    submitter_id: str
    receiver_name: str
    receiver_id: str
    contact: Contact | None = None
    reference: str
    code: str
    trace: str = ""
    group_control_number: str
    control_number: str
    identifier: str
    version: str = ""
    errors: tuple[AdviceError, ...] = ()


# --- 277CA -------------------------------------------------------------------------------------------------------


class StatusCode(Struct, frozen=True, omit_defaults=True):
    """STC01: claim status category code, claim status code, entity identifier code."""

    category: str
    status: str
    entity: str = ""


class LineStatus(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2220D: the status of one service line.

    A facility's line is named by its revenue code as one of the list NU, or has it beside its procedure (SVC04).
    """

    procedure: Procedure
    revenue_code: str = ""
    charge: Cents
    units: Decimal | None = None
    control_number: str = ""
    service: Period = Period()
    statuses: tuple[StatusCode, ...] = ()


class ClaimStatus(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2200D: what became of one claim. `action` WQ accepted, U rejected; `control_number` is our CLM01.

    `bill_type` is the type of bill of an institutional claim without its leading zero (REF*BLT: "131").
    """

    control_number: str
    patient: Person
    member_id: str = ""
    action: Literal["WQ", "U"]
    statuses: tuple[StatusCode, ...]
    charge: Cents
    payer_control_number: str = ""
    bill_type: str = ""
    service: Period = Period()
    effective: date | None = None
    lines: tuple[LineStatus, ...] = ()


class ClaimAcknowledgement(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A 277CA: which claims of a batch (`batch_reference` = BHT03 of the 837) went into adjudication.

    One for each billing provider of the batch. One without an NPI, or with one that is none, has his tax number.
    """

    source_name: str
    source_id: str
    receiver_name: str
    receiver_id: str
    provider_name: str
    provider_npi: str
    provider_tin: str = ""
    reference: str
    batch_reference: str
    received: date
    processed: date
    claims: tuple[ClaimStatus, ...] = ()


# --- any file ----------------------------------------------------------------------------------------------------

Document = Remittance | FunctionalAcknowledgement | ClaimAcknowledgement


class TransactionSet(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One ST…SE as read: the identity of its envelopes, how many segments, and what was found on the way."""

    interchange_control_number: str
    group_control_number: str
    control_number: str
    identifier: str
    version: str
    sender_id: str
    receiver_id: str
    reference: str = ""
    segments: int = 0
    findings: tuple[Finding, ...] = ()
