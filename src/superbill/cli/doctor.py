"""`superbill doctor`: the proof of the books."""

import click

from superbill.app.session import Books
from superbill.cli.output import json_option, put_findings, put_json
from superbill.cli.session import books_options


@click.command("doctor")
@books_options
@json_option
def command(books: Books, as_json: bool) -> None:
    """Recompute every balance from the journal, read every document, and compare. Nothing is changed.

    Exit 1 on any difference, each named with its place and what to do.

    \b
    superbill doctor --db practice.db
    """
    from superbill.app.doctor import examine

    found = examine(books.scope)
    proof = f"ledger balanced: {found.entries:,} entries, {found.unbalanced:,} unbalanced"
    if found.unbalanced:
        proof = f"LEDGER NOT BALANCED: {found.entries:,} entries, {found.unbalanced:,} unbalanced"
    if as_json:
        put_json(
            {
                "proof": proof,
                "healthy": found.healthy,
                "entries": found.entries,
                "unbalanced": found.unbalanced,
                "lines": found.lines,
                "findings": found.findings,
            }
        )
    else:
        put_findings(found.findings)
        click.secho(proof, bold=True, fg="green" if found.healthy else "red")
        told = "no difference" if not found.findings else f"{len(found.findings):,} differences"
        click.echo(f"{found.lines:,} charge lines recomputed, every document read: {told}")
    raise SystemExit(0 if found.healthy else 1)
