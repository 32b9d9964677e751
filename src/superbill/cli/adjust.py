"""`superbill adjust`: balances forgiven within limits, moved to where they belong, and anything undone."""

import click

from superbill.app.labels import number_of
from superbill.app.session import BadInput, Books
from superbill.cli.adjust_transfers import TRANSFERS
from superbill.cli.money import DOLLARS, LINE_AMOUNT, Desk, desk_options, patient_row, posted
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options
from superbill.ledger.reasons import TO_PATIENT, WRITE_OFFS, words
from superbill.money import dollars


@click.group("adjust")
def command() -> None:
    """Write off, approve, transfer and undo."""


for transfer in TRANSFERS:
    command.add_command(transfer)


@command.command("write-off")
@click.argument("lines", nargs=-1, required=True, type=LINE_AMOUNT)
@click.option("--reason", required=True, type=click.Choice(sorted(WRITE_OFFS)), help="Why: superbill adjust reasons.")
@click.option("--note", default="", help="What to know about it.")
@desk_options()
def write_off(desk: Desk, lines: tuple[tuple[str, int], ...], reason: str, note: str) -> None:
    """Forgive an amount of each line. Above your role's limit it waits for a second person.

    \b
    superbill adjust write-off A1001-1=7.50 --reason courtesy --db practice.db
    """
    from superbill.app.billing.actions import WriteOff

    _forgive(desk, WriteOff(lines=lines, reason=reason, note=note))


@command.command("charity")
@click.argument("patient")
@click.option("--percent", required=True, type=click.IntRange(1, 100), help="Of what the patient owes on each line.")
@click.option("--program", required=True, help="The program under which it is granted.")
@desk_options()
def charity(desk: Desk, patient: str, percent: int, program: str) -> None:
    """Charity care: a percentage of everything that a patient owes, under a program.

    \b
    superbill adjust charity 3 --percent 75 --program "sliding scale" --db practice.db
    """
    from superbill.app.billing.actions import WriteOff
    from superbill.app.billing.write_offs import charity_parts

    parts = charity_parts(desk.session.scope, patient_row(desk.session, patient), percent)
    _forgive(desk, WriteOff(lines=_some(parts), reason="charity", program=program, percent=percent))


@command.command("bad-debt")
@click.argument("patient")
@desk_options()
def bad_debt(desk: Desk, patient: str) -> None:
    """Give up all that a patient owes as bad debt. A payment that comes later brings it back.

    \b
    superbill adjust bad-debt 3 --db practice.db
    """
    from superbill.app.billing.actions import WriteOff
    from superbill.app.billing.write_offs import patient_parts

    parts = patient_parts(desk.session.scope, patient_row(desk.session, patient))
    _forgive(desk, WriteOff(lines=_some(parts), reason="bad-debt"))


def _some(parts: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    if not parts:
        raise BadInput("This patient owes nothing.")
    return parts


def _forgive(desk: Desk, what: object) -> None:
    """Post it, or leave it for a second person where it is more than this one may forgive."""
    from superbill.app.billing.actions import OverLimit, WriteOff, ask_to_forgive, forgive

    assert isinstance(what, WriteOff)
    day, at = desk.session.today, desk.session.at
    try:
        desk.do(lambda: forgive(desk.actor, what, desk.key, day, at=at), posted)
    except OverLimit as over:
        if desk.preview:
            raise BadInput(f"{over}") from None
        number = ask_to_forgive(desk.actor, what, desk.key, day, at=at)
        if desk.as_json:
            put_json({"waiting": number, "why": str(over)})
        else:
            say(f"{number} waits for a second person: superbill adjust approve {number}. {over}")


@command.command("small-balances")
@click.option("--limit", type=DOLLARS, help="Patients who owe no more than this  [default: the policy's]")
@click.option("--but", multiple=True, help="Not this patient; again for more.")
@desk_options(key=False)
def small(desk: Desk, limit: int | None, but: tuple[str, ...]) -> None:
    """Forgive every patient's balance that is too small to collect. Look at it first with --preview.

    \b
    superbill adjust small-balances --preview --db practice.db
    """
    from superbill.app.billing.actions import forgive_small_balances

    others = [patient_row(desk.session, name) for name in but]
    day, at = desk.session.today, desk.session.at
    desk.do(
        lambda: forgive_small_balances(desk.actor, day, limit=limit, but=others, at=at),
        lambda entries: f"{len(entries):,} small balances forgiven.",
    )


@command.command("waiting")
@books_options
@json_option
def waiting(books: Books, as_json: bool) -> None:
    """Write-offs that wait for a second person.

    \b
    superbill adjust waiting --db practice.db
    """
    from superbill.app.billing.queries import approvals

    found = list(approvals(books.scope))
    if as_json:
        put_json({"approvals": found})
        return
    rows = [
        (
            one.case.number,
            one.case.on,
            one.case.by,
            words(one.what.reason),
            len(one.what.lines),
            dollars(one.case.amount),
        )
        for one in found
    ]
    columns = ("number", "date", "asked by", "reason", "lines", "amount")
    put_table("Waiting for a second person", columns, rows, right="lines amount")


@command.command("approve")
@click.argument("number")
@desk_options(key=False)
def approve(desk: Desk, number: str) -> None:
    """Say yes to a write-off that somebody else asked for, and post it.

    \b
    superbill adjust approve AP000001 --as manager --db practice.db
    """
    from superbill.app.billing.actions import approve_write_off

    wanted, day, at = number_of(number, "AP"), desk.session.today, desk.session.at
    desk.do(lambda: approve_write_off(desk.actor, wanted, day, at=at), posted)


@command.command("refuse")
@click.argument("number")
@click.option("--reason", required=True, help="Why not.")
@desk_options(key=False, preview=False)
def refuse(desk: Desk, number: str, reason: str) -> None:
    """Say no to a write-off, or withdraw your own.

    \b
    superbill adjust refuse AP000001 --reason "bill it again" --as manager --db practice.db
    """
    from superbill.app.billing.actions import refuse_write_off

    wanted, day, at = number_of(number, "AP"), desk.session.today, desk.session.at
    desk.do(lambda: refuse_write_off(desk.actor, wanted, day, reason=reason, at=at), lambda _: f"{number} is refused.")


@command.command("undo")
@click.argument("entry")
@click.option("--reason", required=True, help="Why it is undone.")
@desk_options(key=False)
def undo_entry(desk: Desk, entry: str, reason: str) -> None:
    """Take an entry back with a new one, and the refund, plan or approval behind it to where it was.

    ENTRY is its key: superbill ledger journal.

    \b
    superbill adjust undo write-off:k1 --reason "wrong line" --db practice.db
    """
    from superbill.app.billing.actions import undo

    day, at = desk.session.today, desk.session.at
    desk.do(lambda: undo(desk.actor, entry, reason, day, at=at), posted)


@command.command("reasons")
@json_option
def reasons(as_json: bool) -> None:
    """Reasons for writing off, and for making a payer's balance the patient's.

    \b
    superbill adjust reasons
    """
    if as_json:
        put_json({"write_off": list(WRITE_OFFS.values()), "to_patient": list(TO_PATIENT.values())})
        return
    rows = [("write-off", one.code, one.told, one.patient_text) for one in WRITE_OFFS.values()]
    rows += [("to-patient", one.code, one.told, one.patient_text) for one in TO_PATIENT.values()]
    put_table("Reasons", ("for", "reason", "what it says", "what the patient reads"), rows)
