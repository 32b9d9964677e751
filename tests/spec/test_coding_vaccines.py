"""Vaccines: product and administration, in the sequence that CPT and Medicare ask for."""

from datetime import date
from decimal import Decimal

import pytest
from tests.coding_charts import DAY, chart, note, procedure, vaccine, visit

from superbill.coding import code_encounter

SHOTS = "33879002"
CHILD = date(2020, 1, 1)


def lines(*given, born=date(1980, 6, 15), payer="", on=DAY, before=(), **fields) -> dict[str, Decimal]:
    encounter = visit(SHOTS, on, immunizations=given, **fields)
    coded = code_encounter(chart(*before, encounter, born=born), encounter, established=True, payer_kind=payer)
    return {service.procedure.code: service.units for service in coded.services}


@pytest.mark.parametrize(
    ("cvx", "expected"),
    [
        (("140",), {"90656": 1, "90471": 1}),
        (("140", "113"), {"90656": 1, "90714": 1, "90471": 1, "90472": 1}),
        (("140", "113", "52"), {"90656": 1, "90714": 1, "90632": 1, "90471": 1, "90472": 2}),
        (("119",), {"90681": 1, "90473": 1}),
        (("119", "116"), {"90681": 1, "90680": 1, "90473": 1, "90474": 1}),
        (("119", "20"), {"90681": 1, "90700": 1, "90471": 1, "90474": 1}),
        (("149",), {"90672": 1, "90473": 1}),
    ],
)
def test_administration_by_route(cvx: tuple[str, ...], expected: dict[str, int]) -> None:
    assert lines(*(vaccine(code) for code in cvx)) == expected


def test_counseling_under_19_counts_components() -> None:
    talked = (note("Vaccines reviewed: counseled mother on DTaP vaccine risks."),)
    given = (vaccine("20"), vaccine("10"), vaccine("03"))
    expected = {"90700": 1, "90713": 1, "90707": 1, "90460": 3, "90461": 4}
    assert lines(*given, born=CHILD, notes=talked) == expected
    assert lines(*given, born=CHILD) == {"90700": 1, "90713": 1, "90707": 1, "90471": 1, "90472": 2}
    assert "90460" not in lines(*given, born=CHILD, notes=(note("Counseled on diet."),))


def test_counseling_ends_with_the_nineteenth_birthday() -> None:
    talked = (note("Immunization counseling was given."),)
    assert "90460" in lines(vaccine("165"), born=date(2007, 3, 3), notes=talked)
    assert "90471" in lines(vaccine("165"), born=date(2007, 3, 2), notes=talked)


def test_medicare_has_its_own_administration_codes() -> None:
    given = (vaccine("140"), vaccine("33"), vaccine("43"), vaccine("113"))
    products = {"90656": 1, "90732": 1, "90746": 1, "90714": 1}
    own = {"G0008": 1, "G0009": 1, "G0010": 1, "90471": 1}
    assert lines(*given, payer="medicare") == products | own
    assert lines(vaccine("140"), payer="commercial") == {"90656": 1, "90471": 1}


@pytest.mark.parametrize(
    ("cvx", "on", "dose", "expected"),
    [
        ("208", date(2023, 4, 18), 1, {"91300": 1, "0001A": 1}),
        ("208", date(2023, 4, 18), 2, {"91300": 1, "0002A": 1}),
        ("208", date(2023, 4, 19), 1, {}),
        ("207", date(2021, 1, 5), 2, {"91301": 1, "0012A": 1}),
        ("212", date(2023, 6, 1), 1, {"91303": 1, "0031A": 1}),
        ("212", date(2023, 6, 2), 1, {}),
        ("309", date(2023, 9, 10), 1, {}),
        ("309", date(2023, 9, 11), 1, {"91320": 1, "90480": 1}),
    ],
)
def test_covid_codes_hold_on_their_dates_only(cvx: str, on: date, dose: int, expected: dict[str, int]) -> None:
    assert lines(vaccine(cvx, dose_number=dose), on=on) == expected


def test_a_second_dose_is_counted_from_the_chart() -> None:
    first = visit(SHOTS, date(2021, 3, 1), id="e-0", immunizations=(vaccine("208", id="v-0"),))
    assert lines(vaccine("208"), on=date(2021, 3, 22), before=(first,)) == {"91300": 1, "0002A": 1}


def test_the_drug_code_passes_through_and_z23_is_the_reason() -> None:
    encounter = visit(SHOTS, immunizations=(vaccine("140", ndc="49281042150", dose_quantity=Decimal("0.5")),))
    coded = code_encounter(chart(encounter), encounter, established=True)
    product = next(s for s in coded.services if s.procedure.code == "90656")
    assert (product.ndc, product.ndc_quantity) == ("49281042150", Decimal("0.5"))
    assert [d.code for d in coded.diagnoses] == ["Z23"]
    assert all(s.diagnosis_pointers == (1,) for s in coded.services)


def test_a_vaccine_that_was_not_given_is_not_billed() -> None:
    assert lines(vaccine("140", status="not-done")) == {}


def test_an_unknown_vaccine_holds_the_encounter_and_names_it() -> None:
    encounter = visit(SHOTS, immunizations=(vaccine("998"),))
    coded = code_encounter(chart(encounter), encounter, established=True)
    assert coded.disposition.value == "held"
    assert [f.rule for f in coded.findings] == ["coding.unmapped-vaccine"]
    assert "998" in coded.findings[0].message


def test_a_vaccine_recorded_as_a_procedure_is_sequenced_with_the_others() -> None:
    assert lines(vaccine("140"), procedures=(procedure("399014008"),)) == {
        "90656": 1, "90715": 1, "90471": 1, "90472": 1,
    }  # fmt: skip


def test_an_examination_beside_a_vaccine_carries_25() -> None:
    encounter = visit("162673000", immunizations=(vaccine("140"),))
    coded = code_encounter(chart(encounter), encounter, established=True)
    assert (coded.services[0].procedure.code, coded.services[0].modifiers) == ("99396", ("25",))
    assert [d.code for d in coded.diagnoses] == ["Z00.00", "Z23"]


def test_vaccines_do_not_go_out_without_the_examination_that_age_decides() -> None:
    encounter = visit("162673000", immunizations=(vaccine("140"),))
    coded = code_encounter(chart(encounter, born=None), encounter, established=True)
    assert (coded.disposition.value, coded.services) == ("held", ())
