"""Diagnoses, services and the reasons why an encounter is not billed."""

from datetime import date
from decimal import Decimal

import pytest
from tests.coding_charts import (
    DAY,
    EMERGENCY,
    SYMPTOM,
    WELLNESS,
    chart,
    condition,
    cpt,
    drug,
    icd,
    measured,
    procedure,
    snomed,
    vaccine,
    visit,
)

from superbill.coding import code_encounter
from superbill.coding.combinations import rules
from superbill.coding.model import CodedEncounter
from superbill.findings import Severity


def code(encounter, *, payer: str = "", before=(), **fields) -> CodedEncounter:
    return code_encounter(chart(*before, encounter, **fields), encounter, established=True, payer_kind=payer)


def dx(*codes: str, **fields) -> list[str]:
    return [d.code for d in code(visit(SYMPTOM, conditions=tuple(icd(c) for c in codes), **fields)).diagnoses]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("I10", "N18.30"), {"I12.9", "N18.30"}),
        (("I10", "N18.6"), {"I12.0", "N18.6"}),
        (("I10", "N18.5"), {"I12.0", "N18.5"}),
        (("I10", "I50.9"), {"I11.0", "I50.9"}),
        (("I10", "I50.9", "N18.4"), {"I13.0", "I50.9", "N18.4"}),
        (("I10", "I50.9", "N18.6"), {"I13.2", "I50.9", "N18.6"}),
        (("I10", "E78.5"), {"I10", "E78.5"}),
        (("E11.9", "N18.30"), {"E11.22", "N18.30"}),
        (("E11.29", "N18.2"), {"E11.22", "N18.2"}),
        (("E11.9", "E11.40"), {"E11.40"}),
        (("E11.9", "R73.9"), {"E11.65"}),
        (("E11.9", "R73.03"), {"E11.9"}),
        (("R73.03",), {"R73.03"}),
        (("E78.1", "E78.5"), {"E78.1"}),
        (("N39.0", "N30.90"), {"N30.90"}),
        (("K81.0", "K80.20"), {"K80.00"}),
        (("U07.1", "Z20.822", "R05.9", "R50.9", "R09.02"), {"U07.1", "R09.02"}),
        (("R50.9", "R68.83"), {"R50.9"}),
        (("J45.909", "R06.2"), {"J45.909"}),
        (("R06.2",), {"R06.2"}),
        (("N18.30", "N18.4"), {"N18.4"}),
        (("Z34.90", "O14.90"), {"O14.90"}),
        (("D64.9", "Z34.90"), {"O99.019", "D64.9"}),
        (("G40.909", "R56.9"), {"G40.909"}),
        (("I25.2", "I21.9"), {"I21.9"}),
    ],
)
def test_codes_change_each_other(codes: tuple[str, ...], expected: set[str]) -> None:
    assert set(dx(*codes)) == expected


def test_every_combination_names_its_source_and_its_codes_once() -> None:
    assert all(rule.source and (rule.replace or rule.drop or rule.add) for rule in rules())
    assert len({rule.name for rule in rules()}) == len(rules())


def test_a_service_keeps_its_reason_through_a_combination() -> None:
    echo = procedure("433236007", reasons=(icd("I10").concept,))
    coded = code(visit(SYMPTOM, conditions=(icd("I50.9"), icd("E78.5")), procedures=(echo,)))
    line = next(s for s in coded.services if s.procedure.code == "93306")
    assert [coded.diagnoses[p - 1].code for p in line.diagnosis_pointers] == ["I11.0"]


@pytest.mark.parametrize(
    ("conditions", "reasons", "expected"),
    [
        ((icd("E78.5", rank=2), icd("J20.9", rank=1)), (), ["J20.9", "E78.5"]),
        ((icd("E78.5"), icd("J20.9")), (icd("J20.9").concept,), ["J20.9", "E78.5"]),
        ((icd("R05.9"), icd("J20.9")), (), ["J20.9", "R05.9"]),
        ((icd("Z87.891"), icd("R05.9")), (), ["R05.9", "Z87.891"]),
        ((icd("Z59.0"), icd("R05.9", rank=2)), (), ["R05.9", "Z59.0"]),
        ((icd("B97.89", rank=1), icd("J01.90", rank=2)), (), ["J01.90", "B97.89"]),
        ((icd("E66.9"), icd("O99.210")), (), ["O99.210", "E66.9"]),
    ],
)
def test_which_diagnosis_stands_first(conditions, reasons, expected: list[str]) -> None:
    assert [d.code for d in code(visit(SYMPTOM, conditions=conditions, reasons=reasons)).diagnoses] == expected


