"""Medical necessity edits: what Medicare's contractors and national determinations say of procedure and diagnosis.

A professional line is judged by the diagnoses that it points to, an institutional one by all of the bill, by the
articles of the contractor for the state in which care was given. Where several articles speak of a procedure, one that
covers is enough. An error here never means that a diagnosis should be looked for: only the record can supply one.
"""

from collections.abc import Iterator

from superbill.claims.model import Claim, ServiceLine
from superbill.codesets.coverage.importer import CODES
from superbill.codesets.coverage.lookup import Verdict
from superbill.codesets.coverage.ncd import SYSTEM as NATIONAL
from superbill.codesets.icd10cm.schema import dotted
from superbill.edits.context import Context
from superbill.edits.reference import Reference
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import line

_SOURCE = "Medicare Coverage Database, billing and coding articles; Social Security Act §1862(a)(1)(A); CARC 50"
_NCD = "Medicare NCD Manual, Pub. 100-03; Social Security Act §1862(a)(1)(A), (l); CARC 50"
_ABN = "Claims Processing Manual ch. 30 §50 (ABN, GA, GX, GY, GZ); ch. 23 §20.9.1"
# GA: notice signed; GX: voluntary notice; GY: excluded by law; GZ: expected to be denied, no notice signed.
_EXPECTED = frozenset({"GA", "GX", "GY", "GZ"})
_NECESSITY = frozenset({"GA", "GZ"})
_HOME = "12"
_RECORD = (
    "Read the record: point to a diagnosis that it documents; else bill with GA (notice signed before), GZ (none), or "
    "don't bill."
)


def state_of(claim: Claim) -> str:
    """The state in which care was given: the facility's, at home the patient's, else the billing provider's."""
    if claim.service_facility is not None and claim.service_facility.address is not None:
        return claim.service_facility.address.state
    if claim.place_of_service == _HOME and claim.patient.address is not None:
        return claim.patient.address.state
    return claim.billing.address.state if claim.billing.address is not None else ""


def _diagnoses(claim: Claim, service: ServiceLine) -> frozenset[str]:
    """The diagnoses that a line is for: those it points to; all of the claim where lines don't point."""
    if claim.kind == "institutional" or not service.diagnosis_pointers:
        return frozenset([each.code for each in claim.diagnoses])
    count = len(claim.diagnoses)
    return frozenset([claim.diagnoses[at - 1].code for at in service.diagnosis_pointers if 0 < at <= count])


Verdicts = tuple[tuple[ServiceLine, Verdict], ...]
_last: tuple[Claim, Reference, Verdicts] | None = None  # four rules ask about one claim after the other


def _verdicts(claim: Claim, ctx: Context) -> Verdicts:
    """What the articles say of each line of which they speak."""
    global _last
    held = _last
    if held is not None and held[0] is claim and held[1] is ctx.reference:
        return held[2]
    found = tuple(_told(claim, ctx.reference))
    _last = claim, ctx.reference, found
    return found


def _told(claim: Claim, reference: Reference) -> Iterator[tuple[ServiceLine, Verdict]]:
    table = reference.coverage
    state = state_of(claim) if table is not None else ""
    if table is None or not state:
        return
    for service in claim.lines:
        code = service.procedure.code
        if not code or not table.articles(code, state):
            continue
        day = service.service.start or claim.service.start
        verdict = table.verdict(code, state, day, _diagnoses(claim, service)) if day is not None else None
        if verdict is not None:
            yield service, verdict


def _by(verdict: Verdict) -> str:
    """The article and whose it is."""
    issuers = ", ".join(verdict.article.contractors)
    return f"{verdict.article.name} of {issuers}" if issuers else verdict.article.name


def _expected(service: ServiceLine) -> bool:
    return not _EXPECTED.isdisjoint(service.procedure.modifiers)


@rule("necessity.not-covered", ERROR, source=_SOURCE, payers=("medicare",), needs=CODES)
def not_covered(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A procedure with a list of covered diagnoses points to one of them, or carries GA, GX, GY or GZ."""
    for service, verdict in _verdicts(claim, ctx):
        if verdict.outcome != "not covered" or _expected(service):
            continue
        code, article = service.procedure.code, verdict.article
        there = [each.code for each in claim.diagnoses]
        table, day = ctx.reference.coverage, service.service.start or claim.service.start
        message = f"No diagnosis of the line is one that covers {code} in {state_of(claim)} by {_by(verdict)}."
        fix = _RECORD
        if table is not None and day is not None:
            fits = [
                each
                for each in there
                if (other := table.verdict(code, state_of(claim), day, frozenset([each]))) is not None
                and other.outcome == "covered"
            ]
            if fits:
                fix = f"{dotted(fits[0])} of this claim covers it by {article.name}: point to it if the record does."
        yield Problem(line(service.number, "diagnosis_pointers"), message, fix)


@rule("necessity.second-diagnosis", ERROR, source=_SOURCE, payers=("medicare",), needs=CODES)
def second_diagnosis(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A diagnosis that an article covers only together with another has that other beside it on the line."""
    for service, verdict in _verdicts(claim, ctx):
        if verdict.outcome == "second missing" and not _expected(service):
            groups = " or ".join(map(str, verdict.partners))
            examples = verdict.article.example(verdict.partners[0])
            message = (
                f"{dotted(verdict.diagnosis)} covers {service.procedure.code} only with a diagnosis of group {groups} "
                f"of {_by(verdict)}."
            )
            fix = f"Add the one that the record documents (as {examples}); else see GA and GZ."
            yield Problem(line(service.number, "diagnosis_pointers"), message, fix)


@rule("necessity.excluded", ERROR, source=_SOURCE, payers=("medicare",), needs=CODES)
def excluded(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A diagnosis that an article names as not supporting the procedure is not the one it is billed for."""
    for service, verdict in _verdicts(claim, ctx):
        if verdict.outcome == "excluded" and not _expected(service):
            message = f"{dotted(verdict.diagnosis)} does not support {service.procedure.code} by {_by(verdict)}."
            yield Problem(line(service.number, "diagnosis_pointers"), message, _RECORD)


@rule("necessity.denial-expected-in-vain", WARNING, source=_ABN, payers=("medicare",), needs=CODES, when="modifiers")
def denial_expected_in_vain(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A covered line carries no GA or GZ: contractors deny such lines unread (GZ: since 2011-07-01)."""
    if _NECESSITY.isdisjoint(claim.modifiers):
        return
    for service, verdict in _verdicts(claim, ctx):
        wrong = _NECESSITY.intersection(service.procedure.modifiers)
        if wrong and verdict.outcome == "covered":
            message = f"{min(wrong)} expects a denial; {dotted(verdict.diagnosis)} is covered by {_by(verdict)}."
            yield Problem(line(service.number, "modifiers"), message, "Remove it, unless it is for frequency.")


@rule("necessity.national", ERROR, source=_NCD, payers=("medicare",), needs=NATIONAL)
def national(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A procedure under a national determination has one of its diagnoses, or carries GA, GX, GY or GZ."""
    table = ctx.reference.national_coverage
    if table is None:
        return
    for service in claim.lines:
        if service.procedure.code not in table.procedures or _expected(service):
            continue
        day = service.service.start or claim.service.start
        if day is None:
            continue
        found = table.ask(service.procedure.code, day, _diagnoses(claim, service))
        if found is not None and not found.met:
            named = " or ".join(found.numbers)
            message = f"No diagnosis of the line is one that covers {service.procedure.code} by NCD {named}."
            yield Problem(line(service.number, "diagnosis_pointers"), message, _RECORD)
