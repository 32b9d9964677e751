"""Our crosswalk from SNOMED CT and CVX to US billing codes, each code with the dates of service on which it holds.

ICD-10-CM codes begin on 2015-10-01 (45 CFR 162.1002); a later code names the one that stood for it before.
"""

from datetime import date
from functools import cache, lru_cache
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables
from superbill.effective import Period

RELEASE = "superbill-crosswalk-2026.11"
ICD10_START = date(2015, 10, 1)

Confidence = Literal["high", "medium", "low"]
System = Literal["ICD-10-CM", "ICD-10-PCS", "CPT", "HCPCS"]


class CodeDates(Struct, frozen=True):
    """When a code of `system` holds; `before` is the code used before its start, "" when there is none."""

    system: str
    code: str
    valid: Period
    before: str


class ConditionMap(Struct, frozen=True, kw_only=True):
    """What a SNOMED condition is in ICD-10-CM.

    `use`: yes; social (secondary only); none (no code exists). `sides` right, left, bilateral and `trimesters`
    1, 2, 3 give the variant when the record says which. `also` is reported in addition. `when` holds
    (circumstance, code): emergency, later, onset, after_28_days, within_28_days; the code "-" suppresses.
    `choices` are for a coder to choose from with documentation, never chosen here.
    """

    snomed: str
    display: str
    code: str
    use: Literal["yes", "social", "none"]
    confidence: Confidence
    sides: dict[str, str]
    trimesters: dict[int, str]
    also: tuple[str, ...]
    when: tuple[tuple[str, str], ...]
    choices: tuple[str, ...]
    notes: str


class ProcedureMap(Struct, frozen=True, kw_only=True):
    """What a SNOMED procedure is on a claim. `code` "" means not separately billable (`notes` says why).

    `dx` are the diagnoses that belong to it when its record gives no reason, or in any case if `always`; `also`
    are (code, units) reported in addition; `replaces` a code that this one contains; `once` a group of which one
    is billed per day; `by_reason` (diagnosis prefix, code) the code for that reason; `cvx` a vaccine that was given;
    `payers` the only kinds of payer that pay it, if not all; `facility`: done in a facility even when the visit
    says office; `pcs` (condition, ICD-10-PCS code) on an inpatient's claim: no condition, a side, the beginning of a
    reason, or "-" where no other condition with a reason holds; `revenue` its revenue codes.
    """

    snomed: str
    display: str
    system: str
    code: str
    units: int
    confidence: Confidence
    payers: tuple[str, ...]
    dx: tuple[str, ...]
    always: bool
    also: tuple[tuple[str, int], ...]
    choices: tuple[str, ...]
    modifiers: tuple[str, ...]
    sides: bool
    replaces: str
    once: str
    by_reason: tuple[tuple[str, str], ...]
    cvx: str
    facility: bool
    pcs: tuple[tuple[str, str], ...]
    revenue: tuple[str, ...]
    notes: str


class EncounterMap(Struct, frozen=True, kw_only=True):
    """How a kind of encounter is billed. `visit` names the visit rule, `code` its default visit code.

    `claim` professional, both, institutional or none. `dx` is the diagnosis that the kind itself names; `likely`
    one that holds only if the patient's problem list has it; `problems`: that list may serve as diagnosis.
    """

    snomed: str
    display: str
    class_code: str
    claim: Literal["professional", "both", "institutional", "none"]
    place: str
    visit: str
    code: str
    revenue: str
    dx: str
    likely: str
    problems: bool
    confidence: Confidence
    notes: str


class VaccineMap(Struct, frozen=True, kw_only=True):
    """A CVX vaccine: product code, its own administration codes by dose (COVID-19), or the general ones by route."""

    cvx: str
    display: str
    product: str
    administration: tuple[str, ...]
    route: Literal["injection", "oral", "nasal"]
    components: int
    medicare_administration: str
    note: str


@cache
def code_dates() -> dict[tuple[str, str], CodeDates]:
    """The codes that did not always hold, by system and code. A code that is not here has no known bounds."""
    return {
        (row["system"], row["code"]): CodeDates(row["system"], row["code"], tables.period(row), row["before"])
        for row in tables.rows(__package__, "code_dates.csv")
    }


@lru_cache(maxsize=65_536)  # codes times days have no natural end
def in_force(system: str, code: str, day: date) -> str | None:
    """`code` as it is on the date of service: itself, the code that stood for it, or None when there is none."""
    if system == "ICD-10-CM" and day < ICD10_START:
        return None
    dates = code_dates().get((system, code))
    if dates is None or day in dates.valid:
        return code
    too_early = dates.valid.start is not None and day < dates.valid.start
    if not (too_early and dates.before):
        return None
    return in_force(system_of(dates.before) if system != "ICD-10-CM" else system, dates.before, day)


def system_of(code: str) -> System:
    """CPT for codes that begin with a digit, else HCPCS Level II. Never ask this of an ICD code."""
    return "CPT" if code[:1].isdigit() else "HCPCS"


@cache
def conditions() -> dict[str, ConditionMap]:
    """Every mapped condition, by SNOMED code."""
    return {row["snomed"]: _condition(row) for row in tables.rows(__package__, "conditions.csv")}


