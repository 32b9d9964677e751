"""`superbill serve`: the workbench on this machine, for the people who sit at it."""

import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from superbill.app.partners import FOLDER, PAYERS_FILE, SHAPES
from superbill.app.places import is_postgres, sqlite_path
from superbill.app.session import SITE_FILE, BadInput, site_beside, site_files
from superbill.site import read_site

HOST = "127.0.0.1"
KEY_FILE = "superbill.key"
PASSWORDS = "passwords"
DEMO_FOLDER = "out"
PATIENCE = 10.0  # seconds for the job at hand to come to its next step
DEMO_SITES = ("clinic", "synthea")


@click.command("serve")
@click.option("--db", default="out/superbill.db", show_default=True, envvar="SUPERBILL_DB", help="SQLite file or URL.")
@click.option(
    "--site",
    "site_path",
    type=click.Path(path_type=Path, exists=True),
    envvar="SUPERBILL_SITE",
    help=f"The practice's facts, or a folder with a file for each practice  [default: {SITE_FILE} beside the database]",
)
@click.option("--partner", "given", envvar="SUPERBILL_PARTNER", help=f"Where claims go: {SHAPES}  [default: a demo's]")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--demo", is_flag=True, help="Load the demo clinic into a new or empty database without asking.")
@click.option("--demo-users", is_flag=True, help="Make the demo's log-ins, one for each role and a patient's.")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the demo's passwords in this file (made once, for your eyes only) and print none.",
)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day that ages count to  [default: today]")
def command(
    db: str,
    site_path: Path | None,
    given: str | None,
    port: int,
    demo: bool,
    demo_users: bool,
    password_file: Path | None,
    day: datetime | None,
) -> None:
    """Serve the web pages at http://127.0.0.1:8000, to this machine alone, and do the work that they ask for.

    A new or empty database is offered the demo clinic. Plain HTTP for one machine: nothing outside can reach it. For a
    network see the manual: gunicorn, superbill worker, and a proxy with TLS in front.
    """
    from django.core.management import call_command

    from superbill.app.boot import connect, secret_key

    folder = Path() if is_postgres(db) else sqlite_path(db).parent
    if _is_empty(db):
        _load_demo(db, folder, sure=demo)
        site_path = site_path or (Path(DEMO_FOLDER) / SITE_FILE if is_postgres(db) else None)
        password_file, demo_users = password_file or folder / PASSWORDS, True
    connect(db, create=False)
    secret_key(folder / KEY_FILE)
    settle(db, site_path or site_beside(db), given, day.date() if day else None)
    call_command("clearsessions")
    file = password_file if demo_users else folder / PASSWORDS
    people = _demo_people(file) if demo_users else _kept_people(folder / PASSWORDS)
    _serve(port, lambda address: _tell(address, people, file))


def _is_empty(db: str) -> bool:
    """Whether there is no database, or none with a practice in it."""
    from superbill.app.boot import connect

    if not is_postgres(db) and not sqlite_path(db).exists():
        return True
    connect(db, create=False)
    from superbill.app.practices.queries import practices

    return not practices()


def _load_demo(db: str, folder: Path, *, sure: bool) -> None:
    """Ask, then run the demo into the database. Raises BadInput when nobody says yes."""
    refusal = f"{db}: no practice yet. Load the demo clinic with --demo, or name your own database with --db."
    if not sure:
        if not sys.stdin.isatty():
            raise BadInput(refusal)
        if not click.confirm(f"{db} holds no practice yet. Load the demo clinic, all of it fictional?", default=True):
            raise BadInput(refusal)
    out = Path(DEMO_FOLDER) if is_postgres(db) else folder
    click.echo("Loading the demo clinic; this takes half a minute.")
    run = [sys.executable, "-m", "superbill", "demo", "--db", db, "--out", str(out), "--no-pdf"]
    done = subprocess.run(run, stdout=subprocess.DEVNULL, check=False)  # noqa: S603  # this program itself
    if done.returncode:
        raise BadInput(f"{db}: the demo could not be loaded; what went wrong stands above.")


def settle(db: str, site: Path, given: str | None, day: date | None) -> None:
    """Where the pages find the practice's facts and its trading partner, and the day that they take for today.

    The day is the one told, else the demo's own, else the calendar's. A demo's partner is its simulated payers.
    """
    from django.conf import settings

    if day is None and site.is_file():
        day = read_site(site.read_text("utf-8"), str(site)).as_of
    site_files(site)  # a folder without one is told now, not on every page
    demo = site.is_file() and (site.parent / PAYERS_FILE).is_file()
    settings.SUPERBILL_TODAY = day
    settings.SUPERBILL_PLACE = db
    settings.SUPERBILL_SITE = site
    settings.SUPERBILL_PARTNER = given or (f"simulated:{site.parent / FOLDER}" if demo else None)


