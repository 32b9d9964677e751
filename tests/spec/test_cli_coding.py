"""`superbill coding` over notes and decisions: what it says to people and machines, how it ends, what it refuses."""

import json

import pytest
from tests.cli_runs import main, ok
from tests.codesets import embedded_folder
from tests.coding_books import accounts, books, copy_of

NOTE = """CC: cough

HPI: 54 year old woman with 3 days of cough. She denies chest pain.

Exam: T 37.0, BP 148/92. Lungs clear.

ASSESSMENT AND PLAN
1. Acute bronchitis. Albuterol inhaler prescribed.
2. Essential hypertension, above goal. Increase lisinopril to 20 mg.
3. Type 2 diabetes mellitus without complications. Continue metformin.
"""
NOTHING = "Patient did not attend. Letter sent.\n"


@pytest.fixture(autouse=True)
def code_books(monkeypatch):
    monkeypatch.setenv("SUPERBILL_CODESETS", str(embedded_folder()))


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "visit.txt"
    path.write_text(NOTE, "utf-8")
    return path


@pytest.fixture(scope="session")
def clinic(tmp_path_factory):
    return books(tmp_path_factory.getbasetemp())


@pytest.fixture
def db(clinic, tmp_path):
    """A practice with visits that wait for a person."""
    return copy_of(clinic, tmp_path)


def test_suggest_shows_each_code_with_its_words_and_decides_nothing(note):
    said = ok("coding", "suggest", note, "--age", 54, "--sex", "female").out
    for code, words in (("J20.9", "Acute bronchitis"), ("I10", "Essential hypertension"), ("E11.9", "Type 2 diabetes")):
        line = next(line for line in said.splitlines() if f"  {code} " in line)
        below = said[said.index(line) :]
        assert words in below.split("\n", 2)[1], below[:300]
    assert "R07.9" not in said, "chest pain is denied"
    assert said.rstrip().endswith("No code is final until a person has decided.")


def test_suggest_gives_machines_codes_spans_and_ways(note):
    (found,) = ok("coding", "suggest", note, "--json").data["notes"]
    assert found["note"] == str(note)
    suggestion = found["suggestion"]
    assert {"visit", "release", "diagnoses", "em", "queries", "services", "procedures", "findings", "nothing"} >= set(
        suggestion
    )
    for each in suggestion["diagnoses"]:
        evidence = each["evidence"][0]
        assert NOTE[evidence["start"] : evidence["end"]] == evidence["text"]
        assert each["way"] and each["title"] and 0 <= each.get("score", 1) <= 1


def test_suggest_reads_many_notes_in_the_order_of_their_names(note, tmp_path):
    (tmp_path / "a.txt").write_text(NOTE)
    (tmp_path / ".hidden").write_text("x")
    found = ok("coding", "suggest", tmp_path, "--json").data["notes"]
    assert [each["note"] for each in found] == [str(tmp_path / "a.txt"), str(note)]


def test_suggest_ends_with_1_where_a_note_has_nothing_to_code(note, tmp_path):
    empty = tmp_path / "none.txt"
    empty.write_text(NOTHING)
    said = ok("coding", "suggest", note, empty, "--json", code=1).data["notes"]
    assert not said[0]["suggestion"].get("nothing")
    assert said[1]["suggestion"]["nothing"] in ok("coding", "suggest", empty, code=1).out


def test_em_shows_the_grid_with_what_counts(note):
    said = ok("coding", "em", note, "--established").out
    assert "99214" in said and "for the next level" in said
    assert "prescription drug management (moderate)" in said
    level = ok("coding", "em", note, "--established", "--json").data["notes"][0]["em"]
    assert level["code"] == "99214" and level["patient"] == "established"
    assert level["risk"]["counted"][0]["evidence"]["text"]
    assert ok("coding", "em", note, "--new", "--json").data["notes"][0]["em"]["code"].startswith("9920")


