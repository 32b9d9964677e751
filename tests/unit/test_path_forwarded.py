"""What a visit's note copied from the patient's earlier notes is told where visits of a database are coded."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest
from tests.cli_runs import ROOT
from tests.codesets import embedded_folder

from superbill.app.coding.queries import history
from superbill.app.encounters.queries import visits
from superbill.app.path.coding import code_encounters, earlier_notes
from superbill.app.patients.actions import import_charts
from superbill.app.session import open_session
from superbill.chart.model import Chart, EncounterRecord, Note, PatientRecord, PersonName
from superbill.cli.output import stages
from superbill.coding.suggest.forwarded import RULE

DEMO = ROOT / "src" / "superbill" / "demo"
FIRST = (
    "ASSESSMENT AND PLAN\n"
    "1. Chronic obstructive pulmonary disease, for which she uses her two inhalers every single day.\n"
    "2. Cough.\n"
)
NEXT = FIRST.replace("2. Cough.", "2. Gout. Colchicine is started for the attack in her left foot.")
START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def session(database, tmp_path, monkeypatch):
    """A practice that has its notes read, on the test's database."""
    monkeypatch.setenv("SUPERBILL_CODESETS", str(embedded_folder()))
    for name in ("synthea/site.toml", "charge_master.csv", "facility_charges.csv"):
        shutil.copy(DEMO / name, tmp_path)
    path = tmp_path / "site.toml"
    path.write_text(path.read_text("utf-8") + "\n[coding]\nread_notes = true\n", "utf-8")
    return open_session(database.address, path, (START + timedelta(days=90)).date(), create=True)


def patient(key, *notes):
    """A patient with a visit a month for each note."""
    made = (
        EncounterRecord(
            id=f"{key}e{number}", start=START + timedelta(days=28 * number), class_code="AMB",
            notes=(Note(id=f"{key}n{number}", text=text),),
        )
        for number, text in enumerate(notes)
    )  # fmt: skip
    name = PersonName(f"Family{key}", ("Given",))
    return Chart(
        patient=PatientRecord(id=key, name=name, birth_date=START.date().replace(year=1960), sex="F"),
        encounters=tuple(made),
    )


def told(session, *charts):
    """By encounter: the diagnoses whose words were copied, or the note alone."""
    import_charts(session.actor, list(charts), at=session.at)
    with stages(quiet=True) as bars:
        code_encounters(session, bars)
    found = {}
    for visit in (each for some in visits(session.scope) for each in some):
        (kept,) = history(session.scope, visit.account_number)
        said = kept.record.suggestion
        places = [each.where.position for each in said.findings if each.rule == RULE and each.where.position]
        found[visit.encounter.id] = [said.diagnoses[place - 1].code for place in places]
    return found


def test_a_code_on_text_of_an_earlier_visit_is_told_and_nothing_else_is(session):
    assert told(session, patient("a", FIRST, NEXT), patient("b", NEXT)) == {"ae0": [], "ae1": ["J44.9"], "be0": []}


def test_only_visits_before_this_one_are_compared_the_latest_first():
    chart = patient("a", *(f"Note {number}." for number in range(20)))
    assert earlier_notes(chart, chart.encounters[2]) == ("Note 1.", "Note 0.")
    assert earlier_notes(chart, chart.encounters[0]) == ()
    assert earlier_notes(chart, chart.encounters[19])[0] == "Note 18."
