"""Visits that the desk has changed keep what was imported last, so that the same file again changes nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("encounters", "0002_by_day")]

    operations = [
        migrations.AddField(model_name="encounterrow", name="imported", field=models.TextField(default="")),
    ]
