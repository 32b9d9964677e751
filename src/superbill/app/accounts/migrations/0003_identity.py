"""Invitations, emergencies, drafts, sessions that end at once, and the memory of what was tried."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PRACTICE = models.ForeignKey(
    db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="practices.practice"
)


def _id() -> Any:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def _user(**more: Any) -> Any:
    named: dict[str, Any] = {
        "on_delete": django.db.models.deletion.PROTECT,
        "related_name": "+",
        "to": settings.AUTH_USER_MODEL,
    }
    return models.ForeignKey(**{**named, **more})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_auditors"), ("practices", "0002_policy")]

    operations = [
        migrations.AddField("User", "sessions_from", models.IntegerField(default=0)),
        migrations.CreateModel(
            name="Remembered",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "accounts_cache"},
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", _id()),
                ("token_hash", models.CharField(max_length=64, unique=True)),
                ("label", models.CharField(default="", max_length=120)),
                ("roles", models.CharField(default="", max_length=200)),
                ("invited_by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("expires", models.DateTimeField()),
                ("withdrawn", models.DateTimeField(null=True)),
                ("accepted", models.DateTimeField(null=True)),
                ("practice", PRACTICE.clone()),
                ("user", _user(null=True)),
            ],
            options={"indexes": [models.Index(fields=["practice", "expires"], name="invitation_by_end")]},
        ),
        migrations.CreateModel(
            name="EmergencyAccess",
            fields=[
                ("id", _id()),
                ("name", models.CharField(max_length=150)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("ended", models.DateTimeField(null=True)),
                ("reviewed", models.DateTimeField(null=True)),
                ("reviewed_by", models.CharField(default="", max_length=150)),
                ("practice", PRACTICE.clone()),
                ("user", _user()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["practice", "user", "until"], name="emergency_by_user"),
                    models.Index(fields=["practice", "reviewed"], name="emergency_by_review"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", _id()),
                ("key", models.CharField(max_length=120)),
                ("fields", models.TextField()),
                ("at", models.DateTimeField()),
                ("practice", PRACTICE.clone()),
                ("user", _user(on_delete=django.db.models.deletion.CASCADE)),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="draft_by_time")],
                "constraints": [
                    models.UniqueConstraint(fields=("practice", "user", "key"), name="draft_once"),
                ],
            },
        ),
    ]
