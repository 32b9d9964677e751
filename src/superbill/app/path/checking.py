"""Claims before the edits: with the payer's facts, the practice's prices, the code sets and what was billed before."""

from collections.abc import Iterable, Sequence
from datetime import date

from superbill.app.claims.queries import ByEncounter, StoredClaim, overrides, past_claims, patients_of, with_overrides
from superbill.app.code_books import reference
from superbill.app.path.known import NO_FACTS, Facts, Known
from superbill.app.rules.queries import active_packs
from superbill.app.session import Session
from superbill.claims.model import Claim
from superbill.edits import Context, History, PastClaim, PayerFacts, RuleSet, check, payer_facts
from superbill.edits.enrolment.listed import enrolments
from superbill.findings import Finding
from superbill.packs import compiled

NOTHING_BEFORE = History()


class Histories:
    """What was billed before for the patients of a run: as stored, and what the run itself has opened since."""

    def __init__(self, session: Session, patients: Iterable[int]) -> None:
        self._by_patient: dict[int, ByEncounter] = past_claims(session.scope, patients)

    def before(self, patient: int, encounter: int) -> History:
        """The patient's claims for other encounters than this one (row ids)."""
        others = self._by_patient.get(patient, {}).items()
        return History(past for other, claims in others if other != encounter for past in claims)

    def add(self, patient: int, encounter: int, payer_key: str, claim: Claim) -> None:
        """A claim has been opened that nothing holds."""
        past = PastClaim(claim=claim, state="ready", payer_key=payer_key)
        self._by_patient.setdefault(patient, {}).setdefault(encounter, []).append(past)


def context_of(
    session: Session, payer_key: str, today: date, history: History = NOTHING_BEFORE, facts: Facts = NO_FACTS
) -> Context:
    """What the edits may know of a claim to this payer on `today`; `facts` are kept of its patient."""
    entry = session.site.payer(payer_key)
    return Context(
        today=today,
        payer=payer_facts(entry) if entry else PayerFacts(),
        price=session.price,
        reference=reference(),
        history=history,
        authorizations=facts.authorizations,
        coverage=facts.coverage,
        verifies=facts.verifies,
        enrolments=enrolments(session.site, payer_key),
    )


def check_claim(
    session: Session,
    payer_key: str,
    claim: Claim,
    today: date,
    history: History = NOTHING_BEFORE,
    facts: Facts = NO_FACTS,
) -> tuple[Finding, ...]:
    """Every edit on a claim as it stands on `today`."""
    return checked(session, claim, context_of(session, payer_key, today, history, facts))


def checked(session: Session, claim: Claim, context: Context) -> tuple[Finding, ...]:
    """What the edits and the practice's packs find."""
    found = check(claim, context)
    for rules in session_packs(session):
        found += rules.run(claim, context)
    return tuple(found)


def session_packs(session: Session) -> tuple[RuleSet, ...]:
    """The packs at work in the practice, read once for a session."""
    if session.packs is None:
        session.packs = tuple(compiled(pack) for pack in active_packs(session.scope))
    return session.packs


def stored_context(session: Session, one: StoredClaim) -> Context:
    """What the edits may know of a stored claim on the session's day."""
    patient = patients_of(session.scope, [one.encounter_id])[one.encounter_id]
    before = Histories(session, [patient]).before(patient, one.encounter_id)
    facts = Known(session, [patient]).of(patient, one.payer_key, one.claim)
    return context_of(session, one.payer_key, session.today, before, facts)


def check_stored(session: Session, some: Sequence[StoredClaim]) -> list[tuple[StoredClaim, tuple[Finding, ...]]]:
    """Every edit on stored claims on the session's day; what was set aside stays so."""
    patients = patients_of(session.scope, (one.encounter_id for one in some))
    histories, known = Histories(session, patients.values()), Known(session, patients.values())
    aside = overrides(session.scope, (one.id for one in some))
    checked = []
    for one in some:
        patient = patients[one.encounter_id]
        before, facts = histories.before(patient, one.encounter_id), known.of(patient, one.payer_key, one.claim)
        findings = check_claim(session, one.payer_key, one.claim, session.today, before, facts)
        checked.append((one, with_overrides(findings, aside.get(one.id, {}))))
    return checked


def check_version(session: Session, one: StoredClaim, claim: Claim) -> tuple[Finding, ...]:
    """Every edit on a new version of a stored claim; what was set aside on the former is found anew."""
    return checked(session, claim, stored_context(session, one))
