"""834, who is enrolled in which benefits (005010X220A1): a sponsor tells a payer of members and their coverage.

The functions make the parts that the exchange's guide (enrollment_834_exchange.py) shares, with what differs as
parameters.
"""

from superbill.x12.guides.claim_parts import address, closing, reference
from superbill.x12.rules import MANY, Guide, LoopRule, Part, R, S, SegmentRule, loop, seg

TIME_ZONES = (
    "01,02,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,"
    "AD,AS,AT,CD,CS,CT,ED,ES,ET,GM,HD,HS,HT,LT,MD,MS,MT,ND,NS,NT,PD,PS,PT,TD,TS,TT,UT"
)
RELATIONSHIPS = (
    "01,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,23,24,25,26,31,38,53,60,D2,G8,G9"
)  # fmt: skip
REASONS = (
    "01,02,03,04,05,06,07,08,09,10,11,14,15,16,17,18,20,21,22,25,26,27,28,29,31,32,33,37,38,39,40,41,43,59,"
    "AA,AB,AC,AD,AE,AF,AG,AH,AI,AJ,AL,EC,XN,XT"
)
COBRA_EVENTS = "1,2,3,4,5,6,7,8,9,10,ZZ"
EMPLOYMENT = "AC,AO,AU,FT,L1,PT,RT,TE"
MEMBER_IDS = "17,23,3H,4A,6O,ABB,D3,DX,F6,P5,Q4,QQ,ZZ"
MEMBER_DATES = (
    "050,286,296,297,300,301,303,336,337,338,339,340,341,350,351,356,357,383,385,386,393,394,473,474"
)  # fmt: skip
MARITAL = "B,D,I,M,R,S,U,W,X"
RACES = "7,8,A,B,C,D,E,F,G,H,I,J,N,O,P,Z"
CLASSES = "01,02,03,04,05,06,07,08,09,10,11,12,17,18,19,20,21,22,23"
PAY_PERIODS = "1,2,3,4,6,7,8,9,B,C,H,Q,S,U"
POLICY_AMOUNTS = "B9,C1,D2,EBA,FK,P3,R"
RESPONSIBLE = "6Y,9K,E1,EI,EXS,GB,GD,J6,LR,QD,S1,TZ,X4"
LINES = "AG,AH,AJ,AK,DCP,DEN,EPO,FAC,HE,HLT,HMO,LTC,LTD,MM,MOD,PDG,POS,PPO,PRA,STD,UR,VIS"
COVERAGE_CHANGES = "001,002,021,024,025,026,030,032"
COVERAGE_LEVELS = "CHD,DEP,E1D,E2D,E3D,E5D,E6D,E7D,E8D,E9D,ECH,EMP,ESP,FAM,IND,SPC,SPO,TWO"
COVERAGE_DATES = "300,303,343,348,349,543,695"
COVERAGE_IDS = "17,1L,9V,CE,E8,M7,PID,RB,X9,XM,XX1,XX2,ZX,ZZ"
PROVIDERS = "1X,3D,80,FA,OD,P3,QA,QN,Y2"
PROVIDER_CHANGES = "14,22,46,AA,AB,AC,AD,AE,AF,AG,AH,AI,AJ"
SERVICES = "1,35,48,50,54,89,90,A4,AG,AL,BB"
REPORTING_IDS = "00,17,18,19,26,3L,6M,9V,9X,GE,LU,PID,XX1,XX2,YY,ZZ"

PRIVATE_NUMBERS = "AP,BN,CP,EM,EX,FX,HP,TE,WP"
WORK_NUMBERS = "AP,BN,CP,EM,EX,FX,TE"
OFFICE_NUMBERS = "EM,EX,FX,TE"


# --- small parts ----------------------------------------------------------------------------------------------------


def numbers(qualifier: str, kinds: str = PRIVATE_NUMBERS, named: str = "", repeat: int = 1) -> SegmentRule:
    """PER: up to three numbers; `named` is " 2" where the guide tells whom to ask for."""
    name = "contacts" if repeat > 1 else "contact"
    return seg("PER", name, S, f"1R:{qualifier}{named} 3R:{kinds} 4R 5:{kinds} 6 7:{kinds} 8", repeat)


def person(qualifiers: str, first: str = "4", ids: str = "34,ZZ") -> SegmentRule:
    """NM1 of a person, with a social security or agreed number."""
    return seg("NM1", "name", R, f"1R:{qualifiers} 2R:1 3R {first} 5 6 7 8:{ids} 9")


def party(id: str, name: str, qualifiers: str, ids: str, *more: Part, usage: str = R, repeat: int = 1) -> LoopRule:
    """A loop of the heading: who takes part, each with its number."""
    return loop(id, name, usage, repeat, seg("N1", "name", R, f"1R:{qualifiers} 2 3R:{ids} 4R"), *more)


