"""Threads, the lines that they are about, and their messages, which are only ever added to."""

import django.db.models.deletion
from django.db import migrations, models

from superbill.app.triggers import install


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("billing", "0006_statements_move"),
        ("encounters", "0001_initial"),
        ("guarantors", "0002_patients_there"),
        ("practices", "0002_policy"),
        ("statements", "0004_one_guarantor"),
    ]

    operations = [
        migrations.CreateModel(
            name="Thread",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("topic", models.CharField(choices=[("question", "question"), ("dispute", "dispute")], max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("waiting for patient", "waiting for patient"),
                            ("resolved", "resolved"),
                        ],
                        max_length=20,
                    ),
                ),
                ("outcome", models.CharField(default="", max_length=20)),
                ("opened", models.DateField()),
                ("opened_by", models.CharField(max_length=150)),
                ("state_since", models.DateTimeField()),
                (
                    "encounter",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="encounters.encounterrow",
                    ),
                ),
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
                (
                    "statement",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="statements.statement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("patient", "patient"), ("staff", "staff"), ("office", "office")], max_length=8
                    ),
                ),
                ("text", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("waiting for patient", "waiting for patient"),
                            ("resolved", "resolved"),
                        ],
                        max_length=20,
                    ),
                ),
                ("key", models.CharField(default="", max_length=120)),
                ("actor", models.CharField(max_length=150)),
                ("on", models.DateField()),
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
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="threads.thread"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ThreadLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
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
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="threads.thread"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="thread",
            index=models.Index(fields=["practice", "state"], name="thread_by_state"),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(("topic__in", ["question", "dispute"])), name="thread_topic"
            ),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "waiting for patient", "resolved"])), name="thread_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.UniqueConstraint(fields=("practice", "number"), name="thread_number_once"),
        ),
        migrations.AddConstraint(
            model_name="thread",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "resolved"), _negated=True),
                    models.Q(("outcome", ""), _negated=True),
                    _connector="OR",
                ),
                name="thread_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("side__in", ["patient", "staff", "office"])), name="message_side"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="message_says_something"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key", ""), _negated=True), fields=("thread", "key"), name="message_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="threadline",
            constraint=models.UniqueConstraint(fields=("thread", "line"), name="thread_line_once"),
        ),
        install([("append only", "threads_message", "a message")]),
    ]
