"""Lists of visits by day: the first rows of very many without sorting all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("encounters", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="encounterrow",
            index=models.Index(fields=["practice", "date_of_service", "id", "state"], name="encounter_by_day"),
        ),
    ]
