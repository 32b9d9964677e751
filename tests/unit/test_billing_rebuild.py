"""Derived tables are dropped and made anew from the journal: the result is the same, and a wrong one is put right."""

from datetime import timedelta

import pytest
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer

from superbill.app.accounts.actors import actor_with, system_actor
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import reverse, take_patient_payment, write_off
from superbill.app.billing.models import LineBalance
from superbill.app.billing.rebuild import rebuild
from superbill.app.doctor import examine
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.reports.models import Spell


@pytest.fixture
def books(system):
    """Some of everything: paid, refused, paid by the patient, forgiven, reversed."""
    sent = billed(system, charts=2, visits=2)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in sent[:3])), payer_key="one", at=AT)
    patient = system.scope.rows(PatientRow).first()
    paid = take_patient_payment(system, patient.pk, 2500, "cash", "k", TODAY, at=AT)
    write_off(system, "A1003-1", 500, "courtesy", "w", TODAY, at=AT)
    reverse(system, paid.key, on=TODAY + timedelta(days=3), at=AT)
    return system


def test_rebuilding_gives_the_same_rows(books):
    results = {result.table: result for result in rebuild(books, at=AT)}
    assert results["billing_linebalance"].rows == 8
    assert results["reports_spell"].rows > 8
    assert not any(result.differences for result in results.values())
    assert not any(result.differences for result in rebuild(books, at=AT))
    assert examine(books.scope).healthy


def test_a_balance_changed_past_the_journal_is_put_right(books):
    books.scope.rows(LineBalance).filter(line__key="A1001-1").update(payer="nobody")
    books.scope.rows(LineBalance).filter(line__key="A1004-2").delete()
    assert not examine(books.scope).healthy
    results = {result.table: result.differences for result in rebuild(books, at=AT)}
    assert results["billing_linebalance"] == 3  # a changed row counts on both sides, a lost one once
    assert examine(books.scope).healthy


def test_a_spell_changed_by_hand_is_put_right(books):
    rebuild(books, at=AT)
    spell = books.scope.rows(Spell).first()
    books.scope.rows(Spell).filter(pk=spell.pk).update(amount=1)
    assert [result.differences for result in rebuild(books, at=AT) if result.table == "reports_spell"] == [2]
    assert not any(result.differences for result in rebuild(books, at=AT))


def test_other_practices_keep_theirs(books):
    other = system_actor(open_practice("other", "Other").pk)
    billed(other, charts=1, visits=1)
    rebuild(other, at=AT)
    assert all(result.differences == 0 for result in rebuild(books, at=AT))
    assert examine(other.scope).healthy
    assert other.scope.rows(Spell).count() == 2


def test_who_may_rebuild(books):
    with pytest.raises(NotPermitted):
        rebuild(actor_with("c", books.practice_id, Role.CODER), at=AT)
    outsider = actor_with("o", open_practice("elsewhere", "Elsewhere").pk, Role.MANAGER)
    assert all(result.rows == 0 for result in rebuild(outsider, at=AT))
    assert books.scope.rows(LineBalance).count() == 8
