"""837D, the dental claim: 005010X224 with its addenda A1 to A3, which differ in nothing that a table tells.

A predetermination of dental benefits is no guide of its own: it is this claim with PB in CLM19 and without dates.
"""

from superbill.x12.guides import claim_parts as part
from superbill.x12.guides.claim_levels import billing_providers, claim_guide, subscribers
from superbill.x12.guides.lines_837d import LINES
from superbill.x12.guides.variation import altered, varied
from superbill.x12.rules import R, S, seg

VERSIONS = ("005010X224A2", "005010X224A3", "005010X224A1", "005010X224")

_CAUSES = "AA,EM,OA"
_REPORTS = "B4,DA,DG,EB,OZ,P6,RB,RR"

_CLAIM = seg(
    "CLM", "claim", R,
    "1R<20 2R 5R 5.1R 5.2R:B 5.3R 6R:N,Y 7R:A,C 8R:N,W,Y 9R:I,Y "
    f"11 11.1R:{_CAUSES} 11.2:{_CAUSES} 11.4?car_accident_was_in_us_or_canada 11.5 "
    f"12:01,02,03,05 19:PB 20:{part.DELAY_REASONS}",
)  # fmt: skip

_DATES = (
    part.day("accident_date", "439", when="claim_has_accident"),
    part.day("appliance_placement_date", "452"),
    part.day_or_range("service_date", "472"),
    part.day("repricer_received_date", "050"),
)

_TEETH = (
    seg("DN1", "orthodontic_treatment", S, "1 2 4:Y", when="has_orthodontic_treatment"),
    seg("DN2", "tooth_statuses", S, "1R 2R:E,M 6:JP", 35),
)

_REFERENCES = (
    part.reference("predetermination_number", "G3"),
    part.reference("service_authorization_exception", "4N", number=f"2R:{part.EXCEPTIONS}"),
    part.reference("payer_claim_control_number", "F8", when="claim_replaces_another"),
    part.reference("referral_number", "9F"),
    part.reference("prior_authorization", "G1"),
    part.reference("repriced_claim_number", "9A"),
    part.reference("adjusted_repriced_claim_number", "9C"),
    part.reference("intermediary_claim_number", "D9", number="2R<20"),
)

_NOTES = (
    part.file_information(),
    part.notes("claim_notes", "ADD", 5),
    part.codes("diagnoses", "ABK,BK,TQ", "ABF,BF,TQ", 4),
    part.pricing(""),
)

_PROVIDERS = (
    part.provider(
        "2310A", "referring_providers",
        part.person("DN,P3"), part.specialty("RF"), part.secondary_ids("0B,1G,G2", 3),
        repeat=2,
    ),
    part.provider(
        "2310B", "rendering_provider",
        part.person_or_organization("82"), part.specialty("PE"), part.secondary_ids(),
    ),
    part.provider(
        "2310C", "service_facility",
        part.organization("77"), *part.site(), part.secondary_ids("0B,G2,LU", 3),
    ),
    part.provider(
        "2310D", "assistant_surgeon",
        part.person_or_organization("DD"), part.specialty("AS"), part.secondary_ids(),
    ),
    part.provider("2310E", "supervising_provider", part.person("DQ"), part.secondary_ids()),
)  # fmt: skip

# The other payer may have one number more than with the professional claim.
_OTHER_SUBSCRIBERS = varied(
    part.other_subscribers(
        part.amount("payer_paid_amount", "D", when="payer_has_adjudicated"),
        part.amount("remaining_patient_liability", "EAF"),
        part.amount("non_covered_amount", "A8"),
        part.coverage(),
        part.outpatient_adjudication(),
        part.other_subscriber_name(),
        part.other_payer_name(part.reference("predetermination_number", "G3")),
        part.other_payers_provider("2330C", "referring_providers", "DN,P3", "1", "0B,1G,G2", repeat=2),
        part.other_payers_provider("2330D", "rendering_provider", "82", "1,2", part.PROVIDER_IDS),
        part.other_payers_provider("2330E", "supervising_provider", "DQ", "1", part.PROVIDER_IDS),
        part.other_payers_provider("2330F", "billing_provider", "85", "1,2", "G2,LU", 2),
        part.other_payers_provider("2330G", "service_facility", "77", "2", "0B,G2,LU"),
        part.other_payers_provider("2330H", "assistant_surgeon", "DD", "1,2", part.PROVIDER_IDS),
    ),
    altered("2330B", "secondary_ids", repeat=3),
)

_CLAIM_PARTS = (
    _CLAIM, *_DATES, *_TEETH, part.paperwork(_REPORTS), part.contract(), part.amount("patient_paid_amount", "F5"),
    *_REFERENCES, *_NOTES, *_PROVIDERS, _OTHER_SUBSCRIBERS, LINES,
)  # fmt: skip

GUIDE = claim_guide("837D", "Dental claim", VERSIONS, billing_providers(subscribers(_CLAIM_PARTS)))
