"""Which payers are billed, without a look at every claim."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0005_list_indexes")]

    operations = [
        migrations.AddIndex("claimrow", models.Index(fields=["practice", "payer_key", "id"], name="claim_by_payer")),
    ]
