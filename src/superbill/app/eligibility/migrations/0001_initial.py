"""The first tables."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install


class Migration(migrations.Migration):
    initial = True

    dependencies = [("practices", "0001_initial"), ("patients", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="EligibilityRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payer_key", models.CharField(max_length=64)),
                ("member_id", models.CharField(max_length=80)),
                ("active", models.BooleanField()),
                ("start", models.DateField(null=True)),
                ("end", models.DateField(null=True)),
                ("plan", models.CharField(default="", max_length=120)),
                ("order", models.SmallIntegerField(default=0)),
                ("verified_on", models.DateField()),
                ("source", models.CharField(default="", max_length=255)),
                ("digest", models.CharField(default="", max_length=64)),
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
                    models.CheckConstraint(
                        condition=models.Q(start__isnull=True)
                        | models.Q(end__isnull=True)
                        | models.Q(end__gte=models.F("start")),
                        name="eligibility_in_order",
                    )
                ]
            },
        ),
        install([("append only", "eligibility_eligibilityrow", "an answer about coverage")]),
    ]
