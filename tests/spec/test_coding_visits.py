"""The visit code, by kind of visit, age, payer, place and date."""

from datetime import date

import pytest
from tests.coding_charts import (
    DAY,
    EMERGENCY,
    FOLLOW_UP,
    SYMPTOM,
    WELLNESS,
    chart,
    condition,
    cpt,
    drug,
    icd,
    note,
    procedure,
    visit,
)

from superbill.chart.model import CoverageRecord, ServiceLocation
from superbill.coding import code_encounter, is_established
from superbill.coding.model import CodedEncounter, Disposition
from superbill.effective import Period

SINUSITIS, HYPERTENSION, LIPIDS, SPRAIN = "444814009", "59621000", "55822004", "44465007"


def code(encounter, *, born=date(1980, 6, 15), established=True, payer="", before=(), **fields) -> CodedEncounter:
    return code_encounter(
        chart(*before, encounter, born=born, **fields), encounter, established=established, payer_kind=payer
    )


def visit_codes(coded: CodedEncounter) -> list[str]:
    return ["-".join((s.procedure.code, *s.modifiers)) for s in coded.services if s.procedure.code[:2] in {"99", "G0"}]


@pytest.mark.parametrize(
    ("birthday", "day_before", "on_it"),
    [
        (1, "99391", "99392"),
        (5, "99392", "99393"),
        (12, "99393", "99394"),
        (18, "99394", "99395"),
        (40, "99395", "99396"),
        (65, "99396", "99397"),
    ],
)
def test_a_preventive_visit_changes_its_code_on_the_birthday(birthday: int, day_before: str, on_it: str) -> None:
    eve, day = date(2026 - birthday, 3, 3), date(2026 - birthday, 3, 2)
    assert visit_codes(code(visit(WELLNESS), born=eve)) == [day_before]
    assert visit_codes(code(visit(WELLNESS), born=day)) == [on_it]
    new = code(visit(WELLNESS), born=day, established=False)
    assert visit_codes(new) == [on_it.replace("9939", "9938")]


@pytest.mark.parametrize(
    ("born", "dx"),
    [
        (date(2026, 2, 23), "Z00.110"),  # 7 days
        (date(2026, 2, 22), "Z00.111"),  # 8 days
        (date(2026, 2, 2), "Z00.111"),  # 28 days
        (date(2026, 2, 1), "Z00.129"),  # 29 days
        (date(2008, 3, 3), "Z00.129"),  # 17 years
        (date(2008, 3, 2), "Z00.00"),  # 18 years
    ],
)
def test_the_examination_is_coded_by_age(born: date, dx: str) -> None:
    assert [d.code for d in code(visit(WELLNESS), born=born).diagnoses] == [dx]


def test_a_problem_found_at_an_examination_makes_it_abnormal() -> None:
    coded = code(visit(WELLNESS, conditions=(condition(HYPERTENSION),)))
    assert [d.code for d in coded.diagnoses] == ["Z00.01", "I10"]
    assert visit_codes(coded) == ["99396"]


def test_a_problem_treated_at_an_examination_is_a_visit_of_its_own() -> None:
    coded = code(visit(WELLNESS, conditions=(condition(HYPERTENSION),), medications=(drug(),)))
    assert sorted(visit_codes(coded)) == ["99213-25", "99396"]
    beside = next(s for s in coded.services if s.procedure.code == "99213")
    assert [coded.diagnoses[p - 1].code for p in beside.diagnosis_pointers] == ["I10"]


@pytest.mark.parametrize(
    ("years", "earlier", "expected"),
    [
        (65, (), "G0402"),
        (66, (), "G0438"),
        (66, (65,), "G0438"),
        (67, (66,), "G0439"),
        (67, (65, 66), "G0439"),
        (67, (50,), "G0438"),
    ],
)
def test_medicare_has_its_own_wellness_codes(years: int, earlier: tuple[int, ...], expected: str) -> None:
    born = date(2026 - years, 1, 15)
    before = [visit(WELLNESS, date(born.year + age, 2, 1), id=f"e-{age}") for age in earlier]
    assert visit_codes(code(visit(WELLNESS), born=born, payer="medicare", before=before)) == [expected]


