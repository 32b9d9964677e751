"""837D of version 4010 (004010X097A1): the dental claim."""

from superbill.x12.guides.v4010.levels import billing_providers, claim_guide, subscribers
from superbill.x12.guides.v4010.parts import (
    DELAYS,
    MEMBER_IDS,
    address,
    adjudications,
    adjustments,
    amount,
    card_holder,
    contact,
    demographics,
    known_by_ids,
    on_day,
    other_patient,
    payer,
    payer_name,
    prior_authorization,
    provider_name,
    reference,
    secondary_ids,
    specialty,
)
from superbill.x12.rules import LoopRule, R, S, SegmentRule, loop, seg

DENTIST_IDS = "0B,1A,1B,1C,1D,1E,1H,EI,G2,G5,LU,SY,TJ"
FACILITY_IDS = "0B,1A,1B,1C,1D,1G,1H,G2,LU,TJ,X4,X5"
FILING = "09,11,12,13,14,15,16,17,BL,CH,CI,DS,FI,HM,LM,MB,MC,MH,OF,SA,VA,WC,ZZ"
CAVITIES = "00,01,02,09,10,20,30,40,L,R"
SURFACES = "B,D,F,I,L,M,O"


def _providers() -> tuple[LoopRule, ...]:
    return (
        loop("2310A", "referring_providers", S, 2,
             provider_name("DN,P3", id_usage=S), specialty("RF"), secondary_ids(DENTIST_IDS)),
        loop("2310B", "rendering_provider", S, 1, provider_name("82"), specialty("PE"), secondary_ids(DENTIST_IDS)),
        loop("2310C", "service_facility", S, 1, provider_name("FA", "2", names="3R"), secondary_ids(FACILITY_IDS)),
        loop("2310D", "assistant_surgeon", S, 1, provider_name("DD"), specialty("AS"), secondary_ids(DENTIST_IDS, 1)),
    )  # fmt: skip


OTHER_SUBSCRIBER = loop(
    "2320", "other_subscribers", S, 10,
    seg("SBR", "subscriber_information", R, f"1R:P,S,T 2R:01,18,19,20,21,22,29,76 3 4 9:{FILING}"),
    adjustments(5),
    amount("payer_paid_amount", "D"), amount("approved_amount", "AAE"), amount("allowed_amount", "B6"),
    amount("patient_responsibility_amount", "F2"), amount("covered_amount", "AU"), amount("discount_amount", "D8"),
    amount("patient_paid_amount", "F5"),
    demographics(),
    seg("OI", "coverage", R, "3R:N,Y 6R:N,Y"),
    loop("2330A", "other_subscriber_name", R, 1,
         seg("NM1", "name", R, "1R:IL 2R:1,2 3R 4 5 7 8R:24,MI,ZZ 9R"), *address(S), secondary_ids(MEMBER_IDS, 3)),
    loop("2330B", "other_payer_name", R, 1,
         payer_name(), contact("contacts", S, 2), on_day("check_date", "573"),
         secondary_ids("2U,D8,F8,FY,NF,TJ", 3), reference("prior_authorizations_or_referrals", "9F,G1", 2),
         reference("claim_adjustment_indicator", "T4")),
    other_patient(),
    known_by_ids("2330D", "referring_provider", 1, "DN,P3", "1,2", DENTIST_IDS, S),
    known_by_ids("2330E", "rendering_provider", 1, "82", "1,2", DENTIST_IDS, S),
)  # fmt: skip


def _service() -> tuple[SegmentRule, ...]:
    cavities = f"4 4.1R:{CAVITIES} " + " ".join(f"4.{at}:{CAVITIES}" for at in range(2, 6))
    surfaces = f"3 3.1R:{SURFACES} " + " ".join(f"3.{at}:{SURFACES}" for at in range(2, 6))
    return (
        seg("SV3", "service", R, f"1R 1.1R:AD 1.2R 1.3 1.4 1.5 1.6 2R 3 {cavities} 5:I,R 6R"),
        seg("TOO", "teeth", S, f"1R:JP 2 {surfaces}", 32),
    )


LINE = loop(
    "2400", "lines", R, 50,
    seg("LX", "line_number", R, "1R"),
    *_service(),
    on_day("service_date", "472"),
    on_day("prior_placement_date", "441"),
    on_day("appliance_placement_date", "452"),
    on_day("replacement_date", "446"),
    seg("QTY", "anesthesia_quantities", S, "1R:BF,EM,HM,HO,HP,P3,P4,P5,SG 2R", 5),
    reference("predetermination_number", "G3"),
    reference("prior_authorizations_or_referrals", "9F,G1", 2),
    reference("line_item_control_number", "6R"),
    amount("approved_amount", "AAE"), amount("sales_tax", "T"),
    seg("NTE", "line_notes", S, "1R 2R", 10),
    loop("2420A", "rendering_provider", S, 1, provider_name("82"), specialty("PE"), secondary_ids(DENTIST_IDS)),
    prior_authorization("2420B", 1),
    loop("2420C", "assistant_surgeon", S, 1,
         provider_name("DD"), specialty("AS"), secondary_ids("0B,1A,1B,1C,1D,1E,1H,EI,G2,LU,TJ,X4,X5", 1)),
    adjudications("3R 3.1R:AD,ZZ 3.2R 3.3 3.4 3.5 3.6 3.7 5R 6"),
)  # fmt: skip

_ACCIDENTS = "AA,EM,OA"

CLAIM = loop(
    "2300", "claims", S, 100,
    seg("CLM", "claim", R,
        f"1R 2R 5R 5.1R 5.3R 6R:N,Y 7:A,C,P 8R:N,Y 9R:N,Y 11 11.1R:{_ACCIDENTS} 11.2:{_ACCIDENTS} "
        f"11.3:{_ACCIDENTS} 11.4 11.5 12:01,02,03,05 19:PB 20:{DELAYS}"),
    on_day("admission_date", "435"), on_day("discharge_date", "096"), on_day("referral_date", "330"),
    on_day("accident_date", "439"), on_day("appliance_placement_dates", "452", 5),
    seg("DTP", "service_date", S, "1R:472 2R:D8,RD8 3R"),
    seg("DN1", "orthodontic_treatment", S, "1 2 3:Y"),
    seg("DN2", "tooth_statuses", S, "1R 2R:E,I,M", 35),
    seg("PWK", "supplemental_information", S, "1R:B4,DA,DG,EB,OB,OZ,P6,RB,RR 2R:AA,BM,EL,EM,FX 5:AC 6", 10),
    amount("patient_paid_amount", "F5"), amount("card_maximum_amount", "MA"),
    reference("predetermination_numbers", "G3", 5),
    seg("REF", "service_authorization_exception", S, "1R:4N 2R:1,2,3,4,5,6,7"),
    reference("payer_claim_control_number", "F8"),
    reference("prior_authorizations_or_referrals", "9F,G1", 2),
    reference("intermediary_claim_number", "D9"),
    seg("NTE", "claim_notes", S, "1R:ADD 2R", 20),
    *_providers(), OTHER_SUBSCRIBER, LINE, unit=True,
)  # fmt: skip

GUIDE = claim_guide(
    "837D-4010", "Dental claim, version 4010", "X097",
    billing_providers(
        subscribers(
            CLAIM,
            f"1R:P,S,T 2:18 3 4 6R:1,6 9:{FILING}",
            (payer(), card_holder("2010BC", "BB", 3)),
            "1R:01,19,20,22,29,41,53,76 4:F,N,P",
        ),
        DENTIST_IDS,
    ),
)  # fmt: skip
