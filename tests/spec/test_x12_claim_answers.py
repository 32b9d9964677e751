"""What a flaw in a claim answers: the 277CA, with the status, the entity and the line, valid itself."""

from datetime import date

import msgspec
import pytest
from tests.judges import judge_pyx12
from tests.strategies_parts import ENVELOPE
from tests.x12_spoiled import first, rebuilt, sound, spoiled, valid
from tests.x12_valid import base, enveloped, written

from superbill.codesets.claim_status import lookup
from superbill.x12 import answer_codes, answers, claim_answers
from superbill.x12.documents import status_277ca
from superbill.x12.errors import X12WriteError
from superbill.x12.inspection import inspect
from superbill.x12.library import compiled
from superbill.x12.model import ClaimAcknowledgement, StatusCode

TODAY = date(2026, 11, 3)


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


@pytest.mark.parametrize("key", claim_answers.KEYS)
def test_sound_claims_are_accepted_one_answer_for_each(key):
    made = decided(sound(key))
    claims = [claim for document in made for claim in document.claims]
    assert [claim.control_number for claim in claims] == [
        line.split("*")[1] for line in base(key) if line.startswith("CLM*")
    ]
    assert {(claim.action, claim.statuses) for claim in claims} == {("WQ", (claim_answers.ACCEPTED,))}
    assert {document.batch_reference for document in made} == {base(key)[1].split("*")[3]}


