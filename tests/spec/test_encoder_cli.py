"""`superbill code`: what a coder may count on at the shell. The embedded ICD-10-CM, April 2026."""

import json

import pytest
from tests.cli_runs import main
from tests.codesets import embedded_folder


@pytest.fixture(autouse=True)
def store(monkeypatch):
    monkeypatch.setenv("SUPERBILL_CODESETS", str(embedded_folder()))


def code(*arguments, on="2026-05-01"):
    return main("code", *arguments, "--on", on)


def test_show_has_every_note_that_holds_for_the_code():
    said = code("show", "e1122").out
    assert said.startswith("E11.22  Type 2 diabetes mellitus with diabetic chronic kidney disease\n")
    assert "use additional at E11.22        code to identify stage of chronic kidney disease (N18.1-N18.6)" in said
    assert "type 1 diabetes mellitus (E10.-)" in said
    assert "transitory endocrine and metabolic disorders specific to newborn (P70-P74)" in said
    assert "icd10cm-2026-04-01-r1" in said


def test_show_names_what_stands_beside():
    shown = code("show", "S52.501A", "--json").data
    assert [each["code"] for each in shown["laterality"]] == ["S52.501A", "S52.502A", "S52.509A"]
    assert len(shown["encounter"]) == 16
    assert shown["exact"] is True


def test_a_day_without_a_release_is_said():
    assert "none for 2030-01-01 is here" in code("show", "I10", on="2030-01-01").out


def test_history_of_a_code():
    (spell,) = code("show", "I10", "--history", "--json").data["spells"]
    assert (spell["state"], spell["effective"], spell["until"]) == ("billable", "2026-04-01", "2026-09-30")


@pytest.mark.parametrize("verb", ["show", "tree"])
def test_what_is_no_code_is_said_without_a_traceback(verb):
    ended = code(verb, "ZZ9")
    assert ended.code == 2
    assert "ZZ9: no such" in ended.err


def test_the_tree_from_the_chapters_down():
    chapters = code("tree", "--json").data
    assert len(chapters) == 22
    assert [each["name"] for each in code("tree", "9", "--json").data][:2] == ["I00-I02", "I05-I09"]
    two = code("tree", "S52.5", "--depth", "3", "--json").data
    assert {each["level"] for each in two} == {0, 1, 2}
    assert next(each["name"] for each in two if each["level"] == 2) == "S52.501A"


def test_without_an_index_the_way_to_one_is_said():
    ended = code("index", "Fracture,", "radius")
    assert ended.code == 2
    assert "superbill codesets import" in ended.err


def test_check_cites_its_sources_and_exits_1_on_an_error():
    ended = code("check", "E11.9", "E10.9", "--json")
    assert ended.code == 1
    (error,) = [each for each in ended.data if each["severity"] == "error"]
    assert "Excludes1 at E10" in error["source"] or "Excludes1 at E11" in error["source"]


def test_check_of_codes_that_go_together():
    ended = code("check", "I10")
    assert ended.code == 0
    assert "coding.icd10cm" not in ended.err


def test_check_wants_a_poa_letter_for_each_code():
    ended = code("check", "I10", "E11.9", "--poa", "Y", "--setting", "inpatient")
    assert ended.code == 2
    assert "has 1 letters for 2 codes" in ended.err


def test_search_at_the_shell_and_as_data():
    assert code("search", "heart", "attack", "--limit", "1").out.startswith("I21.9 ")
    assert code("search", "e11.2", "--limit", "3", "--json").data[0]["code"].startswith("E11.2")
    ended = code("search", "qqqqzzzz")
    assert (ended.code, "nothing for" in ended.out) == (1, True)


def test_code_without_a_verb_still_codes_charts(tmp_path):
    ended = main("code", "--from", str(tmp_path), "--held")
    assert ended.code == 2
    assert "--held" in ended.err


def test_help_lists_the_verbs():
    said = main("code", "--help").out
    assert all(verb in said for verb in ("search", "show", "tree", "index", "check", "encounters", "favourite"))


def test_json_of_every_verb_is_json():
    for arguments in (("search", "asthma"), ("show", "J45.909"), ("tree",), ("check", "J45.909")):
        json.loads(code(*arguments, "--json").out)


def test_codes_of_other_systems():
    assert code("show", "0450", "--system", "revenue").out.startswith("0450  Emergency room\n")
    assert "number only" in code("show", "99213", "--system", "cpt").out
    assert code("show", "0450", "--system", "revenue", "--json").data["code"] == "0450"
    ended = code("show", "0450", "--system", "revenu")
    assert (ended.code, "no code system" in ended.err) == (2, True)
    assert "no such code of revenue" in code("show", "9999", "--system", "revenue").err


def test_procedures_without_a_release_say_how_to_get_one():
    ended = code("pcs", "0DT")
    assert (ended.code, "superbill codesets import" in ended.err) == (2, True)
