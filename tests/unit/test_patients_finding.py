"""What somebody types at the desk finds the patient whom they mean, however it is spelt."""

from datetime import date

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY

from superbill.app.patients.actions import import_charts
from superbill.app.patients.finding import find_patients, understood
from superbill.app.patients.models import PatientRow
from superbill.app.patients.registering import ChangedMeanwhile, NotRegistered, change_patient, demographics
from superbill.app.patients.versions import versions
from superbill.chart.model import Chart, CoverageRecord, PatientRecord, PersonName

PEOPLE = (
    ("Hernandez", "William", date(1961, 3, 19), "7155550123", "W123456789"),
    ("Müller-Lüdenscheid", "Renée", date(1985, 12, 1), "7155550199", "ABC00042"),
    ("Smith", "Katherine Anne", date(1990, 7, 4), "7155550177", ""),
    ("O'Brien", "Seán", date(1948, 2, 29), "", ""),
    ("De La Cruz", "José", date(2001, 10, 11), "", ""),
    ("Nowak", "Philip", date(1972, 5, 6), "", ""),
)


def person(number, family, given, born, phone, member):
    coverages = (CoverageRecord(id="c", payer="Blue", member_id=member),) if member else ()
    record = PatientRecord(
        id=f"p{number}", name=PersonName(family, tuple(given.split())), birth_date=born, phone=phone,
        medical_record_number=f"LFM-{number:05d}",
    )  # fmt: skip
    return Chart(patient=record, coverages=coverages)


@pytest.fixture
def people(system):
    import_charts(system, [person(n, *one) for n, one in enumerate(PEOPLE)], at=AT)


@pytest.mark.parametrize(
    ("typed", "family"),
    [
        ("hernandez", "Hernandez"),
        ("HERNANDES", "Hernandez"),
        ("hernadez", "Hernandez"),
        ("hernnandez", "Hernandez"),
        ("henrandez", "Hernandez"),
        ("bill hernandez", "Hernandez"),
        ("hernandez, will", "Hernandez"),
        ("william hern", "Hernandez"),
        ("hernandez william", "Hernandez"),
        ("muller ludenscheid", "Müller-Lüdenscheid"),
        ("mullerludenscheid", "Müller-Lüdenscheid"),
        ("rene luedenscheid", "Müller-Lüdenscheid"),
        ("Smyth", "Smith"),
        ("kathryn smith", "Smith"),
        ("katie smith", "Smith"),
        ("obrien", "O'Brien"),
        ("o'brien sean", "O'Brien"),
        ("delacruz", "De La Cruz"),
        ("jose cruz", "De La Cruz"),
        ("filip nowack", "Nowak"),
        ("3/19/1961", "Hernandez"),
        ("1961-03-19", "Hernandez"),
        ("03191961", "Hernandez"),
        ("19 Mar 1961", "Hernandez"),
        ("March 19, 1961", "Hernandez"),
        ("3/19/61 hernan", "Hernandez"),
        ("(715) 555-0199", "Müller-Lüdenscheid"),
        ("555-0199", "Müller-Lüdenscheid"),
        ("abc-00042", "Müller-Lüdenscheid"),
        ("lfm-00002", "Smith"),
        ("p3", "O'Brien"),
    ],
)
def test_whoever_is_meant_comes_first(system, people, typed, family):
    found = find_patients(system.scope, typed, today=TODAY)
    assert found, typed
    assert found[0].family == family


@pytest.mark.parametrize("typed", ["", "x", "zzzzqq", "1/1/1903", "%", "'; drop table", "99999999999999"])
def test_what_fits_nobody_finds_nobody(system, people, typed):
    assert find_patients(system.scope, typed, today=TODAY) == []


def test_why_somebody_was_found_is_told(system, people):
    (one,) = find_patients(system.scope, "bill hernandez", today=TODAY)
    assert one.why == ("short form", "name")


def test_a_year_of_two_digits_is_never_in_the_future():
    assert understood("7/4/90", TODAY).born == date(1990, 7, 4)
    assert understood("7/4/48", TODAY).born == date(1948, 7, 4)


def test_a_new_name_finds_and_the_old_one_does_not(system, people):
    row = system.scope.rows(PatientRow).get(source_id="p2")

    def married(chart):
        return replace(chart, patient=replace(chart.patient, name=PersonName("Quimby", ("Katherine",))))

    assert change_patient(system, row.pk, 1, married, "married", at=AT) == 2
    assert find_patients(system.scope, "smith", today=TODAY) == []
    assert [one.id for one in find_patients(system.scope, "quimby", today=TODAY)] == [row.pk]
    told = versions(system.scope, row.pk)
    assert [(one.number, one.chart.patient.name.family, one.why) for one in told] == [
        (2, "Quimby", "married"),
        (1, "Smith", ""),
    ]
    assert told[0].by == system.name


def test_two_who_change_one_record_do_not_undo_each_other(system, people):
    row = system.scope.rows(PatientRow).get(source_id="p2")
    record = PatientRecord(id="", name=PersonName("Quimby", ("Kate",)), birth_date=date(1990, 7, 4))
    change_patient(system, row.pk, 1, demographics(record), "married", at=AT)
    with pytest.raises(ChangedMeanwhile):
        change_patient(system, row.pk, 1, demographics(record), "again", at=AT)
    unborn = replace(record, birth_date=date(2099, 1, 1))
    with pytest.raises(NotRegistered, match="future"):
        change_patient(system, row.pk, 2, demographics(unborn), "wrong", at=AT)
    assert len(versions(system.scope, row.pk)) == 2


def test_an_import_tells_its_news_and_leaves_the_desks_corrections(system, people):
    row = system.scope.rows(PatientRow).get(source_id="p2")
    before = person(2, *PEOPLE[2])

    def corrected(chart):
        return replace(chart, patient=replace(chart.patient, phone="7155559999"))

    change_patient(system, row.pk, 1, corrected, "phone", at=AT)
    import_charts(system, [before], at=AT)
    assert versions(system.scope, row.pk)[0].chart.patient.phone == "7155559999"
    assert len(versions(system.scope, row.pk)) == 2
    moved = replace(before, patient=replace(before.patient, name=PersonName("Quimby", ("Katherine",))))
    import_charts(system, [moved], at=AT)
    now = versions(system.scope, row.pk)[0].chart.patient
    assert (now.phone, now.name.family) == ("7155559999", "Quimby")
