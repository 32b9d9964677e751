"""997, the functional acknowledgement, which the 999 replaced: read, never written (004010, 005010X230)."""

from superbill.x12.guides.acknowledgement_999 import errors
from superbill.x12.guides.claim_parts import closing
from superbill.x12.rules import MANY, Guide, R, S, loop, seg

SEGMENT_ERRORS = "1,2,3,4,5,6,7,8"
ELEMENT_ERRORS = "1,2,3,4,5,6,7,8,9,10,12,13"
SET_ERRORS = "1,2,3,4,5,6,7,8,9,10,11,12,13,15,16,17,18,19,23,24,25,26,27"
GROUP_ERRORS = "1,2,3,4,5,6,10,11,12,13,14,15,16,17,18,19,23,24,25,26"

# A 997 has no guide of its own before 005010X230; senders put the version of the group that they answer.
ANSWERED_4010 = ("X061", "X091", "X092", "X093", "X094", "X095", "X096", "X097", "X098")
VERSIONS = (
    "005010X230", "005010", "004010", *(f"004010{each}{last}" for each in ANSWERED_4010 for last in ("", "A1")),
)  # fmt: skip

GUIDE = Guide(
    key="997", title="Functional acknowledgement",
    identifier="997", functional_id="FA", version="005010X230", versions=VERSIONS, version_in_st=False, writes=False,
    root=loop(
        "ST", "transaction", R, 1,
        seg("ST", "header", R, "1R:997 2R 3"),
        seg("AK1", "group", R, "1R 2R 3"),
        loop(
            "2000", "responses", S, MANY,
            seg("AK2", "transaction_set", R, "1R 2R 3"),
            loop(
                "2100", "segment_errors", S, MANY,
                seg("AK3", "segment_error", R, f"1R 2R 3 4:{SEGMENT_ERRORS}"),
                seg("AK4", "element_errors", S, f"1.1R 1.2 1.3 2 3R:{ELEMENT_ERRORS} 4", 99),
            ),
            seg("AK5", "result", R, f"1R:A,E,M,R,W,X {errors(2, SET_ERRORS, '?set_has_errors')}"),
            when="some_sets_were_refused",
            unit=True,
        ),
        seg("AK9", "result", R, f"1R:A,E,M,P,R,W,X 2R 3R 4R {errors(5, GROUP_ERRORS)}"),
        closing(),
    ),
)  # fmt: skip
