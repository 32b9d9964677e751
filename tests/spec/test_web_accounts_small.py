"""The run for small balances as a manager does it, and accounts that have nothing but money."""

import pytest
from tests.app_samples import AT, TODAY
from tests.money_samples import owed, owing
from tests.web_samples import member_of, signed_in

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import PaymentFacts, forgive_small_balances, take_payment
from superbill.app.billing.queries import small_balances
from superbill.app.billing.small_balances import take_back_small_balances
from superbill.app.boot import secret_key
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.app.web.accounts.queries_list import Wanted, account_page


@pytest.fixture
def small(system):
    """Two patients whose whole balance is small by the policy."""
    patients = owing(system, charts=2, visits=1)
    for patient in patients:
        take_payment(system, 140_01, PaymentFacts(method="cash", patients=(patient,)), f"k{patient}", TODAY, at=AT)
    return patients


def test_the_run_is_looked_at_done_and_taken_back(practice, system, small, tmp_path):
    secret_key(tmp_path / "key")
    manager = signed_in(member_of(practice, "max", Role.MANAGER))
    before = owed(system)
    page = manager.get("/p/lakeside/small-balances").content.decode()
    assert page.count('name="but"') == len(small_balances(system.scope)) == 2
    done = manager.post("/p/lakeside/small-balances/run", {"do": "run", "but": [str(small[0])]})
    assert done["Location"] == "/p/lakeside/small-balances"
    assert [one.patient for one in small_balances(system.scope)] == [small[0]]
    assert 'name="do" value="undo"' in manager.get("/p/lakeside/small-balances").content.decode()
    manager.post("/p/lakeside/small-balances/run", {"do": "undo"})
    assert owed(system) == before


def test_a_run_after_one_that_was_taken_back_forgives_anew(practice, system, small):
    assert len(forgive_small_balances(system, TODAY, at=AT)) == 2
    assert take_back_small_balances(system, TODAY, at=AT) == 2
    assert take_back_small_balances(system, TODAY, at=AT) == 0
    assert len(small_balances(system.scope)) == 2
    assert len(forgive_small_balances(system, TODAY, at=AT)) == 2
    assert small_balances(system.scope) == []
    assert take_back_small_balances(system, TODAY, at=AT) == 2


def test_nobody_else_takes_a_run_back(practice, system, small):
    forgive_small_balances(system, TODAY, at=AT)
    coder = actor_with("cleo", practice.pk, Role.CODER)
    with pytest.raises(NotPermitted):
        take_back_small_balances(coder, TODAY, at=AT)
    outsider = actor_with("out", open_practice("hillside", "Hillside Clinic").pk, Role.MANAGER)
    assert take_back_small_balances(outsider, TODAY, at=AT) == 0
    assert small_balances(system.scope) == []


def test_who_has_nothing_but_money_on_account_is_listed_too(practice, system, small):
    others = account_page(system.scope, Wanted(), TODAY).total
    alone = system.scope.rows(PatientRow).get(pk=small[0])
    alone.pk, alone.source_id, alone.family, alone.given = None, "P-alone", "Aaron", "Zoe"
    alone.save(force_insert=True)
    taken = PaymentFacts(method="cash", patients=(alone.pk,))
    take_payment(system, 25_00, taken, "k-alone", TODAY, at=AT)
    page = account_page(system.scope, Wanted(), TODAY)
    assert page.total == others + 1
    line = page.rows[-1]
    assert (line.patient, line.family, line.owed, line.unapplied, line.due) == (alone.pk, "Aaron", 0, 25_00, -25_00)
    assert account_page(system.scope, Wanted(sort="name"), TODAY).rows[0].patient == alone.pk
    assert [one.patient for one in account_page(system.scope, Wanted(state="money"), TODAY).rows] == [alone.pk]
    assert account_page(system.scope, Wanted(state="owing"), TODAY).total == others
