"""The documents of eligibility: what we ask of a person's coverage (270) and what a payer answers (271)."""

from datetime import date

from msgspec import Struct

from superbill.claims.model import Person, Sex
from superbill.effective import Period
from superbill.pricing.eligibility import Statement


class CoverageQuestion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One person asked about (270). `trace` (TRN02) comes back with the answer; `on` is the day of the service.

    The patient is the subscriber unless `dependent` names another person; `birth_date` and `sex` are the patient's.
    `services` are service types (EQ01); "30" is the plan as a whole.
    """

    trace: str
    payer_name: str
    payer_id: str
    provider_name: str
    provider_npi: str
    subscriber: Person
    member_id: str
    dependent: Person | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    group_number: str = ""
    on: date | None = None
    services: tuple[str, ...] = ("30",)


class CoverageReply(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a payer answers to one question (271). `statements` are its EBs; `plan` the plan's name and `period` the
    days of the coverage, told with the first of them; `pays_before` is a payer that pays first. `rejected` AAA03: why
    the question is not answered."""

    question: CoverageQuestion
    statements: tuple[Statement, ...] = ()
    plan: str = ""
    period: Period = Period()
    pays_before: str = ""
    rejected: str = ""