@pytest.mark.parametrize(
    ("site", "expected"),
    [("", "S93.409A"), ("Right ankle", "S93.401A"), ("left ankle", "S93.402A"), ("copyright", "S93.409A")],
)
def test_the_side_is_coded_where_it_is_recorded(site: str, expected: str) -> None:
    sprain = condition("44465007", body_site=site)
    assert [d.code for d in code(visit(EMERGENCY, class_code="EMER", conditions=(sprain,))).diagnoses] == [expected]


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [("13.9", "Z34.91"), ("14", "Z34.92"), ("27.9", "Z34.92"), ("28", "Z34.93"), ("", "Z34.90")],
)
def test_the_trimester_comes_from_the_gestational_age(weeks: str, expected: str) -> None:
    seen = (measured("11884-4", weeks),) if weeks else ()
    coded = code(visit(SYMPTOM, conditions=(condition("72892002"),), observations=seen))
    assert [d.code for d in coded.diagnoses] == [expected]


def test_what_is_acute_on_its_day_is_history_later() -> None:
    stroke = condition("230690007", onset=DAY)
    assert [d.code for d in code(visit(SYMPTOM, conditions=(stroke,))).diagnoses] == ["I63.9"]
    later = visit(SYMPTOM, date(2026, 9, 1), reasons=(stroke.concept,), id="e-2")
    assert [d.code for d in code(later, problems=(stroke,)).diagnoses] == ["Z86.73"]
    for on, expected in ((date(2026, 3, 30), "I21.9"), (date(2026, 3, 31), "I25.2")):
        infarct = visit(SYMPTOM, on, reasons=(condition("22298006").concept,))
        assert [d.code for d in code(infarct, problems=(condition("22298006", onset=DAY),)).diagnoses] == [expected]


def test_companions_and_body_mass_and_drugs_are_added() -> None:
    assert dx("E11.9", medications=(drug("Insulin glargine"), drug("metformin 500 mg"))) == ["E11.9", "Z79.4", "Z79.84"]
    assert dx("E66.9", observations=(measured("39156-5", "41.2"),)) == ["E66.9", "Z68.41"]
    assert dx("E66.9", observations=(measured("39156-5", "33.9"),)) == ["E66.9", "Z68.33"]
    assert dx("I10", observations=(measured("39156-5", "33.9"),)) == ["I10"]
    coded = code(visit(SYMPTOM, conditions=(condition("444814009"),)))
    assert [d.code for d in coded.diagnoses] == ["J01.90", "B97.89"]


@pytest.mark.parametrize(
    ("on", "expected"), [(date(2020, 9, 30), "N18.3"), (date(2020, 10, 1), "N18.30")]
)  # fmt: skip
def test_a_condition_is_coded_as_of_the_date_of_service(on: date, expected: str) -> None:
    coded = code(visit(SYMPTOM, on, conditions=(condition("433144002"),)))
    assert [d.code for d in coded.diagnoses] == [expected]


def test_a_claim_holds_twelve_diagnoses() -> None:
    many = [f"M25.5{n}" for n in range(10)] + ["J20.9", "K21.9", "E78.5", "L20.9"]
    coded = code(visit(SYMPTOM, conditions=tuple(icd(c) for c in many)))
    assert len(coded.diagnoses) == 12
    assert "coding.too-many-diagnoses" in [f.rule for f in coded.findings]


BRONCHITIS = (icd("J20.9"),)


def services(*procedures, kind=SYMPTOM, conditions=BRONCHITIS, payer="", **fields) -> list[tuple[str, tuple, Decimal]]:
    coded = code(visit(kind, conditions=conditions, procedures=procedures, **fields), payer=payer)
    return [(s.procedure.code, s.modifiers, s.units) for s in coded.services if s.procedure.code[:2] != "99"]


