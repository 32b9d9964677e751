"""The audit trail is only ever added to, whoever asks."""

from django.db import migrations

from superbill.app.triggers import install


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [install([("append only", "audit_auditevent", "the audit trail")])]
