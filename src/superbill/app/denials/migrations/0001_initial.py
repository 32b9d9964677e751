"""The steps that were taken about refusals."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install

KINDS = (
    "appeal", "decision", "reopening", "documents", "peer_to_peer", "corrected", "written_off", "patient_billed",
    "note",
)  # fmt: skip


class Migration(migrations.Migration):
    initial = True

    dependencies = [("practices", "0001_initial"), ("claims", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DenialStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("payer", models.CharField(max_length=64)),
                ("kind", models.CharField(choices=[(name, name) for name in KINDS], max_length=16)),
                ("on", models.DateField()),
                ("level", models.IntegerField(default=0)),
                ("outcome", models.CharField(default="", max_length=16)),
                ("amount", models.BigIntegerField(default=0)),
                ("through", models.BigIntegerField(default=0)),
                ("key", models.CharField(max_length=160)),
                ("doc", models.TextField(default="{}")),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("claim", models.ForeignKey(on_delete=PROTECT, related_name="+", to="claims.claimrow")),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["practice", "key"], name="denial_step_once"),
                    models.CheckConstraint(condition=models.Q(kind__in=list(KINDS)), name="denial_step_kind"),
                ],
                "indexes": [models.Index(fields=["practice", "claim"], name="denial_step_by_claim")],
            },
        ),
        install([("append only", "denials_denialstep", "what was done about a denial")]),
    ]
