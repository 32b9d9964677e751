"""Why a payer refuses a service line: one small function per rule, with the CARC and RARC that a payer would use.

The first rule of RULES that speaks decides; their order is that of a claim's way through a payer: is it a duplicate,
is it our member, are we first, is it in time, is it covered, was it authorized, is it part of something else, was it
needed, is anything missing. Chance decides only over original claims, so that a corrected claim can succeed.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from msgspec import Struct

from superbill.claims.model import Claim, ServiceLine
from superbill.payer.chance import digest, happens
from superbill.payer.cob import Prior
from superbill.payer.config import PayerConfig
from superbill.pricing.benefits import Benefits, service_kind
from superbill.pricing.code_ranges import code_ranges


class Denial(NamedTuple):
    """Group code, CARC and RARCs of a refused line."""

    group: str
    reason: str
    remarks: tuple[str, ...] = ()


class Case(Struct, frozen=True, kw_only=True):
    """A claim before the adjudicator. `paid_before` answers whether this line has been paid on another claim."""

    payer: PayerConfig
    claim: Claim
    benefits: Benefits
    seed: int
    received: date
    prior: Prior | None
    paid_before: Callable[[ServiceLine], bool]

    @property
    def stay(self) -> bool:
        """Whether the claim is of an inpatient stay."""
        return self.claim.institutional is not None and self.claim.institutional.inpatient

    def chance(self, per_mille: int, event: str) -> bool:
        """Whether chance strikes this claim."""
        if changes_another(self.claim) or self.prior is not None:
            return False
        return happens(per_mille, self.seed, self.payer.id, event, self.claim.control_number)

    def strikes_line(self, per_mille: int, event: str, line: ServiceLine) -> bool:
        """Whether chance strikes this line: of a claim that is struck, one line is; a stay is judged as a whole."""
        lines = self.claim.lines
        if not self.chance(per_mille, event):
            return False
        return self.stay or lines[digest(self.seed, event, "line", self.claim.control_number) % len(lines)] is line


Rule = Callable[[Case, ServiceLine], Denial | None]


def changes_another(claim: Claim) -> bool:
    """Whether the claim replaces or voids one that came before. Interim bills and late charges stand beside theirs."""
    return claim.frequency in ("7", "8")


def duplicate(case: Case, line: ServiceLine) -> Denial | None:
    """Same provider, patient, day, code and modifiers already paid on another claim. Repeats carry 76, 77 or 91.

    Late charges are of revenue codes that were billed before: only another bill of late charges can repeat them.
    """
    return Denial("CO", "18") if case.paid_before(line) else None


def eligibility(case: Case, line: ServiceLine) -> Denial | None:
    """The member is covered on the day of service: 26 before the coverage began, 27 after it ended."""
    member = case.payer.member.get(case.claim.subscriber.member_id)
    day = case.claim.days_of(line).start or case.received
    if member is not None and not member.primary_elsewhere:
        if member.period.start is not None and day < member.period.start:
            return Denial("CO", "26")
        if member.period.end is not None and day > member.period.end:
            return Denial("CO", "27")
    return Denial("CO", "27") if case.chance(case.payer.rates.coverage_ended, "coverage ended") else None


def coverage_end(case: Case) -> date | None:
    """The last day of coverage that the remittance names beside CO-27."""
    member = case.payer.member.get(case.claim.subscriber.member_id)
    if member is not None and member.period.end is not None:
        return member.period.end
    start = case.claim.service.start or case.received
    return start.replace(day=1) - timedelta(days=1)


def other_payer_first(case: Case, _line: ServiceLine) -> Denial | None:
    """The payer knows or hears that another one pays first, and the claim doesn't say what that one did."""
    if case.prior is not None:
        return None
    member = case.payer.member.get(case.claim.subscriber.member_id)
    day = case.claim.service.start or case.received
    told = member is not None and member.primary_elsewhere and day in member.period
    second = case.payer.always_after or case.claim.subscriber.responsibility != "P"
    if told or second or case.chance(case.payer.rates.other_coverage, "other coverage"):
        return Denial("CO", "22", ("MA04",))
    return None


def timely_filing(case: Case, _line: ServiceLine) -> Denial | None:
    """The filing limit counts from the last day of service, for a second payer from the first one's payment.

    A replacement or void changes a claim that was in time.
    """
    limit = case.benefits.filing_days
    if limit is None or changes_another(case.claim):
        return None
    begin = (case.prior.paid_on if case.prior else None) or case.claim.service.end
    late = begin is not None and (case.received - begin).days > limit
    return Denial("CO", "29") if late else None


# Condition codes of a bill for a denial: the patient asked for it, or another payer needs it (FL 18 to 28).
_BILLED_FOR_DENIAL = frozenset({"20", "21"})


