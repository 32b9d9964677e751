"""Laboratory fees and drug payment limits: their files, what is refused and where, and the quarter that answers."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.codesets_samples import drafts, sheet, store_of
from tests.medicare_samples import DRUGS, LABORATORY

from superbill.codesets.asp.importer import DrugLimitLayout
from superbill.codesets.asp.lookup import DrugLimits
from superbill.codesets.clfs.importer import LaboratoryLayout
from superbill.codesets.clfs.lookup import LaboratoryFees
from superbill.codesets.layouts import LAYOUTS
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source

OLDER = DRUGS.replace(",Co-insurance Percentage", "").replace(",20%", "").replace(",,,a", ",,a")
"""As it was before April 2023."""


def rows_of(text: str) -> list[list[str]]:
    """The same as a sheet; what is quoted is one cell."""
    return [
        [cell.strip('"') for cell in (line.split('"')[1:2] if line[:1] == '"' else line.split(","))]
        for line in text.splitlines()
    ]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("31CLABQ3.csv", date(2031, 7, 1)), ("PUF_CLFS_CY2031_Q2V1.csv", date(2031, 4, 1)),
        ("clfs 2031 Q4.csv", date(2031, 10, 1)),
    ],
)  # fmt: skip
def test_the_quarter_of_a_laboratory_file(tmp_path: Path, name: str, first: date) -> None:
    source = Source(name, LABORATORY.encode())
    assert [type(layout) for layout in LAYOUTS if layout.recognizes(source)] == [LaboratoryLayout]
    (draft,) = drafts(LaboratoryLayout(), source, tmp_path)
    assert draft.release.effective == first


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (LABORATORY.replace("8.46", "x"), r"31CLABQ3.csv:5: has 'x' as rate"),
        (LABORATORY.replace(",QW,", ",,"), r"31CLABQ3.csv:6: has code '80048', modifier '' again"),
        (LABORATORY.replace("0001U", "OOOIU!"), r"31CLABQ3.csv:7: has code 'OOOIU!'"),
        (LABORATORY.replace("20310101", "20311301"), r"31CLABQ3.csv:5: has '20311301' as first day"),
        (LABORATORY.replace("RATE", "PRICE"), r"31CLABQ3.csv:4: has no column for rate"),
        (LABORATORY.replace("\r\n2031,", "\r\n2030,"), r"31CLABQ3.csv: is named for 2031 but has rows of 2030"),
        (LABORATORY.partition("2031,")[0], r"31CLABQ3.csv: has no code"),
    ],
    ids=["rate", "again", "code", "day", "column", "year", "empty"],
)
def test_a_broken_laboratory_file_is_refused_with_its_row(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        drafts(LaboratoryLayout(), Source("31CLABQ3.csv", text.encode()), tmp_path)


def test_a_test_by_its_modifier_and_quarter(tmp_path: Path) -> None:
    fees = LaboratoryFees(store_of(tmp_path / "s", ("31CLABQ3.csv", LABORATORY)))
    found = fees.test("80048", ("90", "QW"), date(2031, 8, 1))
    assert (found.modifier, found.rate, found.national, found.exact) == ("QW", Decimal("8.46"), True, True)
    assert fees.test("80048", ("90",), date(2031, 8, 1)).modifier == ""
    assert fees.test("80048", (), date(2031, 10, 1)).exact is False
    assert fees.test("80048", (), date(2032, 1, 1)) is None
    assert fees.test("0001U", (), date(2031, 8, 1)).rate is None
    assert fees.test("99999", (), date(2031, 8, 1)) is None


@pytest.mark.parametrize(
    "source",
    [
        Source("asp.csv", DRUGS.encode("cp1252")),
        Source("July 2031 ASP Pricing File.xlsx", sheet(rows_of(DRUGS))),
        Source("asp.csv", OLDER.encode()),
    ],
    ids=["csv", "xlsx", "older"],
)
def test_every_form_of_the_drug_file(tmp_path: Path, source: Source) -> None:
    assert [type(layout) for layout in LAYOUTS if layout.recognizes(source)] == [DrugLimitLayout]
    (draft,) = drafts(DrugLimitLayout(), source, tmp_path)
    assert (draft.release.version, draft.release.until) == ("2031Q3", date(2031, 9, 30))
    assert [each[:3] for each in draft.tables[0].rows] == [("J1100", "1 MG", "0.125"), ("J9999", "1 MG", "")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (DRUGS.replace("0.125", "O.125"), r"asp.csv:4: has 'O.125' as payment limit"),
        (DRUGS.replace("0.125", "0,125").replace("20%,", "20%,a note"), r"asp.csv:4: has 7 cells, the header 6"),
        (DRUGS.replace("J9999,words,1 MG,,,a note", "J9999,words,1"), r"asp.csv:5: has 3 cells, the header 6"),
        (DRUGS.replace("J9999", "J1100"), r"asp.csv:5: has code 'J1100' again"),
        (DRUGS.replace("Effective July 1, 2031", "Words"), r"asp.csv: doesn't say its quarter"),
    ],
    ids=["limit", "comma", "cut", "again", "quarter"],
)
def test_a_broken_drug_file_is_refused_with_its_row(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        drafts(DrugLimitLayout(), Source("asp.csv", text.encode()), tmp_path)


@pytest.mark.parametrize(
    ("day", "limit"),
    [
        (date(2031, 6, 30), None), (date(2031, 7, 1), "0.125"), (date(2031, 9, 30), "0.125"), (date(2031, 10, 1), None),
    ],
)  # fmt: skip
def test_a_limit_is_of_its_quarter_alone(tmp_path: Path, day: date, limit: str | None) -> None:
    found = DrugLimits(store_of(tmp_path / "s", ("asp.csv", DRUGS))).limit("J1100", day)
    assert (None if found is None else str(found.limit)) == limit
    assert found is None or (found.dosage, found.coinsurance) == ("1 MG", Decimal(20))
