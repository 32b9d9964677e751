"""What each kind of flaw answers: 999, TA1 and 824, each of them valid itself."""

import msgspec
import pytest
from tests.judges import judge_pyx12
from tests.strategies_parts import ENVELOPE
from tests.x12_spoiled import first, sound, spoiled, valid
from tests.x12_valid import KEYS, base, enveloped, written

from superbill.findings import Severity
from superbill.x12 import answers
from superbill.x12.documents import advice_824, functional_999, interchange_ta1
from superbill.x12.errors import X12WriteError
from superbill.x12.inspection import Inspection, inspect
from superbill.x12.model import BusinessUnit

ANSWERED = [key for key in KEYS if key != "999"]


def acknowledged(inspection: Inspection, rejects=answers.EVERYTHING):
    """The 999 of the only group, as whoever gets it reads it."""
    made = answers.functional(inspection, rejects)
    data = valid(functional_999.answers(made, ENVELOPE))
    assert [document for _, document in functional_999.acknowledgements(data)] == made
    [answer] = made
    return answer


# --- 999 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ANSWERED)
def test_a_sound_transaction_set_is_accepted(key):
    inspection = inspect(sound(key))
    answer = acknowledged(inspection)
    errors = [each for each in inspection.findings if each.severity is Severity.ERROR]
    assert errors == []
    assert answer.code in ("A", "E")
    assert (answer.received, answer.accepted, answer.syntax_codes) == (1, 1, ())


def test_an_element_error_is_told_with_its_place_its_number_and_its_claim():
    claim = next(line for line in base("837P") if line.startswith("CLM*"))
    number = claim.split("*")[1]
    answer = acknowledged(inspect(spoiled("837P", f"CLM*{number}*", f"CLM*{number}*TWO")))
    [response] = answer.responses
    assert (answer.code, response.code, response.syntax_codes) == ("R", "R", ("5",))
    [error] = response.errors
    assert (error.segment, error.loop, error.code) == ("CLM", "2300", "8")
    assert error.business_unit == BusinessUnit("CLM01", number)
    [element] = error.elements
    assert (element.position, element.component, element.data_element, element.code) == (2, None, 782, "6")
    assert element.value.startswith("TWO")


def test_what_breaks_the_guide_alone_is_said_so():
    data = spoiled("835", "BPR*I*", "BPR*I*9")
    answer = acknowledged(inspect(data))
    [response] = answer.responses
    assert response.syntax_codes == ("I5",)
    assert {element.code for error in response.errors for element in error.elements} == {"I12"}
    trace = next(line for line in base("835") if line.startswith("TRN*")).split("*")[2]
    assert {error.business_unit for error in response.errors} == {BusinessUnit("TRN02", trace)}


def test_a_flaw_of_another_type_than_those_that_reject_is_noted_and_the_set_accepted():
    inspection = inspect(spoiled("835", "BPR*I*", "BPR*I*9"))
    answer = acknowledged(inspection, answers.FRONT_END)
    assert (answer.code, answer.accepted, answer.responses[0].code) == ("E", 1, "E")


@pytest.mark.parametrize(
    "old, new, codes",
    [
        ("\nSE*", "\nSE*9", ("4",)),
        ("\nSE*", "\nST*", None),
    ],
)
def test_a_wrong_trailer_rejects_the_set(old, new, codes):
    answer = acknowledged(inspect(spoiled("834", old, new)))
    assert answer.code in ("R", "P")
    if codes is not None:
        assert answer.responses[0].syntax_codes == codes


@pytest.mark.parametrize(
    "old, new, code", [("GE*1*", "GE*2*", "5"), ("GE*1*101", "GE*1*102", "4"), ("GE*1*101~\n", "", "3")]
)
def test_a_group_with_wrong_control_segments_falls_as_a_whole(old, new, code):
    answer = acknowledged(inspect(spoiled("837P", old, new)))
    assert (answer.code, answer.accepted, answer.syntax_codes, answer.responses) == ("R", 0, (code,), ())


def test_two_sets_of_which_one_is_wrong_are_a_partial_acceptance():
    good = list(base("834"))
    bad = [line.replace("ST*834*0001", "ST*834*0002") for line in good]
    number = good[0].split("*")[2]
    bad[0] = bad[0].replace(f"*{number}*", "*0777*")
    bad = [line for line in bad if not line.startswith("N1*IN")]
    lines = enveloped("834", good)
    lines[-2:-2] = [*bad, f"SE*{len(bad) + 1}*0777"]
    lines[-2] = "GE*2*101"
    answer = acknowledged(inspect(written(lines)))
    assert (answer.code, answer.received, answer.accepted) == ("P", 2, 1)
    assert [response.code for response in answer.responses] == ["A", "R"]


