"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("patients", "0001_initial"),
        ("practices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="EncounterRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source_id", models.CharField(max_length=128)),
                ("account_number", models.CharField(max_length=20)),
                ("date_of_service", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("imported", "imported"),
                            ("coded", "coded"),
                            ("not_billable", "not_billable"),
                            ("held", "held"),
                            ("billed", "billed"),
                        ],
                        default="imported",
                        max_length=16,
                    ),
                ),
                ("doc", models.TextField()),
                ("content_hash", models.CharField(max_length=64)),
                ("coded", models.TextField(default="")),
                ("findings", models.TextField(default="[]")),
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
            ],
            options={
                "indexes": [models.Index(fields=["practice", "state", "id"], name="encounter_by_state")],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "patient", "source_id"), name="encounter_once"),
                    models.UniqueConstraint(fields=("practice", "account_number"), name="encounter_account_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["imported", "coded", "not_billable", "held", "billed"])),
                        name="encounter_state",
                    ),
                ],
            },
        ),
    ]
