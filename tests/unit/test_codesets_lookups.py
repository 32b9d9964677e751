"""What the small code tables answer."""

from datetime import date

import pytest

from superbill.codesets.carc import lookup as carc
from superbill.codesets.claim_status import lookup as claim_status
from superbill.codesets.place_of_service import lookup as places
from superbill.codesets.rarc import lookup as rarc


@pytest.mark.parametrize(
    ("group", "code", "handling"),
    [
        ("CO", "45", "contractual"),
        ("CO", "253", "contractual"),
        ("OA", "104", "contractual"),
        ("OA", "23", "prior_payer"),
        ("CO", "50", "denial"),
        ("CO", "97", "denial"),
        ("PI", "16", "denial"),
        ("PR", "1", "patient"),
        ("PR", "204", "patient"),
        ("PR", "45", "patient"),
        ("CO", "204", "denial"),
        ("CO", "1", "denial"),
        ("CO", "9999", "denial"),
    ],
)
def test_what_becomes_of_an_adjustment(group: str, code: str, handling: str) -> None:
    assert carc.handling(group, code) == handling


def test_the_reasons_that_a_payer_uses_every_day_are_on_file() -> None:
    daily = (
        "1 2 3 4 11 16 18 22 23 24 26 27 29 31 45 49 50 58 59 96 97 109 119 125 131 140 146 151 181 182 197 204 "
        "208 209 226 227 234 236 242 252 253 256 B7 B15 B16 B20"
    )
    assert [code for code in daily.split() if carc.reason(code) is None] == []
    assert carc.reason("A77") is None


def test_every_sentence_for_a_patient_is_short_and_plain() -> None:
    for reason in carc.all_reasons().values():
        sentences = [part for part in reason.patient_text.split(". ") if part]
        assert reason.patient_text.endswith("."), reason.code
        assert max(len(sentence.split()) for sentence in sentences) <= 18, reason.code


def test_money_that_nobody_pays_is_never_called_the_patients() -> None:
    for reason in carc.all_reasons().values():
        if "You do not owe" in reason.patient_text:
            assert reason.handling in {"contractual", "denial"}, reason.code
        if reason.handling == "patient":
            assert "do not owe" not in reason.patient_text, reason.code


def test_an_alert_is_told_from_an_explanation() -> None:
    assert rarc.remark("N365") is not None and rarc.remark("N365").kind == "alert"  # type: ignore[union-attr]
    assert rarc.remark("MA130").kind == "alert"  # type: ignore[union-attr]
    assert rarc.remark("M76").kind == "supplemental"  # type: ignore[union-attr]
    assert rarc.remark("Q1") is None


@pytest.mark.parametrize(
    ("code", "day_before", "first_day"),
    [
        ("10", date(2021, 12, 31), date(2022, 1, 1)),
        ("27", date(2023, 9, 30), date(2023, 10, 1)),
        ("66", date(2024, 7, 31), date(2024, 8, 1)),  # CMS transmittal 12779
        ("19", date(2015, 12, 31), date(2016, 1, 1)),
        ("02", date(2016, 12, 31), date(2017, 1, 1)),
        ("58", date(2019, 12, 31), date(2020, 1, 1)),
    ],
)
def test_a_place_of_service_begins_on_its_day(code: str, day_before: date, first_day: date) -> None:
    assert places.place(code, day_before) is None
    assert places.place(code, first_day) is not None


@pytest.mark.parametrize(
    ("code", "facility"),
    [("11", False), ("21", True), ("23", True), ("02", True), ("10", False), ("31", True), ("32", False)],
)
def test_facilities_are_known(code: str, facility: bool) -> None:
    found = places.place(code)
    assert found is not None and found.facility is facility
    assert places.place("30") is None


@pytest.mark.parametrize(
    ("code", "rejects"),
    [("A1", False), ("A2", False), ("A3", True), ("A7", True), ("A8", True), ("F2", False), ("D0", True)],
)
def test_a_status_category_says_whether_the_claim_comes_back(code: str, rejects: bool) -> None:
    found = claim_status.category(code)
    assert found is not None and found.rejects is rejects
    assert claim_status.category("Z9") is None


def test_statuses_of_a_rejection_are_on_file() -> None:
    needed = "20 21 26 33 116 122 125 145 153 158 164 187 249 254 255 400 453 454 476 477 500 535 562 732"
    for code in needed.split():
        assert claim_status.status(code) is not None, code
    assert claim_status.status("99999") is None
