"""What is said of a mention, phrase by phrase."""

import pytest
from tests.coding_mentions import read

from superbill.coding.reading import attributes, gestation
from superbill.coding.reading.model import AXES

CASES = [
    # side
    ("Pneumonia of the right lung.", "pneumonia", {"side": "right"}),
    ("Right otitis media and left knee pain.", "otitis media", {"side": "right"}),
    ("Right otitis media and left knee pain.", "knee pain", {"side": "left"}),
    ("Knee pain, right.", "knee pain", {"side": "right"}),
    ("Bilateral hip pain.", "hip pain", {"side": "bilateral"}),
    ("Left knee pain and swelling.", "swelling", {"side": "left"}),
    ("EXAM:\nRight knee: swelling noted.", "swelling", {"side": "right"}),
    ("Right hand dominant with hip pain.", "hip pain", {"side": ""}),
    ("Bilateral hip pain, right worse than left.", "hip pain", {"side": "bilateral", "course": ""}),
    # acuity, severity, stage
    ("Acute on chronic heart failure.", "heart failure", {"acuity": "acute on chronic"}),
    ("Chronic sinusitis.", "sinusitis", {"acuity": "chronic"}),
    ("Recurrent pancreatitis.", "pancreatitis", {"acuity": "recurrent"}),
    ("Acute bronchitis and chronic sinusitis.", "bronchitis", {"acuity": "acute"}),
    ("Acute bronchitis and chronic sinusitis.", "sinusitis", {"acuity": "chronic"}),
    ("Depression, severe.", "depression", {"severity": "severe"}),
    ("Mild cough.", "cough", {"severity": "mild"}),
    ("Chronic kidney disease, stage 3b.", "chronic kidney disease", {"stage": "3b"}),
    ("Stage IV kidney disease.", "kidney disease", {"stage": "4"}),
    ("Heart failure, NYHA class III.", "heart failure", {"stage": "nyha 3"}),
    ("Unstageable ulcer.", "ulcer", {"stage": "unstageable"}),
    # type and control
    ("Type 2 diabetes.", "diabetes", {"type": "type 2"}),
    ("Diabetes, type 1.", "diabetes", {"type": "type 1"}),
    ("Chronic systolic heart failure.", "heart failure", {"type": "systolic", "acuity": "chronic"}),
    ("Essential hypertension.", "hypertension", {"type": "essential"}),
    ("Hypertension is well controlled.", "hypertension", {"control": "controlled"}),
    ("Hypertension, not at goal.", "hypertension", {"control": "uncontrolled"}),
    ("Poorly controlled diabetes.", "diabetes", {"control": "uncontrolled"}),
    ("COPD with acute exacerbation.", "copd", {"control": "exacerbation"}),
    ("ASSESSMENT:\n1. Diabetes\nNot at goal today.", "diabetes", {"control": "uncontrolled"}),
    # course, pattern, duration
    ("Depression, improving.", "depression", {"course": "improving"}),
    ("Anxiety is stable.", "anxiety", {"course": "stable"}),
    ("Flare of gout.", "gout", {"course": "flare"}),
    ("Depression in remission.", "depression", {"course": "in remission"}),
    ("Asthma, mild intermittent.", "asthma", {"pattern": "mild intermittent"}),
    ("Moderate persistent asthma.", "asthma", {"pattern": "moderate persistent"}),
    ("Intractable migraine.", "migraine", {"pattern": "intractable"}),
    ("Migraine without aura.", "migraine", {"pattern": "without aura"}),
    ("Cough for 3 days.", "cough", {"duration": "for 3 days"}),
    ("Hypertension since 2015.", "hypertension", {"duration": "since 2015"}),
    ("3-day history of headache.", "headache", {"duration": "3-day history of"}),
    ("Anxiety, not improving.", "anxiety", {"course": ""}),
    # cause and company
    ("Hyperglycemia due to prednisone.", "hyperglycemia", {"cause": "prednisone"}),
    ("Steroid-induced hyperglycemia.", "hyperglycemia", {"cause": "steroid"}),
    ("Anemia secondary to chronic kidney disease.", "anemia", {"cause": "chronic kidney disease"}),
    ("Chest pain caused by GERD, improving.", "chest pain", {"cause": "gerd"}),
    ("Rash not due to gout.", "rash", {"cause": ""}),
    ("Headache with nausea.", "headache", {"with": "nausea"}),
    ("Headache without fever.", "headache", {"without": "fever"}),
    # injuries and pregnancy
    ("Fracture with delayed healing.", "fracture", {"encounter": "delayed healing"}),
    ("Nonunion of fracture.", "fracture", {"encounter": "nonunion"}),
    ("Follow-up of sprain.", "sprain", {"encounter": "subsequent"}),
    ("Displaced fracture.", "fracture", {"status": "displaced"}),
    ("Nondisplaced closed fracture.", "fracture", {"status": "nondisplaced"}),
    ("Preeclampsia at 34 weeks.", "preeclampsia", {"trimester": "third trimester"}),
    ("Preeclampsia at 34 weeks.", "preeclampsia", {"duration": "34 weeks of gestation"}),
    ("Preeclampsia, second trimester.", "preeclampsia", {"trimester": "second trimester"}),
]


@pytest.mark.parametrize(("text", "name", "wanted"), CASES, ids=[f"{name}, {text[:50]}" for text, name, _ in CASES])
def test_what_is_said_of_a_mention(text, name, wanted):
    _, found = read(text)
    assert {axis: found[name].value(axis) for axis in wanted} == wanted


def test_a_contradiction_is_kept_as_two():
    _, found = read("Left knee pain, right.")
    assert {each.value for each in found["knee pain"].attributes if each.axis == "side"} == {"left", "right"}


def test_every_axis_of_the_table_is_known():
    read_in = attributes._table()
    assert set(read_in.axes) == set(read_in.words) - {"nothing"}
    assert set(read_in.axes) <= set(AXES)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("She is 28 weeks pregnant.", 28),
        ("28w3d gestation", 28),
        ("Pregnancy at 12 weeks and 2 days.", 12),
        ("IUP at 31 2/7 weeks", 31),
        ("gestational age of 20 weeks", 20),
        ("G2P1 at 32 weeks", 32),
        ("Cough for 3 weeks.", None),
        ("Pregnant. Nausea 6 weeks ago.", None),
    ],
)
def test_weeks_of_gestation(text, count):
    found = gestation.weeks(text)
    assert (found and found[0]) == count


@pytest.mark.parametrize(
    ("count", "name"), [(1, "first"), (13, "first"), (14, "second"), (27, "second"), (28, "third"), (41, "third")]
)
def test_trimesters_end_before_14_and_28_weeks(count, name):
    assert gestation.trimester(count) == f"{name} trimester"
