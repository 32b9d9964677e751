"""Audits of coding: how two codings of a visit differ and why, in figures, in money, and in words to learn from."""

from datetime import date

import pytest
from tests.codesets import embedded_book

from superbill.coding.audit.comparing import compare, unspecified_codes
from superbill.coding.audit.education import lessons, notes
from superbill.coding.audit.levels import level_of
from superbill.coding.audit.model import Difference, Pair, same_codes
from superbill.coding.audit.productivity import paces
from superbill.coding.audit.scoring import by, by_coder, by_month, by_provider, figures
from superbill.coding.checks import check_in
from superbill.coding.checks.model import Coded
from superbill.coding.deciding import Final, FinalService
from superbill.findings import Finding, Place, Severity

DAY = date(2026, 5, 1)
PRICES = {"99212": 80_00, "99213": 120_00, "99214": 180_00, "99215": 250_00, "99203": 150_00, "J7613": 2_00}
PRICES |= {"20610": 90_00, "36415": 10_00, "99385": 160_00}


def price(code, modifiers, day):
    return PRICES.get(code)


def codes(*diagnoses, services=(), **reasons):
    made = []
    for text in services:
        code, _, units = text.partition("x")
        name, *modifiers = code.split("-")
        made.append(FinalService(code=name, modifiers=tuple(modifiers), units=int(units or 1)))
    return Final(diagnoses=diagnoses, services=tuple(made), reasons=reasons)


def pair(first, reference, second=None, **more):
    told = {"key": 1, "coder": "maria", "on": DAY, **more}
    return Pair(first=first, second=second or reference, reference=reference, **told)


def differences(first, reference, book=None, **more):
    return compare(pair(first, reference, **more), book, price).differences


DIAGNOSES = [
    ("a condition that the note supports is missed", ["I10"], ["I10", "E11.9"], ("missed condition", "", "E11.9")),
    ("a code without support", ["I10", "R07.9"], ["I10"], ("unsupported code", "R07.9", "")),
    ("less specific than the note", ["N18.9"], ["N18.31"], ("less specific", "N18.9", "N18.31")),
    ("more specific than the note", ["N18.31"], ["N18.9"], ("more specific", "N18.31", "N18.9")),
    ("a heading for a whole code", ["N18.3"], ["N18.31"], ("less specific", "N18.3", "N18.31")),
    ("the other side", ["M17.11"], ["M17.12"], ("wrong side", "M17.11", "M17.12")),
    ("one side for both", ["H25.11"], ["H25.13"], ("wrong side", "H25.11", "H25.13")),
    ("no side although the note has one", ["M25.569"], ["M25.561"], ("less specific", "M25.569", "M25.561")),
    ("a side that the note has not", ["M25.561"], ["M25.569"], ("more specific", "M25.561", "M25.569")),
    ("another encounter of an injury", ["S93.401A"], ["S93.401D"], ("wrong episode", "S93.401A", "S93.401D")),
    ("another code of the category", ["I50.32"], ["I50.33"], ("wrong code", "I50.32", "I50.33")),
    ("both codes, the other one first", ["I10", "J44.1"], ["J44.1", "I10"], ("wrong sequence", "I10", "J44.1")),
]


@pytest.mark.parametrize(
    ("first", "reference", "told"), [case[1:] for case in DIAGNOSES], ids=[c[0] for c in DIAGNOSES]
)
def test_a_difference_in_diagnoses_has_its_cause(first, reference, told):
    (found,) = differences(codes(*first), codes(*reference), embedded_book())
    assert (found.cause, found.first, found.reference) == told
    assert found.cents is None, "a diagnosis bills nothing by itself"


