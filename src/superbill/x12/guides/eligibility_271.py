"""271, the answer to an inquiry about eligibility and benefits (005010X279A1)."""

from superbill.x12.guides.claim_parts import address, closing, level, reference
from superbill.x12.guides.eligibility_parts import (
    PATIENT_PROVIDER_ROLES,
    SERVICE_TYPES,
    VERSION,
    VERSIONS,
    dates,
    demographics,
    dependent_name,
    diagnoses,
    opening,
    pointers,
    procedure,
    receiver_ids,
    receiver_name,
    source_level,
    source_name,
    specialty,
    subscriber_name,
    traces,
)
from superbill.x12.rules import MANY, Guide, LoopRule, Part, R, S, SegmentRule, loop, seg

SUBSCRIBER_IDS = "18,1L,1W,3H,49,6P,CE,CT,EA,EJ,F6,GH,HJ,IF,IG,N6,NQ,Q4,SY,Y4"
DEPENDENT_IDS = "18,1L,1W,49,6P,CE,CT,EA,EJ,F6,GH,HJ,IF,IG,MRC,N6,NQ,Q4,SY,Y4"
BENEFIT_IDS = "18,1L,1W,49,6P,9F,ALS,CLI,F6,FO,G1,IG,M7,N6,NQ"
PERSON_DATES = "096,102,152,291,307,318,340,341,342,343,346,347,356,357,382,435,442,458,472,539,540,636,771"
BENEFIT_DATES = "096,193,194,198,290,291,292,295,304,307,318,346,348,349,356,357,435,472,636,771"
BENEFITS = "1,2,3,4,5,6,7,8,A,B,C,CB,D,E,F,G,H,I,J,K,L,M,MC,N,O,P,Q,R,S,T,U,V,W,X,Y"
INSURANCES = (
    "12,13,14,15,16,41,42,43,47,AP,C1,CO,CP,D,DB,EP,FF,GP,HM,HN,HS,IN,IP,LC,LD,LI,LT,MA,MB,MC,MH,MI,MP,OT,PE,PL,PP,PR,"
    "PS,QM,RP,SP,TF,WC,WU"
)
PERIODS = "6,7,13,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35,36"
DELIVERY_PERIODS = "6,7,21,22,23,24,25,26,27,28,29,30,31,32,33,34,35"
QUANTITIES = "8H,99,CA,CE,D3,DB,DY,HS,LA,LE,M2,MN,P6,QA,S7,S8,VS,YY"
DELIVERY_PATTERNS = "1,2,3,4,5,6,7,8,9,A,B,C,D,E,F,G,H,J,K,L,M,N,O,P,Q,R,S,SG,SL,SP,SX,SY,SZ,T,U,V,W,X,Y"
RELATED_ENTITIES = "13,1I,1P,2B,36,73,FA,GP,GW,I3,IL,LR,OC,P3,P4,P5,PR,PRP,SEP,TTP,VER,VN,VY,X3,Y2"
RELATED_IDS = "24,34,46,FA,FI,II,MI,NI,PI,PP,SV,XV,XX"
RELATIONSHIPS = "01,19,20,21,39,40,53,G8"
BRANCHES = "A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,Q,R,S,U,W"
EMPLOYMENTS = "AE,AO,AS,AT,AU,CC,DD,HD,IR,LX,PE,RE,RM,RR,RU"
RANKS = (
    "A1,A2,A3,B1,B2,C1,C2,C3,C4,C5,C6,C7,C8,C9,E1,F1,F2,F3,F4,G1,G4,L1,L2,L3,L4,L5,L6,M1,M2,M3,M4,M5,M6,P1,P2,P3,P4,P5,"
    "R1,R2,S1,S2,S3,S4,S5,S6,S7,S8,S9,SA,SB,SC,T1,V1,W1"
)

SOURCE_REJECTIONS = "04,41,42,79"
SOURCE_NAME_REJECTIONS = "04,41,42,79,80,T4"
RECEIVER_REJECTIONS = "15,41,43,44,45,46,47,48,50,51,79,97,T4"
PERSON_REJECTIONS = "15,35,42,43,45,47,48,49,51,52,56,57,58,60,61,62,63,71"
BENEFIT_REJECTIONS = "15,33,52,53,54,55,56,57,60,61,62,63,69,70,98,AA,AE,AF,AG,AO,CI,E8,IA,MA"


def _validations(reasons: str, follow_ups: str) -> SegmentRule:
    """AAA: why the inquiry could not be answered from here on, and what to do about it."""
    return seg("AAA", "validations", S, f"1R:N,Y 3R:{reasons} 4R:{follow_ups}", 9)


def _contacts(kinds: str) -> SegmentRule:
    """PER: whom to ask, by up to three numbers of the given kinds."""
    more = f"ED,EM,EX,{kinds}"
    return seg("PER", "contacts", S, f"1R:IC 2 3:ED,EM,{kinds} 4 5:{more} 6 7:{more} 8", 3)


def _military() -> SegmentRule:
    """MPI: the person's service in the armed forces."""
    return seg("MPI", "military_service", S, f"1R:A,C,L,O,P,S,T 2R:{EMPLOYMENTS} 3R:{BRANCHES} 4 5:{RANKS} 6:D8,RD8 7")