def test_medicares_first_year_is_that_of_the_coverage() -> None:
    young = CoverageRecord(id="cov", payer="Medicare Part B", period=Period(date(2025, 12, 1)))
    assert visit_codes(code(visit(WELLNESS), payer="medicare", coverages=(young,))) == ["G0402"]


@pytest.mark.parametrize(
    ("established", "fields", "expected"),
    [
        (True, {"conditions": (condition(SINUSITIS),)}, "99213"),
        (False, {"conditions": (condition(SINUSITIS),)}, "99203"),
        (True, {"conditions": (condition(HYPERTENSION), condition(LIPIDS))}, "99213"),
        (True, {"conditions": (condition(HYPERTENSION), condition(LIPIDS)), "medications": (drug(),)}, "99214"),
        (False, {"conditions": (condition(HYPERTENSION), condition(LIPIDS)), "medications": (drug(),)}, "99204"),
        (True, {"conditions": (condition(HYPERTENSION),), "medications": (drug(),)}, "99213"),
    ],
)
def test_an_office_visit_by_what_was_decided(established: bool, fields: dict, expected: str) -> None:
    coded = code(visit(SYMPTOM, **fields), established=established)
    assert visit_codes(coded) == [expected]
    assert coded.place_of_service == "11"
    assert "problems" in coded.services[0].procedure.rule


@pytest.mark.parametrize(
    ("on", "place", "modifier"),
    [
        (date(2016, 12, 31), "11", "GT"),
        (date(2017, 1, 1), "02", "95"),
        (date(2021, 12, 31), "02", "95"),
        (date(2022, 1, 1), "10", "95"),
    ],
)
def test_telehealth_by_date(on: date, place: str, modifier: str) -> None:
    coded = code(visit("448337001", on, conditions=(condition(HYPERTENSION),)))
    assert (visit_codes(coded), coded.place_of_service) == ([f"99213-{modifier}"], place)


@pytest.mark.parametrize(
    ("on", "minutes", "established", "expected"),
    [
        (date(2024, 12, 31), 4, True, []),
        (date(2024, 12, 31), 10, True, ["99441"]),
        (date(2024, 12, 31), 11, True, ["99442"]),
        (date(2024, 12, 31), 21, True, ["99443"]),
        (date(2024, 12, 31), 21, False, []),
        (date(2021, 6, 1), 21, False, ["99443"]),
        (date(2025, 1, 1), 21, True, ["99213-93"]),
        (date(2025, 1, 1), 21, False, ["99203-93"]),
    ],
)
def test_a_telephone_call_by_date_and_minutes(on: date, minutes: int, established: bool, expected: list[str]) -> None:
    call = visit("185317003", on, minutes=minutes, conditions=(condition(HYPERTENSION),))
    assert visit_codes(code(call, established=established)) == expected


@pytest.mark.parametrize(
    ("kind", "class_code", "place", "expected"),
    [
        (EMERGENCY, "EMER", "23", "99284"),
        ("702927004", "AMB", "20", "99213"),
        ("183452005", "IMP", "21", "99222"),
        ("449411000124106", "IMP", "31", "99305"),
        ("79094001", "AMB", "11", "90791"),
        ("170837001", "AMB", "11", "99213"),
        ("316744009", "AMB", "11", "99214"),
    ],
)
def test_other_kinds_of_visit(kind: str, class_code: str, place: str, expected: str) -> None:
    shown = "Emergency Room Admission" if kind == EMERGENCY else ""
    coded = code(visit(kind, class_code=class_code, display=shown, conditions=(condition(HYPERTENSION),)))
    assert ([s.procedure.code for s in coded.services], coded.place_of_service) == ([expected], place)


