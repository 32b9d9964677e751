"""What codes change, as documents. Weights and coefficients are the publishers' numbers, not dollars."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from superbill.coding.model import CodeSystem
from superbill.findings import Finding

Severity = Literal["MCC", "CC", "none", ""]


class Coded(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One code as it was decided; `present` on admission Y, N, U, W, "" when exempt or not asked. In sequence."""

    code: str
    system: CodeSystem = "ICD-10-CM"
    present: str = ""


class Group(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An MS-DRG. `weight` and `title` are None and "" where the store has no table of weights for the day.

    `by` names the package and the version of the definitions that grouped; `weights` the release of the weights.
    """

    drg: str
    title: str = ""
    mdc: str = ""
    severity: Severity = ""
    weight: Decimal | None = None
    problem: str = ""
    by: str
    weights: str = ""


class Risk(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The raw score of CMS-HCC V28 by these diagnoses alone, its categories with their coefficients, and whose work."""

    score: Decimal
    categories: tuple[tuple[str, Decimal], ...] = ()
    by: str


class Status(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How OPPS pays a service: status indicator, its meaning in our words, APC, and rate in dollars for a unit."""

    status: str
    means: str
    apc: str = ""
    rate: Decimal | None = None
    by: str = ""


class Without(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happens without one code.

    `alone`: what the diagnosis counts as beside the principal diagnosis alone (MCC, CC or none). `drg` is the group
    without it where that is another; `weight` the weight then less the weight now. `categories` are those that go, and
    `score` the score then less the score now. `changes` is False when the group, the score and the payment stay.
    """

    code: str
    system: CodeSystem
    alone: Severity = ""
    drg: str = ""
    severity: Severity = ""
    weight: Decimal | None = None
    categories: tuple[str, ...] = ()
    score: Decimal | None = None
    status: Status | None = None
    words: str = ""

    @property
    def changes(self) -> bool:
        return bool(self.drg or self.categories or self.score or (self.status and self.status.rate))


class Effects(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a visit's codes come to, and each code's part. `findings` say what could not be told and what to install."""

    group: Group | None = None
    risk: Risk | None = None
    codes: tuple[Without, ...] = ()
    findings: tuple[Finding, ...] = ()
