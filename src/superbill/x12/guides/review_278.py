"""278, the request for a review of health care services, and its answer (005010X217).

Both are transaction set 278 of the same version; BHT02 tells them apart.
"""

from superbill.x12.guides.claim_parts import address, closing, day, day_or_range, level, reference
from superbill.x12.guides.review_parts import (
    DELIVERY_PERIODS,
    EVENT_PROVIDER_ROLES,
    EVENT_PROVIDERS,
    PROVIDER_IDS,
    SERVICE_PROVIDER_ROLES,
    SERVICE_PROVIDERS,
    VERSION,
    VERTEBRAE,
    certification_dates,
    contact,
    delivery,
    dependent_name,
    diagnoses,
    event_dates,
    event_level,
    information_contact,
    message,
    opening,
    paperwork,
    provider,
    requester_ids,
    requester_specialty,
    review,
    service_lines,
    subscriber_name,
    transport_locations,
    umo_name,
)
from superbill.x12.rules import MANY, Guide, LoopRule, R, S, SegmentRule, loop, seg

RESPONSE_PURPOSE = "11"

AMBULANCE = "01,02,03,04,05,06,07,08,09,41,43,5A,60,9D"
CHIROPRACTIC = "11,12,14,24,25,27,30"
EQUIPMENT = (
    "01,02,03,04,05,06,07,08,09,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,29,30,31,32,33,35,37,38,40,41,42,"
    "43,44,45,46,58,59,60,9D,9H,9J,9K,IH,LB,SL"
)
OXYGEN = "06,16,17,25,33,37,39,5A,9J,9K,DY"
LIMITATIONS = (
    "02,03,04,05,06,11,12,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,30,31,32,35,37,39,40,41,42,43,44,45,46,5A,68,69,"
    "9E,9F,9H,AA,AL,BL,BPD,BTD,CA,CB,CNJ,CO,DY,EL,EP,HL,LB,LE,OL,PA,PW,SL,TNJ,WA,WR"
)
ACTIVITIES = "10,13,19,21,22,27,31,40,BR,CA,CB,CR,EL,EP,IH,NR,PA,PW,TR,UT,WA,WR"
MENTAL_STATUS = "01,05,07,13,20,22,23,26,33,34,5A,68,69,9E,9F,9J,9K,AG,BPD,BTD,CB,CM,DI,DP,FO,HO,LE,MC,OT,UN"
PATIENT_LOCATIONS = "A,B,C,D,E,F,G,H,L,M,O,P,R,S,T"
OXYGEN_EQUIPMENT = "A,B,C,D,E,O"
OXYGEN_DELIVERY = "A,B,C,D,E"
PROGNOSES = "1,2,3,4,5,6,7,8"
HOME_HEALTH = "1,2,3,4,5,6,I,R,S"


def _asks(bht: list[str]) -> bool:
    """Whether a 278 of this version is a request: all that is no response."""
    return not _answers(bht)


def _answers(bht: list[str]) -> bool:
    """Whether a 278 of this version is a response."""
    return bht[2:3] == [RESPONSE_PURPOSE]


# --- the request ----------------------------------------------------------------------------------------------------


def _condition(name: str, category: str, codes: str) -> SegmentRule:
    """CRC: up to five conditions of one category that the patient meets, or does not."""
    more = " ".join(f"{at}:{codes}" for at in range(4, 8))
    return seg("CRC", name, S, f"1R:{category} 2R:N,Y 3R:{codes} {more}")


def _previous_review() -> tuple[SegmentRule, SegmentRule]:
    """REFs of the review that this one appeals, extends, renews, revises or cancels."""
    return (
        reference("previous_authorization_number", "BB", when="previous_review_is_unnamed"),
        reference("previous_administrative_number", "NT"),
    )


REQUESTED_SERVICE = loop(
    "2000F", "services", S, MANY,
    *event_level("SS", "0", "1", 2),
    review("HS,SC", S, ""),
    reference("previous_authorization_number", "BB"),
    reference("previous_administrative_number", "NT"),
    day_or_range("service_date", "472"),
    *service_lines(" 7 7.1R 7.2 7.3 7.4", " 9:1,2,3,4,5,6,7,8", " 7"),
    delivery(),
    paperwork("AA,BM,EL,EM,FX,VO"),
    message(),
    provider("2010F", "service_providers", 10, f"1T,{SERVICE_PROVIDERS}", PROVIDER_IDS, 8, SERVICE_PROVIDER_ROLES),
)  # fmt: skip

OTHER_UMO = loop(
    "2010EC", "other_umos", S, 3,
    seg("NM1", "name", R, "1R:00,CA,GG 2R:2 3"),
    seg("REF", "denial_reason", R, "1R:ZZ 2R 4 4.1R:ZZ 4.2R 4.3:ZZ 4.4 4.5:ZZ 4.6"),
    day("denial_date", "598", R),
)  # fmt: skip


