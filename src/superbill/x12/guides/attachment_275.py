"""275, additional information to support a claim (005010X210). We read it; we write none.

The guide is not at hand in full: what stands here are its loops, their segments and the qualifiers that tell them
apart. Where a usage is not known to be required, it is taken to be situational, and codes are left open.
"""

from superbill.x12.guides.claim_parts import address, closing, day, day_or_range, reference
from superbill.x12.rules import MANY, Guide, R, S, loop, seg

VERSION = "005010X210"

PROVIDER = loop(
    "1000C", "provider", R, 1,
    seg("NM1", "name", R, "1R:1P 2R:1,2 3 4 5 7 8R 9R"),
    seg("PRV", "specialty", S, "1R:BI 2R:PXC 3R"),
    seg("REF", "secondary_ids", S, "1R 2R", MANY),
    loop("1100C", "provider_address", S, 1, seg("NX1", "entity", R, "1R:1P"), *address(S)),
)  # fmt: skip

PATIENT = loop(
    "1000D", "patient", R, 1,
    seg("NM1", "name", R, "1R:QC 2R:1 3R 4 5 7 8R:MI 9R"),
    reference("patient_control_number", "EJ"),
    reference("medical_record_number", "EA"),
    reference("institutional_bill_type", "BLT"),
    reference("clearinghouse_trace_number", "D9"),
    day_or_range("service_date", "472"),
)  # fmt: skip

ATTACHMENT = loop(
    "2000A", "attachments", R, MANY,
    seg("LX", "number", R, "1R"),
    seg("TRN", "control_number", R, "1R:1,2 2R"),
    seg("STC", "requested_information", S, "1 1.1 1.2 1.3 1.4 2 10 10.1 10.2 10.3 10.4 11 11.1 11.2 11.3 11.4"),
    seg("REF", "line_ids", S, "1R 2R", MANY),
    loop("2100A", "service", S, 1, day_or_range("service_date", "472", R)),
    loop(
        "2100B", "submission", R, 1,
        day("submission_date", "368", R),
        seg("CAT", "category", R, "1R 2R 3 4 5 6 7"),
        loop("2110B", "content", S, 1, seg("EFI", "format", R, "1R"), seg("BIN", "data", R, "1R 2R")),
    ),
    unit=True,
)  # fmt: skip

GUIDE = Guide(
    key="275", title="Claim attachment",
    identifier="275", functional_id="PI", version=VERSION, versions=(VERSION,), writes=False,
    root=loop(
        "ST", "transaction", R, 1,
        seg("ST", "header", R, f"1R:275 2R 3R:{VERSION}"),
        seg("BGN", "beginning", R, "1R:02,11 2R 3R 4 5 6 7 8 9"),
        loop(
            "1000A", "payer", R, 1,
            seg("NM1", "name", R, "1R:PR 2R:2 3R 8R 9R"),
            seg("PER", "contact", S, "1R:IC 2 3 4 5 6 7 8"),
        ),
        loop("1000B", "submitter", R, 1, seg("NM1", "name", R, "1R:41 2R:1,2 3 4 5 7 8R 9R")),
        PROVIDER,
        PATIENT,
        ATTACHMENT,
        closing(),
    ),
)  # fmt: skip
