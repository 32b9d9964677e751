"""A coder's draft as the rest of the program sees it: a coded visit, under every check, and the claim that it makes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Actor, Scope, system_actor
from superbill.app.accounts.permissions import Permission
from superbill.app.claims.actions import OpenCounts
from superbill.app.code_books import code_books
from superbill.app.coding.draft import Draft, Line, final_of
from superbill.app.encounters.queries import Visit, encounters_of, service_dates
from superbill.app.path.claims import build_claims, tried
from superbill.app.path.coding import INPATIENT, code_one
from superbill.app.session import Session
from superbill.app.stages import Stages
from superbill.chart.model import Chart
from superbill.claims.inputs import BilledElsewhere, Held, SelfPay
from superbill.codesets.release import Refused
from superbill.coding.checks import check
from superbill.coding.checks.model import Coded
from superbill.coding.deciding import Final, note_of, record_of, recorded
from superbill.coding.model import (
    AssignedCode,
    CodedEncounter,
    CodedProcedure,
    CodedService,
    Confidence,
    Disposition,
    Evidence,
    FacilityPart,
    Present,
)
from superbill.findings import Finding, Severity, header, line
from superbill.money import Cents

DECIDED = "decided at the workbench"
_HIGH, _MEDIUM = 0.85, 0.6
_SEXES = {"F": "female", "M": "male"}


class Placed(Struct, frozen=True, kw_only=True):
    """A finding, and the draft's line (its key) that it speaks of; "" for the visit as a whole."""

    finding: Finding
    key: str = ""


class Proposal(Struct, frozen=True, kw_only=True):
    """A modifier that a service may need, and why."""

    key: str
    modifier: str
    why: str


class Bill(Struct, frozen=True, kw_only=True):
    """One claim that the draft would make: to whom, how much, and whether something holds it."""

    number: str
    payer: str
    charge: Cents
    holds: int


class Seen(Struct, frozen=True, kw_only=True):
    """A draft as coded, with what every check says of it, and its claims."""

    coded: CodedEncounter
    placed: tuple[Placed, ...]
    bills: tuple[Bill, ...] = ()
    self_pay: Cents | None = None
    said: tuple[str, ...] = ()
    proposals: tuple[Proposal, ...] = ()

    @property
    def errors(self) -> int:
        """How many findings would hold it."""
        return sum(each.finding.severity is Severity.ERROR for each in self.placed)


class Case(Struct, frozen=True, kw_only=True):
    """A visit with what else of the patient its codes depend on: read once for a page."""

    visit: Visit
    chart: Chart
    dates: tuple[date, ...]

    @property
    def inpatient(self) -> bool:
        """Is it a stay?"""
        return self.visit.encounter.class_code in INPATIENT


def case_of(scope: Scope, visit: Visit) -> Case:
    """The case of a visit: two statements."""
    patient = visit.patient_id
    chart = replace(visit.chart, encounters=encounters_of(scope, [patient])[patient])
    return Case(visit=visit, chart=chart, dates=tuple(service_dates(scope, {patient})[patient]))


def program(session: Session) -> Session:
    """The program itself at the same work: it checks claims as it does for every coded visit, for a coder too, who may
    not read claims."""
    mine = copy(session)
    mine.actor = system_actor(session.actor.practice_id)
    mine.scope = mine.actor.scope
    return mine


def coded_of(session: Session, case: Case, draft: Draft, *, by: str, at: datetime, release: str) -> CodedEncounter:
    """The draft's standing codes as a coded visit: exactly these, in this sequence, with these modifiers and pointers.

    Place, drugs and the facility's part come from the chart, as for any coding.
    """
    record = case.visit.encounter
    base = code_one(session.site, case.chart, recorded(record, final_of(draft)), case.dates)
    sign = _Signer(by, at, release, record_of(record))
    places = draft.places()
    known = {each.procedure.code: each for each in base.services}
    charged = {each.procedure.code for each in base.facility.services if each.procedure} if base.facility else set()
    services = tuple(
        _service(sign, each, places, known.get(each.code), case.visit)
        for each in draft.standing("sv")
        if each.code in known or each.code not in charged
    )
    diagnoses = tuple(sign.code(each) for each in draft.standing("dx"))
    facility = _facility(base.facility, draft, sign, case) if base.facility else None
    whole = replace(base, diagnoses=diagnoses, services=services, facility=facility)
    if base.disposition is not Disposition.CODED:
        return whole
    return whole if diagnoses and (services or facility) else replace(whole, disposition=Disposition.HELD)


