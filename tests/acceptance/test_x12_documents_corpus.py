"""342 X12 files that others wrote: no reader of documents crashes, and no dollar is lost on the way."""

import csv
from pathlib import Path

import pytest

from superbill.money import parse_dollars
from superbill.x12 import X12ReadError, acknowledge, identify, read_277ca, read_835, read_837p, read_999, validate
from superbill.x12.lexer import Lexer, elements

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not on this machine"),
]
ROWS = list(csv.DictReader((CORPUS / "index.csv").open())) if CORPUS.is_dir() else []


def _segments(data):
    for batch in Lexer(data).batches():
        for segment in batch.segments:
            yield elements(segment, batch.delimiters)


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
            claims = [e for e in _segments(data) if e[0] == "CLP"]
            paid = sum(parse_dollars(e[4]) for e in claims)
            charged = sum(parse_dollars(e[3]) for e in claims)
        except (X12ReadError, ValueError, IndexError):
            continue
        found = [claim for _, each in read_835(data) for claim in each.claims]
        assert (len(found), sum(each.paid for each in found)) == (len(claims), paid), row["file"]
        assert sum(each.charge for each in found) == charged
        compared += 1
    assert compared > 40
