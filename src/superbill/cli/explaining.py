"""Why something is owed, on the terminal: each line from its charge to today, step by step."""

from typing import TYPE_CHECKING

import click

from superbill.app.session import Books
from superbill.cli.output import put_json, put_table, say
from superbill.money import dollars

if TYPE_CHECKING:
    from superbill.forms.statement import Explanation, LineStory


def names_of_payers(books: Books) -> dict[str, str]:
    """The names that patients know, by the payers' keys; none without a site file."""
    return {one.key: one.name for one in books.known_site.payers} if books.known_site else {}


def put_explanation(found: "Explanation", *, as_json: bool) -> None:
    """The stories of the lines, and what is due after money on account."""
    if as_json:
        put_json({"lines": found.lines, "unapplied": found.unapplied, "owed": found.owed, "due": found.due})
        return
    for story in found.lines:
        _put_story(story)
        click.echo()
    if found.unapplied:
        click.echo(f"{dollars(found.unapplied)} of money on account is taken off.")
    say(f"Due: {dollars(found.due)}", bold=True)


def _put_story(story: "LineStory") -> None:
    owed = f": {dollars(story.line.owed)} owed" if story.line.owed else ""
    title = f"{story.on} {story.line.label} ({story.key}){', ' + story.patient if story.patient else ''}{owed}"
    rows = [(step.on, step.said, dollars(step.with_insurance), dollars(step.owed)) for step in story.steps]
    put_table(title, ("date", "what happened", "with insurance", "yours"), rows, right="insurance yours")
    for why in story.line.why:
        say(f"  {dollars(why.amount)}{'' if why.owed else ' not owed'}: {why.text}")
