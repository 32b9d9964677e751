"""`superbill remit preview`: what a file would post, line by line, before it does."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.app.contracts import site_contracts
from superbill.app.session import BadInput, Session
from superbill.cli.output import json_option, put_findings, put_json, put_table, say, tell
from superbill.cli.session import session_options
from superbill.findings import Finding, Severity
from superbill.money import dollars
from superbill.x12.model import Remittance

if TYPE_CHECKING:
    from superbill.app.remits.queries import ClaimPreview, Preview
    from superbill.pricing.contract_book import ContractBook


@click.command("preview")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@session_options
@json_option
def preview(session: Session, files: tuple[Path, ...], as_json: bool) -> None:
    """What posting 835 files would do: claims, lines with balances before and after. Nothing is written.

    Where the site has the payer's contract, what it allowed is held against what was agreed. Exit 1 when a payment
    would be held.

    \b
    superbill remit preview 835.x12 --db practice.db
    """
    contracts = _contracts(session)
    shown: list[dict[str, Any]] = []
    held = False
    for path in files:
        for remittance, found in _previewed(session, path):
            told = found if isinstance(found, Finding) else None
            differences = (
                [] if isinstance(found, Finding) else list(_differences(session, contracts, remittance, found))
            )
            held = held or told is not None or (not isinstance(found, Finding) and found.held)
            facts = {"file": path.name, "payment": found, "expected": differences}
            shown.append(facts)
            if not as_json:
                _put(facts)
    if as_json:
        put_json({"payments": shown})
    raise SystemExit(1 if held else 0)


def _contracts(session: Session) -> "ContractBook":
    """The site's contracts; none, and a word about it, where they can't be read: a preview does without."""
    from superbill.pricing.contract_book import ContractBook
    from superbill.pricing.contract_model import ContractError

    try:
        return site_contracts(session.site, session.site_path.parent)
    except (BadInput, ContractError) as error:
        tell(f"Not held against what was agreed: {error}")
        return ContractBook([])


def _previewed(session: Session, path: Path) -> "Iterator[tuple[Remittance, Preview | Finding]]":
    from superbill.app.path.receiving import kind_of, payer_of
    from superbill.app.remits.queries import preview_remittance
    from superbill.x12 import X12ReadError, read_835

    data = path.read_bytes()
    if kind_of(data) != "835":
        raise BadInput(f"{path}: is no 835 file. Nothing was read. Give files of payments.")
    try:
        for read, remittance in read_835(data):
            unreadable = [finding for finding in read.findings if finding.severity is Severity.ERROR]
            payer = payer_of(session, remittance)
            if unreadable or isinstance(payer, Finding):
                yield remittance, unreadable[0] if unreadable else payer  # type: ignore[misc]  # one of them is there
            else:
                yield remittance, preview_remittance(session.scope, remittance, payer_key=payer)
    except X12ReadError as error:
        raise BadInput(f"{path}: {error}") from None


def _differences(
    session: Session, contracts: "ContractBook", remittance: Remittance, found: "Preview"
) -> Iterator[dict[str, Any]]:
    """Lines whose allowed amount is not what the contract says, as far as there is one."""
    from superbill.app.claims.queries import claim
    from superbill.pricing.bill import bill_of
    from superbill.pricing.variance import Tolerance, compare
    from superbill.remits.expected import answers_of

    for one in found.claims:
        stored = claim(session.scope, one.control_number) if one.lines else None
        day = stored.claim.service.start if stored else None
        if stored is None or day is None:
            continue
        contract = contracts.find(stored.payer_key, day, session.site.practice.key)
        if contract is None:
            continue
        answers = answers_of(remittance.claims[one.position], stored.claim)
        for variance in compare(contract.price(bill_of(stored.claim)), answers, Tolerance()):
            if variance.verdict in ("underpaid", "overpaid"):
                yield {"claim": one.control_number, "line": variance.label, "variance": variance}


def _put(facts: dict[str, Any]) -> None:
    found = facts["payment"]
    if isinstance(found, Finding):
        put_findings([found])
        return
    state = "is posted already" if found.already else "would be held" if found.held else "would be posted"
    say(f"Payment {found.trace_number}, {dollars(found.payment_amount)}: {state}", bold=True)
    for one in found.claims:
        _put_claim(one)
    if found.accounts:
        rows = [(account.replace("_", " "), dollars(amount)) for account, amount in sorted(found.accounts.items())]
        put_table("Beside the claims (debit positive)", ("account", "amount"), rows, right="amount")
    if facts["expected"]:
        table = [
            (
                each["claim"], each["line"], each["variance"].verdict, dollars(each["variance"].expected or 0),
                dollars(each["variance"].allowed),
            )
            for each in facts["expected"]
        ]  # fmt: skip
        put_table("Not as agreed", ("claim", "line", "", "agreed", "allowed"), table, right="agreed allowed")
    put_findings(found.findings)


def _put_claim(one: "ClaimPreview") -> None:
    click.echo(f"\nClaim {one.control_number}: {one.outcome}, {dollars(one.paid)} of {dollars(one.charge)}")
    names = ("paid", "adjusted", "insurance", "patient")
    rows = [
        (line.key, *(_change(getattr(line.before, name), getattr(line.after, name)) for name in names))
        for line in one.lines
    ]
    if rows:
        put_table("", ("line", *names), rows, right=" ".join(names))


def _change(before: int, after: int) -> str:
    return dollars(after) if before == after else f"{dollars(before)} → {dollars(after)}"
