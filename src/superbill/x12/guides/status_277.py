"""277, the answer what has become of a claim (005010X212)."""

from superbill.x12.guides.claim_parts import closing, level, reference
from superbill.x12.guides.status_parts import (
    VERSION,
    claim_date,
    dependent_level,
    dependent_name,
    line,
    opening,
    payer_name,
    provider_names,
    receiver_name,
    service,
    subscriber_name,
    trace,
)
from superbill.x12.rules import MANY, Guide, LoopRule, R, S, SegmentRule, loop, seg

ENTITIES = (
    "03,13,17,1E,1G,1H,1I,1O,1P,1Q,1R,1S,1T,1U,1V,1W,1X,1Y,1Z,28,2A,2B,2D,2E,2I,2K,2P,2Q,2S,2Z,30,36,3A,3C,3D,3E,3F,"
    "3G,3H,3I,3J,3K,3L,3M,3N,3O,3P,3Q,3R,3S,3T,3U,3V,3W,3X,3Y,3Z,40,43,44,4A,4B,4C,4D,4E,4F,4G,4H,4I,4J,4L,4M,4N,4O,4P,"
    "4Q,4R,4S,4U,4V,4W,4X,4Y,4Z,5A,5B,5C,5D,5E,5F,5G,5H,5I,5J,5K,5L,5M,5N,5O,5P,5Q,5R,5S,5T,5U,5V,5W,5X,5Y,5Z,61,6A,6B,"
    "6C,6D,6E,6F,6G,6H,6I,6J,6K,6L,6M,6N,6O,6P,6Q,6R,6S,6U,6V,6W,6X,6Y,71,72,73,74,77,7C,80,82,84,85,87,95,CK,CZ,D2,DD,"
    "DJ,DK,DN,DO,DQ,E1,E2,E7,E9,FA,FD,FE,G0,G3,GB,GD,GI,GJ,GK,GM,GY,HF,HH,I3,IJ,IL,IN,LI,LR,MR,MSC,OB,OD,OX,P0,P2,P3,"
    "P4,P6,P7,PRP,PT,PV,PW,QA,QB,QC,QD,QE,QH,QK,QL,QN,QO,QS,QV,QY,RC,RW,S4,SEP,SJ,SU,T4,TL,TQ,TT,TTP,TU,UH,X3,X4,X5,ZZ"
)


def _statuses(entities: str, amounts: str = "", code_list: bool = True) -> SegmentRule:
    """STC: up to three statuses, each of a category, a code and perhaps an entity; `amounts` between the first two.

    `code_list`: the status may be one of the pharmacies' reject codes.
    """
    each = f"{{0}}.1R {{0}}.2R {{0}}.3:{entities}" + (" {0}.4:RX" if code_list else "")
    first, second, third = (each.format(at) for at in (1, 10, 11))
    return seg("STC", "statuses", R, f"{first} 2R{amounts} 10 {second} 11 {third}", MANY)


def _claim(letter: str, usage: str, when: str = "") -> LoopRule:
    """Loop 2200: a claim and its status."""
    return loop(
        f"2200{letter}", "claims", usage, MANY,
        trace("trace_number", "2"),
        _statuses(ENTITIES, " 4 5 6 8 9"),
        reference("payer_claim_control_number", "1K"),
        reference("institutional_bill_type", "BLT"),
        reference("patient_control_number", "EJ"),
        reference("prescription_number", "XZ"),
        reference("voucher_number", "VV"),
        reference("clearinghouse_trace_number", "D9"),
        claim_date(),
        line(f"2220{letter}", service("2R 3R", "7R"), _statuses(ENTITIES)),
        when=when,
    )  # fmt: skip


DEPENDENT = loop("2000E", "dependents", S, MANY, dependent_level(), dependent_name(), _claim("E", R))

SUBSCRIBER = loop(
    "2000D", "subscribers", S, MANY,
    level("22", "0,1"),
    subscriber_name(),
    _claim("D", S, "!request_is_about_subscriber"),
    DEPENDENT,
    unit=True,
)  # fmt: skip

PROVIDER = loop(
    "2000C", "providers", S, MANY,
    level("19", "0,1"),
    provider_names(),
    loop(
        "2200C", "provider_trace", S, 1,
        trace("trace_number", "1"),
        _statuses("1P", code_list=False),
        when="provider_has_no_subscribers",
    ),
    SUBSCRIBER,
)  # fmt: skip

RECEIVER = loop(
    "2000B", "information_receivers", R, MANY,
    level("21", "0,1"),
    receiver_name(),
    loop(
        "2200B", "receiver_trace", S, 1,
        trace("trace_number", "2"),
        _statuses("41,AY,PR", code_list=False),
        when="receiver_has_no_providers",
    ),
    PROVIDER,
)  # fmt: skip

CONTACT = seg("PER", "contact", S, "1R:IC 2 3R:ED,EM,FX,TE 4R 5:ED,EM,EX,FX,TE 6 7:ED,EM,EX,FX,TE 8")

GUIDE = Guide(
    key="277", title="Claim status response",
    identifier="277", functional_id="HN", version=VERSION, versions=(VERSION,),
    echoes=("SVC",),
    root=loop(
        "ST", "transaction", R, 1,
        *opening("277", "08", " 6R:DG"),
        loop("2000A", "information_sources", R, MANY, level("20", "1", parent=""), payer_name(CONTACT), RECEIVER),
        closing(),
    ),
)  # fmt: skip
