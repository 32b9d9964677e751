"""Loop 2400 of the 837P: the service line, its drug, its providers, what earlier payers paid for it."""

from superbill.x12.grammar import (
    COUNT,
    FLAG,
    MANY,
    MONEY,
    POINTERS,
    QUANTITY,
    Loop,
    Segment,
    code,
    composite,
    ident,
    loop,
    mark,
    parts,
    segment,
    text,
    value,
)
from superbill.x12.grammar import Element as Part
from superbill.x12.guides.common import (
    R,
    S,
    address,
    adjustments,
    amount,
    contact,
    on_day,
    over_days,
    plain_reference,
    procedure,
    provider_name,
    reference,
    secondary_ids,
)

PROCEDURES = "ER HC IV WK"
_TARGET = "S:1 2 3 4 5 6 7 8 9 10 11 12"


def _dtp(title: str, q: str, repeat: int = 1) -> Segment:
    return on_day(title, q, repeat=repeat)


def _note(title: str, q: str, name: str = "") -> Segment:
    first, _, more = q.partition(" ")
    return segment("NTE", title, S, mark(1, first, also=more, usage=R), text(2, name, R), q=q)


def _line_ids(q: str, repeat: int) -> Segment:
    return secondary_ids(q, repeat, rest="2R 4")


def _provider(id_: str, title: str, q: str, kinds: str, ids: str, repeat: int, *more: Segment) -> Loop:
    return loop(id_, title, S, repeat, provider_name(title, q, kinds), *more, _line_ids(ids, 20))


LINE = loop(
    "2400", "Service line", R, 50,
    segment("LX", "Line number", R, value(COUNT, 1, "number", R)),
    segment(
        "SV1", "Professional service", R,
        procedure(1, "procedure", R, PROCEDURES), value(MONEY, 2, "charge", R),
        code(3, "unit_kind", "MJ UN", R), value(QUANTITY, 4, "units", R), ident(5, "place_of_service"),
        composite(7, POINTERS, "diagnosis_pointers", R, _TARGET.replace("S", "R", 1), _TARGET, _TARGET, _TARGET),
        value(FLAG, 9, "emergency", S, "Y N"), value(FLAG, 11, "epsdt", S, "Y N"),
        value(FLAG, 12, "family_planning", S, "Y N"), code(15, "", "0"),
    ),
    segment("SV5", "Durable equipment", S, rest="1R 2R 3R 4R 5R 6R"),
    segment("PWK", "Paperwork", S, rest="1R 2R 5 6", repeat=10),
    segment("CR1", "Ambulance transport", S, rest="1 2 4R 5R 6R 9 10"),
    segment("CR3", "Equipment certification", S, rest="1R 2R 3R"),
    segment("CRC", "Ambulance certification", S, q="07", rest="2R 3R 4 5 6 7", repeat=3),
    segment("CRC", "Hospice employee", S, q="70", rest="2R 3R"),
    segment("CRC", "Equipment condition", S, q="09", rest="2R 3R 4"),
    over_days("Service date", "472", "service", R),
    _dtp("Prescription", "471"), _dtp("Certification revision", "607"), _dtp("Begin of therapy", "463"),
    _dtp("Last certification", "461"), _dtp("Last seen", "304"), _dtp("Hemoglobin and creatinine tests", "738 739", 2),
    _dtp("Shipped", "011"), _dtp("Last X-ray", "455"), _dtp("Initial treatment", "454"),
    segment("QTY", "Ambulance patients", S, q="PT", rest="2R"),
    segment("QTY", "Obstetric anesthesia units", S, q="FL", rest="2R"),
    segment("MEA", "Test result", S, rest="1R 2R 3R", repeat=5),
    segment("CN1", "Contract", S, rest="1R 2 3 4 5 6"),
    plain_reference("Repriced line number", "9B"), plain_reference("Adjusted repriced line number", "9D"),
    plain_reference("Prior authorization", "G1", S, 5, "2R 4"),
    reference("Line item control number", "6R", "control_number"),
    plain_reference("Mammography certification", "EW"), plain_reference("CLIA number", "X4"),
    plain_reference("Referring CLIA number", "F4"), plain_reference("Immunization batch", "BT"),
    plain_reference("Referral number", "9F", S, 5, "2R 4"),
    amount("Sales tax", "T"), amount("Postage", "F4"),
    segment("K3", "File information", S, rest="1R", repeat=10),
    _note("Line note", "ADD DCP", "note"), _note("Third party note", "TPO"),
    segment("PS1", "Purchased service", S, rest="1R 2R"),
    segment("HCP", "Repricing", S, rest="1R 2R 3 4 5 6 7 9 10 11 12 13 14 15"),
    loop(
        "2410", "Drug", S, 1,
        segment("LIN", "Drug code", R, mark(2, "N4", also="EN EO HI ON UK UP", usage=R), ident(3, "ndc", R)),
        segment("CTP", "Drug quantity", R, value(QUANTITY, 4, "quantity", R),
                Part(position=5, name="unit", usage=R, parts=parts("R:F2 GR ME ML UN"))),
        plain_reference("Prescription number", "VY XZ"),
    ),
    _provider("2420A", "Rendering provider of the line", "82", "1 2", "0B 1G G2 LU", 1,
              segment("PRV", "Specialty", S, mark(2, "PXC", usage=R), ident(3, "taxonomy", R), q="PE")),
    _provider("2420B", "Purchased service provider", "QB", "1 2", "0B 1G G2", 1),
    _provider("2420C", "Service facility of the line", "77", "2", "G2 LU", 1, *address()),
    _provider("2420D", "Supervising provider of the line", "DQ", "1", "0B 1G G2 LU", 1),
    loop("2420E", "Ordering provider", S, 1, provider_name("Ordering provider", "DK", "1"), *address(S),
         _line_ids("0B 1G G2", 20), contact("Ordering provider's contact")),
    _provider("2420F", "Referring provider of the line", "DN P3", "1", "0B 1G G2", 2),
    loop("2420G", "Ambulance pick-up", S, 1, segment("NM1", "Pick-up place", R, rest="2R", q="PW"), *address()),
    loop("2420H", "Ambulance drop-off", S, 1, segment("NM1", "Drop-off place", R, rest="2R 3", q="45"), *address()),
    loop(
        "2430", "Adjudication by an earlier payer", S, 15,
        segment("SVD", "Line adjudication", R, ident(1, "payer_id", R), value(MONEY, 2, "paid", R),
                procedure(3, "procedure", R, PROCEDURES), value(QUANTITY, 5, "units", R), ident(6)),
        adjustments("Line adjustments"),
        on_day("Date of adjudication", "573", "paid_on", R),
        amount("Patient still owes", "EAF", "remaining_patient_liability"),
    ),
    loop("2440", "Form", S, MANY, segment("LQ", "Form", R, rest="1R 2"),
         segment("FRM", "Answer", R, rest="1R 2 3 4 5", repeat=99)),
)  # fmt: skip
