"""Loop 2400 of the 837D: a dental procedure, where in the mouth it was done, by whom, what earlier payers decided."""

from superbill.x12.guides import claim_parts as part
from superbill.x12.rules import R, S, loop, seg

# Upper and lower arch, quadrants, sextants' other areas, left and right.
CAVITIES = "00,01,02,09,10,20,30,40,L,R"
SURFACES = "B,D,F,I,L,M,O"
_POINTER = "1,2,3,4"


def _up_to_five(position: int, codes: str) -> str:
    """A composite of one to five codes of one list."""
    return f"{position} {position}.1R:{codes} " + " ".join(f"{position}.{at}:{codes}" for at in range(2, 6))


_SERVICE = (
    seg("LX", "line_number", R, "1R"),
    seg(
        "SV3", "service", R,
        f"1R 1.1R:AD 1.2R 1.3 1.4 1.5 1.6 1.7 2R 3 {_up_to_five(4, CAVITIES)} 5:I,R 6<8 "
        f"11 11.1R:{_POINTER} 11.2:{_POINTER} 11.3:{_POINTER} 11.4:{_POINTER}",
    ),
    seg("TOO", "teeth", S, f"1R:JP 2R {_up_to_five(3, SURFACES)}", 32),
)  # fmt: skip

_DATES = (
    part.day_or_range("service_date", "472"),
    part.day("prior_placement_date", "441", when="prosthesis_is_replaced"),
    part.day("appliance_placement_date", "452"),
    part.day("replacement_date", "446"),
    part.day("treatment_start_date", "196"),
    part.day("treatment_completion_date", "198"),
    part.contract(),
)

# Some trading partners number repriced lines as they number claims (9A, 9C).
_REFERENCES = (
    part.payers_reference("predetermination_numbers", "G3", 5),
    part.payers_reference("prior_authorizations", "G1", 5),
    part.reference("line_item_control_number", "6R", number="2R<30"),
    part.reference("repriced_line_number", "9A,9B"),
    part.reference("adjusted_repriced_line_number", "9C,9D"),
    part.payers_reference("referral_numbers", "9F", 5),
    part.amount("sales_tax", "T"),
    part.file_information(),
    part.pricing(" 9:AD 10 11:UN 12<8"),
)

_PROVIDERS = (
    part.provider(
        "2420A", "rendering_provider",
        part.person_or_organization("82"), part.specialty("PE"), part.line_secondary_ids(),
    ),
    part.provider(
        "2420B", "assistant_surgeon",
        part.person_or_organization("DD"), part.specialty("AS"), part.line_secondary_ids(),
    ),
    part.provider("2420C", "supervising_provider", part.person("DQ"), part.line_secondary_ids()),
    part.provider(
        "2420D", "service_facility",
        part.organization("77"), *part.site(), part.line_secondary_ids("0B,G2,LU"),
    ),
)  # fmt: skip

LINES = loop(
    "2400", "lines", R, 50,
    *_SERVICE, *_DATES, *_REFERENCES, *_PROVIDERS,
    part.adjudications("3R 3.1R:AD,ER 3.2R 3.3 3.4 3.5 3.6 3.7 5R<8 6"),
)  # fmt: skip
