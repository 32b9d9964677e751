"""Key figures of a small practice, each reckoned by hand beside it, and the cases behind them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from tests.app_samples import AT, TODAY, answer, billed, paid_line, remittance, usual_answer

from superbill.app.accounts.actors import actor_with, system_actor
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import post, take_patient_payment
from superbill.app.billing.models import ChargeLine
from superbill.app.claims.actions import record_277ca
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import decoded
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.reports.actions import BadCost, keep_cost
from superbill.app.reports.cases import Case
from superbill.app.reports.figures import CASES, NEEDED, NoMeasure, cases_behind, figures
from superbill.app.reports.measures import BY_KEY, MEASURES
from superbill.app.reports.scorecards import payer_scores, productivity
from superbill.claims.model import Claim, Person
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry
from superbill.ledger.entry import Posting as Move
from superbill.x12.model import ClaimAcknowledgement, ClaimStatus, StatusCode

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
LATER = TODAY + timedelta(days=10)


@pytest.fixture
def books(system):
    """Four claims of 150.00 sent on 2 November for visits of 1 and 2 September, charged on the day they were sent.

    The first is rejected. The second and third are answered after ten days: one in full, one as usual (80.00 paid,
    20.00 contractual, 20.00 coinsurance, 30.00 refused). The patient pays 20.00 a day later; 5.00 of the first claim
    are charity.
    """
    sent = billed(system, charts=2, visits=2)
    number = sent[0].control_number
    refused = ClaimStatus(
        control_number=number, patient=Person("X"), action="U", statuses=(StatusCode("A7", "33"),), charge=150_00
    )
    told = ClaimAcknowledgement(
        source_name="P", source_id="1", receiver_name="L", receiver_id="2", provider_name="L",
        provider_npi="1234567893", reference="r", batch_reference="b", received=TODAY, processed=TODAY,
        claims=(refused,),
    )  # fmt: skip
    record_277ca(system, told, at=AT)
    paid = answer(sent[1], *(paid_line(line, line.charge) for line in sent[1].lines))
    post_remittance(system, remittance("T1", paid, usual_answer(sent[2]), day=LATER), payer_key="one", at=AT)
    patient = system.scope.rows(ChargeLine).get(key="A1003-1").patient_id
    take_patient_payment(system, patient, 20_00, "cash", "k", LATER + timedelta(days=1), at=AT)
    moves = (
        Move(account=Account.CHARITY, amount=500, line="A1001-1"),
        Move(account=Account.INSURANCE, amount=-500, line="A1001-1", payer="one"),
    )
    post(system, [Entry(key="c", kind="adjustment", on=LATER, postings=moves)], at=AT)
    keep_cost(system, date(2026, 11, 15), 99_00, at=AT)
    keep_cost(system, date(2026, 11, 1), 25_00, at=AT)
    return system


RECKONED = {
    "clean-claims": (3, 4),  # one of the four was rejected
    "first-pass": (1, 2),  # of two answered, one had a line refused
    "rejected-claims": (1, 4),
    "rejected-dollars": (150_00, 600_00),
    "denied-claims": (1, 2),
    "denied-dollars": (30_00, 300_00),
    "days-in-ar": (325_00, 600_00),  # 145 (first), 30 refused, 150 (fourth); the patient has paid
    "ar-over-90": (0, 325_00),
    "net-collection": (250_00, 580_00),  # 150 + 80 + 20, of 600 less 20 contractual
    "gross-collection": (250_00, 600_00),
    "charge-lag": (8 * 62 - 4, 8),  # four lines after 62 days, four after 61
    "days-to-pay": (20, 2),
    "appeals-won": None,
    "bad-debt": (0, 600_00),
    "charity": (5_00, 600_00),
    "cost-to-collect": (25_00, 250_00),  # the cost as it was said last, over 230 from the payer and 20
    "point-of-service": (0, 20_00),  # paid in November for a visit in September
    "net-collection-of-services": None,  # no service in November
}


def test_figures_are_what_is_reckoned_by_hand(books):
    for key, reckoned in RECKONED.items():
        found = figures(books.scope, key, *NOVEMBER)
        assert [(one.numerator, one.denominator) for one in found] == ([reckoned] if reckoned else []), key
        assert all(one.group == ("2026-11",) for one in found), key


def test_days_in_ar_divide_by_the_charge_of_one_day(books):
    (figure,) = figures(books.scope, "days-in-ar", *NOVEMBER)
    assert figure.value == (Decimal(325_00) * 29 / 600_00).quantize(Decimal("0.0001"))  # charging began 29 days ago


def test_services_of_a_month_are_followed_whenever_the_money_came(books):
    september = (date(2026, 9, 1), date(2026, 9, 30))
    (figure,) = figures(books.scope, "net-collection-of-services", *september)
    assert (figure.numerator, figure.denominator) == (250_00, 580_00)


def test_the_cases_behind_a_figure_add_up_to_it_by_every_part(books):
    for measure in (BY_KEY[key] for key in RECKONED):
        whole = cases_behind(books.scope, measure.key, *NOVEMBER)
        for part in measure.by:
            found = figures(books.scope, measure.key, *NOVEMBER, by=(part,))
            assert sum(one.numerator for one in found) == sum(case.over for case in whole), measure.key
            for one in found:
                behind = cases_behind(books.scope, measure.key, *NOVEMBER, by=(part,), group=one.group)
                sums = (sum(case.over for case in behind), sum(case.under for case in behind), len(behind))
                assert sums == (one.numerator, one.denominator, one.cases), (measure.key, part)


def test_parts_say_whose_and_what(books):
    assert [one.group for one in figures(books.scope, "charity", *NOVEMBER, by=("payer",))] == [("one",)]
    by_code = figures(books.scope, "gross-collection", *NOVEMBER, by=("code",))
    assert {one.group: one.numerator for one in by_code} == {("36415",): 30_00, ("99213",): 220_00}
    (by_provider,) = figures(books.scope, "clean-claims", *NOVEMBER, by=("provider",))
    assert by_provider.group == ("1234567893",)


def test_a_month_stays_as_it_was_when_later_months_are_posted(books):
    before = {key: figures(books.scope, key, *NOVEMBER) for key in RECKONED}
    december = datetime(2026, 12, 20, 9, 0, tzinfo=UTC)
    claim = decoded(books.scope.rows(ClaimRow).get(control_number="A1004P1").doc, Claim)
    late = remittance("T2", usual_answer(claim), day=december.date())
    post_remittance(books, late, payer_key="one", at=december)
    take_patient_payment(
        books, books.scope.rows(PatientRow).first().pk, 5_00, "cash", "k2", december.date(), at=december
    )
    assert {key: figures(books.scope, key, *NOVEMBER) for key in RECKONED} == before
    (answered,) = figures(books.scope, "denied-claims", date(2026, 12, 1), date(2026, 12, 31))
    assert (answered.numerator, answered.denominator) == (1, 1)


def test_every_measure_has_its_words_and_its_cases():
    assert CASES.keys() == RECKONED.keys() == BY_KEY.keys() - NEEDED
    for measure in MEASURES:
        assert measure.numerator and measure.denominator and measure.month


def test_what_comes_from_contracts_is_given(books):
    with pytest.raises(NoMeasure, match="contracts"):
        figures(books.scope, "underpaid", *NOVEMBER)
    given = [Case("A1001P1", LATER, 5_00, 100_00, "one"), Case("A1002P1", date(2027, 1, 1), 1, 1, "one")]
    (figure,) = figures(books.scope, "underpaid", *NOVEMBER, by=("payer",), given=given)
    assert (figure.group, figure.value) == (("one",), Decimal("0.0500"))


def test_payers_side_by_side(books):
    (score,) = payer_scores(books.scope, *NOVEMBER)
    assert (score.payer, score.open, score.denied) == ("one", 325_00, 30_00)
    assert score.figures["days-to-pay"].value == 10


def test_providers_side_by_side(books):
    (one,) = productivity(books.scope, *NOVEMBER)
    assert (one.provider, one.visits, one.lines, one.units) == ("1234567893", 4, 8, 8)
    assert (one.charges, one.payments, one.adjustments, one.lag) == (600_00, 250_00, 25_00, Decimal("61.50"))


def test_what_can_not_be_asked_is_told(books):
    with pytest.raises(NoMeasure, match="no such figure"):
        figures(books.scope, "happiness", *NOVEMBER)
    with pytest.raises(NoMeasure, match="not known by code"):
        figures(books.scope, "clean-claims", *NOVEMBER, by=("code",))
    with pytest.raises(BadCost):
        keep_cost(books, TODAY, -1, at=AT)


def test_who_sees_figures_and_who_says_what_collecting_cost(books):
    outsider = actor_with("o", open_practice("elsewhere", "Elsewhere").pk, Role.MANAGER)
    colleague = actor_with("c", books.practice_id, Role.CODER)
    manager = actor_with("m", books.practice_id, Role.MANAGER)
    for key in RECKONED:
        assert figures(outsider.scope, key, *NOVEMBER) == []
        assert figures(manager.scope, key, *NOVEMBER) == figures(books.scope, key, *NOVEMBER)
        with pytest.raises(NotPermitted):
            figures(colleague.scope, key, *NOVEMBER)
    with pytest.raises(NotPermitted):
        keep_cost(actor_with("p", books.practice_id, Role.POSTER), TODAY, 1, at=AT)
    assert system_actor(books.practice_id).scope
