"""Guarantors, and for whom they pay."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("patients", "0001_initial"),
        ("practices", "0002_policy"),
    ]

    operations = [
        migrations.CreateModel(
            name="Guarantor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("identity", models.CharField(max_length=200)),
                ("family", models.CharField(max_length=120)),
                ("given", models.CharField(default="", max_length=120)),
                ("doc", models.TextField()),
                ("corrected", models.TextField(default="")),
                (
                    "patient",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="patients.patientrow",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practices.practice",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Guarantee",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("basis", models.CharField(max_length=16)),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("decided", models.BooleanField(default=False)),
                ("reason", models.CharField(default="", max_length=500)),
                ("actor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("replaced", models.DateTimeField(null=True)),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="patients.patientrow"
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="practices.practice",
                    ),
                ),
                (
                    "guarantor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="guarantors.guarantor"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="guarantor",
            index=models.Index(fields=["practice", "family", "given"], name="guarantor_by_name"),
        ),
        migrations.AddConstraint(
            model_name="guarantor",
            constraint=models.UniqueConstraint(fields=("practice", "identity"), name="guarantor_once"),
        ),
        migrations.AddConstraint(
            model_name="guarantor",
            constraint=models.UniqueConstraint(
                condition=models.Q(("patient__isnull", False)),
                fields=("practice", "patient"),
                name="guarantor_patient_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since__isnull", True), ("until__isnull", True), ("until__gt", models.F("since")), _connector="OR"
                ),
                name="guarantee_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="guarantee",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided", False), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="guarantee_reason",
            ),
        ),
    ]
