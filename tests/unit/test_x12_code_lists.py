"""Codes of the NUBC's lists and modifiers in a claim: what our lists lack is doubtful, never certainly wrong."""

from datetime import date

import pytest

from superbill.x12.code_sets import Refusal, standard

ON = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("revenue", "0450"), ("bill_type", "13"), ("condition_code", "09"), ("occurrence_code", "11"),
        ("occurrence_code", "74"), ("value_code", "01"), ("modifier", "25"), ("modifier", "LT"), ("modifier", "RH"),
    ],
)  # fmt: skip
def test_a_code_of_a_list(name: str, code: str) -> None:
    assert standard().refusal(name, code, ON) is None
    assert standard().refusal(name, code) is None


@pytest.mark.parametrize(
    ("name", "code", "reason"),
    [
        ("revenue", "0008", "revenue code '0008' is not on file"),
        ("bill_type", "99", "facility and bill classification '99' is not on file"),
        ("condition_code", "ZZ", "condition code 'ZZ' is not on file"),
        ("occurrence_code", "ZZ", "occurrence code 'ZZ' is not on file"),
        ("value_code", "ZZ", "value code 'ZZ' is not on file"),
        ("modifier", "ZZ", "procedure modifier 'ZZ' is not on file"),
        ("modifier", "XH", "procedure modifier 'XH' is not on file"),  # no ambulance begins at X
    ],
)
def test_what_a_list_lacks_is_doubtful(name: str, code: str, reason: str) -> None:
    assert standard().refusal(name, code, ON) == Refusal(reason, certain=False)


@pytest.mark.parametrize(("name", "code"), [("revenue", "450"), ("modifier", "2"), ("value_code", "a1")])
def test_a_wrong_form_is_certainly_wrong(name: str, code: str) -> None:
    refused = standard().refusal(name, code, ON)
    assert refused is not None
    assert refused.certain


@pytest.mark.parametrize(("day", "refused"), [(date(2022, 12, 31), True), (date(2023, 1, 1), False)])
def test_a_modifier_begins_on_its_day(day: date, refused: bool) -> None:
    assert (standard().refusal("modifier", "JZ", day) is not None) is refused


@pytest.mark.parametrize("code", ["I10", "C4A0", "C7B00", "QA00101", "S52501A"])
def test_a_category_may_have_a_letter_second_or_third(code: str) -> None:
    assert standard().refusal("icd10cm", code, ON) is None


@pytest.mark.parametrize("code", ["110", "IZ0", "I1Z", "I1", "I10000000", "QA0.0101"])
def test_what_no_diagnosis_looks_like(code: str) -> None:
    refused = standard().refusal("icd10cm", code, ON)
    assert refused is not None
    assert refused.certain
