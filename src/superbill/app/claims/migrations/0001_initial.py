"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("encounters", "0001_initial"),
        ("practices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Batch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=8)),
                ("payer_key", models.CharField(max_length=64)),
                ("receiver", models.CharField(default="", max_length=80)),
                ("interchange_control_number", models.BigIntegerField()),
                ("group_control_number", models.BigIntegerField()),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("created", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("prepared", "prepared"),
                            ("sent", "sent"),
                            ("acknowledged", "acknowledged"),
                            ("rejected", "rejected"),
                        ],
                        default="prepared",
                        max_length=16,
                    ),
                ),
                ("claim_count", models.IntegerField()),
                ("charge", models.BigIntegerField()),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "interchange_control_number"), name="batch_interchange_once"
                    ),
                    models.UniqueConstraint(fields=("practice", "group_control_number"), name="batch_group_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["prepared", "sent", "acknowledged", "rejected"])),
                        name="batch_state",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClaimRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("control_number", models.CharField(max_length=20)),
                ("payer_key", models.CharField(max_length=64)),
                ("payer_id", models.CharField(max_length=80)),
                ("next_payer_key", models.CharField(default="", max_length=64)),
                ("responsibility", models.CharField(max_length=1)),
                ("version", models.IntegerField(default=1)),
                ("frequency", models.CharField(default="1", max_length=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("held", "held"),
                            ("ready", "ready"),
                            ("sent", "sent"),
                            ("accepted", "accepted"),
                            ("rejected", "rejected"),
                            ("paid", "paid"),
                            ("partly_denied", "partly_denied"),
                            ("denied", "denied"),
                            ("reversed", "reversed"),
                        ],
                        max_length=16,
                    ),
                ),
                ("state_since", models.DateTimeField()),
                ("doc", models.TextField()),
                ("charge", models.BigIntegerField()),
                ("service_start", models.DateField()),
                ("findings", models.TextField(default="[]")),
                ("rejected_once", models.BooleanField(default=False)),
                ("payer_control_number", models.CharField(default="", max_length=50)),
                (
                    "batch",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.batch"
                    ),
                ),
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
                (
                    "replaces",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="claims.claimrow"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["practice", "state", "payer_key", "service_start"], name="claim_by_state"),
                    models.Index(fields=["practice", "payer_control_number"], name="claim_by_payer_number"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "control_number"), name="claim_control_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "held",
                                    "ready",
                                    "sent",
                                    "accepted",
                                    "rejected",
                                    "paid",
                                    "partly_denied",
                                    "denied",
                                    "reversed",
                                ],
                            )
                        ),
                        name="claim_state",
                    ),
                    models.CheckConstraint(condition=models.Q(("charge__gte", 0)), name="claim_charge_not_negative"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReceivedFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(default="", max_length=8)),
                ("received_at", models.DateTimeField()),
                ("content", models.BinaryField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("received", "received"), ("processed", "processed"), ("held", "held")],
                        default="received",
                        max_length=16,
                    ),
                ),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "sha256"), name="received_file_once"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["received", "processed", "held"])),
                        name="received_file_outcome",
                    ),
                ],
            },
        ),
    ]
