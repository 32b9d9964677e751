"""A refusal as it is worked: what stands refused on one claim, why, what was done, and until when what can be done."""

from datetime import date, datetime
from functools import cached_property
from typing import Literal

from msgspec import Struct

from superbill.denials.handbook import Cause, Route
from superbill.denials.levels import Deadline
from superbill.denials.ranking import Rank
from superbill.ledger.entry import Reason
from superbill.money import Cents
from superbill.site.appeals import AppealLevel

StepKind = Literal[
    "appeal",
    "decision",
    "reopening",
    "documents",
    "peer_to_peer",
    "corrected",
    "written_off",
    "patient_billed",
    "note",
]
Outcome = Literal["overturned", "partly", "upheld", "dismissed", "withdrawn"]
State = Literal["open", "waiting", "corrected", "in_appeal", "overturned", "exhausted"]
ASKED = frozenset({"reopening", "documents", "peer_to_peer"})  # what a payer is given time to answer


class RefusedLine(Struct, frozen=True, kw_only=True):
    """One charge line's part that stands refused for one reason."""

    key: str
    code: str
    modifiers: tuple[str, ...]
    charge: Cents
    service: date
    amount: Cents
    reason: Reason
    cause: Cause
    since: date


class Version(Struct, frozen=True, kw_only=True):
    """One version of the claim, as sent to this payer."""

    row: int
    control_number: str
    number: int
    frequency: str
    state: str


class Step(Struct, frozen=True, kw_only=True):
    """Something that was done about it. `claim` is the row of the version that it was done about; `level` counts appeal
    levels from 1; `through` is the last journal number of that moment."""

    row: int
    claim: int
    kind: StepKind
    on: date
    by: str
    at: datetime
    level: int = 0
    level_name: str = ""
    outcome: str = ""
    amount: Cents = 0
    through: int = 0
    text: str = ""
    lines: tuple[str, ...] = ()


class Refusal(Struct, frozen=True, kw_only=True, dict=True):
    """The facts of a denial: one claim's lines that one payer refuses, derived from the journal alone.

    `claim` and `control_number` are of the version that the payer answered last; 0 and "" where no claim of ours is
    behind the lines. `versions` and `steps` in order of time; `kind` is the claim's. What is derived is reckoned once:
    a list of refusals asks each of them many times.
    """

    payer: str
    claim: int = 0
    control_number: str = ""
    payer_control_number: str = ""
    account: str = ""
    encounter: int = 0
    kind: str = "professional"
    lines: tuple[RefusedLine, ...]
    versions: tuple[Version, ...] = ()
    steps: tuple[Step, ...] = ()

    @cached_property
    def key(self) -> str:
        """The same for every version of the claim."""
        first = self.versions[0].control_number if self.versions else self.account
        return f"{self.payer}:{first}"

    @cached_property
    def amount(self) -> Cents:
        return sum(line.amount for line in self.lines)

    @cached_property
    def since(self) -> date:
        """The day of the latest refusal: the one that deadlines are counted from."""
        return max(line.since for line in self.lines)

    @property
    def service_end(self) -> date:
        return max(line.service for line in self.lines)

    @cached_property
    def cause(self) -> Cause:
        """The cause behind most of the money."""
        sums: dict[str, Cents] = {}
        for line in self.lines:
            sums[line.cause.name] = sums.get(line.cause.name, 0) + line.amount
        return max(self.lines, key=lambda line: (sums[line.cause.name], line.amount)).cause

    @property
    def own_steps(self) -> tuple[Step, ...]:
        """What was done about the version that stands refused now."""
        return tuple(step for step in self.steps if step.claim == self.claim)


class Denial(Struct, frozen=True, kw_only=True, dict=True):
    """A refusal and where it stands on a day. `level` is the next appeal level; None when all were used, or while one
    runs. `deadline` is that of the recommended route; `appeal_by` and `correct_by` tell both. `answer_due`: when what
    was asked of the payer should be answered. `replaceable`: whether the payer takes a corrected claim at all."""

    refusal: Refusal
    state: State
    rank: Rank
    level: AppealLevel | None = None
    level_number: int = 0
    appeal_by: Deadline | None = None
    correct_by: Deadline | None = None
    answer_due: date | None = None
    replaceable: bool = True

    @cached_property
    def cause(self) -> Cause:
        return self.refusal.cause

    @cached_property
    def route(self) -> Route:
        """What is recommended: the cause's, but a reopening where the payer takes no corrected claim."""
        return "reopening" if self.cause.route == "corrected_claim" and not self.replaceable else self.cause.route

    @cached_property
    def deadline(self) -> Deadline | None:
        """Until when the recommended route can be gone."""
        if self.route == "corrected_claim" and self.correct_by is not None:
            return self.correct_by
        return self.appeal_by
