"""835, the health care claim payment: what was paid, and why not all of it (005010X221A1)."""

from superbill.x12.guides.claim_parts import address, closing, reference
from superbill.x12.rules import MANY, Guide, LoopRule, R, S, SegmentRule, loop, seg

FILING = "12,13,14,15,16,17,AM,CH,DS,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ"
CLAIM_STATUSES = "1,2,3,4,19,20,21,22,23,25"
ADJUSTMENT_GROUPS = "CO,OA,PI,PR"
ADJUDICATED = "AD,ER,HC,HP,IV,N4,N6,NU,UI,WK"
SUBMITTED = "AD,ER,HC,HP,IV,N4,NU,WK"
PAYER_IDS = "AD,FI,NI,PI,PP,XV"
SUPPLEMENTS = "ZK,ZL,ZM,ZN,ZO"
PROVIDER_ADJUSTMENTS = (
    "50,51,72,90,AH,AM,AP,B2,B3,BD,BN,C5,CR,CS,CT,CV,CW,DM,E3,FB,FC,GO,HM,IP,IR,IS,J1,L3,L6,LE,LS,OA,OB,PI,PL,RA,RE,"
    "SL,TL,WO,WU"
)


def _run(first: int, last: int) -> str:
    """Situational elements from one position to another."""
    return " ".join(map(str, range(first, last + 1)))


def _day(name: str, qualifiers: str, repeat: int = 1, when: str = "") -> SegmentRule:
    return seg("DTM", name, S, f"1R:{qualifiers} 2R", repeat, when)


def _adjustments() -> SegmentRule:
    """CAS: a group and up to six reasons, each with its amount and quantity."""
    return seg("CAS", "adjustments", S, f"1R:{ADJUSTMENT_GROUPS} 2R 3R {_run(4, 19)}", 99)


def _procedure(position: int, qualifiers: str, last: int) -> str:
    """The components of a procedure: list, code, modifiers and, of the submitted one, its description."""
    more = " ".join(f"{position}.{part}" for part in range(3, last + 1))
    return f"{position}.1R:{qualifiers} {position}.2R {more}"


def _member(name: str, qualifier: str, kinds: str, ids: str, usage: str = S, required: str = "") -> SegmentRule:
    """NM1 of a patient or subscriber, which a payer need not name again in full."""
    return seg("NM1", name, usage, f"1R:{qualifier} 2R:{kinds} 3 4 5 7 8{required}:{ids} 9{required}")


def _payer(name: str, qualifier: str, when: str = "") -> SegmentRule:
    """NM1 of another payer of the claim."""
    return seg("NM1", name, S, f"1R:{qualifier} 2R:2 3R 8R:{PAYER_IDS} 9R", when=when)


PAYMENT = seg(
    "BPR", "payment", R,
    "1R:C,D,H,I,P,U,X 2R 3R:C,D 4R:ACH,BOP,CHK,FWT,NON 5:CCP,CTX!paid_through_ach 6:01,04!paid_by_transfer "
    "7!paid_by_transfer 8:DA!paid_by_transfer 9!paid_by_transfer 10?paid_by_transfer 11 12:01,04!paid_by_transfer "
    "13!paid_by_transfer 14:DA,SG!paid_by_transfer 15!paid_by_transfer 16R",
)  # fmt: skip

PAYER = loop(
    "1000A", "payer", R, 1,
    seg("N1", "name", R, "1R:PR 2R 3:XV 4"),
    *address(),
    reference("additional_ids", "2U,EO,HI,NF", repeat=4),
    seg("PER", "business_contact", S, "1R:CX 2 3:EM,FX,TE 4 5:EM,EX,FX,TE 6 7:EX 8"),
    seg("PER", "technical_contacts", R, "1R:BL 2 3:EM,TE,UR 4 5:EM,EX,FX,TE,UR 6 7:EM,EX,FX,UR 8", MANY),
    seg("PER", "web_site", S, "1R:IC 3R:UR 4R"),
)  # fmt: skip

PAYEE = loop(
    "1000B", "payee", R, 1,
    seg("N1", "name", R, "1R:PE 2R 3R:FI,XV,XX 4R"),
    *address(S),
    reference("additional_ids", "0B,D3,PQ,TJ", repeat=MANY),
    seg("RDM", "delivery_method", S, "1R:BM,EM,FT,OL 2 3"),
)  # fmt: skip

