"""The export itself: one consistent view of the practice, whole or not at all."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Max

from superbill import __version__
from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow
from superbill.app.billing.models import JournalEntry
from superbill.app.practices.models import Practice
from superbill.app.reports.export.files import ExportUnusable, Format, must_have_parquet, write_table
from superbill.app.reports.export.manifest import (
    MANIFEST,
    SCHEMA,
    VERSION,
    ExportedFile,
    Manifest,
    sha256_of,
    write_json,
)
from superbill.app.reports.export.tables import Table, described, models_of_a_practice
from superbill.app.reports.view import one_view
from superbill.app.work import action

_PART = ".part"
_CHUNK = 2000


def export(
    actor: Actor,
    folder: Path,
    form: Format,
    *,
    at: datetime,
    told: Callable[[str, int], None] = lambda _table, _rows: None,
) -> Manifest:
    """Write every table of the practice, history included, into `folder`, which must not be there yet.

    Files are written beside it first and the folder appears when all is there: a run that is stopped leaves a
    folder "….part", which the next run replaces. `told` hears of each table. The audit trail says that somebody took
    the data out before the first row is read. Raises ExportUnusable, NotPermitted.
    """
    if form == "parquet":
        must_have_parquet()
    if folder.exists():
        raise ExportUnusable(f"{folder}: is there already. Name a new folder; an export is never written over another.")
    with action(actor, Permission.EXPORT, "export everything", at) as work:
        work.note("export", form=form)
    part = folder.with_name(folder.name + _PART)
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700, parents=True)  # patients' data: for nobody else's eyes
        with one_view():
            manifest = _written(actor, part, form, at, told)
        _durable(part)
        part.rename(folder)
        _sync(folder.parent)
    except BaseException as error:
        shutil.rmtree(part, ignore_errors=True)
        if isinstance(error, OSError):
            why = error.strerror or str(error)
            raise ExportUnusable(f"{folder}: {why}. Nothing was exported; mend it and run again.") from None
        raise
    return manifest


def _written(actor: Actor, part: Path, form: Format, at: datetime, told: Callable[[str, int], None]) -> Manifest:
    scope = actor.must(Permission.EXPORT)
    tables: list[Table] = []
    files: list[ExportedFile] = []
    for model in models_of_a_practice():
        table = described(model)
        path = part / f"{table.name}.{form}"
        rows = write_table(path, table, _rows(scope, model), form)
        files.append(ExportedFile(table.name, path.name, rows, path.stat().st_size, sha256_of(path)))
        tables.append(table)
        told(table.name, rows)
    practice = Practice.objects.get(pk=scope.practice_id)
    write_json(part / SCHEMA, tables)
    manifest = Manifest(
        version=VERSION,
        program=f"superbill {__version__}",
        practice=practice.key,
        name=practice.name,
        at=at,
        form=form,
        entries=scope.rows(JournalEntry).aggregate(last=Max("number"))["last"] or 0,
        files=tuple(files),
        schema_sha256=sha256_of(part / SCHEMA),
    )
    write_json(part / MANIFEST, manifest)
    return manifest


def _rows(scope: Scope, model: type[PracticeRow]) -> Iterator[tuple[Any, ...]]:
    names = [field.attname for field in model._meta.concrete_fields]
    return iter(scope.rows(model).order_by("pk").values_list(*names).iterator(chunk_size=_CHUNK))


def _durable(folder: Path) -> None:
    for path in folder.iterdir():
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
