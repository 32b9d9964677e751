"""The first tables."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install

STATES = ("open", "snoozed", "done", "closed")
ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    initial = True

    dependencies = [("practices", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="WorkItem",
            fields=[
                ("id", ID),
                ("key", models.CharField(max_length=160)),
                ("kind", models.CharField(max_length=24)),
                ("subject_kind", models.CharField(max_length=24)),
                ("subject", models.BigIntegerField()),
                ("why", models.TextField()),
                ("amount", models.BigIntegerField(default=0)),
                ("due", models.DateField(null=True)),
                ("role", models.CharField(default="", max_length=20)),
                ("rank", models.BigIntegerField(default=0)),
                ("facts", models.CharField(default="", max_length=64)),
                (
                    "state",
                    models.CharField(choices=[(name, name) for name in STATES], default="open", max_length=8),
                ),
                ("state_since", models.DateTimeField()),
                ("assignee", models.CharField(default="", max_length=150)),
                ("snoozed_until", models.DateField(null=True)),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["practice", "key"], name="work_item_once"),
                    models.CheckConstraint(condition=models.Q(state__in=list(STATES)), name="work_item_state"),
                ],
                "indexes": [
                    models.Index(fields=["practice", "state", "kind", "rank"], name="work_item_by_rank"),
                    models.Index(fields=["practice", "subject_kind", "subject"], name="work_item_by_subject"),
                ],
            },
        ),
        migrations.CreateModel(
            name="WorkEvent",
            fields=[
                ("id", ID.clone()),
                ("what", models.CharField(max_length=12)),
                ("text", models.TextField(default="")),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("item", models.ForeignKey(on_delete=PROTECT, related_name="+", to="worklists.workitem")),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={"indexes": [models.Index(fields=["practice", "item"], name="work_event_by_item")]},
        ),
        install([("append only", "worklists_workevent", "the history of a task")]),
    ]
