"""What finds patients, what they were before, their cards, and merges."""

from typing import Any

import django.db.models.deletion
import msgspec
from django.db import migrations, models

PRACTICE: dict[str, Any] = {
    "db_index": False,
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": "practices.practice",
}
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
PATIENT: dict[str, Any] = {
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": "patients.patientrow",
}


def fill(apps: Any, _schema_editor: Any) -> None:
    """The keys of every patient who is there already."""
    from superbill.app.patients.keys import write_keys
    from superbill.chart.model import Chart

    decoder = msgspec.json.Decoder(Chart)
    rows = apps.get_model("patients", "PatientRow")._base_manager
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", "practice_id", "doc")[:1000]):
        last = some[-1][0]
        for practice in sorted({row[1] for row in some}):
            write_keys(practice, {pk: decoder.decode(doc) for pk, owner, doc in some if owner == practice})


class Migration(migrations.Migration):
    dependencies = [("patients", "0001_initial")]

    operations = [
        *(
            migrations.AddField("patientrow", name, field)
            for name, field in (
                ("version", models.IntegerField(default=1)),
                ("changed_by", models.CharField(default="", max_length=150)),
                ("changed_at", models.DateTimeField(null=True)),
                ("changed_why", models.CharField(default="", max_length=200)),
                ("imported", models.TextField(default="")),
                ("merged_into", models.ForeignKey(null=True, **PATIENT)),
            )
        ),
        migrations.CreateModel(
            name="PatientVersion",
            fields=[
                ID,
                ("number", models.IntegerField()),
                ("doc", models.TextField()),
                ("by", models.CharField(default="", max_length=150)),
                ("at", models.DateTimeField(null=True)),
                ("why", models.CharField(default="", max_length=200)),
                ("patient", models.ForeignKey(**PATIENT)),
                ("practice", models.ForeignKey(**PRACTICE)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("patient", "number"), name="patient_version_once")]
            },
        ),
        migrations.CreateModel(
            name="PatientKey",
            fields=[
                ID,
                ("key", models.CharField(max_length=90)),
                (
                    "patient",
                    models.ForeignKey(**(PATIENT | {"on_delete": django.db.models.deletion.CASCADE})),
                ),
                ("practice", models.ForeignKey(**PRACTICE)),
            ],
            options={"indexes": [models.Index(fields=["practice", "key", "patient"], name="patient_key")]},
        ),
        migrations.CreateModel(
            name="PatientWord",
            fields=[
                ID,
                ("word", models.CharField(max_length=80)),
                ("sound", models.CharField(max_length=20)),
                ("practice", models.ForeignKey(**PRACTICE)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("practice", "word"), name="patient_word_once")]},
        ),
        migrations.CreateModel(
            name="CardImage",
            fields=[
                ID,
                ("coverage", models.CharField(max_length=128)),
                ("side", models.CharField(choices=[("front", "front"), ("back", "back")], max_length=5)),
                ("content", models.BinaryField()),
                ("width", models.IntegerField()),
                ("height", models.IntegerField()),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("replaced", models.DateTimeField(null=True)),
                ("patient", models.ForeignKey(**PATIENT)),
                ("practice", models.ForeignKey(**PRACTICE)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("side__in", ["front", "back"])), name="card_side")
                ],
                "indexes": [models.Index(fields=["practice", "patient"], name="card_by_patient")],
            },
        ),
        migrations.CreateModel(
            name="PatientMerge",
            fields=[
                ID,
                ("doc", models.TextField()),
                ("reason", models.CharField(max_length=200)),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("undone_by", models.CharField(default="", max_length=150)),
                ("undone_at", models.DateTimeField(null=True)),
                ("kept", models.ForeignKey(**PATIENT)),
                ("gone", models.ForeignKey(**PATIENT)),
                ("practice", models.ForeignKey(**PRACTICE)),
            ],
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
