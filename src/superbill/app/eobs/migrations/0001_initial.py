"""The first tables."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

STATES = ("keying", "posted", "dropped")


class Migration(migrations.Migration):
    initial = True

    dependencies = [("practices", "0001_initial"), ("remits", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="EobRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payer_key", models.CharField(max_length=64)),
                ("check_number", models.CharField(max_length=50)),
                ("on", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("doc", models.TextField()),
                ("version", models.IntegerField(default=1)),
                (
                    "state",
                    models.CharField(choices=[(name, name) for name in STATES], default="keying", max_length=8),
                ),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
                (
                    "remittance",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="remits.remittancerow"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "dropped"), _negated=True),
                        fields=("practice", "payer_key", "check_number"),
                        name="eob_check_once",
                    ),
                    models.CheckConstraint(condition=models.Q(state__in=list(STATES)), name="eob_state"),
                    models.CheckConstraint(condition=models.Q(amount__gte=0), name="eob_amount_not_negative"),
                ],
            },
        ),
    ]
