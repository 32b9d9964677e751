"""`superbill claim show` and `print`: one claim in words, as X12, on paper."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from superbill.app.session import BadInput, Books, Session, open_books, open_session
from superbill.claims.model import Claim, Provider, ServiceLine
from superbill.cli.output import json_option, put_findings, put_json, put_table, say
from superbill.cli.session import books_options, note_reading, place_options, practice_option
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.app.claims.queries import StoredClaim


def stored_claim(books: Books, number: str) -> "StoredClaim":
    """The claim of this control number. Raises BadInput when there is none."""
    from superbill.app.claims.queries import claim

    found = claim(books.scope, number)
    if found is None:
        raise BadInput(f"{number}: no claim with this control number. See superbill claim list.")
    return found


@click.command("show")
@click.argument("number", metavar="CONTROL")
@click.option("--x12", "as_x12", is_flag=True, help="The claim as an 837, a segment a line; needs the site file.")
@place_options
@practice_option
@json_option
def show(number: str, as_x12: bool, db: str, site_path: Path | None, practice: str, as_json: bool) -> None:
    """One claim in words: parties, diagnoses, lines, findings, what the payer answered, where its money stands.

    \b
    superbill claim show A1001P1 --db practice.db
    """
    if as_x12:
        session = open_session(db, site_path)
        note_reading(session)
        _put_x12(session, stored_claim(session, number), as_json)
        return
    books = open_books(db, site_path, practice)
    note_reading(books)
    one = stored_claim(books, number)
    answers = list(_answers(books, one))
    if as_json:
        put_json(
            {
                "control_number": one.control_number,
                "payer": one.payer_key,
                "next_payer": one.next_payer,
                "state": one.state,
                "payer_control_number": one.payer_control_number,
                "charge": one.claim.charge,
                "claim": one.claim,
                "findings": one.findings,
                "answers": answers,
            }
        )
        return
    _put_parties(books, one)
    _put_lines(books, one)
    rows = [(a["paid_on"], a["trace"], a["status"], dollars(a["paid"]), a["outcome"]) for a in answers]
    if rows:
        put_table("Answers", ("paid on", "payment", "status", "paid", "outcome"), rows, right="paid")
    if one.findings:
        click.echo()
        put_findings(one.findings, kind=one.claim.kind)


def _put_parties(books: Books, one: "StoredClaim") -> None:
    claim = one.claim
    say(f"Claim {one.control_number} to {books.payer_name(one.payer_key)}: {one.state}", bold=True)
    patient, subscriber = claim.patient, claim.subscriber
    facts = [
        ("charge", f"{dollars(claim.charge)}, {_FREQUENCIES[claim.frequency]}, version {claim.version}"),
        ("patient", f"{patient.person.first} {patient.person.last}, {patient.sex}, born {patient.birth_date}"),
        ("insured", f"{subscriber.person.first} {subscriber.person.last}, member {subscriber.member_id}"),
        ("payer", f"{claim.payer.name}, id {claim.payer.id}, payer {subscriber.responsibility} of this claim"),
        ("next payer", books.payer_name(one.next_payer) if one.next_payer else ""),
        ("payer's number", one.payer_control_number),
        ("billing", _provider(claim.billing)),
        ("rendering", _provider(claim.rendering)),
        ("referring", _provider(claim.referring)),
        ("place", claim.place_of_service),
        *_institutional(claim),
        ("authorization", claim.prior_authorization),
        ("referral", claim.referral_number),
        ("diagnoses", _diagnoses(claim)),
    ]
    for name, text in facts:
        if text:
            say(f"  {name:<15}{text}")
    click.echo()


_FREQUENCIES = {
    "0": "no payment asked", "1": "original", "2": "first of several bills", "3": "bill within a stay",
    "4": "last of several bills", "5": "late charges", "7": "replacement", "8": "void", "9": "final of an episode",
}  # fmt: skip


def _diagnoses(claim: Claim) -> str:
    """Numbered, with what was present on admission where the claim tells it."""
    said = (f"{each.code} {each.poa}".strip() for each in claim.diagnoses)
    return "  ".join(f"{place}:{code}" for place, code in enumerate(said, 1))


def _institutional(claim: Claim) -> list[tuple[str, str]]:
    """What a facility's claim has besides, with its form locators' codes."""
    detail = claim.institutional
    if detail is None:
        return []
    codes = [
        ("conditions", " ".join(detail.conditions)),
        ("occurrences", "  ".join(f"{one.code} {one.on}" for one in detail.occurrences)),
        ("spans", "  ".join(f"{one.code} {one.period.start} to {one.period.end}" for one in detail.spans)),
        ("values", "  ".join(f"{one.code} {one.amount}" for one in detail.values)),
        ("procedures", "  ".join(f"{one.code} {one.on}" for one in detail.procedures)),
        ("external causes", "  ".join(one.code for one in detail.external_causes)),
    ]
    return [
        ("type of bill", claim.type_of_bill),
        ("statement", f"{detail.statement.start} to {detail.statement.end}"),
        ("admission", f"{claim.admission or ''} type {detail.admission_type}, origin {detail.point_of_origin}".strip()),
        ("discharge", f"status {detail.discharge_status}"),
        ("MS-DRG", detail.drg),
        ("attending", _provider(detail.attending)),
        ("operating", _provider(detail.operating)),
        ("admitted for", detail.admitting_diagnosis),
        ("came for", " ".join(detail.reasons_for_visit)),
        *codes,
    ]


def _provider(provider: Provider | None) -> str:
    if provider is None:
        return ""
    person = provider.person
    name = f"{person.first} {person.last}".strip() if person else provider.organization
    return f"{name}, NPI {provider.npi}" if provider.npi else name


def _put_lines(books: Books, one: "StoredClaim") -> None:
    from superbill.app.billing.queries import claim_ledger

    ledger = claim_ledger(books.scope, one.control_number)
    stand = {line.key: line.balance for line in ledger.lines} if ledger else {}
    rows = []
    for line in one.claim.lines:
        balance = stand.get(line.control_number)
        money = (balance.paid, balance.adjusted, balance.insurance, balance.patient) if balance else (0, 0, 0, 0)
        rows.append((line.number, line.service.start, _procedure(line), dollars(line.charge), *map(dollars, money)))
    columns = ("line", "date", "service", "charge", "paid", "adjusted", "insurance", "patient")
    put_table("Lines, and where their money stands", columns, rows, right="charge paid adjusted insurance patient")


def _procedure(line: ServiceLine) -> str:
    code = "-".join(part for part in (line.revenue_code, line.procedure.code, *line.procedure.modifiers) if part)
    pointers = ",".join(map(str, line.diagnosis_pointers))
    return f"{code} × {line.units.normalize():f}" + (f" for {pointers}" if pointers else "")


def _answers(books: Books, one: "StoredClaim") -> list[dict[str, Any]]:
    from superbill.app.claims.queries import answers_to

    return [asdict(answer) for answer in answers_to(books.scope, one.id)]


def _put_x12(session: Session, one: "StoredClaim", as_json: bool) -> None:
    """The claim as it would be sent; control numbers 1, because none is taken. Exit 1 when it can't be valid."""
    from superbill.app.claims.actions import BatchNumbers
    from superbill.app.path.sending import interchange
    from superbill.x12 import X12WriteError

    try:
        text = interchange(session, [one], BatchNumbers(1, 1), at=session.at).decode()
    except X12WriteError as error:
        if as_json:
            put_json({"control_number": one.control_number, "x12": None, "findings": error.findings})
        else:
            put_findings(error.findings)
        raise SystemExit(1) from None
    if as_json:
        put_json({"control_number": one.control_number, "x12": text, "findings": []})
    else:
        click.echo(text.replace("~\n", "~").replace("~", "~\n").rstrip("\n"))


