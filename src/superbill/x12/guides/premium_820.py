"""820, premiums paid (005010X218, by employers and payrolls; 005010X306, by a health insurance exchange).

What is paid is told for the organization as a whole, a summary, or person by person, a list; a file may do both.
"""

from superbill.x12.guides.claim_parts import address, closing, reference
from superbill.x12.rules import MANY, Guide, LoopRule, Part, R, S, SegmentRule, loop, seg

PREMIUM_KEYS = "14,17,18,2F,38,72,LB"
DELIVERIES = "BM,EM,FT,FX,IA,OL"
BANKS = "04,0B,8W,AK,BE,BK,C1,C2,IAT,MJ,RB,Z6,ZB,ZL"
BANK_IDS = "31,57,94,A3,A4,A6,CF,G,PA"
EARLIER = "52,53,80,81,86,BJ,H1,H6,RU,WO"
CURRENT = "20,52,53,AA,AX,H1,H6,IA,J3"
CHARGES = "A172,B680,D940,G740"
ACCOUNT = "?paid_by_transfer 13?paid_by_transfer 14:DA,SG?paid_by_transfer 15?paid_by_transfer"
EXCHANGE_IDS = (
    ("exchange_plan_id", "38"), ("issuer_plan_id", "TV"), ("exchange_group_id", "18"), ("issuer_group_id", "1L"),
)  # fmt: skip


# --- what both guides share -----------------------------------------------------------------------------------------


def _opening(version: str, banks: str) -> tuple[SegmentRule, ...]:
    """ST and BPR; `banks` are the elements of BPR on how and between which accounts the money moves."""
    return (
        seg("ST", "header", R, f"1R:820 2R 3R:{version}"),
        seg("BPR", "payment", R, f"{banks} 16R"),
    )


def _trace(kinds: str, more: str = "") -> SegmentRule:
    return seg("TRN", "trace", R, f"1R:{kinds} 2R{more}")


def _day(name: str, qualifier: str) -> SegmentRule:
    return seg("DTM", name, S, f"1R:{qualifier} 2R")


def _period(usage: str = S, days: str = "1R:582 5R:RD8 6R", name: str = "coverage_period") -> SegmentRule:
    return seg("DTM", name, usage, days)


def _contacts() -> SegmentRule:
    return seg("PER", "contacts", S, "1R:IC 2R 3R:EM,FX,TE 4R 5:EM,EX,FX,TE 6 7:EM,EX,FX,TE 8", MANY)


def _party(id: str, name: str, qualifier: str, ids: str, *more: Part, usage: str = R, repeat: int = 1) -> LoopRule:
    """A loop of N1, with second name and address."""
    return loop(
        id, name, usage, repeat,
        seg("N1", "name", R, f"1R:{qualifier} 2 3:{ids} 4"),
        seg("N2", "additional_name", S, "1R"),
        *address(S),
        *more,
    )  # fmt: skip


# --- 005010X218 -----------------------------------------------------------------------------------------------------


def _heading() -> tuple[Part, ...]:
    return (
        *_opening(
            "005010X218",
            "1R:C,D,I,P,U,X 2R 3R:C 4R:ACH,BOP,CHK,FWT,NON,SWT 5:CCP,CTX?paid_through_ach 6:01,02,04 7 8:ALC,DA 9 10R "
            f"11 12:01,02,04{ACCOUNT}",
        ),
        _trace("1,3", " 3 4"),
        seg("CUR", "currency", S, "1R:2B,PR 2R"),
        reference("receiver_keys", PREMIUM_KEYS, repeat=MANY),
        _day("process_date", "009"),
        _day("delivery_date", "035"),
        _period(),
        _day("creation_date", "097"),
        _party(
            "1000A", "receiver", "PE", "1,9,EQ,FI,XV",
            seg("RDM", "remittance_delivery", S, f"1R:{DELIVERIES} 2 3"),
        ),
        _party("1000B", "payer", "PR", "1,9,24,75,EQ,FI,PI", _contacts()),
        _party("1000C", "banks", BANKS, BANK_IDS, _contacts(), usage=S, repeat=14),
    )  # fmt: skip


def _adjustments(id: str, name: str, reasons: str) -> LoopRule:
    """A loop of ADX: why more or less was paid than billed."""
    return loop(id, name, S, MANY, seg("ADX", "adjustment", R, f"1R 2R:{reasons}"))


def _remittance(id: str, items: str, *parts: Part, references: str) -> LoopRule:
    """Loop 2300A or 2300B: what is paid on one bill, policy or account."""
    return loop(
        id, "remittances", R, MANY,
        seg("RMR", "remittance", R, items),
        reference("references", references, repeat=MANY),
        _period(days="1R:582,AAG 2 5:RD8 6"),
        *parts,
    )  # fmt: skip