def test_repeats_become_units_one_line_or_a_modifier() -> None:
    twice = lambda c, **f: (procedure(c, id="a", **f), procedure(c, id="b", **f))  # noqa: E731  # three uses, one line
    assert services(*twice("395123002"), procedure("167271000")) == [("81002", (), 1)]
    assert services(*twice("399208008")) == [("71046", (), 1), ("71046", ("76",), 1)]
    assert services(*twice("710841007")) == [("96127", (), 2)]
    assert services(*twice("127783003")) == [("94010", (), 1), ("94010", ("76",), 1)]
    assert services(cpt("11400", id="a"), cpt("11400", id="b")) == [("11400", (), 1), ("11400", ("59",), 1)]


def test_a_reading_in_the_emergency_room_is_the_professional_component() -> None:
    xray = procedure("60027007", body_site="left wrist")
    assert services(xray) == [("73110", ("LT",), 1)]
    assert services(xray, kind=EMERGENCY, class_code="EMER") == [("73110", ("26", "LT"), 1)]
    assert services(procedure("29303009"), kind=EMERGENCY, class_code="EMER") == [("93010", (), 1)]
    assert services(procedure("117010004"), kind=EMERGENCY, class_code="EMER") == []


def test_units_and_companions_come_with_the_procedure() -> None:
    given = services(procedure("76601001"), kind="308335008")
    assert given == [("96372", (), 1), ("J1050", (), 150)]
    assert services(procedure("229064008"), kind="308335008") == [("97110", ("GP",), 4)]


def test_the_reason_chooses_the_code() -> None:
    for reason, expected in (("16114001", "29515"), ("65966004", "29125"), ("33737001", "29200")):
        splint = procedure("274474001", reasons=(snomed(reason),))
        assert services(splint, kind=EMERGENCY, class_code="EMER", conditions=())[0][0] == expected


def test_a_screening_colonoscopy_by_payer() -> None:
    look = {"kind": "185349003", "display": "Encounter for 'check-up'", "conditions": ()}
    colonoscopy, removal = procedure("73761001"), procedure("274031008", reasons=(icd("Z12.11").concept,))
    assert services(colonoscopy, **look) == [("45378", ("33",), 1)]
    assert services(colonoscopy, payer="medicare", **look) == [("G0121", (), 1)]
    assert services(colonoscopy, removal, **look) == [("45385", ("33",), 1)]
    assert services(colonoscopy, removal, payer="medicare", **look) == [("45385", ("PT",), 1)]


def test_a_drug_screen_is_for_medicaid_only() -> None:
    assert services(procedure("713106006")) == []
    assert services(procedure("713106006"), payer="medicaid") == [("H0049", (), 1)]


