"""999, the implementation acknowledgement: how a functional group fared against its guide (005010X231A1)."""

from superbill.x12.guides.claim_parts import closing
from superbill.x12.rules import MANY, ElementRule, Guide, R, S, SegmentRule, loop, seg, usages

SEGMENT_ERRORS = "1,2,3,4,5,6,7,8,I4,I6,I7,I8,I9"
ELEMENT_ERRORS = "1,2,3,4,5,6,7,8,9,10,12,13,I6,I9,I10,I11,I12,I13"
SET_ERRORS = "1,2,3,4,5,6,7,8,9,10,11,12,13,15,16,17,18,19,23,24,25,26,27,I5,I6"
GROUP_ERRORS = "1,2,3,4,5,6,10,11,12,13,14,15,16,17,18,19,23,24,25,26"

# The element of the transaction set by which its sender knows the claim, patient or payment that is in error.
BUSINESS_UNITS = (
    "CLM01", "ENT01", "NM109", "PATIENT NAME NM109", "SUBSCRIBER NAME NM109", "SUBSCRIBER NUMBER REF02", "TRN02",
)  # fmt: skip
TRIGGER = ("SITUATIONAL TRIGGER",)


def context(name: str, codes: tuple[str, ...], elements: str, repeat: int = 1) -> SegmentRule:
    """CTX. Its codes have blanks in them, which a usage string can't."""
    told_by = ElementRule(position=1, component=1, usage=R, codes=codes)
    return SegmentRule(id="CTX", name=name, usage=S, elements=(told_by, *usages(elements)), repeat=repeat)


def triggers(repeat: int) -> SegmentRule:
    """CTX: the segments or elements which made what is in error necessary, or forbade it."""
    return context("situational_triggers", TRIGGER, "2R 3R 4 5 5.1R 5.2 5.3", repeat)


def errors(first: int, codes: str, when: str = "") -> str:
    """Five errors, the first of them due when the condition holds."""
    return f"{first}:{codes}{when} " + " ".join(f"{at}:{codes}" for at in range(first + 1, first + 5))


VERSIONS = ("005010X231A1", "005010X231")

GUIDE = Guide(
    key="999", title="Implementation acknowledgement",
    identifier="999", functional_id="FA", version="005010X231A1", versions=VERSIONS,
    root=loop(
        "ST", "transaction", R, 1,
        seg("ST", "header", R, f"1R:999 2R 3R:{','.join(VERSIONS)}"),
        seg("AK1", "group", R, "1R 2R 3R"),
        loop(
            "2000", "responses", S, MANY,
            seg("AK2", "transaction_set", R, "1R 2R 3"),
            loop(
                "2100", "segment_errors", S, MANY,
                seg("IK3", "segment_error", R, f"1R 2R 3 4R:{SEGMENT_ERRORS}"),
                triggers(9),
                context("business_unit", BUSINESS_UNITS, "1.2R"),
                loop(
                    "2110", "element_errors", S, MANY,
                    seg("IK4", "element_error", R, f"1.1R 1.2 1.3 2 3R:{ELEMENT_ERRORS} 4"),
                    triggers(10),
                ),
            ),
            seg("IK5", "result", R, f"1R:A,E,M,R,W,X {errors(2, SET_ERRORS, '?set_has_errors')}"),
            when="some_sets_were_refused",
            unit=True,
        ),
        seg("AK9", "result", R, f"1R:A,E,M,P,R,W,X 2R 3R 4R {errors(5, GROUP_ERRORS)}"),
        closing(),
    ),
)  # fmt: skip
