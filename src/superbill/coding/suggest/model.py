"""What coding a note asks and answers. Documents: they travel as JSON, unchanged."""

from datetime import date
from typing import Literal

from msgspec import Struct

from superbill.coding.model import CodeSystem, Evidence
from superbill.findings import Finding

Setting = Literal["outpatient", "inpatient"]
Complexity = Literal["straightforward", "low", "moderate", "high"]


class Visit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is known of the visit besides its note.

    `age` in years, None when unknown (the note may say it); `new_patient` None: as the note says, else established.
    `setting` decides on uncertain diagnoses (outpatient IV.H, inpatient II.H). `kind`: "" for what the note and place
    say, else office, emergency, observation, inpatient, discharge, consultation, telehealth, critical care.
    `record` names the note in evidence.
    """

    on: date
    setting: Setting = "outpatient"
    age: float | None = None
    sex: Literal["female", "male", ""] = ""
    new_patient: bool | None = None
    place_of_service: str = "11"
    kind: str = ""
    payer_kind: str = ""
    record: str = "note"


class Step(Struct, frozen=True):
    """One step of the way to a code: the rule's id, what it did in words, and the guideline or note that it follows."""

    rule: str
    words: str
    source: str = ""


class SuggestedCode(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One diagnosis or procedure code, why, and how sure (0 to 1).

    `evidence` are spans of the note, the deciding one first; `passage` from its words to the end of what the assessment
    says of the condition. `way` leads from the words to the code. `index`: the path in the Alphabetic Index or the
    inclusion term, where there is one. `over`: codes considered and passed over.
    """

    system: CodeSystem
    code: str
    title: str = ""
    evidence: tuple[Evidence, ...]
    way: tuple[Step, ...] = ()
    index: str = ""
    score: float = 1.0
    over: tuple[str, ...] = ()
    passage: tuple[int, int] | None = None


class SuggestedService(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One CPT or HCPCS service done at the visit, as it would stand on a claim line; pointers count from 1."""

    code: SuggestedCode
    modifiers: tuple[str, ...] = ()
    units: int = 1
    diagnosis_pointers: tuple[int, ...] = ()


class Counted(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One element counted in the MDM grid: what it is in the table's terms, for which level it counts, and its span."""

    element: str
    level: Complexity
    evidence: Evidence
    note: str = ""


class Column(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One column of the MDM grid: its level, what was counted, and what the next level would need."""

    level: Complexity
    counted: tuple[Counted, ...] = ()
    missing: str = ""


class Visits(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The evaluation and management service. `code` is the level best supported ("" when the note supports none);
    `low` to `high` the honest range; `basis` how it was found (mdm, time, age, or the rule's name).

    `preventive`: 9938x/9939x by age when a preventive examination was done; then `code` is the additional problem
    visit, if any, with modifier 25. `also`: prolonged services, advance care planning and the like,
    a code once for each unit. `patient_evidence` and `time_evidence`: where the note says new or
    established, and the total minutes.
    """

    code: str = ""
    low: str = ""
    high: str = ""
    family: str = ""
    patient: Literal["new", "established", ""] = ""
    basis: str = ""
    mdm: Complexity = "straightforward"
    problems: Column = Column(level="straightforward")
    data: Column = Column(level="straightforward")
    risk: Column = Column(level="straightforward")
    minutes: int | None = None
    preventive: str = ""
    modifiers: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    way: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()
    patient_evidence: tuple[Evidence, ...] = ()
    time_evidence: Evidence | None = None


class Query(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question for the provider that leads to no answer (AHIMA/ACDIS, Guidelines for Achieving a Compliant Query
    Practice): why it is asked, the spans that raise it, its text, and choices that always leave others open."""

    rule: str
    text: str
    evidence: tuple[Evidence, ...]
    choices: tuple[str, ...] = ()
    source: str = ""


class Suggestion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A note's codes, in sequence. `nothing`: why there is none. Never final: a person decides.

    `present`: for an inpatient, whether each diagnosis was present on admission (Y, N, U, W; "" exempt), in order.
    """

    visit: Visit
    release: str
    diagnoses: tuple[SuggestedCode, ...] = ()
    procedures: tuple[SuggestedCode, ...] = ()
    present: tuple[str, ...] = ()
    services: tuple[SuggestedService, ...] = ()
    em: Visits | None = None
    queries: tuple[Query, ...] = ()
    findings: tuple[Finding, ...] = ()
    nothing: str = ""
