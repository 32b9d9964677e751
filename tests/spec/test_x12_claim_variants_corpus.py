"""Public dental, predetermined, reported and 4010 files: every segment has its place, and what is valid is so."""

import csv
from pathlib import Path

import pytest

from superbill.findings import Severity
from superbill.x12.inspection import inspect
from superbill.x12.library import guides_of
from superbill.x12.walk import walk

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not here"),
]  # fmt: skip

KINDS = ("837D", "837P-predet", "837I-predet", "837P-PACDR")
RELEASE = "004010"
OLD = ("837P", "837I", "837D", "835")
INDEX = CORPUS / "index.csv"
FILES = [
    row["file"]
    for row in (csv.DictReader(INDEX.open()) if INDEX.is_file() else ())
    if row["validity"] == "valid"
    and (row["transaction"] in KINDS or (row["transaction"] in OLD and row["version"].startswith(RELEASE)))
]  # fmt: skip

# NPIs without their check digit and tax numbers with a hyphen: made up by those who wrote the files.
INVENTED = {"x12.code.npi", "x12.code.tin"}
_LFH = "LinuxForHealth+x12/src/tests/resources/"
# CLM06 and CLM18 are required since the addenda, a code has no decimal point, a revenue code has four digits …
_FACILITY = {"x12.element.required", "x12.code.icd9cm"}
WRONG = {
    f"{_LFH}837_004010X096A1/automobile-accident.837": _FACILITY,
    f"{_LFH}837_004010X096A1/homeowners.837": _FACILITY,
    f"{_LFH}837_004010X096A1/institutional-ppo-repriced.837": _FACILITY,
    f"{_LFH}837_004010X096A1/institutional.837": _FACILITY,
    f"{_LFH}837_004010X096A1/workers-compensation.837": _FACILITY,
    # … CLM05-3 is 1.00, which no frequency is, and CR2 has what the addenda took out …
    f"{_LFH}837_004010X098A1/dependent-commercial-insurance-01.837": {"x12.element.length", "x12.element.not-used"},
    # … a taxonomy code has ten characters …
    f"{_LFH}837_004010X098A1/dependent-commercial-insurance-02.837": {"x12.code.taxonomy"},
    f"{_LFH}837_004010X098A1/dependent-commercial-insurance-03.837": {"x12.code.taxonomy"},
    # … and sums are sums. The one who wrote these two didn't look at them.
    "azoner+pyx12/pyx12/test/x12testdata.py.L145.edi": {"x12.balance.payment"},
    "azoner+pyx12/pyx12/test/x12testdata.py.L2020.edi": {"x12.balance.claim-charge"},
}


@pytest.mark.parametrize("name", FILES)
def test_every_segment_of_a_valid_file_has_its_place(name):
    transactions = [
        transaction
        for interchange in walk((CORPUS / name).read_bytes(), guides_of, units=False)
        for group in interchange.groups
        for transaction in group.transactions
    ]
    assert transactions
    assert [found for each in transactions for found in each.findings if found.rule == "x12.segment.unexpected"] == []


@pytest.mark.parametrize("name", FILES)
def test_a_valid_file_has_no_errors_but_those_that_it_really_has(name):
    found = {each.rule for each in inspect((CORPUS / name).read_bytes()).findings if each.severity is Severity.ERROR}
    if name in WRONG:
        assert found >= WRONG[name], "no longer so, take it off the list"
    else:
        assert found <= INVENTED
