"""Claims of facilities and dentists by others become documents, and these equivalent files; what differs is listed."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from tests.strategies_parts import ENVELOPE, SUBMITTER

from superbill.x12 import read_837d, read_837i, read_claims, write
from superbill.x12.documents import claim_write
from superbill.x12.lexer import Lexer, elements

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not on this machine"),
]
ROWS = list(csv.DictReader((CORPUS / "index.csv").open())) if CORPUS.is_dir() else []
FILES = [row for row in ROWS if row["transaction"] in ("837I", "837D", "837I-predet")]
CURRENT = [row for row in FILES if row["version"].startswith("005010")]
# Who sends the file, and to whom, are not the claim's; levels and segments are counted anew.
_AROUND = ("ISA", "GS", "ST", "BHT", "NM1*41", "NM1*40", "PER", "HL", "SE", "GE", "IEA")
# What a claim of ours does not carry, or says in one way only. By the beginning of the segment.
REASONS = {
    "HCP": "how a repricer priced the claim: he writes it, not the biller",
    "CLM": "amounts have no zeros at their end; a facility's CLM has no sixth element",
    "SV2": "amounts and units have no zeros at their end",
    "AMT": "amounts have no zeros at their end",
    "SV3": "a count of procedures is told, be it one",
    "DTP*434": "statement days are a range, be it of one day",
    "HI*BK": "codes of a claim without days are taken for ICD-10",
    "HI*BF": "codes of a claim without days are taken for ICD-10",
    "HI*ABK": "codes of a claim without days are taken for ICD-10",
    "HI*ABF": "codes of a claim without days are taken for ICD-10",
}
# Files that contradict the guide, or themselves: another component separator than ISA16 names, lines' charges that
# are not the claim's, a date that a line of an 837I does not have, a provider of another payer, SBR02 left out.
CONTRADICTORY = {"out-of-network-repriced-claim.837i", "ppo-repriced-claim.837i", "x223-test.txt"}


def segments_of(data: bytes) -> Counter[str]:
    """The segments between the envelopes, without regard to delimiters."""
    found = []
    for batch in Lexer(data).batches():
        for segment in batch.segments:
            parts = [each.replace(batch.delimiters.component, ":") for each in elements(segment, batch.delimiters)]
            found.append("*".join(parts).rstrip("*"))
    return Counter(each for each in found if not each.startswith(_AROUND))


def written(claims) -> bytes:
    """The file of these claims. It is not proven: examples have invented provider numbers and old codes."""
    return write([claim_write.batch(claims, ENVELOPE, SUBMITTER, "B")], proven=False)


@pytest.mark.parametrize("row", CURRENT, ids=lambda row: f"{row['version']}-{Path(row['file']).name}")
def test_a_claim_of_others_is_written_back_as_it_was_save_for_listed_reasons(row):
    data = (CORPUS / row["file"]).read_bytes()
    claims = list(read_claims(data))
    assert len(claims) == sum(each.startswith("CLM*") for each in segments_of(data).elements())
    again = written(claims)
    name = Path(row["file"]).name
    if name in CONTRADICTORY:
        assert [each.control_number for each in read_claims(again)] == [each.control_number for each in claims]
        return
    assert list(read_claims(again)) == claims
    before, after = segments_of(data), segments_of(again)
    unexplained = [each for each in (before - after) + (after - before) if not each.startswith(tuple(REASONS))]
    assert unexplained == []


def test_all_files_of_the_release_in_force_are_read_by_the_reader_of_their_kind():
    found = Counter()
    for row in CURRENT:
        data = (CORPUS / row["file"]).read_bytes()
        read, kind = (read_837d, "dental") if row["transaction"] == "837D" else (read_837i, "institutional")
        claims = [claim for _, batch in read(data) for claim in batch]
        assert claims and {claim.kind for claim in claims} == {kind}, row["file"]
        found[kind] += len(claims)
    assert found == {"institutional": 17, "dental": 9}


def test_claims_of_release_004010_are_passed_over():
    """That release has not been in use since 2012; its files are read as trees."""
    old = [row for row in FILES if row not in CURRENT]
    assert old and {row["version"] for row in old} == {"004010X096A1"}
    for row in old:
        assert list(read_claims((CORPUS / row["file"]).read_bytes())) == []
