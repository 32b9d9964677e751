"""835 of version 4010 (004010X091A1): the payment and its explanation."""

from superbill.x12.guides.v4010.parts import address, adjustments, numbered, reference, trailer
from superbill.x12.rules import MANY, Guide, LoopRule, R, S, SegmentRule, loop, seg

FILING = "12,13,14,15,16,AM,CH,DS,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ"
PROCEDURES = "AD,ER,HC,ID,IV,N4,NU,RB,ZZ"
PROVIDER_IDS = "1A,1B,1C,1D,1G,1H"
SUPPLEMENTS = "ZK,ZL,ZM,ZN,ZO"


def _day(name: str, qualifiers: str, repeat: int = 1) -> SegmentRule:
    return seg("DTM", name, S, f"1R:{qualifiers} 2R", repeat)


def _contact(repeat: int) -> SegmentRule:
    name = "contacts" if repeat > 1 else "business_contact"
    return seg("PER", name, S, "1R:CX 2 3:EM,FX,TE 4 5:EM,EX,FX,TE 6 7:EX 8", repeat)


def _procedure(position: int) -> str:
    return f"{position}.1R:{PROCEDURES} {position}.2R " + " ".join(f"{position}.{at}" for at in range(3, 8))


def _payer_of_claim(name: str, qualifier: str, repeat: int = 1) -> SegmentRule:
    return seg("NM1", name, S, f"1R:{qualifier} 2R:2 3R 8R:AD,FI,NI,PI,PP,XV 9R", repeat)


LINE = loop(
    "2110", "lines", S, 999,
    seg("SVC", "service", R, f"1R {_procedure(1)} 2R 3R 4 5 6 {_procedure(6)} 7"),
    _day("service_dates", "150,151,472", 3),
    adjustments(99),
    reference("service_ids", "1S,BB,E9,G1,G3,LU,RB", 7),
    reference("line_item_control_number", "6R"),
    reference("rendering_provider_ids", f"{PROVIDER_IDS},1J,HPI,SY,TJ", 10),
    seg("AMT", "supplemental_amounts", S, f"1R:B6,DY,KH,NE,T,T2,{SUPPLEMENTS} 2R", 12),
    seg("QTY", "supplemental_quantities", S, f"1R:NE,{SUPPLEMENTS} 2R", 6),
    seg("LQ", "remarks", S, "1R:HE,RX 2R", 99),
)  # fmt: skip

CLAIM = loop(
    "2100", "claims", R, MANY,
    seg("CLP", "claim", R, f"1R 2R 3R 4R 5 6R:{FILING} 7 8 9 11 12 13"),
    adjustments(99),
    seg("NM1", "patient", R, "1R:QC 2R:1 3R 4R 5 7 8:34,HN,II,MI,MR 9"),
    seg("NM1", "subscriber", S, "1R:IL 2R:1,2 3 4 5 7 8R:34,HN,MI 9R"),
    seg("NM1", "corrected_patient", S, "1R:74 2R:1,2 3 4 5 7 8:C 9"),
    seg("NM1", "rendering_provider", S, "1R:82 2R:1,2 3 4 5 7 8R:BD,BS,FI,MC,PC,SL,UP,XX 9R"),
    _payer_of_claim("crossover_carrier", "TT"),
    _payer_of_claim("corrected_priority_payers", "PR", 2),
    seg("MIA", "inpatient_adjudication", S, f"1R {numbered(2, 24)}"),
    seg("MOA", "outpatient_adjudication", S, numbered(1, 9)),
    reference("other_claim_ids", "1L,1W,9A,9C,A6,BB,CE,EA,F8,G1,G3,IG,SY", 5),
    reference("rendering_provider_ids", f"{PROVIDER_IDS},D3,G2", 10),
    _day("statement_dates", "232,233", 2),
    _day("coverage_expired", "036"),
    _day("received_date", "050"),
    _contact(3),
    seg("AMT", "supplemental_amounts", S, f"1R:AU,D8,DY,F5,I,NL,T,T2,{SUPPLEMENTS},ZZ 2R", 14),
    seg("QTY", "supplemental_quantities", S, f"1R:CA,CD,LA,LE,NA,NE,NR,OU,PS,VS,{SUPPLEMENTS} 2R", 15),
    LINE, unit=True,
)  # fmt: skip


def _parties() -> tuple[LoopRule, LoopRule]:
    payer = loop(
        "1000A", "payer", R, 1,
        seg("N1", "name", R, "1R:PR 2 3:XV 4"),
        *address(R, "1R 2R 3R"),
        reference("additional_ids", "2U,EO,HI,NF", 4),
        _contact(1),
    )  # fmt: skip
    payee = loop(
        "1000B", "payee", R, 1,
        seg("N1", "name", R, "1R:PE 2 3R:FI,XX 4R"),
        *address(S),
        reference("additional_ids", "0B,1A,1B,1C,1D,1E,1F,1G,1H,D3,G2,N5,PQ,TJ", MANY),
    )  # fmt: skip
    return payer, payee


def _provider_adjustments() -> SegmentRule:
    more = " ".join(f"{at} {at}.1R {at}.2 {at + 1}" for at in (5, 7, 9, 11, 13))
    return seg("PLB", "provider_adjustments", S, f"1R 2R 3R 3.1R 3.2 4R {more}", MANY)


GUIDE = Guide(
    key="835-4010", title="Health care claim payment, version 4010",
    identifier="835", functional_id="HP", version="004010X091A1", versions=("004010X091A1", "004010X091"),
    version_in_st=False, writes=False,
    root=loop(
        "ST", "transaction", R, 1,
        seg("ST", "header", R, "1R:835 2R"),
        seg("BPR", "payment", R,
            "1R:C,D,H,I,P,U,X 2R 3R:C,D 4R:ACH,BOP,CHK,FWT,NON 5:CCP,CTX 6:01,04 7 8:DA 9 10 11 12:01,04 13 14:DA,SG "
            "15 16R"),
        seg("TRN", "trace", R, "1R:1 2R 3R 4"),
        seg("CUR", "foreign_currency", S, "1R:PR 2R 3"),
        reference("receiver_id", "EV"),
        reference("version_id", "F2"),
        _day("production_date", "405"),
        *_parties(),
        loop("2000", "headers", S, MANY,
             seg("LX", "header_number", R, "1R"),
             seg("TS3", "provider_summary", S, f"1R 2R 3R 4R 5R {numbered(6, 24)}"),
             seg("TS2", "supplemental_summary", S, numbered(1, 19)),
             CLAIM),
        _provider_adjustments(),
        trailer(),
    ),
)  # fmt: skip
