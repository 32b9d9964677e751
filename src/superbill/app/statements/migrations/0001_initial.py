"""The table of statements, as it came from the billing room."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("billing", "0006_statements_move"),
        ("patients", "0001_initial"),
        ("practices", "0002_policy"),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Statement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("number", models.BigIntegerField()),
                        ("on", models.DateField()),
                        ("amount", models.BigIntegerField()),
                        ("through", models.BigIntegerField()),
                        ("doc", models.TextField()),
                        (
                            "patient",
                            models.ForeignKey(
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
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("practice", "number"), name="statement_number_once"),
                            models.UniqueConstraint(fields=("practice", "patient", "on"), name="statement_once_a_day"),
                        ],
                    },
                )
            ]
        )
    ]
