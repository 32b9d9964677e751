"""`superbill remit exceptions`, `assign`, `post-lines`, `set-aside`, `return`, `reopen`: answers without a claim."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from superbill.app.session import BadInput, Books, Session
from superbill.claims.model import Adjustment
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options, session_options
from superbill.money import MoneyError, dollars, parse_dollars
from superbill.remits.posting import LineMoney

_ANSWER = click.argument("answer", type=int)
_WHY = click.option("--why", required=True, help="The reason, for whoever looks at it later.")


@click.command("exceptions")
@click.option("--answer", type=int, help="Only this one, with the claims that it may be meant for.")
@click.option("--all", "everything", is_flag=True, help="Also what was set aside or is to go back.")
@click.option("--candidates", "many", type=int, default=5, show_default=True, help="How many claims are shown.")
@books_options
@json_option
def exceptions(books: Books, answer: int | None, everything: bool, many: int, as_json: bool) -> None:
    """Answers that could not be posted by themselves, each with the claims it may be meant for, ranked with reasons.

    \b
    superbill remit exceptions --db practice.db
    superbill remit exceptions --answer 12 --db practice.db
    """
    from superbill.app.remits.models import IN_QUEUE, IN_SUSPENSE
    from superbill.app.remits.queries import candidates, open_answers

    waiting = open_answers(books.scope, states=IN_SUSPENSE if everything or answer is not None else IN_QUEUE)
    waiting = [one for one in waiting if answer in (None, one.id)]
    if answer is not None and not waiting:
        raise BadInput(f"{answer}: no answer that waits has this id. See superbill remit exceptions.")
    found = {one.id: candidates(books.scope, one.id, limit=many) for one in waiting}
    if as_json:
        put_json({"answers": [{"answer": one, "candidates": found[one.id]} for one in waiting]})
        return
    rows = [
        (
            one.id, one.trace_number, books.payer_name(one.payer_key), one.control_number, dollars(one.paid),
            one.state.replace("_", " "), next((f"{c.control_number} ({c.score})" for c in found[one.id]), "none"),
        )
        for one in waiting
    ]  # fmt: skip
    columns = ("answer", "payment", "payer", "claim", "paid", "state", "likeliest")
    put_table("Answers that wait for a person", columns, rows, right="answer paid")
    if answer is None:
        return
    (one,) = waiting
    click.echo("\n".join(finding.message for finding in one.findings))
    table = [
        (
            c.control_number,
            c.score,
            dollars(c.charge),
            dollars(c.open),
            "; ".join(f"{why} +{n}" for why, n in c.reasons),
        )
        for c in found[one.id]
    ]
    put_table(
        "Claims that it may be meant for", ("claim", "score", "charge", "open", "why"), table, right="score charge open"
    )


@click.command("assign")
@_ANSWER
@click.argument("claim")
@click.option(
    "--paid-before",
    type=click.Choice(["add", "instead"]),
    default="add",
    show_default=True,
    help="Where the payer has paid the claim before: add to that, or post instead of it.",
)
@session_options
@json_option
def assign(session: Session, answer: int, claim: str, paid_before: str, as_json: bool) -> None:
    """Post an answer that waits onto a claim, line by line, out of suspense.

    \b
    superbill remit assign 12 A1007P1 --db practice.db
    """
    from superbill.app.remits.actions import assign_answer

    insist: Any = paid_before
    outcome = assign_answer(session.actor, answer, claim, on=session.today, at=session.at, insist=insist)
    _put_outcome(answer, claim, outcome.state, as_json)


@click.command("post-lines")
@_ANSWER
@click.argument("claim")
@click.argument("lines", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@session_options
@json_option
def post_lines(session: Session, answer: int, claim: str, lines: Path, as_json: bool) -> None:
    """Post an answer that waits onto lines of a claim as a CSV file says: line,paid,group,reason,amount.

    A line with several adjustments has several rows; `paid` stands in one of them. The payments must add up to the
    answer's.

    \b
    superbill remit post-lines 12 A1007P1 lines.csv --db practice.db
    """
    from superbill.app.remits.actions import post_by_hand

    spread = tuple(_read_lines(lines))
    outcome = post_by_hand(session.actor, answer, claim, spread, on=session.today, at=session.at)
    _put_outcome(answer, claim, outcome.state, as_json)


def _read_lines(path: Path) -> Iterator[LineMoney]:
    paid: dict[str, int] = {}
    adjustments: dict[str, list[Adjustment]] = {}
    with path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        if missing := {"line", "paid"} - set(reader.fieldnames or ()):
            raise BadInput(f"{path}: has no column {min(missing)}. Give line,paid,group,reason,amount.")
        for number, row in enumerate(reader, 2):
            key = (row["line"] or "").strip()
            try:
                paid[key] = paid.get(key, 0) + parse_dollars(row["paid"] or "0")
                if amount := parse_dollars(row.get("amount") or "0"):
                    why = Adjustment((row.get("group") or "").strip(), (row.get("reason") or "").strip(), amount)
                    adjustments.setdefault(key, []).append(why)
            except MoneyError as error:
                raise BadInput(f"{path}, row {number}: {error}.") from None
            if not key:
                raise BadInput(f"{path}, row {number}: names no line. Give its key, as superbill ledger show has it.")
    for key, amount in paid.items():
        yield LineMoney(line=key, paid=amount, adjustments=tuple(adjustments.get(key, ())))


@click.command("set-aside")
@_ANSWER
@_WHY
@session_options
@json_option
def set_aside(session: Session, answer: int, why: str, as_json: bool) -> None:
    """Leave an answer that waits alone for now. Its money stays in suspense.

    \b
    superbill remit set-aside 12 --why "the payer calls back" --db practice.db
    """
    from superbill.app.remits.actions import set_answer_aside

    set_answer_aside(session.actor, answer, why, at=session.at)
    _put_move(answer, "set aside", f"Answer {answer} is set aside.", as_json)


@click.command("return")
@_ANSWER
@click.option("--why", default="", help="The reason, when it is decided.")
@click.option("--sent", "reference", default="", help="It has gone out: the number of the check or transfer.")
@session_options
@json_option
def return_money(session: Session, answer: int, why: str, reference: str, as_json: bool) -> None:
    """Send the money of an answer back to its payer: first decided (--why), then sent (--sent).

    \b
    superbill remit return 12 --why "another practice's patient" --db practice.db
    superbill remit return 12 --sent "check 1077" --db practice.db
    """
    from superbill.app.remits.actions import record_sent_back, send_back

    if not why and not reference:
        raise BadInput("Say --why it goes back, or by what it was --sent.")
    if why:
        send_back(session.actor, answer, why, at=session.at)
    if reference:
        record_sent_back(session.actor, answer, reference, on=session.today, at=session.at)
    done = f"sent back, {reference}" if reference else "a refund to its payer is due"
    _put_move(answer, "sent back" if reference else "refund due", f"Answer {answer}: {done}.", as_json)


@click.command("reopen")
@_ANSWER
@session_options
@json_option
def reopen(session: Session, answer: int, as_json: bool) -> None:
    """Take back that an answer was set aside, or that its money goes or went back.

    \b
    superbill remit reopen 12 --db practice.db
    """
    from superbill.app.remits.actions import reopen_answer

    reopen_answer(session.actor, answer, on=session.today, at=session.at)
    _put_move(answer, "open", f"Answer {answer} waits among the exceptions again.", as_json)


def _put_outcome(answer: int, claim: str, state: str, as_json: bool) -> None:
    if as_json:
        put_json({"answer": answer, "claim": claim, "outcome": state})
    else:
        say(f"Answer {answer} is posted on {claim}: {state.replace('_', ' ')}.")


def _put_move(answer: int, state: str, said: str, as_json: bool) -> None:
    if as_json:
        put_json({"answer": answer, "state": state})
    else:
        say(said)
