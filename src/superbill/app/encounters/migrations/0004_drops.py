"""Charts that are brought in by the browser: the files between their preview and their import."""

import django.db.models.deletion
from django.db import migrations, models


def _practice() -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practices.practice"
    )


class Migration(migrations.Migration):
    dependencies = [("encounters", "0003_imported"), ("practices", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="ChartDrop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("files", models.IntegerField()),
                ("size", models.BigIntegerField()),
                ("refused", models.TextField(default="[]")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting"), ("done", "done"), ("discarded", "discarded")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("since", models.DateTimeField()),
                ("looked", models.TextField(default="")),
                ("brought", models.TextField(default="")),
                ("practice", _practice()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "done", "discarded"])), name="chart_drop_state"
                    )
                ],
                "indexes": [models.Index(fields=["practice", "-id"], name="chart_drop_latest")],
            },
        ),
        migrations.CreateModel(
            name="ChartFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=240)),
                ("path", models.CharField(max_length=240)),
                ("digest", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("account", models.CharField(default="", max_length=20)),
                (
                    "drop",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="encounters.chartdrop"
                    ),
                ),
                ("practice", _practice()),
            ],
            options={"indexes": [models.Index(fields=["practice", "digest"], name="chart_file_digest")]},
        ),
    ]
