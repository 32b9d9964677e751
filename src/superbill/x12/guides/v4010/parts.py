"""Pieces that the guides of version 4010 share. Slots bear the names that the same things have in 5010."""

from superbill.x12.rules import LoopRule, R, S, SegmentRule, loop, seg

PROVIDER_ID = "24,34,XX"
RELATIONSHIPS = "01,04,05,07,10,15,17,19,20,21,22,23,24,29,32,33,36,39,40,41,43,53,G8"
GROUPS = "CO,CR,OA,PI,PR"
DELAYS = "1,2,3,4,5,6,7,8,9,10,11"
DELIVERY_PATTERNS = "1,2,3,4,5,6,7,8,9,A,B,C,D,E,F,G,H,J,K,L,N,O,S,SA,SB,SC,SD,SG,SL,SP,SX,SY,SZ,W"
PRICING = "00,01,02,03,04,05,07,08,09,10,11,12,13,14"
REJECTIONS = "13:T1,T2,T3,T4,T5,T6 14:1,2,3,4,5 15:1,2,3,4,5,6"
MEMBER_IDS = "1W,23,IG,SY"
PAYER_IDS = "2U,FY,NF,TJ"
PERSON_IDS = "0B,1B,1C,1D,1G,1H,EI,G2,LU,N5,SY,X5"
PURCHASED_IDS = "0B,1A,1B,1C,1D,1G,1H,EI,G2,LU,N5,SY,U3,X5"
FACILITY_IDS = "0B,1A,1B,1C,1D,1G,1H,G2,LU,N5,TJ,X4,X5"
AMBULANCE = "01,02,03,04,05,06,07,08,09,60"


def address(usage: str = R, place: str = "1R 2R 3R 4") -> tuple[SegmentRule, SegmentRule]:
    """N3 and N4."""
    return seg("N3", "address", usage, "1R 2"), seg("N4", "city_state_zip", usage, place)


def numbered(start: int, stop: int) -> str:
    """A run of situational elements."""
    return " ".join(map(str, range(start, stop + 1)))


def adjustments(repeat: int) -> SegmentRule:
    """CAS: a group and up to six reasons."""
    return seg("CAS", "adjustments", S, f"1R:{GROUPS} 2R 3R {numbered(4, 19)}", repeat)


def contact(name: str, usage: str, repeat: int, first: str = "ED,EM,FX,TE") -> SegmentRule:
    """PER: a person and up to three numbers."""
    more = first.replace("FX", "EX,FX")
    return seg("PER", name, usage, f"1R:IC 2R 3R:{first} 4R 5:{more} 6 7:{more} 8", repeat)


def on_day(name: str, qualifiers: str, repeat: int = 1) -> SegmentRule:
    """A DTP of one day."""
    return seg("DTP", name, S, f"1R:{qualifiers} 2R:D8 3R", repeat)


def reference(name: str, qualifiers: str, repeat: int = 1, usage: str = S) -> SegmentRule:
    """A REF of one number."""
    return seg("REF", name, usage, f"1R:{qualifiers} 2R", repeat)


def amount(name: str, qualifier: str) -> SegmentRule:
    """An AMT."""
    return seg("AMT", name, S, f"1R:{qualifier} 2R")


def conditions(name: str, category: str, codes: str, last: int = 7, repeat: int = 1) -> SegmentRule:
    """CRC: whether the conditions of a category hold, and which."""
    more = " ".join(f"{at}:{codes}" for at in range(4, last + 1))
    return seg("CRC", name, S, f"1R:{category} 2R:N,Y 3R:{codes} {more}", repeat)


def provider_name(qualifiers: str, kinds: str = "1,2", id_usage: str = R, names: str = "3R 4 5 7") -> SegmentRule:
    """NM1 of a provider: tax number, social security number or NPI."""
    mark = "R" if id_usage == R else ""
    return seg("NM1", "name", R, f"1R:{qualifiers} 2R:{kinds} {names} 8{mark}:{PROVIDER_ID} 9{mark}")


def specialty(qualifiers: str) -> SegmentRule:
    """PRV: a taxonomy code, which 4010 marks ZZ."""
    return seg("PRV", "specialty", S, f"1R:{qualifiers} 2R:ZZ 3R")


def secondary_ids(qualifiers: str, repeat: int = 5, usage: str = S) -> SegmentRule:
    """The REFs of a party."""
    return reference("secondary_ids" if repeat > 1 else "secondary_id", qualifiers, repeat, usage)


def known_by_ids(id: str, name: str, repeat: int, qualifiers: str, kinds: str, ids: str, usage: str = R) -> LoopRule:
    """A provider of another payer's claim: told by that payer's own numbers."""
    return loop(
        id, name, S, repeat, seg("NM1", "name", R, f"1R:{qualifiers} 2R:{kinds}"), secondary_ids(ids, 3, usage)
    )  # fmt: skip


def payer_name() -> SegmentRule:
    """NM1 of a payer with its payer id."""
    return seg("NM1", "name", R, "1R:PR 2R:2 3R 8R:PI,XV 9R")


def demographics(usage: str = S) -> SegmentRule:
    """DMG: birth date and sex."""
    return seg("DMG", "demographics", usage, "1R:D8 2R 3R:F,M,U")


def level(elements: str) -> SegmentRule:
    """HL."""
    return seg("HL", "level", R, elements)


