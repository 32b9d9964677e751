"""The stage of chronic kidney disease beside the codes that take the disease in.

"Hypertensive CKD 3a" is I12.9, and "diabetic CKD" E11.22: both ask for the stage as an additional code, whichever of
the note's problems says it (ICD-10-CM I12 and E11.22, use additional code; guidelines I.C.9.a.2, I.C.14.a).
"""

import re
from itertools import islice

from superbill.coding.suggest.candidates import Case
from superbill.coding.suggest.model import Step

SOURCE = "ICD-10-CM I12, E11.22 use additional code"
_TAKING = ("I12", "I13", "E08.22", "E09.22", "E10.22", "E11.22", "E13.22")
_STAGE = r"(?P<stage>[1-5](?:\s?[ab])?|I{1,3}V?|IV|V|III\s?[ab])(?![\w.])"
_STAGED = re.compile(
    rf"\b(?:CKD|chronic (?:kidney|renal) (?:disease|dz|insufficiency|failure)|(?:kidney|renal) (?:disease|dz))"
    rf"[\s,(-]{{0,3}}(?:stage\s?|G)?{_STAGE}",
    re.IGNORECASE,
)
_MOST = 200  # no note says more stages
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "iiia": "3a", "iiib": "3b"}
_CODES = {"1": "N18.1", "2": "N18.2", "3": "N18.30", "3a": "N18.31", "3b": "N18.32", "4": "N18.4", "5": "N18.5"}


def kept_by_stage(case: Case) -> None:
    """Puts the one stage that the note says beside a code that asks for it, and in the place of an unsaid stage."""
    if not case.having(*_TAKING, "N18.9", "E11", "E10"):
        return
    found = dict(_stages(case))
    if len(found) != 1:
        return
    (code, span), *_ = found.items()
    step = Step("coding.kidney.stage", "the stage that the note says elsewhere", SOURCE)
    for one in case.having("N18.9"):
        case.put(one, code, step)
    taking = case.having(*_TAKING)
    if taking and not case.having("N18"):
        case.add(code, (span,), step, like=taking[0])


def _stages(case: Case) -> list[tuple[str, tuple[int, int]]]:
    note = case.note
    found = []
    for match in islice(_STAGED.finditer(note.text), _MOST):
        stage = "".join(match["stage"].casefold().split())
        code = _CODES.get(_ROMAN.get(stage, stage))
        if code and note.affirmed(match.start(), match.end()):
            found.append((code, match.span()))
    return found
