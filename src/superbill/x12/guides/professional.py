"""837P, the professional claim (005010X222A1; A2 differs in nothing that is read or written here)."""

from collections.abc import Sequence

from superbill.x12 import values
from superbill.x12.grammar import (
    COMPONENTS,
    COUNT,
    DAY,
    MANY,
    MONEY,
    YES_NO,
    Guide,
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
    FILING,
    R,
    S,
    address,
    adjustments,
    amount,
    contact,
    member_name,
    on_day,
    payer_name,
    person_parts,
    plain_reference,
    provider_name,
    reference,
    secondary_ids,
)
from superbill.x12.guides.lines import LINE
from superbill.x12.guides.situations import patient_is_subscriber

RELATIONSHIPS = "01 18 19 20 21 39 40 53 G8"
INSURANCE_TYPES = "12 13 14 15 16 41 42 43 47"
RESPONSIBILITY = "A B C D E F G H P S T U"
DIAGNOSES = ("R:ABK BK", "R")
MORE_DIAGNOSES = ("R:ABF BF", "R")


def _diagnoses(e: list[str], separator: str) -> list[str]:
    return [part.split(separator)[1] for part in e[1:13] if separator in part]


def _diagnoses_text(codes: Sequence[str]) -> list[list[str]]:
    first, *others = map(values.exact, codes)
    return [["HI", f"ABK:{first}", *(f"ABF:{each}" for each in others)]]


def _hi(title: str, q: str, first: str, following: str, last: int, repeat: int = 1) -> Segment:
    places = tuple(
        Part(
            position=at,
            kind=COMPONENTS,
            usage=R if at == 1 else S,
            parts=parts(f"R:{first if at == 1 else following}", "R"),
        )
        for at in range(1, last + 1)
    )
    return segment("HI", title, S, *places, q=q, at_component=True, repeat=repeat)


def _level(level: str, *more: Part) -> Segment:
    return segment(
        "HL", "Hierarchical level", R, value(COUNT, 1, "hl", R), *more, code(4, "children", "0 1", R), q=level, at=3
    )


def _parented(level: str) -> Segment:
    return _level(level, value(COUNT, 2, "hl_parent", R))


def _subscriber_information(title: str, relationships: str, usage: str) -> Segment:
    return segment(
        "SBR",
        title,
        R,
        code(1, "responsibility", RESPONSIBILITY, R),
        code(2, "relationship", relationships, usage),
        ident(3, "group_number"),
        text(4, "group_name"),
        code(5, "insurance_type", INSURANCE_TYPES),
        code(9, "claim_filing_indicator", FILING),
    )


def _dmg(usage: str) -> Segment:
    return segment(
        "DMG",
        "Birth date and sex",
        usage,
        mark(1, "D8", usage=R),
        value(DAY, 2, "birth_date", R),
        code(3, "sex", "F M U", R),
    )


def _pat(usage: str, relationship: str) -> Segment:
    return segment(
        "PAT",
        "Patient information",
        usage,
        code(1, "relationship", relationship, R) if relationship else Part(position=1),
        rest="5 6 7 8 9",
    )


def _ids_only(id_: str, title: str, q: str, kinds: str, ids: str, repeat: int = 1, ids_repeat: int = 3) -> Loop:
    """A provider of another payer's claim: told by that payer's own numbers."""
    return loop(
        id_, title, S, repeat,
        segment("NM1", title, R, code(2, "", kinds, R), q=q),
        plain_reference("Secondary identification", ids, R, ids_repeat),
    )  # fmt: skip


OTHER = loop(
    "2320", "Other subscriber", S, 10,
    _subscriber_information("Other subscriber information", RELATIONSHIPS, R),
    adjustments("Claim level adjustments"),
    amount("Paid by this payer", "D", "paid"),
    amount("Non-covered amount", "A8", "non_covered"),
    amount("Patient still owes", "EAF", "remaining_patient_liability"),
    segment(
        "OI", "Other insurance coverage", R,
        code(3, "benefits_assigned", "N W Y", R), ident(4), code(6, "release_of_information", "I Y", R),
    ),
    segment("MOA", "Outpatient adjudication", S, rest="1 2 3 4 5 6 7 8 9"),
    loop("2330A", "Other subscriber's name", R, 1, member_name("Other subscriber", "IL"), *address(S),
         plain_reference("Social security number", "SY")),
    loop("2330B", "Other payer", R, 1, payer_name("Other payer"), *address(S),
         on_day("Date of adjudication", "573", "paid_on"),
         plain_reference("Other payer's secondary number", "2U EI FY NF", S, 2),
         plain_reference("Its prior authorization", "G1"),
         plain_reference("Its referral", "9F"),
         plain_reference("Its claim adjustment indicator", "T4"),
         reference("Its claim control number", "F8", "payer_control_number")),
    _ids_only("2330C", "Other payer's referring provider", "DN P3", "1", "0B 1G G2", 2),
    _ids_only("2330D", "Other payer's rendering provider", "82", "1 2", "0B 1G G2 LU"),
    _ids_only("2330E", "Other payer's service facility", "77", "2", "0B G2 LU"),
    _ids_only("2330F", "Other payer's supervising provider", "DQ", "1", "0B 1G G2 LU"),
    _ids_only("2330G", "Other payer's billing provider", "85", "1 2", "G2 LU", 1, 2),
)  # fmt: skip