def not_asked_to_pay(case: Case, line: ServiceLine) -> Denial | None:
    """The facility itself says that the whole charge of a line is not covered (FL 48): the patient owes it where the
    bill asks for a denial or the line has modifier GY, else nobody does."""
    if line.non_covered is None or line.non_covered < line.charge or not line.charge:
        return None
    detail = case.claim.institutional
    asked = detail is not None and not _BILLED_FOR_DENIAL.isdisjoint(detail.conditions)
    return Denial("PR" if asked or "GY" in line.procedure.modifiers else "CO", "96", ("N180",))


def non_covered(case: Case, line: ServiceLine) -> Denial | None:
    """The plan excludes the code. 96 never stands without a remark."""
    exclusion = case.benefits.exclusion(line.procedure.code or line.revenue_code)
    if exclusion is None:
        return None
    group, _, reason = exclusion.partition("-")
    reason, _, remark = reason.partition(":")
    return Denial(group, reason, (remark,) if remark else ("N180",) if reason == "96" else ())


# No plan asks to be asked before a visit or a vaccine; chance keeps to what plans do ask about.
_AUTHORIZED = frozenset({"imaging", "therapy", "drug", "other"})


def prior_authorization(case: Case, line: ServiceLine) -> Denial | None:
    """The plan pays this code only with an authorization number on the claim (REF*G1)."""
    if case.claim.prior_authorization:
        return None
    code = line.procedure.code
    needed = case.benefits.needs_authorization(code or line.revenue_code)
    chance = service_kind(code) in _AUTHORIZED and case.chance(case.payer.rates.authorization, "authorization")
    return Denial("CO", "197") if needed or chance else None


class Pair(NamedTuple):
    """`part` is not paid beside `whole` on the same day, unless it carries one of `modifiers`."""

    whole: tuple[str, ...]
    part: tuple[str, ...]
    modifiers: tuple[str, ...] = ()


_VISITS = ("99202-99215",)
_DISTINCT = ("59", "XE", "XS", "XP", "XU")
# A small table of our own in the spirit of NCCI; the official pairs belong to the edits room.
PAIRS = (
    Pair(("10021-36410", "36420-58999", "60000-69990", "96372"), _VISITS, ("25", "57")),
    Pair(("99381-99397", "G0438", "G0439"), _VISITS, ("25",)),
    Pair((*_VISITS, "99281-99285"), ("94760", "94761"), _DISTINCT),
    Pair(("36415", *_VISITS), ("36416", "99000"), ()),
    Pair(("80053",), ("80048", "82947", "84132", "84295", "82565", "84520"), _DISTINCT),
    Pair(("85025",), ("85014", "85018", "85027"), _DISTINCT),
    Pair(("93000",), ("93005", "93010"), _DISTINCT),
)


def bundled(case: Case, line: ServiceLine) -> Denial | None:
    """The service is part of another one of the same day on this claim."""
    if case.claim.kind != "professional":
        return None
    code, day = line.procedure.code, line.service.start
    for pair in PAIRS:
        if code not in code_ranges(pair.part) or set(pair.modifiers) & set(line.procedure.modifiers):
            continue
        whole = code_ranges(pair.whole)
        others = (other for other in case.claim.lines if other is not line and other.service.start == day)
        if any(other.procedure.code in whole for other in others):
            return Denial("CO", "97", ("M15",))
    return None


_UNDOUBTED = frozenset({"preventive", "vaccine"})


def medical_necessity(case: Case, line: ServiceLine) -> Denial | None:
    """The payer doubts the need for the service. Stands in for coverage policies that aren't simulated."""
    if service_kind(line.procedure.code) in _UNDOUBTED:
        return None
    struck = case.strikes_line(case.payer.rates.medical_necessity, "medical necessity", line)
    return Denial("CO", "50", ("N130",)) if struck else None


_WANTED = ("M127", "N29", "M76")


def missing_information(case: Case, _line: ServiceLine) -> Denial | None:
    """Something is missing to decide: records, notes, a usable diagnosis. 16 never stands without a remark."""
    if not case.chance(case.payer.rates.missing_information, "missing information"):
        return None
    return Denial("CO", "16", (_WANTED[digest(case.seed, "wanted", case.claim.control_number) % len(_WANTED)],))


RULES: tuple[Rule, ...] = (
    duplicate,
    eligibility,
    other_payer_first,
    timely_filing,
    not_asked_to_pay,
    non_covered,
    prior_authorization,
    bundled,
    medical_necessity,
    missing_information,
)


def first_denial(case: Case, line: ServiceLine) -> Denial | None:
    """The denial of the first rule that refuses this line, None when it is payable."""
    return next((denial for rule in RULES if (denial := rule(case, line))), None)
