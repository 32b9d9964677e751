"""835, the payment and its explanation (005010X221A1)."""

from collections.abc import Sequence
from itertools import groupby

from superbill.claims.model import Contact
from superbill.x12 import values
from superbill.x12.grammar import (
    COMPONENTS,
    COUNT,
    DAY,
    MANY,
    MONEY,
    QUANTITY,
    Guide,
    Segment,
    code,
    ident,
    loop,
    mark,
    parts,
    segment,
    text,
    value,
)
from superbill.x12.grammar import Element as Part
from superbill.x12.guides.common import R, S, address, adjustments, amount, plain_reference, procedure, reference
from superbill.x12.model import ProviderAdjustment

FILING = "12 13 14 15 16 17 AM CH DS HM LM MA MB MC OF TV VA WC ZZ"
CLAIM_STATUSES = "1 2 3 4 19 20 21 22 23 25"
ADJUDICATED = "AD ER HC HP IV N4 N6 NU UI WK"
SUBMITTED = "AD ER HC HP IV N4 NU WK"
PLB_REASONS = (
    "50 51 72 90 AH AM AP B2 B3 BD BN C5 CR CS CT CV CW DM E3 FB FC GO HM IP IR IS J1 L3 L6 LE LS OA OB PI PL RA RE SL "
    "TL WO WU"
)


def _outpatient_remarks(e: list[str], _mark: str) -> list[str]:
    return [remark for remark in e[3:8] if remark]


def _outpatient_text(remarks: Sequence[str]) -> list[list[str]]:
    if len(remarks) > 5:
        raise ValueError("a claim has at most five remark codes")
    return [["MOA", "", "", *map(values.exact, remarks)]]


def _inpatient_remarks(e: list[str], _mark: str) -> list[str]:
    return [remark for remark in [*e[5:6], *e[20:24]] if remark]


def _no_text(_found: Sequence[str]) -> list[list[str]]:
    """Claims of ours are outpatient; their remarks go out in MOA."""
    return []


def _remark(e: list[str], _mark: str) -> list[str]:
    return [e[2]] if len(e) > 2 else []


def _remark_text(remarks: Sequence[str]) -> list[list[str]]:
    return [["LQ", "HE", values.exact(remark)] for remark in remarks]


def _provider_adjustments(e: list[str], separator: str) -> list[ProviderAdjustment]:
    found = []
    for at in range(3, min(len(e) - 1, 14), 2):
        if e[at]:
            reason, _, number = e[at].partition(separator)
            made = ProviderAdjustment(
                npi=e[1],
                fiscal_year_end=values.day(e[2]),
                reason=reason,
                reference=number.partition(separator)[0],
                amount=values.money(e[at + 1]),
            )
            found.append(made)
    return found


def _provider_adjustments_text(found: Sequence[ProviderAdjustment]) -> list[list[str]]:
    made = []
    for (npi, year), group in groupby(found, key=lambda each: (each.npi, each.fiscal_year_end)):
        members = list(group)
        for start in range(0, len(members), 6):
            row = ["PLB", values.exact(npi), values.day_text(year)]
            for each in members[start : start + 6]:
                row += [values.components_text((each.reason, each.reference)), values.money_text(each.amount)]
            made.append(row)
    return made


def _contact(e: list[str], separator: str) -> list[Contact]:
    found = values.contact(e, separator)
    return found if found != [Contact()] else []


def _technical_contact(found: Sequence[Contact | None]) -> list[list[str]]:
    """PER*BL is required even when there is nothing to say in it."""
    return values.contact_text([each or Contact() for each in found], "BL")


def _per(title: str, q: str, usage: str, repeat: int, name: str) -> Segment:
    return segment(
        "PER", title, usage, q=q, rest="2 3 4 5 6 7 8", repeat=repeat,
        many=name, reads=_contact, writes=_technical_contact,
    )  # fmt: skip


def _day(title: str, q: str, name: str = "", repeat: int = 1) -> Segment:
    return segment("DTM", title, S, value(DAY, 2, name, R), q=q, repeat=repeat)