LINE = loop(
    "2110", "lines", S, 999,
    seg(
        "SVC", "service", R,
        f"{_procedure(1, ADJUDICATED, 6)} 2R 3R 4 5 6!procedure_was_changed {_procedure(6, SUBMITTED, 7)} 7",
    ),
    _day("service_dates", "150,151,472", 2, "line_is_undated"),
    _adjustments(),
    reference("service_ids", "1S,APC,BB,E9,G1,G3,LU,RB", repeat=8),
    reference("line_item_control_number", "6R"),
    reference("rendering_provider_ids", "0B,1A,1B,1C,1D,1G,1H,1J,D3,G2,HPI,SY,TJ", repeat=10),
    reference("policy_ids", "0K", repeat=5),
    seg("AMT", "supplemental_amounts", S, f"1R:B6,KH,T,T2,{SUPPLEMENTS} 2R", 9),
    seg("QTY", "supplemental_quantities", S, f"1R:{SUPPLEMENTS} 2R", 6),
    seg("LQ", "remarks", S, "1R:HE,RX 2R", 99),
)  # fmt: skip

CLAIM = loop(
    "2100", "claims", R, MANY,
    seg("CLP", "claim", R, f"1R 2R:{CLAIM_STATUSES} 3R 4R 5?patient_owes 6R:{FILING} 7R 8 9 11 12 13"),
    _adjustments(),
    _member("patient", "QC", "1", "34,HN,II,MI,MR", R),
    _member("subscriber", "IL", "1,2", "FI,II,MI", required=R),
    _member("corrected_patient", "74", "1,2", "C"),
    seg("NM1", "rendering_provider", S, "1R:82 2R:1,2 3 4 5 7 8R:BD,BS,FI,MC,PC,SL,UP,XX 9R"),
    _payer("crossover_carrier", "TT", "claim_went_on_to_other_payer"),
    _payer("corrected_priority_payer", "PR"),
    _member("other_subscriber", "GB", "1,2", "FI,II,MI"),
    seg("MIA", "inpatient_adjudication", S, f"1R {_run(2, 24)}", when="!adjudicated_inpatient"),
    seg("MOA", "outpatient_adjudication", S, _run(1, 9)),
    reference("other_claim_ids", "1L,1W,28,6P,9A,9C,BB,CE,EA,F8,G1,G3,IG,SY", repeat=5),
    reference("rendering_provider_ids", "0B,1A,1B,1C,1D,1G,1H,1J,D3,G2,LU", repeat=10),
    _day("statement_dates", "232,233", 2, "no_line_is_dated"),
    _day("coverage_expired", "036", when="coverage_had_ended"),
    _day("received_date", "050"),
    seg("PER", "contacts", S, "1R:CX 2 3R:EM,FX,TE 4R 5:EM,EX,FX,TE 6 7:EX 8", 2),
    seg("AMT", "supplemental_amounts", S, f"1R:AU,D8,DY,F5,I,NL,T,T2,{SUPPLEMENTS} 2R", 13),
    seg("QTY", "supplemental_quantities", S, f"1R:CA,CD,LA,LE,NE,NR,OU,PS,VS,{SUPPLEMENTS} 2R", 14),
    LINE,
    unit=True,
)  # fmt: skip

HEADER: LoopRule = loop(
    "2000", "headers", S, MANY,
    seg("LX", "header_number", R, "1R"),
    seg("TS3", "provider_summary", S, "1R 2R 3R 4R 5R 13 15 17 18 20 21 22 23 24"),
    seg("TS2", "supplemental_summary", S, _run(1, 19)),
    CLAIM,
)  # fmt: skip


def _provider_adjustments() -> SegmentRule:
    """PLB: up to six adjustments of the payment that belong to no claim, each a reason, its number and an amount."""
    more = " ".join(f"{at} {at}.1R:{PROVIDER_ADJUSTMENTS} {at}.2 {at + 1}" for at in range(5, 14, 2))
    return seg("PLB", "provider_adjustments", S, f"1R 2R 3.1R:{PROVIDER_ADJUSTMENTS} 3.2 4R {more}", MANY)


GUIDE = Guide(
    key="835", title="Health care claim payment",
    identifier="835", functional_id="HP", version="005010X221A1", versions=("005010X221A1", "005010X221"),
    version_in_st=False,
    root=loop(
        "ST", "transaction", R, 1,
        seg("ST", "header", R, "1R:835 2R"),
        PAYMENT,
        seg("TRN", "trace", R, "1R:1 2R 3R 4"),
        seg("CUR", "foreign_currency", S, "1R:PR 2R"),
        reference("receiver_id", "EV"),
        reference("version_id", "F2"),
        _day("production_date", "405"),
        PAYER,
        PAYEE,
        HEADER,
        _provider_adjustments(),
        closing(),
    ),
)  # fmt: skip
