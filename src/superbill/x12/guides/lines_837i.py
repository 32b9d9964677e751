"""Loop 2400 of the 837I: a facility's service line, its drug, its physicians, what earlier payers decided on it."""

from superbill.x12.guides import claim_parts as part
from superbill.x12.rules import R, loop, seg

PROCEDURES = "ER,HC,HP,IV,WK"
_PROCEDURE = "{0}.1R:" + PROCEDURES + " {0}.2R {0}.3 {0}.4 {0}.5 {0}.6 {0}.7"

_SERVICE = (
    seg("LX", "line_number", R, "1R"),
    seg("SV2", "service", R, f"1R 2 {_PROCEDURE.format(2)} 3R 4R:DA,UN 5R<8 7"),
    part.paperwork(),
    part.day_or_range("service_date", "472", when="outpatient_bill_covers_days"),
    part.reference("line_item_control_number", "6R", number="2R<30"),
    part.reference("repriced_line_number", "9B"),
    part.reference("adjusted_repriced_line_number", "9D"),
    part.amount("service_tax", "GT"),
    part.amount("facility_tax", "N8"),
    part.notes("third_party_note", "TPO"),
    part.pricing(f" 8 9:{PROCEDURES} 10 11:DA,UN 12<8"),
)

LINES = loop(
    "2400", "lines", R, 999,
    *_SERVICE,
    part.drug(),
    part.provider("2420A", "operating_physician", part.person("72"), part.line_secondary_ids()),
    part.provider("2420B", "other_operating_physician", part.person("ZZ"), part.line_secondary_ids()),
    part.provider("2420C", "rendering_provider", part.person("82"), part.line_secondary_ids()),
    part.provider("2420D", "referring_provider", part.person("DN"), part.line_secondary_ids("0B,1G,G2")),
    part.adjudications(f"3 {_PROCEDURE.format(3)} 4R 5R<8 6"),
)  # fmt: skip
