"""Deeds about accounts: shown before they are posted, posted once, never over news unseen, taken back."""

import re

import pytest
from django.urls import reverse
from tests.app_samples import AT, TODAY
from tests.web_samples import member_of, one_of_everything, signed_in

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import ROLES, Role
from superbill.app.billing.actions import PaymentFacts, take_payment, unapplied_money
from superbill.app.billing.models import Approval, JournalEntry, PaymentPlan, Refund
from superbill.app.billing.queries import patient_ledger
from superbill.app.web.accounts.deeds import registry
from superbill.app.web.accounts.queries_list import Wanted, account_page


@pytest.fixture
def office(system, practice, tmp_path):
    return one_of_everything(system, practice, tmp_path)


@pytest.fixture
def poster(office):
    return signed_in(member_of(office.practice, "poster", Role.POSTER))


def address(office, deed, route="account-deed", about=None):
    return reverse(route, args=(office.practice.key, about or office.keys["account"][0], deed))


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def asked(client, where, **fields):
    """The preview, and what its button sends."""
    begun = client.get(where)
    shown = client.post(where, {**fields, "key": hidden(begun, "key"), "stamp": hidden(begun, "stamp")})
    return shown, {**fields, "key": hidden(shown, "key"), "stamp": hidden(shown, "stamp"), "agreed": "1"}


def entries(office):
    return office.rows(JournalEntry).count()


def office_scope(office):
    return Scope(office.practice.pk)


PAYMENT = {"amount": "12.50", "method": "check", "reference": "77", "rule": ""}


def test_a_payment_is_shown_and_nothing_is_posted_until_it_is_agreed_to(office, poster):
    before = entries(office)
    shown, agreed = asked(poster, address(office, "payment"), **PAYMENT)
    assert shown.status_code == 200
    assert "What would change" in shown.content.decode()
    assert "12.50" in shown.content.decode()
    assert entries(office) == before
    assert poster.post(address(office, "payment"), agreed).status_code == 302
    assert entries(office) == before + 1


def test_pressing_the_button_twice_posts_once(office, poster):
    _shown, agreed = asked(poster, address(office, "payment"), **PAYMENT)
    before = entries(office)
    poster.post(address(office, "payment"), agreed)
    again = poster.post(address(office, "payment"), agreed)
    assert entries(office) == before + 1
    assert again.status_code == 302  # as the first time


def test_what_somebody_posted_meanwhile_is_shown_and_what_was_written_is_kept(system, office, poster):
    _shown, agreed = asked(poster, address(office, "payment"), **PAYMENT)
    patient = office.keys["account"][0]
    take_payment(system, 3_00, PaymentFacts(method="cash", patients=(patient,)), "meanwhile", TODAY, at=AT)
    before = entries(office)
    stale = poster.post(address(office, "payment"), agreed)
    page = stale.content.decode()
    assert stale.status_code == 409
    assert entries(office) == before
    assert "Somebody posted here meanwhile" in page
    assert "3.00" in page
    assert 'value="12.50"' in page
    assert poster.post(address(office, "payment"), {**agreed, "stamp": hidden(stale, "stamp")}).status_code == 302


def test_undo_takes_it_back_with_a_new_entry(office, poster):
    patient = office.keys["account"][0]
    before = patient_ledger(office_scope(office), patient).balance
    _shown, agreed = asked(poster, address(office, "payment"), **PAYMENT)
    poster.post(address(office, "payment"), agreed)
    page = poster.get(reverse("account", args=(office.practice.key, patient))).content.decode()
    entry = re.search(r'name="entry" value="([^"]*)"', page)[1]
    poster.post(reverse("entry-undo", args=(office.practice.key,)), {"entry": entry})
    assert patient_ledger(office_scope(office), patient).balance == before


