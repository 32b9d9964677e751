"""Whose record was changed last is the desk's first page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patients", "0002_register")]

    operations = [
        migrations.AddIndex("patientrow", models.Index(fields=["practice", "changed_at"], name="patient_by_change")),
    ]
