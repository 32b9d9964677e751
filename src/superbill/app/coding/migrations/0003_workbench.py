"""The workbench: drafts step by step, queries to providers, notes that coders learn from."""

from typing import Any

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install

STATES = ["asked", "answered", "closed"]


def _id() -> Any:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _to(model: str, **how: Any) -> Any:
    return models.ForeignKey(on_delete=PROTECT, related_name="+", to=model, **how)


class Migration(migrations.Migration):
    dependencies = [("coding", "0002_audits")]

    operations = [
        migrations.CreateModel(
            name="DraftStepRow",
            fields=[
                ("id", _id()),
                ("item", models.BigIntegerField(default=0)),
                ("base", models.IntegerField()),
                ("number", models.IntegerField()),
                ("coder", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("doc", models.TextField()),
                ("encounter", _to("encounters.encounterrow")),
                ("practice", _to("practices.practice", db_index=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "encounter", "item", "base", "number"), name="draft_step_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ProviderQueryRow",
            fields=[
                ("id", _id()),
                ("number", models.IntegerField()),
                ("provider", models.CharField(max_length=150)),
                ("asked_by", models.CharField(max_length=150)),
                ("asked", models.DateTimeField()),
                (
                    "state",
                    models.CharField(choices=[(state, state) for state in STATES], default="asked", max_length=16),
                ),
                ("state_since", models.DateTimeField()),
                ("doc", models.TextField()),
                ("encounter", _to("encounters.encounterrow")),
                ("practice", _to("practices.practice", db_index=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "encounter", "number"), name="provider_query_once"),
                    models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="provider_query_state"),
                ],
                "indexes": [models.Index(fields=["practice", "state", "state_since"], name="provider_query_by_state")],
            },
        ),
        migrations.CreateModel(
            name="ProviderMessageRow",
            fields=[
                ("id", _id()),
                ("side", models.CharField(max_length=16)),
                ("author", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                ("query", _to("coding.providerqueryrow")),
                ("practice", _to("practices.practice", db_index=False)),
            ],
            options={"indexes": [models.Index(fields=["query", "id"], name="provider_message_of_query")]},
        ),
        migrations.CreateModel(
            name="EducationRow",
            fields=[
                ("id", _id()),
                ("coder", models.CharField(max_length=150)),
                ("audit", models.IntegerField()),
                ("author", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("text", models.TextField()),
                ("acknowledged", models.DateTimeField(null=True)),
                ("encounter", _to("encounters.encounterrow", null=True)),
                ("practice", _to("practices.practice", db_index=False)),
            ],
            options={"indexes": [models.Index(fields=["practice", "coder", "id"], name="education_of_coder")]},
        ),
        install(
            [
                ("append only", "coding_draftsteprow", "a step of a coding"),
                ("append only", "coding_providermessagerow", "an answer to a query"),
            ]
        ),
    ]
