"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("claims", "0001_initial"),
        ("practices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="RemittanceRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payer_key", models.CharField(max_length=64)),
                ("trace_number", models.CharField(max_length=64)),
                ("originator_id", models.CharField(max_length=32)),
                ("content_key", models.CharField(max_length=64)),
                ("source", models.CharField(max_length=160)),
                ("payment_amount", models.BigIntegerField()),
                ("payment_date", models.DateField()),
                ("doc", models.TextField()),
                ("state", models.CharField(choices=[("posted", "posted"), ("held", "held")], max_length=16)),
                ("findings", models.TextField(default="[]")),
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
                    "received_file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="claims.receivedfile",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "source"], name="remittance_by_source")],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "content_key"), name="remittance_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "posted")),
                        fields=("practice", "originator_id", "trace_number"),
                        name="remittance_trace_posted_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["posted", "held"])), name="remittance_state"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RemittanceClaimRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.IntegerField()),
                ("control_number", models.CharField(max_length=38)),
                ("status", models.CharField(max_length=2)),
                ("payer_control_number", models.CharField(default="", max_length=50)),
                ("charge", models.BigIntegerField()),
                ("paid", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("posted", "posted"), ("held", "held"), ("unmatched", "unmatched")], max_length=16
                    ),
                ),
                ("outcome", models.CharField(max_length=16)),
                ("bill_next", models.BooleanField(default=False)),
                ("findings", models.TextField(default="[]")),
                (
                    "claim",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.claimrow"
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
                    "remittance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="remits.remittancerow"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("remittance", "position"), name="remittance_claim_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["posted", "held", "unmatched"])),
                        name="remittance_claim_state",
                    ),
                ],
            },
        ),
    ]
