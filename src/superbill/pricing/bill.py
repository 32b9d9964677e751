"""What a contract looks at to price a claim: its lines as items, and the few facts of the claim that terms name."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from msgspec import Struct

from superbill.claims.model import Claim, ClaimKind
from superbill.codesets.type_of_bill.lookup import classification
from superbill.money import Cents
from superbill.pricing.benefits import ServiceKind, revenue_kind, service_kind

# Frequency codes of bills after the first of a stay: interim continuing, interim last, late charges (FL 4).
_CONTINUING = frozenset({"3", "4", "5"})

DatedBy = Literal["service", "admission", "discharge"]


class Item(Struct, frozen=True, kw_only=True):
    """One line to price. `charge` is cents for the whole line; `day` None: the line has no day, the claim's counts.

    `code` is "" for a line of a hospital that has a revenue code only.
    """

    number: int
    code: str
    charge: Cents
    units: Decimal = Decimal(1)
    day: date | None = None
    modifiers: tuple[str, ...] = ()
    revenue_code: str = ""
    place: str = ""
    key: str = ""
    minutes: bool = False
    rendering_npi: str = ""

    @property
    def kind(self) -> ServiceKind:
        """The kind of service: by code and place, of a line without a code by its revenue code."""
        return service_kind(self.code, self.place) if self.code else revenue_kind(self.revenue_code)

    @property
    def named(self) -> str:
        """What a plan names the line by: its procedure code, else its revenue code."""
        return self.code or self.revenue_code

    @property
    def label(self) -> str:
        """The line as people name it: "99213-25", "revenue 0450"."""
        code = self.code or (f"revenue {self.revenue_code}" if self.revenue_code else "a line without a code")
        return "-".join((code, *self.modifiers))


class Bill(Struct, frozen=True, kw_only=True, dict=True):
    """A claim as a contract sees it. `type_of_bill` has four characters ("0111"), "" for a professional claim."""

    items: tuple[Item, ...]
    kind: ClaimKind = "professional"
    type_of_bill: str = ""
    drg: str = ""
    start: date | None = None
    end: date | None = None
    admission: date | None = None
    locality_postal_code: str = ""

    @cached_property
    def charge(self) -> Cents:
        """What is charged for all lines."""
        return sum(item.charge for item in self.items)

    @cached_property
    def inpatient(self) -> bool:
        """Whether it is a facility's bill of an inpatient stay, as its type of bill says."""
        found = classification(self.type_of_bill[1:3]) if self.type_of_bill else None
        return found is not None and found.inpatient

    @cached_property
    def continues(self) -> bool:
        """Whether an earlier bill began the stay or visit: an interim bill after the first, or late charges."""
        return self.type_of_bill[3:] in _CONTINUING

    def kind_of(self, item: Item) -> ServiceKind:
        """The kind of service that a line is to the plan: a stay is one service, and so is a visit to a hospital's
        emergency department."""
        if self.inpatient:
            return "inpatient"
        return "emergency" if self._emergency else item.kind

    @cached_property
    def _emergency(self) -> bool:
        return bool(self.type_of_bill) and any(item.revenue_code.startswith("045") for item in self.items)

    def day(self, dated_by: DatedBy) -> date | None:
        """The day by which the terms of a whole claim are chosen."""
        if dated_by == "discharge":
            return self.end or self.start
        if dated_by == "admission" and self.admission is not None:
            return self.admission
        return self.start


def bill_of(claim: Claim, lines: Iterable[int] | None = None) -> Bill:
    """The bill of a claim; of `lines` (their numbers) only, where given."""
    wanted = None if lines is None else frozenset(lines)
    start = claim.service.start
    items = tuple(
        Item(
            number=line.number,
            code=line.procedure.code,
            charge=line.charge,
            units=line.units,
            day=line.service.start or start,
            modifiers=line.procedure.modifiers,
            revenue_code=line.revenue_code,
            place=line.place_of_service or claim.place_of_service,
            key=line.control_number,
            minutes=line.unit_kind == "MJ",
            rendering_npi=line.rendering.npi if line.rendering else claim.rendering.npi if claim.rendering else "",
        )
        for line in claim.lines
        if wanted is None or line.number in wanted
    )
    detail = claim.institutional
    place = claim.service_facility or claim.billing
    address = place.address or claim.billing.address
    return Bill(
        items=items,
        kind=claim.kind,
        type_of_bill=claim.type_of_bill,
        drg=detail.drg if detail else "",
        start=start,
        end=claim.service.end or start,
        admission=claim.admission,
        locality_postal_code=address.postal_code if address else "",
    )