def _requested_event(usage: str, when: str = "") -> LoopRule:
    """Loop 2000E: what the patient is to be admitted, referred or treated for."""
    return loop(
        "2000E", "patient_event", usage, 1,
        *event_level("EV", "0,1", "1", 2),
        review(
            "AR,HS,IN,SC", R, "R",
            " 5 5.1R:AA,AP,EM 5.2:AP,EM 5.3:AP 5.4 5.5 6:03,E,U 7:1,2,3,4,5,6,7,8,9,E,F,G,P "
            f"8:{PROGNOSES} 9:M,Y 10:1,2,3,4,7,8,10,11,15,16,17",
        ),
        *_previous_review(),
        *event_dates("patient_is_admitted"),
        diagnoses(),
        delivery(),
        _condition("ambulance_conditions", "07", AMBULANCE),
        _condition("chiropractic_conditions", "08", CHIROPRACTIC),
        _condition("equipment_conditions", "09", EQUIPMENT),
        _condition("oxygen_conditions", "11", OXYGEN),
        _condition("functional_limitations", "75", LIMITATIONS),
        _condition("activities_permitted", "76", ACTIVITIES),
        _condition("mental_status", "77", MENTAL_STATUS),
        seg("CL1", "institutional_codes", S, "1 2 3 4:1,2,3,4,5,6,7,8,9"),
        seg("CR1", "ambulance_transport", S, "1:KG,LB 2 3R:I,R,T,X 4:A,B,C,D,E,F 5:DH,DK 6 9 10"),
        seg("CR2", "spinal_manipulation", S, f"1 2 3:{VERTEBRAE} 4:{VERTEBRAE} 8R:A,C,D,E,F,G,M 9R:N,Y 10 11 12:N,Y"),
        seg(
            "CR5", "home_oxygen", S,
            f"3R:{OXYGEN_EQUIPMENT} 4:{OXYGEN_EQUIPMENT} 5 6R 7 8 9 10 11 12:E,N,O,R,S,W,X 13:1,2,3 14:1,2,3 "
            f"15:1,2,3 16 17R:{OXYGEN_DELIVERY} 18:{OXYGEN_EQUIPMENT}",
        ),
        seg(
            "CR6", "home_health", S,
            f"1R:{PROGNOSES} 2R 3:RD8 4 7R:W 8R:{HOME_HEALTH} 9 10:HC,ID 11 12 13 14 15:RD8 16 17:{PATIENT_LOCATIONS}",
        ),
        paperwork("AA,BM,EL,EM,FX,VO"),
        message(),
        provider("2010EA", "event_providers", 14, EVENT_PROVIDERS, PROVIDER_IDS, 7, EVENT_PROVIDER_ROLES),
        transport_locations("2010EB", "3"),
        OTHER_UMO,
        REQUESTED_SERVICE,
        when=when,
    )  # fmt: skip


REQUESTED_SUBSCRIBER = loop(
    "2000C", "subscriber", R, 1,
    level("22", "1"),
    subscriber_name(),
    loop("2000D", "dependent", S, 1, level("23", "1"), dependent_name(""), _requested_event(R)),
    _requested_event(S, "!review_is_about_subscriber"),
    unit=True,
)  # fmt: skip

REQUESTER = loop(
    "2000B", "requester", R, 1,
    level("21", "1"),
    loop(
        "2010B", "requester_name", R, 1,
        seg("NM1", "name", R, "1R:1P,2B,36,FA,PR 2R:1,2 3 4 5 7 8R:24,34,46,XV,XX 9R"),
        requester_ids(),
        *address(S),
        contact(),
        requester_specialty(),
    ),
    REQUESTED_SUBSCRIBER,
)  # fmt: skip

REQUEST = Guide(
    key="278-request", title="Services review request",
    identifier="278", functional_id="HI", version=VERSION, versions=(VERSION,), tells=_asks,
    root=loop(
        "ST", "transaction", R, 1,
        *opening("01,13,36", " 6:RU"),
        loop("2000A", "umo", R, 1, level("20", "1", parent=""), umo_name(), REQUESTER),
        closing(),
    ),
)  # fmt: skip


# --- the response ---------------------------------------------------------------------------------------------------


def _validations(reasons: str, follow_ups: str = "C,N", valid: str = "N") -> SegmentRule:
    """AAA: why the request could not be reviewed, and what to do about it."""
    return seg("AAA", "validations", S, f"1R:{valid} 3R:{reasons} 4R:{follow_ups}", 9)


PROVIDER_REJECTIONS = _validations("15,33,35,41,43,44,45,46,47,49,51,52,79,97,IP")


def _decision(actions: str, when: str = "") -> SegmentRule:
    """HCR: what was decided, with the number of a certification and the reasons of a refusal."""
    return seg("HCR", "decision", S, f"1R:{actions} 2?service_is_certified 3?service_is_refused 4:N,Y", when=when)