def test_a_residence_had_codes_of_its_own_before_2023() -> None:
    for on, expected in ((date(2022, 12, 31), "99335"), (date(2023, 1, 1), "99348")):
        assert visit_codes(code(visit("210098006", on, conditions=(condition(HYPERTENSION),)))) == [expected]


def test_admitted_and_discharged_on_one_day() -> None:
    stay = visit("183452005", class_code="IMP", minutes=9 * 60, conditions=(condition(HYPERTENSION),))
    assert visit_codes(code(stay)) == ["99235"]


def test_critical_care_must_be_documented() -> None:
    arrest = {"class_code": "EMER", "minutes": 60, "conditions": (condition("410429000"),)}
    assert visit_codes(code(visit("410429000", **arrest))) == ["99285"]
    assert visit_codes(code(visit("410429000", notes=(note("45 minutes of critical care."),), **arrest))) == ["99291"]


def test_an_urgent_visit_without_a_problem_is_an_examination() -> None:
    coded = code(visit("702927004"))
    assert (visit_codes(coded), [d.code for d in coded.diagnoses]) == (["99396"], ["Z00.00"])


def test_a_standalone_procedure_leaves_no_room_for_a_visit() -> None:
    therapy = procedure("228557008", reasons=(condition("370143000").concept,))
    coded = code(visit("185347001", display="Encounter for problem", procedures=(therapy,)))
    assert [s.procedure.code for s in coded.services] == ["90837"]
    echo = procedure("433236007", reasons=(condition(HYPERTENSION).concept,))
    coded = code(visit("185347001", display="Encounter for problem", procedures=(echo,)))
    assert [s.procedure.code for s in coded.services] == ["99213", "93306"]


def test_a_minor_procedure_asks_for_25_and_a_major_one_for_57() -> None:
    sprained = visit(
        EMERGENCY, class_code="EMER", conditions=(condition(SPRAIN),), procedures=(procedure("274474001"),)
    )
    assert visit_codes(code(sprained)) == ["99283-25"]
    appendix = visit("183452005", class_code="IMP", conditions=(condition("74400008"),), procedures=(cpt("44970"),))
    assert visit_codes(code(appendix)) == ["99222-57"]
    plain = visit(EMERGENCY, class_code="EMER", conditions=(condition(SPRAIN),))
    assert visit_codes(code(plain)) == ["99283"]


CUT, CHRONIC_KNEE, IMPINGEMENT = "S51.812A", "M17.11", "M75.41"


@pytest.mark.parametrize(
    ("conditions", "done", "expected"),
    [
        ((CUT, "W26.0XXA"), "12002", []),
        (("L02.415",), "10060", []),
        ((IMPINGEMENT,), "20610", []),
        ((CUT, "J01.90"), "12002", ["99213-25"]),  # another problem was seen to
        ((CHRONIC_KNEE,), "20610", ["99213-25"]),  # a chronic illness is cared for beyond the injection
        ((CUT,), "36415", ["99213"]),
    ],
)
def test_an_office_visit_that_only_decides_on_a_minor_procedure_is_part_of_it(conditions, done, expected) -> None:
    coded = code(visit(SYMPTOM, conditions=tuple(map(icd, conditions)), procedures=(cpt(done),)))
    assert visit_codes(coded) == expected
    told = [f.rule for f in coded.findings]
    assert told.count("coding.visit-in-procedure") == (not expected)
    assert done in [s.procedure.code for s in coded.services]


def test_a_new_patient_changes_nothing_in_that_but_an_emergency_department_does() -> None:
    stitched = visit(SYMPTOM, conditions=(icd(CUT),), procedures=(cpt("12002"),))
    assert visit_codes(code(stitched, established=False)) == []
    there = visit(EMERGENCY, class_code="EMER", conditions=(icd(CUT),), procedures=(cpt("12002"),))
    assert visit_codes(code(there)) == ["99283-25"]


