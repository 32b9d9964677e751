"""What the request for a services review and its answer (278) share: the parties, the patient event, the services."""

from superbill.x12.guides.claim_parts import address, day, day_or_range, level, reference
from superbill.x12.rules import LoopRule, Part, R, S, SegmentRule, loop, seg

VERSION = "005010X217"

UMOS = "2B,36,PR,X3"
REQUESTER_IDS = "1G,1J,EI,G5,N5,N7,SY,ZH"
REQUESTER_ROLES = "AD,AS,AT,CO,CV,OP,OR,OT,PC,PE,RF"
SUBSCRIBER_IDS = "1L,3L,6P,DP,EJ,F6,HJ,IG,N6,NQ,SY"
DEPENDENT_IDS = "EJ,SY"
EVENT_PROVIDERS = "71,72,73,77,AAJ,DD,DK,DN,FA,G3,P3,QB,QV,SJ"
EVENT_PROVIDER_ROLES = "AD,AS,AT,OP,OR,OT,PC,PE,RF"
SERVICE_PROVIDERS = "72,73,77,DD,DK,DQ,FA,G3,P3,QB,QV,SJ"
SERVICE_PROVIDER_ROLES = "AS,OP,OR,OT,PC,PE"
PROVIDER_IDS = "0B,1G,1J,EI,N5,N7,SY,ZH"
CERTIFICATIONS = "1,2,3,4,I,N,R,S"
SERVICE_TYPES = (
    "1,2,3,4,5,6,7,8,11,12,14,15,16,17,18,20,21,23,24,25,26,27,28,33,35,36,37,38,39,40,42,44,45,46,54,56,61,62,63,64,65,"
    "66,67,68,69,70,71,72,73,74,75,76,77,78,79,80,82,83,84,85,86,87,88,93,A4,A6,A9,AD,AE,AF,AG,AH,AI,AJ,AK,AL,AR,B1,BB,"
    "BC,BD,BE,BF,BG,BL,BN,BP,BQ,BS,BY,BZ,C1,CQ,GY,IC,MH,NI,ON,PT,PU,RN,RT,TC,TN"
)
DELIVERY_PERIODS = "6,7,21,26,27,34,35"
DELIVERY_PATTERNS = "1,2,3,4,5,6,7,8,9,A,B,C,D,E,F,G,H,J,K,L,M,N,O,P,Q,R,S,SA,SB,SC,SD,SG,SL,SP,SX,SY,SZ,T,U,V,W,X,Y"
VERTEBRAE = "C1,C2,C3,C4,C5,C6,C7,CO,IL,L1,L2,L3,L4,L5,OC,SA,T1,T2,T3,T4,T5,T6,T7,T8,T9,T10,T11,T12"
REPORTS = (
    "03,04,05,06,07,08,09,10,11,13,15,21,48,55,59,77,A3,A4,AM,AS,AT,B2,B3,BR,BS,BT,CB,CK,D2,DA,DB,DG,DJ,DS,FM,HC,HR,I5,"
    "IR,LA,M1,NN,OB,OC,OD,OE,OX,P4,P5,P6,P7,PE,PN,PO,PQ,PY,PZ,QC,QR,RB,RR,RT,RX,SG,V5,XP"
)


# --- the parties ----------------------------------------------------------------------------------------------------


def opening(purposes: str, kind: str) -> tuple[SegmentRule, SegmentRule]:
    """ST and BHT. `kind`: what the guide says of BHT06."""
    return (
        seg("ST", "header", R, f"1R:278 2R 3R:{VERSION}"),
        seg("BHT", "beginning", R, f"1R:0007 2R:{purposes} 3R 4R 5R{kind}"),
    )


def umo_name(*more: Part) -> LoopRule:
    """Loop 2010A: the utilization management organization, which reviews."""
    opener = seg("NM1", "name", R, f"1R:{UMOS} 2R:1,2 3 4 5 7 8R:24,34,46,PI,XV 9R")
    return loop("2010A", "umo_name", R, 1, opener, *more)


