"""What happens to a claim after it was sent: events, papers to mail, and the payers' terms by which silence counts."""

from typing import Any

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install

_ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
_CLAIM = ("claim", models.ForeignKey(on_delete=PROTECT, related_name="+", to="claims.claimrow"))
_KINDS = ["sent", "mailed", "accepted", "rejected", "resent"]


def _practice() -> tuple[str, "models.ForeignKey[Any, Any]"]:
    return "practice", models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice")


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_overrides"), ("practices", "0001_initial")]

    operations = [
        migrations.AddField("batch", "answered", models.DateTimeField(null=True)),
        migrations.AddField("claimrow", "on_paper", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="ClaimEvent",
            fields=[
                _ID,
                ("what", models.CharField(choices=[(kind, kind) for kind in _KINDS], max_length=12)),
                ("reference", models.CharField(default="", max_length=50)),
                ("text", models.TextField(default="")),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("batch", models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="claims.batch")),
                _CLAIM,
                _practice(),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "claim"], name="claim_event_by_claim")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(what__in=_KINDS), name="claim_event_what"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperRow",
            fields=[
                _ID,
                ("form", models.CharField(max_length=12)),
                ("sha256", models.CharField(max_length=64)),
                ("content", models.BinaryField()),
                ("printed", models.DateTimeField()),
                ("mailed_on", models.DateField(null=True)),
                _CLAIM,
                _practice(),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["practice", "claim", "sha256"], name="paper_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayerBook",
            fields=[_ID, ("doc", models.TextField(default="[]")), _practice()],
            options={"constraints": [models.UniqueConstraint(fields=["practice"], name="payer_book_once")]},
        ),
        install([("append only", "claims_claimevent", "a claim's event")]),
    ]
