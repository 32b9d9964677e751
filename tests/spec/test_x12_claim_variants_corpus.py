"""Public dental, predetermined, reported and 4010 files: every segment has its place."""

import csv
from pathlib import Path

import pytest

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
