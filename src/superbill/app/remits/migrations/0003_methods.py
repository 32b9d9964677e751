"""How each payment was made, and what lists of payments are sorted and filtered by."""

import json
from typing import Any

from django.db import migrations, models

_METHODS = ["ACH", "CHK", "NON", "FWT", "BOP"]


def tell(apps: Any, editor: Any) -> None:  # noqa: ARG001  # Django's signature
    """The method that each remittance's document tells; ACH is its default."""
    rows = apps.get_model("remits", "RemittanceRow").objects
    some = []
    for row in rows.only("id", "doc", "method").iterator(chunk_size=500):
        row.method = json.loads(row.doc).get("payment_method", "ACH")
        some.append(row)
        if len(some) == 500:
            rows.bulk_update(some, ["method"])
            some = []
    rows.bulk_update(some, ["method"])


def _index(fields: list[str], name: str) -> migrations.AddIndex:
    return migrations.AddIndex("remittancerow", models.Index(fields=["practice", *fields], name=name))


class Migration(migrations.Migration):
    dependencies = [("remits", "0002_events")]

    operations = [
        migrations.AddField(
            "remittancerow",
            "method",
            models.CharField(choices=[(one, one) for one in _METHODS], default="ACH", max_length=3),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop),
        _index(["payment_date"], "remittance_by_day"),
        _index(["payer_key", "payment_date"], "remittance_by_payer"),
        _index(["state", "payment_date"], "remittance_by_state"),
        _index(["payment_amount"], "remittance_by_amount"),
    ]