def _line_item() -> LoopRule:
    """Loop 2310A: charges, and how many members the bill counts."""
    return loop(
        "2310A", "line_item", S, 1,
        seg("IT1", "item", R, "1R"),
        loop("2312A", "charges", S, 4, seg("SAC", "charge", R, f"1R:C 2R:{CHARGES} 5R")),
        loop("2315A", "member_counts", S, 3, seg("SLN", "count", R, "1R 3R:O 4R 5R 5.1R:10,IE,PR")),
    )  # fmt: skip


ORGANIZATION = loop(
    "2000A", "organization", S, 1,
    seg("ENT", "entity", R, "1R 2R:2L,AG,NH,RGA,UN 3R:1,9,24,FI 4R"),
    _adjustments("2200A", "earlier_adjustments", f"{EARLIER},WW"),
    _remittance(
        "2300A", "1R:11,1L,CT,IK 2R 3:PA,PI,PO,PP 4R 5",
        _line_item(),
        _adjustments("2320A", "adjustments", CURRENT),
        references="14,17,18,2F,38,E9,LB,LU,ZZ",
    ),
    when="payment_is_not_by_person",
)  # fmt: skip

INDIVIDUALS = loop(
    "2000B", "individuals", S, MANY,
    seg("ENT", "entity", R, "1R 2R:2J 3R:34,EI,II 4R"),
    loop("2100B", "persons", S, MANY, seg("NM1", "name", R, "1R:DO,EY,IL,QE 2R:1 3 4 5 6 7 8:34,EI,N 9")),
    _adjustments("2200B", "earlier_adjustments", EARLIER),
    _remittance(
        "2300B", "1R:11,9J,AZ,B7,CT,ID,IG,IK,KW 2R 4R 5",
        _adjustments("2320B", "adjustments", CURRENT),
        references="14,18,2F,38,E9,LU,ZZ",
    ),
    unit=True,
)  # fmt: skip

GUIDE = Guide(
    key="820",
    title="Premium payment",
    identifier="820",
    functional_id="RA",
    version="005010X218",
    versions=("005010X218",),
    root=loop("ST", "transaction", R, 1, *_heading(), ORGANIZATION, INDIVIDUALS, closing()),
)


# --- 005010X306 -----------------------------------------------------------------------------------------------------


def _exchange_ids() -> tuple[SegmentRule, ...]:
    """REFs of plan and employer group, told once in the heading or with each person."""
    return tuple(reference(name, code) for name, code in EXCHANGE_IDS)


def _exchange_heading() -> tuple[Part, ...]:
    return (
        *_opening(
            "005010X306",
            "1R:D,I 2R 3R:C,D 4R:ACH,BOP,CHK,FWT,NON 5:CCP,CTX?paid_through_ach 6:01,04 7 8:DA 9 10 11 "
            f"12:01,04{ACCOUNT}",
        ),
        _trace("1,3", " 3"),
        *_exchange_ids(),
        loop("1000A", "payee", R, 1, seg("N1", "name", R, "1R:PE 2R 3R:FI,XV 4R")),
        loop(
            "1000B", "payer", R, 1,
            seg("N1", "name", R, "1R:RM 2R 3R:58 4R"),
            _contacts(),
        ),
    )  # fmt: skip


# NM108 of the published example is CI where all others have C1.
PERSON = loop(
    "2100", "person", S, 1,
    seg("NM1", "name", R, "1R:IL 2R:1 3R 4 5 6 7 8R:C1,CI 9R"),
    *_exchange_ids(),
    reference("exchange_policy_id", "POL", R),
    reference("issuer_policy_id", "AZ"),
    reference("exchange_contributor_id", "4A"),
    reference("issuer_contributor_id", "23"),
    reference("exchange_dependent_id", "60"),
    reference("issuer_dependent_id", "1W"),
    reference("issuer_subscriber_id", "0F"),
)  # fmt: skip

REMITTANCE = loop(
    "2300", "remittances", R, MANY,
    seg("RMR", "remittance", R, "1R:ZZ 2R 4R 5"),
    seg("REF", "document_numbers", S, "1R:0N 2R 3", MANY),
    _period(R),
)  # fmt: skip

EXCHANGE = Guide(
    key="820-exchange",
    title="Health insurance exchange: payments",
    identifier="820",
    functional_id="RA",
    version="005010X306",
    versions=("005010X306",),
    root=loop(
        "ST", "transaction", R, 1,
        *_exchange_heading(),
        loop("2000", "enrollments", R, MANY, seg("ENT", "entity", R, "1R"), PERSON, REMITTANCE, unit=True),
        closing(),
    ),
)  # fmt: skip
