"""Findings that a person has set aside."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="OverrideRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=80)),
                ("field", models.CharField(default="", max_length=80)),
                ("service_line", models.IntegerField(default=0)),
                ("reason", models.TextField(default="")),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("claim", models.ForeignKey(on_delete=PROTECT, related_name="+", to="claims.claimrow")),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={"indexes": [models.Index(fields=["practice", "claim"], name="override_by_claim")]},
        ),
        install([("append only", "claims_overriderow", "an override")]),
    ]
