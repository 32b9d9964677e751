"""Loop 2400 of the 837P: the service line, its drug, its providers, what earlier payers decided on it, its forms."""

from superbill.x12.guides import claim_parts as part
from superbill.x12.rules import LoopRule, R, S, SegmentRule, loop, seg

PROCEDURES = "ER,HC,IV,WK"
_POINTER = "1,2,3,4,5,6,7,8,9,10,11,12"
_AMBULANCE = "01,04,05,06,07,08,09,12"


def ambulance_transport(when: str = "") -> SegmentRule:
    """CR1 of the claim, or of one line of it."""
    return seg("CR1", "ambulance_transport", S, "1:LB 2 4R:A,B,C,D,E 5R:DH 6R 9 10", when=when)


def ambulance_certifications() -> SegmentRule:
    """CRC of the claim, or of one line of it: why an ambulance."""
    more = " ".join(f"{at}:{_AMBULANCE}" for at in range(4, 8))
    return seg("CRC", "ambulance_certifications", S, f"1R:07 2R:N,Y 3R:{_AMBULANCE} {more}", 3)


def pick_up(id: str, when: str = "") -> LoopRule:
    """Where an ambulance took the patient up."""
    return loop(id, "ambulance_pick_up", S, 1, part.place("PW"), *part.address(), when=when)


def drop_off(id: str, when: str = "") -> LoopRule:
    """Where an ambulance brought the patient."""
    return loop(id, "ambulance_drop_off", S, 1, part.place("45", " 3"), *part.address(), when=when)


_SERVICE = (
    seg("LX", "line_number", R, "1R"),
    seg(
        "SV1", "service", R,
        f"1R 1.1R:{PROCEDURES} 1.2R 1.3 1.4 1.5 1.6 1.7 2R 3R:MJ,UN 4R<8 5 "
        f"7R 7.1R:{_POINTER} 7.2:{_POINTER} 7.3:{_POINTER} 7.4:{_POINTER} 9:Y 11:Y 12:Y 15:0",
    ),
    seg("SV5", "durable_medical_equipment", S, "1R 1.1R:HC 1.2!procedure_is_that_of_line 2R:DA 3R 4R 5R 6R:1,4,6"),
    part.paperwork(),
    seg("PWK", "medical_necessity_certificate", S, "1R:CT 2R:AB,AD,AF,AG,NS"),
    ambulance_transport(),
    seg("CR3", "equipment_certification", S, "1R:I,R,S 2R:MO 3R"),
    ambulance_certifications(),
    seg("CRC", "hospice_employee", S, "1R:70 2R:N,Y 3R:65"),
    seg("CRC", "equipment_condition", S, "1R:09 2R:N,Y 3R:38,ZV 4:38,ZV"),
)  # fmt: skip

_DATES = (
    part.day_or_range("service_date", "472", R),
    part.day("prescription_date", "471"),
    part.day("certification_revision_date", "607", when="!certification_is_revised"),
    part.day("begin_therapy_date", "463", when="equipment_is_certified"),
    part.day("last_certification_date", "461"),
    part.day("last_seen_date", "304"),
    part.day("test_dates", "738,739", repeat=2),
    part.day("shipped_date", "011"),
    part.day("last_xray_date", "455"),
    part.day("initial_treatment_date", "454"),
)

_QUANTITIES = (
    seg("QTY", "ambulance_patient_count", S, "1R:PT 2R"),
    seg("QTY", "obstetric_anesthesia_additional_units", S, "1R:FL 2R"),
    seg("MEA", "test_results", S, "1R:OG,TR 2R:HT,R1,R2,R3,R4 3R", 5),
    part.contract(),
)

_REFERENCES = (
    part.reference("repriced_line_number", "9B"),
    part.reference("adjusted_repriced_line_number", "9D"),
    part.payers_reference("prior_authorizations", "G1", 5),
    part.reference("line_item_control_number", "6R", number="2R<30"),
    part.reference("mammography_certification", "EW"),
    part.reference("clia_number", "X4"),
    part.reference("referring_clia_number", "F4"),
    part.reference("immunization_batch_number", "BT"),
    part.payers_reference("referral_numbers", "9F", 5),
)

_AMOUNTS = (
    part.amount("sales_tax", "T"),
    part.amount("postage_claimed", "F4"),
    part.file_information(),
    part.notes("line_note", "ADD,DCP"),
    part.notes("third_party_note", "TPO"),
    seg("PS1", "purchased_service", S, "1R 2R"),
    part.pricing(f" 9:{PROCEDURES} 10 11:MJ,UN 12<8"),
)

_PROVIDERS = (
    part.provider(
        "2420A", "rendering_provider",
        part.person_or_organization("82"), part.specialty("PE"), part.line_secondary_ids(),
    ),
    part.provider(
        "2420B", "purchased_service_provider",
        seg("NM1", "name", R, "1R:QB 2R:1,2 8:XX 9"), part.line_secondary_ids("0B,1G,G2"),
        when="service_was_purchased",
    ),
    part.provider(
        "2420C", "service_facility",
        part.organization("77"), *part.site(), part.line_secondary_ids("G2,LU", 3),
    ),
    part.provider("2420D", "supervising_provider", part.person("DQ"), part.line_secondary_ids()),
    part.provider(
        "2420E", "ordering_provider",
        part.person("DK"), *part.address(S), part.line_secondary_ids("0B,1G,G2"), part.contact(),
    ),
    part.provider(
        "2420F", "referring_providers", part.person("DN,P3"), part.line_secondary_ids("0B,1G,G2"), repeat=2,
    ),
    pick_up("2420G"),
    drop_off("2420H"),
)  # fmt: skip

LINES = loop(
    "2400", "lines", R, 50,
    *_SERVICE, *_DATES, *_QUANTITIES, *_REFERENCES, *_AMOUNTS,
    part.drug("EN,EO,HI,N4,ON,UK,UP"),
    *_PROVIDERS,
    part.adjudications(f"3R 3.1R:{PROCEDURES} 3.2R 3.3 3.4 3.5 3.6 3.7 5R<8 6"),
    part.forms(),
)  # fmt: skip
