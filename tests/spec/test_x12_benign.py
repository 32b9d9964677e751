"""What is as it may be is not complained of: valid files changed as partners vary them, in content and in form."""

import gzip
from pathlib import Path

import pytest
import yaml
from tests.spec.test_x12_mutants import errors, inspected, spoiled
from tests.x12_valid import ISA, KEYS, base, enveloped, group, transaction, written

from superbill.x12.inspection import inspect

CHANGES = [
    (str(key), change)
    for key, changes in yaml.safe_load((Path(__file__).parents[1] / "x12_benign.yaml").read_text()).items()
    for change in changes
]


@pytest.mark.parametrize(("key", "change"), CHANGES, ids=[f"{key}: {change['name']}" for key, change in CHANGES])
def test_what_the_guide_allows_is_no_error(key, change):
    lines, _ = spoiled(base(key), change)
    assert not errors(inspected(key, enveloped(key, lines)))


# --- form -----------------------------------------------------------------------------------------------------------


def punctuated(data, element="*", component=":", repetition="^", terminator="~\n"):
    """The same file under other delimiters."""
    table = str.maketrans({"*": element, ":": component, "^": repetition})
    return data.decode().replace("~\n", "\0").translate(table).replace("\0", terminator).encode()


FORMS = {
    "one line": lambda data: data.replace(b"\n", b""),
    "CRLF behind each segment": lambda data: data.replace(b"\n", b"\r\n"),
    "newline as terminator": lambda data: data.replace(b"~\n", b"\n"),
    "CRLF as terminator": lambda data: data.replace(b"~\n", b"\r\n"),
    "bars and brackets": lambda data: punctuated(data, "|", ">", "{", "'"),
    "control characters": lambda data: punctuated(data, "\x1d", "\x1f", "\x1e", "\x1c"),
    "plus and backslash": lambda data: punctuated(data, "+", "\\", "!", "'\r\n"),
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "packed": gzip.compress,
    "blank lines at the end": lambda data: data + b"\r\n \n\n",
    "blank lines between": lambda data: data.replace(b"\n", b"\n\n"),
    "newline as terminator and a blank line": lambda data: data.replace(b"~\n", b"\n") + b"\n",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", ["837P", "835", "270", "999"])
def test_the_form_of_a_file_is_no_error(key, form):
    data = written(enveloped(key, base(key)))
    assert not errors(inspect(FORMS[form](data)))


# --- how much -------------------------------------------------------------------------------------------------------


def test_many_sets_groups_and_interchanges():
    numbered = [(base("837P")[0].replace("0001", f"{number:04}"), *base("837P")[1:]) for number in (1, 2, 3)]
    claims = group("837P", [line for lines in numbered for line in transaction(lines)], 101, 3)
    groups = [
        group(key, transaction(base(key)), number)
        for number, key in enumerate((key for key in KEYS if "+" not in key), 102)
    ]
    first = [ISA, *claims, *(line for each in groups for line in each), f"IEA*{1 + len(groups)}*000000101"]
    second = [ISA.replace("*000000101*", "*000000102*"), *group("835", transaction(base("835"))), "IEA*1*000000102"]
    found = inspect(written([*first, *second]))
    assert not errors(found)
    assert len(found.groups) == 2 + len(groups)
    assert len(found.groups[0].sets) == 3


def block(lines, first, last):
    """The segments from one to another, by their beginnings."""
    start = next(place for place, line in enumerate(lines) if line.startswith(first))
    return start, start + next(place for place, line in enumerate(lines[start:]) if line.startswith(last)) + 1


def test_eleven_payers():
    lines = list(base("837P"))
    start, end = block(lines, "SBR*T*19", "DTP*573")
    more = [
        line.replace("SBR*T", f"SBR*{letter}").replace("TRD01", f"TRD{letter}")
        for letter in "ABCDEFGH"
        for line in lines[start:end]
    ]
    assert not errors(inspect(written(enveloped("837P", [*lines[:end], *more, *lines[end:]]))))


def test_fifty_lines_and_not_fifty_one():
    lines = list(base("837P+medicare"))
    body = lines[-2:]

    def claim(many):
        head = [line.replace("*125.5*", f"*{many * 125.5}*") if line.startswith("CLM") else line for line in lines[:-3]]
        return enveloped("837P", [*head, *(line for number in range(many) for line in (f"LX*{number + 1}", *body))])

    assert not errors(inspect(written(claim(50))))
    assert {error.rule for error in errors(inspect(written(claim(51))))} == {"x12.loop.repeat"}


def test_ninety_nine_remarks_of_a_line():
    lines = list(base("835"))
    at = lines.index("LQ*HE*N130")
    assert not errors(inspect(written(enveloped("835", lines[:at] + ["LQ*HE*N130"] * 99 + lines[at + 1 :]))))


def test_a_payment_without_claims():
    lines = list(base("835"))
    start, _ = block(lines, "LX*1", "LX*1")
    alone = [line.replace("*620*", "*25*") for line in lines[:start]]
    assert not errors(inspect(written(enveloped("835", [*alone, "PLB*1234567893*20261231*L6*-25"]))))