def test_query_asks_only_where_something_is_missing_and_then_ends_with_1(tmp_path):
    vague = tmp_path / "vague.txt"
    vague.write_text("ASSESSMENT\n1. Heart failure. Continue furosemide.\n2. Knee osteoarthritis. Ibuprofen.\n")
    asked = ok("coding", "query", vague, "--json", code=1).data["notes"][0]["queries"]
    assert asked and all(each["text"] and each["evidence"] for each in asked)
    assert "Heart failure" in ok("coding", "query", vague, code=1).out
    clear = tmp_path / "clear.txt"
    clear.write_text("ASSESSMENT\n1. Essential hypertension. Continue lisinopril.\n")
    assert "Nothing to ask." in ok("coding", "query", clear).out


def test_explain_says_why_and_why_not(note):
    told = ok("coding", "explain", "i10", note, "--json").data
    assert told["code"]["code"] == "I10" and told["suggested"]
    assert "not suggested" in ok("coding", "explain", "C50.911", note, code=1).out
    denied = ok("coding", "explain", "R07.9", note, code=1).out
    assert "chest pain" in denied and "not suggested" in denied


BAD_NOTES = [
    ("suggest {missing}", "No such file"),
    ("suggest {folder}", "holds no file"),
    ("em {missing}", "No such file"),
    ("query {missing}", "No such file"),
    ("explain I10 {missing}", "No such file"),
    ("explain I10 {folder}", "is a folder"),
    ("explain E11.999 {note}", "no such ICD-10-CM code"),
    ("explain hello {note}", "no such ICD-10-CM code"),
    ("explain I10", "Missing argument"),
    ("suggest", "Missing argument"),
    ("suggest {note} --age 200", "--age"),
    ("suggest {note} --on yesterday", "--on"),
    ("suggest {note} --sex other", "--sex"),
]


@pytest.mark.parametrize(("line", "said"), BAD_NOTES, ids=[line for line, _ in BAD_NOTES])
def test_what_cannot_be_read_is_said_with_exit_code_2(note, tmp_path, line, said):
    folder = tmp_path / "none"
    folder.mkdir()
    words = line.format(missing=tmp_path / "missing.txt", folder=folder, note=note).split()
    ended = main("coding", *words)
    assert ended.code == 2 and said.lower() in ended.err.lower() and "Traceback" not in ended.err


@pytest.mark.parametrize("command", ["suggest", "em", "query"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x01\x02\xff\xfe" * 400,
        b"\x89PNG\r\n\x1a\n" + bytes(900),
        b"   \n\n\t",
        "Ünïcødé only".encode("utf-16"),
    ],
    ids=["empty", "binary", "image", "blank", "utf-16"],
)
def test_a_file_that_is_no_note_ends_with_an_answer_not_a_traceback(tmp_path, command, data):
    path = tmp_path / "note"
    path.write_bytes(data)
    ended = main("coding", command, path)
    assert ended.code in (0, 1) and "Traceback" not in ended.out + ended.err and ended.out.strip()
    assert json.loads(main("coding", command, path, "--json").out)["notes"][0]["note"] == str(path)


def test_one_unreadable_file_does_not_hide_the_others(note, tmp_path):
    (tmp_path / "a.bin").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(900))
    found = main("coding", "suggest", tmp_path, "--json")
    assert found.code == 1
    assert [bool(each["suggestion"]) for each in json.loads(found.out)["notes"]] == [False, True]


def test_explain_answers_machines_for_a_file_that_is_no_note_too(tmp_path):
    path = tmp_path / "note.pdf"
    path.write_bytes(b"%PDF-1.4\n")
    told = ok("coding", "explain", "I10", path, "--json", code=1).data
    assert told["code"] is None and told["findings"][0]["rule"] == "chart.not-text"


def test_waiting_lists_the_visits_and_ends_with_1(db):
    shown = ok("coding", "waiting", "--db", db, code=1).out
    found = ok("coding", "waiting", "--json", "--db", db, code=1).data["visits"]
    assert len(found) == 10 and all(each["account"] in shown for each in found)
    assert {"account", "date_of_service", "why"} == set(found[0]) and "a person decides" in found[0]["why"]