def many_days(name: str, qualifiers: str, repeat: int, usage: str = S, formats: str = "D8") -> SegmentRule:
    """DTP of several kinds of dates."""
    return seg("DTP", name, usage, f"1R:{qualifiers} 2R:{formats} 3R", repeat)


def amounts(repeat: int) -> SegmentRule:
    """AMT: what is paid for the coverage or by the member, deductibles and such."""
    return seg("AMT", "policy_amounts", S, f"1R:{POLICY_AMOUNTS} 2R", repeat)


def _demographics(required: str, when: str = "") -> SegmentRule:
    """DMG; `required` is R where birth date and sex are."""
    return seg(
        "DMG", "demographics", S,
        f"1{required}:D8 2{required} 3{required}:F,M,U 4:{MARITAL} 5 5.1:{RACES} 5.2:RET 5.3 6:1,2,3,4,5,6,7 10:REC 11",
        when=when,
    )  # fmt: skip


# --- the heading ----------------------------------------------------------------------------------------------------


def opening(version: str) -> tuple[SegmentRule, ...]:
    """ST to the control totals."""
    return (
        seg("ST", "header", R, f"1R:834 2R 3R:{version}"),
        seg("BGN", "beginning", R, f"1R:00,15,22 2R<50 3R 4R 5:{TIME_ZONES} 6<50 8R:2,4,RX"),
        reference("master_policy_number", "38"),
        many_days("file_dates", "007,090,091,303,382,388", MANY),
        seg("QTY", "control_totals", S, "1R:DT,ET,TO 2R", 3),
    )


def _heading() -> tuple[Part, ...]:
    return (
        *opening("005010X220A1"),
        party("1000A", "sponsor", "P5", "24,94,FI"),
        party("1000B", "payer", "IN", "94,FI,XV"),
        party("1000C", "brokers", "BO,TV", "94,FI,XV", _broker_account(), usage=S, repeat=2),
    )


def _broker_account() -> LoopRule:
    return loop("1100C", "account", S, 1, seg("ACT", "account", R, "1R 6"))


# --- the member -----------------------------------------------------------------------------------------------------


def member_detail() -> SegmentRule:
    """INS: subscriber or dependent, and what became of the enrollment."""
    return seg(
        "INS", "detail", R,
        f"1R:N,Y 2R:{RELATIONSHIPS} 3R:001,021,024,025,030 4:{REASONS} 5R:A,C,S,T 6 6.1R:A,B,C,D,E 6.2:0,1,2 "
        f"7:{COBRA_EVENTS}?has_cobra 8:{EMPLOYMENT} 9:F,N,P 10:N,Y 11:D8 12 13:R,U 17",
    )  # fmt: skip


def member_person(*amounts_: SegmentRule) -> LoopRule:
    """Loop 2100A. NM101 is 74 where a name sent before was wrong, and loop 2100B then tells that one."""
    return loop(
        "2100A", "person", R, 1,
        person("74,IL"),
        numbers("IP"),
        seg("N3", "address", S, "1R 2"),
        seg("N4", "city_state_zip", S, "1R 2!address_is_in_us_or_canada 3?address_is_in_us_or_canada 4 5:60,CY 6 7"),
        _demographics(R, "member_is_added"),
        seg("EC", "employment_classes", S, f"1R:{CLASSES} 2:{CLASSES} 3:{CLASSES}", MANY),
        seg("ICM", "income", S, f"1R:{PAY_PERIODS} 2R 3 4 5"),
        amounts(7),
        seg("HLH", "health", S, "1R:N,S,T,U,X 2 3"),
        *amounts_,
        seg("LUI", "languages", S, "1:LD,LE 2 3 4:5,6,7,8", MANY),
    )  # fmt: skip


def incorrect_person() -> LoopRule:
    """Loop 2100B."""
    return loop("2100B", "incorrect_person", S, 1, person("70"), _demographics(""), when="name_is_corrected")


def mailing_address() -> LoopRule:
    """Loop 2100C."""
    return loop("2100C", "mailing_address", S, 1, seg("NM1", "name", R, "1R:31 2R:1"), *address())


def employers() -> LoopRule:
    """Loop 2100D."""
    return loop(
        "2100D", "employers", S, 3,
        seg("NM1", "name", R, "1R:36 2R:1,2 3 4 5 6 7 8:24,34 9"),
        numbers("EP", WORK_NUMBERS, " 2"),
        *address(S),
    )  # fmt: skip


def _schools() -> LoopRule:
    return loop(
        "2100E", "schools", S, 3,
        seg("NM1", "name", R, "1R:M8 2R:2 3R"),
        numbers("SK", OFFICE_NUMBERS, " 2"),
        *address(S),
    )  # fmt: skip


def custodial_parent(id: str) -> LoopRule:
    """The parent with whom a child lives."""
    return loop(id, "custodial_parent", S, 1, person("S3", "4R"), numbers("PQ"), *address(S))


