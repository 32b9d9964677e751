"""277CA, the claim acknowledgement: which claims of a batch went into adjudication (005010X214)."""

from superbill.x12.guides.claim_parts import closing, day, day_or_range, level, reference
from superbill.x12.rules import MANY, Guide, R, S, SegmentRule, loop, seg

PROCEDURES = "AD,ER,HC,HP,IV,NU,WK"
BATCH_ENTITIES = "36,40,41,AY,PR"
PROVIDER_ENTITIES = "36,40,41,77,82,85,87,AY,PR"
CLAIM_ENTITIES = (
    "03,1P,1Z,40,41,71,72,73,77,82,85,87,DK,DN,DQ,FA,GB,HK,IL,LI,MSC,PR,PRP,QB,QC,QD,SEP,TL,TTP,TU"
)  # fmt: skip


def _statuses(usage: str, entities: str, elements: str, last: str = "") -> SegmentRule:
    """STC: up to three statuses of one thing. Each is a category, a status and, where it needs one, an entity."""
    more = " ".join(f"{at} {at}.1R {at}.2R {at}.3:{entities}" for at in (10, 11))
    return seg("STC", "statuses", usage, f"1.1R 1.2R 1.3:{entities} {elements} {more} {last}", MANY)


def _totals(accepted: str, rejected: str) -> tuple[SegmentRule, ...]:
    """How many claims were accepted and rejected, and their charges."""
    return (
        seg("QTY", "accepted_quantity", S, f"1R:{accepted} 2R"),
        seg("QTY", "rejected_quantity", S, f"1R:{rejected} 2R"),
        seg("AMT", "accepted_amount", S, "1R:YU 2R"),
        seg("AMT", "rejected_amount", S, "1R:YY 2R"),
    )


LINE = loop(
    "2220D", "lines", S, MANY,
    seg("SVC", "service", R, f"1.1R:{PROCEDURES} 1.2R 1.3 1.4 1.5 1.6 2R 4 7"),
    _statuses(R, CLAIM_ENTITIES, "2 3R:U", "12"),
    reference("line_item_control_number", "FJ"),
    reference("prescription_number", "XZ"),
    day_or_range("service_date", "472"),
)  # fmt: skip

CLAIM = loop(
    "2200D", "claims", R, MANY,
    seg("TRN", "trace", R, "1R:2 2R"),
    _statuses(R, CLAIM_ENTITIES, "2R 3R:U,WQ 4R", "12"),
    reference("payer_claim_control_number", "1K"),
    reference("clearinghouse_trace_number", "D9"),
    reference("bill_type", "BLT"),
    day_or_range("service_date", "472", R),
    LINE,
    unit=True,
)  # fmt: skip

PATIENT = loop(
    "2000D", "patients", S, MANY,
    seg("HL", "level", R, "1R 2R 3R:PT"),
    loop("2100D", "patient_name", R, 1, seg("NM1", "name", R, "1R:QC 2R:1 3R 4 5 7 8R:II,MI 9R")),
    CLAIM,
)  # fmt: skip

PROVIDER = loop(
    "2000C", "providers", S, MANY,
    level("19", "0,1"),
    loop("2100C", "provider_names", R, MANY, seg("NM1", "name", R, "1R:85 2R:1,2 3R 4 5 7 8R:FI,SV,XX 9R")),
    loop(
        "2200C", "provider_acknowledgement", S, 1,
        seg("TRN", "trace", R, "1R:1 2R"),
        _statuses(S, PROVIDER_ENTITIES, "3R:U,WQ 4R"),
        reference("secondary_ids", "0B,1G,G2,LU,SY,TJ", repeat=3),
        *_totals("QA", "QC"),
    ),
    PATIENT,
)  # fmt: skip

RECEIVER = loop(
    "2000B", "information_receiver", R, 1,
    level("21", "0,1"),
    loop("2100B", "receiver_name", R, 1, seg("NM1", "name", R, "1R:41 2R:1,2 3R 4 5 8R:46 9R")),
    loop(
        "2200B", "batch", R, 1,
        seg("TRN", "trace", R, "1R:2 2R"),
        _statuses(R, BATCH_ENTITIES, "2R 3R:U,WQ 4R"),
        *_totals("90", "AA"),
    ),
    PROVIDER,
)  # fmt: skip

VERSIONS = ("005010X214", "005010X214E1", "005010X214E2")

GUIDE = Guide(
    key="277CA", title="Health care claim acknowledgement",
    identifier="277", functional_id="HN", version="005010X214", versions=VERSIONS,
    echoes=("SVC",),
    root=loop(
        "ST", "transaction", R, 1,
        seg("ST", "header", R, f"1R:277 2R 3R:{','.join(VERSIONS)}"),
        seg("BHT", "beginning", R, "1R:0085 2R:08 3R 4R 5R 6R:TH"),
        loop(
            "2000A", "information_source", R, 1,
            level("20", "1", parent=""),
            loop("2100A", "source_name", R, 1, seg("NM1", "name", R, "1R:AY,PR 2R:2 3R 8R:46,FI,PI,XV 9R")),
            loop(
                "2200A", "receipt", R, 1,
                seg("TRN", "trace", R, "1R:1 2R"),
                day("received_date", "050", R),
                day("processed_date", "009", R),
            ),
            RECEIVER,
        ),
        closing(),
    ),
)  # fmt: skip
