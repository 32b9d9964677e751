"""The tables of a new database, made at once as the models are, with what every migration would have left there.

Going through the migrations one by one takes seconds, because Django builds all models anew at each. An empty database
has nothing to migrate: a test holds that both ways end in the same tables.
"""

from typing import Any

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from superbill.app.triggers import Guard


def is_new() -> bool:
    """Whether the database has no table at all."""
    return not connection.introspection.table_names()


def make_tables(executor: MigrationExecutor) -> None:
    """Make every table, its guards, and the record that all migrations are applied. Inside a transaction."""
    emit_pre_migrate_signal(0, False, connection.alias)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    with connection.schema_editor(atomic=False) as editor:
        editor.create_model(MigrationRecorder.Migration)
        for model in _models():
            editor.create_model(model)
        for statement in editor.deferred_sql:
            editor.execute(statement)
        editor.deferred_sql.clear()
        for migration, _ in plan:
            for operation in migration.operations:
                if isinstance(operation, Guard):
                    operation.code(apps, editor)  # type: ignore[arg-type]  # it looks at the editor alone
    recorder = MigrationRecorder(connection)
    for migration, _ in plan:
        recorder.record_applied(migration.app_label, migration.name)
    emit_post_migrate_signal(0, False, connection.alias)


def _models() -> list[Any]:
    """Every model with a table, in the order of the apps; many-to-many tables come with their model."""
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]
