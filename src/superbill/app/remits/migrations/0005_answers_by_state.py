"""Answers by what became of them: SQLite uses no index with a condition for values that it is given."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("remits", "0004_by_method")]

    operations = [
        migrations.AddIndex(
            "remittanceclaimrow", models.Index(fields=["practice", "state"], name="remittance_claim_by_state")
        ),
    ]
