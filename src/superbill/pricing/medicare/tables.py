"""The tables that prices are made of, opened from a store of code sets."""

from msgspec import Struct

from superbill.codesets.asp.lookup import DrugLimits
from superbill.codesets.clfs.lookup import LaboratoryFees
from superbill.codesets.mpfs.lookup import Mpfs
from superbill.codesets.mpfs.places import Localities
from superbill.codesets.store import Store


class Tables(Struct, frozen=True, eq=False):
    """The fee schedules and what belongs to them. `qualifying`: of a qualifying participant in a payment model."""

    schedule: Mpfs
    localities: Localities
    laboratory: LaboratoryFees
    drugs: DrugLimits
    qualifying: bool = False


def tables_of(store: Store, *, qualifying: bool = False) -> Tables:
    """The tables of a store. What is not imported there has no prices; nothing is refused for it."""
    return Tables(
        Mpfs(store, qualifying=qualifying), Localities(store), LaboratoryFees(store), DrugLimits(store), qualifying
    )
