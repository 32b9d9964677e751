"""What each visit has open stands beside the balances of its lines, so that lists of claims can sort by it."""

from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.deletion import PROTECT

# In this migration, before the table has its foreign keys: PostgreSQL adds none while their checks are still to come.
_FILL = """
INSERT INTO billing_visitbalance (encounter_id, practice_id, insurance, patient, "open")
SELECT l.encounter_id, l.practice_id, COALESCE(SUM(b.insurance), 0), COALESCE(SUM(b.patient), 0),
       COALESCE(SUM(b.insurance), 0) + COALESCE(SUM(b.patient), 0)
FROM billing_chargeline l LEFT JOIN billing_linebalance b ON b.line_id = l.id
GROUP BY l.encounter_id, l.practice_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("billing", "0006_statements_move"), ("encounters", "0001_initial"), ("practices", "0001_initial"),
    ]  # fmt: skip

    operations = [
        migrations.CreateModel(
            name="VisitBalance",
            fields=[
                (
                    "encounter",
                    models.OneToOneField(
                        on_delete=PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="encounters.encounterrow",
                    ),
                ),
                ("insurance", models.BigIntegerField(default=0)),
                ("patient", models.BigIntegerField(default=0)),
                ("open", models.BigIntegerField(default=0)),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(open=F("insurance") + F("patient")), name="visit_balance_is_a_sum"
                    )
                ],
                "indexes": [
                    models.Index(fields=["practice", "open", "encounter"], name="visit_balance_by_open"),
                    models.Index(fields=["practice", "encounter"], name="visit_balance_by_practice"),
                ],
            },
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