def _loincs() -> SegmentRule:
    """HI: up to twelve LOINC codes of the information that is asked for."""
    more = " ".join(f"{at} {at}.1R:LOI {at}.2R" for at in range(2, 13))
    return seg("HI", "requested_information", S, f"1R 1.1R:LOI 1.2R {more}")


REVIEWED_SERVICE = loop(
    "2000F", "services", S, MANY,
    *event_level("SS", "0", "1,2", 3),
    _validations("15,33,52,57,60,61,62,AA,AG,T5"),
    review("HS,SC", S, ""),
    _decision("A1,A3,A4,A6,C,CT,NA"),
    reference("administrative_number", "NT"),
    reference("previous_authorization_number", "BB"),
    day_or_range("service_date", "472"),
    *certification_dates(),
    _loincs(),
    *service_lines("", "", ""),
    delivery(f"{DELIVERY_PERIODS},29"),
    paperwork("BM,EL,EM,FX,VO"),
    message(),
    provider(
        "2010FA", "service_providers", 12, SERVICE_PROVIDERS, f"{PROVIDER_IDS},G5", 8, SERVICE_PROVIDER_ROLES,
        PROVIDER_REJECTIONS,
    ),
    information_contact("2010FB"),
)  # fmt: skip

REVIEWED_EVENT = loop(
    "2000E", "patient_events", S, MANY,
    *event_level("EV", "0,1", "1,2", 3),
    _validations("15,33,52,56,57,60,61,62,AA,AF,AH,AI,AJ,AK,AM,AN,T5"),
    review("AR,HS,IN,SC", R, "R", " 6:03,E,U"),
    _decision("A1,A2,A3,A4,A6,C,CT,NA", "event_is_decided_as_whole"),
    reference("administrative_number", "NT"),
    reference("previous_authorization_number", "BB"),
    *event_dates(),
    *certification_dates(),
    diagnoses(",LOI"),
    delivery(),
    seg("CL1", "institutional_codes", S, "1 2 3"),
    seg("CR1", "ambulance_transport", S, "3R:I,R,T,X 5:DH,DK 6"),
    seg("CR2", "spinal_manipulation", S, f"1 2 3:{VERTEBRAE} 4:{VERTEBRAE}"),
    seg(
        "CR5", "home_oxygen", S,
        f"3:{OXYGEN_EQUIPMENT} 4:{OXYGEN_EQUIPMENT} 6R 7 8 9 16 17R:{OXYGEN_DELIVERY} 18:{OXYGEN_EQUIPMENT}",
    ),
    seg("CR6", "home_health", S, f"1R:{PROGNOSES} 2R 3:RD8 4 7R:W 8R:{HOME_HEALTH}"),
    paperwork("BM,EL,EM,FX,VO"),
    message(),
    provider(
        "2010EA", "event_providers", 14, EVENT_PROVIDERS, PROVIDER_IDS, 7, EVENT_PROVIDER_ROLES, PROVIDER_REJECTIONS,
    ),
    information_contact("2010EB"),
    transport_locations("2010EC", "3R", _validations("15,33,47,97")),
    REVIEWED_SERVICE,
)  # fmt: skip

REVIEWED_SUBSCRIBER = loop(
    "2000C", "subscriber", S, 1,
    level("22", "0,1"),
    subscriber_name(_validations("58,64,65,66,67,68,71,72,73,74,75,76,77,78,79,95")),
    loop(
        "2000D", "dependent", S, 1,
        level("23", "0,1"),
        dependent_name(" 8:II,MI 9", _validations("15,33,58,64,65,66,67,68,71,77,95")),
        REVIEWED_EVENT,
    ),
    REVIEWED_EVENT,
    unit=True,
)  # fmt: skip

ANSWERED_REQUESTER = loop(
    "2000B", "requester", S, 1,
    level("21", "0,1"),
    loop(
        "2010B", "requester_names", R, 2,
        seg("NM1", "name", R, "1R:1P,FA 2R:1,2 3 4 5 7 8R:24,34,46,XX 9R"),
        requester_ids(),
        _validations("15,35,41,43,44,45,46,47,49,51,79,97", "C,N,R"),
        requester_specialty(),
    ),
    REVIEWED_SUBSCRIBER,
)  # fmt: skip

RESPONSE = Guide(
    key="278-response", title="Services review response",
    identifier="278", functional_id="HI", version=VERSION, versions=(VERSION,), tells=_answers,
    root=loop(
        "ST", "transaction", R, 1,
        *opening(RESPONSE_PURPOSE, " 6R:18,19,AT,RU"),
        loop(
            "2000A", "umo", R, 1,
            level("20", "0,1", parent=""),
            _validations("04,41,42,79", "C,N,P,Y", "N,Y"),
            umo_name(contact(), _validations("42,79,80,T4", "N,P,Y")),
            ANSWERED_REQUESTER,
        ),
        closing(),
    ),
)  # fmt: skip
