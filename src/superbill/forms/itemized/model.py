"""What an itemized bill says. Every sum is derived from its lines."""

from collections.abc import Callable
from datetime import date

from msgspec import Struct

from superbill.forms.statement.model import Assistance, Guarantor, PracticeParty
from superbill.money import Cents


class ItemizedLine(Struct, frozen=True, kw_only=True):
    """One service as charged: charge = insurance_paid + adjustment + patient_paid + with_insurance + owed, in cents."""

    on: date
    code: str
    label: str
    units: str
    charge: Cents
    modifiers: tuple[str, ...] = ()
    diagnoses: tuple[str, ...] = ()
    insurance_paid: Cents = 0
    adjustment: Cents = 0
    patient_paid: Cents = 0
    with_insurance: Cents = 0
    owed: Cents = 0


class ItemizedVisit(Struct, frozen=True, kw_only=True):
    """A visit with its account number."""

    account: str
    on: date
    lines: tuple[ItemizedLine, ...]
    provider: str = ""
    place: str = ""


class ItemizedBill(Struct, frozen=True, kw_only=True):
    """The bill of one patient's visits. `npi` and `tin` of who bills, for those who ask their plan or tax office."""

    practice: PracticeParty
    guarantor: Guarantor
    patient: str
    on: date
    visits: tuple[ItemizedVisit, ...]
    npi: str = ""
    tin: str = ""
    born: date | None = None
    assistance: Assistance | None = None

    def total(self, part: Callable[[ItemizedLine], Cents]) -> Cents:
        """The sum of one column over all lines."""
        return sum(part(line) for visit in self.visits for line in visit.lines)
