"""What a practice allows and expects about money: limits, cycles and days, as its site file says under `[money]`."""

from msgspec import Struct, field

from superbill.money import Cents
from superbill.site.appeals import PayerRules
from superbill.site.statement_policy import StatementPolicy

_LIMITS = {"front desk": 10_00, "poster": 25_00, "biller": 100_00, "manager": 2_500_00, "system": 10_00}


class DunningLevel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One step of reminding: its `name`, and how many days after the step before it (the first: after the first
    statement) it may be taken. `words` for the statement, "" for those on file under the name."""

    name: str
    days: int
    words: str = ""


class MoneyPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules of the office, not of law or contract. Amounts are cents.

    `write_off_limits`: what one person of a role may forgive at once without a second person; a role that is not
    named may forgive nothing. `refund_limit`: a refund above it needs the approval of a second person.
    `small_balance`: up to this a patient's whole balance may be forgiven by the run for small balances.
    `statement_cycle_days` between two statements, `statement` how they are made; `dunning` what follows the first.
    `returned_payment_fee` is charged to a patient whose payment came back, 0 none. `plan_missed` promises broken end a
    payment plan; patients may agree by themselves to one of `plan_months` months whose payments are at least
    `plan_least`.
    `silence_days`: after so many days without a 999, a 277CA and a payer's answer somebody looks.
    `answer_days` are other days for a payer's answer, by its kind. After `inquiry_days` since a claim was accepted, by
    kind ("": any other), the payer is asked (276); what it calls pending is left alone for `pending_days`.
    `crossover_days` after a payer passed a claim on, the next one is billed by us; `mailed_days` a letter takes longer.
    `filing_warning_days` before a filing or appeal limit its task becomes urgent. `payers`: what the site's payers
    allow after an answer, by their keys; a site file says it under each payer, not here.
    """

    write_off_limits: dict[str, Cents] = field(default_factory=lambda: dict(_LIMITS))
    refund_limit: Cents = 100_00
    small_balance: Cents = 9_99
    returned_payment_fee: Cents = 0
    plan_missed: int = 2
    plan_grace_days: int = 10
    plan_months: tuple[int, ...] = (3, 6, 12)
    plan_least: Cents = 25_00
    bad_debt_at_placement: bool = True
    stale_check_days: int = 90
    unapplied_days: int = 30
    placement_review_days: int = 180
    statement_cycle_days: int = 28
    dunning: tuple[DunningLevel, ...] = (
        DunningLevel(name="reminder", days=28),
        DunningLevel(name="second reminder", days=28),
        DunningLevel(name="final notice", days=28),
    )
    statement: StatementPolicy = StatementPolicy()
    silence_days: tuple[int, int, int] = (2, 5, 30)
    answer_days: dict[str, int] = field(default_factory=lambda: {"workers_compensation": 45, "auto": 45})
    inquiry_days: dict[str, int] = field(default_factory=lambda: {"": 21, "medicare": 15})
    pending_days: int = 14
    crossover_days: int = 30
    mailed_days: int = 15
    filing_warning_days: int = 14
    payers: dict[str, PayerRules] = field(default_factory=dict)

    def __hash__(self) -> int:
        """A site is looked up by itself (`payer_lookup`); dictionaries have no hash, and equal policies still share
        this one."""
        return hash((self.refund_limit, self.small_balance, self.silence_days, self.dunning))
