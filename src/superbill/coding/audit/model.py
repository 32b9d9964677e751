"""What an audit looks at and what it finds. Documents: they travel as JSON, unchanged. Money is in cents."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from superbill.chart.model import EncounterRecord
from superbill.coding.deciding import Final, FinalService, record_of, system_of
from superbill.coding.model import AssignedCode, CodedEncounter, CodedService, CodeSystem, Disposition, Evidence
from superbill.findings import Finding

Price = Callable[[str, tuple[str, ...], date], int | None]
"""Cents for one unit of a code with its modifiers on a day; None where there is no price."""


class Basis(StrEnum):
    """What decides on which codings an audit takes."""

    RANDOM = "random"
    RISK = "risk"
    NEW_CODER = "new-coder"
    HIGH_DOLLAR = "high-dollar"


class Plan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a sample is drawn: the same plan over the same codings draws the same sample.

    `size` is the number wanted; `margin` what it was computed from, when it was (0.05: ± five points). `per_coder`
    gives every coder their share, one at least. A coder is new for `new_days` days and for `new_codings` codings.
    """

    basis: Basis = Basis.RANDOM
    size: int
    seed: int = 1
    margin: float | None = None
    per_coder: bool = False
    since: date | None = None
    until: date | None = None
    coders: tuple[str, ...] = ()
    programs: bool = False
    new_days: int = 90
    new_codings: int = 50


class Candidate(Struct, frozen=True, kw_only=True):
    """One coding that may be drawn. `key` names it.

    `score`: the lowest of the suggestions that were accepted (None: nothing was suggested); `overrides`: how many were
    refused or added; `queries`: open questions; `charge`: of the visit in cents, None when unknown; `unspecified`: how
    many codes say so; `nth` and `days`: the coder's how-manieth coding this is, and days after their first.
    """

    key: int
    coder: str
    on: date
    codes: Final
    unspecified: int = 0
    score: float | None = None
    overrides: int = 0
    queries: int = 0
    charge: int | None = None
    nth: int = 1
    days: int = 0


class Drawn(Struct, frozen=True, kw_only=True):
    """One coding of a sample: why it was likelier than others to be drawn, and by how much."""

    key: int
    weight: float = 1.0
    why: tuple[str, ...] = ()


class Difference(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way in which the first coding departs from the reference.

    `cause` is one of education.lessons(); `cents` what the first bills more (less, below 0) for it, None where no price
    is known or none belongs to it. `finding` is what the coding checks say of the first code, `reason` what the second
    coder wrote.
    """

    cause: str
    first: str = ""
    reference: str = ""
    cents: int | None = None
    finding: Finding | None = None
    reason: str = ""


class Pair(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Two codings of one visit. `first` was billed; `second` was made blindly; `reference` is what both came to.

    `findings` are those of coding.checks on the diagnoses of `first`. `drgs`: the MS-DRG of first and reference, for an
    inpatient where a grouper is there. `seconds`: what the first took.
    """

    key: int
    coder: str
    on: date
    first: Final
    second: Final
    reference: Final
    provider: str = ""
    seconds: int | None = None
    findings: tuple[Finding, ...] = ()
    drgs: tuple[str, str] | None = None


def final_of(coded: CodedEncounter) -> Final:
    """The codes of an encounter, as far as an audit compares them."""
    return Final(
        diagnoses=tuple(each.code for each in coded.diagnoses),
        services=tuple(
            FinalService(code=each.procedure.code, modifiers=each.modifiers, units=max(int(each.units), 1))
            for each in coded.services
        ),
    )


def same_codes(one: Final, other: Final) -> bool:
    """Whether two codings bill the same: diagnoses as a set with the same first, services in any order."""
    return (
        one.diagnoses[:1] == other.diagnoses[:1]
        and set(one.diagnoses) == set(other.diagnoses)
        and sorted(map(_told, one.services)) == sorted(map(_told, other.services))
    )


def _told(service: FinalService) -> tuple[str, tuple[str, ...], int]:
    return service.code, tuple(sorted(service.modifiers)), service.units


def coded_of(final: Final, encounter: EncounterRecord, patient: str, *, by: str, at: datetime) -> CodedEncounter:
    """A second coding as the history keeps it: the codes as they were given, nothing added."""

    def code(system: CodeSystem, given: str) -> AssignedCode:
        evidence = (Evidence(record_of(encounter)),)
        return AssignedCode(
            system=system, code=given, rule="coded again for an audit", source="coder", by=by, at=at, evidence=evidence
        )

    day = encounter.date_of_service
    return CodedEncounter(
        encounter_id=encounter.id, patient_id=patient, date_of_service=day, disposition=Disposition.CODED,
        diagnoses=tuple(code("ICD-10-CM", each) for each in final.diagnoses),
        services=tuple(
            CodedService(
                procedure=code(system_of(each.code), each.code), modifiers=each.modifiers, units=Decimal(each.units),
                service_date=day,
            )
            for each in final.services
        ),
    )  # fmt: skip
