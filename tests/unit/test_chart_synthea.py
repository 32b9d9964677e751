"""Synthea's tables as charts."""

from datetime import date

import pytest
from tests.chart_samples import data_file, read, rules

from superbill.effective import Period

PATIENTS = (
    "Id,BIRTHDATE,DEATHDATE,PREFIX,FIRST,LAST,SUFFIX,GENDER,ADDRESS,CITY,STATE,ZIP\n"
    "p1,1950-03-01,,Mr.,Abel12,Stone34,,M,1 Elm St,Salem,Massachusetts,01970\n"
)
PAYERS = (
    "Id,NAME,AMOUNT_COVERED,AMOUNT_UNCOVERED\n1,Dual Eligible,0,0\n"
    "2,NO_INSURANCE,0,0\n3,Harbor Mutual,0,0\n4,Tide Plus,0,0\n"
)
ENCOUNTERS = (
    "Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,DESCRIPTION,REASONCODE,REASONDESCRIPTION\n"
    "e1,2020-02-01T10:00:00Z,2020-02-01T10:15:00Z,p1,o1,d1,3,wellness,162673000,General examination,,\n"
)
TRANSITIONS = "PATIENT,MEMBERID,START_YEAR,END_YEAR,PAYER,SECONDARY_PAYER,OWNERSHIP,OWNERNAME\n"
CONDITIONS = "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION\n2020-02-01,,p1,e1,59621000,Hypertension\n"


def tables(**more):
    texts = {"patients": PATIENTS, "encounters": ENCOUNTERS, "payers": PAYERS} | more
    return [data_file(f"{name}.csv", text.encode()) for name, text in texts.items()]


def coverages(*rows):
    charts, report = read(*tables(payer_transitions=TRANSITIONS + "".join(row + "\n" for row in rows)))
    assert report.findings == []
    return charts[0].coverages


def test_a_visit_with_its_rows():
    charts, report = read(
        *tables(
            conditions=CONDITIONS,
            procedures="START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION,BASE_COST,REASONCODE,REASONDESCRIPTION\n"
            "2020-02-01T10:00:00Z,,p1,e1,29303009,Electrocardiogram,10,59621000,Hypertension\n",
            immunizations="DATE,PATIENT,ENCOUNTER,CODE,DESCRIPTION,BASE_COST\n"
            "2020-02-01T10:00:00Z,p1,e1,140,Influenza,10\n",
            providers="Id,ORGANIZATION,NAME,GENDER,SPECIALITY,ADDRESS,CITY,STATE,ZIP\n"
            "d1,o1,Rosa1 Lane2,F,GENERAL,,,,\n",
            organizations="Id,NAME,ADDRESS,CITY,STATE,ZIP,PHONE\no1,QUIET HARBOR,2 Elm,Salem,MA,01970,555-010-0123\n",
        )
    )
    assert report.findings == []
    visit = charts[0].encounters[0]
    assert (visit.class_code, visit.payer_hint, visit.date_of_service) == (
        "WELLNESS",
        "Harbor Mutual",
        date(2020, 2, 1),
    )
    assert (visit.performer.name.family, visit.organization.name.family) == ("Lane2", "QUIET HARBOR")
    assert visit.conditions[0].onset == date(2020, 2, 1)
    assert visit.procedures[0].reasons[0].label == "Hypertension"
    assert visit.immunizations[0].given == date(2020, 2, 1)
    assert charts[0].problems == visit.conditions
    assert charts[0].patient.address.state == "MA"


def test_a_transition_ends_the_day_before_the_next_begins():
    found = coverages(
        "p1,M1,2019-05-02T10:00:00Z,2020-05-07T10:00:00Z,3,,Self,Abel12 Stone34",
        "p1,M2,2020-05-07T10:00:00Z,,4,,Self,Abel12 Stone34",
    )
    assert [one.period for one in found] == [Period(date(2019, 5, 2), date(2020, 5, 6)), Period(date(2020, 5, 7), None)]
    assert [(one.payer, one.member_id, one.order) for one in found] == [
        ("Harbor Mutual", "M1", 1),
        ("Tide Plus", "M2", 1),
    ]


def test_transitions_of_whole_years_as_older_versions_write_them():
    assert coverages("p1,,2019,2020,3,,Self,")[0].period == Period(date(2019, 1, 1), date(2020, 12, 31))


@pytest.mark.parametrize(
    "payer, second, named",
    [
        ("2", "", []),
        ("1", "", ["Medicare", "Medicaid"]),
        ("3", "4", ["Harbor Mutual", "Tide Plus"]),
        ("3", "2", ["Harbor Mutual"]),
    ],
)
def test_no_insurance_dual_eligibility_and_a_second_payer(payer, second, named):
    found = coverages(f"p1,M1,2019-05-02T10:00:00Z,2020-05-07T10:00:00Z,{payer},{second},Self,")
    assert [(one.payer, one.order) for one in found] == [(name, order) for order, name in enumerate(named, 1)]


@pytest.mark.parametrize("owner, relationship", [("Guardian", "child"), ("Spouse", "spouse"), ("Self", "self")])
def test_whose_insurance_it_is(owner, relationship):
    found = coverages(f"p1,M1,2019,2020,3,,{owner},Eve9 Stone34")[0]
    assert found.relationship == relationship
    assert (found.subscriber.name.family if found.subscriber else "") == ("" if owner == "Self" else "Stone34")


def test_a_broken_row_costs_only_itself():
    charts, report = read(*tables(conditions=CONDITIONS + "2020-02-01,p1,e1\n2020-02-02,,p1,e1,444814009,Sinusitis\n"))
    assert rules(report) == ["chart.broken-line"]
    assert report.findings[0].where.position == 3
    assert [one.concept.label for one in charts[0].problems] == ["Hypertension", "Sinusitis"]


def test_rows_of_unknown_patients_and_visits_and_wrong_dates_are_reported():
    more = "2020-02-01,,p9,e1,1,a\n2020-02-01,,p1,e9,1,a\n2020-02-30,,p1,e1,1,a\n2020-02-02,2020-02-01,p1,e1,1,a\n"
    charts, report = read(*tables(conditions=CONDITIONS + more))
    assert sorted(rules(report)) == [
        "chart.bad-date",
        "chart.impossible-dates",
        "chart.unknown-encounter",
        "chart.unknown-patient",
    ]
    assert len(charts[0].problems) == 3


def test_a_missing_table_and_one_that_comes_twice_are_reported():
    files = tables(conditions=CONDITIONS)
    assert rules(read(files[0], *files[2:])[1]) == ["chart.missing-table", "chart.unknown-encounter"]
    assert rules(read(*files, files[0])[1]) == ["chart.tables-again"]


def test_latin_1_is_read_and_reported_once():
    text = PATIENTS + "p2,1950-03-01,,,José,Peña,,M,1 Elm St,Salem,MA,01970\n"
    files = tables()
    charts, report = read(data_file("patients.csv", text.encode("latin-1")), *files[1:])
    assert rules(report) == ["chart.wrong-encoding"]
    assert charts[1].patient.name.family == "Peña"