def test_an_acknowledgement_is_never_answered():
    assert answers.functional(inspect(sound("999"))) == []


def test_a_value_that_an_answer_cannot_carry_is_left_out():
    data = spoiled("837P", "CLM*", "CLM*é^").replace(b"*^*00501", b"*!*00501")
    inspection = inspect(data)
    answer = acknowledged(inspection)
    [error] = [error for response in answer.responses for error in response.errors if error.segment == "CLM"]
    assert {element.value for element in error.elements} == {""}


def test_the_judge_of_others_takes_our_999():
    for key, old, new in (("837P", "CLM*", "CLM*AND"), ("835", "BPR*I*", "BPR*I*9"), ("834", "INS*Y*18", "INS*Q*18")):
        made = answers.functional(inspect(spoiled(key, old, new)))
        assert judge_pyx12(valid(functional_999.answers(made, ENVELOPE))) == []


# --- TA1 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "old, new, code, note",
    [
        ("*T*:", "*T*:", "A", "000"),
        ("*0*T*:", "*7*T*:", "E", "019"),
        ("*0*T*:", "*0*X*:", "R", "020"),
        ("IEA*1*000000101", "IEA*1*000000102", "R", "001"),
        ("IEA*1*", "IEA*3*", "R", "021"),
        ("IEA*1*000000101~\n", "", "R", "023"),
        ("GS*HC*", "GS*H*", "R", "024"),
    ],
)
def test_each_interchange_has_its_ta1(old, new, code, note):
    [found] = answers.interchanges(inspect(spoiled("837P", old, new)))
    assert (found.control_number, found.date, found.time) == ("000000101", "261102", "1015")
    assert (found.code, found.note) == (code, note)
    data = valid(interchange_ta1.answer([found], ENVELOPE))
    assert list(interchange_ta1.acknowledgements(data)) == [found]


def test_a_group_without_a_name_has_no_999():
    assert answers.functional(inspect(spoiled("837P", "GS*HC*", "GS*H*"))) == []


# --- 824 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["820", "834", "835"])
def test_the_advice_of_a_sound_set_accepts_it(key):
    [found] = answers.advice(inspect(sound(key)))
    assert found.code in ("TA", "TE")
    assert (found.identifier, found.group_control_number) == (key, "101")
    data = valid(advice_824.answers([found], ENVELOPE))
    assert [document for _, document in advice_824.advices(data)] == [found]


def test_the_advice_of_a_wrong_set_says_where():
    [found] = answers.advice(inspect(spoiled("834", "INS*Y*18", "INS*Q*18")))
    assert found.code == "TR"
    place = next(at for at, line in enumerate(base("834"), 1) if line.startswith("INS*Y*18"))
    assert ("INS", place, 1, 1073, "Q") in [
        (each.segment, each.position, each.element, each.data_element, each.value) for each in found.errors
    ]
    data = valid(advice_824.answers([found], ENVELOPE))
    assert [document for _, document in advice_824.advices(data)] == [found]


def test_claims_and_inquiries_have_no_advice():
    assert [answers.advice(inspect(sound(key))) for key in ("837P", "270", "999")] == [[], [], []]


# --- what is seldom -------------------------------------------------------------------------------------------------


def test_a_payment_without_a_trace_has_no_name():
    trace = first("835", "TRN*")
    answer = acknowledged(inspect(spoiled("835", f"{trace}~\n", "")))
    assert {error.business_unit for response in answer.responses for error in response.errors} == {None}


@pytest.mark.parametrize("change", [{"control_number": "1"}, {"control_number": "00000*101"}])
def test_a_ta1_that_no_one_could_read_is_refused(change):
    [found] = answers.interchanges(inspect(sound("837P")))
    with pytest.raises(X12WriteError):
        interchange_ta1.answer([msgspec.structs.replace(found, **change)], ENVELOPE)


def test_nothing_is_not_written():
    with pytest.raises(X12WriteError):
        interchange_ta1.answer([], ENVELOPE)


def test_advice_that_cannot_be_carried_is_refused():
    [found] = answers.advice(inspect(sound("834")))
    with pytest.raises(X12WriteError):
        advice_824.answers([msgspec.structs.replace(found, trace="A*B")], ENVELOPE)


@pytest.mark.parametrize("place", [("ZZZ", 1, 0), ("CLM", 99, 0), ("CLM", 5, 0), ("CLM", 5, 9)])
def test_there_is_no_data_element_where_the_standard_has_none(place):
    assert answers.data_element(*place) is None
    assert answers.data_element("CLM", 5, 3) == 1325
