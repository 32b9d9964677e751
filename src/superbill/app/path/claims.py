"""Coded encounters into claims: built, checked, and either ready to send or held with the findings that say why."""

from collections.abc import Callable, Sequence
from datetime import date

from msgspec.structs import replace

from superbill.app.claims.actions import (
    ClaimDraft,
    OpenCounts,
    SelfPayDraft,
    bill_self_pay,
    open_claims,
    release_held,
)
from superbill.app.claims.models import ClaimState
from superbill.app.claims.queries import StoredClaim, claims_by_id, claims_in
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterState
from superbill.app.encounters.queries import Visit, count_by_state, visits
from superbill.app.path.checking import Histories, check_claim, check_stored, context_of
from superbill.app.path.coding import covered
from superbill.app.path.desk import take_desk_payments
from superbill.app.path.facility import NO_NEIGHBOURS, Neighbours, facility_outcome, neighbours
from superbill.app.path.known import Known
from superbill.app.rows import chunks
from superbill.app.session import Session
from superbill.app.stages import Stages
from superbill.claims.build import assemble
from superbill.claims.inputs import BilledElsewhere, Built, Held, Outcome, SelfPay
from superbill.coding.model import CodedEncounter, Disposition
from superbill.edits.authorization.taking import take_numbers
from superbill.findings import Finding, errors
from superbill.site import billing_parties, facility_of, facility_provider, payer_lookup

BillingDay = Callable[[date], date]
_AT_ONCE = 200


def build_claims(
    session: Session, stages: Stages, billing_day: BillingDay | None = None, *, by: date | None = None
) -> OpenCounts:
    """Open the claims of every coded encounter and put its charges on the books.

    `billing_day` gives the day on which services of a day are billed (a run over past visits has one per month);
    without it that is the session's day. With it a visit whose note was written after its billing day waits, until
    a call with a day `by` which the note was written bills it on that day: without a note nothing may be billed.
    """
    stages.start("Claims", count_by_state(session.scope)[EncounterState.CODED.value])
    total = OpenCounts()
    for some in visits(session.scope, EncounterState.CODED):
        around = neighbours(session, some)
        ripe = [visit for visit in some if billing_day is None or _is_written(session, visit, billing_day, by)]
        total = added(total, _open(session, ripe, around, billing_day or (lambda _: session.today), by))
        take_desk_payments(session, ripe)
        stages.step("Claims", len(some))
    stages.finish("Claims")
    return total


def build_visit(session: Session, visit: Visit, around: Neighbours = NO_NEIGHBOURS) -> list[Outcome]:
    """The professionals' claims of one coded encounter and the facility's, or why there are none.

    `around`: the patients' other encounters, where the visit has a facility's part.
    """
    assert visit.coded is not None
    outcomes = []
    if visit.coded.services or visit.coded.facility is None:
        parties = billing_parties(session.site, visit.encounter)
        place = facility_of(session.site, visit.encounter) if visit.coded.facility else None
        if place is not None:
            parties = replace(parties, service_facility=facility_provider(place))
        outcomes.append(
            assemble(
                covered(session.site, visit.chart, visit.encounter),
                visit.encounter,
                visit.coded,
                account=visit.account_number,
                parties=parties,
                payers=payer_lookup(session.site),
                price=session.price,
            )
        )
    if visit.coded.facility is not None:
        outcomes.append(facility_outcome(session, visit, around))
    return outcomes


def check_open_claims(
    session: Session, stages: Stages
) -> tuple[OpenCounts, list[tuple[StoredClaim, tuple[Finding, ...]]]]:
    """Check every held and ready claim anew on the session's day; what is mended becomes ready, what is not is held."""
    total = OpenCounts()
    checked: list[tuple[StoredClaim, tuple[Finding, ...]]] = []
    for some in claims_in(session.scope, ClaimState.HELD, ClaimState.READY):
        found = check_stored(session, some)
        released = release_held(session.actor, [(one.id, one.claim, f) for one, f in found], at=session.at)
        total = added(total, released)
        checked += found
        stages.step("Check", len(some))
    return total, checked


def check_claims(session: Session, claims: Sequence[int]) -> tuple[OpenCounts, int]:
    """Check these claims (row ids) anew as `check_open_claims` does; and how many were left alone, being sent."""
    total, left = OpenCounts(), 0
    for some in chunks(list(claims), _AT_ONCE):
        stored = list(claims_by_id(session.scope, list(some)))
        waiting = [one for one in stored if one.state in (ClaimState.HELD, ClaimState.READY)]
        left += len(stored) - len(waiting)
        found = check_stored(session, waiting)
        total = added(total, release_held(session.actor, [(one.id, one.claim, f) for one, f in found], at=session.at))
    return total, left


