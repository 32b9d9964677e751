"""`superbill export`: everything that a practice has as CSV or Parquet, and the proof that it is all there."""

from pathlib import Path

import click

from superbill.app.session import Books
from superbill.cli.output import json_option, put_json, put_table, say, stages
from superbill.cli.session import books_options


@click.group("export")
def command() -> None:
    """Everything that the practice has, history included, as files; and the proof that it is all there."""


@command.command("run")
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), required=True, help="A new folder.")
@click.option("--format", "form", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True)
@books_options
@json_option
def run(books: Books, folder: Path, form: str, as_json: bool) -> None:
    """Write every table with its history: journal, claims and their versions, remittances, statements, tasks, audit.

    A file per table, schema.json (columns, units, references), manifest.json (rows and SHA-256 of each file). Money
    is in cents. One consistent view, whole or not at all. The audit trail says that it was taken.

    \b
    superbill export run --db practice.db -o export-2026-11
    superbill export run --db practice.db -o export-2026-11 --format parquet
    """
    from superbill.app.reports.export.run import export
    from superbill.app.reports.export.tables import models_of_a_practice

    with stages(quiet=as_json) as bars:
        bars.start("tables", len(models_of_a_practice()))
        manifest = export(books.actor, folder, form, at=books.at, told=lambda _table, _rows: bars.step("tables"))  # type: ignore[arg-type]  # click has checked the choice
    if as_json:
        put_json({"folder": str(folder), "manifest": manifest})
        return
    rows = [(file.file, f"{file.rows:,}", f"{file.bytes:,}") for file in manifest.files if file.rows]
    put_table(f"{folder}, through entry {manifest.entries:,}", ("file", "rows", "bytes"), rows, right="rows bytes")
    click.echo(f"Patients' data is in it. Prove that it is whole: superbill export verify {folder}")


@command.command("verify")
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
def verify(folder: Path, as_json: bool) -> None:
    """Read an export back, without the database: hashes, rows, and the books made once more from its journal.

    Exit 1 when anything differs.

    \b
    superbill export verify export-2026-11
    """
    from superbill.app.boot import prepare

    prepare()
    from superbill.app.reports.export.verify import verify as read_back

    found = read_back(folder)
    if as_json:
        put_json({"differences": found.differences, "rows": found.rows, "entries": found.entries, "lines": found.lines})
    else:
        for difference in found.differences[:40]:
            say(f"✗ {difference}")
        click.echo(
            f"{found.rows:,} rows, {found.entries:,} entries, balances of {found.lines:,} lines: "
            f"{len(found.differences):,} differences"
        )
    raise SystemExit(1 if found.differences else 0)
