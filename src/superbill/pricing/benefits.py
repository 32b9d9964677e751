"""A plan's benefits and what they leave to the patient: copay, deductible, coinsurance, out-of-pocket maximum."""

from decimal import Decimal
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from superbill.money import Cents, portion
from superbill.pricing.code_ranges import code_ranges

ServiceKind = Literal[
    "preventive", "vaccine", "office", "telehealth", "emergency", "behavioral", "therapy", "laboratory", "imaging",
    "drug", "inpatient", "dental preventive", "dental basic", "dental major", "orthodontic", "other",
]  # fmt: skip

# The code series of CPT, HCPCS Level II and CDT by kind of service. The first row that holds a code decides.
_KINDS: tuple[tuple[ServiceKind, tuple[str, ...]], ...] = (
    ("preventive", ("99381-99397", "G0402", "G0438", "G0439", "G0101", "Q0091", "77067", "G0444", "G0442")),
    ("vaccine", ("90460-90474", "90476-90759", "91300-91322", "90480", "G0008-G0010", "Q2034-Q2039")),
    ("emergency", ("99281-99285",)),
    ("telehealth", ("98000-98016", "99421-99423", "99441-99443", "G2010", "G2012")),
    ("office", ("99202-99215", "99242-99245", "99341-99350", "T1015", "S9083")),
    ("behavioral", ("90785-90899", "96105-96171", "99408-99409", "H0001-H2037")),
    ("therapy", ("92507-92526", "97010-97799", "98940-98943")),
    ("laboratory", ("80047-89398", "36415", "36416", "P2028-P9615", "G0027", "G0103", "G0328")),
    ("imaging", ("70010-79999",)),
    ("drug", ("J0120-J9999", "Q4081", "Q5101-Q5160")),
    ("dental preventive", ("D0100-D1999",)),
    ("dental major", ("D2500-D2799", "D5000-D6999")),
    ("dental basic", ("D2000-D4999", "D7000-D7999", "D9000-D9999")),
    ("orthodontic", ("D8000-D8999",)),
)
# A facility's line without a procedure: the kind of its revenue code's family (NUBC; the first three digits).
_REVENUE_KINDS: dict[str, ServiceKind] = {
    **dict.fromkeys(("025", "063"), "drug"),
    **dict.fromkeys(("030", "031"), "laboratory"),
    **dict.fromkeys(("032", "033", "034", "035", "040", "061"), "imaging"),
    **dict.fromkeys(("042", "043", "044"), "therapy"),
    "045": "emergency",
    **dict.fromkeys(("090", "091"), "behavioral"),
}
# Place of service 02 and 10 make a visit a telehealth visit whatever its code.
_TELEHEALTH_PLACES = frozenset({"02", "10"})


@lru_cache(maxsize=8192)
def service_kind(code: str, place_of_service: str = "") -> ServiceKind:
    """The kind of service that a procedure code is, for the plan's cost sharing."""
    found: ServiceKind = next((kind for kind, codes in _KINDS if code in code_ranges(codes)), "other")
    return "telehealth" if found == "office" and place_of_service in _TELEHEALTH_PLACES else found


def revenue_kind(revenue_code: str) -> ServiceKind:
    """The kind of service of a facility's line that only a revenue code describes."""
    return _REVENUE_KINDS.get(revenue_code[:3], "other")


class Accumulators(Struct, frozen=True, omit_defaults=True):
    """What a member has paid toward a plan year, and what the whole family has, in cents. The family's sums count the
    member's own."""

    deductible: Cents = 0
    out_of_pocket: Cents = 0
    family_deductible: Cents = 0
    family_out_of_pocket: Cents = 0

    def after(self, share: "PatientShare") -> "Accumulators":
        """The accumulators with one more share counted."""
        return Accumulators(
            self.deductible + share.deductible,
            self.out_of_pocket + share.total,
            self.family_deductible + share.deductible,
            self.family_out_of_pocket + share.total,
        )

    def without(self, share: "PatientShare") -> "Accumulators":
        """The accumulators with a share taken back (its claim was reversed)."""
        return Accumulators(
            self.deductible - share.deductible,
            self.out_of_pocket - share.total,
            self.family_deductible - share.deductible,
            self.family_out_of_pocket - share.total,
        )

    def with_family(self, deductible: Cents, out_of_pocket: Cents) -> "Accumulators":
        """The member's accumulators beside the family's."""
        return Accumulators(self.deductible, self.out_of_pocket, deductible, out_of_pocket)


class PatientShare(Struct, frozen=True):
    """The patient's part of one service in cents: PR-3, PR-1 and PR-2. `stay` is the part of the deductible of an
    inpatient stay, PR-1 as well, which does not count toward the year's."""

    copay: Cents = 0
    deductible: Cents = 0
    coinsurance: Cents = 0
    stay: Cents = 0

    @property
    def total(self) -> Cents:
        return self.copay + self.deductible + self.coinsurance + self.stay

    def plus(self, other: "PatientShare") -> "PatientShare":
        """Both shares together."""
        return PatientShare(
            self.copay + other.copay,
            self.deductible + other.deductible,
            self.coinsurance + other.coinsurance,
            self.stay + other.stay,
        )


