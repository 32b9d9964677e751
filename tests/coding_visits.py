"""Visits that wait for a coder, in a database of the demo: the notes of the clinic's own visits, seen once more.

`python -m tests.coding_visits DB SITE` adds them and has them read, as an import at night does.
"""

import sys
from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from superbill.app.session import open_session
from superbill.app.stages import Stages

NOTES = 8


def add_visits(db: str, site: Path, most: int = NOTES) -> None:
    """`most` visits of last week, whose codes are suggested from their notes and wait for a person."""
    session = open_session(db, site)
    from superbill.app.coding.models import CodingRow
    from superbill.app.encounters.queries import visits_by_account
    from superbill.app.path.coding import code_encounters
    from superbill.app.patients.actions import import_charts

    rows = session.scope.rows(CodingRow).filter(purpose="suggested").order_by("id")
    accounts = list(rows.values_list("encounter__account_number", flat=True))[:most]
    found = visits_by_account(session.scope, accounts)
    charts = {}
    for place, account in enumerate(accounts):
        visit = found[account]
        start = session.at.replace(hour=9) - timedelta(days=7 - place % 5)
        notes = tuple(replace(note, id=f"{note.id}-again") for note in visit.encounter.notes)
        again = replace(visit.encounter, id=f"again-{place}", start=start, end=None, notes=notes)
        known = charts.get(visit.patient_id)
        before = known.encounters if known else ()
        charts[visit.patient_id] = replace(visit.chart, encounters=(*before, again))
    import_charts(session.actor, list(charts.values()), at=session.at)
    code_encounters(session, Stages())


if __name__ == "__main__":
    add_visits(sys.argv[1], Path(sys.argv[2]))
