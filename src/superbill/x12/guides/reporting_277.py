"""277, the acknowledgement of reported claims by a data collector (005010X364). We read it; we write none.

The guide is not at hand in full: what stands here are its loops, their segments and the qualifiers that tell them
apart, as files have them. Where a usage is not known to be required, it is taken to be situational, and codes are left
open.
"""

from superbill.x12.guides.claim_parts import closing, day, day_or_range, level, reference
from superbill.x12.rules import MANY, Guide, R, S, SegmentRule, loop, seg

VERSION = "005010X364"


def _statuses(usage: str) -> SegmentRule:
    """STC: up to three statuses of one thing, when it got them, whether it was accepted, and its charge."""
    return seg("STC", "statuses", usage, "1.1R 1.2R 1.3 2 3R 4 10 10.1R 10.2R 10.3 11 11.1R 11.2R 11.3 12", MANY)


def _totals(accepted: str, rejected: str) -> tuple[SegmentRule, ...]:
    """How many claims were accepted and rejected, and their charges."""
    return (
        seg("QTY", "accepted_quantity", S, f"1R:{accepted} 2R"),
        seg("QTY", "rejected_quantity", S, f"1R:{rejected} 2R"),
        seg("AMT", "accepted_amount", S, "1R:YU 2R"),
        seg("AMT", "rejected_amount", S, "1R:YY 2R"),
    )


CLAIM = loop(
    "2200D", "claims", R, MANY,
    seg("TRN", "trace", R, "1R:2 2R"),
    _statuses(R),
    reference("payer_claim_control_number", "F8"),
    reference("collector_claim_control_number", "1K"),
    reference("clearinghouse_trace_number", "D9"),
    reference("bill_type", "BLT"),
    day_or_range("service_date", "472"),
    loop(
        "2220D", "lines", S, MANY,
        seg("SVC", "service", R, "1 1.1 1.2 1.3 1.4 1.5 1.6 2 4 7"),
        _statuses(R),
        reference("line_item_control_number", "6R"),
        reference("prescription_number", "XZ"),
        day_or_range("service_date", "472"),
    ),
    unit=True,
)  # fmt: skip

PROVIDER = loop(
    "2000C", "providers", S, MANY,
    level("19", "0,1"),
    loop("2100C", "provider_name", R, 1, seg("NM1", "name", R, "1R:85 2R:1,2 3 4 5 7 8 9")),
    loop(
        "2200C", "provider_acknowledgement", S, 1,
        seg("TRN", "trace", R, "1R:1 2R"),
        _statuses(S),
        seg("REF", "secondary_ids", S, "1R 2R", MANY),
        *_totals("QA", "QC"),
    ),
    loop(
        "2000D", "patients", S, MANY,
        seg("HL", "level", R, "1R 2R 3R:PT"),
        loop("2100D", "patient_name", R, 1, seg("NM1", "name", R, "1R:QC 2R:1 3 4 5 7 8 9")),
        CLAIM,
    ),
)  # fmt: skip

SUBMITTER = loop(
    "2000B", "information_receiver", R, 1,
    level("21", "0,1"),
    loop("2100B", "receiver_name", R, 1, seg("NM1", "name", R, "1R:40 2R:2 3 8R:46 9R")),
    loop("2200B", "batch", R, 1, seg("TRN", "trace", R, "1R:2 2R"), _statuses(R), *_totals("90", "AA")),
    PROVIDER,
)  # fmt: skip

GUIDE = Guide(
    key="277DRA", title="Data reporting acknowledgement",
    identifier="277", functional_id="HN", version=VERSION, versions=(VERSION,), writes=False,
    root=loop(
        "ST", "transaction", R, 1,
        seg("ST", "header", R, f"1R:277 2R 3R:{VERSION}"),
        seg("BHT", "beginning", R, "1R:0085 2R:08 3R 4R 5R 6"),
        loop(
            "2000A", "information_source", R, 1,
            level("20", "1", parent=""),
            loop("2100A", "source_name", R, 1, seg("NM1", "name", R, "1R:ACV 2R:2 3R 8R:46 9R")),
            loop(
                "2200A", "receipt", R, 1,
                seg("TRN", "trace", R, "1R:1 2R"),
                day("received_date", "050", R),
                day("processed_date", "009", R),
            ),
            SUBMITTER,
        ),
        closing(),
    ),
)  # fmt: skip
