"""`superbill worker`: does what the pages ask for, beside a server such as gunicorn."""

import signal
from datetime import datetime
from pathlib import Path
from types import FrameType

import click

from superbill.app.places import is_postgres, sqlite_path
from superbill.app.session import site_beside
from superbill.cli.serve import KEY_FILE, settle


@click.command("worker")
@click.option("--db", default="out/superbill.db", show_default=True, envvar="SUPERBILL_DB", help="SQLite file or URL.")
@click.option(
    "--site",
    "site_path",
    type=click.Path(path_type=Path, exists=True),
    envvar="SUPERBILL_SITE",
    help="The practice's facts, or a folder with a file for each practice  [default: beside the database]",
)
@click.option("--partner", envvar="SUPERBILL_PARTNER", help="Where claims go  [default: a demo's simulated payers]")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day that work counts to  [default: today]")
@click.option("--until-empty", is_flag=True, help="End when nothing waits, in place of waiting for more.")
def command(db: str, site_path: Path | None, partner: str | None, day: datetime | None, until_empty: bool) -> None:
    """Do the work that members asked for on the pages: exports, sending, checking, posting, one after the other.

    Run it beside gunicorn, once or several times; superbill serve has one built in. SIGTERM or Ctrl-C ends it when
    the job at hand is done; a second one puts that job back into the queue at its next step. A job whose worker was
    killed is taken up again, once.

    \b
    superbill worker --db postgresql:///superbill --site /etc/superbill/sites
    """
    from superbill.app.boot import connect, secret_key

    connect(db, create=False)
    from superbill.app.jobs.worker import Worker

    secret_key((Path() if is_postgres(db) else sqlite_path(db).parent) / KEY_FILE)
    settle(db, site_path or site_beside(db), partner, day.date() if day else None)
    worker = Worker()

    def end(_signal: int, _frame: FrameType | None) -> None:
        worker.stop(at_once=worker.stopping)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    click.echo("Waiting for work. Ctrl-C ends it after the job at hand.")
    done = worker.run(until_empty=until_empty)
    click.echo(f"{done:,} jobs done.")
