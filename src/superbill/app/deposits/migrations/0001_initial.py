"""Statements, deposits, matches, and closed days."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("practices", "0002_policy"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankLineRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.CharField(max_length=32)),
                ("account", models.CharField(max_length=64)),
                ("booked_on", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("text", models.TextField(default="")),
                ("reference", models.CharField(default="", max_length=255)),
                ("code", models.CharField(default="", max_length=64)),
                ("trace", models.CharField(default="", max_length=64)),
                ("originator", models.CharField(default="", max_length=16)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("matched", "matched"),
                            ("set aside", "set aside"),
                            ("suspect", "suspect"),
                        ],
                        max_length=12,
                    ),
                ),
                ("why", models.CharField(default="", max_length=300)),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Deposit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("kind", models.CharField(max_length=12)),
                ("on", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("fee", models.BigIntegerField(default=0)),
                ("reference", models.CharField(default="", max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[("made", "made"), ("voided", "voided"), ("taken apart", "taken apart")], max_length=12
                    ),
                ),
                ("why", models.CharField(default="", max_length=300)),
                ("actor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
                ("reapplies", models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="deposits.deposit")),
            ],
        ),
        migrations.CreateModel(
            name="DepositItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payment", models.CharField(max_length=160)),
                ("method", models.CharField(max_length=24)),
                ("amount", models.BigIntegerField()),
                ("live", models.BooleanField(default=True)),
                ("taken_back", models.BooleanField(default=False)),
                ("deposit", models.ForeignKey(on_delete=PROTECT, related_name="+", to="deposits.deposit")),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("how", models.CharField(max_length=12)),
                ("why", models.CharField(default="", max_length=300)),
                ("difference", models.BigIntegerField(default=0)),
                ("live", models.BooleanField(default=True)),
                ("actor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("undone_by", models.CharField(default="", max_length=150)),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_why", models.CharField(default="", max_length=300)),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MatchPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payment", models.CharField(default="", max_length=320)),
                ("amount", models.BigIntegerField()),
                ("live", models.BooleanField(default=True)),
                ("line", models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="deposits.banklinerow")),
                ("match", models.ForeignKey(on_delete=PROTECT, related_name="+", to="deposits.match")),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("format", models.CharField(max_length=16)),
                ("first_on", models.DateField(null=True)),
                ("last_on", models.DateField(null=True)),
                ("lines", models.IntegerField()),
                ("new", models.IntegerField()),
                ("actor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="banklinerow",
            name="statement",
            field=models.ForeignKey(on_delete=PROTECT, related_name="+", to="deposits.statement"),
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("day", "day"), ("month", "month"), ("reopened", "reopened")], max_length=12
                    ),
                ),
                ("on", models.DateField()),
                ("through", models.DateField(null=True)),
                ("entries", models.BigIntegerField()),
                ("difference", models.BigIntegerField(default=0)),
                ("why", models.CharField(default="", max_length=300)),
                ("doc", models.TextField(default="")),
                ("actor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "id"], name="closing_by_practice")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["day", "month", "reopened"])), name="closing_kind"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.UniqueConstraint(fields=("practice", "number"), name="deposit_number_once"),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reapplies__isnull", False)), fields=("reapplies",), name="deposit_reapplied_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0), ("fee__gte", 0)), name="deposit_amounts"
            ),
        ),
        migrations.AddConstraint(
            model_name="deposit",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["made", "voided", "taken apart"])), name="deposit_state"
            ),
        ),
        migrations.AddConstraint(
            model_name="deposititem",
            constraint=models.UniqueConstraint(
                condition=models.Q(("live", True)), fields=("practice", "payment"), name="payment_deposited_once"
            ),
        ),
        migrations.AddIndex(
            model_name="match",
            index=models.Index(fields=["practice", "live"], name="bank_match_live"),
        ),
        migrations.AddConstraint(
            model_name="match",
            constraint=models.UniqueConstraint(fields=("practice", "number"), name="bank_match_number_once"),
        ),
        migrations.AddConstraint(
            model_name="matchpart",
            constraint=models.UniqueConstraint(
                condition=models.Q(("line__isnull", False), ("live", True)),
                fields=("line",),
                name="bank_line_matched_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="matchpart",
            constraint=models.UniqueConstraint(
                condition=models.Q(("live", True), models.Q(("payment", ""), _negated=True)),
                fields=("practice", "payment"),
                name="payment_matched_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="matchpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("line__isnull", False), ("payment", "")),
                    models.Q(("line__isnull", True), models.Q(("payment", ""), _negated=True)),
                    _connector="OR",
                ),
                name="match_part_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="statement",
            constraint=models.UniqueConstraint(fields=("practice", "sha256"), name="bank_statement_once"),
        ),
        migrations.AddIndex(
            model_name="banklinerow",
            index=models.Index(fields=["practice", "state"], name="bank_line_by_state"),
        ),
        migrations.AddIndex(
            model_name="banklinerow",
            index=models.Index(fields=["practice", "account", "booked_on"], name="bank_line_by_day"),
        ),
        migrations.AddConstraint(
            model_name="banklinerow",
            constraint=models.UniqueConstraint(fields=("practice", "line"), name="bank_line_once"),
        ),
        migrations.AddConstraint(
            model_name="banklinerow",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "matched", "set aside", "suspect"])), name="bank_line_state"
            ),
        ),
        install([("append only", "deposits_closing", "a closing of the books")]),
    ]