def _related_entity(id: str) -> LoopRule:
    """Loop 2120: another payer, a provider, the administrator … of a benefit."""
    return loop(
        id, "related_entities", S, 23,
        seg("NM1", "name", R, f"1R:{RELATED_ENTITIES} 2R:1,2 3 4 5 7 8:{RELATED_IDS} 9 10:01,02,27,41,48,65,72"),
        seg("N3", "address", S, "1R 2"),
        seg("N4", "city_state_zip", S, "1R 2!address_is_in_us_or_canada 3?address_is_in_us_or_canada 4 5:RJ 6 7"),
        _contacts("FX,TE,UR,WP"),
        specialty(),
    )  # fmt: skip


def _benefit(letter: str, levels: str) -> LoopRule:
    """Loop 2110: one statement about coverage or a benefit."""
    return loop(
        f"2110{letter}", "benefits", S, MANY,
        seg(
            "EB", "benefit", R,
            f"1R:{BENEFITS} 2:{levels} 3:{SERVICE_TYPES} 4:{INSURANCES} 5 6:{PERIODS} 7 8 9:{QUANTITIES} 10 11:N,U,Y "
            f"12:N,U,W,Y {procedure(13, ' 13.8')} {pointers(14)}",
        ),
        seg(
            "HSD", "deliveries", S,
            f"1:DY,FL,HS,MN,VS 2 3:DA,MO,VS,WK,YR 4 5:{DELIVERY_PERIODS} 6 7:{DELIVERY_PATTERNS} 8:A,B,C,D,E,F,G,Y", 9,
        ),
        reference("additional_ids", BENEFIT_IDS, S, 9, "2R 3"),
        dates("dates", BENEFIT_DATES, 20),
        _validations(BENEFIT_REJECTIONS, "C,N,R,W,X,Y"),
        seg("MSG", "messages", S, "1R", 10),
        loop(f"2115{letter}", "additional_information", S, 10, seg("III", "information", R, "1:GR,NI,ZZ 2 3:44 4")),
        seg("LS", "related_entities_start", S, "1R:2120", when="!has_related_entities"),
        _related_entity(f"2120{letter}"),
        seg("LE", "related_entities_end", S, "1R:2120", when="!has_related_entities"),
    )  # fmt: skip


def _person(name: SegmentRule, ids: str, rejections: str, insured: str) -> tuple[Part, ...]:
    """What loop 2100 tells of a subscriber or dependent ahead of the benefits."""
    return (
        name,
        reference("additional_ids", ids, S, 9, "2R 3"),
        *address(S),
        _validations(rejections, "C,N,R,S,W,X,Y"),
        specialty(PATIENT_PROVIDER_ROLES),
        demographics("F,M,U"),
        seg("INS", "relationship", S, f"{insured} 3:001?change_is_explained 4:25?change_is_flagged 17"),
        diagnoses(),
        dates("dates", PERSON_DATES, 9),
        _military(),
    )


DEPENDENT = loop(
    "2000D", "dependents", S, MANY,
    level("23", "0"),
    traces("1,2", 3),
    loop(
        "2100D", "dependent_name", R, 1,
        *_person(
            dependent_name("3?inquiry_was_answered"),
            DEPENDENT_IDS, f"{PERSON_REJECTIONS},64,65,66,67,68,77", f"1R:N 2R:{RELATIONSHIPS}",
        ),
        _benefit("D", "CHD,DEP,ECH,ESP,FAM,IND,SPC,SPO"),
    ),
)  # fmt: skip

SUBSCRIBER = loop(
    "2000C", "subscribers", S, MANY,
    level("22", "0,1"),
    traces("1,2", 3),
    loop(
        "2100C", "subscriber_name", R, 1,
        *_person(
            subscriber_name("3?inquiry_was_answered"),
            SUBSCRIBER_IDS, f"{PERSON_REJECTIONS},72,73,74,75,76,78", "1R:Y 2R:18",
        ),
        _benefit("C", "CHD,DEP,ECH,EMP,ESP,FAM,IND,SPC,SPO"),
    ),
    DEPENDENT,
    unit=True,
)  # fmt: skip

RECEIVER = loop(
    "2000B", "information_receivers", S, MANY,
    level("21", "0,1"),
    loop(
        "2100B", "information_receiver_name", R, 1,
        receiver_name("3"),
        receiver_ids(),
        *address(S),
        _validations(RECEIVER_REJECTIONS, "C,N,R,S,W,X,Y"),
        specialty(),
    ),
    SUBSCRIBER,
)  # fmt: skip

SOURCE = loop(
    "2000A", "information_sources", R, MANY,
    source_level("0,1"),
    _validations(SOURCE_REJECTIONS, "C,N,P,R,S,Y"),
    loop(
        "2100A", "information_source_name", R, 1,
        source_name(),
        _contacts("FX,TE,UR"),
        _validations(SOURCE_NAME_REJECTIONS, "C,N,P,R,S,W,X,Y"),
    ),
    RECEIVER,
)  # fmt: skip

GUIDE = Guide(
    key="271", title="Eligibility and benefit response",
    identifier="271", functional_id="HB", version=VERSION, versions=VERSIONS,
    root=loop("ST", "transaction", R, 1, *opening("271", "06,11"), SOURCE, closing()),
)  # fmt: skip
