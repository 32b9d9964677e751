"""The first tables."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

STATES = ("asked", "approved", "declined")
OPEN = models.Q(closed__isnull=True)
ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
PRACTICE = models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice")
GUARANTOR = models.ForeignKey(on_delete=PROTECT, related_name="+", to="guarantors.guarantor")


class Migration(migrations.Migration):
    initial = True

    dependencies = [("practices", "0001_initial"), ("guarantors", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PortalInvitation",
            fields=[
                ("id", ID),
                ("code_hash", models.CharField(max_length=64, unique=True)),
                ("invited_by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("tries", models.IntegerField(default=0)),
                ("used", models.DateTimeField(null=True)),
                ("withdrawn", models.DateTimeField(null=True)),
                ("guarantor", GUARANTOR),
                ("practice", PRACTICE),
            ],
            options={"indexes": [models.Index(fields=["practice", "guarantor"], name="portal_invited")]},
        ),
        migrations.CreateModel(
            name="PortalAccount",
            fields=[
                ("id", ID.clone()),
                ("login", models.CharField(max_length=254)),
                ("password", models.CharField(max_length=128)),
                ("session", models.CharField(max_length=32)),
                ("since", models.DateTimeField()),
                ("closed", models.DateTimeField(null=True)),
                ("guarantor", GUARANTOR.clone()),
                ("practice", PRACTICE.clone()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["login"], condition=OPEN, name="portal_login_once"),
                    models.UniqueConstraint(
                        fields=["practice", "guarantor"], condition=OPEN, name="portal_account_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CardPayment",
            fields=[
                ("id", ID.clone()),
                ("key", models.CharField(max_length=64)),
                ("amount", models.BigIntegerField()),
                ("processor", models.CharField(max_length=32)),
                (
                    "state",
                    models.CharField(choices=[(name, name) for name in STATES], default="asked", max_length=10),
                ),
                ("reference", models.CharField(default="", max_length=80)),
                ("receipt", models.CharField(default="", max_length=16)),
                ("at", models.DateTimeField()),
                ("account", models.ForeignKey(on_delete=PROTECT, related_name="+", to="portal.portalaccount")),
                ("practice", PRACTICE.clone()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["practice", "key"], name="portal_payment_once"),
                    models.CheckConstraint(condition=models.Q(state__in=list(STATES)), name="portal_payment_state"),
                    models.CheckConstraint(condition=models.Q(amount__gt=0), name="portal_payment_amount"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PortalTries",
            fields=[
                ("id", ID.clone()),
                ("name_hash", models.CharField(max_length=64, unique=True)),
                ("count", models.IntegerField()),
                ("since", models.DateTimeField()),
            ],
        ),
    ]
