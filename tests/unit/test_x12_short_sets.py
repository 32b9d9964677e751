"""Transaction sets with hardly anything in them."""

import pytest
from tests.x12_valid import ISA, written

from superbill.x12 import read, validate


def file_of(*segments: str, functional_id: str = "HI", version: str = "005010X217") -> bytes:
    group = f"GS*{functional_id}*A*B*20261102*1015*101*X*{version}"
    return written([ISA, group, *segments, "GE*1*101", "IEA*1*000000101"])


@pytest.mark.parametrize("segments", [("ST*278*0001*005010X217", "SE*2*0001"), ("ST*278*0001*005010X217",)])
def test_of_several_guides_the_first_is_that_of_a_set_which_says_nothing(segments):
    data = file_of(*segments)
    [transaction] = [set_ for each in read(data) for group in each.groups for set_ in group.transactions]
    assert transaction.compiled.guide.key == "278-request"
    assert ("x12.segment.missing", "BHT") in {(each.rule, each.where.element) for each in validate(data)}
