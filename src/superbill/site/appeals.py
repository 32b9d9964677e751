"""What a payer lets one do about a refusal, and until when, as the site knows it."""

from typing import Literal

from msgspec import Struct

from superbill.money import Cents

PayerKind = Literal["medicare", "medicaid", "commercial", "supplement", "workers_compensation", "auto"]


class AppealLevel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One level of a payer's appeals, in their order.

    `days` to file, counted in calendar days from the notice of the denial, or of the decision of the level before;
    `mail_days` are added where the rule presumes that the notice arrives so many days after its date. `minimum`: cents
    that must be in dispute. `decision_days`: within which the payer is to decide. `source`: contract, manual or law.
    """

    name: str
    days: int
    counted_from: Literal["denial", "decision"] = "denial"
    mail_days: int = 0
    minimum: Cents = 0
    decision_days: int | None = None
    source: str = ""


class PayerRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the office needs to know of a payer once it has answered: its entry's kind, appeal levels and limit for
    corrected claims. No levels: those that law or custom give its kind."""

    kind: PayerKind = "commercial"
    appeal_levels: tuple[AppealLevel, ...] = ()
    correction_limit_days: int | None = None

    def takes_replacement(self, claim_kind: str) -> bool:
        """Whether a claim of this kind can be corrected by a replacement: Medicare Part B takes originals alone, as
        the edit claim.medicare-replacement says (Claims Processing Manual ch. 1 §70); it reopens instead."""
        return self.kind != "medicare" or claim_kind != "professional"