def added(one: OpenCounts, other: OpenCounts) -> OpenCounts:
    """Both together."""
    return OpenCounts(**{name: getattr(one, name) + getattr(other, name) for name in OpenCounts.__struct_fields__})


def tried(session: Session, visit: Visit) -> tuple[list[Outcome], list[ClaimDraft]]:
    """What billing a coded visit on the session's day would come to, every edit run; nothing is stored."""
    histories, known = Histories(session, {visit.patient_id}), Known(session, {visit.patient_id})
    outcomes = build_visit(session, visit, neighbours(session, [visit]))
    built = (outcome for outcome in outcomes if isinstance(outcome, Built))
    return outcomes, [draft for one in built for draft in _drafts(session, visit, one, session.today, histories, known)]


def _is_written(session: Session, visit: Visit, billing_day: BillingDay, by: date | None) -> bool:
    """Whether the last note of the visit was written by its billing day, or by `by`. A date to come says nothing."""
    written = [note.written for note in visit.encounter.notes if note.written and note.written <= session.today]
    due = billing_day(visit.encounter.date_of_service)
    return max(written, default=due) <= max(due, by or due)


def _open(
    session: Session, some: Sequence[Visit], around: Neighbours, billing_day: BillingDay, by: date | None
) -> OpenCounts:
    """Open what can be billed. An encounter is billed as a whole: where one of its claims is held, both wait."""
    patients = {visit.patient_id for visit in some}
    histories, known = Histories(session, patients), Known(session, patients)
    drafts: list[ClaimDraft] = []
    self_pay: list[SelfPayDraft] = []
    settled: list[tuple[int, CodedEncounter]] = []
    for visit in some:
        assert visit.coded is not None
        outcomes, day = build_visit(session, visit, around), billing_day(visit.encounter.date_of_service)
        day = max(day, by or day)
        billed = [outcome for outcome in outcomes if isinstance(outcome, Built | SelfPay)]
        if any(isinstance(outcome, Held) for outcome in outcomes) or not billed:
            settled.append((visit.id, _not_billed(visit.coded, outcomes)))
            continue
        elsewhere = [f for outcome in outcomes if isinstance(outcome, BilledElsewhere) for f in outcome.findings]
        for outcome in billed:
            outcome = replace(outcome, findings=(*outcome.findings, *elsewhere))
            if isinstance(outcome, Built):
                drafts += _drafts(session, visit, outcome, day, histories, known)
            else:
                self_pay.append(_self_pay(visit, outcome, day))
    counts = open_claims(session.actor, drafts, session.today, at=session.at) if drafts else OpenCounts()
    if self_pay:
        counts = added(counts, bill_self_pay(session.actor, self_pay, session.today, at=session.at))
    if settled:
        record_coding(session.actor, settled, at=session.at)
    return counts


def _not_billed(coded: CodedEncounter, outcomes: Sequence[Outcome]) -> CodedEncounter:
    """Held where somebody can mend it; else its charges stand on another encounter's claim, and it has none."""
    findings = tuple(dict.fromkeys((*coded.findings, *(each for one in outcomes for each in one.findings))))
    held = any(isinstance(outcome, Held) for outcome in outcomes)
    return replace(coded, disposition=Disposition.HELD if held else Disposition.NOT_BILLABLE, findings=findings)


def _self_pay(visit: Visit, outcome: SelfPay, day: date) -> SelfPayDraft:
    return SelfPayDraft(
        encounter=visit.id,
        account=outcome.account,
        lines=outcome.lines,
        diagnoses=outcome.diagnoses,
        findings=outcome.findings,
        on=day,
    )


def _drafts(
    session: Session, visit: Visit, outcome: Built, day: date, histories: Histories, known: Known
) -> list[ClaimDraft]:
    """The claims of one outcome, each with the number of an authorization on file that fits it, and checked."""
    first, *later = outcome.coverages
    key = first.payer.key
    before = histories.before(visit.patient_id, visit.id)
    drafts = []
    for built in outcome.claims:
        facts = known.of(visit.patient_id, key, built)
        claim, taken = take_numbers(built, context_of(session, key, day, before, facts))
        found = check_claim(session, key, claim, day, before, facts)
        if not errors(found):
            histories.add(visit.patient_id, visit.id, key, claim)
        drafts.append(
            ClaimDraft(
                encounter=visit.id,
                claim=claim,
                payer_key=key,
                next_payer=later[0].payer.key if later else "",
                findings=(*outcome.findings, *taken, *found),
                on=day,
            )
        )
    return drafts