@click.command("print")
@click.argument("numbers", metavar="CONTROL...", nargs=-1, required=True)
@click.option("-o", "--output", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PDF.")
@click.option("--background/--no-background", default=True, show_default=True, help="Draw a grid, or print onto forms.")
@books_options
@json_option
def print_forms(books: Books, numbers: tuple[str, ...], path: Path, background: bool, as_json: bool) -> None:
    """Claims on the form of their kind in one PDF: CMS-1500 (02/12), a sheet per six lines; UB-04, a page per 22 lines;
    dental claim form, a page per ten services. Exit 1 when something does not fit its box.

    All claims of one call are for the same form. UB-04 and dental claims print on a page of our own, not onto forms.

    \b
    superbill claim print A1001P1 -o claim.pdf --db practice.db
    superbill claim print A1001P1 -o forms.pdf --no-background --db practice.db
    """
    from superbill.app.path.files import write_whole
    from superbill.forms import papers

    claims: list[Claim] = [stored_claim(books, number).claim for number in numbers]
    kinds = sorted({papers.form_of(claim) for claim in claims})
    if len(kinds) > 1:
        said = ", ".join(papers.TITLES[kind] for kind in kinds)
        raise BadInput(f"these claims are for several forms ({said}). Print each form into a file of its own.")
    findings = papers.findings(kinds[0], claims)
    try:
        form = papers.render(kinds[0], claims, background=background, day=books.today)
    except ValueError as error:
        raise BadInput(f"{error}. Leave out --no-background.") from None
    write_whole(path, form)
    if as_json:
        put_json({"file": str(path), "form": kinds[0], "claims": len(claims), "findings": findings})
    else:
        click.echo(f"{path}: {len(claims):,} claims on the {papers.TITLES[kinds[0]]}")
        put_findings(findings)
    raise SystemExit(1 if findings else 0)
