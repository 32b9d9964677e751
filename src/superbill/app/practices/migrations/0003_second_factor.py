"""Which of a practice's roles need a second factor."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("practices", "0002_policy")]

    operations = [
        migrations.AddField("Practice", "second_factor", models.CharField(default="", max_length=200)),
    ]
