"""837I of version 4010 (004010X096A1): the institutional claim."""

from superbill.x12.guides.v4010.levels import billing_providers, claim_guide, contacts, subscribers
from superbill.x12.guides.v4010.lines_837i import LINE, LINE_PROVIDER_IDS
from superbill.x12.guides.v4010.parts import (
    DELAYS,
    MEMBER_IDS,
    PRICING,
    REJECTIONS,
    RELATIONSHIPS,
    address,
    adjustments,
    amount,
    card_holder,
    codes,
    conditions,
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

BILLING_IDS = "0B,1A,1B,1C,1D,1G,1H,1J,B3,BQ,EI,FH,G2,G5,LU,SY,X5"
FACILITY_IDS = "0B,1A,1B,1C,1D,1G,1H,1J,EI,FH,G2,G5,LU,N5,X5"
OTHER_IDS = "1A,1B,1C,1D,1G,1H,EI,G2,LU,N5"
FILING = "09,10,11,12,13,14,15,16,AM,BL,CH,CI,DS,HM,LI,LM,MA,MB,MC,OF,TV,VA,WC,ZZ"
REPORTS = "AS,B2,B3,B4,CT,DA,DG,DS,EB,MT,NN,OB,OZ,PN,PO,PZ,RB,RR,RT"
_NOTES = "ALG,DCP,DGN,DME,MED,NTR,ODT,RHB,RLH,RNH,SET,SFM,SPT,UPI"
_HOME_HEALTH = (
    "1R:1,2,3,4,5,6,7,8 2R 3:RD8 4 5R 6R:N,U,Y 7R:N,Y 8R:I,R,S 9 10:HC,ID 11 12 13 14 15:RD8 16 "
    "17R:A,B,C,D,E,F,G,H,L,M,O,R,S,T 18 19 20 21"
)
_ON_DAY = " {}.3:D8 {}.4"


def _references() -> tuple[SegmentRule, ...]:
    return (
        reference("repriced_claim_number", "9A"),
        reference("adjusted_repriced_claim_number", "9C"),
        reference("intermediary_claim_number", "D9"),
        reference("document_identification_codes", "DD", 2),
        reference("payer_claim_control_number", "F8"),
        reference("investigational_device_exemption", "LX"),
        seg("REF", "service_authorization_exception", S, "1R:4N 2R:1,2,3,4,5,6,7"),
        reference("peer_review_approval", "G4"),
        reference("prior_authorizations_or_referrals", "9F,G1", 2),
        reference("medical_record_number", "EA"),
        reference("demonstration_project", "P4"),
    )


def _home_health() -> tuple[SegmentRule, ...]:
    return (
        seg("CR6", "home_health", S, _HOME_HEALTH),
        conditions("functional_limitations", "75", "AA,AL,BL,CO,DY,EL,HL,LB,OL,PA,SL", repeat=3),
        conditions("activities_permitted", "76", "BR,CA,CB,CR,EP,IH,NR,PW,TR,UT,WA,WR", repeat=3),
        conditions("mental_statuses", "77", "AG,CM,DI,DP,FO,LE,MC,OT", repeat=2),
    )


def _health_codes() -> tuple[SegmentRule, ...]:
    """The HI segments: diagnoses, procedures, and the codes of the UB."""
    return (
        seg("HI", "principal_diagnosis", S, "1R 1.1R:BK 1.2R 2 2.1R:BJ,ZZ 2.2R 3 3.1R:BN 3.2R"),
        seg("HI", "diagnosis_related_group", S, "1R 1.1R:DR 1.2R"),
        codes("other_diagnoses", "BF"),
        seg("HI", "principal_procedure", S, "1R 1.1R:BP,BR 1.2R 1.3:D8 1.4"),
        codes("other_procedures", "BO,BQ", each=_ON_DAY),
        codes("occurrence_spans", "BI", each=" {}.3R:RD8 {}.4R"),
        codes("occurrences", "BH", each=" {}.3R:D8 {}.4R"),
        codes("value_codes", "BE", each=" {}.5R"),
        codes("condition_codes", "BG"),
        codes("treatment_codes", "TC"),
    )


def _providers() -> tuple[LoopRule, ...]:
    return (
        loop("2310A", "attending_provider", S, 1,
             provider_name("71"), specialty("AT,SU"), secondary_ids(LINE_PROVIDER_IDS)),
        loop("2310B", "operating_physician", S, 1,
             provider_name("72", "1", names="3R 4R 5 7"), specialty("OP"), secondary_ids(LINE_PROVIDER_IDS)),
        loop("2310C", "other_provider", S, 1,
             provider_name("73"), specialty("OT,PE"), secondary_ids(LINE_PROVIDER_IDS)),
        loop("2310E", "service_facility", S, 1,
             provider_name("FA", "2", S, "3R"), specialty("RP"), *address(), secondary_ids(FACILITY_IDS)),
    )  # fmt: skip


def _other_payers() -> tuple[LoopRule, ...]:
    """Loops 2330A to 2330H."""
    return (
        loop("2330A", "other_subscriber_name", R, 1,
             seg("NM1", "name", R, "1R:IL 2R:1,2 3R 4 5 7 8R:MI,ZZ 9R"), *address(S), secondary_ids(MEMBER_IDS, 3)),
        loop("2330B", "other_payer_name", R, 1,
             payer_name(), *address(S), on_day("check_date", "573"), secondary_ids("2U,F8,FY,NF,TJ", 2),
             reference("prior_authorization_or_referral", "9F,G1")),
        other_patient("1W,IG,SY", "EI,MI"),
        known_by_ids("2330D", "attending_provider", 1, "71", "1,2", OTHER_IDS),
        known_by_ids("2330E", "operating_physician", 1, "72", "1", OTHER_IDS),
        known_by_ids("2330F", "other_provider", 1, "73", "1,2", f"{OTHER_IDS},SY"),
        known_by_ids("2330H", "service_facility", 1, "FA", "2", "1B,1C,1D,EI,G2,LU,N5"),
    )  # fmt: skip


OTHER_SUBSCRIBER = loop(
    "2320", "other_subscribers", S, 10,
    seg("SBR", "subscriber_information", R, f"1R:P,S,T 2R:{RELATIONSHIPS},18 3 4 9:{FILING}"),
    adjustments(5),
    amount("payer_paid_amount", "C4"), amount("allowed_amount", "B6"), amount("submitted_charges_amount", "T3"),
    amount("drg_outlier_amount", "ZZ"), amount("medicare_paid_amount", "N1"),
    amount("medicare_paid_at_100_percent_amount", "KF"), amount("medicare_paid_at_80_percent_amount", "PG"),
    amount("medicare_a_trust_fund_amount", "AA"), amount("medicare_b_trust_fund_amount", "B1"),
    amount("non_covered_amount", "A8"), amount("denied_amount", "YT"),
    demographics(),
    seg("OI", "coverage", R, "3R:N,Y 6R:A,I,M,N,O,Y"),
    seg("MIA", "inpatient_adjudication", S, f"1R {numbered(2, 24)}"),
    seg("MOA", "outpatient_adjudication", S, numbered(1, 9)),
    *_other_payers(),
)  # fmt: skip

CLAIM = loop(
    "2300", "claims", S, 100,
    seg("CLM", "claim", R,
        f"1R 2R 5R 5.1R 5.2R:A 5.3R 6R:N,Y 7:A,C 8R:N,Y 9R:A,I,M,N,O,Y 18R:N,Y 20:{DELAYS}"),
    seg("DTP", "discharge_hour", S, "1R:096 2R:TM 3R"),
    seg("DTP", "statement_dates", R, "1R:434 2R:D8,RD8 3R"),
    seg("DTP", "admission_date", S, "1R:435 2R:DT 3R"),
    seg("CL1", "institutional_claim", S, "1 2 3"),
    seg("PWK", "supplemental_information", S, f"1R:{REPORTS} 2R:AA,BM,EL,EM,FX 5:AC 6 7", 10),
    seg("CN1", "contract", S, "1R:01,02,03,04,05,06,09 2 3 4 5 6"),
    amount("payer_estimated_amount_due", "C5"), amount("patient_estimated_amount_due", "F3"),
    amount("patient_paid_amount", "F5"), amount("card_maximum_amount", "MA"),
    *_references(),
    seg("K3", "file_information", S, "1R", 10),
    seg("NTE", "claim_notes", S, f"1R:{_NOTES} 2R", 10),
    seg("NTE", "billing_note", S, "1R:ADD 2R"),
    *_home_health(), *_health_codes(),
    seg("QTY", "quantities", S, "1R:CA,CD,LA,NA 2R 3R 3.1R:DA", 4),
    seg("HCP", "pricing", S, f"1R:{PRICING},06 2R {numbered(3, 8)} 9:HC 10 11:DA,UN 12 {REJECTIONS}"),
    home_health_plan(delivery(12, "7,35")), *_providers(), OTHER_SUBSCRIBER, LINE, unit=True,
)  # fmt: skip

GUIDE = claim_guide(
    "837I-4010", "Institutional claim, version 4010", "X096",
    billing_providers(
        subscribers(
            CLAIM,
            f"1R:P,S,T 2:18 3 4 9:{FILING}",
            (card_holder("2010BB"), payer("2010BC"), responsible_party("2010BD")),
            f"1R:{RELATIONSHIPS}",
        ),
        BILLING_IDS, 8, "2", (contacts(),),
    ),
    "004010X096,004010X096A1,004010X096D,004010X096DA1",
)  # fmt: skip
