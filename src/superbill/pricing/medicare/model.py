"""What is priced, where, and what comes of it."""

from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from superbill.codesets.mpfs.places import NATIONAL, Locality
from superbill.money import Cents

COINSURANCE = Decimal("0.20")
"""The patient's part of Part B services (Social Security Act § 1833(a)(1))."""
Outcome = Literal["priced", "bundled", "not-payable", "by-report", "unpriced"]


class Line(Struct, frozen=True, kw_only=True):
    """One service to price.

    `number` is only given back. `units` counts as billed; `minutes` are those of an anesthesia service. `charge` is
    cents for the whole line, None to leave the charge out of account. `place_of_service` and `provider` where they
    differ from the setting's. `performer` tells physicians (or groups of one specialty) apart: only the lines of one
    performer on one day reduce one another.
    """

    number: int = 1
    code: str
    day: date
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    minutes: Decimal | None = None
    charge: Cents | None = None
    place_of_service: str = ""
    provider: str = ""
    performer: str = ""


class Setting(Struct, frozen=True, kw_only=True):
    """Where and by whom: the locality, the place of service, and the provider's kind.

    `provider` is a slug of practitioners.yaml or a taxonomy code; anything else is paid as a physician.
    `participating`: with Medicare; those who are not are allowed 95 % and have a limiting charge.
    `institution`: what a hospital, nursing facility or other institution bills and this schedule pays: therapy.
    """

    locality: Locality = NATIONAL
    place_of_service: str = "11"
    provider: str = "physician"
    participating: bool = True
    institution: bool = False


class Step(Struct, frozen=True):
    """One step of a price: the rule's slug, what it did in plain words, and its source.

    `amount` is the line's cents after it, None where it says that there is no price.
    """

    rule: str
    text: str
    amount: Cents | None
    source: str


class Priced(Struct, frozen=True, kw_only=True):
    """What Medicare allows for a line, and why.

    `outcome`: priced; bundled (paid with another service, 0); not-payable (Medicare pays nothing for it as billed, 0);
    by-report (the contractor decides from the report, no amount); unpriced (no table here has a price, no amount).
    `amount` is cents for the whole line, None without one. `steps` explain it in order. `why` says why it is not
    priced, `fix` what can be done. `notes` are conditions and doubts: documentation that is due, a release of another
    quarter. `limiting_charge` is the most a nonparticipating provider may charge without assignment. `coinsurance` is
    the patient's part of the amount after the deductible: 0.20, none for laboratory tests, for a drug what its quarter
    says. That a preventive service has none either is not known here. `medicare_share` is what Medicare pays of its own
    part: 0.85 of therapy by an assistant, which leaves the allowed amount and the patient's part as they are.
    """

    number: int
    code: str
    outcome: Outcome
    amount: Cents | None
    steps: tuple[Step, ...] = ()
    why: str = ""
    fix: str = ""
    notes: tuple[str, ...] = ()
    limiting_charge: Cents | None = None
    coinsurance: Decimal = COINSURANCE
    medicare_share: Decimal = Decimal(1)
