"""837P, the professional claim: 005010X222 with its addenda A1 and A2, which differ in nothing that a table tells."""

from superbill.x12.guides import claim_parts as part
from superbill.x12.guides.claim_levels import billing_providers, claim_guide, subscribers
from superbill.x12.guides.lines_837p import LINES, ambulance_certifications, ambulance_transport, drop_off, pick_up
from superbill.x12.rules import R, S, seg

VERSIONS = ("005010X222A1", "005010X222A2", "005010X222")

_INSURANCE = f" 5:{part.INSURANCE_TYPES}?medicare_pays_second"
_CAUSES = "AA,EM,OA"
_SIGHT = "L1,L2,L3,L4,L5"
_REFERRAL = "AV,NU,S2,ST"

_CLAIM = seg(
    "CLM", "claim", R,
    "1R<20 2R 5R 5.1R 5.2R:B 5.3R 6R:N,Y 7R:A,B,C 8R:N,W,Y 9R:I,Y 10:P "
    f"11 11.1R:{_CAUSES} 11.2:{_CAUSES} 11.4?car_accident_was_in_us_or_canada 11.5 "
    f"12:02,03,05,09 20:{part.DELAY_REASONS}",
)  # fmt: skip

_DATES = (
    part.day("onset_date", "431"),
    part.day("initial_treatment_date", "454"),
    part.day("last_seen_date", "304"),
    part.day("acute_manifestation_date", "453", when="manipulated_condition_is_acute"),
    part.day("accident_date", "439", when="claim_has_accident"),
    part.day("last_menstrual_period_date", "484"),
    part.day("last_xray_date", "455"),
    part.day("vision_prescription_date", "471"),
    part.day_or_range("disability_dates", "314,360,361"),
    part.day("last_worked_date", "297"),
    part.day("return_to_work_date", "296"),
    part.day("admission_date", "435", when="place_is_inpatient"),
    part.day("discharge_date", "096"),
    part.day("care_dates", "090,091", repeat=2),
    part.day("first_contact_date", "444"),
    part.day("repricer_received_date", "050"),
)

_REFERENCES = (
    part.reference("service_authorization_exception", "4N", number=f"2R:{part.EXCEPTIONS}"),
    part.reference("medicare_crossover", "F5", number="2R:N,Y"),
    part.reference("mammography_certification", "EW"),
    part.reference("referral_number", "9F"),
    part.reference("prior_authorization", "G1"),
    part.reference("payer_claim_control_number", "F8", when="claim_replaces_another"),
    part.reference("clia_number", "X4", when="line_bills_waived_test"),
    part.reference("repriced_claim_number", "9A"),
    part.reference("adjusted_repriced_claim_number", "9C"),
    part.reference("investigational_device_exemption", "LX"),
    part.reference("intermediary_claim_number", "D9", number="2R<20"),
    part.reference("medical_record_number", "EA"),
    part.reference("demonstration_project", "P4"),
    part.reference("care_plan_oversight", "1J", when="line_bills_care_plan_oversight"),
)

_CONDITIONS = (
    part.file_information(),
    part.notes("claim_note", "ADD,CER,DCP,DGN,TPO"),
    ambulance_transport("place_is_ambulance"),
    seg("CR2", "spinal_manipulation", S, "8R:A,C,D,E,F,G,M 10 11"),
    ambulance_certifications(),
    seg(
        "CRC", "vision_conditions", S,
        f"1R:E1,E2,E3 2R:N,Y 3R:{_SIGHT} 4:{_SIGHT} 5:{_SIGHT} 6:{_SIGHT} 7:{_SIGHT}", 3,
    ),
    seg("CRC", "homebound", S, "1R:75 2R:Y 3R:IH"),
    seg("CRC", "epsdt_referral", S, f"1R:ZZ 2R:N,Y 3R:{_REFERRAL} 4:{_REFERRAL} 5:{_REFERRAL}"),
    part.codes("diagnoses", "ABK,BK", "ABF,BF", 12, R),
    part.codes("anesthesia_procedures", "BP", "BO", 2),
    part.codes("condition_codes", "BG", "BG", 12, repeat=2),
    part.pricing("", "00,01,02,03,04,05,07,08,09,10,11,12,13,14"),
)  # fmt: skip

_PROVIDERS = (
    part.provider("2310A", "referring_providers", part.person("DN,P3"), part.secondary_ids("0B,1G,G2", 3), repeat=2),
    part.provider(
        "2310B", "rendering_provider",
        part.person_or_organization("82"), part.specialty("PE"), part.secondary_ids(),
    ),
    part.provider(
        "2310C", "service_facility",
        part.organization("77"), *part.site(), part.secondary_ids("0B,G2,LU", 3), part.phone(),
    ),
    part.provider("2310D", "supervising_provider", part.person("DQ"), part.secondary_ids()),
    pick_up("2310E", "place_is_ambulance"),
    drop_off("2310F", "place_is_ambulance"),
)  # fmt: skip

_OTHER_SUBSCRIBERS = part.other_subscribers(
    part.amount("payer_paid_amount", "D", when="payer_has_adjudicated"),
    part.amount("non_covered_amount", "A8"),
    part.amount("remaining_patient_liability", "EAF"),
    part.coverage(" 4:P"),
    part.outpatient_adjudication(),
    part.other_subscriber_name(),
    part.other_payer_name(),
    part.other_payers_provider("2330C", "referring_providers", "DN,P3", "1", "0B,1G,G2", repeat=2),
    part.other_payers_provider("2330D", "rendering_provider", "82", "1,2", part.PROVIDER_IDS),
    part.other_payers_provider("2330E", "service_facility", "77", "2", "0B,G2,LU"),
    part.other_payers_provider("2330F", "supervising_provider", "DQ", "1", part.PROVIDER_IDS),
    part.other_payers_provider("2330G", "billing_provider", "85", "1,2", "G2,LU", 2),
    insurance=_INSURANCE,
)

_CLAIM_PARTS = (
    _CLAIM, *_DATES, part.paperwork(), part.contract(), part.amount("patient_paid_amount", "F5"),
    *_REFERENCES, *_CONDITIONS, *_PROVIDERS, _OTHER_SUBSCRIBERS, LINES,
)  # fmt: skip

_SUBSCRIBERS = subscribers(
    _CLAIM_PARTS,
    payer_ids=2,
    insurance=_INSURANCE,
    life=" 5:D8 6 7:01 8 9:Y",  # date of death, weight, pregnancy
    more=(part.phone(),),
)

GUIDE = claim_guide("837P", "Professional claim", VERSIONS, billing_providers(_SUBSCRIBERS))
