"""What stands in each box of the CMS-1500."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.claims_makers import claim, coded, coverage, service

from superbill.claims import form_pages
from superbill.claims.model import (
    Accident,
    Address,
    Contact,
    NationalDrug,
    OtherInsurance,
    Payer,
    Person,
    Provider,
    Subscriber,
)
from superbill.claims.print_text import amount, name, plain, postal

BOTH = (coverage("buckeye", 1, group_number="G7"), coverage("second", 2))


def page(one=None, **change):
    return form_pages(replace(one or claim(*BOTH), **change))[0]


def test_patient_and_insured():
    boxes = page()
    assert (boxes["1"], boxes["1a"], boxes["2"]) == ("GROUP", "BUCKEYE77", "RIVERA, ELENA, M")
    assert (boxes["3.dob"], boxes["3.sex"], boxes["6"]) == ("04 12 1980", "F", "SELF")
    assert [boxes[f"5.{part}"] for part in ("street", "city", "state", "zip")] == [
        "12 ELM COURT",
        "DUBLIN",
        "OH",
        "43016",
    ]
    assert (boxes["4"], boxes["7.street"], boxes["11"]) == ("RIVERA, ELENA, M", "12 ELM COURT", "G7")
    assert (boxes["11a.dob"], boxes["11a.sex"], boxes["11c"]) == ("04 12 1980", "F", "BUCKEYE")


def test_another_plan_stands_in_box_9_and_11d_says_so():
    boxes = page()
    assert (boxes["9"], boxes["9a"], boxes["9d"], boxes["11d"]) == ("RIVERA, ELENA, M", "SECOND77", "SECOND", "YES")
    alone = form_pages(claim())[0]
    assert alone["11d"] == "NO" and not [box for box in alone if box.startswith("9")]


def test_medicare_first_says_none_in_box_11_and_leaves_the_insured_out():
    boxes = page(claim(coverage("medicare")))
    assert (boxes["1"], boxes["11"]) == ("MEDICARE", "NONE")
    assert not {"4", "7.street", "11a.dob", "11c", "11d"} & boxes.keys()
    assert boxes["32.name"] == "MAPLE STREET FAMILY MEDICINE"


def test_medicare_second_names_the_insured_of_the_first_plan():
    first = OtherInsurance(
        payer=Payer(name="Buckeye", id="BUCKE"),
        subscriber=Subscriber(responsibility="P", relationship="01", person=Person("Rivera", "Luis"), member_id="B1"),
    )
    boxes = page(claim(coverage("medicare")), other_insurance=(first,))
    assert (boxes["4"], boxes["11"], boxes["11c"]) == ("RIVERA, LUIS", "B1", "BUCKEYE")
    assert "9" not in boxes


def test_the_service_line():
    boxes = page()
    line = {key.removeprefix("24.1."): value for key, value in boxes.items() if key.startswith("24.1.")}
    assert line == {
        "A.from": "03 02 26",
        "A.to": "03 02 26",
        "B": "11",
        "D.code": "99213",
        "E": "AB",
        "F": "125 00",
        "G": "1",
        "J": "1003000126",
        "I.shaded": "ZZ",
        "J.shaded": "207Q00000X",
    }
    assert (boxes["21.A"], boxes["21.B"], boxes["21.indicator"]) == ("E119", "I10", "0")
    assert (boxes["28"], "29" in boxes) == ("125 00", False)


def test_modifiers_stand_together_and_apart():
    boxes = page(claim(the_coded=coded(service("99213", modifiers=("25", "95")))))
    assert (boxes["24.1.D.modifiers"], boxes["24.1.D.m1"], boxes["24.1.D.m2"]) == ("25 95", "25", "95")


def test_the_shaded_line_has_the_drug_and_then_the_words():
    one = claim()
    line = replace(one.lines[0], drug=NationalDrug("49281042150", Decimal("0.50"), "ML"), note="Lot 12, left arm.")
    assert page(one, lines=(line,))["24.1.shaded"] == "N449281042150 ML0.5   ZZLOT 12 LEFT ARM"


@pytest.mark.parametrize("count, forms", [(1, [1]), (6, [6]), (7, [6, 1]), (13, [6, 6, 1])])
def test_six_lines_a_form_each_with_its_own_total(count, forms):
    one = claim(the_coded=coded(*(service("99213") for _ in range(count))))
    pages = form_pages(replace(one, patient_paid=20_00))
    assert [boxes["28"] for boxes in pages] == [amount(125_00 * lines) for lines in forms]
    assert [boxes.get("29") for boxes in pages] == ["20 00"] + [None] * (len(forms) - 1)
    assert all(boxes["21.A"] == "E119" and boxes["33a"] == "1234567893" for boxes in pages)
    assert f"24.{forms[-1]}.F" in pages[-1] and f"24.{forms[-1] + 1}.F" not in pages[-1]


def test_an_auto_accident():
    boxes = page(accident=Accident(on=date(2026, 3, 1), causes=("AA",), state="OH"))
    assert [boxes[box] for box in ("10a", "10b", "10b.state", "10c")] == ["NO", "YES", "OH", "NO"]
    assert (boxes["15.date"], boxes["15.qualifier"]) == ("03 01 26", "439")


@pytest.mark.parametrize(
    "change, day, qualifier",
    [
        ({"onset": date(2026, 2, 27)}, "02 27 26", "431"),
        ({"last_menstrual_period": date(2025, 12, 1), "onset": date(2026, 2, 27)}, "12 01 25", "484"),
    ],
)
def test_box_14_tells_onset_or_last_menstrual_period(change, day, qualifier):
    boxes = page(**change)
    assert (boxes["14.date"], boxes["14.qualifier"]) == (day, qualifier)


def test_box_17_names_one_provider_in_natural_order():
    referring = Provider(person=Person("Lund", "Ivo", "Karl"), npi="1003000126")
    boxes = page(referring=referring, supervising=Provider(person=Person("Other"), npi="1234567893"))
    assert (boxes["17.qualifier"], boxes["17"], boxes["17b"]) == ("DN", "IVO K LUND", "1003000126")
    assert page(supervising=referring)["17.qualifier"] == "DQ"


def test_box_22_and_23():
    boxes = page(frequency="7", payer_control_number="ICN1", prior_authorization="PA-20 26", clia="36D0123456")
    assert (boxes["22.code"], boxes["22.original"], boxes["23"]) == ("7", "ICN1", "PA2026")
    assert page(claim(coverage("medicare")), prior_authorization="PA1", clia="36D0123456")["23"] == "36D0123456"


def test_the_biller_and_the_place():
    billing = replace(claim().billing, contact=Contact(phone="6145550100"))
    facility = Provider(
        organization="Northside", npi="1003000126", address=Address("9 Ridge Rd.", "Columbus", "OH", "43201")
    )
    boxes = form_pages(replace(claim(), billing=billing, service_facility=facility), date(2026, 3, 9))[0]
    assert (boxes["25"], boxes["25.kind"], boxes["26"], boxes["27"]) == ("311234567", "EIN", "A1007P1", "YES")
    assert (boxes["31"], boxes["31.date"]) == ("SIGNATURE ON FILE", "03 09 26")
    assert [boxes[f"32{part}"] for part in (".name", ".street", ".city", "a")] == [
        "NORTHSIDE",
        "9 RIDGE RD",
        "COLUMBUS OH 43201",
        "1003000126",
    ]
    assert [boxes[f"33{part}"] for part in (".phone", ".name", ".city", "a", "b")] == [
        "6145550100",
        "MAPLE STREET FAMILY MEDICINE",
        "COLUMBUS OH 43215-1234",
        "1234567893",
        "ZZ207Q00000X",
    ]


def test_signatures_stand_only_where_they_were_given():
    boxes = page(release_of_information="I", benefits_assigned="N", provider_signature=False)
    assert not {"12", "13", "31"} & boxes.keys()


def test_no_box_is_empty_and_a_claim_without_lines_still_makes_a_form():
    assert all(page().values())
    assert page(lines=())["28"] == "0 00"


def test_text_is_printed_in_capitals_without_punctuation():
    assert plain("José María Ñandú") == "JOSE MARIA NANDU"
    assert plain("St. Mary's  Clinic, #4") == "ST MARYS CLINIC 4"
    assert name(Person("Smith-Jones", "Ann", "Bea", "Jr.")) == "SMITH-JONES JR, ANN, B"
    assert (amount(5), amount(123456), amount(-150)) == ("0 05", "1234 56", "-1 50")
    assert postal(Address("x", "Dublin", "OH", "43016")) == "DUBLIN OH 43016"
