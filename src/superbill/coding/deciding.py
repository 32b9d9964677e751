"""A person decides on the codes suggested for a visit that only its note tells of; what is decided is then coded like
anything that a clinician recorded, with the person's name on it.

No suggested code is final without a person, unless the practice's own policy says which may be.
"""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from superbill.chart.model import (
    CPT,
    HCPCS,
    ICD10CM,
    Coding,
    Concept,
    ConditionRecord,
    EncounterRecord,
    ProcedureRecord,
)
from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.coding.model import (
    AssignedCode,
    CodedEncounter,
    CodedService,
    CodeSystem,
    Disposition,
    Evidence,
    FacilityService,
)
from superbill.coding.suggest.forwarded import RULE as COPIED
from superbill.coding.suggest.model import SuggestedCode, Suggestion
from superbill.findings import Finding, Place, Severity

AWAITS = "coding.awaits-person"
RULE = "decided from the note"


class FinalService(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One service as decided."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1


class Final(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a person decided for one visit: ICD-10-CM codes in sequence, and services. `reasons`: why a suggested code
    was refused or another added, by code."""

    diagnoses: tuple[str, ...]
    services: tuple[FinalService, ...] = ()
    reasons: dict[str, str] = {}


class Decision(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one code: accepted or refused as suggested, or added without having been."""

    system: CodeSystem
    code: str
    verdict: Literal["accepted", "refused", "added"]
    reason: str = ""


class Policy(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A practice's own rule for visits that only a note tells of.

    `read_notes`: suggest codes for them. `final`: beginnings of diagnosis codes that need no person where every one of
    the visit begins so and has at least `score`; () sends every visit to a person. `services`: likewise, whole codes.
    """

    read_notes: bool = False
    final: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    score: float = 0.95


def is_told_by_note(encounter: EncounterRecord) -> bool:
    """Has the visit a note and nothing that is coded: no condition, procedure, vaccine, reason or visit code?"""
    coded = encounter.conditions or encounter.procedures or encounter.immunizations
    kind = encounter.kind.code(CPT) or encounter.kind.code(HCPCS)
    return (
        not coded and not kind and not any(reason.codings for reason in encounter.reasons) and bool(note_of(encounter))
    )


def note_of(encounter: EncounterRecord) -> str:
    """The text of the visit's notes, one after the other."""
    return "\n\n".join(note.text for note in encounter.notes if note.text.strip())


def record_of(encounter: EncounterRecord) -> str:
    """What names the notes in evidence."""
    return ", ".join(note.id for note in encounter.notes if note.text.strip())


def suggested_codes(suggestion: Suggestion) -> tuple[SuggestedCode, ...]:
    """Every code of a suggestion but the visit's level, which has no evidence of its own."""
    services = (service.code for service in suggestion.services)
    return (*suggestion.diagnoses, *suggestion.procedures, *services)


def awaiting(coded: CodedEncounter, suggestion: Suggestion) -> CodedEncounter:
    """The visit, held until a person has decided."""
    count = len(suggested_codes(suggestion))
    message = f"{count} codes are suggested from the note; a person decides." if count else suggestion.nothing
    finding = Finding(
        rule=AWAITS, severity=Severity.ERROR, where=Place(field="diagnoses"), message=message,
        fix="Decide: superbill coding decide ACCOUNT", source="the practice's coding policy",
    )  # fmt: skip
    return replace(coded, disposition=Disposition.HELD, diagnoses=(), services=(), facility=None, findings=(finding,))


def by_policy(suggestion: Suggestion, policy: Policy) -> Final | None:
    """The suggestion as decided by the practice's policy; None when a person must decide."""
    if not policy.final or not suggestion.diagnoses or suggestion.queries or suggestion.procedures:
        return None
    if any(each.rule == COPIED and each.where.field == "diagnoses" for each in suggestion.findings):
        return None  # what stands only in copied text may not be of this visit: a person looks
    sure = all(each.score >= policy.score for each in suggested_codes(suggestion))
    allowed = all(each.code.startswith(policy.final) for each in suggestion.diagnoses)
    final = as_suggested(suggestion)
    return final if sure and allowed and all(each.code in policy.services for each in final.services) else None


def as_suggested(suggestion: Suggestion) -> Final:
    """A decision that accepts all that is suggested, the visit's level included."""
    level = suggestion.em
    visits = [code for code in (level.preventive, level.code) if code] if level else []
    services = [FinalService(code=code, modifiers=level.modifiers if level else ()) for code in visits]
    services += [
        FinalService(code=each.code.code, modifiers=each.modifiers, units=each.units) for each in suggestion.services
    ]
    return Final(diagnoses=tuple(each.code for each in suggestion.diagnoses), services=tuple(services))


def decisions(suggestion: Suggestion, final: Final) -> tuple[Decision, ...]:
    """What became of every code that was suggested or decided, diagnoses first."""
    offered = as_suggested(suggestion)
    said: list[tuple[CodeSystem, str]] = [("ICD-10-CM", code) for code in offered.diagnoses]
    said += [(system_of(each.code), each.code) for each in offered.services]
    decided: list[tuple[CodeSystem, str]] = [("ICD-10-CM", code) for code in final.diagnoses]
    decided += [(system_of(each.code), each.code) for each in final.services]
    return tuple(_judged(dict.fromkeys(said), dict.fromkeys(decided), final.reasons))


def _judged(
    said: dict[tuple[CodeSystem, str], None], decided: dict[tuple[CodeSystem, str], None], reasons: dict[str, str]
) -> Iterator[Decision]:
    for system, code in said:
        verdict: Literal["accepted", "refused"] = "accepted" if (system, code) in decided else "refused"
        yield Decision(system=system, code=code, verdict=verdict, reason=reasons.get(code, ""))
    for system, code in decided:
        if (system, code) not in said:
            yield Decision(system=system, code=code, verdict="added", reason=reasons.get(code, ""))


def system_of(code: str) -> CodeSystem:
    """CPT or HCPCS, by the shape of a service's code."""
    return "HCPCS" if crosswalk.system_of(code) == "HCPCS" else "CPT"


def recorded(encounter: EncounterRecord, final: Final) -> EncounterRecord:
    """The encounter as if the clinician had recorded what was decided."""
    conditions = tuple(
        ConditionRecord(id=f"{encounter.id}-dx{rank}", concept=Concept((Coding(ICD10CM, code),)), rank=rank)
        for rank, code in enumerate(final.diagnoses, 1)
    )
    procedures = tuple(
        ProcedureRecord(
            id=f"{encounter.id}-px{number}", concept=Concept((_coding(each.code),)), modifiers=each.modifiers,
            units=Decimal(each.units), performed=encounter.date_of_service,
        )
        for number, each in enumerate(final.services, 1)
    )  # fmt: skip
    return replace(encounter, conditions=conditions, procedures=procedures)


def _coding(code: str) -> Coding:
    return Coding(HCPCS if system_of(code) == "HCPCS" else CPT, code)


def signed(
    coded: CodedEncounter, suggestion: Suggestion, record: str, *, by: str, at: datetime, person: bool = True
) -> CodedEncounter:
    """The coded encounter with who decided on each code, when, and on which words of the note."""
    known = {each.code: each.evidence for each in suggested_codes(suggestion)}

    def sign(code: AssignedCode) -> AssignedCode:
        if code.source != "clinician":
            return code
        return replace(
            code, source="coder" if person else "suggestion", by=by, at=at, rule=RULE, release=suggestion.release,
            evidence=known.get(code.code) or (Evidence(record),),
        )  # fmt: skip

    def sign_service(service: CodedService) -> CodedService:
        return replace(service, procedure=sign(service.procedure))

    def sign_charge(service: FacilityService) -> FacilityService:
        return replace(service, procedure=sign(service.procedure)) if service.procedure else service

    part = coded.facility
    return replace(
        coded, diagnoses=tuple(map(sign, coded.diagnoses)), services=tuple(map(sign_service, coded.services)),
        facility=replace(part, services=tuple(map(sign_charge, part.services))) if part else None,
    )  # fmt: skip
