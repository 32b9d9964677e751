"""Sums of the journal by day, for the months of key figures. They are filled by the next job that keeps receivables."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import PROTECT


def _practice() -> models.ForeignKey:  # type: ignore[type-arg]  # a migration's field has no model yet
    return models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice")


def _key() -> models.BigAutoField:  # type: ignore[type-arg]  # as above
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("practices", "0001_initial"), ("reports", "0002_costs")]

    operations = [
        migrations.CreateModel(
            name="DaySum",
            fields=[
                ("id", _key()),
                ("basis", models.CharField(max_length=8)),
                ("day", models.IntegerField()),
                ("kind", models.CharField(default="", max_length=24)),
                ("account", models.CharField(max_length=16)),
                ("sign", models.SmallIntegerField(default=0)),
                ("patients", models.BooleanField(default=False)),
                ("loose", models.BooleanField(default=False)),
                ("early", models.BooleanField(default=False)),
                ("amount", models.BigIntegerField()),
                ("postings", models.BigIntegerField()),
                ("lag", models.BigIntegerField(default=0)),
                ("practice", _practice()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["practice", "basis", "day", "kind", "account", "sign", "patients", "loose", "early"],
                        name="day_sum_once",
                    ),
                    models.CheckConstraint(condition=Q(postings__gt=0), name="day_sum_of_something"),
                ]
            },
        ),
        migrations.CreateModel(
            name="SumsThrough",
            fields=[("id", _key()), ("entry", models.BigIntegerField(default=0)), ("practice", _practice())],
            options={"constraints": [models.UniqueConstraint(fields=["practice"], name="sums_through_once")]},
        ),
    ]
