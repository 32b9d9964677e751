"""Every encounter of the Synthea data gets a fate: coded in full, or with the reasons why not."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests.generative.test_coding_properties import check

from superbill.chart.reader import ReadReport, SourceFile, read_charts
from superbill.chart.shift import shift
from superbill.coding import code_encounter, is_established
from superbill.coding.model import CodedEncounter, Disposition

SYNTHEA = Path(__file__).parents[3] / "shared" / "data" / "synthea"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not SYNTHEA.is_dir(), reason="../shared/data/synthea is not here"),
]


def coded(folder: str, *, shifted: bool) -> list[CodedEncounter]:
    files = [SourceFile(path.name, lambda path=path: path.open("rb")) for path in sorted((SYNTHEA / folder).iterdir())]
    found = []
    for chart in read_charts(files, ReadReport()):
        days = [encounter.date_of_service for encounter in chart.encounters]
        if shifted and days:
            chart = shift(chart, max(0, (date(2015, 10, 1) - min(days)).days))
            days = [encounter.date_of_service for encounter in chart.encounters]
        for encounter in chart.encounters:
            established = is_established(days, encounter.date_of_service)
            found.append(code_encounter(chart, encounter, established=established))
    return found


@pytest.mark.parametrize(
    ("folder", "shifted", "encounters", "least_coded"),
    [
        ("bundles", False, 1749, 690),
        ("bundles", True, 1749, 1600),
        ("ndjson", False, 1215, 160),
        ("ndjson", True, 1215, 660),
        ("csv", False, 604, 210),
        ("csv", True, 604, 540),
    ],
)
def test_every_encounter_has_a_fate(folder: str, shifted: bool, encounters: int, least_coded: int) -> None:
    found = coded(folder, shifted=shifted)
    assert len(found) == encounters
    for one in found:
        check(one)
    fates = Counter(one.disposition for one in found)
    assert fates[Disposition.CODED] >= least_coded
    assert sum(fates.values()) == encounters


def test_nothing_before_october_2015_is_coded() -> None:
    for one in coded("csv", shifted=False):
        early = one.date_of_service < date(2015, 10, 1)
        assert early is ("coding.before-icd-10" in [finding.rule for finding in one.findings])
