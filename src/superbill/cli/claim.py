"""`superbill claim`: from coded encounters to claims that a payer takes."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Books, Session, load_site, moment, open_session
from superbill.claims.model import Claim
from superbill.cli import claim_change, claim_show
from superbill.cli.output import json_option, put_findings, put_json, put_table, say, stages
from superbill.cli.session import books_options, day_option, note_reading, place_options, session_options
from superbill.edits import Context, PayerFacts, not_checked, payer_facts
from superbill.edits import check as run_edits
from superbill.edits.enrolment.listed import enrolments
from superbill.findings import errors
from superbill.money import dollars
from superbill.pricing import ChargeMaster
from superbill.site import Site

if TYPE_CHECKING:
    from superbill.app.claims.queries import StoredClaim

STATES = ("held", "ready", "sent", "accepted", "rejected", "paid", "partly_denied", "denied", "reversed")


@click.group("claim")
def command() -> None:
    """Build claims, check them, show, print and correct them."""


command.add_command(claim_show.show)
command.add_command(claim_show.print_forms)
command.add_command(claim_change.correct)
command.add_command(claim_change.fix)
command.add_command(claim_change.override)
command.add_command(claim_change.void)


@command.command("build")
@session_options
@json_option
def build(session: Session, as_json: bool) -> None:
    """Open the claims of every coded encounter, put its charges on the books, and bill the next payers that are due.

    A claim with an error is held, with what to do. What is billed is not billed again. Exit 1 when a claim or an
    encounter is held.

    \b
    superbill claim build --db practice.db
    """
    from superbill.app.claims.models import ClaimState
    from superbill.app.claims.queries import claims_in
    from superbill.app.encounters.models import EncounterState
    from superbill.app.encounters.queries import count_by_state
    from superbill.app.path.claims import build_claims
    from superbill.app.path.next_payers import bill_next_payers

    held_before = count_by_state(session.scope)[EncounterState.HELD.value]
    with stages(quiet=as_json) as bars:
        first = build_claims(session, bars)
        later, findings = bill_next_payers(session, bars, at=session.at)
    visits_held = count_by_state(session.scope)[EncounterState.HELD.value] - held_before
    held = (
        [one for some in claims_in(session.scope, ClaimState.HELD) for one in some] if first.held + later.held else []
    )
    if as_json:
        put_json(
            {
                "counts": first,
                "next_payers": later,
                "encounters_held": visits_held,
                "held": [{"control_number": one.control_number, "findings": errors(one.findings)} for one in held],
                "findings": findings,
            }
        )
    else:
        rows = [
            ("claims ready to send", first.ready),
            ("claims to next payers ready", later.ready),
            ("claims held", first.held + later.held),
            ("encounters held", visits_held),
            ("charge entries posted", first.charged),
        ]
        put_table("Built", ("", "count"), rows, right="count")
        for one in held:
            click.echo(f"{one.control_number} is held:")
            put_findings(errors(one.findings), kind=one.claim.kind)
        put_findings(findings)
    raise SystemExit(1 if held or visits_held or errors(findings) else 0)


@command.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@place_options
@day_option("--date", "Check as of this day  [default: the site's as_of, else today]")
@json_option
def check(files: tuple[Path, ...], db: str, site_path: Path | None, day: date | None, as_json: bool) -> None:
    """Run every edit on the held and ready claims of --db, or on the claims of 837 files, without a database.

    In a database, what is mended becomes ready and what is wrong is held. A file is also validated as X12; with
    --site its payers' rules and the charge master count too. Exit 1 when a claim has an error.

    \b
    superbill claim check --db practice.db
    superbill claim check batch.837 --site site.toml
    """
    if files:
        rows = list(_check_files(files, site_path, day))
    else:
        session = open_session(db, site_path, day)
        note_reading(session)
        rows = list(_check_database(session, as_json))
    wrong = [row for row in rows if errors(row["findings"])]
    lacking = _lacking(row.pop("lacking") for row in rows)
    if as_json:
        checked = sum(1 for row in rows if row["control_number"])
        put_json({"checked": checked, "with_errors": len(wrong), "not_checked": lacking, "claims": rows})
    else:
        for row in rows:
            if row["findings"]:
                say(row["where"], bold=True)
                put_findings(row["findings"], kind=row["kind"])
        claims = sum(1 for row in rows if row["control_number"])
        click.echo(f"{claims:,} claims checked, {sum(1 for row in wrong if row['control_number']):,} with errors")
        for one in lacking:
            click.echo(f"? not checked on {one['claims']:,} claims: {one['rules']} rules on {one['table']}")
        if lacking:
            click.echo("  No release of these tables is installed for the days of service; see superbill codesets.")
    raise SystemExit(1 if wrong else 0)


def _lacking(found: Iterable[dict[str, list[str]]]) -> list[dict[str, Any]]:
    """What was not checked for want of a table: how many rules on how many claims, by table."""
    rules: dict[str, set[str]] = {}
    claims: Counter[str] = Counter()
    for by_table in found:
        claims.update(by_table.keys())
        for table, ids in by_table.items():
            rules.setdefault(table, set()).update(ids)
    return [{"table": each, "rules": len(rules[each]), "claims": claims[each]} for each in sorted(rules)]


def _check_database(session: Session, as_json: bool) -> Iterator[dict[str, Any]]:
    from superbill.app.path.checking import context_of
    from superbill.app.path.claims import check_open_claims

    with stages(quiet=as_json) as bars:
        _, checked = check_open_claims(session, bars)
    for one, findings in checked:
        yield {
            "lacking": not_checked(one.claim, context_of(session, one.payer_key, session.today)),
            "where": f"claim {one.control_number}",
            "control_number": one.control_number,
            "kind": one.claim.kind,
            "state": "held" if errors(findings) else "ready",
            "findings": list(findings),
        }


def _check_files(files: tuple[Path, ...], site_path: Path | None, day: date | None) -> Iterator[dict[str, Any]]:
    """A row for each file that is not valid X12, and one for each claim. Raises BadInput for what is no 837."""
    from superbill.x12 import X12ReadError, identify, read_claims, validate

    site, charges = load_site(site_path) if site_path else (None, None)
    today = day or (site.as_of if site else None) or moment(None).date()
    for path in files:
        data = path.read_bytes()
        try:
            if not any(kind == "837" for kind, _ in identify(data)):
                raise BadInput(f"{path}: holds no 837. Give files of claims.")
            if found := validate(data, file=path.name):
                yield {
                    "where": path.name,
                    "control_number": "",
                    "kind": None,
                    "file": path.name,
                    "findings": found,
                    "lacking": {},
                }
            for claim in read_claims(data):
                yield {
                    "where": f"{path.name}, claim {claim.control_number}",
                    "control_number": claim.control_number,
                    "kind": claim.kind,
                    "file": path.name,
                    **_edits(claim, site, charges, today),
                }
        except X12ReadError as error:
            raise BadInput(f"{path}: {error}") from None


def _edits(claim: Claim, site: Site | None, charges: ChargeMaster | None, today: date) -> dict[str, Any]:
    from superbill.app.code_books import reference

    entry = site.payer(claim.payer.id) if site else None
    facts = payer_facts(entry) if entry else PayerFacts()

    def price(code: str, modifiers: tuple[str, ...], on: date) -> int | None:
        return charges.price(code, on, modifiers) if charges else None

    context = Context(
        today=today,
        payer=facts,
        price=price if charges else None,
        reference=reference(),
        enrolments=enrolments(site, entry.key) if site and entry else None,
    )
    return {"findings": run_edits(claim, context), "lacking": not_checked(claim, context)}


@command.command("list")
@click.option("--state", "states", type=click.Choice(STATES), multiple=True, help="Only these states.")
@click.option("--payer", help="Only this payer (its key).")
@click.option("--limit", type=click.IntRange(0), default=200, show_default=True, help="At most so many; 0 is all.")
@books_options
@json_option
def show_all(books: Books, states: tuple[str, ...], payer: str | None, limit: int, as_json: bool) -> None:
    """Claims in order of opening, with their states and the first thing that is wrong.

    \b
    superbill claim list --db practice.db --state held --state rejected
    """
    from superbill.app.claims.models import ClaimState

    rows: list[StoredClaim] = []
    total = 0
    for one in _stored(books, [ClaimState(state) for state in states], payer):
        total += 1
        if not limit or total <= limit:
            rows.append(one)
    if as_json:
        put_json({"total": total, "claims": [_facts(one) for one in rows]})
        return
    table = [
        (
            one.control_number,
            f"{one.claim.patient.person.last}, {one.claim.patient.person.first}",
            books.payer_name(one.payer_key),
            one.claim.service.start,
            dollars(one.claim.charge),
            one.state,
            next((finding.rule for finding in errors(one.findings)), ""),
        )
        for one in rows
    ]
    columns = ("claim", "patient", "payer", "service", "charge", "state", "why")
    put_table("Claims", columns, table, right="charge")
    if total > len(rows):
        click.echo(f"… and {total - len(rows):,} more: --limit 0 shows all")


def _stored(books: Books, states: list[Any], payer: str | None) -> "Iterator[StoredClaim]":
    from superbill.app.claims.queries import claims_in

    for some in claims_in(books.scope, *states):
        yield from (one for one in some if payer is None or one.payer_key == payer)


def _facts(one: "StoredClaim") -> dict[str, Any]:
    return {
        "control_number": one.control_number,
        "payer": one.payer_key,
        "state": one.state,
        "service": one.claim.service.start,
        "charge": one.claim.charge,
        "rejected_once": one.rejected_once,
        "findings": one.findings,
    }
