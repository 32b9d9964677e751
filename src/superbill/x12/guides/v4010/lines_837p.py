"""Loop 2400 of the professional claim of version 4010."""

from superbill.x12.guides.v4010.parts import (
    AMBULANCE,
    FACILITY_IDS,
    PERSON_IDS,
    PRICING,
    PURCHASED_IDS,
    REJECTIONS,
    address,
    adjudications,
    ambulance,
    amount,
    conditions,
    contact,
    delivery,
    drugs,
    numbered,
    on_day,
    prior_authorization,
    provider_name,
    reference,
    secondary_ids,
    specialty,
)
from superbill.x12.rules import LoopRule, R, S, SegmentRule, loop, seg

_POINTERS = "1,2,3,4,5,6,7,8"
_TESTS = "1R:OG,TR 2R:GRA,HT,R1,R2,R3,R4,ZO 3R"


def _dates() -> tuple[SegmentRule, ...]:
    return (
        seg("DTP", "service_date", R, "1R:472 2R:D8,RD8 3R"),
        on_day("certification_revision_date", "607"),
        on_day("begin_therapy_date", "463"),
        on_day("last_certification_date", "461"),
        on_day("last_seen_date", "304"),
        on_day("test_dates", "738,739", 2),
        on_day("oxygen_test_dates", "119,480,481", 3),
        on_day("shipped_date", "011"),
        on_day("onset_date", "431"),
        on_day("last_xray_date", "455"),
        on_day("acute_manifestation_date", "453"),
        on_day("initial_treatment_date", "454"),
        on_day("similar_illness_date", "438"),
    )


def _references() -> tuple[SegmentRule, ...]:
    return (
        reference("repriced_line_number", "9B"),
        reference("adjusted_repriced_line_number", "9D"),
        reference("prior_authorizations_or_referrals", "9F,G1", 2),
        reference("line_item_control_number", "6R"),
        reference("mammography_certification", "EW"),
        reference("clia_number", "X4"),
        reference("referring_clia_number", "F4"),
        reference("immunization_batch_number", "BT"),
        reference("ambulatory_patient_groups", "1S", 4),
        reference("oxygen_flow_rate", "TP"),
        reference("universal_product_number", "OZ,VP"),
    )


def _providers() -> tuple[LoopRule, ...]:
    one = "3R 4R 5 7"
    return (
        loop("2420A", "rendering_provider", S, 1, provider_name("82"), specialty("PE"), secondary_ids(PERSON_IDS)),
        loop("2420B", "purchased_service_provider", S, 1,
             provider_name("QB", id_usage=S, names=""), secondary_ids(PURCHASED_IDS)),
        loop("2420C", "service_facility", S, 1,
             provider_name("77,FA,LI,TL", "2", S, "3"), *address(), secondary_ids(FACILITY_IDS)),
        loop("2420D", "supervising_provider", S, 1, provider_name("DQ", "1", S, one), secondary_ids(PERSON_IDS)),
        loop("2420E", "ordering_provider", S, 1,
             provider_name("DK", "1", S, one), *address(S), secondary_ids(PERSON_IDS),
             contact("contact", S, 1, "EM,FX,TE")),
        loop("2420F", "referring_providers", S, 2,
             provider_name("DN,P3", "1", S, one), specialty("RF"), secondary_ids(PERSON_IDS)),
        prior_authorization("2420G"),
    )  # fmt: skip


LINE = loop(
    "2400", "lines", R, 50,
    seg("LX", "line_number", R, "1R"),
    seg("SV1", "service", R,
        f"1R 1.1R:HC,IV,N4,ZZ 1.2R 1.3 1.4 1.5 1.6 2R 3R:F2,MJ,UN 4R 5 7 7.1R:{_POINTERS} 7.2:{_POINTERS} "
        f"7.3:{_POINTERS} 7.4:{_POINTERS} 9:Y 11:Y 12:Y 15:0"),
    seg("SV5", "durable_medical_equipment", S, "1R 1.1R:HC 1.2R 2R:DA 3R 4 5 6:1,4,6"),
    seg("PWK", "medical_necessity_certificate", S, "1R:CT 2R:AB,AD,AF,AG,NS"),
    ambulance(),
    seg("CR2", "spinal_manipulations", S, "8R:A,C,D,E,F,G,M 10 11 12:N,Y", 5),
    seg("CR3", "equipment_certification", S, "1R:I,R,S 2R:MO 3R"),
    seg("CR5", "home_oxygen_therapy", S, "1R:I,R,S 2R 10 11 12R:E,R,S 13:1 14:2 15:3"),
    conditions("ambulance_certifications", "07", AMBULANCE, repeat=3),
    seg("CRC", "hospice_employee", S, "1R:70 2R:N,Y 3R:65"),
    conditions("equipment_conditions", "09,11", "37,38,AL,P1,ZV", repeat=2),
    *_dates(),
    seg("MEA", "test_results", S, _TESTS, 20),
    seg("CN1", "contract", S, "1R:01,02,03,04,05,06,09 2 3 4 5 6"),
    *_references(),
    amount("sales_tax", "T"), amount("approved_amount", "AAE"), amount("postage_claimed", "F4"),
    seg("K3", "file_information", S, "1R", 10),
    seg("NTE", "line_note", S, "1R:ADD,DCP,PMT,TPO 2R"),
    seg("PS1", "purchased_service", S, "1R 2R"),
    delivery(1, "7,34,35"),
    seg("HCP", "pricing", S, f"1R:{PRICING},06 2R {numbered(3, 7)} 9:HC,IV,ZZ 10 11:DA,UN 12 {REJECTIONS}"),
    drugs(), *_providers(),
    adjudications("3R 3.1R:HC,IV,ZZ 3.2R 3.3 3.4 3.5 3.6 3.7 5R 6"),
    loop("2440", "forms", S, 5,
         seg("LQ", "form", R, "1R:AS,UT 2R"),
         seg("FRM", "answers", R, "1R 2:N,W,Y 3 4 5", 99)),
)  # fmt: skip
