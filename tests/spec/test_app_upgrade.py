"""A database that an earlier release wrote is brought up to date with everything in it, and guarded as before.

A statement that the earlier release made for a patient is, after the upgrade, its guarantor's, line by line.
"""

import re
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from tests.app_samples import AT, TODAY
from tests.cli_runs import main

from superbill.app import boot
from superbill.app.accounts.actors import system_actor
from superbill.app.audit.actions import record_reading
from superbill.app.audit.chain import verify
from superbill.app.audit.models import AuditEvent
from superbill.app.billing.actions import post
from superbill.app.billing.models import ENTRY_ID_STEP, JournalEntry, Posting
from superbill.app.doctor import examine
from superbill.app.doctor.database import GUARDS
from superbill.app.documents import content_key, encoded
from superbill.app.guarantors.queries import cards
from superbill.app.statements.models import Statement, StatementPatient
from superbill.app.statements.planning import plans
from superbill.app.statements.queries import asked_lines
from superbill.chart.model import Chart, CoverageRecord, EncounterRecord, PatientRecord, PersonName, SubscriberRecord
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry
from superbill.ledger.entry import Posting as Move

# An upgrade takes longer than everything that is asked of it: one process makes it, once on each database.
pytestmark = pytest.mark.xdist_group("upgrade")

# The last migrations of the release before patient accounting.
BEFORE = {
    "accounts": "0002_auditors",
    "audit": "0002_append_only",
    "authorizations": "0001_initial",
    "billing": "0003_posting_by_account",
    "claims": "0002_overrides",
    "coding": "0002_audits",
    "eligibility": "0001_initial",
    "encounters": "0001_initial",
    "favourites": "0001_initial",
    "patients": "0001_initial",
    "practices": "0001_initial",
    "remits": "0001_initial",
    "rules": "0001_initial",
    "web": "0001_initial",
}


# As that release wrote them: no number, no hash. One has a name that is no ASCII, one nothing to tell, one an odd time.
EVENTS = [
    (7, "Zoë", "read", "claim", 3, AT, '{"ids": [3]}'),
    (8, "system", "import charts", "patient", None, AT, ""),
    (7, "system", "import charts", "patient", 1, AT + timedelta(microseconds=1), '{"new": 1}'),
    (7, "system", "import charts", "patient", 1, AT + timedelta(microseconds=1), '{"new": 1}'),
    (8, "bob", "read", "claim", 4, AT + timedelta(days=1), "{}"),
]

# Of the practice that had made a statement: the child whose mother it is for.
DAY = date(2026, 9, 1)
FAMILY_PRACTICE, ADA = 6, 60
CHILD = Chart(
    patient=PatientRecord(id="k1", name=PersonName("Okafor", ("Ada",)), birth_date=date(2015, 5, 1)),
    coverages=(
        CoverageRecord(
            id="c", payer="x", relationship="child",
            subscriber=SubscriberRecord(name=PersonName("Okafor", ("Ngozi",)), birth_date=date(1986, 4, 2)),
        ),
    ),
)  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def blank(request):
    maker = request.getfixturevalue("sqlite_files" if request.param == "sqlite" else "postgres_server")
    with maker.blank() as address:
        yield address


@pytest.fixture(scope="module")
def upgraded(blank):
    """A database of the release before with an entry in the journal of one practice, events in the trails of two that
    were written in turn, and a statement of another, opened by this one."""
    with pytest.MonkeyPatch.context() as before:
        before.setattr(boot, "_migrate", _as_before)
        boot.connect(blank)
    _with_a_statement()
    with transaction.atomic(), connection.cursor() as cursor:
        for practice in (7, 8, 9):
            names = [practice, f"p{practice}", f"Practice {practice}"]
            cursor.execute("INSERT INTO practices_practice (id, key, name) VALUES (%s, %s, %s)", names)
        cursor.execute("INSERT INTO practices_counter (practice_id, name, value) VALUES (7, 'journal', 1)")
        entry = 7 * ENTRY_ID_STEP + 1
        for account, amount in (("cash", 1200), ("unapplied", -1200)):
            cursor.execute(
                "INSERT INTO billing_posting (practice_id, entry_id, account, amount, payer, reason_group, reason_code,"
                " remarks) VALUES (7, %s, %s, %s, 'patient:1', '', '', '')",
                [entry, account, amount],
            )
        cursor.execute(
            'INSERT INTO billing_journalentry (practice_id, id, number, key, kind, "on", source, memo, actor,'
            " posted_at) VALUES (7, %s, 1, 'patient-payment:k', 'patient payment', '2026-09-01', '', '', 'system', %s)",
            [entry, connection.ops.adapt_datetimefield_value(AT)],
        )
        for practice, *told in EVENTS:
            cursor.execute(
                "INSERT INTO audit_auditevent (practice_id, actor, action, subject_kind, subject_id, at, detail)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                [practice, *told[:4], connection.ops.adapt_datetimefield_value(told[4]), told[5]],
            )
    boot.connect(blank)
    return system_actor(7)


