"""342 X12 files that others wrote: nothing crashes; what is called valid is valid, or listed here with the reason."""

import csv
from pathlib import Path

import pytest

from superbill.findings import Severity
from superbill.money import parse_dollars
from superbill.x12 import X12ReadError, acknowledge, identify, read_277ca, read_835, read_837p, read_999, validate
from superbill.x12.tokens import segments

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not on this machine"),
]
ROWS = list(csv.DictReader((CORPUS / "index.csv").open())) if CORPUS.is_dir() else []
VALID = [
    row["file"]
    for row in ROWS
    if row["transaction"] in ("837P", "835") and row["version"][:6] == "005010" and row["validity"][:5] == "valid"
]

# What a whole source gets wrong, whatever else it tests. Invented NPIs and tax numbers with a hyphen are forbidden by
# the guides; the SE counts of imsweb's files were never adjusted, nor their amounts and code lists.
FALSE = {
    "LinuxForHealth": {"x12.element.npi", "x12.element.tin"},
    "kputnam": {"x12.element.npi", "x12.element.tin"},
}
IMSWEB = "made to test loops: SE counts, amounts, code lists and NPIs are not consistent"
MARKS = "components separated by '>' where the ISA says ':'"
EXCEPTIONS = {
    "cob-contractural-adjustment.835": MARKS + "; no BPR16, no technical contact",
    "managed-care.835": "BPR16 is month 23; no technical contact (PER*BL)",
    "secondary-payment.835": MARKS + "; no BPR16, no technical contact",
    "tertiary-payment.835": MARKS + "; no BPR16, no technical contact",
    "demo.ambulance.example5.837": "CLM05 has no facility qualifier under the delimiters of its ISA",
    "demo.cob.2ndary.example4.837": MARKS,
    "demo.cob.example3.A.837": "another payer (2330B) is missing",
    "demo.cob.example4.837": "AMT*F2 is no segment of loop 2320 in 005010",
    "demo.example11.837": MARKS,
    "demo.example12.837": MARKS,
    "demo.example9.837": MARKS,
}


@pytest.mark.parametrize("name", VALID)
def test_a_file_called_valid_has_no_error_or_a_listed_reason(name):
    source = name.split("+")[0]
    errors = {each.rule for each in validate((CORPUS / name).read_bytes()) if each.severity is Severity.ERROR}
    if source == "imsweb":
        assert errors, f"{IMSWEB}: no longer so, take it off the list"
    elif Path(name).name in EXCEPTIONS:
        assert errors - FALSE[source], "no longer wrong, take it off the list"
    else:
        assert errors <= FALSE.get(source, set())


def test_nothing_in_the_corpus_crashes_a_reader():
    unreadable = []
    for row in ROWS:
        data = (CORPUS / row["file"]).read_bytes()
        try:
            identify(data)
            validate(data)
            acknowledge(data)
            for read in (read_837p, read_835, read_999, read_277ca):
                list(read(data))
        except X12ReadError as refused:
            unreadable.append((row["file"], refused.finding.rule))
    assert {rule for _, rule in unreadable} <= {
        "x12.not-x12",
        "x12.truncated",
        "x12.isa.truncated",
        "x12.isa.delimiters",
    }
    assert len(unreadable) < len(ROWS) // 10, unreadable


def test_every_dollar_that_the_payments_name_is_in_the_documents():
    compared = 0
    for row in ROWS:
        if row["transaction"] != "835" or row["version"] not in ("005010X221A1", "005010X221"):
            continue
        data = (CORPUS / row["file"]).read_bytes()
        try:
            claims = [e for e in segments(data) if e[0] == "CLP"]
            paid = sum(parse_dollars(e[4]) for e in claims)
            charged = sum(parse_dollars(e[3]) for e in claims)
        except (X12ReadError, ValueError, IndexError):
            continue
        found = [claim for _, each in read_835(data) for claim in each.claims]
        assert (len(found), sum(each.paid for each in found)) == (len(claims), paid), row["file"]
        assert sum(each.charge for each in found) == charged
        compared += 1
    assert compared > 40
