"""The SQL by which a database itself keeps the journal and the audit trail: only ever added to, always balanced.

SQLite: postings go in first (their foreign key waits for the commit), then the entry, which is refused unless its
postings add up to zero; an entry that is there takes no more. PostgreSQL: the same, and a deferred constraint trigger
that looks again at commit. The insert triggers refuse a row that is already there too, because INSERT OR REPLACE
would otherwise slip past the delete triggers of a SQLite connection opened without `recursive_triggers`.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.special import RunPython

REFUSAL = "superbill: {what} is never changed or deleted"
LATE = "superbill: a journal entry takes no postings once it is written"
UNBALANCED = "superbill: a journal entry needs two postings or more that add up to zero"


def append_only_sql(vendor: str, table: str, what: str) -> list[str]:
    """Statements that make `table` refuse UPDATE, DELETE, REPLACE and (PostgreSQL) TRUNCATE."""
    message = REFUSAL.format(what=what).replace("'", "''")
    if vendor == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        there = f"EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)"  # noqa: S608  # our own table names
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN {there} {refuse}",
        ]
    return [
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_refuse()",
    ]


def balanced_sql(vendor: str, entry: str, posting: str) -> list[str]:
    """Statements that refuse an unbalanced entry, and a posting for an entry that is already there."""
    if vendor == "sqlite":
        sums = f"SELECT COUNT(*) >= 2 AND SUM(amount) = 0 FROM {posting} WHERE entry_id = NEW.id"  # noqa: S608  # our own names
        there = f"EXISTS (SELECT 1 FROM {entry} WHERE id = NEW.entry_id)"  # noqa: S608  # our own names
        return [
            f"CREATE TRIGGER {entry}_balanced BEFORE INSERT ON {entry} WHEN NOT ({sums}) "
            f"BEGIN SELECT RAISE(ABORT, '{UNBALANCED}'); END",
            f"CREATE TRIGGER {posting}_not_late BEFORE INSERT ON {posting} WHEN {there} "
            f"BEGIN SELECT RAISE(ABORT, '{LATE}'); END",
        ]
    violation = "USING ERRCODE = 'integrity_constraint_violation'"
    return [
        f"CREATE FUNCTION {posting}_not_late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608  # our own names
        f"IF EXISTS (SELECT 1 FROM {entry} WHERE id = NEW.entry_id) THEN "
        f"RAISE EXCEPTION '{LATE}' {violation}; END IF; RETURN NEW; END $$",
        f"CREATE TRIGGER {posting}_not_late BEFORE INSERT ON {posting} "
        f"FOR EACH ROW EXECUTE FUNCTION {posting}_not_late()",
        _pg_balanced(entry, "NEW.id", posting, violation),
        _pg_balanced(posting, "NEW.entry_id", posting, violation),
        f"CREATE CONSTRAINT TRIGGER {entry}_balanced AFTER INSERT ON {entry} DEFERRABLE INITIALLY DEFERRED "
        f"FOR EACH ROW EXECUTE FUNCTION {entry}_balanced()",
        f"CREATE CONSTRAINT TRIGGER {posting}_balanced AFTER INSERT ON {posting} DEFERRABLE INITIALLY DEFERRED "
        f"FOR EACH ROW EXECUTE FUNCTION {posting}_balanced()",
    ]


def _pg_balanced(table: str, entry_id: str, posting: str, violation: str) -> str:
    return (
        f"CREATE FUNCTION {table}_balanced() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608  # our own names
        f"IF NOT (SELECT COUNT(*) >= 2 AND SUM(amount) = 0 FROM {posting} WHERE entry_id = {entry_id}) THEN "
        f"RAISE EXCEPTION '{UNBALANCED}' {violation}; END IF; RETURN NULL; END $$"
    )


def removal_sql(table: str) -> list[str]:
    """Statements that take the triggers of `append_only_sql` and `balanced_sql` off a SQLite table."""
    names = ("no_update", "no_delete", "no_replace", "balanced", "not_late")
    return [f"DROP TRIGGER IF EXISTS {table}_{name}" for name in names]


class Guard(RunPython):
    """A migration operation that sets or lifts triggers. It looks at no state of the models, so a new database, whose
    tables are made at once (`new_database`), runs it as it stands."""


def lift(tables: list[str]) -> Guard:
    """A migration operation before one that SQLite carries out by writing a table anew, which its triggers refuse.

    PostgreSQL alters a table in place and keeps its triggers. `put_back` follows in the same migration.
    """

    def forwards(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            for table in tables:
                for statement in removal_sql(table):
                    editor.execute(statement)

    return Guard(forwards)


def put_back(make: list[tuple[str, ...]]) -> Guard:
    """A migration operation: the triggers that `lift` took off SQLite's tables, named as for `install`."""
    installed = install(make)

    def forwards(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "sqlite":
            installed.code(apps, editor)  # type: ignore[arg-type]  # `install` looks at the editor alone

    return Guard(forwards)


def install(make: list[tuple[str, ...]]) -> Guard:
    """A migration operation: ("append only", table, what) and ("balanced", entry table, posting table)."""

    def forwards(_apps: object, editor: BaseDatabaseSchemaEditor) -> None:
        vendor = editor.connection.vendor
        for kind, *names in make:
            statements = append_only_sql if kind == "append only" else balanced_sql
            for statement in statements(vendor, *names):
                editor.execute(statement)

    return Guard(forwards)