def _with_a_statement() -> None:
    """Two lines of a child's visit (20.00 and 5.00 owed), 3.00 on account, a statement over 22.00, then 4.00 more."""
    apps = MigrationExecutor(connections["default"]).loader.project_state(list(BEFORE.items())).apps

    def make(app, model, **values):
        return apps.get_model(app, model)._base_manager.create(**values)

    with transaction.atomic():
        practice = make("practices", "Practice", id=FAMILY_PRACTICE, key="lakeside", name="Lakeside")
        for name in ("journal", "statement"):
            make("practices", "Counter", practice=practice, name=name, value=4 if name == "journal" else 1)
        patient = make("patients", "PatientRow", id=ADA, practice=practice, source_id="k1", family="Okafor",
                       given="Ada", birth_date=CHILD.patient.birth_date, doc=encoded(CHILD))  # fmt: skip
        doc = encoded(EncounterRecord(id="e1", start=AT.replace(month=9, day=1)))
        visit = make("encounters", "EncounterRow", practice=practice, patient=patient, source_id="e1",
                     account_number="A1001", date_of_service=DAY, state="imported", doc=doc,
                     content_hash=content_key(doc))  # fmt: skip
        lines = [
            make("billing", "ChargeLine", practice=practice, encounter=visit, patient=patient, key=f"A1001-{number}",
                 number=number, code="99213", charge=amount, service_start=DAY, service_end=DAY)
            for number, amount in ((1, 20_00), (2, 9_00))
        ]  # fmt: skip
        owed = [("patient", 20_00, lines[0]), ("charges", -20_00, lines[0])]
        part = [("patient", 5_00, lines[1]), ("insurance", 4_00, lines[1]), ("charges", -9_00, lines[1])]
        more = [("patient", 4_00, lines[1]), ("insurance", -4_00, lines[1])]
        paid = [("cash", 3_00, None), ("unapplied", -3_00, None)]
        told = [("charge", owed), ("charge", part), ("patient payment", paid), ("transfer", more)]
        for number, (kind, moves) in enumerate(told, 1):
            entry = FAMILY_PRACTICE * ENTRY_ID_STEP + number
            for account, amount, line in moves:
                make("billing", "Posting", practice=practice, entry_id=entry, account=account, amount=amount, line=line,
                     payer=f"patient:{patient.pk}" if line is None else "")  # fmt: skip
            make("billing", "JournalEntry", practice=practice, id=entry, number=number, key=f"e{number}", kind=kind,
                 on=DAY, actor="system", posted_at=AT)  # fmt: skip
        for line, charge in zip(lines, (20_00, 9_00), strict=True):
            make("billing", "LineBalance", practice=practice, line=line, charge=charge, patient=charge)
        make("billing", "Statement", practice=practice, patient=patient, number=1, on=DAY, amount=22_00, through=3,
             doc="{}")  # fmt: skip


def _as_before(db: str) -> None:
    there = connections["default"]
    executor = MigrationExecutor(there)
    django = [node for node in executor.loader.graph.leaf_nodes() if node[0] in ("auth", "contenttypes", "sessions")]
    there.disable_constraint_checking()
    with transaction.atomic():
        executor.migrate([*BEFORE.items(), *django])
    there.enable_constraint_checking()


def test_what_was_on_the_books_is_on_them(upgraded):
    postings = upgraded.scope.rows(Posting).order_by("-amount").values_list("account", "amount", "payer")
    assert list(postings) == [("cash", 1200, "patient:1"), ("unapplied", -1200, "patient:1")]
    assert examine(upgraded.scope).findings == ()


def test_accounts_that_are_new_take_money(upgraded):
    moves = (Move(account=Account.CAPITATION, amount=-5_00, payer="one"), Move(account=Account.CASH, amount=5_00))
    post(upgraded, [Entry(key="capitation", kind="provider adjustment", on=TODAY, postings=moves)], at=AT)
    assert upgraded.scope.rows(Posting).filter(account="capitation").count() == 1


@pytest.mark.parametrize("model", [JournalEntry, Posting], ids=lambda model: model.__name__)
def test_the_journal_is_guarded_as_before(upgraded, model):
    with connection.cursor() as cursor:
        for change in (f"UPDATE {model._meta.db_table} SET practice_id = 8", f"DELETE FROM {model._meta.db_table}"):
            with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
                cursor.execute(change)
    assert set(GUARDS[connection.vendor]) <= _triggers()


