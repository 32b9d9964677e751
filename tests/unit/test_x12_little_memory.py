"""What the judge remembers saves time and changes nothing: with next to no memory it finds the same."""

import pytest
from tests.x12_spoiled import spoiled
from tests.x12_valid import KEYS, base, enveloped, written

from superbill.x12 import judgements
from superbill.x12.inspection import inspect


def on_another_day(data: bytes, day: bytes) -> bytes:
    """A file of a day of its own, for which nothing is remembered yet."""
    return data.replace(b"*20261102*1015*101*", b"*%s*1015*101*" % day, 1)


@pytest.mark.parametrize("key", [key for key in KEYS if "+" not in key])
def test_little_memory_finds_no_more_and_no_less(key, monkeypatch):
    monkeypatch.setattr(judgements, "_REMEMBERED", 3)
    assert inspect(on_another_day(written(enveloped(key, base(key))), b"20261013")).findings == []


def test_little_memory_finds_what_is_wrong(monkeypatch):
    data = spoiled("837P", "CLM*A1001*325.5", "CLM*A1001*TWO")
    rules = [each.rule for each in inspect(data).findings]
    monkeypatch.setattr(judgements, "_REMEMBERED", 3)
    assert [each.rule for each in inspect(on_another_day(data, b"20261014")).findings] == rules != []