CASES = {
    "before ICD-10": (
        visit(SYMPTOM, date(2015, 9, 30), conditions=(icd("I10"),)),
        {}, "not billable", "coding.before-icd-10",
    ),
    "cancelled": (visit(status="cancelled"), {}, "not billable", "coding.not-a-visit"),
    "entered in error": (visit(status="entered-in-error"), {}, "not billable", "coding.not-a-visit"),
    "still open": (visit(status="in-progress"), {}, "held", "coding.visit-open"),
    "death certificate": (visit("308646001"), {}, "not billable", "coding.not-payable"),
    "home health episode": (visit("439708006", class_code="HH"), {}, "not billable", "coding.institutional-only"),
    "dialysis": (
        visit("185347001", procedures=(procedure("265764009"),)),
        {}, "not billable", "coding.institutional-service",
    ),
    "nothing done": (visit("371883000"), {}, "not billable", "coding.nothing-billable"),
    "no diagnosis": (visit(EMERGENCY, class_code="EMER"), {}, "held", "coding.no-diagnosis"),
    "only a social factor": (visit(conditions=(icd("Z59.02"),)), {}, "held", "coding.no-diagnosis"),
    "unmapped procedure": (
        visit("371883000", procedures=(procedure("77"),)),
        {}, "held", "coding.unmapped-procedure",
    ),
    "unmapped condition": (visit(conditions=(condition("77"),)), {}, "held", "coding.unmapped-condition"),
    "ended vaccine": (visit("33879002", immunizations=(vaccine("208"),)), {}, "held", "coding.code-ended"),
    "ended code of the clinician": (
        visit("371883000", procedures=(cpt("99441"), cpt("0001A"))),
        {}, "held", "coding.code-ended",
    ),
    "obstetric package": (
        visit("424619006", conditions=(condition("72892002"),)),
        {}, "not billable", "coding.obstetric-global",
    ),
    "surgical package": (visit("183495009", class_code="IMP"), {}, "not billable", "coding.global-surgery"),
    "after death": (visit(conditions=(icd("I10"),)), {"deceased": date(2026, 3, 1)}, "held", "coding.after-death"),
    "age unknown": (visit(WELLNESS), {"born": None}, "held", "coding.birth-date-missing"),
    "dental": (visit("371883000", procedures=(procedure("65546002"),)), {}, "not billable", "coding.dental-claim"),
    "anesthesia": (
        visit("371883000", procedures=(procedure("18946005"),)),
        {}, "not billable", "coding.separate-provider",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_why_an_encounter_is_not_coded(case) -> None:
    encounter, patient, disposition, rule = case
    coded = code(encounter, **patient)
    assert coded.disposition.value == disposition
    assert rule in [f.rule for f in coded.findings]
    assert (coded.diagnoses, coded.services) == ((), ())
    if disposition == "held":
        assert any(f.fix for f in coded.findings if f.severity in (Severity.ERROR, Severity.WARNING))


def test_the_neighbours_of_those_cases_are_coded() -> None:
    for encounter, patient in (
        (visit(SYMPTOM, date(2015, 10, 1), conditions=(icd("I10"),)), {}),
        (visit(conditions=(icd("I10"),)), {"deceased": DAY}),
        (visit("33879002", date(2023, 4, 18), immunizations=(vaccine("208"),)), {}),
        (visit("424619006", conditions=(condition("79586000"),)), {}),
        (visit(EMERGENCY, class_code="EMER", reasons=(icd("R07.9").concept,)), {}),
        (visit("183460006", class_code="EMER", procedures=(procedure("66348005"),)), {}),
    ):
        assert code(encounter, **patient).disposition.value == "coded"


def test_care_within_ninety_days_of_an_operation_is_paid_with_it() -> None:
    operation = visit("183452005", date(2026, 1, 2), id="e-0", procedures=(cpt("50360"),))
    after = {"before": (operation,)}
    inside = code(visit("439740005", date(2026, 4, 2)), **after)
    assert (inside.disposition.value, inside.findings[0].rule) == ("not billable", "coding.global-surgery")
    assert [s.procedure.code for s in code(visit("439740005", date(2026, 4, 3)), **after).services] == ["99213"]


def test_a_visit_that_names_no_diagnosis_takes_active_problems_with_a_warning() -> None:
    active, ended = condition("59621000", onset=date(2020, 1, 1)), condition("55822004", abatement=date(2026, 3, 1))
    coded = code(visit("185347001", display="Encounter for problem"), problems=(active, ended))
    assert [(d.code, d.confidence) for d in coded.diagnoses] == [("I10", "low")]
    assert [f.rule for f in coded.findings] == ["coding.diagnosis-from-problem-list"]
    emergency = code(visit(EMERGENCY, class_code="EMER"), problems=(active,))
    assert emergency.disposition.value == "held"


def test_uncertain_diagnoses_and_social_findings_are_told_not_coded() -> None:
    doubt = icd("C34.90", verification="provisional")
    coded = code(visit(conditions=(icd("R05.9"), doubt, condition("160903007"), icd("I10", verification="refuted"))))
    assert [d.code for d in coded.diagnoses] == ["R05.9"]
    assert sorted(f.rule for f in coded.findings) == ["coding.no-code-for-finding", "coding.uncertain-diagnosis"]


def test_every_code_has_its_evidence_and_its_rule() -> None:
    coded = code(visit(conditions=(condition("444814009", id="c-9"),), procedures=(procedure("117015009", id="p-9"),)))
    for assigned in (*coded.diagnoses, *(s.procedure for s in coded.services)):
        assert assigned.rule
        assert assigned.evidence[0].record in {"c-9", "p-9", "e-1"}
        assert assigned.release == "superbill-crosswalk-2026.11"
