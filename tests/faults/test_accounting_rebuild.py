"""What is derived from the journal can be spoiled or lost: the rebuild makes it anew and tells what differed."""

import pytest
from django.db import connection
from tests.app_samples import AT
from tests.faults.test_accounting_trouble import Office

from superbill.app.billing.models import LineBalance
from superbill.app.billing.rebuild import rebuild, sources
from superbill.app.doctor import examine

NAMES = ("line_id", "payer", "charge", "paid", "patient_paid", "adjusted", "insurance", "denied", "patient")


def balances(office):
    return sorted(office.actor.scope.rows(LineBalance).values_list(*NAMES))


def spoil(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM billing_linebalance",
        "UPDATE billing_linebalance SET paid = paid + 1, insurance = insurance - 1",
        "UPDATE billing_linebalance SET payer = 'nobody'",
    ],
)
def test_what_was_spoiled_is_made_anew_from_the_journal(database, sql):
    office = Office()
    for _ in range(2):  # the second time nothing differs
        told = rebuild(office.actor, at=AT)
    assert {one.differences for one in told} == {0}
    before = balances(office)
    spoil(sql)
    assert not examine(office.actor.scope).healthy
    told = {one.table: one for one in rebuild(office.actor, at=AT)}
    assert told["billing_linebalance"].differences
    assert balances(office) == before
    assert examine(office.actor.scope).healthy


def test_a_rebuild_that_is_stopped_leaves_the_tables_as_they_were(database, monkeypatch):
    office = Office()
    before = balances(office)

    def stopped(_work):
        raise KeyboardInterrupt

    monkeypatch.setattr(sources()[-1], "build", stopped)
    with pytest.raises(KeyboardInterrupt):
        rebuild(office.actor, at=AT)
    assert balances(office) == before
    monkeypatch.undo()
    assert {one.differences for one in rebuild(office.actor, at=AT)} == {0}
