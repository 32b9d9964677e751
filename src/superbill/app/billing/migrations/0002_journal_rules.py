"""The journal is only ever added to, and every entry balances, whoever asks."""

from django.db import migrations

from superbill.app.triggers import install


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial")]
    operations = [
        install(
            [
                ("append only", "billing_journalentry", "the journal"),
                ("append only", "billing_posting", "the journal"),
                ("balanced", "billing_journalentry", "billing_posting"),
            ]
        )
    ]