SERVICES = [
    ("a level too high", ["99214"], ["99213"], ("visit level over", 60_00)),
    ("a level too low", ["99213"], ["99215"], ("visit level under", -130_00)),
    ("new for established", ["99203"], ["99213"], ("visit category", 30_00)),
    ("a modifier without support", ["99213-25"], ["99213"], ("modifier", 0)),
    ("a modifier missing", ["20610"], ["20610-RT"], ("modifier", 0)),
    ("too many units", ["J7613x3"], ["J7613"], ("units", 4_00)),
    ("too few units", ["J7613"], ["J7613x4"], ("units", -6_00)),
    ("a service not coded", [], ["36415"], ("missed service", -10_00)),
    ("a service not done", ["20610"], [], ("unsupported service", 90_00)),
    ("a service without a price", ["00100"], [], ("unsupported service", None)),
]


@pytest.mark.parametrize(("first", "reference", "told"), [case[1:] for case in SERVICES], ids=[c[0] for c in SERVICES])
def test_a_difference_in_services_has_its_cause_and_its_cents(first, reference, told):
    (found,) = differences(codes("I10", services=first), codes("I10", services=reference))
    assert (found.cause, found.cents) == told


def test_the_money_of_a_visit_is_what_both_codings_bill_apart():
    ours = codes("I10", services=["99214-25", "20610x2", "36415"])
    theirs = codes("I10", services=["99213", "20610-RT", "J7613x3"])
    cents = [each.cents for each in differences(ours, theirs) if each.cents is not None]
    assert sum(cents) == (180_00 + 2 * 90_00 + 10_00) - (120_00 + 90_00 + 3 * 2_00)


def test_the_same_line_twice_is_matched_line_by_line():
    ours, theirs = codes("I10", services=["20610-RT", "20610-LT"]), codes("I10", services=["20610-LT", "20610-RT"])
    assert not differences(ours, theirs)
    (found,) = differences(ours, codes("I10", services=["20610-LT"]))
    assert (found.cause, found.first) == ("unsupported service", "20610-RT")


def test_levels_of_one_family_are_held_against_each_other_first():
    ours = codes("Z00.00", services=["99213", "99385"])
    theirs = codes("Z00.00", services=["99385", "99214-25"])
    assert sorted(each.cause for each in differences(ours, theirs)) == ["modifier", "visit level under"]


def test_what_should_be_one_code_is_a_wrong_combination_by_the_checks_own_finding():
    found = Finding(
        rule="coding.icd10cm.hypertension-with", severity=Severity.WARNING, where=Place(field="diagnoses", position=1),
        message="I10 stands with N18.31; the two are presumed related: I12.9.", source="Guidelines, I.A.15",
    )  # fmt: skip
    told = differences(codes("I10", "N18.31"), codes("I12.9", "N18.31"), embedded_book(), findings=(found,))
    assert told == (Difference(cause="wrong combination", first="I10", reference="I12.9", finding=found),)


COMBINED = [
    (["E11.9", "N18.31"], ["E11.22", "N18.31"], ("wrong combination", "E11.9", "E11.22")),
    (["I10", "N18.31"], ["I12.9", "N18.31"], ("wrong combination", "I10", "I12.9")),
    (["I10", "I50.22"], ["I11.0", "I50.22"], ("wrong combination", "I10", "I11.0")),
    (["I10", "I50.22", "N18.4"], ["I13.0", "I50.22", "N18.4"], ("wrong combination", "I10", "I13.0")),
    (["K80.20", "K81.0"], ["K80.00"], ("wrong combination", "K80.20 + K81.0", "K80.00")),
    (["H25.11", "H25.12"], ["H25.13"], ("wrong side", "H25.11 + H25.12", "H25.13")),
]


@pytest.mark.parametrize(("first", "reference", "told"), COMBINED, ids=[case[2][1] for case in COMBINED])
def test_what_the_checks_would_combine_is_one_difference_with_their_citation(first, reference, told):
    found = tuple(check_in(Coded(diagnoses=tuple(first), on=DAY), embedded_book()))
    (difference,) = differences(codes(*first), codes(*reference), embedded_book(), findings=found)
    assert (difference.cause, difference.first, difference.reference) == told
    assert difference.finding.source.startswith("ICD-10-CM Official Guidelines")


