"""`superbill ledger export`: the journal for the practice's general ledger."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from superbill.app.session import BadInput, Books, site_beside
from superbill.cli.output import json_option, put_json, tell
from superbill.cli.session import books_options

if TYPE_CHECKING:
    from superbill.ledger.export import GlChart

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("export")
@click.option("--from", "start", type=_DAY, required=True, help="The first day.")
@click.option("--to", "end", type=_DAY, required=True, help="The last day.")
@click.option("--format", "form", type=click.Choice(["csv", "beancount", "hledger"]), default="csv", show_default=True)
@click.option("--by", type=click.Choice(["day", "month"]), default="day", show_default=True, help="What a row sums up.")
@click.option(
    "--accounts",
    "chart",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The practice's own account numbers and names  [default: general_ledger.toml beside the database]",
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file  [default: what you see]")
@books_options
@json_option
def export(
    books: Books,
    start: datetime,
    end: datetime,
    form: str,
    by: Literal["day", "month"],
    chart: Path | None,
    output: Path | None,
    as_json: bool,
) -> None:
    """Sums by account and day as CSV, beancount or hledger text. Of closed days it is the same whenever it is made.

    \b
    superbill ledger export --from 2026-09-01 --to 2026-09-30 -o september.csv --db practice.db
    """
    from superbill.app.deposits.general_ledger import export_general_ledger
    from superbill.app.path.files import write_whole

    first, last = start.date(), end.date()
    if last < first:
        raise BadInput(f"--to {last} is before --from {first}.")
    made = export_general_ledger(
        books.actor,
        first,
        last,
        form=form,
        by=by,
        chart=_chart(chart or _beside(books)),
        practice=books.practice_name,
        at=books.at,
    )
    if output:
        write_whole(output, made.text.encode())
    if as_json:
        facts = {"periods": made.periods, "closed": made.closed, "file": str(output) if output else None}
        put_json(facts if output else {**facts, "text": made.text})
        return
    if output:
        click.echo(f"{output}: written, {made.periods:,} {by}s")
    else:
        click.echo(made.text, nl=False)
    if not made.closed:
        tell(f"Not every day to {last} is closed: the same export may say more later. See superbill close list.")


def _beside(books: Books) -> Path | None:
    path = site_beside(books.db).with_name("general_ledger.toml")
    return path if path.is_file() else None


def _chart(path: Path | None) -> "GlChart":
    from superbill.ledger.export import DEFAULT_CHART, read_chart

    if path is None:
        return DEFAULT_CHART
    try:
        return read_chart(path.read_text("utf-8"), str(path))
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is not UTF-8 text. Save it as UTF-8.") from None