def responsible_persons(id: str) -> LoopRule:
    """Guardians, executors, those who hold a power of attorney."""
    return loop(id, "responsible_persons", S, 13, person(RESPONSIBLE), numbers("RP"), *address(S))


def drop_off_location(id: str) -> LoopRule:
    """Where cards and letters are delivered."""
    return loop(id, "drop_off_location", S, 1, seg("NM1", "name", R, "1R:45 2R:1 3 4 5 6 7"), *address(S))


def disabilities(repeat: int = MANY) -> LoopRule:
    """Loop 2200."""
    return loop(
        "2200", "disabilities", S, repeat,
        seg("DSB", "disability", R, "1R:1,2,3,4 7:DX,ZZ 8"),
        many_days("dates", "360,361", 2),
    )  # fmt: skip


# --- coverage -------------------------------------------------------------------------------------------------------


def coverages(providers: int = 30, entities: int = 3) -> LoopRule:
    """Loop 2300, with up to `providers` loops 2310 and, in each other coverage, `entities` loops 2330."""
    return loop(
        "2300", "coverages", S, 99,
        seg("HD", "coverage", R, f"1R:{COVERAGE_CHANGES} 3R:{LINES} 4 5:{COVERAGE_LEVELS} 9:N,Y"),
        many_days("dates", COVERAGE_DATES, 6, R, "D8,RD8"),
        amounts(9),
        reference("policy_numbers", COVERAGE_IDS, repeat=14),
        reference("prior_coverage_months", "QQ"),
        seg("IDC", "id_cards", S, "1R 2R:D,H,P 3 4:1,2,RX", 3),
        _providers(providers),
        _other_coverages(entities),
    )  # fmt: skip


def _providers(repeat: int) -> LoopRule:
    return loop(
        "2310", "providers", S, repeat,
        seg("LX", "number", R, "1R"),
        seg("NM1", "name", R, f"1R:{PROVIDERS} 2R:1,2 3 4 5 6 7 8:34,FI,SV,XX 9 10R:25,26,72"),
        seg("N3", "addresses", S, "1R 2", 2),
        seg("N4", "city_state_zip", S, "1R 2!address_is_in_us_or_canada 3?address_is_in_us_or_canada 4 7"),
        numbers("IC", repeat=2),
        seg("PLA", "change", S, f"1R:2 2R:1P 3R 5R:{PROVIDER_CHANGES}"),
    )  # fmt: skip


def _other_coverages(entities: int) -> LoopRule:
    return loop(
        "2320", "other_coverages", S, 5,
        seg("COB", "coordination", R, f"1R:P,S,T,U 2 3R:1,5,6 4:{SERVICES}"),
        reference("ids", "60,6P,SY,ZZ", repeat=4),
        many_days("dates", "344,345", 2),
        loop(
            "2330", "related_entities" if entities > 1 else "related_entity", S, entities,
            seg("NM1", "name", R, "1R:36,GW,IN 2R:2 3 8:FI,NI,XV 9"),
            *address(S),
            seg("PER", "contact", S, "1R:CN 3R:TE 4R"),
        ),
    )  # fmt: skip


# --- reporting ------------------------------------------------------------------------------------------------------


def reporting(*categories: LoopRule) -> LoopRule:
    """Loop 2700, bounded by LS and LE."""
    return loop(
        "2700", "reporting", S, 1,
        seg("LS", "header", R, "1R:2700"),
        *categories,
        seg("LE", "trailer", R, "1R:2700"),
    )  # fmt: skip


def _reporting_category() -> LoopRule:
    """What a state or plan wants to know of a member, each by its name."""
    return loop(
        "2710", "categories", R, MANY,
        seg("LX", "number", R, "1R"),
        loop(
            "2750", "category", R, 1,
            seg("N1", "name", R, "1R:75 2R"),
            reference("reference", REPORTING_IDS),
            many_days("date", "007", 1, formats="D8,RD8"),
        ),
    )  # fmt: skip


MEMBER = loop(
    "2000", "members", R, MANY,
    member_detail(),
    reference("subscriber_id", "0F", R),
    reference("policy_number", "1L"),
    reference("supplemental_ids", MEMBER_IDS, repeat=13),
    many_days("dates", MEMBER_DATES, 24),
    member_person(),
    incorrect_person(),
    mailing_address(),
    employers(),
    _schools(),
    custodial_parent("2100F"),
    responsible_persons("2100G"),
    drop_off_location("2100H"),
    disabilities(),
    coverages(),
    reporting(_reporting_category()),
    unit=True,
)  # fmt: skip

GUIDE = Guide(
    key="834",
    title="Benefit enrollment and maintenance",
    identifier="834",
    functional_id="BE",
    version="005010X220A1",
    versions=("005010X220A1", "005010X220"),
    root=loop("ST", "transaction", R, 1, *_heading(), MEMBER, closing()),
)
