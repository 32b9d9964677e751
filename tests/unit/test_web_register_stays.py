"""What the desk tells of an admission and a discharge, and the institutional claim that is built of it."""

from importlib.resources import files

import pytest
from msgspec.structs import replace
from tests.coding_charts import chart, condition, visit
from tests.unit.test_path_facility import Books, code, site_in

from superbill.app.encounters.entering import enter_visit
from superbill.app.patients.actions import import_charts
from superbill.app.patients.models import PatientRow
from superbill.app.session import open_session
from superbill.app.web.register.visit_form import VisitForm
from superbill.app.web.register.visit_records import told_of
from superbill.chart.model import HospitalRecord
from superbill.site import read_site

SITE = read_site((files("superbill.demo") / "synthea" / "site.toml").read_text())
HOSPITAL = next(one for one in SITE.facilities if one.kind == "hospital")
STAY = {
    "day": "03/02/2026", "time": "09:20", "kind": "inpatient", "place": HOSPITAL.key, "reason": "Abdominal pain",
    "provider": SITE.default_provider, "ends": "03/04/2026", "end_time": "14:45", "admission_type": "1",
    "admit_source": "4", "discharge": "03", "note": "Admitted for appendicitis. Discharged to a nursing facility.",
}  # fmt: skip
APPENDICITIS = "74400008"


def filled(before=None, **changed):
    return VisitForm(SITE, {**STAY, **changed}, before=before)


def test_a_stay_keeps_its_admission_and_discharge_and_shows_them_again():
    form = filled()
    assert form.is_valid(), form.errors
    record = form.record()

    assert record.hospital == HospitalRecord(priority="1", admit_source="4", discharge="03")
    assert (f"{record.start:%m/%d %H:%M}", f"{record.end:%m/%d %H:%M}") == ("03/02 09:20", "03/04 14:45")
    again = VisitForm(SITE, told_of(SITE, record), before=record)
    assert again.is_valid(), again.errors
    assert again.record() == record


def test_what_a_chart_says_in_its_own_words_stays_unless_it_is_changed():
    form = filled()
    assert form.is_valid(), form.errors
    record = replace(form.record(), hospital=HospitalRecord(priority="EM"))
    same = VisitForm(SITE, told_of(SITE, record), before=record)
    assert same.is_valid(), same.errors
    assert same.record() == record
    other = VisitForm(SITE, {**told_of(SITE, record), "admission_type": "2"}, before=record)
    assert other.is_valid() and other.record().hospital == HospitalRecord(priority="2")


@pytest.mark.parametrize(
    "changed, field, says",
    [
        ({"kind": "office", "place": SITE.default_location, "ends": "", "end_time": ""}, "admission_type", "hospital"),
        ({"ends": "", "end_time": ""}, "ends", "day of discharge"),
        ({"ends": "", "discharge": ""}, "ends", "day of discharge"),
        ({"ends": "03/02/2026", "end_time": "08:00"}, "end_time", "before the visit began"),
        ({"discharge": "30"}, "discharge", "still there"),
        ({"admission_type": "8"}, "admission_type", "valid choice"),
    ],
)
def test_what_does_not_fit_a_stay_is_refused_at_its_field(changed, field, says):
    form = filled(**changed)
    assert not form.is_valid()
    assert says in " ".join(form.errors[field])


def test_codes_that_are_no_longer_in_use_are_not_offered():
    choices = {code for code, _ in VisitForm(SITE).fields["admit_source"].choices}
    assert {"1", "4"} <= choices and not {"3", "7"} & choices


def test_an_institutional_claim_is_built_from_a_stay_that_the_desk_entered(tmp_path):
    """The facts of FL 4, 6, 12 to 17 are those of the form."""
    form = filled()
    assert form.is_valid(), form.errors
    place = site_in(tmp_path)
    session = open_session(str(place / "x.db"), place / "site.toml", create=True)
    import_charts(session.actor, [chart(visit(id="e0"))], at=session.at)
    patient = session.actor.scope.rows(PatientRow).get().pk
    record = replace(form.record(), conditions=(condition(APPENDICITIS),), payer_hint="Medicare")
    account = enter_visit(session.actor, patient, record, at=session.at)

    code(place)

    claim = Books(place).claims[f"{account}FP1"][0]
    told = claim["institutional"]
    assert {key: told.get(key) for key in (
        "facility_type", "admission_hour", "admission_minute", "admission_type", "point_of_origin", "discharge_hour",
        "discharge_minute", "discharge_status",
    )} == {
        "facility_type": "11", "admission_hour": "09", "admission_minute": "20", "admission_type": "1",
        "point_of_origin": "4", "discharge_hour": "14", "discharge_minute": "45", "discharge_status": "03",
    }  # fmt: skip
    assert told["statement"] == {"start": "2026-03-02", "end": "2026-03-04"}
