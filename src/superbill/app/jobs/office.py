"""Jobs of the whole office: everything as files, and the tasks made anew."""

import shutil

from superbill.app.jobs.kinds import Outcome, Running
from superbill.app.reports.export.run import export
from superbill.app.reports.export.tables import models_of_a_practice
from superbill.app.worklists.actions import refresh


def export_all(work: Running) -> Outcome:
    """Every table of the practice with its history, as one ZIP file. `form`: csv or parquet."""
    form = work.arguments.get("form", "csv")
    work.stages.start("tables", len(models_of_a_practice()))
    work.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{work.practice.key}-{work.today}"
    out = work.folder / name
    manifest = export(work.actor, out, form, at=work.at, told=lambda _table, _rows: work.stages.step("tables"))
    work.stages.start("packing", None)
    packed = shutil.make_archive(str(out), "zip", root_dir=work.folder, base_dir=name)
    shutil.rmtree(out)
    rows = sum(file.rows for file in manifest.files)
    return Outcome(
        f"{rows:,} rows of {len(manifest.files):,} tables, to entry {manifest.entries:,}. Patients' data is in it.",
        file=packed.rpartition("/")[2],
    )


def all_tasks(work: Running) -> Outcome:
    """The tasks that the facts of today ask for."""
    work.stages.start("tasks", None)
    found = refresh(work.actor, work.today, at=work.at)
    return Outcome(
        f"{found.opened:,} tasks opened, {found.reopened:,} opened again, {found.closed:,} closed.", result="today"
    )
