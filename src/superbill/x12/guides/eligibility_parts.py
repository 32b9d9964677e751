"""What the eligibility inquiry (270) and its answer (271) share: people, providers, the codes of benefits."""

from superbill.x12.guides.claim_parts import codes, level, reference
from superbill.x12.rules import R, S, SegmentRule, seg

VERSION = "005010X279A1"
VERSIONS = ("005010X279A1", "005010X279")

SOURCES = "2B,36,GP,P5,PR"
RECEIVERS = "1P,2B,36,80,FA,GP,P5,PR"
RECEIVER_IDS = "0B,1C,1D,1J,4A,CT,EL,EO,HPI,JD,N5,N7,Q4,SY,TJ"
PROVIDER_ROLES = "AD,AT,BI,CO,CV,H,HH,LA,OT,P1,P2,PC,PE,R,RF,SB,SK,SU"
PATIENT_PROVIDER_ROLES = "AD,AT,BI,CO,CV,H,HH,LA,OT,P1,P2,PC,PE,R,RF,SK,SU"
PROCEDURES = "AD,CJ,HC,ID,IV,N4,ZZ"
SERVICE_TYPES = (
    "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,30,32,33,34,35,36,37,38,39,40,41,42,"
    "43,44,45,46,47,48,49,50,51,52,53,54,55,56,57,58,59,60,61,62,63,64,65,66,67,68,69,70,71,72,73,74,75,76,77,78,79,"
    "80,81,82,83,84,85,86,87,88,89,90,91,92,93,94,95,96,97,98,99,A0,A1,A2,A3,A4,A5,A6,A7,A8,A9,AA,AB,AC,AD,AE,AF,AG,"
    "AH,AI,AJ,AK,AL,AM,AN,AO,AQ,AR,B1,B2,B3,BA,BB,BC,BD,BE,BF,BG,BH,BI,BJ,BK,BL,BM,BN,BP,BQ,BR,BS,BT,BU,BV,BW,BX,BY,"
    "BZ,C1,CA,CB,CC,CD,CE,CF,CG,CH,CI,CJ,CK,CL,CM,CN,CO,CP,CQ,DG,DM,DS,GF,GN,GY,IC,MH,NI,ON,PT,PU,RN,RT,TC,TN,UC"
)


def opening(identifier: str, purposes: str, kind: str = "") -> tuple[SegmentRule, SegmentRule]:
    """ST and BHT. `kind`: what the guide says of BHT06."""
    return (
        seg("ST", "header", R, f"1R:{identifier} 2R 3R:{','.join(VERSIONS)}"),
        seg("BHT", "beginning", R, f"1R:0022 2R:{purposes} 3 4R 5R{kind}"),
    )


def source_level(children: str) -> SegmentRule:
    """HL of an information source, which has no parent."""
    return level("20", children, parent="")


def source_name() -> SegmentRule:
    """NM1 of an information source: payer, employer, third party administrator …"""
    return seg("NM1", "name", R, f"1R:{SOURCES} 2R:1,2 3R 4 5 7 8R:24,46,FI,NI,PI,XV,XX 9R")


def receiver_name(last: str) -> SegmentRule:
    """NM1 of an information receiver: the provider, most often. `last`: the usage of its name."""
    return seg("NM1", "name", R, f"1R:{RECEIVERS} 2R:1,2 {last} 4 5 7 8R:24,34,FI,PI,PP,SV,XV,XX 9R")


def receiver_ids() -> SegmentRule:
    """REFs of an information receiver; the third element is the state of a licence."""
    return reference("additional_ids", RECEIVER_IDS, S, 9, "2R 3")


def specialty(roles: str = PROVIDER_ROLES, lists: str = "PXC") -> SegmentRule:
    """PRV: in what role a provider acts, with its taxonomy code or another number."""
    return seg("PRV", "provider_information", S, f"1R:{roles} 2:{lists} 3")


def traces(kinds: str, repeat: int) -> SegmentRule:
    """TRN: the numbers by which sender, clearinghouse and source find the inquiry again."""
    return seg("TRN", "trace_numbers", S, f"1R:{kinds} 2R 3R 4", repeat)


def subscriber_name(last: str = "3") -> SegmentRule:
    """NM1 of the subscriber, with the member number."""
    return seg("NM1", "name", R, f"1R:IL 2R:1,2 {last} 4 5 7 8:II,MI 9")


def dependent_name(last: str = "3") -> SegmentRule:
    """NM1 of a dependent."""
    return seg("NM1", "name", R, f"1R:03 2R:1 {last} 4 5 7")


def demographics(sexes: str) -> SegmentRule:
    """DMG: birth date and sex, as far as they are known."""
    return seg("DMG", "demographics", S, f"1:D8 2 3:{sexes}")


def diagnoses() -> SegmentRule:
    """HI: up to eight diagnoses, to which inquiries and benefits point."""
    return codes("diagnoses", "ABK,BK", "ABF,BF", 8)


def dates(name: str, qualifiers: str, repeat: int = 1) -> SegmentRule:
    """DTP of days or ranges."""
    return seg("DTP", name, S, f"1R:{qualifiers} 2R:D8,RD8 3R", repeat)


def procedure(position: int, more: str = "") -> str:
    """The usage of a composite procedure that may be there: list, code, four modifiers."""
    at = position
    return f"{at} {at}.1R:{PROCEDURES} {at}.2R {at}.3 {at}.4 {at}.5 {at}.6{more}"


def pointers(position: int) -> str:
    """The usage of a composite of up to four diagnosis pointers that may be there."""
    return f"{position} {position}.1R {position}.2 {position}.3 {position}.4"
