"""837P of version 4010 (004010X098A1): the professional claim."""

from superbill.x12.guides.v4010.levels import billing_providers, claim_guide, contacts, subscribers
from superbill.x12.guides.v4010.lines_837p import LINE
from superbill.x12.guides.v4010.parts import (
    AMBULANCE,
    DELAYS,
    FACILITY_IDS,
    MEMBER_IDS,
    PERSON_IDS,
    PRICING,
    PURCHASED_IDS,
    REJECTIONS,
    RELATIONSHIPS,
    address,
    adjustments,
    ambulance,
    amount,
    card_holder,
    conditions,
    contact,
    delivery,
    demographics,
    home_health_plan,
    known_by_ids,
    numbered,
    on_day,
    other_patient,
    payer,
    payer_name,
    provider_name,
    reference,
    responsible_party,
    secondary_ids,
    specialty,
)
from superbill.x12.rules import LoopRule, R, S, SegmentRule, loop, seg

BILLING_IDS = "0B,1A,1B,1C,1D,1G,1H,1J,B3,BQ,EI,FH,G2,G5,LU,SY,U3,X5"
FILING = "09,10,11,12,13,14,15,16,AM,BL,CH,CI,DS,HM,LI,LM,MB,MC,OF,TV,VA,WC,ZZ"
_PERSONAL = "1B,1C,1D,EI,G2"
_RELEASES = "A,I,M,N,O,Y"
_ACCIDENTS = "AA,AP,EM,OA"
_PATIENT = "5:D8 6 7:01 8 9:Y"


def _dates() -> tuple[SegmentRule, ...]:
    return (
        on_day("initial_treatment_date", "454"),
        on_day("last_seen_date", "304"),
        on_day("onset_date", "431"),
        on_day("acute_manifestation_dates", "453", 5),
        on_day("similar_illness_dates", "438", 10),
        seg("DTP", "accident_dates", S, "1R:439 2R:D8,DT 3R", 10),
        on_day("last_menstrual_period_date", "484"),
        on_day("last_xray_date", "455"),
        on_day("vision_prescription_date", "471"),
        on_day("disability_begin_dates", "360", 5),
        on_day("disability_end_dates", "361", 5),
        on_day("last_worked_date", "297"),
        on_day("return_to_work_date", "296"),
        on_day("admission_date", "435"),
        on_day("discharge_date", "096"),
        on_day("care_dates", "090,091", 2),
    )


def _references() -> tuple[SegmentRule, ...]:
    return (
        seg("REF", "service_authorization_exception", S, "1R:4N 2R:1,2,3,4,5,6,7"),
        seg("REF", "medicare_crossover", S, "1R:F5 2R:N,Y"),
        reference("mammography_certification", "EW"),
        reference("prior_authorizations_or_referrals", "9F,G1", 2),
        reference("payer_claim_control_number", "F8"),
        reference("clia_numbers", "X4", 3),
        reference("repriced_claim_number", "9A"),
        reference("adjusted_repriced_claim_number", "9C"),
        reference("investigational_device_exemption", "LX"),
        reference("intermediary_claim_number", "D9"),
        reference("ambulatory_patient_groups", "1S", 4),
        reference("medical_record_number", "EA"),
        reference("demonstration_project", "P4"),
    )


def _details() -> tuple[SegmentRule, ...]:
    """From the note to the pricing of the claim."""
    return (
        seg("K3", "file_information", S, "1R", 10),
        seg("NTE", "claim_note", S, "1R:ADD,CER,DCP,DGN,PMT,TPO 2R"),
        ambulance(),
        seg("CR2", "spinal_manipulation", S, "8R:A,C,D,E,F,G,M 10 11 12:N,Y"),
        conditions("ambulance_certifications", "07", AMBULANCE, 7, 3),
        conditions("vision_conditions", "E1,E2,E3", "L1,L2,L3,L4,L5", 7, 3),
        seg("CRC", "homebound", S, "1R:75 2R:Y 3R:IH"),
        conditions("epsdt_referral", "ZZ", "AV,NU,S2,ST", 5),
        seg("HI", "diagnoses", S,
            "1R 1.1R:BK 1.2R " + " ".join(f"{at} {at}.1R:BF {at}.2R" for at in range(2, 9))),
        seg("HCP", "pricing", S, f"1R:{PRICING} 2R {numbered(3, 7)} {REJECTIONS}"),
    )  # fmt: skip


def _providers() -> tuple[LoopRule, ...]:
    return (
        loop("2310A", "referring_providers", S, 2,
             provider_name("DN,P3", id_usage=S), specialty("RF"), secondary_ids(PERSON_IDS)),
        loop("2310B", "rendering_provider", S, 1, provider_name("82"), specialty("PE"), secondary_ids(PERSON_IDS)),
        loop("2310C", "purchased_service_provider", S, 1,
             provider_name("QB", id_usage=S, names="3R 4 5"), secondary_ids(PURCHASED_IDS)),
        loop("2310D", "service_facility", S, 1,
             provider_name("77,FA,LI,TL", "2", S, "3"), *address(), secondary_ids(FACILITY_IDS)),
        loop("2310E", "supervising_provider", S, 1,
             provider_name("DQ", "1", S, "3R 4R 5 7"), secondary_ids(PERSON_IDS)),
    )  # fmt: skip


