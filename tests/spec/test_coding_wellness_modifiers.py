"""Medicare's wellness visits beside what is done on the same day: when 25 says that the visit stood apart.

NCCI policy manual ch. 1 §D; CMS Claims Processing Manual ch. 18 §140.
"""

from datetime import date

import pytest
from tests.coding_charts import WELLNESS, cpt, procedure, vaccine, visit
from tests.spec.test_coding_visits import code, visit_codes

from superbill.chart.model import HCPCS

BORN = {65: date(1961, 1, 15), 66: date(1960, 1, 15), 70: date(1956, 1, 15)}


def wellness(*done, age: int = 66, payer: str = "medicare", **fields) -> list[str]:
    return visit_codes(code(visit(WELLNESS, procedures=done, **fields), born=BORN[age], payer=payer))


@pytest.mark.parametrize("done", ["69210", "20610", "11200", "96372", "90471"])
@pytest.mark.parametrize("age, visited", [(65, "G0402"), (66, "G0438")])
def test_a_procedure_or_injection_beside_a_wellness_visit_asks_for_25(age, visited, done):
    assert wellness(cpt(done), age=age)[0] == f"{visited}-25"


def test_a_later_wellness_visit_is_no_other():
    before = [visit(WELLNESS, date(2025, 1, 20), id="e-0")]
    coded = code(visit(WELLNESS, procedures=(cpt("69210"),)), born=BORN[70], payer="medicare", before=before)
    assert visit_codes(coded)[0] == "G0439-25"


@pytest.mark.parametrize("done", ["36415", "93000", "85025", "90480", "99406"])
def test_tests_and_the_vaccines_of_part_b_leave_it_alone(done):
    assert wellness(cpt(done))[0] == "G0438"


@pytest.mark.parametrize("done", ["G0008", "G0009", "G0101", "G0444"])
def test_medicares_other_preventive_services_leave_it_alone(done):
    assert wellness(procedure(done, system=HCPCS))[0] == "G0438"


def test_a_flu_vaccine_that_the_practice_gives_leaves_it_alone():
    given = visit(WELLNESS, immunizations=(vaccine("140"),))
    assert visit_codes(code(given, born=BORN[66], payer="medicare"))[0] == "G0438"


def test_an_operation_of_the_day_is_not_decided_on_at_a_wellness_visit():
    assert "G0438" in wellness(cpt("44970"))[0] and "57" not in wellness(cpt("44970"))[0]


def test_other_payers_visits_are_as_they_were():
    assert wellness(cpt("69210"), payer="commercial")[0] == "99397-25"
