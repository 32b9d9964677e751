"""What collecting costs, month by month."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.deletion import PROTECT

from superbill.app.triggers import install


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="CollectionCost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField()),
                ("amount", models.BigIntegerField()),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "practice",
                    models.ForeignKey(db_index=False, on_delete=PROTECT, related_name="+", to="practices.practice"),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=Q(amount__gte=0), name="collection_cost_not_negative")]
            },
        ),
        install([("append only", "reports_collectioncost", "a cost")]),
    ]
