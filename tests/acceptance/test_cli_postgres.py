"""The demo on PostgreSQL comes to the same figures as on SQLite, and every command works there too."""

import pytest
from tests.cli_runs import demo_args, fold, ok, site, story

from superbill.app.boot import connect, disconnect

pytestmark = pytest.mark.postgres
COMMANDS = (
    "claim list", "claim show A1001P1", "code --show A1001", "batch list", "remit list", "statement list",
    "ledger show A1001", "ledger journal", "report aging", "report summary", "doctor",
)  # fmt: skip


@pytest.fixture
def postgres_url(postgres_server):
    with postgres_server.fresh() as url:
        yield url


def journal_of(url):
    connect(url)
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT number, key, kind FROM billing_journalentry ORDER BY number")
        rows = cursor.fetchall()
        cursor.execute("SELECT control_number, state, charge FROM claims_claimrow ORDER BY id")
        claims = cursor.fetchall()
    disconnect()
    return rows, claims


def test_both_databases_tell_the_same_story(tmp_path, postgres_url):
    folder = site(tmp_path, "p01", "p26", "p41")
    on_sqlite = ok(*demo_args(folder, folder / "sqlite")).data
    on_postgres = ok(*demo_args(folder, folder / "postgres"), "--db", postgres_url).data
    assert on_postgres["summary"] == on_sqlite["summary"]
    assert on_postgres["files"] == on_sqlite["files"] and on_postgres["proven"]
    fold(folder / "sqlite" / "superbill.db")
    books = story(folder / "sqlite" / "superbill.db")
    assert journal_of(postgres_url) == (books["entries"], books["claims"])
    for line in COMMANDS:
        here = ok(*line.split(), "--json", "--db", folder / "sqlite" / "superbill.db")
        there = ok(*line.split(), "--json", "--db", postgres_url, "--site", folder / "site.toml")
        assert there.data == here.data, line
    again = ok(*demo_args(folder, folder / "postgres"), "--db", postgres_url).data
    assert again["summary"] == on_sqlite["summary"]
    assert journal_of(postgres_url) == (books["entries"], books["claims"])
