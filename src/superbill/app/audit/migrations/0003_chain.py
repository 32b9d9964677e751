"""Every event carries the hash of the one before it; those that are there are chained in their order."""

from typing import Any

from django.db import migrations, models

from superbill.app.triggers import lift, put_back

_GUARDED = ("append only", "audit_auditevent", "the audit trail")


def _open(editor: Any, *, opened: bool) -> None:
    """PostgreSQL keeps its triggers while a table is altered, and would refuse to number what is there."""
    if editor.connection.vendor == "postgresql":
        how = "DISABLE" if opened else "ENABLE"
        editor.execute(f"ALTER TABLE audit_auditevent {how} TRIGGER audit_auditevent_no_change")


def chain_what_is_there(apps: Any, editor: Any) -> None:
    """Number and hash the events of each practice in the order in which they were written."""
    from superbill.app.audit.chain import COUNTER, START, Event, digest
    from superbill.app.rows import update

    model, counter = apps.get_model("audit", "AuditEvent"), apps.get_model("practices", "Counter")
    _open(editor, opened=True)
    columns = ("pk", "actor", "action", "subject_kind", "subject_id", "at", "detail")
    for practice in model.objects.order_by().values_list("practice_id", flat=True).distinct():
        number, previous, rows = 0, START, []
        there = model.objects.filter(practice_id=practice).order_by("pk").values_list(*columns)
        for pk, *content in there.iterator(chunk_size=2000):
            number += 1
            made = digest(number, previous, Event(practice, *content))
            rows.append((number, previous, made, pk))
            previous = made
            if len(rows) >= 5000:
                update(model, ("number", "previous", "hash"), rows)
                rows = []
        update(model, ("number", "previous", "hash"), rows)
        counter.objects.update_or_create(practice_id=practice, name=COUNTER, defaults={"value": number})
    _open(editor, opened=False)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only"), ("practices", "0002_policy")]
    operations = [
        lift(["audit_auditevent"]),
        migrations.AddField("auditevent", "number", models.BigIntegerField(null=True)),
        migrations.AddField("auditevent", "previous", models.CharField(max_length=64, null=True)),
        migrations.AddField("auditevent", "hash", models.CharField(max_length=64, null=True)),
        migrations.RunPython(chain_what_is_there, migrations.RunPython.noop),
        migrations.AlterField("auditevent", "number", models.BigIntegerField()),
        migrations.AlterField("auditevent", "previous", models.CharField(max_length=64)),
        migrations.AlterField("auditevent", "hash", models.CharField(max_length=64)),
        migrations.AddConstraint(
            "auditevent", models.UniqueConstraint(fields=["practice", "number"], name="audit_number")
        ),
        migrations.AddIndex("auditevent", models.Index(fields=["practice", "actor", "number"], name="audit_by_actor")),
        put_back([_GUARDED]),
    ]
