"""A statement that an earlier release made for a patient is, after the upgrade, its guarantor's, line by line."""

from datetime import date

import pytest
from django.db import connection, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from tests.app_samples import AT
from tests.spec.test_app_upgrade import BEFORE, _as_before

from superbill.app import boot
from superbill.app.accounts.actors import system_actor
from superbill.app.billing.models import ENTRY_ID_STEP
from superbill.app.doctor import examine
from superbill.app.documents import content_key, encoded
from superbill.app.guarantors.queries import cards
from superbill.app.statements.models import Statement, StatementPatient
from superbill.app.statements.planning import plans
from superbill.app.statements.queries import asked_lines
from superbill.chart.model import Chart, CoverageRecord, EncounterRecord, PatientRecord, PersonName, SubscriberRecord

DAY = date(2026, 9, 1)
CHILD = Chart(
    patient=PatientRecord(id="k1", name=PersonName("Okafor", ("Ada",)), birth_date=date(2015, 5, 1)),
    coverages=(
        CoverageRecord(
            id="c", payer="x", relationship="child",
            subscriber=SubscriberRecord(name=PersonName("Okafor", ("Ngozi",)), birth_date=date(1986, 4, 2)),
        ),
    ),
)  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def blank(request):
    maker = request.getfixturevalue("sqlite_files" if request.param == "sqlite" else "postgres_server")
    with maker.blank() as address:
        yield address


@pytest.fixture
def upgraded(blank):
    """Two lines of a child's visit (20.00 and 5.00 owed), 3.00 on account, a statement over 22.00, then 4.00 more."""
    with pytest.MonkeyPatch.context() as before:
        before.setattr(boot, "_migrate", _as_before)
        boot.connect(blank)
    apps = MigrationExecutor(connections["default"]).loader.project_state(list(BEFORE.items())).apps

    def make(app, model, **values):
        return apps.get_model(app, model)._base_manager.create(**values)

    with transaction.atomic():
        practice = make("practices", "Practice", id=7, key="lakeside", name="Lakeside")
        for name in ("journal", "statement"):
            make("practices", "Counter", practice=practice, name=name, value=4 if name == "journal" else 1)
        patient = make("patients", "PatientRow", practice=practice, source_id="k1", family="Okafor", given="Ada",
                       birth_date=CHILD.patient.birth_date, doc=encoded(CHILD))  # fmt: skip
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
            entry = 7 * ENTRY_ID_STEP + number
            for account, amount, line in moves:
                make("billing", "Posting", practice=practice, entry_id=entry, account=account, amount=amount, line=line,
                     payer=f"patient:{patient.pk}" if line is None else "")  # fmt: skip
            make("billing", "JournalEntry", practice=practice, id=entry, number=number, key=f"e{number}", kind=kind,
                 on=DAY, actor="system", posted_at=AT)  # fmt: skip
        for line, charge in zip(lines, (20_00, 9_00), strict=True):
            make("billing", "LineBalance", practice=practice, line=line, charge=charge, patient=charge)
        make("billing", "Statement", practice=practice, patient=patient, number=1, on=DAY, amount=22_00, through=3,
             doc="{}")  # fmt: skip
    boot.connect(blank)
    return system_actor(7)


def test_it_is_the_guarantors_and_asks_for_what_was_owed_then(upgraded):
    row = upgraded.scope.rows(Statement).get()
    assert (row.number, row.amount, row.through, row.due) == (1, 22_00, 3, date(2026, 10, 1))
    assert cards(upgraded.scope, [row.guarantor_id])[row.guarantor_id].addressee == "Ngozi Okafor"
    assert [(one.key, one.amount) for one in asked_lines(upgraded.scope, row.pk)] == [
        ("A1001-1", 20_00),
        ("A1001-2", 5_00),
    ]
    assert upgraded.scope.rows(StatementPatient).get().unapplied == 3_00
    assert {finding.rule for finding in examine(upgraded.scope).findings} <= {"doctor.document"}
    (plan,) = plans(upgraded.scope, date(2026, 11, 1), 5_00, whoever=True)
    assert (plan.due.owed, plan.level, sum(one.past_due for one in plan.lines)) == (26_00, 1, 25_00)
    with connection.cursor() as cursor, pytest.raises(Exception, match="never changed"), transaction.atomic():
        cursor.execute("UPDATE statements_statement SET amount = 1")
