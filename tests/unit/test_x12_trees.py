"""Loops as values: compared, put into sets, known by their numbers."""

import pickle

from tests.x12_valid import base, enveloped, written

from superbill.x12 import stream
from superbill.x12.tools.words import identity
from superbill.x12.tree import Loop, Transaction


def units(key: str, lines: list[str]) -> list[Loop]:
    return [each.unit for each in stream(written(enveloped(key, lines))) if not isinstance(each, Transaction)]


def test_equal_loops_are_one_in_a_set():
    first, second = units("837P", list(base("837P"))), units("837P", list(base("837P")))
    assert first[0] is not second[0]
    assert set(first) == set(second)
    assert len(set(first)) == len(first) > 1


def test_a_member_is_known_by_a_number_of_its_first_loops_and_of_no_later_one():
    head = ["ST*834*0001*005010X220A1", "BGN*00*1*20261102*1015****2", "N1*P5*PLAN*FI*311234567",
            "N1*IN*PAYER*FI*311234568"]  # fmt: skip
    member = ["INS*Y*18*030*XN*A***FT"]
    coverage = ["HD*030**HLT", "DTP*348*D8*20260101"]
    late = [*coverage, "REF*1L*POLICY4"]
    [unknown] = units("834", head + member + ["NM1*IL*1*ROE*RITA", *coverage * 3, *late])
    [known] = units("834", head + member + ["NM1*IL*1*ROE*RITA", *coverage, *late])
    assert (identity(unknown), identity(known)) == ("", "POLICY4")


def test_a_loop_goes_to_another_process_and_comes_back_equal():
    [claim, *_] = units("837P", list(base("837P")))
    again = pickle.loads(pickle.dumps(claim))
    assert again == claim
    assert again.node is claim.node
