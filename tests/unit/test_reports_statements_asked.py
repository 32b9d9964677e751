"""How many statements a page or a report asks of the database: few, and as many for one visit as for twelve."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.account_samples import everything_on, payer_of
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer
from tests.web_samples import member_of, signed_in

from superbill.app.accounts.emergencies import begin
from superbill.app.accounts.permissions import Role
from superbill.app.accounts.queries import actor_for
from superbill.app.boot import secret_key
from superbill.app.patients.models import PatientRow
from superbill.app.remits.actions import post_remittance
from superbill.app.reports.actions import refresh
from superbill.app.reports.aging import Question, aged, lines_behind
from superbill.app.reports.figures import figures
from superbill.app.web.desk import now

PAGE_LIMIT = 20
GUARANTOR_LIMIT = 29
MANY = 12


@pytest.fixture
def grow(system):
    """More visits of a patient, every one of them answered."""

    def more(number, visits):
        sent = billed(system, charts=1, visits=visits, first=number)
        answers = [usual_answer(one) for one in sent]
        post_remittance(system, remittance(f"T{number}", *answers), payer_key="one", at=AT)
        return system.scope.rows(PatientRow).get(source_id=f"p{number}").pk

    return more


def asked(deed):
    with CaptureQueriesContext(connection) as queries:
        deed()
    return sum(1 for query in queries if not query["sql"].startswith(("BEGIN", "COMMIT")))


@pytest.fixture
def office(practice, tmp_path):
    """A server's practice."""
    secret_key(tmp_path / "key")
    return practice


def pages(client, *addresses):
    """Statements that each page asks."""
    counts = [asked(lambda where=where: client.get(where)) for where in addresses]
    assert [client.get(where).status_code for where in addresses] == [200] * len(addresses)
    return counts


@pytest.fixture
def account_pages(grow, office):
    """Statements that the page of an account asks: of one visit, and of many."""
    few, many = grow(1, 1), grow(2, MANY)
    client = signed_in(member_of(office, "m", Role.MANAGER))
    return pages(client, *(f"/p/lakeside/accounts/{patient}" for patient in (few, many)))


def test_the_page_of_an_account_asks_as_much_of_many_visits_as_of_one(account_pages):
    few, many = account_pages
    assert many == few


def test_the_page_of_an_account_asks_few_statements(account_pages):
    assert max(account_pages) <= PAGE_LIMIT


def test_an_account_with_everything_on_it_asks_no_more_than_the_limit(grow, office, system):
    few, many = grow(1, 1), grow(2, MANY)
    for patient in (few, many):
        everything_on(system, patient)
    client = signed_in(member_of(office, "m", Role.MANAGER))
    one, twelve = pages(client, *(f"/p/lakeside/accounts/{patient}" for patient in (few, many)))
    assert one == twelve <= PAGE_LIMIT
    desk = member_of(office, "d", Role.FRONT_DESK)  # claims are opened to them for an hour: one statement more
    begin(actor_for(desk, office.pk), desk, "their chart is needed now", at=now())
    assert max(pages(signed_in(desk), f"/p/lakeside/accounts/{many}")) <= PAGE_LIMIT


def test_the_page_of_a_guarantor_asks_as_much_of_many_visits_as_of_one(grow, office, system):
    patients = grow(1, 1), grow(2, MANY)
    client = signed_in(member_of(office, "m", Role.MANAGER))
    addresses = [f"/p/lakeside/guarantors/{payer_of(system, patient)}" for patient in patients]
    few, many = pages(client, *addresses)
    assert few == many <= GUARANTOR_LIMIT
    for patient in patients:
        everything_on(system, patient)
    few, many = pages(client, *addresses)
    assert few == many <= GUARANTOR_LIMIT


def test_receivables_ask_as_much_of_big_books_as_of_small_ones(grow, system):
    def reports():
        question = Question(on=TODAY)
        yield lambda: aged(system.scope, question)
        yield lambda: lines_behind(system.scope, question, key="one")
        for key in ("gross-collection", "denied-claims", "ar-over-90"):
            yield lambda key=key: figures(system.scope, key, TODAY.replace(day=1), TODAY)

    counts = []
    for number, visits in ((1, 1), (2, MANY)):
        grow(number, visits)
        refresh(system, at=AT)
        counts.append([asked(report) for report in reports()])
    assert counts[0] == counts[1]
    assert max(counts[0]) <= PAGE_LIMIT
