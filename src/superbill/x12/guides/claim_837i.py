"""837I, the institutional claim: 005010X223 with its addenda A1 to A3, which differ in nothing that a table tells."""

from superbill.x12.guides import claim_parts as part
from superbill.x12.guides.claim_levels import billing_providers, claim_guide, subscribers
from superbill.x12.guides.lines_837i import LINES
from superbill.x12.rules import R, S, seg

VERSIONS = ("005010X223A2", "005010X223A3", "005010X223A1", "005010X223")

_REFERRAL = "AV,NU,S2,ST"
_PRESENT = " {}.9:N,U,W,Y"
_DATED = " {}.3R:D8 {}.4R"
_SPAN = " {}.3R:RD8 {}.4R"
_AMOUNT = " {}.5R"

_CLAIM = seg(
    "CLM", "claim", R,
    f"1R<20 2R 5R 5.1R 5.2R:A 5.3R 7R:A,B,C 8R:N,W,Y 9R:I,Y 20:{part.DELAY_REASONS}",
)  # fmt: skip

_STAY = (
    seg("DTP", "discharge_hour", S, "1R:096 2R:TM 3R", when="patient_was_discharged"),
    seg("DTP", "statement_dates", R, "1R:434 2R:RD8 3R"),
    seg("DTP", "admission_date", S, "1R:435 2R:D8,DT 3R", when="bill_is_inpatient"),
    part.day("repricer_received_date", "050"),
    seg("CL1", "institutional_claim", R, "1R 2 3R"),
)

_REFERENCES = (
    part.reference("service_authorization_exception", "4N", number=f"2R:{part.EXCEPTIONS}"),
    part.reference("referral_number", "9F"),
    part.reference("prior_authorization", "G1"),
    part.reference("payer_claim_control_number", "F8", when="claim_replaces_another"),
    part.reference("repriced_claim_number", "9A"),
    part.reference("adjusted_repriced_claim_number", "9C"),
    part.reference("investigational_device_exemptions", "LX", repeat=5),
    part.reference("intermediary_claim_number", "D9", number="2R<20"),
    part.reference("auto_accident_state", "LU"),
    part.reference("medical_record_number", "EA"),
    part.reference("demonstration_project", "P4"),
    part.reference("peer_review_approval", "G4"),
)

_NOTES = (
    part.file_information(),
    part.notes("claim_notes", "ALG,DCP,DGN,DME,MED,NTR,ODT,RHB,RLH,RNH,SET,SFM,SPT,UPI", 10),
    part.notes("billing_note", "ADD"),
    seg("CRC", "epsdt_referral", S, f"1R:ZZ 2R:N,Y 3R:{_REFERRAL} 4:{_REFERRAL} 5:{_REFERRAL}"),
)

_CODES = (
    part.codes("principal_diagnosis", "ABK,BK", "", 1, R, each=_PRESENT),
    part.codes("admitting_diagnosis", "ABJ,BJ", "", 1, when="bill_is_inpatient"),
    part.codes("reasons_for_visit", "APR,PR", "APR,PR", 3, when="visit_was_unscheduled"),
    part.codes("external_causes", "ABN,BN", "ABN,BN", 12, each=_PRESENT),
    part.codes("diagnosis_related_group", "DR", "", 1),
    part.codes("other_diagnoses", "ABF,BF", "ABF,BF", 12, repeat=2, each=_PRESENT),
    part.codes("principal_procedure", "BBR,BR,CAH", "", 1, each=_DATED, when="claim_has_other_procedures"),
    part.codes("other_procedures", "BBQ,BQ", "BBQ,BQ", 12, repeat=2, each=_DATED),
    part.codes("occurrence_spans", "BI", "BI", 12, repeat=2, each=_SPAN),
    part.codes("occurrences", "BH", "BH", 12, repeat=2, each=_DATED),
    part.codes("value_codes", "BE", "BE", 12, repeat=2, each=_AMOUNT),
    part.codes("condition_codes", "BG", "BG", 12, repeat=2),
    part.codes("treatment_codes", "TC", "TC", 12, repeat=2),
    part.pricing(" 8 11:DA,UN 12"),
)

_PROVIDERS = (
    part.provider(
        "2310A", "attending_provider",
        part.person("71"), part.specialty("AT"), part.secondary_ids(),
        when="claim_has_more_than_transport",
    ),
    part.provider("2310B", "operating_physician", part.person("72"), part.secondary_ids()),
    part.provider("2310C", "other_operating_physician", part.person("ZZ"), part.secondary_ids()),
    part.provider("2310D", "rendering_provider", part.person("82"), part.secondary_ids()),
    part.provider(
        "2310E", "service_facility",
        part.organization("77"), *part.site(), part.secondary_ids("0B,G2,LU", 3),
    ),
    part.provider("2310F", "referring_provider", part.person("DN"), part.secondary_ids("0B,1G,G2", 3)),
)  # fmt: skip

_OTHER_SUBSCRIBERS = part.other_subscribers(
    part.amount("payer_paid_amount", "D", when="payer_has_adjudicated"),
    part.amount("remaining_patient_liability", "EAF"),
    part.amount("non_covered_amount", "A8"),
    part.coverage(),
    seg(
        "MIA", "inpatient_adjudication", S,
        "1R 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24",
    ),
    part.outpatient_adjudication(),
    part.other_subscriber_name(2),
    part.other_payer_name(),
    part.other_payers_provider("2330C", "attending_provider", "71", "1", part.PROVIDER_IDS, 4),
    part.other_payers_provider("2330D", "operating_physician", "72", "1", part.PROVIDER_IDS, 4),
    part.other_payers_provider("2330E", "other_operating_physician", "ZZ", "1", part.PROVIDER_IDS, 4),
    part.other_payers_provider("2330F", "service_facility", "77", "2", "0B,G2,LU"),
    part.other_payers_provider("2330G", "rendering_provider", "82", "1", part.PROVIDER_IDS, 4),
    part.other_payers_provider("2330H", "referring_provider", "DN", "1", "0B,1G,G2"),
    part.other_payers_provider("2330I", "billing_provider", "85", "2", "G2,LU", 2),
)  # fmt: skip

_CLAIM_PARTS = (
    _CLAIM, *_STAY, part.paperwork(), part.contract(), part.amount("patient_estimated_amount_due", "F3"),
    *_REFERENCES, *_NOTES, *_CODES, *_PROVIDERS, _OTHER_SUBSCRIBERS, LINES,
)  # fmt: skip

GUIDE = claim_guide("837I", "Institutional claim", VERSIONS, billing_providers(subscribers(_CLAIM_PARTS), kinds="2"))
