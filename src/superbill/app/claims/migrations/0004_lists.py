"""What lists of claims filter and sort by, beside the documents; notes and hands; the files that answered."""

from typing import Any

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.claims.told import columns_of
from superbill.app.documents import decoded
from superbill.app.triggers import install
from superbill.claims.model import Claim
from superbill.findings import Finding

_AT_ONCE = 500
_FILE = "claims.receivedfile"


def _file() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to=_FILE)


def _tell(apps: Any, _editor: Any) -> None:
    """Fill the new columns from the documents."""
    rows = apps.get_model("claims", "ClaimRow")._base_manager
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        for row in some:
            where = f"claim {row.control_number}"
            findings = decoded(row.findings, tuple[Finding, ...], where)
            row.kind, row.provider, row.patient_name, row.rules = columns_of(decoded(row.doc, Claim, where), findings)
        rows.bulk_update(some, ["kind", "provider", "patient_name", "rules"])
        last = some[-1].pk


class Migration(migrations.Migration):
    dependencies = [("claims", "0003_follow_up"), ("practices", "0001_initial")]

    operations = [
        migrations.AddField("batch", "answer_file", _file()),
        migrations.AddField("claimevent", "file", _file()),
        migrations.AddField("claimrow", "kind", models.CharField(default="professional", max_length=16)),
        migrations.AddField("claimrow", "provider", models.CharField(default="", max_length=10)),
        migrations.AddField("claimrow", "patient_name", models.CharField(default="", max_length=120)),
        migrations.AddField("claimrow", "rules", models.TextField(default="")),
        migrations.AddField("claimrow", "assignee", models.CharField(default="", max_length=150)),
        migrations.RunPython(_tell, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex("claimrow", "claim_by_state"),
        migrations.AddIndex(
            "claimrow",
            models.Index(
                fields=[
                    "practice",
                    "state",
                    "payer_key",
                    "service_start",
                    "state_since",
                    "charge",
                    "responsibility",
                    "kind",
                    "provider",
                    "patient_name",
                    "assignee",
                    "control_number",
                ],
                name="claim_list",
            ),
        ),
        migrations.CreateModel(
            name="ClaimNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("claim", models.ForeignKey(on_delete=PROTECT, related_name="+", to="claims.claimrow")),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={"indexes": [models.Index(fields=["practice", "claim"], name="claim_note_by_claim")]},
        ),
        install([("append only", "claims_claimnote", "a claim's note")]),
    ]
