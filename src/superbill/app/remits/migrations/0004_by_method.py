"""Payments by how they were made."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("remits", "0003_methods")]

    operations = [
        migrations.AddIndex(
            "remittancerow",
            models.Index(fields=["practice", "method", "payment_date"], name="remittance_by_method"),
        ),
    ]