def _triggers() -> set[str]:
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    with connection.cursor() as cursor:
        cursor.execute(names[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def test_a_trail_from_before_the_chain_is_chained_in_its_order(upgraded):
    for practice in (7, 8, 9):
        scope = system_actor(practice).scope
        old = [told[1:] for told in EVENTS if told[0] == practice]
        columns = ("actor", "action", "subject_kind", "subject_id", "at", "detail")
        there = list(scope.rows(AuditEvent).order_by("number").values_list("number", *columns))[: len(old)]
        assert there == [(number, *told) for number, told in enumerate(old, 1)]
        assert (proof := verify(scope)).broken is None
        assert proof.count == scope.rows(AuditEvent).count() >= len(old)


def test_a_trail_from_before_goes_on_and_is_guarded(upgraded, blank):
    before = verify(upgraded.scope).count
    record_reading(upgraded, "claim", [5], at=AT)
    table, number = AuditEvent._meta.db_table, f"AND number = {before}"
    for change in (f"UPDATE {table} SET actor = 'nobody'", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{change} WHERE practice_id = 7 {number}")
    assert (proof := verify(upgraded.scope)).broken is None
    assert proof.count == before + 1
    told = main("audit", "verify", "--db", blank, "--practice", "p7", "--json")
    boot.connect(blank)
    assert (told.code, told.data["head"]) == (0, f"{proof.count}:{proof.head}")


def test_a_statement_from_before_is_the_guarantors_and_asks_for_what_was_owed_then(upgraded):
    scope = system_actor(FAMILY_PRACTICE).scope
    row = scope.rows(Statement).get()
    assert (row.number, row.amount, row.through, row.due) == (1, 22_00, 3, date(2026, 10, 1))
    assert cards(scope, [row.guarantor_id])[row.guarantor_id].addressee == "Ngozi Okafor"
    assert [(one.key, one.amount) for one in asked_lines(scope, row.pk)] == [
        ("A1001-1", 20_00),
        ("A1001-2", 5_00),
    ]
    assert scope.rows(StatementPatient).get().unapplied == 3_00
    assert {finding.rule for finding in examine(scope).findings} <= {"doctor.document"}
    (plan,) = plans(scope, date(2026, 11, 1), 5_00, whoever=True)
    assert (plan.due.owed, plan.level, sum(one.past_due for one in plan.lines)) == (26_00, 1, 25_00)
    with connection.cursor() as cursor, pytest.raises(Exception, match="never changed"), transaction.atomic():
        cursor.execute("UPDATE statements_statement SET amount = 1")


_SHAPES = {
    "sqlite": (
        'SELECT m.name, c.name, c.type, c."notnull", c.dflt_value, c.pk FROM sqlite_master m'
        " JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')",
        'SELECT m.name, f."table", f."from", f."to" FROM sqlite_master m'
        " JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
    ),
    "postgresql": (
        "SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length"
        " FROM information_schema.columns WHERE table_schema = 'public'",
        # A table that moved to another room keeps the names of its keys.
        "SELECT tablename, regexp_replace(indexdef, 'INDEX \\S+ ON', 'ON') FROM pg_indexes WHERE schemaname = 'public'",
        "SELECT conrelid::regclass, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace",
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
        "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
    ),
}


# Django's own table, which nothing of ours uses: its ids are wider than its first migration made them.
_WIDER = ("auth_group_permissions", "id")


def _shape() -> list[set[tuple[object, ...]]]:
    shapes = []
    with connection.cursor() as cursor:
        for question in _SHAPES[connection.vendor]:
            cursor.execute(question)
            rows = (tuple(str(value) for value in row) for row in cursor.fetchall())
            shapes.append({row for row in rows if row[:2] != _WIDER})
        if connection.vendor == "sqlite":  # checks stand in the text of a table alone, in the order of its making
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
            shapes.append({(name, check) for name, sql in cursor.fetchall() for check in _CHECK.findall(sql)})
    return shapes


_CHECK = re.compile(r'CONSTRAINT "(\w+)" (?:CHECK|UNIQUE)')


def test_a_new_database_has_the_tables_that_all_migrations_leave(upgraded, blank, request):
    migrated, applied = _shape(), _applied()
    maker = request.getfixturevalue("sqlite_files" if connection.vendor == "sqlite" else "postgres_server")
    with maker.fresh() as address:
        boot.connect(address)
        assert [made ^ left for made, left in zip(_shape(), migrated, strict=True)] == [set() for _ in migrated]
        assert _applied() == applied
    boot.connect(blank)


def _applied() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())
