"""What a command says: tables for people, JSON for machines, progress on the error stream."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
import msgspec

from superbill.app.stages import Stages
from superbill.findings import Finding, Severity

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from superbill.claims.model import ClaimKind

# rich loads where a table or a bar is drawn: it takes as long as a whole look-up of a code.
WIDE = 220
MARKS = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFORMATION: "i", Severity.NOT_CHECKED: "?"}


# Charts and files come from elsewhere: what they say must not steer the reader's terminal.
_STEERING = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "·")


def plain(text: object) -> str:
    """`text` on one line, with a dot for each character that would steer a terminal."""
    return str(text).translate(_STEERING)


def say(text: object, **style: Any) -> None:
    """One line on standard output, plain but for `style` (bold, fg)."""
    click.secho(plain(text), **style)


def tell(text: object) -> None:
    """One line on the error stream: what goes on, for who watches."""
    click.echo(plain(text), err=True)


def json_option(command: Any) -> Any:
    """`--json`: one JSON document on standard output instead of tables."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON document instead of tables.")(command)


def put_json(data: Any) -> None:
    """`data` (structs, dataclasses, plain values) as indented JSON."""
    click.echo(msgspec.json.format(msgspec.json.encode(data, order="sorted"), indent=2))


def put_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: str = "") -> None:
    """A plain table; columns named in `right` (blank-separated) align right. Says so when there is no row."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column, justify="right" if column in right.split() else "left", overflow="fold")
    empty = True
    for row in rows:
        empty = False
        table.add_row(*(plain(cell) for cell in row))
    # Into a pipe or a file lines stay whole: what reads them there wants one row on one line.
    out = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else WIDE)
    if empty:
        out.print(f"{title}: none")
    else:
        out.print(table)


def put_findings(findings: Iterable[Finding], *, limit: int = 40, kind: "ClaimKind | None" = None) -> None:
    """Findings one a line, with mark, rule, place, message and fix; says how many more there are.

    `kind` of claim: the box or locator of its form and the place in the 837 are told too.
    """
    shown = list(findings)
    for finding in shown[:limit]:
        say(f"{MARKS[finding.severity]} {finding.rule}  {finding}{_on_form(finding, kind) if kind else ''}")
    if len(shown) > limit:
        click.echo(f"… and {len(shown) - limit:,} more (--json lists all)")


def _on_form(finding: Finding, kind: "ClaimKind") -> str:
    from superbill.claims.positions import position  # loads the claim documents

    where = str(position(finding.where, kind))
    return f"  [{where}]" if where else ""


class Bars(Stages):
    """A progress bar per stage."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def start(self, stage: str, total: int | None) -> None:
        """Show `stage`; `total` None when it is not known yet."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=total)

    def step(self, stage: str, done: int = 1, *, total: int | None = None) -> None:
        """`done` more of `stage`."""
        self.start(stage, total)
        self._progress.update(self._tasks[stage], total=total, advance=done)

    def finish(self, stage: str) -> None:
        """The bar is full."""
        if stage in self._tasks:
            task = next(task for task in self._progress.tasks if task.id == self._tasks[stage])
            self._progress.update(task.id, total=max(task.completed, 1), completed=max(task.completed, 1))


@contextmanager
def stages(*, quiet: bool = False) -> Iterator[Stages]:
    """Bars on the error stream while the block runs."""
    if quiet or not sys.stderr.isatty():
        yield Stages()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<12}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True, highlight=False)) as progress:
        yield Bars(progress)
