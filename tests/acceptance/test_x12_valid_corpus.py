"""Every file that others call valid is valid, or listed in x12_corpus_invalid.yaml with the reason why it is not."""

import csv
from pathlib import Path

import pytest
import yaml

from superbill.findings import errors
from superbill.x12.inspection import inspect

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not on this machine"),
]
ROWS = list(csv.DictReader((CORPUS / "index.csv").open())) if CORPUS.is_dir() else []
VALID = [row["file"] for row in ROWS if row["validity"] == "valid"]
HELD_INVALID = yaml.safe_load((Path(__file__).parents[1] / "x12_corpus_invalid.yaml").read_text())
RULES = {name: {entry["rule"] for entry in HELD_INVALID if name in entry["files"]} for name in VALID}


@pytest.mark.parametrize("name", VALID)
def test_a_file_called_valid_has_no_error_but_those_listed(name):
    found = errors(inspect((CORPUS / name).read_bytes()).findings)
    assert {finding.rule for finding in found} == RULES[name], "\n".join(map(str, found))


def test_only_files_called_valid_are_listed_each_with_a_reason():
    assert {name for entry in HELD_INVALID for name in entry["files"]} <= set(VALID)
    assert all(entry["reason"].strip() for entry in HELD_INVALID)
    assert len({(entry["rule"], entry["reason"]) for entry in HELD_INVALID}) == len(HELD_INVALID)
