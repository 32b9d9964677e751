"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models

from superbill.app.triggers import install


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("practices", "0001_initial"),
        ("encounters", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="CodingRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("suggested", "suggested"),
                            ("coded", "coded"),
                            ("decided", "decided"),
                            ("second", "second"),
                        ],
                        max_length=16,
                    ),
                ),
                ("coder", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("release", models.CharField(default="", max_length=64)),
                ("doc", models.TextField()),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="encounters.encounterrow"
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
                "indexes": [
                    models.Index(fields=["practice", "at"], name="coding_by_time"),
                    models.Index(fields=["practice", "coder"], name="coding_by_coder"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "encounter", "number"), name="coding_once"),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["suggested", "coded", "decided", "second"])),
                        name="coding_purpose",
                    ),
                ],
            },
        ),
        install([("append only", "coding_codingrow", "the history of coding")]),
    ]
