"""Valid files, the same with one thing spoiled, and the proof of an answer: for the tests of all answers."""

from superbill.findings import Severity
from superbill.x12.inspection import inspect
from superbill.x12.render import render
from tests.x12_valid import base, enveloped, written


def first(key: str, start: str) -> str:
    """The first segment of a base that starts so."""
    return next(line for line in base(key) if line.startswith(start))


def sound(key: str) -> bytes:
    return written(enveloped(key, base(key)))


def spoiled(key: str, old: str, new: str) -> bytes:
    data = sound(key)
    assert old.encode() in data
    return data.replace(old.encode(), new.encode(), 1)


def rebuilt(key: str, old: str, new: str) -> bytes:
    """The same with segments more or less, which SE counts."""
    text = "~\n".join(base(key)) + "~\n"
    assert old in text
    return written(enveloped(key, text.replace(old, new, 1).split("~\n")[:-1]))


def valid(interchange) -> bytes:
    """The bytes of an answer, which our own inspection finds nothing wrong with."""
    data = render([interchange])
    assert [str(each) for each in inspect(data).findings if each.severity is Severity.ERROR] == []
    return data
