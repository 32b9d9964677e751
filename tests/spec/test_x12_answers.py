"""What each kind of flaw answers: 999, TA1 and 824, each of them valid itself."""

import msgspec
import pytest
from tests.judges import judge_pyx12
from tests.strategies_parts import ENVELOPE
from tests.x12_spoiled import first, rebuilt, sound, spoiled, valid
from tests.x12_valid import KEYS, base, enveloped, written

from superbill.findings import Severity
from superbill.x12 import answers
from superbill.x12.documents import advice_824, functional_999, interchange_ta1
from superbill.x12.errors import X12WriteError
from superbill.x12.inspection import Inspection, inspect
from superbill.x12.library import compiled
from superbill.x12.model import BusinessUnit, SituationalTrigger
from superbill.x12.situational_triggers import _IN_OPENER, _IN_SEGMENT

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


def at(key, start):
    """The place of a base's first segment that starts so, in its transaction set."""
    return next(place for place, line in enumerate(base(key), 1) if line.startswith(start))


MISSING = [
    # CLM11 tells an accident, CLM05 a replacement and an ambulance, CLP02 that the claim went on.
    ("837P", "DTP*439", "CLM*A1001", ("CLM", "2300", 11, None)),
    ("837P", "REF*F8*PRIOR1", "CLM*A1004", ("CLM", "2300", 5, 3)),
    ("837P", "CR1*", "CLM*A1002", ("CLM", "2300", 5, 1)),
    ("835", "NM1*TT", "CLP*A1005", ("CLP", "2100", 2, None)),
]


@pytest.mark.parametrize("key, missing, because, trigger", MISSING)
def test_what_made_a_segment_necessary_is_told(key, missing, because, trigger):
    answer = acknowledged(inspect(rebuilt(key, f"{first(key, missing)}~\n", "")))
    errors = [error for error in answer.responses[0].errors if error.code == "I6"]
    segment, loop, element, component = trigger
    place = at(key, because)
    assert [(error.segment, error.position, error.triggers) for error in errors] == [
        (
            missing.split("*")[0],
            place,
            (SituationalTrigger(segment=segment, position=place, loop=loop, element=element, component=component),),
        )
    ]


ELEMENTS = [
    ("837P", "PWK*OZ", {5: "", 6: ""}, (5, 6), "I9", 2),
    ("837P", "NM1*85", {4: "LEE"}, (4,), "I13", 2),
    ("835", "BPR*I", {4: "CHK"}, tuple(range(5, 16)), "I13", 4),
]


@pytest.mark.parametrize("key, start, changes, wrong, code, trigger", ELEMENTS)
def test_what_made_an_element_necessary_or_forbade_it_is_told(key, start, changes, wrong, code, trigger):
    elements = (line := first(key, start)).split("*")
    for place, text in changes.items():
        elements[place] = text
    answer = acknowledged(inspect(spoiled(key, line, "*".join(elements).rstrip("*"))))
    [error] = [error for error in answer.responses[0].errors if error.segment == elements[0]]
    assert error.triggers == ()
    told = [each for each in error.elements if each.code == code]
    assert {each.position for each in told} <= set(wrong) and told
    assert {(each.segment, each.position, each.element) for one in told for each in one.triggers} == {
        (elements[0], at(key, start), trigger)
    }
    assert all(each.triggers for each in told)


def test_a_trigger_that_is_elsewhere_is_not_told():
    plan = "NM1*PE*2*STATE PLAN*****PI*ST1~\nN3*1 STATE STREET~\nN4*COLUMBUS*OH*43215~\nREF*EI*311234567~\n"
    answer = acknowledged(inspect(rebuilt("837P", "HL*2*1*22*0~\n", f"{plan}HL*2*1*22*0~\n")))
    [error] = [error for error in answer.responses[0].errors if error.code == "I9"]
    assert (error.segment, error.triggers) == ("NM1", ())


def test_the_triggers_that_are_known_are_elements_of_where_they_are_looked_for():
    parts = {}
    for key in KEYS:
        for node in compiled(key.partition("+")[0]).nodes:
            for part in node.rule.parts:
                parts.setdefault(part.when, set()).add(node.rule.opener.id)
                for rule in getattr(part, "elements", ()):
                    parts.setdefault(rule.when, set()).add(part.id)
    for table in (_IN_SEGMENT, _IN_OPENER):
        assert {name: {place[:3].rstrip("0")} for name, place in table.items()} == {
            name: {each for each in parts[name] if each == place[:3].rstrip("0")} for name, place in table.items()
        }


def test_an_acknowledgement_is_never_answered():
    assert answers.functional(inspect(sound("999"))) == []


def test_a_value_that_an_answer_cannot_carry_is_left_out():
    data = spoiled("837P", "CLM*", "CLM*é^").replace(b"*^*00501", b"*!*00501")
    inspection = inspect(data)
    answer = acknowledged(inspection)
    [error] = [error for response in answer.responses for error in response.errors if error.segment == "CLM"]
    assert {element.value for element in error.elements} == {""}


def test_the_judge_of_others_takes_our_999():
    for key, old, new in (
        ("837P", "CLM*", "CLM*AND"),
        ("835", "BPR*I*", "BPR*I*9"),
        ("834", "INS*Y*18", "INS*Q*18"),
        ("837P", "NM1*85*2*LAKESIDE FAMILY MEDICINE*", "NM1*85*2*LAKESIDE*LEE"),
    ):
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
