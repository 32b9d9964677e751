"""`superbill serve`: the workbench on this machine, for the people who sit at it."""

import os
import secrets
import signal
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from superbill.cli.session import SITE_FILE, BadInput
from superbill.site import read_site

HOST = "127.0.0.1"
KEY_FILE = "superbill.key"
DEMO_SITES = ("clinic", "synthea")


@click.command("serve")
@click.option("--db", default="out/superbill.db", show_default=True, envvar="SUPERBILL_DB", help="SQLite file or URL.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--demo-users", is_flag=True, help="Make the demo's log-ins: biller, coder, frontdesk.")
@click.option(
    "--password-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Keep the demo's passwords in this file (made once, for your eyes only) and print none.",
)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day that ages count to  [default: today]")
def command(db: str, port: int, demo_users: bool, password_file: Path | None, day: datetime | None) -> None:
    """Serve the web pages at http://127.0.0.1:8000, to this machine alone.

    Plain HTTP for one machine: nothing outside can reach it. For a network put a WSGI server and TLS in front.
    """
    from django.core.management import call_command

    from superbill.app.boot import connect, secret_key

    folder = Path() if "://" in db else Path(db).parent
    if "://" not in db and not Path(db).exists():
        raise BadInput(f"{db}: no database yet. Run make demo first (or superbill demo), or name yours with --db.")
    connect(db, create=False)
    secret_key(folder / KEY_FILE)
    _settle(folder, day.date() if day else None)
    call_command("clearsessions")
    people = _demo_people(password_file) if demo_users else {}
    _serve(port, lambda address: _tell(address, people, password_file))


def _settle(folder: Path, day: date | None) -> None:
    """The day that the pages take for today: told, else the demo's own, else the calendar's."""
    from django.conf import settings

    site = folder / SITE_FILE
    if day is None and site.exists():
        day = read_site(site.read_text("utf-8"), str(site)).as_of
    settings.SUPERBILL_TODAY = day


def _demo_people(file: Path | None) -> dict[str, str]:
    """Give the demo's people their passwords in the demo's practice. Raises BadInput for any other database."""
    from superbill.app.practices.queries import practice
    from superbill.app.web.actions import DEMO_PEOPLE, put_demo_people

    bundled = files("superbill.demo")
    keys = [read_site((bundled / name / SITE_FILE).read_text("utf-8")).practice.key for name in DEMO_SITES]
    found = next((one for key in keys if (one := practice(key))), None)
    if found is None:
        raise BadInput("--demo-users: this database is not the demo's; its people get their log-ins from you.")
    passwords = _kept(file, DEMO_PEOPLE) if file else {name: secrets.token_urlsafe(12) for name in DEMO_PEOPLE}
    put_demo_people(found.pk, passwords, at=datetime.now(UTC))
    return passwords


def _kept(file: Path, names: Any) -> dict[str, str]:
    """The passwords of `file` ("name password" a line), made with mode 600 when it is not there."""
    if not file.exists():
        made = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(made, "w", encoding="ascii") as out:
            out.writelines(f"{name} {secrets.token_urlsafe(12)}\n" for name in names)
    rows = [line.split() for line in file.read_text("utf-8").splitlines() if line.strip()]
    known = {row[0]: row[1] for row in rows if len(row) == 2}
    if missing := [name for name in names if name not in known]:
        raise BadInput(f"{file}: no password for {missing[0]}. Write one as 'name password', or remove the file.")
    return {name: known[name] for name in names}


def _tell(address: str, people: dict[str, str], file: Path | None) -> None:
    click.secho(f"Superbill is at {address}", bold=True)
    if people and file:
        click.echo(f"log-ins of the demo: {', '.join(people)}; passwords in {file}")
    elif people:
        click.echo("log-ins of the demo, shown this once:")
        for name, password in people.items():
            click.echo(f"  {name:<10} {password}")
    elif not _anybody():
        click.echo("Nobody can sign in yet. For the demo's database: superbill serve --demo-users")
    click.echo("For this machine alone. Ctrl-C stops it.")


def _anybody() -> bool:
    from superbill.app.accounts.models import User

    return User.objects.filter(is_active=True).exists()


def _serve(port: int, ready: Callable[[str], None]) -> None:
    """Answer until Ctrl-C or SIGTERM: a thread per request, each with its own database connection."""
    from django.db import connection

    from superbill.app.web.server import server_on

    try:
        server = server_on(HOST, port)
    except OSError as error:
        raise BadInput(f"port {port}: {(error.strerror or str(error)).lower()}. Name another with --port.") from None
    connection.close()
    ready(f"http://{HOST}:{server.server_address[1]}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("\nStopped.")
    finally:
        server.server_close()
