"""`superbill batch`: claims out as 837 files, answers in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.app.partners import SHAPES, partner
from superbill.app.session import Books, Session
from superbill.cli.output import json_option, put_findings, put_json, put_table, stages
from superbill.cli.session import books_options, session_options
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.app.claims.models import Batch
    from superbill.app.path.receiving import ReceiveCounts

_PAYERS = click.option(
    "--payers",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Rules of the simulated payers  [default: payers.toml in or beside their folder]",
)


@click.group("batch")
def command() -> None:
    """Send 837 files, receive 999, 277CA and 835 files."""


@command.command("send")
@click.option("--to", "given", help=f"{SHAPES}  [default: folder:exchange beside the database]")
@_PAYERS
@session_options
@json_option
def send(session: Session, given: str | None, payers: Path | None, as_json: bool) -> None:
    """Write every ready claim into 837 files, one per payer, month of service and kind, and hand them over.

    Professional, institutional and dental claims (837P, 837I, 837D) go out in interchanges of their own. A folder
    partner gets them in its outbox/. A batch that a stopped run prepared goes out first, once. Exit 1 when
    a claim could not be written: it is held with the reason.

    \b
    superbill batch send --db practice.db --to folder:/srv/clearinghouse
    """
    from superbill.app.claims.queries import batches, last_batch
    from superbill.app.path.sending import send_claims

    before = last_batch(session.scope)
    with stages(quiet=as_json) as bars, partner(session.db, given, payers, session.at) as connector:
        counts = send_claims(session, connector, bars, at=session.at)
    sent = batches(session.scope, before)
    if as_json:
        put_json({"counts": counts, "batches": [_facts(batch) for batch in sent]})
    elif not sent:
        click.echo("No claim is ready to send. See superbill claim list.")
    else:
        _put_batches("Sent", sent)
        click.echo(f"{counts.claims:,} claims, {dollars(counts.charge)}")
    if counts.held and not as_json:
        click.echo(f"{counts.held:,} claims can't be written and are held: superbill claim list --state held")
    raise SystemExit(1 if counts.held else 0)


@command.command("receive")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--from", "given", help=f"{SHAPES}  [default: folder:exchange beside the database]")
@_PAYERS
@session_options
@json_option
def receive(session: Session, files: tuple[Path, ...], given: str | None, payers: Path | None, as_json: bool) -> None:
    """Take in 999, 277CA and 835 files: those named, or all that wait at the partner.

    Acknowledgements move claims, remittances are posted, each once however often its file comes. Exit 1 when
    something is held for a person; the rest is done.

    \b
    superbill batch receive --db practice.db --from folder:/srv/clearinghouse
    superbill batch receive 999.x12 835.x12 --db practice.db
    """
    from superbill.app.path.receiving import receive_files

    with stages(quiet=as_json) as bars:
        if files:
            counts = take_in_files(session, files)
        else:
            with partner(session.db, given, payers, session.at) as connector:
                counts = receive_files(session, connector, bars, at=session.at)
    if as_json:
        put_json(counts)
    else:
        put_table("Files", ("kind", "count"), sorted(counts.files.items()), right="count")
        rows = [
            ("accepted into adjudication", counts.accepted),
            ("rejected", counts.rejected),
            ("remittances posted", counts.remittances),
            ("claims answered", counts.posted_claims),
            ("known already, left alone", counts.already),
            ("held for a person", counts.held),
        ]
        put_table("Done", ("what", "count"), [row for row in rows if row[1]], right="count")
        put_findings(counts.findings)
    raise SystemExit(1 if counts.held else 0)


def take_in_files(session: Session, files: tuple[Path, ...]) -> "ReceiveCounts":
    """Files as if a partner had delivered them, and what a stopped run left unfinished before."""
    from superbill.app.claims.queries import files_to_finish
    from superbill.app.path.receiving import ReceiveCounts, process, take_in

    counts = ReceiveCounts()
    for file in files_to_finish(session.scope):
        process(session, file.pk, file.name, bytes(file.content), counts, session.at, file.kind)
    for path in files:
        take_in(session, path.name[:200], path.read_bytes(), counts, session.at)
    return counts


@command.command("list")
@click.option("--received", is_flag=True, help="Files that came in instead of batches that went out.")
@books_options
@json_option
def show_all(books: Books, received: bool, as_json: bool) -> None:
    """Batches sent, with their control numbers and states; or files received.

    \b
    superbill batch list --db practice.db
    """
    from superbill.app.claims.queries import batches, received_files

    if received:
        rows = received_files(books.scope)
        if as_json:
            put_json({"files": rows})
        else:
            table = [(r.name, r.kind, r.outcome, f"{r.received_at:%Y-%m-%d %H:%M}") for r in rows]
            put_table("Files received", ("file", "kind", "outcome", "received"), table)
        return
    sent = batches(books.scope)
    if as_json:
        put_json({"batches": [_facts(batch) for batch in sent]})
    else:
        _put_batches("Batches", sent)


def _put_batches(title: str, batches: "list[Batch]") -> None:
    columns = ("file", "payer", "control number", "claims", "charge", "state")
    rows = [
        (b.file_name, b.payer_key, b.interchange_control_number, b.claim_count, dollars(b.charge), b.state)
        for b in batches
    ]
    put_table(title, columns, rows, right="claims charge")


def _facts(batch: "Batch") -> dict[str, object]:
    names = ("file_name", "kind", "payer_key", "interchange_control_number", "group_control_number", "state")
    facts: dict[str, object] = {name: getattr(batch, name) for name in names}
    return facts | {"claims": batch.claim_count, "charge": batch.charge, "created": batch.created}
