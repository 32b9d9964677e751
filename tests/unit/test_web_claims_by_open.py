"""Claims sorted by what their visits have open: right after all that is posted, filtered or not, page by page."""

from datetime import timedelta

import pytest
from django.db.models import Sum
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import reverse, take_patient_payment, write_off
from superbill.app.billing.models import LineBalance, VisitBalance
from superbill.app.billing.rebuild import rebuild
from superbill.app.claims.models import ClaimRow
from superbill.app.doctor import examine
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.web.claims import queries_list
from superbill.app.web.claims.asking import Asked
from superbill.app.web.claims.queries_list import claim_list, matching_ids

PAYERS = ("one", "")  # everything is billed to "one": a filter that leaves all, and none


def listed(scope, sort, *, payer="", page="1"):
    total = scope.rows(ClaimRow).count()
    return claim_list(scope, Asked(sort=sort, payer=payer), total, page, TODAY).rows


def owed(scope):
    """What the lines say, by claim."""
    sums = scope.rows(LineBalance).order_by().values_list("line__encounter_id")
    visits = {visit: i + p for visit, i, p in sums.annotate(i=Sum("insurance"), p=Sum("patient"))}
    claims = scope.rows(ClaimRow).values_list("id", "encounter_id")
    return {row: (visits.get(visit, 0), visit, row) for row, visit in claims}


def must_be_sorted(scope):
    right = owed(scope)
    for payer in PAYERS:
        rows = listed(scope, "open", payer=payer)
        assert [row.id for row in rows] == sorted(right, key=right.__getitem__)
        assert [row.id for row in listed(scope, "-open", payer=payer)] == [row.id for row in reversed(rows)]
        assert all(row.insurance + row.patient == right[row.id][0] for row in rows)
        falling = Asked(sort="-open", payer=payer)
        assert matching_ids(scope, falling, TODAY, 100) == [row.id for row in reversed(rows)]
    return [right[row.id][0] for row in listed(scope, "-open")]


@pytest.mark.parametrize("many", [0, 20_000])  # along the visits, and sorted
def test_the_order_is_right_after_everything_that_is_posted(system, monkeypatch, many):
    monkeypatch.setattr(queries_list, "_MANY", many)
    scope = system.scope
    sent = billed(system, charts=2, visits=3)
    seen = [must_be_sorted(scope)]
    for place, one in enumerate(sent[:3]):
        post_remittance(system, remittance(f"T{place}", usual_answer(one)), payer_key="one", at=AT)
        seen.append(must_be_sorted(scope))
    patient = scope.rows(PatientRow).first()
    paid = take_patient_payment(system, patient.pk, 25_00, "cash", "k", TODAY, at=AT)
    seen.append(must_be_sorted(scope))
    write_off(system, "A1003-1", 5_00, "courtesy", "w", TODAY, at=AT)
    seen.append(must_be_sorted(scope))
    reverse(system, paid.key, on=TODAY + timedelta(days=3), at=AT)
    seen.append(must_be_sorted(scope))
    assert len({tuple(one) for one in seen}) == len(seen)  # each of them has moved something
    assert examine(scope).healthy


@pytest.mark.parametrize("many", [0, 20_000])  # along the visits, and sorted
def test_no_claim_is_on_two_pages_or_on_none(system, monkeypatch, many):
    monkeypatch.setattr(queries_list, "_MANY", many)
    monkeypatch.setattr(queries_list, "ROWS", 4)
    monkeypatch.setattr(queries_list, "asked", lambda page, _total: (int(page), 4 * (int(page) - 1)))
    billed(system, charts=2, visits=5)  # ties: all have the same open
    right = owed(system.scope)
    for payer in PAYERS:
        pages = [[row.id for row in listed(system.scope, "open", payer=payer, page=page)] for page in "123"]
        assert [len(page) for page in pages] == [4, 4, 2]
        assert [row for page in pages for row in page] == sorted(right, key=right.__getitem__)


def test_what_was_changed_past_the_journal_is_put_right(system):
    billed(system, charts=1, visits=2)
    right = must_be_sorted(system.scope)
    system.scope.rows(VisitBalance).filter(encounter__account_number="A1001").update(insurance=1, open=1)
    system.scope.rows(VisitBalance).filter(encounter__account_number="A1002").delete()
    assert len([one for one in examine(system.scope).findings if one.rule == "doctor.balance"]) == 2
    told = {one.table: one.differences for one in rebuild(system, at=AT)}
    assert told["billing_visitbalance"] == 3  # a changed row counts on both sides, a lost one once
    assert told["billing_linebalance"] == 0
    assert must_be_sorted(system.scope) == right
    assert examine(system.scope).healthy


def test_another_practice_sees_nothing_of_it(system):
    billed(system, charts=1, visits=2)
    outsider = actor_with("o", open_practice("elsewhere", "Elsewhere").pk, Role.MANAGER)
    assert listed(outsider.scope, "-open") == listed(outsider.scope, "open", payer="one") == ()
    with pytest.raises(NotPermitted):
        listed(actor_with("c", system.practice_id, Role.CODER).scope, "-open")
