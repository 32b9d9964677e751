"""`superbill remit`: payments with their explanation (835)."""

from datetime import date
from pathlib import Path
from typing import Any

import click

from superbill.app.session import BadInput, Session
from superbill.cli.batch import take_in_files
from superbill.cli.output import json_option, put_findings, put_json, put_table
from superbill.cli.remit_exceptions import assign, exceptions, post_lines, reopen, return_money, set_aside
from superbill.cli.remit_preview import preview
from superbill.cli.remit_provider_level import provider_level
from superbill.cli.remit_show import list_payments, show
from superbill.cli.remit_undo import accept, dismiss, undo_answer, void
from superbill.cli.session import session_options
from superbill.findings import Finding, errors
from superbill.money import dollars

_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.group("remit")
def command() -> None:
    """Post remittances (835), look at them, take them back, and work on what could not be posted."""


@command.command("post")
@_FILES
@session_options
@json_option
def post(session: Session, files: tuple[Path, ...], as_json: bool) -> None:
    """Post every payment of 835 files, each once however often its file comes.

    A part of a payment waits for the rest and posts with it. A payment of which no claim is ours, or whose trace number
    is posted with other content, is held whole and nothing of it is posted. Either way exit 1; post the same file again
    when the cause is mended.

    \b
    superbill remit post 835.x12 --db practice.db
    """
    from superbill.app.path.receiving import kind_of

    for path in files:
        kind = kind_of(path.read_bytes())
        if kind != "835":
            what = f"a {kind} file" if kind else "no X12 file that can be read"
            raise BadInput(f"{path}: is {what}. Nothing was posted. Give 835 files, or use superbill batch receive.")
    counts = take_in_files(session, files)
    found = errors(counts.findings)
    if as_json:
        put_json(
            {
                "posted": counts.remittances,
                "claims": counts.posted_claims,
                "already": counts.already,
                "held": counts.held,
                "waiting": counts.waiting,
                "findings": counts.findings,
            }
        )
    else:
        click.echo(f"{counts.remittances:,} payments posted with {counts.posted_claims:,} claims", nl=False)
        click.echo(f"; {counts.already:,} were posted before and left alone" if counts.already else "")
        put_findings(counts.findings)
        if counts.waiting:
            click.echo(f"{counts.waiting:,} wait for the rest of their payment: superbill remit list --state waiting")
        if counts.held:
            click.echo(f"{counts.held:,} files need a person. See superbill remit list --state held")
    raise SystemExit(1 if counts.held or found else 0)


@command.command("check")
@_FILES
@json_option
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Whether 835 files are valid and balance, without a database; nothing is posted. Exit 1 when not.

    \b
    superbill remit check 835.x12
    """
    payments: list[dict[str, Any]] = []
    findings: list[Finding] = []
    for path in files:
        found, read = _checked(path)
        findings += found
        payments += read
    if as_json:
        put_json({"payments": payments, "findings": findings})
    else:
        rows = [
            (p["file"], p["trace_number"], p["payer"], p["payment_date"], p["claims"], dollars(p["payment_amount"]))
            for p in payments
        ]
        put_table("Payments", ("file", "trace", "payer", "paid on", "claims", "amount"), rows, right="claims amount")
        put_findings(findings)
        click.echo("every sum balances" if not errors(findings) else "not fit to be posted as it is")
    raise SystemExit(1 if errors(findings) else 0)


def _checked(path: Path) -> tuple[list[Finding], list[dict[str, Any]]]:
    """What is wrong with a file, and its payments. Raises BadInput for a file that is no 835."""
    from superbill.x12 import X12ReadError, read_835, validate

    try:
        with path.open("rb") as source:
            findings = validate(source, file=path.name)
        payments = []
        with path.open("rb") as source:
            for _, remittance in read_835(source):
                payments.append(
                    {
                        "file": path.name,
                        "trace_number": remittance.trace_number,
                        "payer": remittance.payer_name,
                        "payment_date": None if remittance.payment_date == date.min else remittance.payment_date,
                        "payment_amount": remittance.payment_amount,
                        "claims": len(remittance.claims),
                    }
                )
    except X12ReadError as error:
        raise BadInput(f"{path}: {error}") from None
    if not payments:
        raise BadInput(f"{path}: holds no 835. Give a file of payments.")
    return findings, payments


command.add_command(list_payments)
command.add_command(show)
command.add_command(preview)
command.add_command(exceptions)
command.add_command(assign)
command.add_command(post_lines)
command.add_command(set_aside)
command.add_command(return_money)
command.add_command(reopen)
command.add_command(void)
command.add_command(undo_answer)
command.add_command(accept)
command.add_command(dismiss)
command.add_command(provider_level)
