"""Files that are cut, moved, mis-encoded or of another year, and imports that are killed: the store stays as it was."""

import gzip
import json
import os
import signal
import subprocess
import sys
import zipfile
from datetime import date

import pytest

from superbill.codesets import importing, sqlite_file
from superbill.codesets.importing import import_file, verify
from superbill.codesets.release import Refused
from superbill.codesets.store import Store


def order_lines(count=400, start=0):
    """A small order file: A00 with codes under it, as the official layout has them."""
    rows = [("A00", "0", "Cholera")]
    rows += [(f"A00{number:04}", "1", f"Cholera, kind {number}") for number in range(start, start + count)]
    return [
        f"{place:05} {code:<7} {flag} {title:<60} {title}" for place, (code, flag, title) in enumerate(rows, 1)
    ]  # fmt: skip


def written(path, lines):
    path.write_bytes("\r\n".join([*lines, ""]).encode("latin-1"))
    return path


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "store"
    import_file(written(tmp_path / "icd10cm_order_2030.txt", order_lines()), folder)
    return folder


def state(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def cut_line(lines):
    return [*lines[:200], lines[200][:9]], ":201"


def moved_lines(lines):
    return [*lines[:100], lines[101], lines[100], *lines[102:]], ":101"


def repeated_code(lines):
    return [*lines[:100], lines[100][:6] + lines[99][6:], *lines[101:]], ":101"


def other_layout(lines):
    return [*lines[:50], "A001,Cholera", *lines[51:]], ":51"


def mis_encoded(lines):
    return [*lines[:30], lines[30].replace("Cholera", "Choléra"), *lines[31:]], ":31"


@pytest.mark.parametrize("spoil", [cut_line, moved_lines, repeated_code, other_layout, mis_encoded])
def test_a_spoiled_file_is_refused_at_its_line(tmp_path, folder, spoil):
    before = state(folder)
    lines, place = spoil(order_lines())
    with pytest.raises(Refused) as refused:
        import_file(written(tmp_path / "icd10cm_order_2031.txt", lines), folder)
    assert refused.value.place.endswith(f"icd10cm_order_2031.txt{place}")
    assert refused.value.fix
    assert state(folder) == before


def test_a_file_cut_at_the_end_of_a_line_is_far_off_the_year_before(tmp_path, folder):
    before = state(folder)
    short = written(tmp_path / "icd10cm_order_2031.txt", order_lines(300))
    with pytest.raises(Refused, match=r"has 301 rows of code; icd10cm-2029-10-01-r1 has 401"):
        import_file(short, folder)
    assert state(folder) == before
    assert import_file(short, folder, force=True).taken[0].rows == {"code": 301}


def test_a_known_edition_with_other_bytes_is_refused(tmp_path, folder):
    other = written(tmp_path / "icd10cm_order_2026.txt", order_lines())
    with pytest.raises(Refused, match="other bytes than the published file"):
        import_file(other, folder)
    assert import_file(other, folder, force=True).taken[0].effective == date(2025, 10, 1)


def test_one_broken_member_keeps_the_whole_archive_out(tmp_path, folder):
    before = state(folder)
    path = tmp_path / "both.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("icd10cm_order_2031.txt", "\r\n".join(order_lines(401)))
        archive.writestr("icd10cm_order_2032.txt", "\r\n".join(cut_line(order_lines(402))[0]))
    with pytest.raises(Refused, match="icd10cm_order_2032"):
        import_file(path, folder)
    assert state(folder) == before


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("nothing.txt", b"", "no known layout"),
        ("words.txt", b"Dear colleagues", "no known layout"),
        ("cut.gz", gzip.compress(b"00001 A00     0 " * 99, mtime=0)[:-9], "broken or encrypted"),
        ("cut.zip", b"PK\x03\x04 and no more", "broken or encrypted"),
        ("changes.json", b'{"effective": "2031-10-01", "add": [["A01", 4]]}', "not a list of changes"),
        ("cut.json", b'{"effective": "2031-10-01", "add": [["A01",', "not a list of changes"),
        ("early.json", b'{"effective": "2001-10-01", "add": [], "delete": []}', "doesn't have"),
        ("ends.json", b'{"effective": "2031-10-01", "add": [], "delete": ["B99"]}', "release before doesn't have"),
        ("tabular.xml", b"<ICD10CM.tabular><version>2031</version><chapter>", "not whole XML"),
        ("tabular.xml", b"<ICD10CM.tabular><version>2031</version></ICD10CM.tabular>", "no chapter"),
    ],
)
def test_what_is_no_official_file_is_refused_with_its_reason(tmp_path, folder, name, data, says):
    before = state(folder)
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Refused, match=says):
        import_file(path, folder)
    assert state(folder) == before


