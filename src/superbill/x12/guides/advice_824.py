"""824, application reporting for insurance: what became of a transaction that was sound as X12 (005010X186A1).

It answers in three steps of detail, each an OTI: the transaction set (TA, TE, TR, …), a batch in it (BA, …) and single
items, such as claims (IA, IE, IR, …).
"""

from superbill.x12.guides.claim_parts import closing
from superbill.x12.rules import MANY, Guide, LoopRule, R, S, SegmentRule, loop, seg

RESULTS = "BA,BC,BE,BP,BR,IA,IC,IE,IP,IR,TA,TC,TE,TP,TR"


def _party(id: str, name: str, qualifier: str, *more: SegmentRule) -> LoopRule:
    return loop(id, name, R, 1, seg("N1", "name", R, f"1R:{qualifier} 2R 3R 4R"), *more)


ERROR = loop(
    "2100", "errors", S, MANY,
    seg("TED", "error", R, "1R 2 3 4 5 5.1R 5.2 5.3 6 7 8"),
    seg("CTX", "contexts", S, "1 1.1R 1.2 2 3 4 5 5.1R 5.2 5.3 6 6.1R 6.2", 10),
    seg("RED", "reasons", S, "1R 2 3R:94 5R:IBP 6R", MANY),
    when="reasons_are_due",
)  # fmt: skip

ORIGINAL = loop(
    "2000", "originals", R, MANY,
    seg("OTI", "original", R, f"1R:{RESULTS} 2R:BT,IX,TN 3R 4 5 6 7 8 9 10R 11"),
    seg("REF", "references", S, "1R 2R 3", MANY),
    seg("DTM", "dates", S, "1R 2 3 4 5 6", MANY),
    seg("AMT", "amounts", S, "1R 2R", MANY),
    seg("QTY", "quantities", S, "1R 2R", MANY),
    seg("NM1", "names", S, "1R 2R:1,2 3 4 5 6 7 8 9", MANY),
    ERROR,
    unit=True,
)  # fmt: skip

VERSIONS = ("005010X186A1", "005010X186")

GUIDE = Guide(
    key="824", title="Application reporting for insurance",
    identifier="824", functional_id="AG", version="005010X186A1", versions=VERSIONS,
    root=loop(
        "ST", "transaction", R, 1,
        seg("ST", "header", R, f"1R:824 2R 3R:{','.join(VERSIONS)}"),
        seg("BGN", "beginning", R, "1R:11 2R 3R 4R 5 6 8R:RU,U,WQ"),
        _party("1000A", "submitter", "41", seg("PER", "contacts", S, "1R:IC 2 3R 4R 5 6 7 8", 3)),
        _party("1000B", "receiver", "40"),
        ORIGINAL,
        closing(),
    ),
)  # fmt: skip
