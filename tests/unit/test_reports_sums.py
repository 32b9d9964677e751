"""Months of key figures are told from sums that are kept, and from what was posted since: to the cent their cases."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, DAY, TODAY, answer, billed, paid_line, remittance, usual_answer

from superbill.app.billing.actions import reverse, take_patient_payment, write_off
from superbill.app.billing.models import ChargeLine
from superbill.app.billing.rebuild import rebuild
from superbill.app.remits.actions import post_remittance
from superbill.app.remits.models import RemittanceClaimRow
from superbill.app.reports.actions import keep_cost, refresh
from superbill.app.reports.figures import CASES, cases_behind, figures, whole
from superbill.app.reports.measures import BY_KEY
from superbill.app.reports.models import DaySum
from superbill.app.reports.monthly import MONTHLY
from superbill.app.reports.sums import COLUMNS, kept_through

FIRST, LAST = date(2026, 8, 1), date(2027, 1, 10)
LATER = TODAY + timedelta(days=40)


@pytest.fixture
def books(system):
    """Four claims, one paid and one refused in part; a patient who pays more than they owe on the day they are seen."""
    sent = billed(system, charts=2, visits=2)
    paid = answer(sent[1], *(paid_line(line, line.charge) for line in sent[1].lines))
    post_remittance(system, remittance("T1", paid, usual_answer(sent[2]), day=TODAY), payer_key="one", at=AT)
    patient = system.scope.rows(ChargeLine).get(key="A1003-1").patient_id
    take_patient_payment(system, patient, 70_00, "cash", "k", DAY, at=AT)
    keep_cost(system, TODAY, 99_00, at=AT)
    return system, sent


def go_on(system, sent):
    """A month later: more answers, a second one to a claim, a write-off, a payment taken back and one in advance."""
    taken = [paid_line(replace(line, charge=-line.charge), -line.charge) for line in sent[1].lines]
    back = answer(sent[1], *taken, status="22")
    again = answer(sent[1], *(paid_line(line, 0, ("CO", "50", line.charge)) for line in sent[1].lines))
    told = (usual_answer(sent[0]), usual_answer(sent[3]), back, again)
    post_remittance(system, remittance("T2", *told, day=LATER), payer_key="one", at=AT)
    answers = system.scope.rows(RemittanceClaimRow).filter(claim__control_number=sent[1].control_number)
    assert answers.filter(state="posted", outcome__in=("paid", "denied")).count() == 2
    write_off(system, "A1001-1", 5_00, "charity", "w", LATER, at=AT)
    patient = system.scope.rows(ChargeLine).get(key="A1001-1").patient_id
    paid = take_patient_payment(system, patient, 20_00, "cash", "k2", LATER, at=AT)
    reverse(system, paid.key, on=LATER + timedelta(days=30), at=AT)
    billed(system, charts=1, visits=1, first=9)


def agree(system):
    """Every figure by month, and over all months, is what its cases add up to, and has as many."""
    told = {}
    for key in MONTHLY:
        months = figures(system.scope, key, FIRST, LAST)
        for figure in months:
            cases = cases_behind(system.scope, key, FIRST, LAST, ("month",), figure.group, limit=10_000)
            over, under = sum(one.over for one in cases), sum(one.under for one in cases)
            assert (figure.numerator, figure.denominator, figure.cases) == (over, under, len(cases)), (key, figure)
        behind = cases_behind(system.scope, key, FIRST, LAST, ("month",), limit=10_000)
        assert {f"{one.day:%Y-%m}" for one in behind} == {figure.group[0] for figure in months}, key
        if not BY_KEY[key].standing:
            assert [whole(months)] == [one.value for one in figures(system.scope, key, FIRST, LAST, ())], key
        told[key] = [(one.group, one.numerator, one.denominator, one.value) for one in months]
    return told


def test_what_is_not_kept_is_added_up_from_the_journal(books):
    system, sent = books
    go_on(system, sent)
    assert set(MONTHLY) == set(CASES) - {"appeals-won"}
    before = agree(system)
    assert not system.scope.rows(DaySum).exists()
    refresh(system, at=AT)
    assert agree(system) == before
    assert kept_through(system.scope) > 0


def test_what_was_posted_since_counts_with_what_is_kept(books):
    system, sent = books
    refresh(system, at=AT)
    before = agree(system)
    go_on(system, sent)
    after = agree(system)
    refresh(system, at=AT)
    assert agree(system) == after != before


def test_sums_that_grew_are_those_of_a_rebuild(books):
    system, sent = books
    refresh(system, at=AT)
    go_on(system, sent)
    refresh(system, at=AT)
    grown = sorted(system.scope.rows(DaySum).values_list(*COLUMNS))
    assert not any(result.differences for result in rebuild(system, at=AT))
    assert sorted(system.scope.rows(DaySum).values_list(*COLUMNS)) == grown


def test_a_sum_changed_by_hand_is_put_right(books):
    system, _ = books
    rebuild(system, at=AT)
    row = system.scope.rows(DaySum).first()
    system.scope.rows(DaySum).filter(pk=row.pk).update(amount=row.amount + 1)
    assert [one.differences for one in rebuild(system, at=AT) if one.table == "reports_daysum"] == [2]
    assert not any(one.differences for one in rebuild(system, at=AT))
