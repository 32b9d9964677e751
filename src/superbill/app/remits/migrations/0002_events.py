"""Payments in parts, voided and posted again; answers that people work on."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.migrations.operations.base import Operation

_STATES = ["posted", "held", "waiting", "part", "voided"]
_CLAIM_STATES = ["posted", "held", "unmatched", "set_aside", "to_return", "returned", "voided"]
_ORIGINS = ["835", "paper"]


def _among(model: str, field: str, values: list[str], name: str) -> Operation:
    check = models.CheckConstraint(condition=models.Q((f"{field}__in", values)), name=name)
    return migrations.AddConstraint(model, check)


def _choices(values: list[str]) -> list[tuple[str, str]]:
    return [(value, value) for value in values]


class Migration(migrations.Migration):
    dependencies = [("remits", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("remittancerow", "remittance_trace_posted_once"),
        migrations.RemoveConstraint("remittancerow", "remittance_state"),
        migrations.RemoveConstraint("remittanceclaimrow", "remittance_claim_state"),
        migrations.AddField(
            "remittancerow", "origin", models.CharField(choices=_choices(_ORIGINS), default="835", max_length=8)
        ),
        migrations.AddField("remittancerow", "application", models.IntegerField(default=1)),
        migrations.AddField(
            "remittancerow",
            "part_of",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="remits.remittancerow",
            ),
        ),
        migrations.AddField("remittancerow", "since", models.DateTimeField(null=True)),
        migrations.AlterField("remittancerow", "state", models.CharField(choices=_choices(_STATES), max_length=16)),
        migrations.AddField("remittanceclaimrow", "event", models.CharField(default="", max_length=32)),
        migrations.AddField("remittanceclaimrow", "step", models.IntegerField(default=1)),
        migrations.AddField("remittanceclaimrow", "state_before", models.CharField(default="", max_length=16)),
        migrations.AddField("remittanceclaimrow", "number_before", models.CharField(default="", max_length=50)),
        migrations.AddField("remittanceclaimrow", "why", models.CharField(default="", max_length=200)),
        migrations.AlterField(
            "remittanceclaimrow", "state", models.CharField(choices=_choices(_CLAIM_STATES), max_length=16)
        ),
        _among("remittancerow", "state", _STATES, "remittance_state"),
        _among("remittancerow", "origin", _ORIGINS, "remittance_origin"),
        _among("remittanceclaimrow", "state", _CLAIM_STATES, "remittance_claim_state"),
        migrations.AddConstraint(
            "remittancerow",
            models.UniqueConstraint(
                condition=models.Q(("state", "posted")),
                fields=("practice", "source"),
                name="remittance_source_posted_once",
            ),
        ),
        migrations.AddIndex(
            "remittancerow", models.Index(fields=["practice", "trace_number"], name="remittance_by_trace")
        ),
        migrations.AddIndex(
            "remittanceclaimrow",
            models.Index(
                condition=models.Q(("state__in", ("held", "unmatched", "set_aside", "to_return"))),
                fields=["practice", "state"],
                name="remittance_claim_open",
            ),
        ),
    ]
