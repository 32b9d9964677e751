"""A 271 as the estimate reads it: who is in it, what the plan tells, and an inquiry that was not answered."""

from pathlib import Path

import pytest

from superbill.pricing.eligibility import coverage
from superbill.x12 import X12ReadError
from superbill.x12.documents.benefits_271 import members

BASE = Path(__file__).parents[1] / "x12_bases" / "271.txt"


def file(text: str) -> str:
    segments = [line for line in text.splitlines() if line.strip() and not line.startswith("SE*")]
    isa = "ISA*00*          *00*          *ZZ*BKM01          *ZZ*LAKESIDE       *261110*0931*^*00501*000000001*0*T*:"
    gs = "GS*HB*BKM01*LAKESIDE*20261110*0931*1*X*005010X279A1"
    return "~".join([isa, gs, *segments, f"SE*{len(segments) + 1}*0001", "GE*1*1", "IEA*1*000000001", ""])


def test_members_are_told_with_what_the_plan_says_of_them():
    found = list(members(file(BASE.read_text())))
    assert [(each.member_id, each.first, len(each.statements), each.rejected) for each in found] == [
        ("XJB204417A", "ELENA", 4, ()),
        ("LND88", "MIA", 0, ("71",)),
    ]
    first = coverage(found[0].statements)
    assert first.active is True
    assert (first.benefits.deductible, first.benefits.copay) == (500_00, {"office": 25_00})


def test_what_is_told_of_one_procedure_alone_is_not_taken_for_the_plan():
    first = next(members(file(BASE.read_text())))
    assert coverage(first.statements).benefits.coinsurance == 0
    assert "What is told of 99213 alone is left out." in coverage(first.statements).notes


def test_another_transaction_has_no_members_and_what_is_no_x12_is_refused():
    assert list(members(file("ST*999*0001*005010X231A1\nAK1*HS*1*005010X279A1\nAK9*A*1*1*1"))) == []
    with pytest.raises(X12ReadError):
        list(members("no X12"))
