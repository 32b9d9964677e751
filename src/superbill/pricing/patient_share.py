"""The patient's part of a bill line by line: what one line used up, the next no longer owes."""

from superbill.money import Cents
from superbill.pricing.benefits import NOTHING, Accumulators, Benefits, PatientShare
from superbill.pricing.bill import Bill, Item


class Shares:
    """The shares of one bill's lines in their order. Both an estimate and an adjudication are made with it.

    `accumulators` are those after the last line, `total` what all lines left to the patient; `copay_due` whether the
    visit's copay is still to be taken, `stay_left` the cents still owed of the stay's own deductible.
    """

    def __init__(self, bill: Bill, benefits: Benefits, accumulators: Accumulators) -> None:
        self.bill, self.benefits, self.accumulators = bill, benefits, accumulators
        self.total = NOTHING
        self.copay_due = not (bill.inpatient and bill.continues)
        self.stay_left: Cents = benefits.stay_deductible if bill.inpatient and not bill.continues else 0

    def of(self, item: Item, allowed: Cents) -> PatientShare:
        """The patient's part of `allowed` cents for the next line."""
        share = self.benefits.share(
            allowed,
            self.bill.kind_of(item),
            self.accumulators,
            code=item.code,
            copay_due=self.copay_due,
            stay_left=self.stay_left,
        )
        self.copay_due = self.copay_due and share.copay == 0
        self.stay_left -= share.stay
        self.accumulators, self.total = self.accumulators.after(share), self.total.plus(share)
        return share
