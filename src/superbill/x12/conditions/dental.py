"""When the dental claim must say more."""

from collections.abc import Sequence
from typing import Any

from superbill.x12.conditions.given import sign
from superbill.x12.tree import Loop

# Limited, interceptive and comprehensive orthodontic treatment, and the visits in its course.
_TREATMENTS = range(8010, 8091)
_PERIODIC_VISIT = 8670


def _is_treatment(service: Any) -> bool:
    code = "" if service is None or service.procedure is None else service.procedure.code
    number = code[1:]
    return code[:1] == "D" and number.isdecimal() and (int(number) in _TREATMENTS or int(number) == _PERIODIC_VISIT)


@sign("lines.service", of=_is_treatment)
def has_orthodontic_treatment(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """A line bills orthodontic treatment (CDT D8010 to D8090, D8670): the claim tells of how many months (DN1)."""
    return any(_is_treatment(line.service) for line in loop.lines)


def prosthesis_is_replaced(loop: Loop, _above: Sequence[Loop], _segment: Any) -> bool:
    """SV305 R: a crown, denture or inlay takes the place of one whose date of placement is then told."""
    return bool(loop.service is not None and loop.service.prosthesis == "R")
