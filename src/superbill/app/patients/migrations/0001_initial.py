"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("practices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PatientRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source_id", models.CharField(max_length=128)),
                ("family", models.CharField(max_length=120)),
                ("given", models.CharField(default="", max_length=120)),
                ("birth_date", models.DateField(null=True)),
                ("doc", models.TextField()),
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
                "indexes": [models.Index(fields=["practice", "family", "given"], name="patient_by_name")],
                "constraints": [models.UniqueConstraint(fields=("practice", "source_id"), name="patient_once")],
            },
        ),
    ]
