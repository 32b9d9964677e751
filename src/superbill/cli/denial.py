"""`superbill denial`: what payers refused, why, by when it can be worked, and every way on but the appeal."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, get_args

import click

from superbill.app.session import BadInput, Books
from superbill.cli import denial_ways
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import books_options
from superbill.denials.handbook import Cause, categories, cause_of
from superbill.denials.model import Denial, State
from superbill.denials.prevention import rules_for
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.denials.model import Step

STATES: tuple[str, ...] = get_args(State)


@click.group("denial")
def command() -> None:
    """Work what payers refused: list, explain, correct, give up, bill the patient."""


command.add_command(denial_ways.correct)
command.add_command(denial_ways.tell)
command.add_command(denial_ways.write_off)
command.add_command(denial_ways.bill_patient)


@command.command("list")
@click.option("--payer", default="", help="Only this payer (its key).")
@click.option("--category", type=click.Choice(tuple(categories())), help="Only causes of this kind.")
@click.option("--state", "states", type=click.Choice(STATES), multiple=True, help="Only these states.")
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, help="At most so many; 0 is all.")
@books_options
@json_option
def show_all(
    books: Books, payer: str, category: str | None, states: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """Refused claims, the most worthwhile first: dollars × chance of recovery × urgency.

    --json shows each factor, where it comes from, and both deadlines.

    \b
    superbill denial list --db practice.db
    superbill denial list --db practice.db --category authorization --state open --json
    """
    found = [one for one in _denials(books, payer) if _asked_for(one, category, states)]
    shown = found[:limit] if limit else found
    if as_json:
        total = sum(one.refusal.amount for one in found)
        put_json({"total": len(found), "amount": total, "denials": [facts(one) for one in shown]})
        return
    rows = [
        (
            one.refusal.control_number or one.refusal.account,
            books.payer_name(one.refusal.payer),
            one.cause.name,
            one.cause.category.title,
            dollars(one.refusal.amount),
            f"{one.rank.chance:.0%}",
            one.deadline.days_left if one.deadline else "",
            f"{one.rank.score / 100:,.0f}",
            one.route.replace("_", " "),
            one.state.replace("_", " "),
        )
        for one in shown
    ]
    columns = ("claim", "payer", "reason", "kind", "refused", "chance", "days", "rank", "way", "state")
    put_table("Denials", columns, rows, right="refused chance days rank")
    if len(found) > len(shown):
        click.echo(f"… and {len(found) - len(shown):,} more: --limit 0 shows all")


def _asked_for(one: Denial, category: str | None, states: tuple[str, ...]) -> bool:
    kinds = {line.cause.category.key for line in one.refusal.lines}
    return (category is None or category in kinds) and (not states or one.state in states)


def _denials(books: Books, payer: str = "") -> list[Denial]:
    from superbill.app.denials.queries import denials

    return denials(books.scope, books.today, payer=payer)


@command.command("show")
@click.argument("number", metavar="CONTROL")
@books_options
@json_option
def show(books: Books, number: str, as_json: bool) -> None:
    """One refused claim: its lines and causes, what mends them, the deadlines, the rank, and all that was done.

    \b
    superbill denial show A1001P1 --db practice.db
    """
    from superbill.app.denials.queries import denial

    one = denial(books.scope, number, books.today)
    if one is None:
        raise BadInput(f"{number}: nothing of this claim stands refused. See superbill denial list.")
    if as_json:
        put_json(facts(one))
        return
    say(f"{one.refusal.control_number}: {dollars(one.refusal.amount)} refused by {books.payer_name(one.refusal.payer)}")
    for cause in _once(line.cause for line in one.refusal.lines):
        _put_cause(cause)
    lines = [
        (line.service, "-".join((line.code, *line.modifiers)), line.cause.name, dollars(line.amount), line.since)
        for line in one.refusal.lines
    ]
    put_table("Lines", ("service", "code", "reason", "refused", "since"), lines, right="refused")
    for deadline in (one.correct_by, one.appeal_by):
        if deadline:
            left = f"{-deadline.days_left} days ago" if deadline.passed else f"{deadline.days_left} days left"
            click.echo(f"{deadline.what}: by {deadline.last_day} ({left}); {deadline.source}")
    click.echo(f"Rank: {one.rank.formula}")
    for version in one.refusal.versions:
        click.echo(f"Version {version.control_number}, frequency {version.frequency}: {version.state}")
    for step in one.refusal.steps:
        say(f"{step.on}  {_told(step)}  ({step.by})")


def _told(step: "Step") -> str:
    words = [step.kind.replace("_", " "), step.level_name, step.outcome, step.text]
    return ", ".join(word for word in words if word)


def _once(causes: Iterable[Cause]) -> list[Cause]:
    return list({(cause.name, cause.remarks): cause for cause in causes}.values())


def _put_cause(cause: Cause) -> None:
    say(f"{', '.join((cause.name, *cause.remarks))}: {cause.code_says}", bold=True)
    click.echo(f"  Cause:   {cause.cause}")
    click.echo(f"  Whose:   {cause.task.replace('_', ' ')}; way: {cause.route.replace('_', ' ')}")
    click.echo(f"  Mend:    {cause.mend}")
    click.echo(f"  Patient: {cause.patient_text}")


@command.command("explain")
@click.argument("code", metavar="CARC")
@click.argument("remarks", metavar="[RARC]…", nargs=-1)
@click.option(
    "--group", default="CO", show_default=True, type=click.Choice(["CO", "OA", "PI", "PR"]), help="Group code."
)
@json_option
def explain(code: str, remarks: tuple[str, ...], group: str, as_json: bool) -> None:
    """What an adjustment reason with its remarks means, whose task it is, what mends it. Needs no database.

    \b
    superbill denial explain 16 M51
    superbill denial explain 50 N115 --group CO
    """
    from superbill.denials.handbook import known_codes

    if code not in known_codes():
        raise BadInput(
            f"{code}: no claim adjustment reason code on file. Give a CARC such as 50, and its RARCs after it."
        )
    cause = cause_of(group, code, remarks)
    rules = rules_for(code, remarks)
    if as_json:
        put_json({**_cause(cause), "rules": rules})
        return
    _put_cause(cause)
    if rules:
        click.echo(f"  Edits that look for it: {', '.join(rules)}")


@command.command("causes")
@click.option("--payer", default="", help="Only this payer (its key).")
@books_options
@json_option
def causes(books: Books, payer: str, as_json: bool) -> None:
    """What stands refused, by cause, with its dollars and what it is likely to bring.

    \b
    superbill denial causes --db practice.db
    """
    from superbill.app.denials.queries import by_cause

    rows = by_cause(_denials(books, payer))
    if as_json:
        put_json({"causes": rows})
        return
    table = [
        (
            row.title,
            row.reason,
            row.says,
            row.claims,
            dollars(row.amount),
            dollars(row.expected),
            row.route.replace("_", " "),
        )
        for row in rows
    ]
    columns = ("kind", "reason", "meaning", "claims", "refused", "expected", "way")
    put_table("Causes", columns, table, right="claims refused expected")


@command.command("prevent")
@click.option("--payer", default="", help="Only this payer (its key).")
@books_options
@json_option
def prevent(books: Books, payer: str, as_json: bool) -> None:
    """By cause: which of our own edits look for it, and on how many of these claims one had spoken.

    \b
    superbill denial prevent --db practice.db
    """
    from superbill.app.denials.queries import prevention

    rows = prevention(books.scope, _denials(books, payer))
    if as_json:
        put_json({"causes": rows})
        return
    table = [
        (
            row.reason,
            row.says,
            row.claims,
            dollars(row.amount),
            row.warned,
            " ".join(row.warned_by or row.rules) or "none",
        )
        for row in rows
    ]
    put_table(
        "Prevention",
        ("reason", "meaning", "claims", "refused", "warned", "edits"),
        table,
        right="claims refused warned",
    )


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "reason": cause.name,
        "remarks": cause.remarks,
        "means": cause.code_says,
        "category": cause.category.key,
        "cause": cause.cause,
        "task": cause.task,
        "route": cause.route,
        "mend": cause.mend,
        "patient_text": cause.patient_text,
    }


def facts(one: Denial) -> dict[str, Any]:
    """A denial for machines: every factor of its rank, every deadline, every line with its cause."""
    refusal = one.refusal
    return {
        "control_number": refusal.control_number,
        "payer_control_number": refusal.payer_control_number,
        "payer": refusal.payer,
        "account": refusal.account,
        "amount": refusal.amount,
        "since": refusal.since,
        "state": one.state,
        "answer_due": one.answer_due,
        **_cause(one.cause),
        "rank": {
            "score": one.rank.score,
            "amount": one.rank.amount,
            "chance": round(one.rank.chance, 6),
            "estimate": one.rank.estimate,
            "resolved": one.rank.resolved,
            "won": one.rank.won,
            "urgency": round(one.rank.urgency, 6),
            "days_left": one.rank.days_left,
            "formula": one.rank.formula,
        },
        "level": one.level,
        "level_number": one.level_number,
        "appeal_by": one.appeal_by,
        "correct_by": one.correct_by,
        "lines": [
            {"key": line.key, "code": line.code, "modifiers": line.modifiers, "service": line.service,
             "charge": line.charge, "amount": line.amount, "since": line.since, **_cause(line.cause)}
            for line in refusal.lines
        ],
        "versions": refusal.versions,
        "steps": refusal.steps,
    }  # fmt: skip
