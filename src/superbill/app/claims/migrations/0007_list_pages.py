"""Counts of claims by state from a narrow index; the index of the list knows visits, whose balance one may sort by.
Most claims replace none, so only those that do stand in the index that finds the later version."""

from django.db import migrations, models

_LIST = (
    "practice", "state", "payer_key", "service_start", "state_since", "charge", "responsibility", "kind", "provider",
    "patient_name", "assignee", "control_number", "encounter",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_claims_by_payer")]

    operations = [
        migrations.RemoveIndex("claimrow", "claim_list"),
        migrations.AddIndex("claimrow", models.Index(fields=_LIST, name="claim_list")),
        migrations.AddIndex(
            "claimrow", models.Index(fields=["practice", "state", "state_since", "charge"], name="claim_by_state")
        ),
        migrations.RemoveIndex("claimrow", "claim_by_replaced"),
        migrations.AddIndex(
            "claimrow",
            models.Index(
                fields=["practice", "replaces"], condition=models.Q(replaces__isnull=False), name="claim_by_replaced"
            ),
        ),
    ]
