"""What made a segment or element necessary, or forbade it: the situational triggers of a 999 (CTX).

Most conditions of the guides hang on one element. Of those whose element stands in the segment that is wrong itself,
or opens the loop in which a segment is missing, its place in the file is known from the flaw; of the others a 999 says
nothing. Source: 005010X231A1, loops 2100 and 2110, CTX with SITUATIONAL TRIGGER.
"""

import re
from functools import cache

from superbill.x12 import problems as p
from superbill.x12.library import compiled
from superbill.x12.model import SituationalTrigger
from superbill.x12.problems import Flaw
from superbill.x12.rules import SegmentRule

_SITUATIONS = 4  # SNIP type
_PLACE = re.compile(r"([A-Z][A-Z0-9]{1,2})(\d\d)(?:-(\d))?")

# By condition: the element that decides, of the segment that is wrong …
_IN_SEGMENT = {
    "car_accident_was_in_us_or_canada": "CLM11", "change_is_explained": "INS04", "change_is_flagged": "INS03",
    "entity_is_person": "NM102", "has_cobra": "INS05", "inquiry_is_cancelled": "BHT02", "medicare_pays_second": "SBR09",
    "paid_by_transfer": "BPR04", "paid_through_ach": "BPR04", "paperwork_is_sent": "PWK02",
    "person_has_first_name": "NM102", "person_has_middle_name": "NM102", "person_has_suffix": "NM102",
    "procedure_was_changed": "SVC01", "report_is_sent": "PWK02", "service_is_certified": "HCR01",
    "service_is_refused": "HCR01",
}  # fmt: skip
# … or of the one that opens the loop in which something is missing.
_IN_OPENER = {
    "bill_is_inpatient": "CLM05-1", "claim_has_accident": "CLM11", "claim_replaces_another": "CLM05-3",
    "claim_went_on_to_other_payer": "CLP02", "patient_is_dependent": "HL04", "place_is_ambulance": "CLM05-1",
    "place_is_inpatient": "CLM05-1", "provider_has_no_subscribers": "HL04", "reasons_are_due": "OTI01",
    "receiver_has_no_providers": "HL04", "request_is_about_subscriber": "HL04",
}  # fmt: skip


@cache
def _conditions(key: str) -> dict[tuple[str, str, int, int], str]:
    """The conditions of a guide by loop, name of the part, element and component (0, 0: the part itself)."""
    found = {}
    for node in compiled(key).nodes:
        for part in node.rule.parts:
            found[node.rule.id, part.name, 0, 0] = part.when
            for rule in part.elements if isinstance(part, SegmentRule) else ():
                found[node.rule.id, part.name, rule.position, rule.component] = rule.when
    return found


def trigger_of(flaw: Flaw, key: str, loop: str = "") -> SituationalTrigger | None:
    """What triggered the situation that a flaw is about; None where that is no situation, or not known.

    `key` is the name of the guide ("837P"), `loop` what the answer calls the loop.
    """
    if flaw.snip != _SITUATIONS:
        return None
    if flaw.problem is not None:
        table, element, component = _IN_SEGMENT, flaw.problem.element, flaw.problem.component
    elif flaw.syntax == p.DEPENDENT_SEGMENT_MISSING:
        table, element, component = _IN_OPENER, 0, 0
    else:
        return None
    condition = _conditions(key).get((flaw.loop, flaw.name, element, component), "")
    place = _PLACE.fullmatch(table.get(condition, ""))
    if place is None:
        return None
    return SituationalTrigger(
        segment=place[1],
        position=flaw.offset,
        loop=loop,
        element=int(place[2]),
        component=int(place[3]) if place[3] else None,
    )