_TAXONOMY = (mark(2, "PXC", usage=R), ident(3, "taxonomy", R))

CLAIM = loop(
    "2300", "Claim", S, 100,
    segment(
        "CLM", "Claim information", R,
        ident(1, "control_number", R), value(MONEY, 2, "charge", R),
        composite(5, COMPONENTS, "facility", R, "R", "R:B", "R:1 2 3 4 5 6 7 8 9"),
        value(YES_NO, 6, "provider_signature", R, "N Y"), code(7, "accept_assignment", "A B C", R),
        code(8, "benefits_assigned", "N W Y", R), code(9, "release_of_information", "I Y", R), code(10, "", "P"),
        composite(11, COMPONENTS, "causes", S, "R:AA EM OA", "S:AA EM OA", "N", "S", "S"),
        code(12, "", "02 03 05 09"), code(20, "", "1 2 3 4 5 6 7 8 9 10 11 15"),
    ),
    on_day("Onset of illness", "431", "onset"), on_day("Initial treatment", "454"), on_day("Last seen", "304"),
    on_day("Acute manifestation", "453"), on_day("Accident", "439", "accident_on"),
    on_day("Last menstrual period", "484", "last_menstrual_period"), on_day("Last X-ray", "455"),
    on_day("Hearing and vision prescription", "471"),
    segment("DTP", "Disability", S, code(2, "", "D8 RD8", R), q="314 360 361", rest="3R"),
    on_day("Last worked", "297"), on_day("Authorized return to work", "296"), on_day("Admission", "435", "admission"),
    on_day("Discharge", "096", "discharge"), on_day("Assumed and relinquished care", "090 091", repeat=2),
    on_day("First contact", "444"), on_day("Repricer received", "050"),
    segment("PWK", "Paperwork", S, rest="1R 2R 5 6", repeat=10),
    segment("CN1", "Contract", S, rest="1R 2 3 4 5 6"),
    amount("Patient paid", "F5", "patient_paid"),
    plain_reference("Service authorization exception", "4N"), plain_reference("Mandatory Medicare crossover", "F5"),
    plain_reference("Mammography certification", "EW"), reference("Referral number", "9F", "referral_number"),
    reference("Prior authorization", "G1", "prior_authorization"),
    reference("Payer's claim control number", "F8", "payer_control_number"),
    reference("CLIA number", "X4", "clia", check="clia"),
    plain_reference("Repriced claim number", "9A"), plain_reference("Adjusted repriced claim number", "9C"),
    plain_reference("Investigational device exemption", "LX"), plain_reference("Clearinghouse trace", "D9"),
    plain_reference("Medical record number", "EA"), plain_reference("Demonstration project", "P4"),
    plain_reference("Care plan oversight", "1J"),
    segment("K3", "File information", S, rest="1R", repeat=10),
    segment("NTE", "Claim note", S, mark(1, "ADD", also="CER DCP DGN TPO", usage=R), text(2, "note", R),
            q="ADD CER DCP DGN TPO"),
    segment("CR1", "Ambulance transport", S, rest="1 2 4R 5R 6R 9 10"),
    segment("CR2", "Spinal manipulation", S, rest="8R 10 11"),
    segment("CRC", "Ambulance certification", S, q="07", rest="2R 3R 4 5 6 7", repeat=3),
    segment("CRC", "Vision condition", S, q="E1 E2 E3", rest="2R 3R 4 5 6 7", repeat=3),
    segment("CRC", "Homebound", S, q="75", rest="2R 3R"),
    segment("CRC", "EPSDT referral", S, q="ZZ", rest="2R 3R 4 5"),
    segment("HI", "Diagnoses", R, *_hi("", "ABK BK", "ABK BK", "ABF BF", 12).elements, q="ABK BK", at_component=True,
            many="diagnoses", reads=_diagnoses, writes=_diagnoses_text),
    _hi("Anesthesia procedures", "BP", "BP", "BO", 2), _hi("Conditions", "BG", "BG", "BG", 12, 2),
    segment("HCP", "Repricing", S, rest="1R 2R 3 4 5 6 7 13 14 15"),
    loop("2310A", "Referring provider", S, 2, provider_name("Referring provider", "DN P3", "1"),
         secondary_ids("0B 1G G2", 3)),
    loop("2310B", "Rendering provider", S, 1, provider_name("Rendering provider", "82"),
         segment("PRV", "Rendering provider's specialty", S, *_TAXONOMY, q="PE"), secondary_ids("0B 1G G2 LU", 4)),
    loop("2310C", "Service facility", S, 1, provider_name("Service facility", "77", "2"), *address(),
         secondary_ids("0B G2 LU", 3), contact("Facility's contact")),
    loop("2310D", "Supervising provider", S, 1, provider_name("Supervising provider", "DQ", "1"),
         secondary_ids("0B 1G G2 LU", 4)),
    loop("2310E", "Ambulance pick-up", S, 1, segment("NM1", "Pick-up place", R, rest="2R", q="PW"), *address()),
    loop("2310F", "Ambulance drop-off", S, 1, segment("NM1", "Drop-off place", R, rest="2R 3", q="45"), *address()),
    OTHER, LINE, emit=True,
)  # fmt: skip

