"""The first tables."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install

_KINDS = ["authorization", "referral"]


class Migration(migrations.Migration):
    initial = True

    dependencies = [("practices", "0001_initial"), ("patients", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AuthorizationRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payer_key", models.CharField(max_length=64)),
                ("kind", models.CharField(choices=[(kind, kind) for kind in _KINDS], max_length=16)),
                ("number", models.CharField(max_length=50)),
                ("codes", models.TextField(default="")),
                ("start", models.DateField(null=True)),
                ("end", models.DateField(null=True)),
                ("units", models.CharField(default="", max_length=20)),
                ("provider_npi", models.CharField(default="", max_length=10)),
                ("withdrawn", models.BooleanField(default=False)),
                ("note", models.CharField(default="", max_length=200)),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("patient", models.ForeignKey(on_delete=PROTECT, related_name="+", to="patients.patientrow")),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(kind__in=_KINDS), name="authorization_kind"),
                    models.CheckConstraint(
                        condition=models.Q(start__isnull=True)
                        | models.Q(end__isnull=True)
                        | models.Q(end__gte=models.F("start")),
                        name="authorization_in_order",
                    ),
                ]
            },
        ),
        install([("append only", "authorizations_authorizationrow", "an authorization")]),
    ]