def _party(title: str, q: str, prefix: str, usage: str, ids: str, with_id: str = "", kinds: str = "1 2") -> Segment:
    """An NM1 of loop 2100; its names are bound under `prefix`. `with_id` is the id's qualifier when we write it."""
    written = with_id.split(" ", 1)[0]
    return segment(
        "NM1", title, usage,
        mark(2, "1", also=kinds, usage=R) if kinds != "2" else mark(2, "2", usage=R),
        text(3, f"{prefix}_last"), text(4, f"{prefix}_first"), text(5, f"{prefix}_middle"), text(7, f"{prefix}_suffix"),
        mark(8, written or ids.split()[0], f"{prefix}_id", also=ids), ident(9, f"{prefix}_id"), q=q,
    )  # fmt: skip


LINE = loop(
    "2110", "Service line", S, 999,
    segment(
        "SVC", "Service payment", R,
        procedure(1, "procedure", R, ADJUDICATED), value(MONEY, 2, "charge", R), value(MONEY, 3, "paid", R),
        ident(4), value(QUANTITY, 5, "units"), procedure(6, "submitted_procedure", S, SUBMITTED),
        value(QUANTITY, 7, "submitted_units"),
    ),
    _day("Service begin", "150", "begin"), _day("Service end", "151", "end"), _day("Service date", "472", "service_on"),
    adjustments("Line adjustments", S, 99),
    plain_reference("Service identification", "1S APC BB E9 G1 G3 LU RB", S, 8),
    reference("Line item control number", "6R", "control_number"),
    plain_reference("Rendering provider of the line", "0B 1A 1B 1C 1D 1G 1H 1J D3 G2 HPI SY TJ", S, 10),
    plain_reference("Policy identification", "0K", S, 5),
    amount("Allowed", "B6", "allowed"), amount("Supplemental amount", "KH T T2 ZK ZL ZM ZN ZO", "", S, 9),
    segment("QTY", "Supplemental quantity", S, q="ZK ZL ZM ZN ZO", rest="2R", repeat=6),
    segment("LQ", "Remark code", S, code(1, "", "HE RX", R), rest="2R", repeat=99,
            many="remarks", reads=_remark, writes=_remark_text),
)  # fmt: skip

CLAIM = loop(
    "2100", "Claim payment", R, MANY,
    segment(
        "CLP", "Claim payment", R,
        ident(1, "control_number", R), code(2, "status", CLAIM_STATUSES, R), value(MONEY, 3, "charge", R),
        value(MONEY, 4, "paid", R), value(MONEY, 5, "patient_responsibility"),
        code(6, "claim_filing_indicator", FILING, R), ident(7, "payer_control_number", R), ident(8, "place_of_service"),
        ident(9, "frequency"), rest="11 12 13",
    ),
    adjustments("Claim level adjustments", S, 99),
    _party("Patient", "QC", "patient", R, "34 HN II MI MR", "MI", "1"),
    _party("Subscriber", "IL", "subscriber", S, "FI II MI", "MI"),
    segment("NM1", "Corrected patient or subscriber", S, q="74", rest="2R 3 4 5 7 8 9"),
    segment("NM1", "Rendering provider", S, code(2, "rendering_entity", "1 2", R), text(3, "rendering_last"),
            text(4, "rendering_first"), text(5, "rendering_middle"), text(7, "rendering_suffix"),
            mark(8, "XX", "rendering_npi", also="BD BS FI MC PC SL UP", usage=R), ident(9, "rendering_npi", R), q="82"),
    segment("NM1", "Crossover carrier", S, mark(2, "2", usage=R), text(3, "crossover_payer", R),
            mark(8, "PI", also="AD FI NI PP XV", usage=R), ident(9, "crossover_payer_id", R), q="TT"),
    segment("NM1", "Corrected priority payer", S, q="PR", rest="2R 3R 8R 9R"),
    segment("NM1", "Other subscriber", S, q="GB", rest="2R 3 4 5 7 8 9"),
    segment("MIA", "Inpatient adjudication", S,
            rest="1R 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24",
            many="remarks", reads=_inpatient_remarks, writes=_no_text),
    segment("MOA", "Outpatient adjudication", S, rest="1 2 3 4 5 6 7 8 9",
            many="remarks", reads=_outpatient_remarks, writes=_outpatient_text),
    plain_reference("Other claim identification", "1L 1W 28 6P 9A 9C BB CE EA F8 G1 G3 IG SY", S, 5),
    plain_reference("Rendering provider identification", "0B 1A 1B 1C 1D 1G 1H 1J D3 G2 LU", S, 10),
    _day("Statement begin", "232", "statement_start"), _day("Statement end", "233", "statement_end"),
    _day("Coverage expired", "036", "coverage_expired"), _day("Claim received", "050", "received"),
    segment("PER", "Claim contact", S, q="CX", rest="2 3R 4R 5 6 7 8", repeat=2),
    amount("Supplemental amount", "AU D8 DY F5 I NL T T2 ZK ZL ZM ZN ZO", "", S, 13),
    segment("QTY", "Supplemental quantity", S, q="CA CD LA LE NE NR OU PS VS ZK ZL ZM ZN ZO", rest="2R", repeat=14),
    LINE, emit=True,
)  # fmt: skip

