"""The UB-04 as data and as PDF: every locator in its place, 22 lines a page, the total on the last."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pypdf import PdfReader
from tests.claims_makers import claim as professional_claim
from tests.claims_makers import coverage
from tests.facility_makers import bill, inpatient_part, operated, outpatient_part, performed, stay

from superbill.chart.model import AccidentRecord
from superbill.claims.institutional import Occurrence, OccurrenceSpan, Value
from superbill.claims.model import Diagnosis, NationalDrug, Procedure, ServiceLine
from superbill.claims.ub04_locators import LINES_PER_PAGE, left_out, pages, value_text
from superbill.effective import Period
from superbill.findings import Severity
from superbill.forms import papers, ub04
from superbill.forms.cms1500 import UnknownBox
from superbill.forms.drawn import place_of

D = date.fromisoformat


def stayed(**more):
    part = inpatient_part(performed("0360", "44970"), procedures=(operated("0DTJ4ZZ", "2026-03-03"),))
    return bill(part, **more)


def with_lines(count):
    lines = tuple(
        ServiceLine(
            number=number, control_number=f"A1007F-{number}", procedure=Procedure("80048"), revenue_code="0300",
            charge=58_00 + number, service=Period(D("2026-03-02"), D("2026-03-02")),
        )
        for number in range(1, count + 1)
    )  # fmt: skip
    return replace(bill(outpatient_part(performed("0300", "80048")), stay(end="2026-03-02")), lines=lines)


def test_the_locators_of_a_stay():
    (page,) = pages(stayed(), D("2026-03-20"))
    expected = {
        "1.name": "MAPLE COUNTY HOSPITAL", "1.city": "COLUMBUS OH 43215-1235", "3a": "A1007FP1", "4": "0111",
        "5": "399999997", "6.from": "030226", "6.through": "030526", "8b": "RIVERA, ELENA, M", "10": "04121980",
        "11": "F", "12": "030226", "13": "09", "14": "1", "15": "1", "16": "14", "17": "01",
        "39a.code": "80", "39a.amount": "3   ", "42.1": "0120", "44.1": "1180 00", "46.1": "3", "47.1": "3540 00",
        "42.2": "0360", "42.23": "0001", "47.23": "8940 00", "43.23.page": "1", "43.23.of": "1", "45.23": "032026",
        "50A": "BUCKEYE", "56": "1999998051", "58A": "RIVERA, ELENA, M", "59A": "18", "60A": "BUCKEYE77",
        "66": "0", "67": "K3580  Y", "67A": "I10    Y", "69": "R109", "74.code": "0DTJ4ZZ", "74.date": "030326",
        "76.npi": "1003000126", "76.last": "OKAFOR", "76.first": "ADA", "77.last": "OKAFOR",
        "81.a.qualifier": "B3", "81.a.code": "282N00000X",
    }  # fmt: skip
    assert {key: page.get(key) for key in expected} == expected
    assert not any(key.startswith("45.") and key != "45.23" for key in page)


def test_an_outpatients_lines_carry_code_and_day_and_no_admission():
    drug = performed("0636", "J1885", ndc="00409-3795-01", ndc_quantity=Decimal(1))
    part = outpatient_part(performed("0450", "99283", modifiers=("25",)), drug, reasons=("S93.401A",))
    (page,) = pages(bill(part, stay(end="2026-03-02")))
    assert (page["44.1"], page["45.1"], page["70a"]) == ("9928325", "030226", "S93401A")
    assert page["43.2"] == "N400409379501 UN1"
    assert not {"12", "13", "16", "69"} & page.keys()


@pytest.mark.parametrize("count, expected", [(0, 1), (1, 1), (22, 1), (23, 2), (44, 2), (45, 3)])
def test_every_page_has_22_lines_and_the_last_the_total(count, expected):
    claim = with_lines(count)
    made = pages(claim)
    assert len(made) == expected
    assert [page["43.23.of"] for page in made] == [str(expected)] * expected
    assert ["42.23" in page for page in made] == [False] * (expected - 1) + [True]
    printed = [page.get(f"47.{row}") for page in made for row in range(1, LINES_PER_PAGE + 1)]
    whole = sum(int(text.replace(" ", "")) for text in printed if text)
    assert whole == claim.charge == int(made[-1]["47.23"].replace(" ", ""))


def test_codes_of_events_go_across_row_a_before_row_b():
    days = tuple(Occurrence(f"0{number}", D("2026-03-01")) for number in range(1, 6))
    spans = tuple(OccurrenceSpan(code, Period(D("2026-01-01"), D("2026-01-03"))) for code in ("70", "71", "72"))
    values = tuple(Value(code, Decimal(number)) for number, code in enumerate(("01", "02", "80", "81")))
    one = stayed()
    detail = replace(one.institutional, occurrences=days, spans=spans, values=values)
    (page,) = pages(replace(one, institutional=detail))
    assert [page[f"{box}.code"] for box in ("31a", "32a", "33a", "34a", "31b")] == ["01", "02", "03", "04", "05"]
    assert [page[f"{box}.code"] for box in ("35a", "36a", "35b")] == ["70", "71", "72"]
    assert [page[f"{box}.code"] for box in ("39a", "40a", "41a", "39b")] == ["01", "02", "80", "81"]


@pytest.mark.parametrize(
    "code, number, text", [("01", "1180", "1180 00"), ("80", "12", "12   "), ("01", "0.5", "0 50")]
)
def test_a_value_is_money_or_a_count(code, number, text):
    assert value_text(code, Decimal(number)) == text


def test_payers_stand_in_the_order_in_which_they_pay():
    (page,) = pages(bill(coverages=[coverage("medicare"), coverage("medigap", 2)]))
    assert (page["50A"], page["50B"]) == ("MEDICARE", "MEDIGAP")
    assert "54A" not in page


def test_what_the_form_has_no_room_for_is_told():
    one = stayed()
    many = tuple(Diagnosis(f"M{number:03d}", "Y") for number in range(25))
    (told,) = left_out(replace(one, diagnoses=many))
    assert (told.rule, told.severity) == ("forms.ub04.left-out", Severity.WARNING)
    assert "25 diagnoses" in told.message and left_out(one) == []


def test_a_text_that_is_too_long_is_a_warning_and_an_amount_an_error():
    one = stayed()
    long = replace(one, payer=replace(one.payer, name="The Very Long Insurance Company of Ohio"))
    assert {(f.severity, f.where.field) for f in ub04.findings([long])} == {(Severity.WARNING, "FL 50A")}
    dear = replace(one, lines=(replace(one.lines[0], charge=12_345_678_901_00),))
    assert {f.severity for f in ub04.findings([dear])} == {Severity.ERROR}
    assert ub04.findings([one]) == []


def test_the_pdf_shows_every_locator_and_is_the_same_every_time():
    claims = [stayed(), with_lines(30)]
    pdf = ub04.render(claims, created=D("2026-03-20"))
    assert pdf == ub04.render(claims, created=D("2026-03-20"))
    read = PdfReader(BytesIO(pdf))
    assert len(read.pages) == 3
    first = read.pages[0].extract_text()
    for text in ("MAPLE COUNTY HOSPITAL", "0DTJ4ZZ", "8940 00", "OKAFOR", "K3580"):
        assert text in first


def test_a_form_takes_claims_of_its_own_kind_alone():
    professional, institutional = professional_claim(), stayed()
    assert papers.form_of(institutional) == "ub04"
    with pytest.raises(ValueError, match="UB-04"):
        papers.render("ub04", [professional])
    with pytest.raises(ValueError, match="institutional"):
        pages(professional)
    with pytest.raises(ValueError, match="our own"):
        papers.render("ub04", [institutional], background=False)
    with pytest.raises(ValueError, match="no page"):
        ub04.render([])
    with pytest.raises(UnknownBox):
        place_of("superbill.forms.ub04", "99")


@given(st.integers(0, 60), st.lists(st.sampled_from(["auto", "employment", "other"]), max_size=1))
def test_every_key_has_its_place_on_the_page(count, causes):
    accident = AccidentRecord(kind=causes[0], on=D("2026-03-01"), state="OH") if causes else None
    key = {"auto": "motor", "employment": "compensation"}.get(causes[0] if causes else "", "buckeye")
    one = stayed(the_stay=stay(accident=accident), coverages=[coverage(key)])
    for page in pages(replace(one, lines=with_lines(count).lines)):
        for locator in page:
            place_of("superbill.forms.ub04", locator)


def test_an_ndc_prints_before_its_quantity():
    one = with_lines(1)
    drugged = replace(one, lines=(replace(one.lines[0], drug=NationalDrug("00409379501", Decimal("1.5"), "ML")),))
    assert pages(drugged)[0]["43.1"] == "N400409379501 ML1.5"
