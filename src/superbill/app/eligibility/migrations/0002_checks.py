"""Questions with their answers, and estimates as they were given."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
PATIENT: dict[str, Any] = {
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": "patients.patientrow",
}
PRACTICE: dict[str, Any] = {
    "db_index": False,
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
    "to": "practices.practice",
}
KINDS = [("share", "share"), ("good_faith", "good_faith")]


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0001_initial"), ("patients", "0002_register")]

    operations = [
        migrations.CreateModel(
            name="CoverageCheck",
            fields=[
                ID,
                ("coverage", models.CharField(max_length=128)),
                ("payer_key", models.CharField(max_length=64)),
                ("number", models.BigIntegerField()),
                ("on", models.DateField()),
                ("active", models.BooleanField(null=True)),
                ("doc", models.TextField()),
                ("question", models.TextField()),
                ("answer", models.TextField()),
                ("simulated", models.BooleanField(default=False)),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("patient", models.ForeignKey(**PATIENT)),
                ("practice", models.ForeignKey(**PRACTICE)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("practice", "number"), name="coverage_check_once")],
                "indexes": [models.Index(fields=["practice", "patient"], name="coverage_check_by_patient")],
            },
        ),
        migrations.CreateModel(
            name="EstimateRow",
            fields=[
                ID,
                ("number", models.BigIntegerField()),
                ("kind", models.CharField(choices=KINDS, max_length=12)),
                ("issued", models.DateField()),
                ("scheduled", models.DateField(null=True)),
                ("amount", models.BigIntegerField()),
                ("doc", models.TextField()),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("patient", models.ForeignKey(**PATIENT)),
                ("practice", models.ForeignKey(**PRACTICE)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["share", "good_faith"])), name="estimate_kind"
                    ),
                    models.UniqueConstraint(fields=("practice", "number"), name="estimate_once"),
                ],
                "indexes": [models.Index(fields=["practice", "patient"], name="estimate_by_patient")],
            },
        ),
    ]