def test_a_procedure_with_a_reason_of_its_own_leaves_room_for_the_rest_of_the_visit() -> None:
    abscess = cpt("10060", reasons=(icd("L02.415").concept,))
    both = visit(SYMPTOM, conditions=(icd("J01.90"), icd("L02.415")), procedures=(abscess,))
    assert visit_codes(code(both)) == ["99213-25"]


def test_a_vaccine_beside_a_visit_asks_for_25() -> None:
    given = visit(SYMPTOM, conditions=(icd("J01.90"),), procedures=(cpt("90471"),))
    assert visit_codes(code(given)) == ["99213-25"]


def test_a_condition_that_began_after_the_visit_is_not_on_its_problem_list() -> None:
    before, later = condition(HYPERTENSION, onset=date(2020, 1, 1)), condition(LIPIDS, onset=date(2026, 3, 3))
    coded = code(visit("185347001", display="Encounter for problem"), problems=(before, later))
    assert [d.code for d in coded.diagnoses] == ["I10"]
    on_the_day = condition(LIPIDS, onset=DAY)
    coded = code(visit("185347001", display="Encounter for problem"), problems=(before, on_the_day))
    assert [d.code for d in coded.diagnoses] == ["E78.5", "I10"]


def test_what_the_clinician_coded_stays() -> None:
    own = visit(SYMPTOM, conditions=(icd("J01.90"),), procedures=(cpt("99215", modifiers=("24",)), cpt("87880")))
    coded = code(own)
    assert [(s.procedure.code, s.procedure.source) for s in coded.services] == [
        ("99215", "clinician"),
        ("87880", "clinician"),
    ]
    assert coded.services[0].modifiers == ("24",)
    assert [(d.code, d.source) for d in coded.diagnoses] == [("J01.90", "clinician")]


def test_no_visit_is_suggested_beside_a_postoperative_one_but_beside_counseling() -> None:
    after = visit("439740005", conditions=(icd("Z48.02"),), procedures=(cpt("99024"),))
    assert visit_codes(code(after)) == ["99024"]
    smoker = visit(SYMPTOM, conditions=(icd("F17.210"),), procedures=(cpt("99406"),))
    assert visit_codes(code(smoker)) == ["99213", "99406"]


def test_a_blood_draw_asks_for_no_25() -> None:
    drawn = visit(FOLLOW_UP, conditions=(icd("E03.9"),), procedures=(cpt("36415"), cpt("84443")))
    assert visit_codes(code(drawn)) == ["99213"]


def test_a_recorded_place_wins() -> None:
    clinic = visit(
        FOLLOW_UP, conditions=(condition(HYPERTENSION),), location=ServiceLocation(id="l", place_of_service="49")
    )
    assert code(clinic).place_of_service == "49"


def test_an_unknown_kind_of_visit_is_taken_by_its_class_and_says_so() -> None:
    coded = code(visit("999", class_code="VR", conditions=(condition(HYPERTENSION),)))
    assert visit_codes(coded) == ["99213-95"]
    assert [f.rule for f in coded.findings] == ["coding.unmapped-visit"]


@pytest.mark.parametrize(
    ("earlier", "established"),
    [
        ([], False),
        ([DAY], False),
        ([date(2026, 3, 1)], True),
        ([date(2023, 3, 2)], True),
        ([date(2023, 3, 1)], False),
        ([date(2026, 3, 3)], False),
    ],
)
def test_who_is_established(earlier: list[date], established: bool) -> None:
    assert is_established(earlier, DAY) is established


def test_three_years_before_a_leap_day() -> None:
    assert is_established([date(2021, 3, 1)], date(2024, 2, 29))
    assert not is_established([date(2021, 2, 28)], date(2024, 2, 29))


def test_every_coded_visit_is_coded() -> None:
    assert code(visit(SYMPTOM, conditions=(condition(SINUSITIS),))).disposition is Disposition.CODED
