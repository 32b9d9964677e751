"""Dental claims: from coded services and from charts, what each service must tell, and the form."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from msgspec.structs import replace
from pypdf import PdfReader
from tests.claims_makers import DAY, PARTIES, PAYERS, chart, claim, coverage, encounter

from superbill.chart.model import SNOMED, AccidentRecord, Coding, Concept, ProcedureRecord
from superbill.claims import Held, SelfPay
from superbill.claims.ada_items import pages
from superbill.claims.build_dental import (
    CDT,
    DentalService,
    DentalVisit,
    build_dental,
    dental_services,
    is_tooth,
    needs_of,
)
from superbill.claims.coverage_order import order_coverages
from superbill.claims.dental import DentalDetail, DentalLine, Orthodontics, Tooth, ToothStatus
from superbill.effective import Period
from superbill.forms import ada, papers

FILLING = DentalLine(teeth=(Tooth("14", ("M", "O")),))


def service(code, **mouth):
    return DentalService(code=code, on=DAY, mouth=DentalLine(**mouth))


def visit(*services, coverages=None, the_encounter=None, **more):
    person = chart(*([coverage("buckeye")] if coverages is None else coverages))
    the_encounter = the_encounter or encounter()
    given = {"account": "A1007", "parties": PARTIES, "price": lambda code, _modifiers, _day: 125_00}
    return DentalVisit(
        chart=person,
        encounter=the_encounter,
        services=services,
        order=order_coverages(person, the_encounter, PAYERS.get),
        **(given | more),
    )


def built(*services, **more):
    (one,) = build_dental(visit(*services, **more)).claims
    return one


def rules(result):
    return {finding.rule for finding in result.findings}


def test_a_dental_claim_has_its_teeth_surfaces_and_charges():
    one = built(
        DentalService(code="D2392", on=DAY, mouth=FILLING, diagnosis_pointers=(1,)),
        service("D1110"),
        diagnoses=("K02.9",),
    )
    assert (one.kind, one.control_number, one.charge, one.place_of_service) == ("dental", "A1007P1", 250_00, "11")
    first, second = one.lines
    assert (first.procedure.code, first.procedure.qualifier, first.dental) == ("D2392", "AD", FILLING)
    assert (first.control_number, first.diagnosis_pointers, second.dental) == ("A1007-1", (1,), None)
    assert [each.code for each in one.diagnoses] == ["K029"]


@pytest.mark.parametrize(
    "code, mouth, rule",
    [
        ("D2392", {}, "claims.dental-tooth"),
        ("D2392", {"teeth": (Tooth("14"),)}, "claims.dental-surface"),
        ("D2392", {"teeth": (Tooth("33", ("M",)),)}, "claims.dental-tooth"),
        ("D2392", {"teeth": (Tooth("14", ("M", "M")),)}, "claims.dental-surface"),
        ("D4341", {}, "claims.dental-quadrant"),
        ("D5110", {"prosthesis": "I"}, "claims.dental-arch"),
        ("D2750", {"teeth": (Tooth("3"),)}, "claims.dental-prosthesis"),
        ("D2750", {"teeth": (Tooth("3"),), "prosthesis": "R"}, "claims.dental-prosthesis"),
        ("D8080", {}, "claims.dental-orthodontics"),
        ("99213", {}, "claims.dental-code"),
    ],
)
def test_what_a_service_does_not_tell_holds_the_claim(code, mouth, rule):
    result = build_dental(visit(service(code, **mouth)))
    assert isinstance(result, Held)
    assert rule in rules(result)
    assert all(finding.fix and finding.where.service_line == 1 for finding in result.findings)


@pytest.mark.parametrize(
    "code, mouth",
    [
        ("D1110", {}),
        ("D7140", {"teeth": (Tooth("A"),)}),
        ("D4341", {"oral_cavity": ("10",)}),
        ("D5110", {"oral_cavity": ("01",), "prosthesis": "I"}),
        ("D2750", {"teeth": (Tooth("3"),), "prosthesis": "R", "prior_placement": date(2014, 5, 1)}),
    ],
)
def test_what_a_service_tells_in_full_is_billed(code, mouth):
    assert built(service(code, **mouth)).lines[0].procedure.code == code


def test_orthodontics_need_their_plan():
    plan = DentalDetail(orthodontics=Orthodontics(months=24, months_left=24, placed=DAY))
    assert built(service("D8080"), detail=plan).dental.orthodontics.months == 24
    assert "orthodontics" in needs_of("D8080") and needs_of("D0120") == frozenset()


def test_a_predetermination_asks_before_anything_was_done():
    one = built(service("D2750", teeth=(Tooth("3"),), prosthesis="I"), predetermination=True)
    assert one.predetermination and one.lines[0].service == Period()


def test_missing_prices_too_many_diagnoses_and_nothing_done_hold_the_claim():
    assert rules(build_dental(visit(service("D1110"), price=lambda *_: None))) == {"claims.no-price"}
    assert rules(build_dental(visit(service("D1110"), diagnoses=("K02.9",) * 5))) == {"claims.dental-diagnoses"}
    assert rules(build_dental(visit())) == {"claims.no-service"}


def test_without_coverage_the_patient_owes_it():
    result = build_dental(visit(service("D1110"), coverages=[]))
    assert isinstance(result, SelfPay) and result.lines[0].charge == 125_00


def test_an_accident_is_on_the_claim_as_recorded():
    happened = encounter(accident=AccidentRecord(kind="other", on=date(2026, 3, 1)))
    assert built(service("D0140"), the_encounter=happened).accident.causes == ("OA",)


@pytest.mark.parametrize(
    "site, mouth",
    [
        ("tooth 14 MO", DentalLine(teeth=(Tooth("14", ("M", "O")),))),
        ("Tooth #3", DentalLine(teeth=(Tooth("3"),))),
        ("upper right quadrant", DentalLine(oral_cavity=("10",))),
        ("tooth 40", DentalLine()),
        ("", DentalLine()),
    ],
)
def test_a_charts_procedure_tells_its_tooth_by_its_body_site(site, mouth):
    record = ProcedureRecord(id="p", concept=Concept((Coding(CDT, "d2392"),)), body_site=site, performed=DAY)
    (found,) = dental_services(encounter(procedures=(record,)))
    assert (found.code, found.on, found.mouth) == ("D2392", DAY, mouth)


def test_a_charts_procedure_in_snomed_is_coded_by_the_crosswalk_and_others_are_left():
    wisdom = ProcedureRecord(id="w", concept=Concept((Coding(SNOMED, "65546002"),)))
    other = ProcedureRecord(id="o", concept=Concept((Coding(SNOMED, "80146002"),)))
    planned = ProcedureRecord(id="n", concept=Concept((Coding(CDT, "D1110"),)), status="not-done")
    found = dental_services(encounter(procedures=(wisdom, other, planned)))
    assert [one.code for one in found] == ["D7240"]
    assert "claims.dental-tooth" in rules(build_dental(visit(*found)))


TEETH = {"1": True, "32": True, "33": False, "T": True, "U": False, "51": True, "AS": True, "": False}


@pytest.mark.parametrize("number, known", TEETH.items())
def test_which_numbers_are_teeth(number, known):
    assert is_tooth(number) is known


def test_the_items_of_the_form():
    detail = DentalDetail(teeth=(ToothStatus("1", "M"), ToothStatus("16", "M")))
    crown = service("D2750", teeth=(Tooth("3"),), prosthesis="R", prior_placement=date(2014, 5, 1))
    one = built(
        DentalService(code="D2392", on=DAY, mouth=FILLING, units=Decimal(1), diagnosis_pointers=(1,)), crown,
        detail=detail, diagnoses=("K02.9",), coverages=[coverage("buckeye"), coverage("second", 2)],
    )  # fmt: skip
    (page,) = pages(one, DAY)
    expected = {
        "1": "ACTUAL", "3.name": "BUCKEYE", "11": "SECOND", "15": "BUCKEYE77", "18": "SELF", "23": "A1007P1",
        "24.1": "03/02/2026", "26.1": "JP", "27.1": "14", "28.1": "MO", "29.1": "D2392", "29a.1": "A", "29b.1": "1",
        "31.1": "125 00", "32": "250 00", "33": "1 16", "34": "AB", "34a.A": "K029", "43": "YES", "44": "05/01/2014",
        "48.name": "MAPLE STREET FAMILY MEDICINE", "54": "1003000126",
    }  # fmt: skip
    assert {key: page.get(key) for key in expected} == expected


def test_ten_services_a_page_each_with_its_own_total_and_the_same_bytes_every_time():
    one = built(*(service("D0220") for _ in range(11)))
    assert [page["32"] for page in pages(one)] == ["1250 00", "125 00"]
    pdf = ada.render([one], signed_on=DAY)
    assert pdf == papers.render("ada", [one], day=DAY)
    assert len(PdfReader(BytesIO(pdf)).pages) == 2
    assert ada.findings([one]) == []
    with pytest.raises(ValueError, match="dental"):
        pages(claim())


@pytest.mark.parametrize("areas", [("10",), ("10", "20"), ("10", "20", "40")])
def test_the_areas_of_a_service_print_in_full(areas):
    told = DentalLine(oral_cavity=areas)
    one = built(DentalService(code="D4341", on=DAY, mouth=told, units=Decimal(1), diagnosis_pointers=(1, 2, 3, 4)),
                diagnoses=("K05.311", "K02.9", "K03.6", "K08.9"))  # fmt: skip

    assert ada.findings([one]) == []
    printed = PdfReader(BytesIO(ada.render([one], signed_on=DAY))).pages[0].extract_text()
    assert f"{' '.join(areas)} D4341 ABCD 1 125 00" in printed


def test_a_large_fee_prints_in_full_and_none_is_cut():
    one = built(DentalService(code="D4341", on=DAY, mouth=DentalLine(oral_cavity=("10",)), units=Decimal(1)))
    dear = replace(one, lines=(replace(one.lines[0], charge=123_456_78),))

    assert ada.findings([dear]) == []
