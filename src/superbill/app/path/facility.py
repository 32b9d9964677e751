"""The facility's claim of a coded encounter, with what the patient's other encounters at that facility mean for it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from types import MappingProxyType

from msgspec.structs import replace

from superbill.app.billing.queries import charged_accounts
from superbill.app.code_books import code_books
from superbill.app.encounters.models import EncounterState
from superbill.app.encounters.queries import Visit, visits_of_patients
from superbill.app.path.coding import covered
from superbill.app.session import Session
from superbill.claims.build_institutional import build_institutional, joins
from superbill.claims.coverage_order import order_coverages
from superbill.claims.facility_inputs import FacilityVisit, Joined
from superbill.claims.inputs import BilledElsewhere, Built, Held, Outcome, SelfPay
from superbill.claims.statement import facility_account, is_facility_account
from superbill.codesets.msdrg.lookup import Grouper, grouper, version_on
from superbill.codesets.msdrg.stay import Grouped, Stay
from superbill.codesets.optional import NotInstalled
from superbill.codesets.poa_exempt import lookup as poa
from superbill.effective import Period
from superbill.findings import Finding, Severity, header
from superbill.site import Facility, Site, facility_of, facility_parties, payer_lookup

Neighbours = Mapping[int, list[Visit]]
NO_NEIGHBOURS: Neighbours = MappingProxyType({})
_OPEN = frozenset({EncounterState.IMPORTED, EncounterState.HELD})
_AT_A_HOSPITAL = frozenset({"EMER", "OBSENC", "SS"})
_STAYS = frozenset({"IMP", "ACUTE", "NONAC"})
_SOURCE = "42 CFR 412.2(c)(5); Medicare Claims Processing Manual chapter 3 §40.3"


def neighbours(session: Session, some: Iterable[Visit]) -> Neighbours:
    """All encounters of the patients of those visits that have a facility's part, by patient row id."""
    patients = {visit.patient_id for visit in some if visit.coded and visit.coded.facility}
    return visits_of_patients(session.scope, patients) if patients else NO_NEIGHBOURS


def facility_outcome(session: Session, visit: Visit, around: Neighbours) -> Outcome:
    """The facility's claim of one coded encounter, why it is held, or which claim its charges stand on."""
    place = facility_of(session.site, visit.encounter)
    coded = visit.coded
    assert place is not None and coded is not None and coded.facility is not None, "coded with a facility's part"
    others = [one for one in around.get(visit.patient_id, []) if one.id != visit.id and _same(session.site, one, place)]
    stay = _stay_after(visit, others, place)
    if stay is not None:
        return _with_stay(stay, place)
    waiting = _waiting_before(visit, others, place)
    if waiting is not None:
        return Held(findings=(_waits(waiting),))
    joined, warnings = _joined(session, visit, others, place)
    chart = covered(session.site, visit.chart, visit.encounter)
    outcome = build_institutional(
        FacilityVisit(
            chart=chart, encounter=visit.encounter, coded=coded, account=facility_account(visit.account_number),
            order=order_coverages(chart, visit.encounter, payer_lookup(session.site)),
            parties=facility_parties(session.site, place, visit.encounter), price=session.facility_price,
            exempt=_exempt, group=_group, joined=joined, earlier=tuple(_stays_before(visit, others)),
        )
    )  # fmt: skip
    if isinstance(outcome, Built | SelfPay) and warnings:
        return replace(outcome, findings=(*outcome.findings, *warnings))
    return outcome


def _same(site: Site, other: Visit, place: Facility) -> bool:
    found = facility_of(site, other.encounter)
    return found is not None and found.key == place.key


def _days(visit: Visit) -> Period:
    return Period(visit.encounter.date_of_service, visit.encounter.last_date_of_service)


def _is_stay(visit: Visit) -> bool:
    """Whether it is, or will be once it is coded, an inpatient stay."""
    part = visit.coded.facility if visit.coded else None
    if part is not None:
        return part.inpatient
    return visit.state in _OPEN and visit.encounter.class_code in _STAYS


def _stay_after(visit: Visit, others: list[Visit], place: Facility) -> Visit | None:
    """The stay that takes these outpatient services in: it began on their last day or within the window after it."""
    assert visit.coded is not None
    for other in others:
        admitted = other.encounter.date_of_service
        later = other.encounter.start >= visit.encounter.start
        if later and _is_stay(other) and joins(visit.coded.facility, _days(visit), admitted, place.payment_window_days):
            return other
    return None