def confidence(score: float) -> Confidence:
    """How sure a suggestion is, in a word."""
    return "high" if score >= _HIGH else "medium" if score >= _MEDIUM else "low"


class _Signer:
    """Signs codes with who decided on them, when, and on which words."""

    def __init__(self, by: str, at: datetime, release: str, record: str) -> None:
        self._by, self._at, self._release, self._record = by, at, release, record

    def code(self, each: Line) -> AssignedCode:
        """A line as a code of the visit."""
        return AssignedCode(
            system=each.system, code=each.code, release=self._release if each.kind != "sv" else "", rule=DECIDED,
            evidence=each.evidence or (Evidence(self._record),), confidence=confidence(each.score), source="coder",
            by=self._by, at=self._at,
        )  # fmt: skip


def _service(
    sign: _Signer, each: Line, places: dict[str, int], known: CodedService | None, visit: Visit
) -> CodedService:
    pointers = tuple(places[key] for key in each.pointers if key in places)
    made = known or CodedService(procedure=sign.code(each), service_date=visit.encounter.date_of_service)
    return replace(
        made, procedure=sign.code(each), modifiers=each.modifiers, units=Decimal(each.units),
        diagnosis_pointers=pointers,
    )  # fmt: skip


def _facility(part: FacilityPart, draft: Draft, sign: _Signer, case: Case) -> FacilityPart:
    day = case.visit.encounter.date_of_service
    days = {each.procedure.code: each.on for each in part.procedures}
    procedures = tuple(
        CodedProcedure(procedure=sign.code(each), on=days.get(each.code, day)) for each in draft.standing("px")
    )
    absent = tuple(
        Present(each.code, each.poa)  # type: ignore[arg-type]  # one of the three
        for each in draft.standing("dx")
        if each.poa in ("N", "U", "W")
    )
    return replace(part, procedures=procedures or part.procedures, present=absent or part.present)


def seen(session: Session, case: Case, draft: Draft, *, by: str, release: str) -> Seen:
    """Every check on a draft, at once: what is undecided, the guidelines, the edits on the claim it would make."""
    coded = coded_of(session, case, draft, by=by, at=session.at, release=release)
    usual = list(_usual(session, case, draft))
    said = [*_undecided(draft), *checked(case, draft), *_of_coding(coded)]
    if coded.disposition is not Disposition.CODED or not draft.standing("dx"):
        return Seen(coded=coded, placed=placed(said, draft), proposals=tuple(usual))
    outcomes, claims = tried(program(session), replace(case.visit, coded=coded))
    for outcome in outcomes:
        said += outcome.findings if isinstance(outcome, Held | SelfPay) else ()
    said += [finding for each in claims for finding in each.findings]
    alone = [each for each in outcomes if isinstance(each, SelfPay)]
    return Seen(
        coded=coded, placed=placed(said, draft), proposals=(*usual, *_offered(said, draft)),
        bills=tuple(
            Bill(
                number=each.claim.control_number, payer=each.claim.payer.name, charge=each.claim.charge,
                holds=sum(finding.severity is Severity.ERROR for finding in each.findings),
            )
            for each in claims
        ),
        self_pay=sum(row.charge for each in alone for row in each.lines) if alone else None,
        said=tuple(
            each.message for one in outcomes if isinstance(one, BilledElsewhere) for each in one.findings
        ),
    )  # fmt: skip


def checked(case: Case, draft: Draft) -> list[Finding]:
    """The guideline checks on the draft's diagnoses; what could not be looked up is a finding."""
    standing = draft.standing("dx")
    if not standing:
        return []
    patient, record = case.visit.chart.patient, case.visit.encounter
    present = tuple(each.poa for each in standing) if case.inpatient and all(each.poa for each in standing) else ()
    about = Coded(
        diagnoses=tuple(each.code for each in standing), on=record.last_date_of_service if case.inpatient
        else record.date_of_service, setting="inpatient" if case.inpatient else "outpatient", born=patient.birth_date,
        sex=_SEXES.get(patient.sex, ""), poa=present, note=note_of(record),  # type: ignore[arg-type]  # one of the three
        procedures=tuple(each.code for each in (*draft.standing("px"), *draft.standing("sv"))),
    )  # fmt: skip
    try:
        return check(about, code_books())
    except Refused as problem:
        return [Finding(
            rule="coding.no-books", severity=Severity.NOT_CHECKED, where=header("diagnoses"), message=str(problem)
        )]  # fmt: skip