def _demo_people(file: Path | None) -> dict[str, str]:
    """Give the demo's people their passwords in the demo's practice. Raises BadInput for any other database.

    A patient is among them where somebody owes something.
    """
    from superbill.app.portal.demo import DEMO_PATIENT, put_demo_patient
    from superbill.app.practices.queries import practice
    from superbill.app.web.actions import DEMO_PEOPLE, put_demo_people
    from superbill.app.web.desk import today

    bundled = files("superbill.demo")
    keys = [read_site((bundled / name / SITE_FILE).read_text("utf-8")).practice.key for name in DEMO_SITES]
    found = next((one for key in keys if (one := practice(key))), None)
    if found is None:
        raise BadInput("--demo-users: this database is not the demo's; its people get their log-ins from you.")
    names = (*DEMO_PEOPLE, DEMO_PATIENT)
    passwords = _kept(file, names) if file else {name: secrets.token_urlsafe(12) for name in names}
    put_demo_people(found.pk, passwords, at=datetime.now(UTC))
    if not put_demo_patient(found.pk, passwords[DEMO_PATIENT], on=today(), at=datetime.now(UTC)):
        del passwords[DEMO_PATIENT]
    return passwords


def _kept_people(file: Path) -> dict[str, str]:
    """The log-ins of a demo that was loaded earlier, where their file is still there."""
    from superbill.app.portal.demo import DEMO_PATIENT, has_demo_patient
    from superbill.app.web.actions import DEMO_PEOPLE

    names = (*DEMO_PEOPLE, DEMO_PATIENT) if has_demo_patient() else DEMO_PEOPLE
    return _kept(file, names) if file.is_file() else {}


def _kept(file: Path, names: Any) -> dict[str, str]:
    """The passwords of `file` ("name password" a line), made with mode 600 when it is not there.

    A file from before the demo's patient gets one more line.
    """
    from superbill.app.portal.demo import DEMO_PATIENT

    known = _read(file) if file.exists() else {}
    missing = [name for name in names if name not in known]
    if missing == [DEMO_PATIENT] or not file.exists():
        opened = os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        with os.fdopen(opened, "w", encoding="ascii") as out:
            out.writelines(f"{name} {secrets.token_urlsafe(12)}\n" for name in missing)
        known, missing = _read(file), []
    if missing:
        raise BadInput(f"{file}: no password for {missing[0]}. Write one as 'name password', or remove the file.")
    return {name: known[name] for name in names}


def _read(file: Path) -> dict[str, str]:
    rows = [line.split() for line in file.read_text("utf-8").splitlines() if line.strip()]
    return {row[0]: row[1] for row in rows if len(row) == 2}


def _tell(address: str, people: dict[str, str], file: Path | None) -> None:
    from superbill.app.portal.demo import DEMO_PATIENT

    click.secho(f"Superbill is at {address}", bold=True)
    if people and file and not sys.stdout.isatty():
        click.echo(f"log-ins of the demo: {', '.join(people)}; passwords in {file}")
    elif people:
        click.echo(f"log-ins of the demo, kept in {file}:" if file else "log-ins of the demo, shown this once:")
        for name, password in people.items():
            click.echo(f"  {name:<14} {password}")
    elif not _anybody():
        click.echo("Nobody can sign in yet: see superbill people invite; for the demo's database, --demo-users.")
    if DEMO_PATIENT in people:
        click.echo(f"The {DEMO_PATIENT} signs in at {address}/my, all others at {address}.")
    click.echo("For this machine alone. Ctrl-C stops it.")


def _anybody() -> bool:
    from superbill.app.accounts.models import User

    return User.objects.filter(is_active=True).exists()


def _serve(port: int, ready: Callable[[str], None]) -> None:
    """Answer until Ctrl-C or SIGTERM: a thread per request, each with its own database connection, and one for jobs.

    A job under way goes back into the queue at its next step and is taken up by the next server.
    """
    from django.db import connection

    from superbill.app.jobs.worker import Worker
    from superbill.app.web.server import server_on, warm, warm_books, warm_search

    try:
        server = server_on(HOST, port)
    except OSError as error:
        raise BadInput(f"port {port}: {(error.strerror or str(error)).lower()}. Name another with --port.") from None
    warm()
    warm_books()
    connection.close()
    worker = Worker()
    working = threading.Thread(target=worker.run, name="jobs", daemon=True)
    working.start()
    threading.Thread(target=warm_search, name="search", daemon=True).start()
    try:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        ready(f"http://{HOST}:{server.server_address[1]}")
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    finally:
        server.server_close()
        worker.stop(at_once=True)
        working.join(PATIENCE)
