"""The usual order of the list of claims stands in an index, so that its middle is as near as its ends; what was
sent and what was rejected of it is counted from an index, without the documents."""

from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_list_pages")]

    operations = [
        migrations.AddIndex(
            "claimrow",
            models.Index("practice", Coalesce("service_start", "service_start"), "id", name="claim_by_service"),
        ),
        migrations.AddIndex(
            "claimrow", models.Index(fields=["batch", "practice", "rejected_once", "charge"], name="claim_by_batch")
        ),
    ]