def _usual(session: Session, case: Case, draft: Draft) -> Iterator[Proposal]:
    """The modifiers that the program's own coding of these services gives, where the draft has none such."""
    given = code_one(session.site, case.chart, recorded(case.visit.encounter, _bare(draft)), case.dates)
    wanted = {each.procedure.code: each.modifiers for each in given.services}
    for each in draft.standing("sv"):
        for modifier in wanted.get(each.code, ()):
            if modifier not in each.modifiers:
                yield Proposal(
                    key=each.key, modifier=modifier, why=_WHY.get(modifier, "as this service is usually billed")
                )


_WHY = {
    "25": "a visit of its own beside a procedure or injection of the day (NCCI policy manual ch. 1 D)",
    "57": "the decision for a major operation (CMS Claims Processing Manual ch. 12, 40.2)",
}


def _bare(draft: Draft) -> Final:
    final = final_of(draft)
    return replace(final, services=tuple(replace(each, modifiers=()) for each in final.services))


def _offered(said: Iterable[Finding], draft: Draft) -> Iterator[Proposal]:
    """The modifiers that the edits on the claim offer."""
    services = draft.standing("sv")
    for finding in said:
        for change in finding.changes:
            match = _MODIFIER.fullmatch(change.path)
            place = int(match[1]) if match and change.op == "add" else len(services)
            if place < len(services) and change.value not in services[place].modifiers:
                yield Proposal(key=services[place].key, modifier=str(change.value), why=finding.message)


_MODIFIER = re.compile(r"/lines/(\d+)/procedure/modifiers/(?:-|\d+)")


def _undecided(draft: Draft) -> Iterator[Finding]:
    if not draft.standing("dx"):
        yield Finding(
            rule="coding.no-diagnosis", severity=Severity.ERROR, where=header("diagnoses"),
            message="No diagnosis is left.", fix="Add the reason for the visit, or say that it is not billable.",
        )  # fmt: skip
    if not draft.standing("sv") and not draft.standing("px"):
        yield Finding(
            rule="coding.no-service", severity=Severity.WARNING, where=header("services"),
            message="No service is left.", fix="Add what was done, or say that the visit is not billable.",
        )  # fmt: skip
    for place, each in enumerate(draft.standing("sv"), 1):
        if not each.pointers:
            yield Finding(
                rule="coding.no-pointer", severity=Severity.ERROR, where=line(place, "diagnosis_pointers"),
                message=f"{each.code} points to no diagnosis.", fix="Press the number of each diagnosis it was for.",
            )  # fmt: skip


def _of_coding(coded: CodedEncounter) -> list[Finding]:
    return [each for each in coded.findings if each.severity in (Severity.ERROR, Severity.WARNING)]


def placed(said: Iterable[Finding], draft: Draft) -> tuple[Placed, ...]:
    """Findings with the lines that they speak of, each once."""
    diagnoses, services = draft.standing("dx"), draft.standing("sv")
    return tuple(Placed(finding=each, key=_key(each, diagnoses, services)) for each in dict.fromkeys(map(_plain, said)))


def _plain(finding: Finding) -> Finding:
    """Without the changes that it offers on a claim: a draft is changed by steps."""
    return replace(finding, changes=())


def _key(finding: Finding, diagnoses: Sequence[Line], services: Sequence[Line]) -> str:
    where = finding.where
    if where.service_line is not None and 0 < where.service_line <= len(services):
        return services[where.service_line - 1].key
    if where.field == "diagnoses" and where.position is not None and 0 < where.position <= len(diagnoses):
        return diagnoses[where.position - 1].key
    return ""


def bill_released(session: Session, actor: Actor) -> OpenCounts:
    """Open the claims of every visit that is coded and not billed. Raises NotPermitted without the right to bill."""
    actor.must(Permission.BILL)
    return build_claims(program(session), Stages())
