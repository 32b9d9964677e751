"""Whatever a payer answers, the handbook says why, whose task it is and what mends it, and fits what the books do."""

import gzip
import json
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest

from superbill.codesets.carc.lookup import all_reasons
from superbill.codesets.rarc.lookup import all_remarks
from superbill.denials.handbook import Route, Task, categories, cause_of, known_codes, refining_remarks
from superbill.denials.prevention import caught, named_rules, rules_for
from superbill.edits import RULES

DATA = Path(__file__).parents[3] / "shared/data/codesets/cms_codesystems_cc0.json.gz"
SETTLED = {"contractual", "patient", "prior_payer"}


@pytest.mark.parametrize("code", all_reasons())
def test_every_reason_has_its_cause_task_route_and_mend(code):
    cause = cause_of("CO", code)
    assert cause.cause.endswith(".")
    assert cause.mend.endswith(".")
    assert cause.task in get_args(Task)
    assert cause.route in get_args(Route)
    assert cause.patient_text == all_reasons()[code].patient_text


@pytest.mark.parametrize("code", all_reasons())
def test_what_the_handbook_calls_settled_is_what_the_books_settle(code):
    handling, category = all_reasons()[code].handling, cause_of("CO", code).category.key
    if handling == "denial":
        assert category not in SETTLED
    elif code != "100":  # paid to the patient: the money is the patient's to hand on
        assert category == handling
    if category not in SETTLED:
        assert cause_of("CO", code).task != "nobody"


@pytest.mark.parametrize("code", refining_remarks())
def test_every_refining_remark_is_on_file_and_leads_somewhere(code):
    assert all_remarks()[code].kind == "supplemental" or code in {"M27", "M39", "MA130"}
    cause = cause_of("CO", "16", [code])
    assert cause.remark == code
    assert cause.task in get_args(Task)
    assert cause.route in get_args(Route)
    assert cause.mend.endswith(".")


def test_the_books_and_the_handbook_know_the_same_reasons():
    assert set(known_codes()) == set(all_reasons())


@pytest.mark.shared_data
@pytest.mark.skipif(not DATA.exists(), reason="../shared/data is absent")
def test_every_number_that_the_official_list_has_is_there():
    listed = json.loads(gzip.decompress(DATA.read_bytes()))["ANSI-RSN-CD"]["codes"]
    assert set(listed) == set(all_reasons())


def test_a_remark_sharpens_what_the_reason_leaves_open():
    assert cause_of("CO", "16", ["MA27"]).category.key == "eligibility"
    assert cause_of("CO", "16", ["MA27"]).task == "front_desk"
    assert cause_of("CO", "96", ["N115"]).category.key == "medical_necessity"
    assert cause_of("CO", "50", ["N115"]).mend == "Hold diagnosis and note against the local coverage determination."


def test_a_remark_about_something_else_does_not_overrule_a_clear_reason():
    assert cause_of("CO", "29", ["M51"]).category.key == "timely_filing"
    assert cause_of("CO", "45", ["M51"]).category.key == "contractual"
    assert cause_of("CO", "16", ["N1", "M51"]).remark == "M51"


def test_group_pr_goes_to_the_patient_and_an_unknown_reason_to_a_person():
    assert cause_of("PR", "96").route == "patient"
    unknown = cause_of("CO", "9999")
    assert (unknown.category.key, unknown.task, unknown.code_says) == ("unclear", "biller", "Not on file")


def test_patients_read_short_plain_sentences():
    for category in categories().values():
        sentences = [part for part in category.patient_text.split(". ") if part]
        assert category.patient_text.endswith(".")
        assert max(len(sentence.split()) for sentence in sentences) <= 18
    assert all(0 <= category.chance <= 100 for category in categories().values())


def test_a_retired_reason_says_so_and_ends_after_it_began():
    for reason in all_reasons().values():
        if reason.listed.start and reason.listed.end:
            assert reason.listed.start < reason.listed.end, reason.code
    assert all_reasons()["17"].listed.end == date(2009, 7, 1)
    assert all_reasons()["253"].listed.start == date(2013, 6, 2)
    assert all_reasons()["253"].listed.end is None
    assert "retired" in all_reasons()["A2"].meaning
    assert date(2009, 7, 1) + timedelta(days=1) not in all_reasons()["17"].listed


def test_every_edit_that_prevention_names_is_one_of_ours():
    ids = set(RULES)
    families = {one.partition(".")[0] for one in ids}
    for rule in named_rules():
        family, _, rest = rule.partition(".")
        assert family in families if rest == "*" else rule in ids, rule


def test_prevention_tells_the_sharper_rules_first_and_which_had_spoken():
    assert rules_for("16", ["M76", "N1"]) == rules_for("16", ["M76"])
    assert "diagnosis.missing" in rules_for("16", ["M76"])
    assert rules_for("35") == ()
    assert caught(("claim.*", "lines.duplicate"), ["claim.note", "lines.duplicate", "lines.note"]) == (
        "claim.note",
        "lines.duplicate",
    )
