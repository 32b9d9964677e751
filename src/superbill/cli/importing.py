"""`superbill import`: charts into a database."""

from pathlib import Path

import click

from superbill.app.session import Session
from superbill.cli.output import json_option, put_findings, put_json, put_table, stages
from superbill.cli.session import new_session_options
from superbill.findings import errors


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--shift-dates", "shift_days", type=int, default=0, help="Move all dates by this many days.")
@new_session_options
@json_option
def command(paths: tuple[Path, ...], shift_days: int, session: Session, as_json: bool) -> None:
    """Read charts from FHIR R4 files (bundles, ndjson, plain or .gz) or Synthea CSV; files or folders.

    Reading the same files again adds nothing. Exit 1: something could not be read; the rest was imported.

    \b
    superbill import charts/ --db practice.db --site site.toml
    """
    from superbill.app.path.importing import import_files

    with stages(quiet=as_json) as bars:
        counts, report = import_files(session, paths, shift_days, bars)
    findings = [*report.findings, *counts.findings]
    if as_json:
        put_json({"counts": counts, "read": report, "findings": findings})
    else:
        rows = (
            ("patients", counts.patients_new, counts.patients_changed, counts.patients_same),
            ("encounters", counts.encounters_new, counts.encounters_changed, counts.encounters_same),
        )
        put_table("Imported", ("", "new", "changed", "same"), rows, right="new changed same")
        read = sorted(report.resources.items())
        put_table("Read", ("resource", "count"), read, right="count")
        left = sorted(report.ignored.items())
        put_table("Left (of no use for billing)", ("resource", "count"), left, right="count")
        put_findings(findings)
    raise SystemExit(1 if errors(findings) else 0)
