"""Unapplied money of a patient is asked for every day: it is found by account and payer, not by reading the journal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_journal_rules")]

    operations = [
        migrations.AddIndex(
            model_name="posting",
            index=models.Index(fields=["account", "payer", "practice"], name="posting_by_account"),
        ),
    ]