NOTHING = PatientShare()


class Benefits(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One plan's benefits in one period. Amounts are cents per person and plan year (a calendar year).

    `copay` by kind of service: a service with a copay is free of deductible and coinsurance, unless its kind is in
    `copay_after_deductible`. `coinsurance_for` where a kind of service has its own. `no_deductible`: kinds of service
    that the plan pays before the deductible is met. The family's limits count all its members together (an embedded
    deductible: a member's is met by his own or by the family's). `preventive`: codes without any cost share (45 CFR
    147.130 for commercial plans, 42 CFR 410.152(l) for Medicare). `out_of_pocket_maximum` None: the plan has none.
    `stay_deductible` is owed once for each inpatient stay, before the year's deductible (Medicare Part A, 42 CFR
    409.82, asks for it once in a benefit period; here every stay begins one).
    `non_covered` gives group and reason per code or range ("PR-204"). `filing_days`: None, no limit.
    """

    copay: dict[ServiceKind, Cents] = {}
    copay_after_deductible: tuple[ServiceKind, ...] = ()
    deductible: Cents = 0
    family_deductible: Cents | None = None
    stay_deductible: Cents = 0
    coinsurance: Decimal = Decimal(0)
    coinsurance_for: dict[ServiceKind, Decimal] = {}
    out_of_pocket_maximum: Cents | None = None
    family_out_of_pocket_maximum: Cents | None = None
    no_deductible: tuple[ServiceKind, ...] = ()
    preventive: tuple[str, ...] = ()
    non_covered: dict[str, str] = {}
    authorization_required: tuple[str, ...] = ()
    filing_days: int | None = None

    def __post_init__(self) -> None:
        limits = (self.family_deductible, self.out_of_pocket_maximum, self.family_out_of_pocket_maximum)
        amounts = (*self.copay.values(), *(limit or 0 for limit in limits), self.deductible, self.stay_deductible)
        if min(*amounts, self.filing_days or 0) < 0:
            raise ValueError("benefits: no amount is negative")
        parts = (self.coinsurance, *self.coinsurance_for.values())
        if any(not part.is_finite() or not 0 <= part <= 1 for part in parts):
            raise ValueError("benefits: coinsurance is a part of the allowed amount, between 0 and 1")

    def is_preventive(self, code: str) -> bool:
        """Whether the plan pays this code in full."""
        return code in code_ranges(self.preventive)

    def needs_authorization(self, code: str) -> bool:
        """Whether the plan pays this code only with a prior authorization."""
        return code in code_ranges(self.authorization_required)

    def exclusion(self, code: str) -> str | None:
        """Group and reason ("PR-204") with which the plan refuses this code, None when it covers it."""
        return next((reason for codes, reason in self.non_covered.items() if code in code_ranges((codes,))), None)

    def deductible_left(self, accumulators: Accumulators) -> Cents:
        """What the member has still to pay before the plan does: his own deductible or the family's, the less."""
        own = self.deductible - accumulators.deductible
        family = self.family_deductible
        return max(0, own if family is None else min(own, family - accumulators.family_deductible))

    def room(self, accumulators: Accumulators) -> Cents | None:
        """What the member can still owe this year; None: there is no maximum."""
        limits = (
            (self.out_of_pocket_maximum, accumulators.out_of_pocket),
            (self.family_out_of_pocket_maximum, accumulators.family_out_of_pocket),
        )
        left = [max(0, limit - paid) for limit, paid in limits if limit is not None]
        return min(left) if left else None

    def share(
        self,
        allowed: Cents,
        kind: ServiceKind,
        accumulators: Accumulators,
        *,
        code: str = "",
        copay_due: bool = True,
        stay_left: Cents = 0,
    ) -> PatientShare:
        """The patient's part of `allowed` cents for a service of this kind; nothing of a preventive `code`.

        Never more than `allowed`, nor than what is left to the out-of-pocket maximum. `copay_due` False: the
        copay of this visit has been taken already. `stay_left` is what is still owed of a stay's own deductible.
        """
        if code and self.is_preventive(code):
            return NOTHING
        limit = self.room(accumulators)
        room = max(0, allowed) if limit is None else min(max(0, allowed), limit)
        stay = min(stay_left, room)
        room -= stay
        copay = self.copay.get(kind)
        if copay is not None and kind not in self.copay_after_deductible:
            return PatientShare(copay=min(copay, room) if copay_due else 0, stay=stay)
        deductible = 0 if kind in self.no_deductible else min(self.deductible_left(accumulators), room)
        if copay is not None:
            copay = min(copay, room - deductible) if copay_due else 0
            return PatientShare(copay=copay, deductible=deductible, stay=stay)
        # Coinsurance is of the allowed amount that no deductible has used; the maximum cuts it last.
        rest = max(0, allowed) - stay - deductible
        coinsurance = portion(rest, self.coinsurance_for.get(kind, self.coinsurance))
        return PatientShare(deductible=deductible, coinsurance=min(coinsurance, room - deductible), stay=stay)