def _other_payers() -> tuple[LoopRule, ...]:
    """Loops 2330A to 2330H."""
    return (
        loop("2330A", "other_subscriber_name", R, 1,
             seg("NM1", "name", R, "1R:IL 2R:1,2 3R 4 5 7 8R:MI,ZZ 9R"),
             *address(S, "1 2 3 4"), secondary_ids(MEMBER_IDS, 3)),
        loop("2330B", "other_payer_name", R, 1,
             payer_name(), contact("contacts", S, 2), on_day("check_date", "573"),
             secondary_ids("2U,F8,FY,NF,TJ", 2), reference("prior_authorizations_or_referrals", "9F,G1", 2),
             seg("REF", "claim_adjustment_indicators", S, "1R:T4 2R:Y", 2)),
        other_patient(),
        known_by_ids("2330D", "referring_providers", 2, "DN,P3", "1,2", f"{_PERSONAL},LU,N5"),
        known_by_ids("2330E", "rendering_provider", 1, "82", "1,2", f"{_PERSONAL},LU,N5"),
        known_by_ids("2330F", "purchased_service_provider", 1, "QB", "1,2", f"1A,{_PERSONAL},LU,N5"),
        known_by_ids("2330G", "service_facility", 1, "77,FA,LI,TL", "2", "1A,1B,1C,1D,G2,LU,N5"),
        known_by_ids("2330H", "supervising_provider", 1, "DQ", "1", f"{_PERSONAL},N5"),
    )  # fmt: skip


OTHER_SUBSCRIBER = loop(
    "2320", "other_subscribers", S, 10,
    seg("SBR", "subscriber_information", R,
        f"1R:P,S,T 2R:{RELATIONSHIPS},18 3 4 5R:AP,C1,CP,GP,HM,IP,LD,LT,MB,MC,MI,MP,OT,PP,SP 9:{FILING}"),
    adjustments(5),
    amount("payer_paid_amount", "D"), amount("approved_amount", "AAE"), amount("allowed_amount", "B6"),
    amount("patient_responsibility_amount", "F2"), amount("covered_amount", "AU"), amount("discount_amount", "D8"),
    amount("per_day_limit_amount", "DY"), amount("patient_paid_amount", "F5"), amount("tax_amount", "T"),
    amount("total_before_taxes_amount", "T2"),
    demographics(),
    seg("OI", "coverage", R, f"3R:N,Y 4:B,C,M,P,S 6R:{_RELEASES}"),
    seg("MOA", "outpatient_adjudication", S, numbered(1, 9)),
    *_other_payers(),
)  # fmt: skip

CLAIM = loop(
    "2300", "claims", S, 100,
    seg("CLM", "claim", R,
        f"1R 2R 5R 5.1R 5.3R 6R:N,Y 7R:A,B,C,P 8R:N,Y 9R:{_RELEASES} 10:B,C,M,P,S 11 11.1R:{_ACCIDENTS} "
        f"11.2:{_ACCIDENTS} 11.3:{_ACCIDENTS} 11.4 11.5 12:01,02,03,05,07,08,09 16:P 20:{DELAYS}"),
    *_dates(),
    seg("PWK", "supplemental_information", S,
        "1R:77,AS,B2,B3,B4,CT,DA,DG,DS,EB,MT,NN,OB,OZ,PN,PO,PZ,RB,RR,RT 2R:AA,BM,EL,EM,FX 5:AC 6", 10),
    seg("CN1", "contract", S, "1R:02,03,04,05,06,09 2 3 4 5 6"),
    amount("card_maximum_amount", "MA"), amount("patient_paid_amount", "F5"), amount("purchased_service_amount", "NE"),
    *_references(), *_details(), home_health_plan(delivery(3, "7,35")), *_providers(), OTHER_SUBSCRIBER, LINE,
    unit=True,
)  # fmt: skip

GUIDE = claim_guide(
    "837P-4010", "Professional claim, version 4010", "X098",
    billing_providers(
        subscribers(
            CLAIM,
            f"1R:P,S,T 2:18 3 4 5:12,13,14,15,16,41,42,43,47 9:{FILING}",
            (payer(), responsible_party("2010BC"), card_holder("2010BD")),
            f"1R:{RELATIONSHIPS},09,34 {_PATIENT}",
            own=(seg("PAT", "patient_information", S, _PATIENT),),
        ),
        BILLING_IDS, 8, contacts=(contacts(),),
    ),
    "004010X098,004010X098A1,004010X098D,004010X098DA1",
)  # fmt: skip
