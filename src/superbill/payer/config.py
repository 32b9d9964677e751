"""The simulated payers' rules as data: one TOML file describes everyone behind one receiver.

Amounts are whole cents (TOML allows `240_00`), parts are decimal strings (`"0.20"`), days are ISO days.
"""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct

from superbill.claims.model import Address, Contact
from superbill.effective import Dated, Period
from superbill.payer.people import PeopleRates
from superbill.pricing.benefits import Benefits
from superbill.pricing.contract import Contract, simple_contract
from superbill.pricing.contract_file import check_agreement
from superbill.pricing.contract_methods import Tools
from superbill.pricing.contract_model import Agreement, PercentOfMedicare
from superbill.pricing.fee_schedule import FeeSchedule, Weights

PayerKind = Literal["medicare", "medicaid", "commercial", "supplement", "workers_compensation", "auto"]
T = TypeVar("T")
EPOCH = date(1900, 1, 1)


class PayerConfigError(ValueError):
    """A payers file that can't be used; the message names the place."""


class Rates(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often things go wrong, per mille of original claims. What hits a claim is drawn from seed and claim.

    `unknown_member` and `missing_data` reject at the front end (277CA); `missing_information` (CO-16),
    `medical_necessity` (CO-50), `authorization` (CO-197), `coverage_ended` (CO-27) and `other_coverage` (CO-22)
    deny; `late` pays after the prompt-payment limit, with interest; `recoupment` takes a paid claim back later.
    `lost` claims are never answered: half of them not even by a 277CA. How a claim is told in the 835: `line_split`
    (one line as two), `bundled` (a line as part of another's code), `replaced` (as another code), `modifier_dropped`,
    `claim_split` (as two claims). Of payments: `two_files` (one payment told in two), `twice` (a file comes again).
    """

    unknown_member: int = 0
    missing_data: int = 0
    missing_information: int = 0
    medical_necessity: int = 0
    authorization: int = 0
    coverage_ended: int = 0
    other_coverage: int = 0
    late: int = 0
    recoupment: int = 0
    lost: int = 0
    line_split: int = 0
    bundled: int = 0
    replaced: int = 0
    modifier_dropped: int = 0
    claim_split: int = 0
    two_files: int = 0
    twice: int = 0


class Step(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes in a plan on a day: the fields of Benefits that differ from the step before."""

    start: date
    benefits: dict[str, Any]


class Plan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A benefit plan of a payer. `groups`: the group numbers that have it; empty: everyone else."""

    name: str
    groups: tuple[str, ...] = ()
    benefits: dict[str, Any] = {}
    changes: tuple[Step, ...] = ()


class Member(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member about whom the payer knows something. Members who are not listed are eligible on any day.

    `unknown`: the id is nobody's. `primary_elsewhere`: another payer pays first during `period`, which then is that
    payer's and does not limit this coverage.
    """

    member_id: str
    period: Period = Period()
    unknown: bool = False
    primary_elsewhere: bool = False


class PayerConfig(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """One simulated payer.

    `id` is what claims carry in 2010BB NM109; `originator_id` is TRN03 (1 and a TIN). `percent_of_charge` by first
    day, `fees` cents per unit by code and first day; `agreement` has the clauses of a contract file instead, in which
    `fees` are the schedule "fees" and `weights`, relative weights by DRG and first day, the table "weights".
    `always_after`: it never pays first (a supplement). `crosses_over_to`: ids of payers to whom it passes a claim on
    itself once it has paid, when the claim names them next. `recoups_beyond_payment`: it withholds what it is owed
    whole, and forwards what a payment does not cover. `stays_as_a_whole`: it answers an inpatient's claim without
    lines, all adjustments at the level of the claim, as Medicare Part A does.
    `patient_share` False: the law leaves nothing to the patient. `sequestration` is the part of Medicare's payment
    held back by law. `days_to_pay` from receipt to payment; beyond `prompt_pay_days` interest at `interest_rate` a
    year is due. `recovery_days` is how long a provider has to answer an overpayment letter before money is withheld.
    """

    key: str
    name: str
    id: str
    originator_id: str
    claim_filing_indicator: str
    kind: PayerKind = "commercial"
    address: Address
    contact: Contact
    percent_of_charge: dict[str, Decimal] = {}
    fees: dict[str, dict[str, int]] = {}
    agreement: dict[str, Any] = {}
    plans: tuple[Plan, ...] = (Plan(name="standard"),)
    members: tuple[Member, ...] = ()
    weights: dict[str, dict[str, Decimal]] = {}
    always_after: bool = False
    crosses_over_to: tuple[str, ...] = ()
    recoups_beyond_payment: bool = False
    stays_as_a_whole: bool = False
    patient_share: bool = True
    sequestration: dict[str, Decimal] = {}
    payment_method: Literal["ACH", "CHK"] = "ACH"
    days_to_pay: int = 14
    prompt_pay_days: int = 30
    late_days: int = 45
    interest_rate: Decimal = Decimal("0.10")
    recoupment_days: int = 30
    recovery_days: int = 21
    rates: Rates = Rates()

    @cached_property
    def contract(self) -> Contract:
        """What it allows."""
        fees = FeeSchedule("fees", {code: _dated(steps) for code, steps in self.fees.items()})
        if not self.agreement:
            return simple_contract(self.key, (fees,), _dated(self.percent_of_charge))
        tables = {"schedules": {"fees": ""}, "weights": {"weights": ""}}
        given = {"key": self.key, "payer": self.key, "start": EPOCH, **tables} | self.agreement
        agreement = msgspec.convert(given, Agreement)
        check_agreement(agreement, "agreement")
        if any(isinstance(term.pays, PercentOfMedicare) for term in agreement.terms):
            raise ValueError(
                "agreement: a simulated payer has no Medicare prices; give it fees or a part of the charge"
            )
        weights = Weights("weights", {drg: _dated(steps) for drg, steps in self.weights.items()})
        return Contract(agreement, Tools(schedules={"fees": fees}, weights={"weights": weights}))

    @cached_property
    def withheld(self) -> Dated[Decimal]:
        """The sequestered part of its payments."""
        return _dated(self.sequestration)

    @cached_property
    def member(self) -> Mapping[str, Member]:
        """What it knows of members, by id."""
        return {member.member_id: member for member in self.members}

    @cached_property
    def _plan_of_group(self) -> Mapping[str, Dated[Benefits]]:
        plans = {group: _benefits(plan) for plan in self.plans for group in plan.groups}
        rest = next((plan for plan in self.plans if not plan.groups), self.plans[0])
        return plans | {"": _benefits(rest)}

    def benefits(self, group_number: str, day: date) -> Benefits:
        """The benefits that a member of this group has on `day`."""
        plans = self._plan_of_group
        return plans.get(group_number, plans[""]).on(day) or Benefits()


class Payers(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All simulated payers behind one receiver, as a clearinghouse stands before its payers. `people`: how often those
    who get a practice's statements do what."""

    receiver_id: str
    receiver_name: str
    seed: int
    payers: tuple[PayerConfig, ...]
    cycle_days: int = 7
    people: PeopleRates = PeopleRates()

    def payer(self, id: str) -> PayerConfig | None:
        """The payer with this id."""
        return next((payer for payer in self.payers if payer.id == id), None)


def _dated(steps: Mapping[str, T]) -> Dated[T]:
    return Dated((date.fromisoformat(day), value) for day, value in steps.items())


def _benefits(plan: Plan) -> Dated[Benefits]:
    """Each change states what differs; the rest goes on as before."""
    fields = dict(plan.benefits)
    steps = [(EPOCH, msgspec.convert(fields, Benefits))]
    for change in sorted(plan.changes, key=lambda change: change.start):
        fields = fields | change.benefits
        steps.append((change.start, msgspec.convert(fields, Benefits)))
    return Dated(steps)


def read_payers(text: str, name: str = "payers.toml") -> Payers:
    """The payers that a TOML text describes. Raises PayerConfigError with the place when it can't be used."""
    try:
        payers = msgspec.convert(tomllib.loads(text), Payers)
        for payer in payers.payers:
            _check(payer)
    except tomllib.TOMLDecodeError as error:
        raise PayerConfigError(f"{name}: not TOML: {error}") from None
    except ValueError as error:  # msgspec's ValidationError is one
        raise PayerConfigError(f"{name}: {error}") from None
    for field in ("id", "key"):
        values = [getattr(payer, field) for payer in payers.payers]
        twice = sorted({value for value in values if values.count(value) > 1})
        if twice:
            raise PayerConfigError(f"{name}: two payers have the {field} {twice[0]!r}")
    if not payers.payers:
        raise PayerConfigError(f"{name}: there is no payer")
    return payers


def _check(payer: PayerConfig) -> None:
    """Read everything that is otherwise read late, so that a mistake shows when the file is loaded."""
    if len(payer.originator_id) != 10:
        raise ValueError(f"payer {payer.key}: originator_id is 1 and a TIN, ten characters: {payer.originator_id!r}")
    if not payer.percent_of_charge and not payer.agreement:
        raise ValueError(f"payer {payer.key}: what does it allow? Give percent_of_charge, or an agreement")
    if not payer.plans:
        raise ValueError(f"payer {payer.key}: a payer has at least one plan")
    try:
        _ = payer.contract, payer.withheld, payer.benefits("", EPOCH)
        for part in (*payer.percent_of_charge.values(), *payer.sequestration.values()):
            if not 0 <= part <= 1:
                raise ValueError(f"a part is between 0 and 1: {part}")
        for plan in payer.plans:
            for _, benefits in _benefits(plan).steps:
                assert benefits is not None
                benefits.is_preventive(""), benefits.needs_authorization(""), benefits.exclusion("")
    except ValueError as error:
        raise ValueError(f"payer {payer.key}: {error}") from None
