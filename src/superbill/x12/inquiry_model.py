"""The documents of claim status: what we ask (276) and what a payer answers (277)."""

from datetime import date

from msgspec import Struct

from superbill.claims.model import Person, Sex
from superbill.effective import Period
from superbill.money import Cents
from superbill.x12.model import StatusCode


class ClaimQuestion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One claim asked about (276, loop 2200D or 2200E). `trace` (TRN02) comes back with the answer.

    The patient is the subscriber unless `dependent` names another person; `birth_date` and `sex` are the patient's.
    `control_number` is our CLM01, `payer_control_number` the payer's where it is known, `bill_type` that of an
    institutional claim without its leading zero ("131"), `charge` cents.
    """

    trace: str
    payer_name: str
    payer_id: str
    provider_name: str
    provider_npi: str
    provider_person: Person | None = None
    subscriber: Person
    member_id: str
    dependent: Person | None = None
    birth_date: date | None
    sex: Sex | None = None
    control_number: str
    payer_control_number: str = ""
    bill_type: str = ""
    charge: Cents
    service: Period


class ClaimReply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One claim answered about (277, loop 2200D or 2200E), or a question refused above it (2200B, 2200C: no claim).

    `statuses` the most important first, as of `effective`. `paid`, `finalized`, `payment_date` and `payment_trace`
    (STC05 to STC09) are told of a claim that is decided. Amounts are cents.
    """

    trace: str
    payer_name: str = ""
    payer_id: str = ""
    provider_name: str = ""
    provider_npi: str = ""
    subscriber: Person | None = None
    member_id: str = ""
    dependent: Person | None = None
    control_number: str = ""
    payer_control_number: str = ""
    bill_type: str = ""
    statuses: tuple[StatusCode, ...]
    effective: date | None = None
    charge: Cents | None = None
    paid: Cents | None = None
    finalized: date | None = None
    payment_date: date | None = None
    payment_trace: str = ""
    service: Period = Period()