def transaction_start(transmission_types: str = "") -> tuple[SegmentRule, ...]:
    """ST, BHT and the REF of 4010 that says which guide, and whether it is a test (a D in its version)."""
    codes = f":{transmission_types}" if transmission_types else ""
    return (
        seg("ST", "header", R, "1R:837 2R"),
        seg("BHT", "beginning", R, "1R:0019 2R:00,18 3R 4R 5R 6R:CH,RP"),
        seg("REF", "transmission_type", R, f"1R:87 2R{codes}"),
    )  # fmt: skip


def submitter() -> LoopRule:
    """Loop 1000A."""
    return loop(
        "1000A", "submitter", R, 1,
        seg("NM1", "name", R, "1R:41 2R:1,2 3R 4 5 8R:46 9R"),
        contact("contacts", R, 2),
    )  # fmt: skip


def receiver() -> LoopRule:
    """Loop 1000B."""
    return loop("1000B", "receiver", R, 1, seg("NM1", "name", R, "1R:40 2R:2 3R 8R:46 9R"))


def subscriber_name() -> LoopRule:
    """Loop 2010BA."""
    return loop(
        "2010BA", "subscriber_name", R, 1,
        seg("NM1", "name", R, "1R:IL 2R:1,2 3R 4 5 7 8:MI,ZZ 9"),
        *address(S),
        demographics(),
        secondary_ids(MEMBER_IDS, 4),
        reference("property_casualty_claim_number", "Y4"),
    )  # fmt: skip


def payer(id: str = "2010BB") -> LoopRule:
    """The payer that gets the claim; loop 2010BC in the institutional guide."""
    return loop(id, "payer_name", R, 1, payer_name(), *address(S), secondary_ids(PAYER_IDS, 3))


def responsible_party(id: str) -> LoopRule:
    """Who signed for the patient, where that is neither patient nor subscriber."""
    return loop(id, "responsible_party", S, 1, seg("NM1", "name", R, "1R:QD 2R:1,2 3R 4 5 7"), *address())


def card_holder(id: str, ids: str = "AB,BB", repeat: int = 2) -> LoopRule:
    """Whose credit card pays what the payer doesn't."""
    return loop(
        id, "card_holder", S, 1,
        seg("NM1", "name", R, "1R:AO 2R:1,2 3R 4 5 7 8R:MI 9R"),
        reference("card_references", ids, repeat),
    )  # fmt: skip


def patient_name() -> LoopRule:
    """Loop 2010CA."""
    return loop(
        "2010CA", "patient_name", R, 1,
        seg("NM1", "name", R, "1R:QC 2R:1 3R 4R 5 7 8:MI,ZZ 9"),
        *address(),
        demographics(R),
        secondary_ids(MEMBER_IDS, 5),
        reference("property_casualty_claim_number", "Y4"),
    )  # fmt: skip


def other_patient(ids: str = MEMBER_IDS, kinds: str = "MI") -> LoopRule:
    """Loop 2330C: the patient as another payer knows it."""
    return loop(
        "2330C", "other_payer_patient", S, 1,
        seg("NM1", "name", R, f"1R:QC 2R:1 8R:{kinds} 9R"),
        secondary_ids(ids, 3),
    )  # fmt: skip


def home_health_plan(visits: SegmentRule) -> LoopRule:
    """Loop 2305: the ordered visits of one discipline."""
    return loop(
        "2305", "home_health_plans", S, 6,
        seg("CR7", "plan", R, "1R:AI,MS,OT,PT,SN,ST 2R 3R"),
        visits,
    )  # fmt: skip


def delivery(repeat: int, periods: str) -> SegmentRule:
    """HSD: how often, how long, at which times of day or week."""
    name = "service_deliveries" if repeat > 1 else "service_delivery"
    return seg("HSD", name, S, f"1:VS 2 3:DA,MO,Q1,WK 4 5:{periods} 6 7:{DELIVERY_PATTERNS} 8:D,E,F", repeat)


def prior_authorization(id: str, repeat: int = 4) -> LoopRule:
    """The authorization or referral that another payer gave for the line."""
    return loop(
        id, "other_payer_prior_authorizations" if repeat > 1 else "other_payer_prior_authorization", S, repeat,
        payer_name(),
        reference("prior_authorizations_or_referrals", "9F,G1", 2, R),
    )  # fmt: skip


def adjudications(service: str, day: str = R) -> LoopRule:
    """Loop 2430: what an earlier payer paid for the line; `service` the usage of SVD from its third element on."""
    return loop(
        "2430", "adjudications", S, 25,
        seg("SVD", "adjudication", R, f"1R 2R {service}"),
        adjustments(99),
        seg("DTP", "check_date", day, "1R:573 2R:D8 3R"),
    )  # fmt: skip


def codes(name: str, qualifiers: str, each: str = "") -> SegmentRule:
    """HI: twice twelve codes; `each` as in claim_parts.codes."""
    places = " ".join(f"{at} {at}.1R:{qualifiers} {at}.2R" + each.replace("{}", str(at)) for at in range(1, 13))
    return seg("HI", name, S, places.replace("1 1.1R", "1R 1.1R", 1), 2)


def ambulance() -> SegmentRule:
    """CR1."""
    return seg("CR1", "ambulance_transport", S, "1:LB 2 3R:I,R,T,X 4R:A,B,C,D,E 5R:DH 6R 9 10")


def drugs(code: str = R) -> LoopRule:
    """Loop 2410."""
    return loop(
        "2410", "drugs", S, 25,
        seg("LIN", "identification", code, "2R:N4 3R"),
        seg("CTP", "quantity", S, "3R 4R 5R 5.1R:F2,GR,ML,UN"),
        reference("prescription_number", "XZ"),
    )  # fmt: skip


def trailer() -> SegmentRule:
    """SE."""
    return seg("SE", "trailer", R, "1R 2R")