def _with_stay(stay: Visit, place: Facility) -> Outcome:
    began = stay.encounter.date_of_service.isoformat()
    if stay.state in _OPEN:
        return Held(findings=(Finding(
            rule="claims.window-open", severity=Severity.ERROR, where=header("lines"),
            message=f"The services belong on the claim of the stay {stay.account_number} that began on {began}, "
            f"which is {stay.state}.",
            why=f"Outpatient services of {place.payment_window_days} days before an admission are billed with it.",
            fix=f"Settle {stay.account_number} first: superbill encounters show {stay.account_number}",
            source=_SOURCE,
        ),))  # fmt: skip
    return BilledElsewhere(findings=(Finding(
        rule="claims.window-joined", severity=Severity.INFORMATION, where=header("lines"),
        message=f"The facility's charges stand on the claim of the stay {stay.account_number} that began on {began}.",
        why=f"Outpatient services of {place.payment_window_days} days before an admission are billed with it.",
        source=_SOURCE,
    ),))  # fmt: skip


def _waiting_before(visit: Visit, others: list[Visit], place: Facility) -> Visit | None:
    """An emergency visit in the window before this stay that is not coded: its charges would be missing."""
    assert visit.coded is not None and visit.coded.facility is not None
    admitted = visit.encounter.date_of_service
    if not visit.coded.facility.inpatient:
        return None
    first = admitted - timedelta(days=place.payment_window_days)
    for other in others:
        outpatient = other.encounter.class_code in _AT_A_HOSPITAL and other.encounter.start <= visit.encounter.start
        if other.state in _OPEN and outpatient and first <= other.encounter.last_date_of_service <= admitted:
            return other
    return None


def _waits(other: Visit) -> Finding:
    return Finding(
        rule="claims.window-waits", severity=Severity.ERROR, where=header("lines"),
        message=f"The visit {other.account_number} of {other.encounter.date_of_service.isoformat()} belongs on this "
        f"claim and is {other.state}.",
        fix=f"Settle it first: superbill encounters show {other.account_number}", source=_SOURCE,
    )  # fmt: skip


def _joined(
    session: Session, visit: Visit, others: list[Visit], place: Facility
) -> tuple[tuple[Joined, ...], tuple[Finding, ...]]:
    """The outpatient encounters that this stay takes in; one that was billed already stays where it is, with a
    warning."""
    assert visit.coded is not None and visit.coded.facility is not None
    if not visit.coded.facility.inpatient:
        return (), ()
    admitted = visit.encounter.date_of_service
    found, warnings = [], []
    for other in others:
        earlier = other.encounter.start <= visit.encounter.start
        part = other.coded.facility if other.coded else None
        if not earlier or not joins(part, _days(other), admitted, place.payment_window_days):
            continue
        assert other.coded is not None
        if any(is_facility_account(one, other.account_number) for one in charged_accounts(session.scope, other.id)):
            warnings.append(_billed_before(other))
        else:
            found.append(Joined(other.encounter, other.coded))
    return tuple(found), tuple(warnings)


def _billed_before(other: Visit) -> Finding:
    account = facility_account(other.account_number)
    return Finding(
        rule="claims.window-billed", severity=Severity.WARNING, where=header("lines"),
        message=f"The outpatient services of {other.encounter.date_of_service.isoformat()} were billed on their own "
        f"({account}); they belong on this claim.",
        fix=f"Void the outpatient claim (superbill claim void {account}P1) and bill its services here.", source=_SOURCE,
    )  # fmt: skip


def _stays_before(visit: Visit, others: list[Visit]) -> Iterable[Period]:
    for other in others:
        if _is_stay(other) and other.encounter.start < visit.encounter.start:
            yield _days(other)


def _exempt(code: str, on: date) -> bool | None:
    return poa.exempt(code_books(), code, on)


@cache
def _grouper() -> Grouper | None:
    try:
        return grouper()
    except NotInstalled:
        return None


@lru_cache(1024)
def _group(stay: Stay, discharged: date) -> Grouped | None:
    """The MS-DRG; None without a grouper, or for a day whose version of the definitions it does not have."""
    by = _grouper()
    if by is None:
        return None
    try:
        return by.group(stay, version_on(discharged))
    except ValueError:
        return None
