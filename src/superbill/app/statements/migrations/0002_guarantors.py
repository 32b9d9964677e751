"""Statements by guarantor: their lines, patients, runs, holds, deliveries, and consent to their channel."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0006_statements_move"),
        ("guarantors", "0002_patients_there"),
        ("patients", "0001_initial"),
        ("practices", "0002_policy"),
        ("statements", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="statement",
            name="due",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="statement",
            name="guarantor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="guarantors.guarantor"
            ),
        ),
        migrations.AddField(
            model_name="statement",
            name="level",
            field=models.SmallIntegerField(default=0),
        ),
        migrations.CreateModel(
            name="StatementRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=150)),
                ("made", models.IntegerField()),
                ("amount", models.BigIntegerField()),
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
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("letter", "letter"), ("email", "email"), ("portal", "portal")], max_length=8
                    ),
                ),
                ("address", models.CharField(default="", max_length=254)),
                ("how", models.CharField(max_length=200)),
                ("given", models.DateField()),
                ("actor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("withdrawn", models.DateField(null=True)),
                ("withdrawn_by", models.CharField(default="", max_length=150)),
                (
                    "guarantor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="guarantors.guarantor"
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
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["letter", "email", "portal"])), name="consent_channel"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn__isnull", True)),
                        fields=("guarantor", "channel"),
                        name="consent_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[("letter", "letter"), ("email", "email"), ("portal", "portal")], max_length=8
                    ),
                ),
                (
                    "happened",
                    models.CharField(
                        choices=[("queued", "queued"), ("sent", "sent"), ("returned", "returned")], max_length=8
                    ),
                ),
                ("on", models.DateField()),
                ("file", models.CharField(default="", max_length=120)),
                ("reason", models.CharField(default="", max_length=500)),
                ("actor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
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
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="statements.statement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("channel__in", ["letter", "email", "portal"])), name="delivery_channel"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("happened__in", ["queued", "sent", "returned"])), name="delivery_happened"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("dispute", "dispute"),
                            ("workers compensation", "workers compensation"),
                            ("bankruptcy", "bankruptcy"),
                            ("deceased", "deceased"),
                            ("in appeal", "in appeal"),
                            ("payment plan", "payment plan"),
                            ("agency", "agency"),
                            ("returned mail", "returned mail"),
                            ("bad address", "bad address"),
                            ("insurance pending", "insurance pending"),
                            ("other", "other"),
                        ],
                        max_length=24,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("reason", models.CharField(max_length=500)),
                ("source", models.CharField(default="", max_length=80)),
                ("actor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("released", models.DateField(null=True)),
                ("released_by", models.CharField(default="", max_length=150)),
                ("released_why", models.CharField(default="", max_length=500)),
                (
                    "guarantor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="guarantors.guarantor",
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.chargeline",
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
                "indexes": [models.Index(fields=["practice", "released"], name="hold_by_release")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "dispute",
                                    "workers compensation",
                                    "bankruptcy",
                                    "deceased",
                                    "in appeal",
                                    "payment plan",
                                    "agency",
                                    "returned mail",
                                    "bad address",
                                    "insurance pending",
                                    "other",
                                ],
                            )
                        ),
                        name="hold_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("guarantor__isnull", True), ("line__isnull", False)),
                            models.Q(("guarantor__isnull", False), ("line__isnull", True)),
                            _connector="OR",
                        ),
                        name="hold_of_one",
                    ),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="hold_reason"),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.SmallIntegerField(default=0)),
                ("since", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("held", models.CharField(default="", max_length=24)),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.chargeline"
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
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="statements.statement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("statement", "line", "level", "since"), name="statement_line_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StatementPatient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("unapplied", models.BigIntegerField(default=0)),
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
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="patients", to="statements.statement"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("statement", "patient"), name="statement_patient_once")
                ],
            },
        ),
    ]
