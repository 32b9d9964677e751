"""What a practice allows and expects about money stands beside it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practices", "0001_initial")]

    operations = [
        migrations.AddField("Practice", "policy", models.TextField(default="{}")),
    ]
