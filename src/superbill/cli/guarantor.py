"""`superbill guarantor`: who pays for whom, and where their mail goes."""

from datetime import date, datetime

import click

from superbill.app.session import BadInput, Books
from superbill.chart.model import PersonName, PostalAddress
from superbill.cli.money import Desk, desk_options, patient_row
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options
from superbill.cli.statement_who import guarantor_row
from superbill.money import dollars

_DAY = click.DateTime(["%Y-%m-%d"])
_BASES = ("parent", "guardian", "court order", "agreement", "estate", "self")


def _as_date(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


@click.group("guarantor")
def command() -> None:
    """Who pays for a patient: as charts tell, or as a person decides."""


@command.command("list")
@click.option("--name", default="", help="Family names that begin so.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=200, show_default=True, help="At most so many.")
@books_options
@json_option
def show_all(books: Books, name: str, limit: int, as_json: bool) -> None:
    """Guarantors by name, with what they owe over all their patients.

    \b
    superbill guarantor list --name Oka --db practice.db
    """
    from superbill.app.guarantors.queries import guarantors_named
    from superbill.app.statements.owing import GuarantorDue, dues_of

    people = guarantors_named(books.scope, name, limit)
    dues = dues_of(books.scope, [one.id for one in people], books.today)
    owed = {one.id: dues.get(one.id, GuarantorDue(guarantor=one.id)).owed for one in people}
    if as_json:
        put_json({"guarantors": [{"card": one, "owes": owed[one.id]} for one in people]})
        return
    rows = [(one.id, one.addressee, one.kind, _town(one.address), dollars(owed[one.id])) for one in people]
    put_table("Guarantors", ("number", "name", "who", "town", "owes"), rows, right="number owes")


@command.command("show")
@click.argument("guarantor")
@books_options
@json_option
def show(books: Books, guarantor: str, as_json: bool) -> None:
    """A guarantor: for whom they pay, where mail goes, what they agreed to, what they owe.

    \b
    superbill guarantor show 3 --db practice.db
    """
    from superbill.app.guarantors.queries import cards, patients_of
    from superbill.app.statements.consents import consents
    from superbill.app.statements.owing import due_of

    row = guarantor_row(books, guarantor)
    card = cards(books.scope, [row])[row]
    patients = patients_of(books.scope, row, books.today)
    due = due_of(books.scope, row, books.today)
    agreed = consents(books.scope, row)
    if as_json:
        told = [{"channel": one.channel, "given": one.given, "withdrawn": one.withdrawn} for one in agreed]
        put_json({"card": card, "patients": patients, "owes": due.owed, "lines": due.lines, "consents": told})
        return
    say(f"G{row:06d} {card.addressee} ({card.kind})", bold=True)
    say(", ".join([*(card.address.lines if card.address else ()), _town(card.address)]) or "no address")
    say(" ".join(part for part in (card.phone, card.email) if part) or "no phone, no e-mail")
    say(f"Pays for patients {', '.join(map(str, patients)) or 'none'}; owes {dollars(due.owed)}")
    for one in agreed:
        ended = f" until {one.withdrawn}" if one.withdrawn else ""
        say(f"{one.channel} since {one.given}{ended}: {one.how}")


@command.command("of")
@click.argument("patient")
@books_options
@json_option
def of_patient(books: Books, patient: str, as_json: bool) -> None:
    """Who pays for a patient, from when to when, who said so and why.

    \b
    superbill guarantor of p1 --db practice.db
    """
    from superbill.app.guarantors.queries import cards, guarantor_of, history

    row = patient_row(books, patient)
    terms = history(books.scope, row)
    now = guarantor_of(books.scope, [row], books.today)[row]
    if as_json:
        put_json({"now": now, "terms": terms})
        return
    people = cards(books.scope, {one.guarantor for one in terms})
    rows = [
        (
            one.guarantor, people[one.guarantor].addressee, one.basis, one.since or "always", one.until or "",
            "replaced" if one.replaced else one.reason or "as the chart tells", one.actor,
        )
        for one in terms
    ]  # fmt: skip
    put_table("Who pays", ("number", "name", "basis", "from", "until", "why", "by"), rows, right="number")
    say(f"Today: {now} {people[now].addressee}")


@command.command("assign")
@click.argument("patient")
@click.argument("guarantor")
@click.option("--basis", type=click.Choice(_BASES), required=True)
@click.option("--reason", required=True, help="Why, for whoever looks later: the order, the agreement.")
@click.option("--since", type=_DAY, callback=_as_date, help="For services from this day on  [default: all]")
@click.option("--until", type=_DAY, callback=_as_date, help="The first day that it holds no more.")
@desk_options(key=False, preview=False)
def assign(
    desk: Desk, patient: str, guarantor: str, basis: str, reason: str, since: date | None, until: date | None
) -> None:
    """Decide who pays for a patient; it goes before what charts tell.

    \b
    superbill guarantor assign k1 7 --basis "court order" --reason "Order 26-118" --since 2026-01-01 --db practice.db
    """
    from superbill.app.guarantors.actions import assign_guarantor

    session = desk.session
    one, who = patient_row(session, patient), guarantor_row(session, guarantor)
    desk.do(
        lambda: assign_guarantor(desk.actor, one, who, basis, reason, since=since, until=until, at=session.at),
        lambda _: f"Guarantor {who} pays for patient {one} from {since or 'the beginning'} on.",
    )


@command.command("end")
@click.argument("patient")
@click.option("--reason", required=True, help="Why, for whoever looks later.")
@desk_options(key=False, preview=False)
def end(desk: Desk, patient: str, reason: str) -> None:
    """What a person decided about who pays for a patient ends today; charts tell again.

    \b
    superbill guarantor end k1 --reason "order ended" --db practice.db
    """
    from superbill.app.guarantors.actions import end_assignments

    session, row = desk.session, patient_row(desk.session, patient)
    desk.do(
        lambda: end_assignments(desk.actor, row, on=session.today, reason=reason, at=session.at),
        lambda count: f"{count} decisions end today." if count else "Nobody had decided anything.",
    )


@command.command("name")
@click.argument("family")
@click.argument("given", nargs=-1)
@click.option("--organization", is_flag=True, help="FAMILY is the name of an agency or an employer.")
@click.option("--born", type=_DAY, callback=_as_date, help="Birth date.")
@click.option("--street", default="", help="Street and number.")
@click.option("--city", default="")
@click.option("--state", default="", help="Two letters.")
@click.option("--zip", "postal_code", default="")
@click.option("--phone", default="")
@desk_options(key=False, preview=False)
def name(
    desk: Desk,
    family: str,
    given: tuple[str, ...],
    organization: bool,
    born: date | None,
    phone: str,
    **place: str,
) -> None:
    """Somebody who pays and whom no chart names; then assign them.

    \b
    superbill guarantor name Okafor Emeka --born 1984-09-09 --db practice.db
    """
    from superbill.app.guarantors.actions import name_guarantor
    from superbill.app.guarantors.deriving import Party

    party = Party(
        kind="organization" if organization else "person", name=PersonName(family, given), birth_date=born,
        address=_address(**place), phone=phone,
    )  # fmt: skip
    desk.do(
        lambda: name_guarantor(desk.actor, party, at=desk.session.at),
        lambda row: f"Guarantor {row}. Next: superbill guarantor assign PATIENT {row} --basis … --reason …",
    )


@command.command("address")
@click.argument("guarantor")
@click.option("--street", default="", help="Street and number.")
@click.option("--city", default="")
@click.option("--state", default="", help="Two letters.")
@click.option("--zip", "postal_code", default="")
@click.option("--phone", default="")
@click.option("--email", default="")
@desk_options(key=False, preview=False)
def address(desk: Desk, guarantor: str, phone: str, email: str, **place: str) -> None:
    """Correct where a guarantor is reached; holds for returned mail end with a new address.

    \b
    superbill guarantor address 3 --street "7 Oak Lane" --city Springfield --state IL --zip 62701 --db practice.db
    """
    from superbill.app.guarantors.queries import Contact
    from superbill.app.statements.actions import new_address

    session, row = desk.session, guarantor_row(desk.session, guarantor)
    contact = Contact(address=_address(**place), phone=phone, email=email)
    if contact == Contact():
        raise BadInput("Say what is new: --street with --city, --state and --zip, or --phone, or --email.")
    desk.do(
        lambda: new_address(desk.actor, row, contact, on=session.today, at=session.at),
        lambda _: f"Guarantor {row}: corrected.",
    )


def _address(street: str, city: str, state: str, postal_code: str) -> PostalAddress | None:
    if not any((street, city, state, postal_code)):
        return None
    return PostalAddress(
        lines=(street,) if street else (), city=city, state=state.upper(), postal_code=postal_code.replace("-", "")
    )


def _town(place: PostalAddress | None) -> str:
    return f"{place.city}, {place.state} {place.postal_code[:5]}".strip(" ,") if place else ""
