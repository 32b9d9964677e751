"""Audits of coding: samples, what was drawn, and what a second coder made of it."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install

STEPS = ["second", "reconciled"]
WHAT = "an audit of coding"


class Migration(migrations.Migration):
    dependencies = [("coding", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AuditRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("auditor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("known", models.IntegerField()),
                ("drawn", models.IntegerField()),
                ("doc", models.TextField()),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("practice", "number"), name="coding_audit_once")],
            },
        ),
        migrations.CreateModel(
            name="AuditItemRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("doc", models.TextField()),
                ("audit", models.ForeignKey(on_delete=PROTECT, related_name="+", to="coding.auditrow")),
                ("encounter", models.ForeignKey(on_delete=PROTECT, related_name="+", to="encounters.encounterrow")),
                ("first", models.ForeignKey(on_delete=PROTECT, related_name="+", to="coding.codingrow")),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "first"), name="coding_audited_once"),
                    models.UniqueConstraint(fields=("audit", "encounter"), name="coding_audit_visit_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditStepRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(choices=[(step, step) for step in STEPS], max_length=16)),
                ("auditor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("doc", models.TextField()),
                ("item", models.ForeignKey(on_delete=PROTECT, related_name="+", to="coding.audititemrow")),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("item", "step"), name="coding_audit_step_once"),
                    models.CheckConstraint(condition=models.Q(("step__in", STEPS)), name="coding_audit_step"),
                ],
            },
        ),
        install(
            [
                ("append only", "coding_auditrow", WHAT),
                ("append only", "coding_audititemrow", WHAT),
                ("append only", "coding_auditsteprow", WHAT),
            ]
        ),
    ]
