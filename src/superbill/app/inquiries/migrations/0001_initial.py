"""Questions about claims, and their answers."""

from typing import Any

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install

_ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def _one(to: str, *, null: bool = False, index: bool = True) -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey(on_delete=PROTECT, related_name="+", to=to, null=null, db_index=index)


class Migration(migrations.Migration):
    initial = True

    dependencies = [("claims", "0003_follow_up"), ("practices", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="InquiryRow",
            fields=[
                _ID,
                ("trace", models.CharField(max_length=50)),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                ("batch", _one("claims.batch")),
                ("claim", _one("claims.claimrow")),
                ("practice", _one("practices.practice", index=False)),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "claim"], name="inquiry_by_claim")],
                "constraints": [models.UniqueConstraint(fields=["practice", "trace"], name="inquiry_once")],
            },
        ),
        migrations.CreateModel(
            name="ReplyRow",
            fields=[
                _ID,
                ("key", models.CharField(max_length=64)),
                ("category", models.CharField(max_length=8)),
                ("status", models.CharField(default="", max_length=8)),
                ("kind", models.CharField(max_length=16)),
                ("effective", models.DateField(null=True)),
                ("doc", models.TextField()),
                ("at", models.DateTimeField()),
                ("claim", _one("claims.claimrow")),
                ("inquiry", _one("inquiries.inquiryrow", null=True)),
                ("received_file", _one("claims.receivedfile", null=True)),
                ("practice", _one("practices.practice", index=False)),
            ],
            options={
                "indexes": [models.Index(fields=["practice", "claim"], name="reply_by_claim")],
                "constraints": [models.UniqueConstraint(fields=["practice", "key"], name="reply_once")],
            },
        ),
        install(
            [
                ("append only", "inquiries_inquiryrow", "an inquiry"),
                ("append only", "inquiries_replyrow", "a payer's reply"),
            ]
        ),
    ]
