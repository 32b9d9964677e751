"""What each kind of flaw answers: 999, TA1, 277CA and 824, each of them valid itself."""

from datetime import date

import pytest
from tests.judges import judge_pyx12
from tests.strategies_parts import ENVELOPE
from tests.x12_valid import KEYS, base, enveloped, written

from superbill.codesets import claim_status
from superbill.findings import Severity
from superbill.x12 import answer_codes, answers, claim_answers
from superbill.x12.documents import advice_824, functional_999, interchange_ta1, status_277ca
from superbill.x12.inspection import Inspection, inspect
from superbill.x12.library import compiled
from superbill.x12.model import BusinessUnit, ClaimAcknowledgement, StatusCode
from superbill.x12.render import render

TODAY = date(2026, 11, 3)
ANSWERED = [key for key in KEYS if key != "999"]


def sound(key: str) -> bytes:
    return written(enveloped(key, base(key)))


def spoiled(key: str, old: str, new: str) -> bytes:
    data = sound(key)
    assert old.encode() in data
    return data.replace(old.encode(), new.encode(), 1)


def valid(interchange) -> bytes:
    """The bytes of an answer, which our own inspection finds nothing wrong with."""
    data = render([interchange])
    assert [str(each) for each in inspect(data).findings if each.severity is Severity.ERROR] == []
    return data


def acknowledged(inspection: Inspection, rejects=answers.EVERYTHING):
    """The 999 of the only group, as whoever gets it reads it."""
    made = answers.functional(inspection, rejects)
    data = valid(functional_999.answers(made, ENVELOPE))
    assert [document for _, document in functional_999.acknowledgements(data)] == made
    [answer] = made
    return answer


def decided(data: bytes, rejects=answers.FRONT_END) -> list[ClaimAcknowledgement]:
    """The 277CA of a file, as whoever gets it reads it."""
    made = claim_answers.claims(data, inspect(data), received=TODAY, rejects=rejects)
    if made:
        sent = valid(status_277ca.answers(made, ENVELOPE))
        again = [document for _, document in status_277ca.acknowledgements(sent)]
        assert [each.claims for each in again] == [
            tuple(
                type(claim)(**{name: getattr(claim, name) for name in claim.__struct_fields__} | {"effective": TODAY})
                for claim in each.claims
            )
            for each in made
        ]
    return made


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


# --- 277CA ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", claim_answers.KEYS)
def test_sound_claims_are_accepted_one_answer_for_each(key):
    made = decided(sound(key))
    claims = [claim for document in made for claim in document.claims]
    assert [claim.control_number for claim in claims] == [
        line.split("*")[1] for line in base(key) if line.startswith("CLM*")
    ]
    assert {(claim.action, claim.statuses) for claim in claims} == {("WQ", (claim_answers.ACCEPTED,))}
    assert {document.batch_reference for document in made} == {base(key)[1].split("*")[3]}


def first(key: str, start: str) -> str:
    return next(line for line in base(key) if line.startswith(start))


CLAIM_FAULTS = [
    ("837P", "NM1*85*", -1, "1234567890", StatusCode("A7", "562", "85")),
    ("837P", "N4*", 3, "1234", StatusCode("A7", "500", "85")),
    ("837P", "HI*ABK:", 1, "ABK:1X", StatusCode("A7", "255")),
    ("837I", "HI*ABK:", 1, "ABK:1X", StatusCode("A7", "254")),
    ("837P", "CLM*", 2, "1", StatusCode("A8", "400")),
]


@pytest.mark.parametrize("key, start, place, value, status", CLAIM_FAULTS)
def test_a_flaw_rejects_its_claim_with_its_status(key, start, place, value, status):
    elements = (line := first(key, start)).split("*")
    elements[place] = value
    claims = [claim for document in decided(spoiled(key, line, "*".join(elements))) for claim in document.claims]
    assert claims[0].action == "U"
    assert status in claims[0].statuses


def test_a_flaw_of_a_line_is_told_with_the_line():
    service = first("837P", "SV1*")
    elements = service.split("*")
    elements[5] = "00"
    data = spoiled("837P", service, "*".join(elements))
    rejected = [claim for document in decided(data) for claim in document.claims if claim.action == "U"]
    assert [claim.statuses for claim in rejected] == [(StatusCode("A7", "247"),)]
    [told] = rejected[0].lines
    assert told.statuses == (StatusCode("A7", "249"),)
    assert told.charge > 0


def test_a_procedure_that_is_none_is_told_with_the_claim_for_no_line_can_name_it():
    data = spoiled("837P", "SV1*HC:", "SV1*HC:?")
    rejected = [claim for document in decided(data, ()) for claim in document.claims if claim.action == "U"]
    assert StatusCode("A7", "454") in rejected[0].statuses
    assert rejected[0].lines == ()


def test_a_set_that_the_999_rejects_has_no_277ca():
    data = spoiled("837P", "HI*ABK:", "HI*ABK:1X:::::")
    inspection = inspect(data)
    assert answers.functional(inspection)[0].code == "R"
    assert claim_answers.claims(data, inspection, received=TODAY, rejects=answers.EVERYTHING) == []


@pytest.mark.parametrize("key", ["834", "835", "999"])
def test_only_claims_have_a_277ca(key):
    assert decided(sound(key)) == []


def test_the_judge_of_others_takes_our_277ca():
    for data in (sound("837P"), spoiled("837P", "HI*ABK:", "HI*ABK:1")):
        made = decided(data, ())
        assert judge_pyx12(valid(status_277ca.answers(made, ENVELOPE))) == []


def test_every_status_of_the_table_is_on_file_and_every_name_in_a_guide():
    known = claim_status.lookup.all_statuses()
    assert {status for status in answer_codes._STATUSES.values() if status not in known} == set()
    names = {part.name for key in claim_answers.KEYS for node in compiled(key).nodes for part in node.rule.parts}
    told = {each for each in answer_codes._STATUSES if each.islower() and "." not in each}
    code_sets = {name for name in told if name in inspect(sound("837P")).sets.sets}
    assert told - code_sets - names == set()


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