@cache
def procedures() -> dict[str, ProcedureMap]:
    """Every mapped procedure, by SNOMED code (one is a LOINC code that the source files under SNOMED)."""
    return {row["snomed"]: _procedure(row) for row in tables.rows(__package__, "procedures.csv")}


@cache
def vaccines() -> dict[str, VaccineMap]:
    """Every mapped vaccine, by CVX code (two digits where it has only one)."""
    return {row["cvx"]: _vaccine(row) for row in tables.rows(__package__, "vaccines.csv")}


@cache
def _encounters() -> dict[str, tuple[EncounterMap, ...]]:
    """By SNOMED code, the most frequent kind first, as the file orders them."""
    found: dict[str, tuple[EncounterMap, ...]] = {}
    for row in tables.rows(__package__, "encounters.csv"):
        found[row["snomed"]] = (*found.get(row["snomed"], ()), _encounter(row))
    return found


def encounter(code: str, class_code: str, *displays: str) -> EncounterMap | None:
    """The kind of encounter: by code, class and display; failing that by code and class; then by code alone.

    One SNOMED code carries several kinds of visit, which only its display tells apart.
    """
    rows = _encounters().get(code, ())
    same_class = [row for row in rows if row.class_code == class_code]
    for row in (*same_class, *rows):
        if row.display in displays:  # letter for letter: two kinds differ only in a capital
            return row
    return next(iter((*same_class, *rows)), None)


@cache
def all_billing_codes() -> frozenset[tuple[str, str]]:
    """Every (system, code) that can come onto a professional claim from the crosswalk and the visit rules."""
    codes: set[str] = {row["code"] for row in tables.rows(__package__, "visit_codes.csv")}
    for procedure in procedures().values():
        if procedure.code and procedure.system in ("CPT", "HCPCS"):
            codes |= {
                procedure.code,
                *(code for code, _ in procedure.also),
                *(code for _, code in procedure.by_reason),
                *procedure.choices,
            }
    for vaccine in vaccines().values():
        codes |= {vaccine.product, *vaccine.administration, vaccine.medicare_administration}
    codes |= {dates.before for dates in code_dates().values() if dates.system != "ICD-10-CM"}
    codes |= {dates.code for dates in code_dates().values() if dates.system != "ICD-10-CM"}
    return frozenset((system_of(code), code) for code in codes if code)


def _pairs(cell: str) -> tuple[tuple[str, str], ...]:
    return tuple((left, right) for left, _, right in (part.partition(":") for part in cell.split()))


def _conditional(cell: str) -> tuple[tuple[str, str], ...]:
    """Codes with the condition before their colon, "" for one that always holds."""
    return tuple((when, code) for when, _, code in (part.rpartition(":") for part in cell.split()))


def _condition(row: dict[str, str]) -> ConditionMap:
    return ConditionMap(
        snomed=row["snomed"],
        display=row["display"],
        code=row["icd10cm"],
        use=cast("Literal['yes', 'social', 'none']", row["use"]),
        confidence=cast("Confidence", row["confidence"]),
        sides={side: row[side] for side in ("right", "left", "bilateral") if row[side]},
        trimesters={number: row[f"t{number}"] for number in (1, 2, 3) if row[f"t{number}"]},
        also=tuple(row["also"].split()),
        when=_pairs(row["when"]),
        choices=tuple(row["choices"].split()),
        notes=row["notes"],
    )


def _procedure(row: dict[str, str]) -> ProcedureMap:
    return ProcedureMap(
        snomed=row["snomed"],
        display=row["display"],
        system=row["system"],
        code=row["code"],
        units=int(row["units"] or 1),
        confidence=cast("Confidence", row["confidence"]),
        payers=tuple(row["payers"].split()),
        dx=tuple(row["dx"].split()),
        always=row["always"] == "yes",
        also=tuple((code, int(units or 1)) for code, _, units in (part.partition(":") for part in row["also"].split())),
        choices=tuple(row["choices"].split()),
        modifiers=tuple(row["modifiers"].split()),
        sides=row["sides"] == "yes",
        replaces=row["replaces"],
        once=row["once"],
        by_reason=_pairs(row["by_reason"]),
        cvx=row["cvx"],
        facility=row["place"] == "facility",
        pcs=_conditional(row["pcs"]),
        revenue=tuple(row["revenue"].split()),
        notes=row["notes"],
    )


def _encounter(row: dict[str, str]) -> EncounterMap:
    return EncounterMap(
        snomed=row["snomed"],
        display=row["display"],
        class_code=row["class"],
        claim=cast("Literal['professional', 'both', 'institutional', 'none']", row["claim"]),
        place=row["pos"],
        visit=row["visit"],
        code=row["code"],
        revenue=row["revenue"],
        dx=row["dx"],
        likely=row["likely"],
        problems=row["problems"] == "yes",
        confidence=cast("Confidence", row["confidence"]),
        notes=row["notes"],
    )


def _vaccine(row: dict[str, str]) -> VaccineMap:
    return VaccineMap(
        cvx=row["cvx"],
        display=row["display"],
        product=row["product"],
        administration=tuple(row["administration"].split()),
        route=cast("Literal['injection', 'oral', 'nasal']", row["route"]),
        components=int(row["components"]),
        medicare_administration=row["medicare_administration"],
        note=row["note"],
    )
