"""Statements have a room of their own: the table goes there with all that is in it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("billing", "0005_cases")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AlterModelTable("Statement", "statements_statement")],
            state_operations=[migrations.DeleteModel("Statement")],
        )
    ]
