"""How high a visit is: medical decision making by two of three elements (CPT E/M guidelines 2021, 2023)."""

from msgspec import Struct

from superbill.coding.context import Visit
from superbill.coding.diagnoses import Diagnosis
from superbill.coding.groups import belongs
from superbill.coding.lines import Line

NAMES = {2: "straightforward", 3: "low", 4: "moderate", 5: "high"}
_STOPPED = {"cancelled", "stopped", "entered-in-error", "on-hold", "draft"}
_DATA = {"lab", "imaging", "test", "pathology"}


class Level(Struct, frozen=True):
    """A level 2..5 and the sentence that says why."""

    number: int
    why: str


def level(visit: Visit, diagnoses: list[Diagnosis], lines: list[Line], usual: int) -> Level:
    """The level that the chart supports, never below the usual one of this kind of visit.

    Problems: two chronic illnesses, or an acute one with systemic symptoms, are moderate; one chronic or an acute
    uncomplicated one is low. Data: two unique tests are limited, three moderate. Risk: prescribing is moderate.
    """
    codes = [diagnosis.code.code for diagnosis in diagnoses]
    problems, data, risk = _problems(codes), _data(lines), 4 if prescribes(visit) else 2
    supported = sorted((problems, data, risk))[1]
    said = f"problems {NAMES[problems]}, data {NAMES[data]}, risk {NAMES[risk]}"
    if supported > usual:
        return Level(supported, f"MDM {NAMES[supported]}: two of {said}")
    return Level(usual, f"usual level of this visit; the chart shows {said}")


def prescribes(visit: Visit) -> bool:
    """Was a drug prescribed or renewed in the visit?"""
    return any(
        record.status not in _STOPPED and record.authored in (None, visit.day) for record in visit.encounter.medications
    )


def _problems(codes: list[str]) -> int:
    chronic = {code[:3] for code in codes if belongs(code, "chronic")}
    if len(chronic) > 1 or any(belongs(code, "moderate") for code in codes):
        return 4
    addressed = [code for code in codes if not (belongs(code, "secondary_only") or belongs(code, "status"))]
    return 3 if any(not belongs(code, "minor") for code in addressed) else 2


def _data(lines: list[Line]) -> int:
    tests = len({line.code.code for line in lines if line.kind in _DATA})
    return 4 if tests > 2 else 3 if tests == 2 else 2
