"""The CMS-1500: data lands on its print positions, whole or reported; the same claim gives the same bytes."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ContentStream

from superbill.claims.locators import form_pages
from superbill.claims.model import (
    Accident,
    Address,
    Claim,
    Contact,
    Diagnosis,
    NationalDrug,
    OtherInsurance,
    Patient,
    Payer,
    Person,
    Procedure,
    Provider,
    SecondaryId,
    ServiceLine,
    Subscriber,
)
from superbill.effective import Period
from superbill.findings import Severity
from superbill.forms.cms1500 import COLUMNS, LINES, PrinterOffset, UnknownBox, findings, places, render

HOME = Address("9 Elm Court", "Duluth", "MN", "55802")
CLINIC = Address("12 Harbor Street", "Duluth", "MN", "558021234")


def person(last: str, first: str, npi: str, *ids: SecondaryId, taxonomy: str = "") -> Provider:
    return Provider(person=Person(last, first), npi=npi, secondary_ids=ids, taxonomy=taxonomy)


def line(number: int) -> ServiceLine:
    day = date(2026, 11, number)
    return ServiceLine(
        number=number,
        control_number=f"L{number}",
        procedure=Procedure("99213", ("25", "GT", "59", "RT")),
        charge=10000 * number + 5,
        service=Period(day, day),
        diagnosis_pointers=(1, 2, 3, 4),
        emergency=True,
        epsdt=True,
        drug=NationalDrug("00006498600", Decimal("0.5"), "ML"),
    )


TWELVE = "J4520 Z23 S52501A M25511 E119 I10 F320 Z0000 R05 J309 H6690 Z6851".split()  # noqa: SIM905  # a list reads worse


def claim(lines: int = 8) -> Claim:
    return Claim(
        control_number="A10427-1",
        frequency="7",
        payer_control_number="ICN556677",
        billing=Provider(
            organization="Lakeside Family Practice",
            npi="1234567893",
            tin="123456789",
            tin_kind="EI",
            taxonomy="207Q00000X",
            address=CLINIC,
            contact=Contact("Billing", "2185550142"),
        ),
        rendering=person("Osei", "Ama", "1982736458", taxonomy="207R00000X"),
        referring=person("Lind", "Karl", "1326547896", SecondaryId("0B", "MN4471")),
        service_facility=Provider(organization="Lakeside North", npi="1669472814", address=CLINIC),
        subscriber=Subscriber(
            responsibility="P",
            relationship="19",
            person=Person("Marsh", "Ellen", "R"),
            member_id="BPH00912345",
            group_number="7781",
            birth_date=date(1980, 2, 3),
            sex="F",
            address=HOME,
            property_casualty_claim_number="AUTO99",
        ),
        patient=Patient(person=Person("Marsh", "Toby"), birth_date=date(2014, 7, 9), sex="M", address=HOME),
        payer=Payer(
            name="Blue Peak Health", id="BPH01", address=Address("PO Box 100", "Fargo", "ND", "58102", "Desk 4")
        ),
        diagnoses=tuple(Diagnosis(code) for code in TWELVE),
        place_of_service="11",
        lines=tuple(line(number) for number in range(1, lines + 1)),
        other_insurance=(
            OtherInsurance(
                subscriber=Subscriber(
                    responsibility="S",
                    relationship="19",
                    person=Person("Marsh", "Tom"),
                    member_id="SM1",
                    group_number="G2",
                ),
                payer=Payer(name="Second Mutual", id="SM"),
            ),
        ),
        prior_authorization="PA99812",
        accident=Accident(on=date(2026, 10, 30), causes=("AA", "EM", "OA"), state="MN"),
        onset=date(2026, 10, 30),
        admission=date(2026, 10, 30),
        discharge=date(2026, 10, 31),
        patient_paid=2500,
        note="Fell from a bicycle",
    )


def variants() -> list[Claim]:
    """Claims that between them fill every box that a claim can fill."""
    full = claim()
    replace = msgspec.structs.replace
    own = replace(full.subscriber, relationship="18", sex="M", property_casualty_claim_number="")
    plans = [
        replace(full, payer=replace(full.payer, claim_filing_indicator=code)) for code in ("MB", "MC", "CH", "VA", "WC")
    ]
    return [
        full,
        *plans,
        replace(full, subscriber=own, accident=None, other_insurance=(), accept_assignment="C", service_facility=None),
        replace(full, subscriber=replace(full.subscriber, relationship="01", group_number="")),
        replace(full, billing=replace(full.billing, tin_kind="SY", person=Person("Osei", "Ama"), organization="")),
        replace(full, patient=replace(full.patient, sex="F"), referring=None, supervising=full.referring),
        replace(
            full,
            rendering=person("Osei", "Ama", "1982736458", SecondaryId("G2", "X77")),
            last_menstrual_period=date(2026, 3, 1),
        ),
    ]


def runs(pdf: bytes, page: int = 0) -> list[tuple[str, float, float]]:
    """(text, x, y) of every piece of text that a page itself shows, in points from its lower left."""
    reader = PdfReader(BytesIO(pdf))
    found: list[tuple[str, float, float]] = []
    x = y = 0.0
    for operands, operator in ContentStream(reader.pages[page].get_contents(), reader).operations:
        if operator == b"Tm":
            x, y = float(operands[4]), float(operands[5])
        elif operator == b"Tj":
            found.append((str(operands[0]), x, y))
    return found


@pytest.mark.parametrize("number", range(len(variants())))
def test_every_box_of_a_claim_has_its_place(number):
    for page in form_pages(variants()[number], date(2026, 11, 21)):
        assert page["28"]
        render([page], background=False)  # raises UnknownBox for a key or an answer without a place


def test_no_two_places_overlap_and_all_are_on_the_sheet():
    taken: dict[tuple[int, int], str] = {}
    for box, place in places().items():
        assert 1 <= place.line <= LINES and 1 <= place.first <= place.last <= COLUMNS
        for column in range(place.first, place.last + 1):
            assert (place.line, column) not in taken, f"{box} and {taken[place.line, column]} overlap"
            taken[place.line, column] = box


def test_text_stands_on_the_grid_of_ten_columns_and_six_lines_an_inch():
    pdf = render([claim(1)], background=False)
    at = {text: (x, y) for text, x, y in runs(pdf)}
    for text, row, column in [
        ("BPH00912345", 8, 50),
        ("MARSH, TOBY", 10, 1),
        ("07 09 2014", 10, 31),
        ("J4520", 38, 3),
        ("N400006498600 ML0.5", 43, 1),
        ("99213", 44, 25),
        ("ABCD", 44, 45),
        ("1982736458", 44, 68),
        ("123456789", 56, 1),
        ("218 5550142", 57, 66),
        ("LAKESIDE NORTH", 58, 23),
        ("1234567893", 61, 51),
    ]:
        x, y = at[text]
        assert x == pytest.approx(21.6 + (column - 1) * 7.2, abs=1), text
        assert y == pytest.approx(792 - 24 - row * 12 + 3, abs=1), text


def test_amounts_end_at_the_right_of_their_box():
    pdf = render([{"24.1.F": "7 50", "24.2.F": "1234 05", "28": "1241 55"}], background=False)
    at = {text: x for text, x, _ in runs(pdf)}
    for text, last in [("7 50", 57), ("1234 05", 57), ("1241 55", 59)]:
        assert at[text] + len(text) * 7.2 == pytest.approx(21.6 + last * 7.2, abs=1)


def test_a_check_box_prints_one_x_at_its_answer():
    assert [(text, round(x), round(y)) for text, x, y in runs(render([{"6": "CHILD"}], background=False))] == [
        ("X", round(21.6 + 41 * 7.2 + 0.6), 792 - 24 - 12 * 12 + 3)
    ]


@pytest.mark.parametrize(("lines", "pages"), [(0, 1), (1, 1), (6, 1), (7, 2), (12, 2), (13, 3)])
def test_six_lines_a_sheet(lines, pages):
    reader = PdfReader(BytesIO(render([claim(lines)], background=False)))
    assert len(reader.pages) == pages
    printed = [page.extract_text().count("99213") for page in reader.pages]
    assert sum(printed) == lines and max(printed) <= 6


def test_each_sheet_totals_its_own_lines():
    first, second = form_pages(claim(8))
    texts = [page.extract_text() for page in PdfReader(BytesIO(render([first, second], background=False))).pages]
    assert "2100 30" in texts[0] and "1500 10" in texts[1]  # 1+…+6 and 7+8 hundred dollars and five cents each


@pytest.mark.parametrize("background", [True, False])
def test_the_same_claim_gives_the_same_bytes(background):
    assert render([claim()], background=background) == render([claim()], background=background)


def test_without_background_nothing_but_data_prints():
    pdf = render([{"2": "MARSH, TOBY"}], background=False)
    assert [text for text, _, _ in runs(pdf)] == ["MARSH, TOBY"]
    stream = PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data()
    assert b" re" not in stream and b" l S" not in stream


def test_the_background_is_added_to_the_same_data():
    with_grid, alone = (render([claim()], background=background) for background in (True, False))
    assert runs(with_grid) == runs(alone)
    assert "24A" in PdfReader(BytesIO(with_grid)).pages[0].extract_text()
    assert "24A" not in PdfReader(BytesIO(alone)).pages[0].extract_text()


def test_a_printer_offset_moves_everything():
    [(_, x0, y0)] = runs(render([{"2": "A"}], background=False))
    [(_, x1, y1)] = runs(render([{"2": "A"}], background=False, offset=PrinterOffset(right=3, down=5)))
    assert (round(x1 - x0, 3), round(y1 - y0, 3)) == (3, -5)


def test_text_that_is_cut_is_reported():
    [finding] = findings([{"1": "GROUP", "2": "M" * 30}])
    assert finding.rule == "forms.cms1500.truncated"
    assert finding.severity is Severity.WARNING
    assert (finding.where.position, finding.where.field) == (1, "box 2")
    assert "M" * 29 not in PdfReader(BytesIO(render([{"2": "M" * 30}], background=False))).pages[0].extract_text()


def test_text_that_fits_is_not_reported():
    assert (
        findings([{"2": "M" * 28, "33.phone": "2185550142", "24.1.F": "100000 00", "24.1.D.modifiers": "25 GT"}]) == []
    )


@pytest.mark.parametrize(
    "note, beside, below",
    [
        ("A" * 48, None, "A" * 48),
        ("SEEN WITH AN INTERPRETER " + "B" * 36, "SEEN WITH AN", "INTERPRETER " + "B" * 36),
        ("C" * 71, "C" * 23, "C" * 48),
        ("", None, None),
    ],
)
def test_box_19_holds_71_characters_beside_and_below_its_title(note, beside, below):
    changed = msgspec.structs.replace(claim(1), note=note)
    (page,) = form_pages(changed)
    assert (page.get("19.beside"), page.get("19")) == (beside, below)
    assert [finding for finding in findings([changed]) if "19" in finding.where.field] == []


def test_a_note_and_a_control_number_that_do_not_fit_are_said():
    long = msgspec.structs.replace(claim(1), note="D" * 72, control_number="A12345678901P1")
    assert [finding.where.field for finding in findings([long])] == ["box 19"]
    long = msgspec.structs.replace(claim(1), control_number="A123456789012P1")
    [finding] = findings([long])
    assert (finding.rule, finding.where.field) == ("forms.cms1500.truncated", "box 26")
    assert finding.severity is Severity.WARNING


def test_an_amount_is_never_cut():
    [finding] = findings([{"24.1.F": "1234567 89"}])
    assert finding.severity is Severity.ERROR
    assert runs(render([{"24.1.F": "1234567 89"}], background=False)) == []


def test_a_large_amount_closes_up():
    assert [text for text, _, _ in runs(render([{"24.1.F": "100000 00"}], background=False))] == ["10000000"]


@pytest.mark.parametrize("boxes", [{"99": "A"}, {"1": "GOLD"}, {"24.7.F": "1 00"}])
def test_a_box_that_the_form_lacks_is_an_error(boxes):
    with pytest.raises(UnknownBox):
        render([boxes], background=False)


def test_no_pages_is_an_error():
    with pytest.raises(ValueError, match="no page"):
        render([], background=False)


def test_the_file_names_no_patient_in_its_metadata():
    meta = PdfReader(BytesIO(render([claim()], background=True))).metadata
    assert "MARSH" not in str(meta).upper()


@given(
    st.sampled_from([box for box, place in places().items() if place.kind == "text"]), st.text("ABC -9", max_size=90)
)
def test_what_is_printed_is_the_beginning_of_what_was_given(box, value):
    place = places()[box]
    printed = place.fit(value)
    assert printed is not None and value.startswith(printed.strip() if place.align == "right" else printed)
    assert len(printed) <= place.width
    assert bool(findings([{box: value}])) == (value.replace(" ", "") != printed.replace(" ", ""))
