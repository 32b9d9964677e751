"""Accounts for charity care and bad debt, capitation, settlements and fees."""

from django.db import migrations, models

from superbill.app.triggers import lift, put_back

ACCOUNTS = (
    "charges", "insurance", "denied", "patient", "contractual", "write_off", "charity", "bad_debt", "clearing", "cash",
    "provider_level", "suspense", "interest", "capitation", "settlement", "fees", "unapplied",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("billing", "0003_posting_by_account")]

    operations = [
        lift(["billing_journalentry", "billing_posting"]),
        migrations.RemoveConstraint("Posting", "posting_account"),
        migrations.AlterField(
            "Posting", "account", models.CharField(choices=[(name, name) for name in ACCOUNTS], max_length=16)
        ),
        migrations.AddConstraint(
            "Posting",
            models.CheckConstraint(condition=models.Q(account__in=list(ACCOUNTS)), name="posting_account"),
        ),
        put_back(
            [
                ("append only", "billing_journalentry", "the journal"),
                ("append only", "billing_posting", "the journal"),
                ("balanced", "billing_journalentry", "billing_posting"),
            ]
        ),
    ]