def contact(name: str = "contact", more: str = "EM,EX,FX,TE,UR") -> SegmentRule:
    """PER: a name and up to three numbers."""
    return seg("PER", name, S, f"1R:IC 2 3:EM,FX,TE,UR 4 5:{more} 6 7:{more} 8")


def requester_ids() -> SegmentRule:
    """REFs of the requester."""
    return reference("supplemental_ids", REQUESTER_IDS, S, 8)


def requester_specialty() -> SegmentRule:
    """PRV of the requester: its role, perhaps with its taxonomy code."""
    return seg("PRV", "provider_information", S, f"1R:{REQUESTER_ROLES} 2:PXC 3")


def subscriber_name(*validations: SegmentRule) -> LoopRule:
    """Loop 2010C."""
    return loop(
        "2010C", "subscriber_name", R, 1,
        seg("NM1", "name", R, "1R:IL 2R:1 3 4 5 6 7 8R:II,MI 9R"),
        reference("supplemental_ids", SUBSCRIBER_IDS, S, 9),
        *address(S),
        *validations,
        seg("DMG", "demographics", S, "1R:D8 2R 3:F,M,U"),
        seg("INS", "relationship", S, "1R:Y 2R:18 8R:AO,AU,DI,PV,RU"),
    )  # fmt: skip


def dependent_name(number: str, *validations: SegmentRule) -> LoopRule:
    """Loop 2010D. `number`: what the guide says of NM108 and NM109."""
    return loop(
        "2010D", "dependent_name", R, 1,
        seg("NM1", "name", R, f"1R:QC 2R:1 3 4 5 7{number}"),
        reference("supplemental_ids", DEPENDENT_IDS, S, 3),
        *address(S),
        *validations,
        seg("DMG", "demographics", S, "1R:D8 2R 3:F,M,U"),
        seg("INS", "relationship", S, "1R:N 2R:01,19,G8 17"),
    )  # fmt: skip


def provider(
    id: str, name: str, repeat: int, who: str, ids: str, id_repeat: int, roles: str, *validations: SegmentRule
) -> LoopRule:
    """Loop 2010EA or 2010F: a provider of the patient event or of one service."""
    return loop(
        id, name, S, repeat,
        seg("NM1", "name", R, f"1R:{who} 2R:1,2 3 4 5 6 7 8:24,34,46,XX 9"),
        reference("supplemental_ids", ids, S, id_repeat, "2R 3"),
        *address(S),
        contact(),
        *validations,
        seg("PRV", "provider_information", S, f"1R:{roles} 2R:PXC 3R"),
    )  # fmt: skip


def transport_locations(id: str, last: str, *validations: SegmentRule) -> LoopRule:
    """Loop 2010EB of the request, 2010EC of the response: where a transport starts, stops and ends."""
    return loop(
        id, "transport_locations", S, 5,
        seg("NM1", "name", R, f"1R:45,FS,ND,PW,R3 2R:2 {last}"),
        seg("N3", "address", R, "1R 2"),
        seg("N4", "city_state_zip", R, "1 2 3"),
        *validations,
    )  # fmt: skip


def information_contact(id: str) -> LoopRule:
    """Loop 2010EB or 2010FB of the response: who takes the additional information."""
    return loop(
        id, "additional_information_contact", S, 1,
        seg("NM1", "name", R, "1R:L5 2R:1,2 3 4 5 7 8:24,34,46,PI,XV,XX 9"),
        *address(S),
        contact(),
    )  # fmt: skip


# --- the patient event and its services -----------------------------------------------------------------------------


def event_level(code: str, children: str, kinds: str, traces: int) -> tuple[SegmentRule, SegmentRule]:
    """HL of a patient event (EV) or a service (SS), and the numbers by which it is traced."""
    return level(code, children), seg("TRN", "trace_numbers", S, f"1R:{kinds} 2R 3R 4", traces)