PATIENT = loop(
    "2000C", "Patient", S, MANY,
    _parented("23"), _pat(R, "01 19 20 21 39 40 53 G8"),
    loop("2010CA", "Patient's name", R, 1,
         segment("NM1", "Patient", R, code(2, "entity", "1", R), *person_parts(), q="QC"),
         *address(), _dmg(R), reference("Property and casualty claim number", "Y4", "property_casualty_claim_number"),
         plain_reference("Secondary number", "1W SY"), segment("PER", "Contact", S, q="IC", rest="2 3R 4R 5 6")),
    CLAIM,
)  # fmt: skip


def _required_of_self(part: Segment) -> Segment:
    """The subscriber's address and demographics: required when the subscriber is the patient."""
    return Segment(**{name: getattr(part, name) for name in part.__struct_fields__} | {"when": patient_is_subscriber})


SUBSCRIBER = loop(
    "2000B", "Subscriber", R, MANY,
    _parented("22"), _subscriber_information("Subscriber information", "18", S), _pat(S, ""),
    loop("2010BA", "Subscriber's name", R, 1, member_name("Subscriber", "IL"),
         *map(_required_of_self, address(S)), _required_of_self(_dmg(S)),
         plain_reference("Social security number", "SY"),
         reference("Property and casualty claim number", "Y4", "property_casualty_claim_number"),
         segment("PER", "Property and casualty contact", S, q="IC", rest="2 3R 4R 5 6")),
    loop("2010BB", "Payer", R, 1, payer_name("Payer"), *address(S),
         plain_reference("Payer's secondary number", "2U EI FY NF", S, 3),
         secondary_ids("G2 LU", 2)),
    CLAIM, PATIENT,
)  # fmt: skip

BILLING = loop(
    "2000A", "Billing provider", R, MANY,
    _level("20"), segment("PRV", "Billing provider's specialty", S, *_TAXONOMY, q="BI"),
    segment("CUR", "Currency", S, q="85", rest="2R"),
    loop("2010AA", "Billing provider's name", R, 1, provider_name("Billing provider", "85"), *address(),
         segment("REF", "Tax number", R, code(1, "tin_kind", "EI SY", R), ident(2, "tin", R, check="tin"), q="EI SY"),
         secondary_ids("0B 1G", 2), contact("Billing provider's contact", repeat=2)),
    loop("2010AB", "Pay-to address", S, 1, segment("NM1", "Pay-to address", R, code(2, "entity", "1 2", R), q="87"),
         *address()),
    loop("2010AC", "Pay-to plan", S, 1,
         segment("NM1", "Pay-to plan", R, rest="2R 3R 8R 9R", q="PE"), *address(),
         plain_reference("Plan's secondary number", "2U FY NF"), plain_reference("Plan's tax number", "EI", R)),
    SUBSCRIBER,
)  # fmt: skip

GUIDE = Guide(
    identifier="837", functional_id="HC", version="005010X222A1",
    versions=("005010X222A1", "005010X222A2", "005010X222"),
    root=loop(
        "ST", "Professional claims", R, 1,
        segment("ST", "Transaction set header", R, rest="1R 2R 3R"),
        segment("BHT", "Batch", R, mark(1, "0019", usage=R), mark(2, "00", also="18", usage=R),
                ident(3, "reference", R), value(DAY, 4, "created_on", R), ident(5, "created_at", R),
                mark(6, "CH", also="RP 31", usage=R)),
        loop("1000A", "Submitter", R, 1,
             segment("NM1", "Submitter", R, mark(2, "2", also="1", usage=R), text(3, "name", R), text(4), text(5),
                     mark(8, "46", usage=R), ident(9, "id", R), q="41"),
             contact("Submitter's contact", R, 2)),
        loop("1000B", "Receiver", R, 1,
             segment("NM1", "Receiver", R, mark(2, "2", usage=R), text(3, "name", R), mark(8, "46", usage=R),
                     ident(9, "id", R), q="40")),
        BILLING,
    ),
)  # fmt: skip
