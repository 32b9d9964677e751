"""`superbill remit list` and `show`: payments as they were received and what became of them."""

from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books
from superbill.cli.output import json_option, put_findings, put_json, put_table, say
from superbill.cli.session import books_options
from superbill.codesets.plb.lookup import reason
from superbill.findings import Finding
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.app.remits.models import RemittanceRow

_STATES = ("posted", "held", "waiting", "part", "voided")


@click.command("list")
@click.option("--state", type=click.Choice(_STATES), help="Only these.")
@books_options
@json_option
def list_payments(books: Books, state: str | None, as_json: bool) -> None:
    """Payments received, oldest first.

    \b
    superbill remit list --db practice.db --state held
    """
    from superbill.app.remits.models import RemittanceRow

    rows = books.scope.rows(RemittanceRow).order_by("id")
    found = list((rows.filter(state=state) if state else rows).iterator(chunk_size=200))
    if as_json:
        put_json({"remittances": [_facts(row) for row in found]})
        return
    table = [
        (
            row.pk,
            row.trace_number,
            books.payer_name(row.payer_key),
            row.payment_date,
            dollars(row.payment_amount),
            row.state,
        )
        for row in found
    ]
    put_table("Payments", ("id", "trace", "payer", "paid on", "amount", "state"), table, right="id amount")


@click.command("show")
@click.argument("payment")
@books_options
@json_option
def show(books: Books, payment: str, as_json: bool) -> None:
    """One payment, by trace number or id: its claims and what became of them, provider-level adjustments, findings.

    \b
    superbill remit show 0000000174 --db practice.db
    """
    from superbill.app.documents import decoded
    from superbill.app.remits.models import RemittanceClaimRow
    from superbill.x12.model import Remittance

    shown = []
    for row in named(books, payment):
        answers = books.scope.rows(RemittanceClaimRow).filter(remittance=row).order_by("position")
        columns = (
            "id",
            "control_number",
            "payer_control_number",
            "charge",
            "paid",
            "state",
            "outcome",
            "why",
            "findings",
        )
        claims = [dict(zip(columns, values, strict=True)) for values in answers.values_list(*columns)]
        for claim in claims:
            claim["findings"] = decoded(str(claim["findings"]), tuple[Finding, ...], payment)
        shown.append((row, claims, decoded(row.doc, Remittance, f"payment {payment}")))
    if as_json:
        put_json({"remittances": [{**_facts(row), "claims": claims, "document": doc} for row, claims, doc in shown]})
        return
    for row, claims, doc in shown:
        _put(books, row, claims, doc)


def named(books: Books, payment: str) -> "list[RemittanceRow]":
    """The remittances that a person means. Raises BadInput when there is none."""
    from superbill.app.remits.queries import remittances_named

    rows = remittances_named(books.scope, payment)
    if not rows:
        raise BadInput(f"{payment}: no payment with this trace number. See superbill remit list.")
    return rows


def one_named(books: Books, payment: str, *states: str) -> "RemittanceRow":
    """The one remittance that a person means, in one of these states where several have the trace number."""
    rows = named(books, payment)
    fitting = [row for row in rows if row.state in states] or rows
    if len(fitting) > 1:
        ids = ", ".join(f"{row.pk} ({row.state})" for row in fitting)
        raise BadInput(f"{payment}: {len(fitting)} payments have this trace number. Name one by its id: {ids}")
    return fitting[0]


def _put(books: Books, row: "RemittanceRow", claims: list[dict[str, Any]], doc: Any) -> None:
    facts = _facts(row)
    say(f"Payment {row.trace_number} of {books.payer_name(row.payer_key)}: {row.state}", bold=True)
    how = "keyed from paper, " if row.origin == "paper" else ""
    click.echo(f"{how}{dollars(row.payment_amount)} by {doc.payment_method} on {row.payment_date:%-d %b %Y}\n")
    table = [(c["id"], c["control_number"], dollars(c["charge"]), dollars(c["paid"]), _became(c)) for c in claims]
    put_table("Claims", ("answer", "claim", "charged", "paid", "outcome"), table, right="answer charged paid")
    if doc.provider_adjustments:
        # The file's sign is the payer's: positive takes money from the provider.
        rows = [(a.reason, _meaning(a.reason), a.reference, dollars(-a.amount)) for a in doc.provider_adjustments]
        put_table("Not about one claim", ("reason", "", "reference", "amount"), rows, right="amount")
    put_findings([*facts["findings"], *(finding for claim in claims for finding in claim["findings"])])


def _became(claim: dict[str, Any]) -> str:
    open_states = ("set_aside", "to_return", "returned", "voided")
    text = claim["state"] if claim["state"] in open_states else claim["outcome"]
    return f"{text}: {claim['why']}" if claim["why"] else str(text)


def _meaning(code: str) -> str:
    known = reason(code)
    return known.name if known else ""


def _facts(row: "RemittanceRow") -> dict[str, Any]:
    from superbill.app.documents import decoded

    names = (
        "id", "trace_number", "originator_id", "payer_key", "payment_amount", "payment_date", "origin", "state",
        "source", "application",
    )  # fmt: skip
    findings = decoded(row.findings, tuple[Finding, ...], f"payment {row.trace_number}")
    return {**{name: getattr(row, name) for name in names}, "findings": findings}
