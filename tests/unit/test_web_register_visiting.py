"""The desk's form of a visit: what it asks for, what it refuses and why, and that a coder finds the visit read."""

from datetime import datetime, timedelta, timezone
from importlib.resources import files

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from msgspec.structs import replace
from tests.app_samples import AT, chart
from tests.web_samples import member_of, secret_key, signed_in, site_of

from superbill.app.accounts.permissions import Role
from superbill.app.billing.models import JournalEntry
from superbill.app.coding.queries import suggested
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.encounters.queries import visit
from superbill.app.patients.actions import import_charts
from superbill.app.patients.models import PatientRow
from superbill.app.web.register.visit_form import VisitForm
from superbill.app.web.register.visit_records import told_of
from superbill.chart.model import Concept, ConditionRecord, EncounterRecord, Note, ServiceLocation
from superbill.site import read_site

SITE = read_site((files("superbill.demo") / "clinic" / "site.toml").read_text())
NOTE = "HPI: cough for five days.\n\nASSESSMENT AND PLAN\n1. Acute bronchitis. Continue fluids.\n"
FILLED = {
    "day": "10/30/2026", "time": "09:20", "kind": "office", "place": "walkin", "provider": "tuominen",
    "supervisor": "vasterling", "referrer_last": "Roe", "referrer_first": "Jane", "referrer_npi": "1234567893",
    "reason": "Cough", "authorization": "A-77", "accident": "auto", "accident_day": "10/29/2026",
    "accident_state": "WI", "accident_claim": "C-1", "note": NOTE,
}  # fmt: skip