def test_codes_that_the_checks_would_combine_and_the_reference_does_not_are_no_combination():
    first = ("E11.9", "N18.31")
    found = tuple(check_in(Coded(diagnoses=first, on=DAY), embedded_book()))
    assert not differences(codes(*first), codes(*first), embedded_book(), findings=found)
    told = differences(codes(*first), codes("N18.31"), embedded_book(), findings=found)
    assert [each.cause for each in told] == ["unsupported code"]


def test_a_finding_that_only_informs_explains_nothing():
    found = Finding(
        rule="x",
        severity=Severity.INFORMATION,
        where=Place(field="diagnoses", position=1),
        message="R07.9 may take more.",
    )
    assert differences(codes("R07.9", "I10"), codes("I10"), findings=(found,))[0].finding is None


def test_the_second_coders_reason_stands_with_the_difference():
    reference = codes("I10", "E11.9", services=["99213"], **{"E11.9": "metformin continued", "99214": "one problem"})
    told = {each.cause: each.reason for each in differences(codes("I10", services=["99214"]), reference)}
    assert told == {"missed condition": "metformin continued", "visit level over": "one problem"}


def test_codings_that_bill_the_same_are_the_same():
    one = codes("I10", "E11.9", "R05.9", services=["99213-25", "20610-RT"])
    assert same_codes(one, codes("I10", "R05.9", "E11.9", services=["20610-RT", "99213-25"]))
    assert not same_codes(one, codes("E11.9", "I10", "R05.9", services=["20610-RT", "99213-25"]))
    assert not same_codes(one, codes("I10", "E11.9", "R05.9", services=["99213", "20610-RT"]))
    assert not compare(pair(one, one)).differences


def test_unspecified_is_what_the_title_says_and_without_a_book_how_the_code_ends():
    assert unspecified_codes(("J44.9", "I10", "E11.9"), embedded_book()) == 1
    assert unspecified_codes(("J44.9", "I10", "E11.9"), None) == 2


def test_levels_know_their_family():
    assert level_of("99214") == ("office established", 3) and level_of("99205") == ("office new", 4)
    assert level_of("99211") == ("office established", 0) and level_of("99285") == ("emergency", 4)
    assert level_of("36415") is None and level_of("99385") is None


def audited():
    """Four visits of two coders: one exact, one level over and a condition missed, one under, one of another family."""
    told = [
        ("maria", date(2026, 5, 1), "Dr. A", ("I10",), "99213", ("I10",), "99213"),
        ("maria", date(2026, 5, 9), "Dr. B", ("I10",), "99214", ("I10", "E11.9"), "99213"),
        ("jo", date(2026, 6, 1), "Dr. A", ("J44.9", "I10"), "99212", ("J44.9",), "99214"),
        ("jo", date(2026, 6, 2), "", ("R05.9",), "99203", ("R05.9",), "99213"),
    ]
    pairs = [
        pair(
            codes(*first, services=[level]), codes(*last, services=[right]), key=key, coder=coder, on=day,
            provider=provider,
        )
        for key, (coder, day, provider, first, level, last, right) in enumerate(told)
    ]  # fmt: skip
    return [compare(each, embedded_book(), price) for each in pairs]


def test_figures_count_codes_levels_and_money():
    told = figures(audited())
    assert (told.visits, told.exact.hits) == (4, 1)
    assert (told.precision.hits, told.precision.total) == (4, 5)
    assert (told.recall.hits, told.recall.total) == (4, 5)
    assert (told.accuracy.hits, told.accuracy.total) == (4, 6)
    assert (told.first_listed.hits, told.first_listed.total) == (4, 4)
    assert (told.services.hits, told.services.total) == (1, 7)
    assert [told.levels.exact.hits, told.levels.within_one.hits, told.levels.over.hits, told.levels.under.hits] == [
        1,
        2,
        1,
        1,
    ]
    assert (told.money.over, told.money.under, told.money.net) == (60_00 + 30_00, 100_00, -10_00)
    assert told.drg.value is None, "nobody was an inpatient"
    assert 0 < told.exact.low < told.exact.value < told.exact.high < 1