GUIDE = Guide(
    identifier="835", functional_id="HP", version="005010X221A1", versions=("005010X221A1", "005010X221"),
    version_in_st=False,
    root=loop(
        "ST", "Remittance", R, 1,
        segment("ST", "Transaction set header", R, rest="1R 2R 3"),
        segment(
            "BPR", "Payment", R,
            code(1, "handling", "C D H I P U X", R), value(MONEY, 2, "payment_amount", R),
            mark(3, "C", also="D", usage=R), code(4, "payment_method", "ACH BOP CHK FWT NON", R),
            mark(5, "CCP", "payer_routing", also="CTX"), mark(6, "01", "payer_routing", also="04"),
            ident(7, "payer_routing"), code(8, "payer_account_kind", "DA"), ident(9, "payer_account"),
            ident(10, "payer_identifier"), ident(11), mark(12, "01", "payee_routing", also="04"),
            ident(13, "payee_routing"), code(14, "payee_account_kind", "DA SG"), ident(15, "payee_account"),
            value(DAY, 16, "payment_date", R),
        ),
        segment("TRN", "Trace", R, mark(1, "1", usage=R), ident(2, "trace_number", R), ident(3, "originator_id", R),
                ident(4)),
        segment("CUR", "Currency", S, q="PR", rest="2R"),
        plain_reference("Receiver identification", "EV"), plain_reference("Version identification", "F2"),
        _day("Production date", "405", "production_date"),
        loop("1000A", "Payer", R, 1,
             segment("N1", "Payer", R, text(2, "name", R), code(3, "", "XV"), ident(4, "plan_id"), q="PR"), *address(),
             segment("REF", "Payer's number", S, mark(1, "2U", also="EO HI NF", usage=R), ident(2, "id", R),
                     q="2U EO HI NF", repeat=4),
             _per("Business contact", "CX", S, 1, "business_contacts"),
             _per("Technical contact", "BL", R, MANY, "contacts"),
             segment("PER", "Web site", S, q="IC", rest="3R 4R")),
        loop("1000B", "Payee", R, 1,
             segment("N1", "Payee", R, text(2, "name", R), mark(3, "XX", also="FI XV", usage=R), ident(4, "npi", R),
                     q="PE"),
             *address(S), reference("Payee's tax number", "TJ", "tin"),
             plain_reference("Payee's further numbers", "0B D3 PQ", S, MANY),
             segment("RDM", "Remittance delivery", S, rest="1R 2 3")),
        loop("2000", "Claims", S, MANY, segment("LX", "Header number", R, value(COUNT, 1, "number", R)),
             segment("TS3", "Provider summary", S,
                     rest="1R 2R 3R 4R 5R 13 15 17 18 20 21 22 23 24"),
             segment("TS2", "Provider supplemental summary", S,
                     rest="1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19"),
             CLAIM),
        segment("PLB", "Provider adjustments", S, ident(1, "", R), ident(2, "", R),
                Part(position=3, kind=COMPONENTS, usage=R, parts=parts(f"R:{PLB_REASONS}", "S")),
                rest="4R 5 6 7 8 9 10 11 12 13 14", repeat=MANY,
                many="provider_adjustments", reads=_provider_adjustments, writes=_provider_adjustments_text),
    ),
)  # fmt: skip
