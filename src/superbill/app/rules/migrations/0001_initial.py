"""The first tables."""

from django.db import migrations, models
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install


class Migration(migrations.Migration):
    initial = True

    dependencies = [("practices", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="PackRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("version", models.IntegerField()),
                ("text", models.TextField(default="")),
                ("sha256", models.CharField(default="", max_length=64)),
                ("replay", models.TextField(default="")),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={"indexes": [models.Index(fields=["practice", "name"], name="pack_by_name")]},
        ),
        install([("append only", "rules_packrow", "a pack of rules")]),
    ]
