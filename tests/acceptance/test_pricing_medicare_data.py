"""Medicare's real file of July 2026: every fee recomputed in whole numbers, and amounts that CMS has published."""

import csv
import gzip
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.medicare_samples import cents_of, line

from superbill.codesets.importing import import_file, verify
from superbill.codesets.mpfs.lookup import Mpfs
from superbill.codesets.mpfs.places import Localities, Locality
from superbill.codesets.store import Store
from superbill.pricing.medicare import Line, Medicare, Setting

CODESETS = Path(__file__).parents[3] / "shared" / "data" / "codesets"
VALUES = "PPRRVU2026_Jul_nonQPP.csv.gz"
DAY = date(2026, 8, 3)
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not (CODESETS / VALUES).is_file(), reason="../shared/data/codesets is not here"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("medicare")
    for name in (VALUES, "GPCI2026.csv"):
        import_file(CODESETS / name, folder)
    assert all(not wrong for _, wrong in verify(folder))
    return Store(folder)


@pytest.fixture(scope="module")
def rows():
    """The file by plain positions, with a reader that shares nothing with ours."""
    with gzip.open(CODESETS / VALUES, "rt", encoding="cp1252", newline="") as file:
        return [cells for cells in csv.reader(file) if len(cells) == 32][10:]


def whole(text: object, decimals: int) -> int:
    """A decimal as a whole number of its smallest parts."""
    units, _, part = str(text).partition(".")
    return int(units + part.ljust(decimals, "0"))


def cents(rvu: tuple[int, int, int], indices: tuple[int, int, int], factor: int) -> int:
    """Hundredths × thousandths × ten-thousandths of dollars, rounded half up to cents: whole numbers throughout."""
    return (sum(value * index for value, index in zip(rvu, indices, strict=True)) * factor + 5_000_000) // 10_000_000


def test_the_file_comes_in_row_for_row(store, rows):
    schedule = Mpfs(store)
    assert store.releases("mpfs")[0].rows == {"item": len(rows)} == {"item": 19_356}
    for cells in rows:
        found = schedule.indicators(cells[0], cells[1], DAY)
        assert [
            found.status, found.work, found.nonfacility, found.facility, found.malpractice, found.components,
            found.global_days, found.multiple, found.bilateral, found.assistant, found.cosurgeons, found.team,
            found.endoscopic_base, found.supervision, found.family,
        ] == [
            cells[3], *(Decimal(cells[at]) for at in (5, 6, 8, 10)),
            *(cells[at] for at in (13, 14, 18, 19, 20, 21, 22, 24, 26, 28)),
        ]  # fmt: skip
        assert found.total(facility=False) == Decimal(cells[11])
        assert found.total(facility=True) == Decimal(cells[12])


@pytest.mark.parametrize("place", ["11", "24"])
def test_every_fee_to_the_cent(store, rows, place):
    """In whole numbers, in the locality with the highest indices; the cap of imaging included."""
    manhattan = Localities(store).gpci(Locality("13202", "NY", "01"), DAY)
    indices = tuple(whole(each, 3) for each in (manhattan.work, manhattan.practice, manhattan.malpractice))
    paid = [cells for cells in rows if cells[3] in "ART" and whole(cells[11], 2)]
    lines = [
        Line(number=at, code=cells[0], modifiers=(cells[1],) if cells[1] else (), day=DAY, performer=str(at))
        for at, cells in enumerate(paid)
    ]
    setting = Setting(locality=manhattan.locality, place_of_service=place)
    expense, cap = (8, 30) if place == "24" else (6, 29)
    for cells, priced in zip(paid, Medicare.of(store).price(lines, setting), strict=True):
        rvu = {at: whole(cells[at], 2) for at in (5, 6, 8, 10, 29, 30, 31)}
        factor = whole(cells[25], 4)
        due = cents((rvu[5], rvu[expense], rvu[10]), indices, factor)
        if rvu[cap]:
            due = min(due, cents((rvu[5], rvu[cap], rvu[31]), indices, factor))
        assert (priced.outcome, priced.amount) == ("priced", due), cells[:2]
    assert len(paid) > 9_000


@pytest.mark.parametrize(
    ("told", "setting", "amount"),
    [
        (line("99213", day=DAY), {}, 95_19),  # 2.85 RVU × 33.4009
        (line("99213", day=DAY), {"place_of_service": "22"}, 57_45),  # 1.72 RVU
        (line("99214", day=DAY), {}, 135_61),  # 4.06 RVU
        (line("27447", day=DAY), {"place_of_service": "21"}, 1_159_35),  # 34.71 RVU
        (line("66984", day=DAY), {"place_of_service": "24"}, 462_60),  # 13.85 RVU
        (line("45378", "53", day=DAY), {"place_of_service": "22"}, 82_50),  # 2.47 RVU
        (line("71046", "26", day=DAY), {"place_of_service": "22"}, 10_02),  # 0.30 RVU
    ],
)
def test_national_amounts(store, told, setting, amount):
    """Total RVU of the file × the conversion factor of 33.4009 dollars, as the national payment amounts have it."""
    assert cents_of(Medicare.of(store), told, **setting) == [amount]


def test_global_tests_are_the_sum_of_their_codes(store):
    """What we take as the technical part of a whole test (PC/TC 4) is less than the whole, by the physician's part."""
    from superbill.pricing.medicare.diagnostics import global_tests

    schedule = Mpfs(store)
    for code, technical in global_tests().items():
        whole = schedule.indicators(code, "", DAY)
        parts = [schedule.indicators(each, "", DAY) for each in technical]
        assert whole.components == "4" and {part.components for part in parts} == {"3"}, code
        assert Decimal("0.1") < whole.total(False) - sum(part.total(False) for part in parts) < Decimal(2), code
