"""A guarantor whose record was merged points to who they turned out to be."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("guarantors", "0002_patients_there")]
    operations = [
        migrations.AddField(
            "guarantor",
            "merged_into",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="guarantors.guarantor",
            ),
        )
    ]
