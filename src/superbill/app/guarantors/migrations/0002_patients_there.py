"""Who pays for the patients that are there already, as their charts tell."""

from datetime import UTC, datetime
from typing import Any

from django.db import migrations

CHUNK = 1000


def derive(apps: Any, editor: Any) -> None:
    """As an import of their charts would have done."""
    from superbill.app.accounts.actors import Scope, system_actor
    from superbill.app.documents import decoded
    from superbill.app.guarantors.storing import derive_guarantors
    from superbill.app.work import Work
    from superbill.chart.model import Chart

    patients = apps.get_model("patients", "PatientRow")
    for (practice,) in apps.get_model("practices", "Practice").objects.values_list("id"):
        work = Work(system_actor(practice), Scope(practice), "derive guarantors", datetime.now(UTC))
        last = 0
        while rows := list(
            patients._base_manager.filter(practice_id=practice, pk__gt=last)
            .order_by("pk")
            .values_list("pk", "doc")[:CHUNK]
        ):
            last = rows[-1][0]
            derive_guarantors(work, {row_id: decoded(doc, Chart, f"patient {row_id}") for row_id, doc in rows})
    if editor.connection.vendor == "postgresql":
        # Foreign keys of these rows are checked now: a table with checks to come can't be altered later on.
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [("guarantors", "0001_initial")]
    operations = [migrations.RunPython(derive, migrations.RunPython.noop)]
