"""The hot reads go to the rows of the values that are wanted, in a file without statistics, whatever else is asked."""

import pytest
from django.db import connection
from tests.app_samples import billed

from superbill.app.accounts.actors import system_actor
from superbill.app.billing.models import ChargeLine, JournalEntry, LineBalance, Posting, VisitBalance
from superbill.app.claims.models import ClaimRow
from superbill.app.practices.actions import open_practice
from superbill.app.rows import found

READS = [
    (ChargeLine, "id", [1], {}, "rowid=?"),
    (ChargeLine, "encounter_id", [1], {}, "encounter_id=?"),
    (ChargeLine, "key", ["A1001-1"], {}, "key=?"),
    (ClaimRow, "encounter_id", [1], {}, "encounter_id=?"),
    (ClaimRow, "replaces_id", [1], {}, "replaces_id=?"),
    (ClaimRow, "encounter_id", [1], {"state__in": ("sent", "paid")}, "encounter_id=?"),
    (JournalEntry, "key", ["charge:A1001"], {}, "key=?"),
    (LineBalance, "line__patient_id", [1], {}, "patient_id=?"),
    (Posting, "line_id", [1], {"account": "insurance"}, "line_id=?"),
    (Posting, "entry_id", [2**32 + 1], {"account__in": ("insurance", "charges")}, "entry_id=?"),
    (Posting, "payer", ["one"], {"account": "insurance"}, "payer=?"),
    (VisitBalance, "encounter_id", [1], {}, "encounter_id=?"),
]


@pytest.mark.parametrize(("model", "field", "values", "fixed", "by"), READS)
def test_a_read_is_by_the_wanted_values(sqlite_database, model, field, values, fixed, by):
    system = system_actor(open_practice("lakeside", "Lakeside").pk)
    billed(system, charts=1, visits=1)
    asked = []

    def noted(execute, sql, params, *rest):
        asked.append((sql, params))
        return execute(sql, params, *rest)

    with connection.execute_wrapper(noted):
        rows = list(found(system.scope, model, field, values, "pk", **fixed))
    assert rows or field == "replaces_id"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {asked[-1][0]}", asked[-1][1])
        assert by in next(step for *_, step in cursor.fetchall() if step.startswith("SEARCH"))


def test_what_is_asked_beside_the_values_still_holds(database):
    system = system_actor(open_practice("lakeside", "Lakeside").pk)
    other = system_actor(open_practice("other", "Other").pk)
    billed(system, charts=1, visits=1)
    lines = [line for (line,) in found(system.scope, ChargeLine, "key", ["A1001-1", "A1001-2"], "id")]
    columns = ("line_id", "account")
    assert len(set(found(system.scope, Posting, "line_id", lines, *columns))) == 4
    assert len(set(found(system.scope, Posting, "line_id", lines, *columns, account="insurance"))) == 2
    assert not list(found(other.scope, Posting, "line_id", lines, *columns))