def test_above_ones_limit_a_write_off_waits_and_the_preview_says_so(office, poster):
    lines = patient_ledger(office_scope(office), office.keys["account"][0]).lines
    line = next(one for one in lines if one.balance.insurance)
    fields = {"reason": "hardship", f"line-{line.key}": f"{line.balance.insurance / 100:.2f}"}
    shown, agreed = asked(poster, address(office, "write-off"), **fields)
    assert "waits for a second person" in shown.content.decode()
    assert office.rows(Approval).count() == 0
    poster.post(address(office, "write-off"), agreed)
    assert office.rows(Approval).get().state == "waiting"
    manager = signed_in(member_of(office.practice, "boss", Role.MANAGER))
    _shown, agreed = asked(manager, address(office, "approve", "case-deed", "AP000001"))
    assert manager.post(address(office, "approve", "case-deed", "AP000001"), agreed).status_code == 302
    assert office.rows(Approval).get().state == "approved"


def test_who_asked_for_a_refund_does_not_approve_it(system, office):
    patient = office.keys["account"][0]
    boss = member_of(office.practice, "boss", Role.MANAGER)
    facts = PaymentFacts(method="cash", patients=(patient,), rule="unapplied")
    take_payment(system, 500_00, facts, "much", TODAY, at=AT)
    client = signed_in(boss)
    where = address(office, "refund")
    fields = {"amount": "400", "reason": "moved away", "despite": "on", "key": "k", "stamp": "0"}
    client.post(where, fields)
    assert office.rows(Refund).get().state == "requested"
    refused = client.post(address(office, "approve", "case-deed", "RF000001"), {"key": "k2", "stamp": "0"})
    assert refused.status_code in (403, 422)
    assert office.rows(Refund).get().state == "requested"
    other = signed_in(member_of(office.practice, "other", Role.MANAGER))
    other.post(address(office, "approve", "case-deed", "RF000001"), {"key": "k3", "stamp": "0"})
    assert office.rows(Refund).get().state == "approved"
    assert unapplied_money(office_scope(office), patient) >= 400_00


def test_a_plan_is_shown_instalment_by_instalment_and_not_made_by_looking(office, poster):
    shown, agreed = asked(poster, address(office, "plan"), months="3", first="12/15/2030")
    assert shown.content.decode().count("Dec 2030") == 1
    assert office.rows(PaymentPlan).count() == 0
    poster.post(address(office, "plan"), agreed)
    assert office.rows(PaymentPlan).count() == 1


def test_what_an_action_refuses_stands_in_the_form(office, poster):
    line = patient_ledger(office_scope(office), office.keys["account"][0]).lines[0]
    fields = {"reason": "courtesy", f"line-{line.key}": "9,999.00", "key": "k", "stamp": "0"}
    answer = poster.post(address(office, "write-off"), fields)
    assert answer.status_code == 422
    assert "no patient&#x27;s balance" in answer.content.decode()


def test_nobody_does_what_their_role_does_not(office):
    """Every deed asks for its own permission: one who may read the account and do nothing else gets 403."""
    of_patients = [deed for (kind, _name), deed in registry().items() if kind == "patient"]
    lacking = {Role.BILLER, Role.POSTER, Role.FRONT_DESK}
    for role in lacking:
        client = signed_in(member_of(office.practice, f"one {role.value}", role))
        for deed in of_patients:
            answer = client.post(address(office, deed.name), {})
            assert (answer.status_code == 403) == (deed.needs not in ROLES[role]), (role, deed.name)


def test_a_deed_that_there_is_not_is_not_here(office, poster):
    assert poster.get(address(office, "give-away")).status_code == 404
    assert poster.get(address(office, "approve", "case-deed", "RF000099")).status_code == 404
    assert poster.get(address(office, "approve", "case-deed", "XX1")).status_code == 404


def test_the_list_finds_who_owes_and_adds_up_by_age(system, office):
    page = account_page(system.scope, Wanted(), TODAY)
    assert page.total == len(page.rows) > 0
    for row in page.rows:
        assert sum(row.ages) == row.owed
        assert row.due == row.owed - row.unapplied
    assert account_page(system.scope, Wanted(over=1_000_000_00), TODAY).total == 0
    assert account_page(system.scope, Wanted(state="credit"), TODAY).total == 0
