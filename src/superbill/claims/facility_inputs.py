"""What an institutional claim is built from besides the coded encounter: the facility's parties, prices, statement."""

from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from msgspec import Struct

from superbill.chart.model import Chart, EncounterRecord
from superbill.claims.inputs import CoverageOrder
from superbill.claims.model import Provider
from superbill.codesets.msdrg.stay import Grouped
from superbill.codesets.msdrg.stay import Stay as GroupedStay
from superbill.coding.model import CodedEncounter
from superbill.effective import Period
from superbill.money import Cents

# The charge for one unit under a revenue code, of a code with its modifiers ("" where the revenue code alone tells), on
# a day, in cents; None: the facility has no charge for it.
FacilityPrice: TypeAlias = Callable[[str, str, tuple[str, ...], date], Cents | None]
# Whether a diagnosis is exempt from present on admission reporting on a day; None where no list says.
PoaExempt: TypeAlias = Callable[[str, date], bool | None]
# The MS-DRG of a stay that ended on a day, None where it can't be told.
Group: TypeAlias = Callable[[GroupedStay, date], Grouped | None]


class FacilityParties(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who bills for the facility (2010AA) and who attended and operated (2310A, 2310B; FL 76, 77)."""

    billing: Provider
    pay_to: Provider | None = None
    attending: Provider | None = None
    operating: Provider | None = None
    referring: Provider | None = None


class Joined(Struct, frozen=True):
    """Outpatient services before an admission that are billed with it."""

    encounter: EncounterRecord
    coded: CodedEncounter


class FacilityVisit(Struct, frozen=True, kw_only=True):
    """One encounter at a facility with all that its institutional claim draws on.

    `account` heads control numbers and line keys. `joined`: outpatient services of the payment window. `earlier`:
    inpatient stays of the patient before this one. `statement`: the days that this bill covers, where it is not the
    whole stay (an interim bill); its frequency follows from them.
    """

    chart: Chart
    encounter: EncounterRecord
    coded: CodedEncounter
    account: str
    order: CoverageOrder
    parties: FacilityParties
    price: FacilityPrice
    exempt: PoaExempt
    group: Group
    joined: tuple[Joined, ...] = ()
    earlier: tuple[Period, ...] = ()
    statement: Period | None = None
