"""`superbill coding train`: learn from what the practice's coders accepted and refused."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from superbill.app.session import BadInput, Session
from superbill.cli.codesets import open_store, store_option
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import session_options

if TYPE_CHECKING:
    from superbill.coding.learned.practising import Measured

LEAST = 50


@click.command("train")
@click.option(
    "--least", type=click.IntRange(10), default=LEAST, show_default=True, help="Decided visits that it takes."
)
@click.option("--anyway", is_flag=True, help="Keep the model even where it does worse on held-out visits.")
@click.option("--dry-run", is_flag=True, help="Measure only; keep nothing.")
@store_option
@session_options
@json_option
def train(session: Session, folder: Path, least: int, anyway: bool, dry_run: bool, as_json: bool) -> None:
    """Learn which conditions of a note this practice reports, from what its coders accepted and refused.

    It leaves out suggestions that are mostly refused here and adds none. First it measures itself: five times it
    learns from four fifths of the decided visits and suggests for the others. The model is kept as
    PRACTICE.acceptance.json beside the database (beside the site file for PostgreSQL) and used by superbill code from
    then on; remove the file to stop. The same decisions give the same file. Exit 1 when it is not kept because it does
    worse on held-out visits.

    \b
    superbill coding train --db practice.db
    superbill coding train --dry-run --json --db practice.db
    """
    from superbill.app.path.files import write_whole
    from superbill.app.path.training import model_path, taught
    from superbill.coding.learned.acceptance import train as trained
    from superbill.coding.learned.practising import encoded, examples, trial

    visits = list(taught(session, open_store(folder)))
    if len(visits) < least:
        raise BadInput(
            f"{len(visits)} visits with a note were decided on by a person; {least} at least are needed to learn from. "
            "Decide on more: superbill coding waiting."
        )
    try:
        measured = trial(visits)
        model = trained(examples(visits))
    except ValueError as reason:
        raise BadInput(f"The decisions teach nothing yet: {reason}.") from None
    better = measured.after.f >= measured.before.f
    path, kept = model_path(session), (better or anyway) and not dry_run
    if kept:
        write_whole(path, encoded(model, measured))
    if as_json:
        put_json({
            "visits": len(visits), "accepted": model.accepted, "refused": model.refused, "before": measured.before,
            "after": measured.after, "kept": kept, "path": str(path),
        })  # fmt: skip
    else:
        rows = [("rules", *_row(measured.before)), ("rules and what was learned", *_row(measured.after))]
        say(f"{len(visits)} visits, {model.accepted} mentions coded, {model.refused} left out", bold=True)
        columns = ("on held-out visits", "right", "suggested", "decided on", "F1")
        put_table("Categories of diagnoses", columns, rows, right="right suggested F1")
        say(_said(path, better=better, kept=kept, dry_run=dry_run))
    raise SystemExit(0 if better or kept else 1)


def _row(measured: "Measured") -> tuple[object, ...]:
    return measured.right, measured.reported, measured.decided, f"{measured.f:.3f}"


def _said(path: Path, *, better: bool, kept: bool, dry_run: bool) -> str:
    if kept:
        return f"Kept as {path}. superbill code uses it from now on; remove the file to stop."
    if dry_run and better:
        return "Nothing was kept: it was a dry run."
    return "It does worse on visits that it has not seen: nothing was kept. More decisions may help; --anyway keeps it."