CLAIM_FAULTS = [
    ("837P", "NM1*85*", -1, "1234567890", StatusCode("A7", "562", "85")),
    ("837P", "N4*", 3, "1234", StatusCode("A7", "500", "85")),
    ("837P", "N4*", 3, "43215", StatusCode("A7", "500", "85")),
    ("837P", "N4*", 3, "", StatusCode("A6", "500", "85")),
    ("837P", "NM1*85*", 4, "LEE", StatusCode("A8", "505", "85")),
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


def test_a_number_that_is_none_of_medicares_rejects_as_medicare_does():
    data = written(enveloped("837P+medicare", base("837P+medicare"))).replace(b"*MI*1EG4", b"*MI*1SG4", 1)
    inspection = inspect(data, partner="medicare")
    assert {flaw.rule for flaw in inspection.flaws} == {"x12.partner.medicare.mbi"}
    [document] = claim_answers.claims(data, inspection, received=TODAY)
    assert document.claims[0].statuses == (StatusCode("A7", "164", "IL"),)


def test_a_flaw_of_a_line_is_told_with_the_line():
    service = first("837P", "SV1*")
    elements = service.split("*")
    elements[5] = "00"
    data = spoiled("837P", service, "*".join(elements))
    rejected = [claim for document in decided(data) for claim in document.claims if claim.action == "U"]
    assert [claim.statuses for claim in rejected] == [(StatusCode("A3", "247"),)]
    [told] = rejected[0].lines
    assert told.statuses == (StatusCode("A7", "249"),)
    assert told.charge > 0


def test_a_procedure_that_is_none_is_told_with_the_claim_for_no_line_can_name_it():
    data = spoiled("837P", "SV1*HC:", "SV1*HC:?")
    rejected = [claim for document in decided(data, ()) for claim in document.claims if claim.action == "U"]
    assert StatusCode("A7", "507") in rejected[0].statuses
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
    known = lookup.all_statuses()
    assert {status for status in answer_codes._STATUSES.values() if status not in known} == set()
    names = {part.name for key in claim_answers.KEYS for node in compiled(key).nodes for part in node.rule.parts}
    told = {each for each in answer_codes._STATUSES if each.islower() and "." not in each}
    code_sets = {name for name in told if name in inspect(sound("837P")).sets.sets}
    assert told - code_sets - names == set()


def test_the_codes_of_a_flaw_are_those_of_its_answers():
    [flaw] = [each for each in inspect(spoiled("837P", "NM1*85*2*", "NM1*85*7*")).flaws if each.problem.element == 2]
    codes = answer_codes.code_of(flaw, "837P")
    assert (codes.segment, codes.element, codes.transaction) == ("8", "7", "5")
    assert codes.status == StatusCode("A7", "125", "85")
    assert answer_codes.code_of(flaw).status == StatusCode("A7", "125")


def test_an_institutional_line_without_a_procedure_is_told_by_its_revenue_code():
    rejected = [claim for document in decided(spoiled("837I", "SV2*0120**4000*DA*3", "SV2*0120**4000*DA*3*****Q")) for
                claim in document.claims if claim.action == "U"]  # fmt: skip
    assert rejected == []  # the guide's own rule: the 999 rejects it
    data = spoiled("837I", "SV2*0120**4000*DA*3", "SV2*0120**4000*DA*3*****Q")
    [claim] = [claim for document in decided(data, ()) for claim in document.claims if claim.action == "U"]
    assert (claim.lines[0].procedure.qualifier, claim.lines[0].procedure.code) == ("NU", "0120")


def test_one_277ca_for_a_batch_of_several_billing_providers():
    head, rest = base("837P")[:5], list(base("837P")[5:])
    again = [line.replace("*1234567893", "*1245319599").replace("CLM*", "CLM*Z") for line in rest]
    levels = sum(line.startswith("HL*") for line in rest)

    def moved(line: str) -> str:
        if not line.startswith("HL*"):
            return line
        name, number, parent, *more = line.split("*")
        return "*".join([name, str(int(number) + levels), parent and str(int(parent) + levels), *more])

    data = written(enveloped("837P", [*head, *rest, *map(moved, again)]))
    made = decided(data)
    assert [document.provider_npi for document in made] == ["1234567893", "1245319599"]
    sent = valid(status_277ca.answers(made, ENVELOPE))
    assert sent.count(b"\nST*277*") == 1
    assert sent.count(b"\nNM1*85*") == 2
    claims = sum(len(document.claims) for document in made)
    assert f"QTY*90*{claims}~".encode() in sent


def test_a_provider_without_an_npi_that_is_one_goes_by_his_tax_number():
    [document] = decided(spoiled("837P", "*1234567893", "*1234567890"))
    assert (document.provider_npi, len(document.provider_tin)) == ("", 9)
    assert {claim.action for claim in document.claims} == {"U"}


def test_a_provider_without_any_number_that_is_one_is_told_by_name_alone():
    data = rebuilt("837P", f"{first('837P', 'REF*EI*')}~\n", "").replace(b"*1234567893", b"*1234567890", 1)
    [document] = decided(data, ())
    assert (document.provider_npi, document.provider_tin) == ("", "")


def test_a_277ca_that_cannot_be_carried_is_refused():
    [document] = decided(sound("837P"))
    with pytest.raises(X12WriteError):
        status_277ca.answers([msgspec.structs.replace(document, reference="A*B")], ENVELOPE)


def test_names_that_cannot_be_carried_are_not_told():
    data = spoiled("837P", "NM1*85*2*LAKESIDE FAMILY MEDICINE", "NM1*85*2*Клиника")
    [document] = decided(data, ())
    assert document.provider_name == "UNKNOWN"
    [found] = answers.advice(inspect(spoiled("834", "INS*Y*18", "INS*Я*18")))
    assert "" in {each.message for each in found.errors}


def test_a_set_of_two_in_a_file_is_answered_when_the_other_is_not():
    good = list(base("837P"))
    bad = [line for line in good if not line.startswith("SBR*")]
    bad[0] = bad[0].replace(good[0].split("*")[2], "0777")
    lines = enveloped("837P", bad)
    number = good[0].split("*")[2]
    lines[-2:] = [*good, f"SE*{len(good) + 1}*{number}", "GE*2*101", lines[-1]]
    made = decided(written(lines))
    assert [document.reference for document in made] == [f"000000101101{number}"]


@pytest.mark.parametrize("told", ["DT*202611011015", "D8*soon"])
def test_a_claim_is_answered_whatever_its_days_are(told):
    line = first("837P", "DTP*472*")
    day = [claim.service.start for document in decided(spoiled("837P", line, f"DTP*472*{told}"), ()) for claim in
           document.claims]  # fmt: skip
    assert None not in day


@pytest.mark.parametrize(
    "old, new, status",
    [
        ("LX*1~\n", "ZZZ*1~\nLX*1~\n", StatusCode("A3", "684")),
        ("HL*2*1*", "HL*7*1*", StatusCode("A3", "684")),
        (f"{first('837P', 'HI*ABK')}~\n", "", StatusCode("A6", "255")),
        ("CLM*", "CLM*" + "9" * 40, StatusCode("A7", "478")),
        ("SV1*HC:", "SV1*XX:", StatusCode("A7", "454")),
        ("NTE*ADD*", "NTE*ADD*" + "X" * 90, StatusCode("A7", "512")),
        (f"{first('837P', 'SV1*')}~\n", "", StatusCode("A6", "454")),
    ],
)
def test_what_a_front_end_that_lets_all_pass_tells_of_each_claim(old, new, status):
    """Without types that the 999 rejects for, the 277CA alone says what is wrong."""
    claims = [claim for document in decided(rebuilt("837P", old, new), ()) for claim in document.claims]
    told = {each for claim in claims for each in claim.statuses}
    told |= {each for claim in claims for line in claim.lines for each in line.statuses}
    assert status in told