def test_deciding_keeps_who_when_and_on_which_words(db):
    first, *rest = accounts(db)
    shown = ok("coding", "decide", first, "--db", db, code=1).out
    assert "No code is final" in shown and accounts(db) == [first, *rest], "shown only"
    offered = ok("coding", "decide", first, "--json", "--db", db, code=1).data["suggestion"]["diagnoses"]
    refused = offered[-1]["code"]
    given = ("--accept", "--by", "maria", "--without", f"{refused}=not addressed", "--with", "36415=blood drawn")
    decided = ok("coding", "decide", first, *given, "--seconds", 75, "--json", "--db", db).data
    assert decided["account"] == first and {"coded", "checks"} < set(decided)
    assert refused not in [each["code"] for each in decided["coded"]["diagnoses"]]
    assert {each["by"] for each in decided["coded"]["diagnoses"]} == {"maria"}
    assert accounts(db) == rest
    kept = ok("coding", "history", first, "--json", "--db", db).data["codings"]
    assert [(each["purpose"], each["coder"]) for each in kept] == [("suggested", "system"), ("decided", "maria")]
    assert kept[1]["record"]["seconds"] == 75 and kept[1]["release"].startswith("icd10cm")
    verdicts = {each["code"]: (each["verdict"], each.get("reason")) for each in kept[1]["record"]["decisions"]}
    assert verdicts[refused] == ("refused", "not addressed") and verdicts["36415"] == ("added", "blood drawn")
    text = ok("coding", "history", first, "--db", db).out
    assert "decided by maria" in text and f"refused   {refused}: not addressed" in text


def test_units_and_modifiers_are_read_from_a_service(db):
    account = accounts(db)[0]
    given = (
        "--with",
        "j7613x3",
        "--with",
        "20610-rt",
        "--with",
        "20611-LT-59x2",
        "--first",
        "z79.4",
        "--with",
        "z79.4",
    )
    coded = ok("coding", "decide", account, "--accept", "--by", "jo", *given, "--json", "--db", db).data["coded"]
    lines = {
        each["procedure"]["code"]: (each.get("modifiers", []), float(each.get("units", 1)))
        for each in coded["services"]
    }
    assert lines["J7613"] == ([], 3) and lines["20610"] == (["RT"], 1) and lines["20611"][1] == 2
    assert set(lines["20611"][0]) == {"LT", "59"}


BAD_DECISIONS = [
    ("decide A9 --accept --by maria", "no visit with this account number"),
    ("decide {account} --accept", "Say who decides"),
    ("decide {account} --accept --by _", "Say who decides"),
    ("decide {account} --accept --by maria --with hello", "is no code"),
    ("decide {account} --accept --by maria --with 99213x0", "is no code"),
    ("decide {account} --accept --by maria --with 9921", "is no code"),
    ("decide {account} --accept --by maria --with E11", "E11 is a heading"),
    ("decide {account} --accept --by maria --with E11.999", "Nothing was stored"),
    ("decide {account} --accept --by maria --without C50.911", "is not suggested"),
    ("decide {account} --accept --by maria --first C50.911", "is none of the diagnoses"),
    ("decide {account} --accept --by maria --seconds -1", "--seconds"),
    ("history A9", "was never coded"),
    ("history", "Missing argument"),
]


@pytest.mark.parametrize(("line", "said"), BAD_DECISIONS, ids=[line for line, _ in BAD_DECISIONS])
def test_what_cannot_be_decided_is_said_and_nothing_is_stored(db, line, said):
    before = accounts(db)
    words = [word.replace("_", " ") for word in line.format(account=before[0]).split()]
    ended = main("coding", *words, "--db", db)
    assert ended.code == 2 and said in ended.err and "Traceback" not in ended.err, ended.err
    assert accounts(db) == before


@pytest.mark.parametrize("command", ["waiting", "history A1001", "decide A1001"])
def test_a_database_that_is_not_there_is_said_and_not_made(tmp_path, command):
    ended = main("coding", *command.split(), "--db", tmp_path / "typo.db")
    assert ended.code == 2 and not (tmp_path / "typo.db").exists()
    assert "typo.db" in ended.err or "site.toml" in ended.err
