"""What a patient statement says. Every sum is derived from its lines, so that paper can't contradict itself."""

from collections.abc import Callable
from datetime import date

from msgspec import Struct

from superbill.money import Cents

AGES = ((30, "0–30 days"), (60, "31–60 days"), (90, "61–90 days"), (None, "Over 90 days"))


class PracticeParty(Struct, frozen=True, kw_only=True):
    """Who sends the statement. `pay_site` is the address of the payment page, "" for none; `address` lines of the
    place that takes mail and checks; `phone` and `hours` as people read them."""

    name: str
    address: tuple[str, ...]
    phone: str
    hours: str = ""
    email: str = ""
    pay_site: str = ""


class Guarantor(Struct, frozen=True, kw_only=True):
    """Who pays, as on the envelope."""

    name: str
    address: tuple[str, ...]


class Why(Struct, frozen=True):
    """Why a part of a line is the patient's (`owed`), or was refused by insurance and is not: cents and a sentence."""

    amount: Cents
    text: str
    owed: bool = True


class StatementLine(Struct, frozen=True, kw_only=True):
    """One service. charge = insurance_paid + adjustment + patient_paid + with_insurance + owed, in cents.

    `story` says what insurance did, sentence by sentence; `why` gives the reason of each amount; `owed_since` is
    the day on which the patient first owed it.
    """

    label: str
    charge: Cents
    insurance_paid: Cents = 0
    adjustment: Cents = 0
    patient_paid: Cents = 0
    with_insurance: Cents = 0
    owed: Cents = 0
    story: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()
    owed_since: date | None = None


class Visit(Struct, frozen=True, kw_only=True):
    """One day's services of one provider to one patient."""

    on: date
    lines: tuple[StatementLine, ...]
    provider: str = ""
    place: str = ""
    patient: str = ""


class StatementData(Struct, frozen=True, kw_only=True):
    """A statement. `previous_balance` is what the last one asked for, `payments_received` what the patient paid since.

    `unapplied` is the patient's money that is on account but not yet put to a line; it lowers the amount due.
    """

    practice: PracticeParty
    guarantor: Guarantor
    number: str
    on: date
    due: date
    visits: tuple[Visit, ...]
    account: str = ""
    previous_balance: Cents = 0
    payments_received: Cents = 0
    unapplied: Cents = 0
    messages: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[StatementLine, ...]:
        return tuple(line for visit in self.visits for line in visit.lines)

    @property
    def owed(self) -> Cents:
        """What the lines add up to."""
        return sum(line.owed for line in self.lines)

    @property
    def amount_due(self) -> Cents:
        """What is asked for; negative is a credit of the patient."""
        return self.owed - self.unapplied

    @property
    def new_balance(self) -> Cents:
        """What became the patient's since the last statement: previous − payments + new = due."""
        return self.amount_due - self.previous_balance + self.payments_received

    def total(self, part: Callable[[StatementLine], Cents]) -> Cents:
        """The sum of one column over all lines."""
        return sum(part(line) for line in self.lines)

    @property
    def aging(self) -> tuple[tuple[str, Cents], ...]:
        """What the lines owe by its age on the statement's day. Credits and undated amounts count as newest."""
        sums = [0] * len(AGES)
        for line in self.lines:
            days = (self.on - line.owed_since).days if line.owed_since and line.owed > 0 else 0
            sums[next(i for i, (limit, _) in enumerate(AGES) if limit is None or days <= limit)] += line.owed
        return tuple((label, amount) for (_, label), amount in zip(AGES, sums, strict=True))
