"""`superbill authorization import`: what a payer decided by 278."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.app.session import Session, moment
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import session_options

if TYPE_CHECKING:
    from superbill.app.authorizations.actions import Entry


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--payer", default="", help="The payer, where the site does not know the one that the file names.")
@session_options
@json_option
def import_(session: Session, file: Path, payer: str, as_json: bool) -> None:
    """Enter what a 278 response certifies, and withdraw what it cancels.

    A patient is matched by member id with birth date or name, or by name with birth date. What is refused or pended
    is told and not entered. The same file again changes nothing. Exit 1 when a decision was not taken over.

    \b
    superbill authorization import response.278 --db practice.db
    """
    from superbill.app.path.authorizing import take_decisions

    done = take_decisions(session, file.read_bytes(), str(file), payer=payer, at=moment(None))
    if as_json:
        left = [{"decision": n, "why": why} for n, why in done.left]
        put_json({"decisions": done.decisions, "added": done.added, "left": left})
    else:
        columns = ("patient", "kind", "number", "codes", "units", "")
        rows = [_shown(one.source_id, one.entry, one.ended) for one in done.taken]
        put_table("Taken over", columns, rows, right="units")
        for place, why in done.left:
            say(f"Decision {place} of the file is not taken over: {why}.")
        say(f"{done.decisions} decisions read, {done.added} new, {len(done.left)} left out.")
    raise SystemExit(1 if done.left else 0)


def _shown(patient: str, entry: "Entry", ended: bool) -> tuple[object, ...]:
    units = "" if entry.units is None else entry.units
    codes = " ".join(entry.codes) or "any"
    return (patient, entry.kind.value, entry.number, codes, units, "withdrawn" if ended else "")
