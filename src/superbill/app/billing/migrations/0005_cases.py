"""Receipts, refunds, approvals, payment plans and placements, and every step that each of them took."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _practice() -> models.ForeignKey:  # type: ignore[type-arg]  # any practice
    return models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice")


def _case(name: str) -> migrations.CreateModel:
    small = name.lower()
    return migrations.CreateModel(
        name=name,
        fields=[
            ("id", ID.clone()),
            ("number", models.BigIntegerField()),
            ("key", models.CharField(max_length=200)),
            ("party", models.CharField(default="", max_length=80)),
            ("amount", models.BigIntegerField()),
            ("doc", models.TextField()),
            ("state", models.CharField(max_length=16)),
            ("on", models.DateField()),
            ("actor", models.CharField(max_length=150)),
            (
                "patient",
                models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="patients.patientrow"),
            ),
            ("practice", _practice()),
        ],
        options={
            "abstract": False,
            "constraints": [
                models.UniqueConstraint(fields=("practice", "key"), name=f"{small}_key_once"),
                models.UniqueConstraint(fields=("practice", "number"), name=f"{small}_number_once"),
                models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name=f"{small}_amount"),
            ],
            "indexes": [
                models.Index(fields=["practice", "state"], name=f"{small}_by_state"),
                models.Index(fields=["practice", "patient"], name=f"{small}_by_patient"),
            ],
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0004_more_accounts"),
        ("patients", "0001_initial"),
        ("practices", "0001_initial"),
    ]

    operations = [
        *(_case(name) for name in ("Receipt", "Refund", "Approval", "PaymentPlan", "Placement")),
        migrations.CreateModel(
            name="MoneyEvent",
            fields=[
                ("id", ID.clone()),
                ("kind", models.CharField(max_length=16)),
                ("subject", models.BigIntegerField()),
                ("state", models.CharField(max_length=16)),
                ("entry", models.CharField(default="", max_length=300)),
                ("reason", models.CharField(default="", max_length=500)),
                ("on", models.DateField()),
                ("actor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("practice", _practice()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["practice", "kind", "subject"], name="money_event_by_case"),
                    models.Index(fields=["practice", "entry"], name="money_event_by_entry"),
                ],
            },
        ),
        install([("append only", "billing_moneyevent", "the history of a case")]),
    ]
