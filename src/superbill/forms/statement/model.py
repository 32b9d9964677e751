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


class Notice(Struct, frozen=True):
    """A step of reminding on a statement: what the page is headed with, and its words."""

    title: str
    text: str


class Assistance(Struct, frozen=True, kw_only=True):
    """How to get help with the bill (26 CFR 1.501(r)-4(b)(5)): sentences, and where the policy and its form are."""

    title: str
    text: tuple[str, ...]


class StatementLine(Struct, frozen=True, kw_only=True):
    """One service. charge = insurance_paid + adjustment + patient_paid + with_insurance + owed, in cents.

    `story` says what insurance did, sentence by sentence; `why` gives the reason of each amount; `owed_since` is
    the day on which the patient first owed it. `hold` says why what is owed is not asked for now, "" when it is;
    `past_due` is the part of it that an earlier statement asked for.
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
    hold: str = ""
    past_due: Cents = 0

    @property
    def asked(self) -> Cents:
        """What of it is asked for on this statement."""
        return 0 if self.hold else self.owed


class Visit(Struct, frozen=True, kw_only=True):
    """One day's services of one provider to one patient."""

    on: date
    lines: tuple[StatementLine, ...]
    provider: str = ""
    place: str = ""
    patient: str = ""


class StatementData(Struct, frozen=True, kw_only=True):
    """A statement. `previous_balance` is what the last one asked for, `payments_received` what the patient paid since.

    `unapplied` is the patients' money that is on account but not yet put to a line; it lowers the amount due. `notice`
    reminds of what is past due, `assistance` tells how to get help with the bill.
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
    notice: Notice | None = None
    assistance: Assistance | None = None

    @property
    def lines(self) -> tuple[StatementLine, ...]:
        return tuple(line for visit in self.visits for line in visit.lines)

    @property
    def owed(self) -> Cents:
        """What the lines ask for."""
        return sum(line.asked for line in self.lines)

    @property
    def on_hold(self) -> Cents:
        """What is shown and not asked for."""
        return sum(line.owed - line.asked for line in self.lines)

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
        """What the lines ask for by its age on the statement's day. Credits and undated amounts count as newest."""
        sums = [0] * len(AGES)
        for line in self.lines:
            days = (self.on - line.owed_since).days if line.owed_since and line.asked > 0 else 0
            sums[next(i for i, (limit, _) in enumerate(AGES) if limit is None or days <= limit)] += line.asked
        return tuple((label, amount) for (_, label), amount in zip(AGES, sums, strict=True))
