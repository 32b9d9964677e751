"""A site file, charge master or database that can't be used: named, with what to do, and left as it was."""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from tests.cli_runs import child, columns, main, ok, sent_claims, work_copy


@pytest.fixture(scope="session")
def sent(tmp_path_factory):
    return sent_claims(tmp_path_factory.getbasetemp())


@pytest.fixture
def mine(sent, tmp_path):
    """Claims sent, not yet answered, to work on; and the 835 that answers them."""
    return work_copy(sent, tmp_path)


SITES = {
    "no TOML": ("practice = [", "site.toml: not TOML"),
    "a wrong name": ("default_provder = 'x'\n", "site.toml: "),
    "nothing": ("", "site.toml: "),
}


@pytest.mark.parametrize("what", SITES)
def test_a_site_file_that_cannot_be_used_is_named(mine, what):
    text, said = SITES[what]
    (mine / "site.toml").write_text(text, "utf-8")
    for line in ("claim build", "batch send", "doctor"):
        refused = main(*line.split(), "--db", mine / "x.db")
        assert refused.code == 2 and said in refused.err and "Traceback" not in refused.err


def test_a_missing_site_file_and_missing_prices_are_named(mine):
    (mine / "charge_master.csv").unlink()
    assert "charge_master.csv: no charge master" in main("claim", "build", "--db", mine / "x.db").err
    (mine / "site.toml").unlink()
    assert "site.toml: no site file" in main("claim", "build", "--db", mine / "x.db").err
    ok("doctor", "--db", mine / "x.db")


def test_another_practices_site_file_opens_no_practice(mine):
    text = (mine / "site.toml").read_text("utf-8").replace('key = "lakeland"', 'key = "hillside"')
    (mine / "other.toml").write_text(text, "utf-8")
    for line in ("claim build", "doctor"):
        refused = main(*line.split(), "--db", mine / "x.db", "--site", mine / "other.toml")
        assert refused.code == 2 and "no practice 'hillside' in it. Name one of lakeland" in refused.err
    assert columns(mine / "x.db", "SELECT key FROM practices_practice") == [("lakeland",)]


def test_what_is_no_database_is_left_alone(mine):
    fake = mine / "notes.db"
    fake.write_text("These are my notes, not a database.", "utf-8")
    for line in ("doctor", "import charts", "code", "batch send"):
        refused = main(*line.split(), "--db", fake)
        assert refused.code == 2 and "notes.db: is not a database. Nothing was changed" in refused.err
    assert fake.read_text("utf-8").startswith("These are my notes")
    nowhere = main("doctor", "--db", "postgresql://nobody@127.0.0.1:1/none")
    assert nowhere.code == 2 and "Check that the server runs" in nowhere.err


def test_a_database_that_may_not_be_written_is_named(mine):
    ok("doctor", "--db", mine / "x.db")  # so that the child below has nothing left to load
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copy(mine / "x.db", folder)
        (folder / "x.db").chmod(0o444)
        folder.chmod(0o555)

        def nobody():
            if os.getuid() == 0:
                os.setuid(65534)

        refused = child("doctor", "--db", folder / "x.db", before=nobody)
        folder.chmod(0o755)
    assert refused.code == 2 and "x.db: no permission to write" in refused.out
