"""What the list of claims asks beside its page: later versions, providers, and the rules that hold claims."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0004_lists")]

    operations = [
        migrations.AddIndex("claimrow", models.Index(fields=["practice", "replaces"], name="claim_by_replaced")),
        migrations.AddIndex("claimrow", models.Index(fields=["practice", "provider"], name="claim_by_provider")),
        migrations.AddIndex(
            "claimrow",
            models.Index(fields=["practice", "rules"], condition=models.Q(rules__gt=""), name="claim_by_rules"),
        ),
    ]
