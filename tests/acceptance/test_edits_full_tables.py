"""Tables as CMS writes them, thousands of pairs in four files: imported, opened, every pair found as the files say."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from bench.edit_tables import codes, pairs, write_add_ons, write_pairs, write_units

from superbill.codesets.importing import import_file, verify
from superbill.codesets.store import Store
from superbill.edits.reference import Reference

PAIRS = 20_000
DAY = date(2026, 10, 5)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tables")
    write_pairs(folder, total=PAIRS)
    write_units(folder, 2_000)
    write_add_ons(folder, 200)
    return folder


@pytest.fixture(scope="module")
def store_folder(written: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    for path in sorted(written.iterdir()):
        import_file(path, folder)
    return folder


def test_the_same_seed_writes_the_same_files(written: Path, tmp_path: Path) -> None:
    for path in (*write_pairs(tmp_path, total=PAIRS), write_units(tmp_path, 2_000), write_add_ons(tmp_path, 200)):
        assert path.read_bytes() == (written / path.name).read_bytes()


def test_every_file_is_a_release_and_whole(store_folder: Path) -> None:
    told = dict(verify(store_folder))
    assert len(told) == 6 and not any(told.values())


def test_every_pair_of_the_files_is_found_and_no_other(store_folder: Path) -> None:
    table = Reference(Store(store_folder)).pairs["practitioner"].on(DAY)
    there = {(one, line[6:11]): line.rstrip("\r\n").split("\t") for one, line in pairs(PAIRS)}
    assert table.pairs == len(there) > 0.9 * PAIRS
    for (one, two), (_, _, old, first, last, indicator, why) in there.items():
        (edit,) = table.history(one, two)
        assert (edit.first.strftime("%Y%m%d"), edit.indicator, edit.rationale) == (first, int(indicator), why)
        assert (edit.last.strftime("%Y%m%d") if edit.last else "*", edit.before_1996) == (last, old == "*")
        in_force = indicator != "9" and last == "*"
        assert (table.pair(one, two, DAY) is not None) == in_force
    known = codes()
    strangers = [(one, two) for one, two in pairwise(known) if (one, two) not in there]
    assert not any(table.pair(one, two, DAY) for one, two in strangers)


def test_what_a_table_keeps_is_bounded_and_asked_anew(store_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from superbill.codesets.ncci import lookup

    for limit, most in (("_MOST_PAIRS", 10), ("_MOST_BYTES", 100), ("_MOST_SETS", 3)):
        monkeypatch.setattr(lookup, limit, most)
    table = Reference(Store(store_folder)).pairs["practitioner"].on(DAY)
    asked = [(one, line[6:11]) for one, line in pairs(PAIRS)][:500]
    answers = [table.history(one, two) for one, two in asked]
    assert all(answers) and answers == [table.history(one, two) for one, two in asked]
    sets = [frozenset(pair) for pair in asked[:20]]
    assert [table.among(each) for each in sets] == [table.among(each) for each in sets]


def test_the_other_tables_answer(store_folder: Path, written: Path) -> None:
    reference = Reference(Store(store_folder))
    (units,) = written.glob("MCR_MUE*.csv")
    for line in units.read_text("latin-1").splitlines()[5:]:
        code, most, indicator, _ = line.split(",")
        found = reference.units["practitioner"].most(code, DAY)
        assert (found.units, found.indicator) == (int(most), int(indicator[0]))
    (add_ons,) = written.glob("AOC*.txt")
    for line in add_ons.read_text("latin-1").splitlines():
        found = reference.add_ons.add_on(line[1:6], DAY)
        assert found.kind == int(line[0])
        assert line[13:18] in found.primaries or found.by_contractor
