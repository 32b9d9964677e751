"""Spells: what stood with whom from when to when, derived from the journal."""

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.deletion import PROTECT


def _practice() -> models.ForeignKey:  # type: ignore[type-arg]  # a migration's field has no model yet
    return models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice")


def _key() -> models.BigAutoField:  # type: ignore[type-arg]  # as above
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    initial = True

    dependencies = [("billing", "0001_initial"), ("practices", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Spell",
            fields=[
                ("id", _key()),
                ("patient_id", models.BigIntegerField()),
                ("bill", models.CharField(max_length=30)),
                ("account", models.CharField(max_length=16)),
                ("payer", models.CharField(default="", max_length=80)),
                ("provider", models.CharField(default="", max_length=80)),
                ("location", models.CharField(default="", max_length=80)),
                ("service", models.IntegerField()),
                ("since", models.IntegerField()),
                ("begins", models.IntegerField()),
                ("ends", models.IntegerField()),
                ("amount", models.BigIntegerField()),
                ("line", models.ForeignKey(on_delete=PROTECT, related_name="+", to="billing.chargeline")),
                ("practice", _practice()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=Q(begins__lt=F("ends")), name="spell_lasts"),
                    models.CheckConstraint(condition=~Q(amount=0), name="spell_holds_something"),
                ],
                "indexes": [
                    models.Index(
                        fields=["practice", "ends", "begins", "account", "payer", "service", "since", "amount"],
                        name="spell_on_a_day",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpellsThrough",
            fields=[
                ("id", _key()),
                ("entry", models.BigIntegerField(default=0)),
                ("audit", models.BigIntegerField(default=0)),
                ("practice", _practice()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=["practice"], name="spells_through_once")]},
        ),
    ]
