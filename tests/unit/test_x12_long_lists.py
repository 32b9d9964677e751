"""Lists of codes in one element, longer than what is worth remembering: judged each time, and rightly."""

import pytest
from tests.x12_valid import enveloped, written

from superbill.x12 import validate

HEAD = ["ST*834*0001*005010X220A1", "BGN*00*1*20261102*1015****2", "N1*P5*PLAN*FI*311234567",
        "N1*IN*PAYER*FI*311234568"]  # fmt: skip
MEMBERS = 25  # of different birth dates: what was seen before is not judged again


def member(number: int, races: str) -> list[str]:
    birth = f"198001{number + 1:02}"
    return ["INS*Y*18*030*XN*A***FT", f"REF*0F*E{number:04}", "NM1*IL*1*ROE*RITA", f"DMG*D8*{birth}*F**{races}"]


def enrolled(races: list[str]) -> bytes:
    element = "^".join(f":RET:{race}" for race in races)
    return written(enveloped("834", HEAD + [line for number in range(MEMBERS) for line in member(number, element)]))


@pytest.mark.parametrize("times", [1, 40])
def test_a_list_of_races_is_right_or_wrong_for_every_member(times):
    assert validate(enrolled(["2106-3"] * times)) == []
    wrong = validate(enrolled(["2106-3"] * times + ["2"]))
    assert [each.rule for each in wrong] == ["x12.code.race"] * MEMBERS
