"""A statement goes to a guarantor; what it asked for and what became of it is only ever added to."""

import django.db.models.deletion
from django.db import migrations, models

from superbill.app.triggers import install


class Migration(migrations.Migration):
    dependencies = [("statements", "0003_statements_there")]
    operations = [
        migrations.RemoveConstraint("Statement", "statement_once_a_day"),
        migrations.RemoveField("Statement", "patient"),
        migrations.AlterField("Statement", "due", models.DateField()),
        migrations.AlterField(
            "Statement",
            "guarantor",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="guarantors.guarantor"),
        ),
        migrations.AddConstraint(
            "Statement",
            models.UniqueConstraint(fields=["practice", "guarantor", "on"], name="statement_once_a_day"),
        ),
        install(
            [
                ("append only", "statements_statement", "a statement"),
                ("append only", "statements_statementline", "a statement"),
                ("append only", "statements_statementpatient", "a statement"),
                ("append only", "statements_delivery", "a statement's way"),
            ]
        ),
    ]
