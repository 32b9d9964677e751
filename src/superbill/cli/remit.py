"""`superbill remit`: payments with their explanation (835)."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.cli.batch import take_in_files
from superbill.cli.output import json_option, put_findings, put_json, put_table, say
from superbill.cli.session import BadInput, Books, Session, books_options, session_options
from superbill.findings import Finding, errors
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.app.remits.models import RemittanceRow

_FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))


@click.group("remit")
def command() -> None:
    """Post remittances (835), look at them, check them."""


@command.command("post")
@_FILES
@session_options
@json_option
def post(session: Session, files: tuple[Path, ...], as_json: bool) -> None:
    """Post every payment of 835 files, each once however often its file comes.

    A payment that does not balance, or of which no claim is ours, is held whole and nothing of it is posted: exit 1.
    Post the same file again when the cause is mended.

    \b
    superbill remit post 835.x12 --db practice.db
    """
    from superbill.cli.path.receiving import kind_of

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
                "findings": counts.findings,
            }
        )
    else:
        click.echo(f"{counts.remittances:,} payments posted with {counts.posted_claims:,} claims", nl=False)
        click.echo(f"; {counts.already:,} were posted before and left alone" if counts.already else "")
        put_findings(counts.findings)
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


@command.command("list")
@click.option("--state", type=click.Choice(["posted", "held"]), help="Only these.")
@books_options
@json_option
def show_all(books: Books, state: str | None, as_json: bool) -> None:
    """Payments received, oldest first.

    \b
    superbill remit list --db practice.db --state held
    """
    rows = list(_rows(books, state))
    if as_json:
        put_json({"remittances": [_facts(row) for row in rows]})
        return
    table = [
        (row.trace_number, books.payer_name(row.payer_key), row.payment_date, dollars(row.payment_amount), row.state)
        for row in rows
    ]
    put_table("Payments", ("trace", "payer", "paid on", "amount", "state"), table, right="amount")


@command.command("show")
@click.argument("trace")
@books_options
@json_option
def show(books: Books, trace: str, as_json: bool) -> None:
    """One payment: its claims and what became of them, provider-level adjustments, findings.

    \b
    superbill remit show 0000000174 --db practice.db
    """
    from superbill.app.documents import decoded
    from superbill.app.remits.models import RemittanceClaimRow
    from superbill.x12.model import Remittance

    rows = [row for row in _rows(books, None) if row.trace_number == trace]
    if not rows:
        raise BadInput(f"{trace}: no payment with this trace number. See superbill remit list.")
    shown = []
    for row in rows:
        answers = books.scope.rows(RemittanceClaimRow).filter(remittance=row).order_by("position")
        columns = ("control_number", "payer_control_number", "charge", "paid", "state", "outcome", "findings")
        claims = [dict(zip(columns, values, strict=True)) for values in answers.values_list(*columns)]
        for claim in claims:
            claim["findings"] = decoded(str(claim["findings"]), tuple[Finding, ...], trace)
        shown.append((row, claims, decoded(row.doc, Remittance, f"payment {trace}")))
    if as_json:
        put_json({"remittances": [{**_facts(row), "claims": claims, "document": doc} for row, claims, doc in shown]})
        return
    for row, claims, doc in shown:
        _put(books, row, claims, doc)


def _put(books: Books, row: "RemittanceRow", claims: list[dict[str, Any]], doc: Any) -> None:
    facts = _facts(row)
    say(f"Payment {row.trace_number} of {books.payer_name(row.payer_key)}: {row.state}", bold=True)
    click.echo(f"{dollars(row.payment_amount)} by {doc.payment_method} on {row.payment_date:%-d %b %Y}\n")
    table = [(c["control_number"], dollars(c["charge"]), dollars(c["paid"]), c["outcome"]) for c in claims]
    put_table("Claims", ("claim", "charged", "paid", "outcome"), table, right="charged paid")
    if doc.provider_adjustments:
        # The file's sign is the payer's: positive takes money from the provider.
        rows = [(a.reason, a.reference, dollars(-a.amount)) for a in doc.provider_adjustments]
        put_table("Not about one claim", ("reason", "reference", "amount"), rows, right="amount")
    put_findings([*facts["findings"], *(finding for claim in claims for finding in claim["findings"])])


def _rows(books: Books, state: str | None) -> "Iterator[RemittanceRow]":
    from superbill.app.remits.models import RemittanceRow

    rows = books.scope.rows(RemittanceRow).order_by("id")
    yield from (rows.filter(state=state) if state else rows).iterator(chunk_size=200)


def _facts(row: "RemittanceRow") -> dict[str, Any]:
    from superbill.app.documents import decoded

    names = ("trace_number", "originator_id", "payer_key", "payment_amount", "payment_date", "state", "source")
    findings = decoded(row.findings, tuple[Finding, ...], f"payment {row.trace_number}")
    return {**{name: getattr(row, name) for name in names}, "findings": findings}
