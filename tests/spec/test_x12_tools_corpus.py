"""The tools on public files: through JSON to the byte, split and merged with nothing lost, redacted and still valid."""

import csv
import re
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from tests.x12_tool_files import faults

from superbill.x12.errors import X12ReadError
from superbill.x12.render import render
from superbill.x12.tools.difference import difference
from superbill.x12.tools.jsonform import to_json, to_lines
from superbill.x12.tools.jsonread import from_json
from superbill.x12.tools.merging import merge
from superbill.x12.tools.redaction import redact
from superbill.x12.tools.show import show
from superbill.x12.tools.splitting import split_by_claim, split_by_set
from superbill.x12.tools.statistics import statistics
from superbill.x12.tools.table import rows
from superbill.x12.tools.words import ToolError

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not here"),
]  # fmt: skip

PERSON = re.compile(rb"NM1\*(?:IL|QC|74)\*1\*([A-Z]{4,})\*([A-Z]{4,})?")


def folders():
    """The corpus by repository and kind, to be tested together."""
    index = CORPUS / "index.csv"
    names = [row["file"] for row in csv.DictReader(index.open())] if index.is_file() else []
    made = {}
    for name in names:
        made.setdefault(name.split("/")[0], []).append(CORPUS / name)
    return made


FOLDERS = folders()


@cache
def readable(folder):
    found = []
    for path in FOLDERS[folder]:
        data = path.read_bytes()
        with suppress(X12ReadError):
            found.append((path, data, statistics(data)))
    return found


@cache
def is_valid(data):
    return not faults(data)


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_readable_file_comes_through_json_to_the_byte_and_is_shown_whole(folder):
    for path, data, found in readable(folder):
        assert render(from_json(b"".join(to_json(data)))) == data, path
        assert sum(b'"unit":{"$loop"' in line for line in to_lines(data)) == sum(each.units for each in found.sets), (
            path
        )
        shown = [line for line in show(data) if line.kind in ("segment", "envelope", "unknown")]
        assert [line.position for line in shown] == list(range(1, found.segments + 1)), path


def sums(found):
    return [
        (each.guide, each.units, each.lines, each.charge, each.paid, each.payments, sorted(each.adjustments.values()))
        for each in found.sets
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_is_split_merges_to_the_same_claims_and_sums(folder):
    for path, data, found in readable(folder):
        try:
            parts = [render([part]) for part in split_by_claim(data)]
        except ToolError:
            try:
                parts = [render([part]) for part in split_by_set(data)]
                whole = render([merge([("part", part) for part in parts])])
            except ToolError as refused:
                assert re.search("would be lost|first file is|no transaction set", str(refused)), path
                continue
        else:
            whole = render([merge([("part", part) for part in parts])])
        assert sums(statistics(whole)) == sums(found), path
        if is_valid(data):
            assert faults(whole) == [], path
            assert list(difference(data, whole)) == [], path


@pytest.mark.parametrize("folder", FOLDERS)
def test_redacting_names_nobody_and_makes_no_valid_file_invalid(folder):
    for path, data, found in readable(folder):
        try:
            made = render(redact(data, b"secret"))
        except ToolError as refused:
            assert "there is no guide" in str(refused), path
            continue
        assert sums(statistics(made)) == sums(found), path
        people = {name for pair in PERSON.findall(data) for name in pair if name}
        elements = set(re.split(rb"[*:~^\r\n ]+", made))
        assert not people & elements, path
        if is_valid(data):
            assert faults(made) == [], path


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_line_of_claims_and_remittances_is_a_row(folder):
    for path, data, found in readable(folder):
        try:
            made = list(rows(data).rows)
        except ToolError:
            continue
        assert len(made) >= sum(each.lines for each in found.sets), path