def test_causes_come_most_frequent_first_with_their_visits_and_money():
    causes = {each.cause: each for each in figures(audited()).causes}
    assert causes["visit level over"].money.over == 60_00 and causes["visit level under"].money.under == 100_00
    assert {each.count for each in causes.values()} == {1} and causes["visit category"].visits.total == 4


def test_figures_are_told_by_month_coder_and_provider():
    found = audited()
    assert {month: each.visits for month, each in by(found, by_month).items()} == {"2026-05": 2, "2026-06": 2}
    assert by(found, by_coder)["maria"].exact.hits == 1 and by(found, by_coder)["jo"].exact.hits == 0
    assert list(by(found, by_provider)) == ["Dr. A", "Dr. B", "not known"]


def test_the_parts_add_up_to_the_whole():
    found = audited()
    whole, parts = figures(found), by(found, by_coder).values()
    assert whole.money.over == sum(each.money.over for each in parts)
    assert whole.precision.total == sum(each.precision.total for each in parts)


def test_kappa_is_of_the_two_blind_codings_not_of_what_was_agreed_on():
    def rated(one, two, key):
        return compare(
            pair(codes("I10", services=[one]), codes("I10", services=[one]), codes("I10", services=[two]), key=key)
        )

    agreed = [rated("99213", "99213", 1), rated("99214", "99214", 2)]
    assert figures(agreed).levels.kappa == 1
    split = [*agreed, rated("99213", "99214", 3), rated("99214", "99213", 4)]
    assert figures(split).levels.kappa == 0 and figures(split).levels.exact.value == 1


def test_groups_of_inpatients_are_compared_where_they_are_known():
    one = codes("I50.33")
    told = figures([compare(pair(one, one, drgs=("291", "291"))), compare(pair(one, one, key=2, drgs=("292", "291")))])
    assert (told.drg.hits, told.drg.total) == (1, 2)


def test_no_visits_give_no_shares():
    told = figures([])
    assert (told.visits, told.exact.value, told.money.net, told.causes) == (0, None, 0, ())
    assert notes([]) == ()


def test_notes_speak_of_the_most_frequent_causes_and_cite_their_source():
    missed = compare(pair(codes("I10"), codes("I10", "E11.9")))
    level = compare(pair(codes("I10", services=["99214"]), codes("I10", services=["99213"])))
    first, second = notes([missed, missed, level])
    assert (first.cause, second.cause) == ("missed condition", "visit level over")
    assert "2 times, in 2 of 3 visits" in first.text and "once, in 1 of 3 visits" in second.text
    assert "IV.J" in first.source and "CPT E/M guidelines" in second.source
    assert first.examples == ("without E11.9",) and second.examples == ("99214 for 99213",)
    assert len(notes([missed, level], most=1)) == 1


def test_every_cause_that_a_comparison_gives_has_its_lesson():
    import re
    from importlib import resources

    text = resources.files("superbill.coding.audit").joinpath("comparing.py").read_text("utf-8")
    named = set(re.findall(r'"((?:wrong|visit|missed|unsupported|less|more) [a-z ]+|units|modifier)"', text))
    assert named == set(lessons())
    assert all(each.title and each.lesson.endswith(".") and each.source for each in lessons().values())


def test_speed_is_never_told_without_accuracy():
    found = [compare(pair(codes("I10"), codes("I10"), key=key)) for key in range(10)]
    fast, other = paces({"maria": [60, 30, None], "jo": [10] * 50}, found)[::-1]
    assert (fast.coder, fast.per_hour, fast.timed, fast.codings) == ("maria", 80.0, 2, 3)
    assert fast.accuracy.value == 1 and fast.audited == 10
    assert other.per_hour is None and "too few audited codings" in other.why and "0 of the 10" in other.why
    (untimed,) = paces({"maria": [None]}, found)
    assert untimed.per_hour is None and untimed.why == "no times are known"