def test_a_file_that_is_not_there(tmp_path, folder):
    with pytest.raises(Refused, match="no such file"):
        import_file(tmp_path / "absent.zip", folder)


def test_who_has_a_store_open_sees_nothing_of_an_import(tmp_path, folder):
    at_work = Store(folder)
    changes = tmp_path / "changes.json"
    changes.write_text(json.dumps({"effective": "2030-10-01", "add": [["A00.9999", "More"]], "delete": []}))
    import_file(changes, folder)
    assert [release.effective.year for release in at_work.releases()] == [2029]
    assert [release.effective.year for release in Store(folder).releases()] == [2029, 2030]


def test_the_same_day_again_is_a_later_revision(tmp_path, folder):
    again = written(tmp_path / "icd10cm_order_2030.txt", order_lines(405))
    assert import_file(again, folder).taken[0].name == "icd10cm-2029-10-01-r2"
    answer = Store(folder).in_force("icd10cm", date(2030, 1, 1))
    assert answer is not None
    assert answer.release.revision == 2
    (count,) = answer.connection.execute("SELECT count(*) FROM code").fetchone()
    assert count == 406


def test_the_same_source_gives_the_same_bytes(tmp_path):
    source = written(tmp_path / "icd10cm_order_2030.txt", order_lines())
    first, second = tmp_path / "first", tmp_path / "second"
    import_file(source, first)
    import_file(source, second)
    assert state(first) == state(second)


def test_a_release_in_force_by_day(folder):
    store = Store(folder)
    assert store.in_force("icd10cm", date(2029, 9, 30)) is None
    assert store.in_force("icd10cm", date(2029, 10, 1)) is not None
    assert store.in_force("icd10cm", date(2030, 9, 30)) is not None
    assert store.in_force("icd10cm", date(2030, 10, 1)) is None  # the next year's list isn't here
    stand_in = store.nearest("icd10cm", date(2030, 10, 1))
    assert stand_in is not None
    assert not stand_in.exact
    assert store.nearest("hcpcs", date(2030, 10, 1)) is None


KILLED = """
import sys, time
from pathlib import Path
from superbill.codesets import sqlite_file
from superbill.codesets.importing import import_file

whole = sqlite_file.publish
def slowly(partial, target):
    print("publishing", flush=True)
    time.sleep(60)
    whole(partial, target)
sqlite_file.publish = slowly
import_file(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_an_import_killed_midway_leaves_the_store_as_it_was(tmp_path, folder):
    before = {path.name for path in folder.glob("*.sqlite")}
    source = written(tmp_path / "icd10cm_order_2031.txt", order_lines(401))
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(source), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "publishing\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert {path.name for path in folder.glob("*.sqlite")} == before
    assert [release.effective.year for release in Store(folder).releases()] == [2029]
    assert import_file(source, folder).taken[0].effective == date(2030, 10, 1)
    assert not list(folder.glob(f"{sqlite_file.PARTIAL}*"))


def test_an_import_under_way_is_not_swept_away(folder):
    other = folder / f"{importing._SCRATCH}{os.getppid()}"
    other.mkdir()
    importing._sweep(folder)
    assert other.is_dir()


def test_two_imports_at_once_do_not_overwrite_each_other(tmp_path, folder):
    target = folder / "icd10cm-2029-10-01-r1.sqlite"
    partial = tmp_path / "other"
    partial.write_bytes(b"another release")
    before = target.read_bytes()
    with pytest.raises(Refused, match="meanwhile"):
        sqlite_file.publish(partial, target)
    assert target.read_bytes() == before


def test_verify_names_what_is_damaged(folder):
    path = folder / "icd10cm-2029-10-01-r1.sqlite"
    assert dict(verify(folder)) == {path.name: ""}
    path.chmod(0o644)
    data = bytearray(path.read_bytes())
    data[len(data) // 2 :] = b"\x00" * (len(data) - len(data) // 2)
    path.write_bytes(data)
    assert dict(verify(folder))[path.name]


def test_a_file_that_is_no_release_is_named(folder):
    (folder / "notes.sqlite").write_bytes(b"SQLite format 3\x00 and nothing else")
    with pytest.raises(Refused, match=r"notes\.sqlite: is not a release"):
        Store(folder)
