"""The first tables."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("encounters", "0001_initial"),
        ("patients", "0001_initial"),
        ("practices", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="ChargeLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=30)),
                ("number", models.IntegerField()),
                ("code", models.CharField(max_length=12)),
                ("modifiers", models.CharField(default="", max_length=20)),
                ("units", models.CharField(default="1", max_length=20)),
                ("charge", models.BigIntegerField()),
                ("service_start", models.DateField()),
                ("service_end", models.DateField()),
                ("diagnoses", models.CharField(default="", max_length=120)),
                (
                    "encounter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="encounters.encounterrow"
                    ),
                ),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "key"), name="charge_line_once"),
                    models.UniqueConstraint(fields=("encounter", "number"), name="charge_line_number_once"),
                    models.CheckConstraint(condition=models.Q(("charge__gte", 0)), name="charge_line_not_negative"),
                    models.CheckConstraint(
                        condition=models.Q(("service_end__gte", models.F("service_start"))), name="charge_line_dates"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField()),
                ("key", models.CharField(max_length=300)),
                ("kind", models.CharField(max_length=24)),
                ("on", models.DateField()),
                ("source", models.CharField(default="", max_length=160)),
                ("memo", models.TextField(default="")),
                ("actor", models.CharField(max_length=150)),
                ("posted_at", models.DateTimeField()),
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
                    "reverses",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.journalentry",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "source"], name="journal_by_source")],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "key"), name="journal_key_once"),
                    models.UniqueConstraint(fields=("practice", "number"), name="journal_number_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("reverses__isnull", False)),
                        fields=("reverses",),
                        name="journal_reversed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "id",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("practice_id"), "*", models.Value(4294967296)
                                    ),
                                    "+",
                                    models.F("number"),
                                ),
                            ),
                            ("number__gt", 0),
                        ),
                        name="journal_id_is_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.CharField(
                        choices=[
                            ("charges", "charges"),
                            ("insurance", "insurance"),
                            ("denied", "denied"),
                            ("patient", "patient"),
                            ("contractual", "contractual"),
                            ("write_off", "write_off"),
                            ("clearing", "clearing"),
                            ("cash", "cash"),
                            ("provider_level", "provider_level"),
                            ("suspense", "suspense"),
                            ("interest", "interest"),
                            ("unapplied", "unapplied"),
                        ],
                        max_length=16,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("payer", models.CharField(default="", max_length=80)),
                ("reason_group", models.CharField(default="", max_length=8)),
                ("reason_code", models.CharField(default="", max_length=24)),
                ("remarks", models.TextField(default="")),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.journalentry"
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "account__in",
                                [
                                    "charges",
                                    "insurance",
                                    "denied",
                                    "patient",
                                    "contractual",
                                    "write_off",
                                    "clearing",
                                    "cash",
                                    "provider_level",
                                    "suspense",
                                    "interest",
                                    "unapplied",
                                ],
                            )
                        ),
                        name="posting_account",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("on", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("through", models.BigIntegerField()),
                ("doc", models.TextField()),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "number"), name="statement_number_once"),
                    models.UniqueConstraint(fields=("practice", "patient", "on"), name="statement_once_a_day"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineBalance",
            fields=[
                (
                    "line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="balance",
                        serialize=False,
                        to="billing.chargeline",
                    ),
                ),
                ("charge", models.BigIntegerField(default=0)),
                ("paid", models.BigIntegerField(default=0)),
                ("patient_paid", models.BigIntegerField(default=0)),
                ("adjusted", models.BigIntegerField(default=0)),
                ("insurance", models.BigIntegerField(default=0)),
                ("denied", models.BigIntegerField(default=0)),
                ("patient", models.BigIntegerField(default=0)),
                ("payer", models.CharField(default="", max_length=80)),
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
                "indexes": [models.Index(fields=["practice", "line"], name="balance_by_practice")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "charge",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("paid"), "+", models.F("adjusted")
                                        ),
                                        "+",
                                        models.F("insurance"),
                                    ),
                                    "+",
                                    models.F("patient"),
                                ),
                            )
                        ),
                        name="balance_explained",
                    )
                ],
            },
        ),
    ]
