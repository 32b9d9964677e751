"""What a task is about and why it ranks there; since when the list is; filters under a name."""

from typing import Any

from django.db import migrations, models
from django.db.models.deletion import PROTECT

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
PRACTICE = models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice")
COLUMNS: dict[str, models.Field[Any, Any]] = {
    "reason": models.CharField(default="", max_length=40),
    "chance": models.SmallIntegerField(null=True),
    "how": models.TextField(default=""),
    "label": models.CharField(default="", max_length=80),
    "payer": models.CharField(default="", max_length=64),
    "patient": models.BigIntegerField(default=0),
    "visit": models.CharField(default="", max_length=20),
    "since": models.DateField(null=True),
}


class Migration(migrations.Migration):
    dependencies = [("worklists", "0001_initial"), ("practices", "0001_initial")]

    operations = [
        *(migrations.AddField("workitem", name, field) for name, field in COLUMNS.items()),
        migrations.AddIndex(
            "workitem", models.Index(fields=["practice", "state", "-rank", "id"], name="work_item_worth_most")
        ),
        migrations.CreateModel(
            name="Refreshing",
            fields=[
                ("id", ID),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("through", models.BigIntegerField(default=0)),
                ("practice", PRACTICE),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["practice"], name="work_refreshing_once")],
            },
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                ("id", ID.clone()),
                ("owner", models.CharField(default="", max_length=150)),
                ("name", models.CharField(max_length=60)),
                ("query", models.CharField(max_length=500)),
                ("practice", PRACTICE.clone()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["practice", "owner", "name"], name="work_filter_once")],
            },
        ),
    ]
