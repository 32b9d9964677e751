"""Filters under a name serve the lists of every room; those that are there are of Today."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worklists", "0002_what_tasks_are_about")]

    operations = [
        migrations.AddField("savedfilter", "room", models.CharField(default="today", max_length=20)),
        migrations.RemoveConstraint("savedfilter", "work_filter_once"),
        migrations.AddConstraint(
            "savedfilter",
            models.UniqueConstraint(fields=["practice", "owner", "room", "name"], name="work_filter_once"),
        ),
    ]
