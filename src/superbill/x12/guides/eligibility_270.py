"""270, the inquiry about a person's eligibility and benefits (005010X279A1)."""

from superbill.x12.guides.claim_parts import address, amount, closing, level, reference
from superbill.x12.guides.eligibility_parts import (
    PATIENT_PROVIDER_ROLES,
    SERVICE_TYPES,
    VERSION,
    VERSIONS,
    dates,
    demographics,
    dependent_name,
    diagnoses,
    opening,
    pointers,
    procedure,
    receiver_ids,
    receiver_name,
    source_level,
    source_name,
    specialty,
    subscriber_name,
    traces,
)
from superbill.x12.rules import MANY, Guide, R, S, SegmentRule, loop, seg

SUBSCRIBER_IDS = "18,1L,1W,3H,6P,CT,EA,EJ,F6,GH,HJ,IG,N6,NQ,SY,Y4"
DEPENDENT_IDS = "18,1L,1W,6P,CT,EA,EJ,F6,GH,HJ,IF,IG,MRC,N6,SY,Y4"
PROVIDER_LISTS = "9K,D3,EI,HPI,PXC,SY,TJ"


def _inquiry(level_of_coverage: str = "") -> SegmentRule:
    """EQ: what is asked about, as service types or as a procedure."""
    return seg("EQ", "inquiry", R, f"1:{SERVICE_TYPES} {procedure(2)}{level_of_coverage} {pointers(5)}")


DETAILS = (
    seg("III", "additional_information", S, "1R:ZZ 2R"),
    reference("prior_authorization_or_referral_number", "9F,G1"),
    dates("eligibility_date", "291"),
)

DEPENDENT = loop(
    "2000D", "dependents", S, MANY,
    level("23", "0"),
    traces("1", 2),
    loop(
        "2100D", "dependent_name", R, 1,
        dependent_name(),
        reference("additional_ids", DEPENDENT_IDS, S, 9),
        *address(S),
        specialty(PATIENT_PROVIDER_ROLES, PROVIDER_LISTS),
        demographics("F,M,U"),
        seg("INS", "relationship", S, "1R:N 2R:01,19,34 17"),
        diagnoses(),
        dates("dates", "102,291", 2),
        loop("2110D", "inquiries", R, 99, _inquiry(), *DETAILS),
    ),
)  # fmt: skip

SUBSCRIBER = loop(
    "2000C", "subscribers", R, MANY,
    level("22", "0,1"),
    traces("1", 2),
    loop(
        "2100C", "subscriber_name", R, 1,
        subscriber_name(),
        reference("additional_ids", SUBSCRIBER_IDS, S, 9),
        *address(S),
        specialty(PATIENT_PROVIDER_ROLES, PROVIDER_LISTS),
        demographics("F,M,U"),
        seg("INS", "multiple_birth", S, "1R:Y 2R:18 17R"),
        diagnoses(),
        dates("dates", "102,291", 2),
        loop(
            "2110C", "inquiries", S, 99,
            _inquiry(" 3:FAM"),
            amount("spend_down_amount", "R"),
            amount("spend_down_billed_amount", "PB"),
            *DETAILS,
            when="inquiry_is_about_subscriber",
        ),
    ),
    DEPENDENT,
    unit=True,
)  # fmt: skip

RECEIVER = loop(
    "2000B", "information_receivers", R, MANY,
    level("21", "1"),
    loop(
        "2100B", "information_receiver_name", R, 1,
        receiver_name("3R"),
        receiver_ids(),
        *address(S),
        specialty(),
    ),
    SUBSCRIBER,
)  # fmt: skip

SOURCE = loop(
    "2000A", "information_sources", R, MANY,
    source_level("1"),
    loop("2100A", "information_source_name", R, 1, source_name()),
    RECEIVER,
)  # fmt: skip

GUIDE = Guide(
    key="270", title="Eligibility and benefit inquiry",
    identifier="270", functional_id="HS", version=VERSION, versions=VERSIONS,
    root=loop(
        "ST", "transaction", R, 1,
        *opening("270", "01,13", " 6:RT?inquiry_is_cancelled"),
        SOURCE,
        closing(),
    ),
)  # fmt: skip