@pytest.fixture
def patient(system, practice, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SUPERBILL_TODAY", AT.date())
    secret_key(tmp_path / "key")
    site_of(practice, tmp_path)
    import_charts(system, [chart(1)], at=AT)
    return system.scope.rows(PatientRow).get().pk


@pytest.fixture
def clerk(practice, patient):
    return signed_in(member_of(practice, "fran", Role.FRONT_DESK))


def filled(**changed):
    told = {**FILLED, **changed}
    return VisitForm(SITE, told, {"note_file": told["note_file"]} if "note_file" in told else {})


def enter(clerk, patient, **changed):
    return clerk.post(f"/p/lakeside/register/{patient}/visits/new", {**FILLED, **changed})


def test_a_visit_is_entered_and_its_note_read(system, clerk, patient):
    answer = enter(clerk, patient)
    assert answer["Location"] == "/p/lakeside/visits/A1002"
    found = visit(system.scope, "A1002")
    record = found.encounter
    assert (record.class_code, record.location.place_of_service, record.performer.npi) == ("AMB", "20", "1999999042")
    assert (record.supervisor.id, record.referrer.npi, record.reasons[0].text) == ("vasterling", "1234567893", "Cough")
    assert (record.accident.kind, record.accident.state, record.authorization_number) == ("auto", "WI", "A-77")
    assert (record.start.isoformat()[:16], record.copay_collected) == ("2026-10-30T09:20", None)
    assert found.state == EncounterState.HELD
    assert "J20.9" in {one.code for one in suggested(system.scope, found.id).suggestion.diagnoses}
    assert b"J20.9" in clerk.get(answer["Location"]).content
    assert not system.scope.rows(JournalEntry).exists()


@pytest.mark.parametrize(
    "kind, place, told",
    [
        ("telehealth", "main", ("VR", "10")),
        ("telehealth-elsewhere", "main", ("VR", "02")),
        ("home", "main", ("HH", "12")),
        ("preventive", "main", ("WELLNESS", "11")),
        ("emergency", "elsewhere", ("EMER", "23")),
        ("outpatient", "elsewhere", ("AMB", "22")),
        ("observation", "elsewhere", ("OBSENC", "22")),
        ("inpatient", "elsewhere", ("IMP", "21")),
        ("nursing", "elsewhere", ("AMB", "32")),
    ],
)
def test_each_kind_has_its_class_and_place(kind, place, told):
    form = filled(kind=kind, place=place)
    assert form.is_valid(), form.errors
    record = form.record()
    assert (record.class_code, record.location.place_of_service) == told
    assert {"kind": kind, "place": place}.items() <= told_of(SITE, record).items()


def test_without_a_note_a_visit_stays_open_until_it_has_one(system, clerk, patient):
    enter(clerk, patient, note="")
    assert visit(system.scope, "A1002").encounter.status == "in-progress"
    page = clerk.get("/p/lakeside/visits/A1002/edit").content.decode()
    began = page.split('name="version" value="')[1].split('"')[0]
    more = {"version": began, "note": NOTE}
    assert clerk.post("/p/lakeside/visits/A1002/edit", {**FILLED, **more})["Location"].endswith("/visits/A1002")
    found = visit(system.scope, "A1002")
    assert (found.encounter.status, found.encounter.id, found.encounter.notes[0].text) == (
        "finished", "desk-1", NOTE.strip("\n"),
    )  # fmt: skip
    stale = clerk.post("/p/lakeside/visits/A1002/edit", {**FILLED, **more, "reason": "Fever"})
    assert stale.status_code == 409
    assert b"Fever" in stale.content
    assert visit(system.scope, "A1002").encounter.reasons[0].text == "Cough"


def test_a_second_visit_of_the_day_is_kept_once_it_is_said_to_be_another(system, clerk, patient):
    enter(clerk, patient)
    asked = enter(clerk, patient, time="15:00")
    assert asked.status_code == 422
    assert b"It is another visit: save" in asked.content
    assert b'name="another" value="A1002"' in asked.content
    assert enter(clerk, patient, time="15:00", another="A1002").status_code == 302
    assert system.scope.rows(EncounterRow).count() == 3


REFUSED = [
    ({"kind": "inpatient", "place": "main"}, "Choose the hospital or facility"),
    ({"place": "elsewhere"}, "Choose where the practice saw the patient"),
    ({"ends": "10/31/2026"}, "Only a hospital stay ends"),
    ({"kind": "inpatient", "place": "elsewhere", "ends": "10/29/2026"}, "before the first day"),
    ({"referrer_npi": "1234567890"}, "This is no NPI"),
    ({"referrer_last": ""}, "Name the person of this NPI"),
    ({"referrer_npi": ""}, "only with an NPI"),
    ({"accident": ""}, "what kind of accident"),
    ({"accident_day": ""}, "tells the day of the accident"),
    ({"accident_state": ""}, "tells the state of a car accident"),
    ({"note_file": SimpleUploadedFile("n.txt", b"Another note.")}, "Give the note once"),
    ({"note": "", "note_file": SimpleUploadedFile("n.pdf", b"%PDF-1.4")}, "This is a PDF"),
    ({"note": "", "note_file": SimpleUploadedFile("n.xml", b"<!DOCTYPE a><ClinicalDocument/>")}, "DOCTYPE"),
    ({"note": "", "note_file": SimpleUploadedFile("n.txt", b"x" * 200_001)}, "more than 200,000 characters"),
    ({"note": "x" * 200_001}, "at most 200000 characters"),
    ({"note": "", "note_file": SimpleUploadedFile("n.txt", b"x" * (5 * 1024 * 1024 + 1))}, "larger than 5 MB"),
]


@pytest.mark.parametrize("changed, says", REFUSED, ids=[says for _, says in REFUSED])
def test_what_is_refused_says_why(changed, says):
    form = filled(**changed)
    assert not form.is_valid()
    assert [str(one) for each in form.errors.values() for one in each if says in str(one)]


def test_a_refused_form_keeps_nothing(system, clerk, patient):
    for changed in ({"day": "11/30/2026"}, {"referrer_npi": "1234567890"}):
        assert enter(clerk, patient, **changed).status_code == 422
    assert system.scope.rows(EncounterRow).count() == 1


@pytest.mark.parametrize(
    "name, content, words",
    [
        ("n.txt", "Café au lait spots.".encode("cp1252"), "Café au lait spots."),
        ("n.rtf", rb"{\rtf1 Sore \b throat\b0.}", "Sore throat."),
        ("n.html", b"<html><body><p>Sore throat.</p></body></html>", "Sore throat."),
        (
            "n.xml",
            b"<ClinicalDocument xmlns='urn:hl7-org:v3'><component><section><title>HPI</title><text>Sore throat.</text>"
            b"</section></component></ClinicalDocument>",
            "Sore throat.",
        ),
    ],
)
def test_a_notes_file_is_read_by_its_content(name, content, words):
    form = filled(note="", note_file=SimpleUploadedFile(name, content))
    assert form.is_valid(), form.errors
    assert words in form.record().notes[0].text


def test_what_the_form_does_not_ask_for_stays():
    told = EncounterRecord(
        id="e1", start=datetime(2026, 10, 30, 9, 20, 7, tzinfo=timezone(timedelta(hours=-5))), class_code="ACUTE",
        conditions=(ConditionRecord(id="c", concept=Concept(text="Cough")),), location=ServiceLocation(id="far"),
        notes=(Note(id="a", text="One."), Note(id="b", text="Two.")), reasons=(Concept(text="a"), Concept(text="b")),
    )  # fmt: skip
    same = told_of(SITE, told)
    form = VisitForm(SITE, same, before=told)
    assert form.is_valid(), form.errors
    assert replace(form.record(), performer=None) == told
    moved = VisitForm(SITE, {**same, "authorization": "A-1"}, before=told)
    assert moved.is_valid()
    assert replace(moved.record(), performer=None) == replace(told, authorization_number="A-1")
