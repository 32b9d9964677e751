"""Statements that are there already: their guarantor, what they asked for by line, and the money on account in them."""

from datetime import timedelta
from typing import Any

from django.db import migrations
from django.db.models import Sum

DAYS_TO_PAY = 30  # what statements said until now


def tell(apps: Any, editor: Any) -> None:
    """Each statement's lines and money on account from the journal as it stood at its `through`."""
    from superbill.app.accounts.actors import Scope
    from superbill.app.guarantors.queries import guarantor_of

    statements = apps.get_model("statements", "Statement")._base_manager
    lines = apps.get_model("statements", "StatementLine")._base_manager
    patients = apps.get_model("statements", "StatementPatient")._base_manager
    postings = apps.get_model("billing", "Posting")._base_manager
    for row in statements.order_by("id"):
        before = postings.filter(practice_id=row.practice_id, entry__number__lte=row.through)
        owed = before.filter(account="patient", line__patient_id=row.patient_id).values_list("line_id").order_by()
        loose = before.filter(account="unapplied", payer=f"patient:{row.patient_id}")
        lines.bulk_create(
            lines.model(practice_id=row.practice_id, statement_id=row.pk, line_id=line, since=row.on, amount=amount)
            for line, amount in owed.annotate(total=Sum("amount"))
            if amount
        )
        patients.create(
            practice_id=row.practice_id, statement_id=row.pk, patient_id=row.patient_id,
            unapplied=-(loose.aggregate(total=Sum("amount"))["total"] or 0),
        )  # fmt: skip
        row.guarantor_id = guarantor_of(Scope(row.practice_id), [row.patient_id], row.on)[row.patient_id]
        row.due = row.on + timedelta(days=DAYS_TO_PAY)
        row.save(update_fields=["guarantor_id", "due"])
    if editor.connection.vendor == "postgresql":
        # Foreign keys of these rows are checked now: a table with checks to come can't be altered later on.
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("statements", "0002_guarantors"),
        ("guarantors", "0002_patients_there"),
        ("billing", "0006_statements_move"),
    ]
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