def review(categories: str, usage: str, certification: str, more: str = "") -> SegmentRule:
    """UM: what is to be reviewed. `more`: the elements from the related causes on."""
    return seg(
        "UM", "review", usage,
        f"1R:{categories} 2{certification}:{CERTIFICATIONS} 3:{SERVICE_TYPES} 4 4.1R 4.2R:A,B{more}",
    )  # fmt: skip


def event_dates(admitted: str = "") -> tuple[SegmentRule, ...]:
    """DTPs of a patient event. `admitted`: the condition under which it is told when the patient is admitted."""
    return (
        day("accident_date", "439"),
        day("last_menstrual_period_date", "484"),
        day("estimated_birth_date", "ABC"),
        day("onset_date", "431"),
        day_or_range("event_date", "AAH"),
        day_or_range("admission_date", "435", when=admitted),
        day("discharge_date", "096"),
    )


def certification_dates() -> tuple[SegmentRule, ...]:
    """DTPs of a decision: when it was made, and for how long it holds."""
    return (
        day("certification_issue_date", "102"),
        day("certification_expiration_date", "036"),
        day_or_range("certification_effective_date", "007"),
    )


def diagnoses(more: str = "") -> SegmentRule:
    """HI: up to twelve diagnoses, each perhaps with its date. `more`: further lists than those of diagnoses."""
    lists = ("ABF,ABJ,ABK,APR,BF,BJ,BK,DR,PR", "ABF,ABJ,APR,BF,BJ,DR,PR", *("ABF,APR,BF,DR,PR",) * 10)
    each = (f"{at} {at}.1R:{codes}{more} {at}.2R {at}.3:D8 {at}.4" for at, codes in enumerate(lists, 1))
    return seg("HI", "diagnoses", S, " ".join(each).replace("1 1.1R", "1R 1.1R", 1))


def delivery(periods: str = DELIVERY_PERIODS) -> SegmentRule:
    """HSD: how many visits, days or units, how often and for how long."""
    return seg(
        "HSD", "delivery", S,
        f"1:DY,FL,HS,MN,VS 2 3:DA,MO,WK 4 5:{periods} 6 7:{DELIVERY_PATTERNS} 8:A,B,C,D,E,F,G,Y",
    )  # fmt: skip


def paperwork(transmissions: str) -> SegmentRule:
    """PWK: what is sent beside the review, or asked for, and how."""
    return seg(
        "PWK",
        "additional_information",
        S,
        f"1R:{REPORTS} 2R:{transmissions} 5:AC?report_is_sent 6?report_is_sent 7",
        10,
    )


def message() -> SegmentRule:
    """MSG."""
    return seg("MSG", "message", S, "1R")


def _procedure(position: int, lists: str, usage: str) -> str:
    """The usage of a composite procedure: list, code, modifiers, description, end of a range."""
    more = " ".join(f"{position}.{part}" for part in range(3, 9))
    return f"{position}{usage} {position}.1R:{lists} {position}.2R {more}"


def service_lines(pointers: str, residence: str, description: str) -> tuple[SegmentRule, ...]:
    """SV1, SV2, SV3 and TOO: the service that is reviewed. Only a request has something in the three parameters."""
    surfaces = " ".join(f"3.{at}{'R' if at == 1 else ''}:B,D,F,I,L,M,O" for at in range(1, 6))
    care = "1,2,3,4,5,6,7,8"
    return (
        seg(
            "SV1", "professional_service", S,
            f"{_procedure(1, 'HC,IV,N4,WK', 'R')} 2 3:F2,MJ,UN 4{pointers} 11:N,Y 20:{care}",
        ),
        seg(
            "SV2", "institutional_service", S,
            f"1 {_procedure(2, 'HC,ID,IV,N4,WK,ZZ', '')} 3 4:DA,F2,UN 5 6{residence} 10:{care}",
        ),
        seg(
            "SV3", "dental_service", S,
            f"{_procedure(1, 'AD', 'R')} 2 4 4.1R 4.2 4.3 4.4 4.5 5:I,R 6R{description}",
        ),
        seg("TOO", "teeth", S, f"1R:JP 2R 3 {surfaces}", 32),
    )  # fmt: skip
