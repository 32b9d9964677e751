"""The ticket that goes to the bank with a deposit: every check by its number, cash and sums, nothing of a patient."""

import pytest
from pypdf import PdfReader
from tests.app_samples import AT, TODAY, chart
from tests.bank_books import statement
from tests.web_samples import site_of

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import PaymentFacts, take_payment
from superbill.app.deposits.actions import make_deposit, take_apart, take_in_statement
from superbill.app.deposits.ticket import ticket
from superbill.app.patients.actions import import_charts
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.forms.deposit import render
from superbill.site import read_site

TAKEN = (("check", "1044", 40_00), ("cash", "", 12_50), ("cash", "", 7_50), ("money order", "", 5_00))


@pytest.fixture
def site(practice, tmp_path):
    path = site_of(practice, tmp_path)
    return read_site(path.read_text(), str(path))


@pytest.fixture
def deposit(system):
    """A check, a money order without a number and two payments in cash, brought together."""
    import_charts(system, [chart(1)], at=AT)
    patient = system.scope.rows(PatientRow).get().pk
    receipts = [
        take_payment(
            system, cents, PaymentFacts(method=method, patients=(patient,), reference=number), f"k{cents}", TODAY, at=AT
        ).receipt
        for method, number, cents in TAKEN
    ]
    return make_deposit(system, receipts, TODAY, reference="B-7", at=AT).number


def text_of(data, folder):
    path = folder / "ticket.pdf"
    path.write_bytes(render(data))
    return " ".join(page.extract_text() for page in PdfReader(path).pages)


def test_a_ticket_has_each_check_with_its_number_and_every_sum(system, site, deposit, tmp_path):
    told = ticket(system.scope, site, deposit)
    assert [(one.number, one.amount) for one in told.checks] == [("1044", 40_00), ("", 5_00)]
    assert (told.cash, told.total, told.account) == (20_00, 65_00, "")
    text = " ".join(text_of(told, tmp_path).split())
    for words in (
        "1044",
        "$40.00",
        "Checks (2)",
        "$45.00",
        "Cash (2 payments)",
        "$20.00",
        "4 payments",
        "$65.00",
        "B-7",
    ):
        assert words in text, words
    assert "Family1" not in text


def test_the_account_is_told_by_its_last_digits_once_the_bank_told_it(system, site, deposit, tmp_path):
    take_in_statement(system, b"bank", "bank.csv", statement((TODAY, 65_00, "DEPOSIT")), at=AT)
    told = ticket(system.scope, site, deposit)
    assert len(told.account) in range(1, 5)
    assert f"ending in {told.account}" in " ".join(text_of(told, tmp_path).split())


def test_one_that_was_taken_apart_says_so(system, site, deposit, tmp_path):
    take_apart(system, deposit, why="by mistake", at=AT)
    assert "do not bring it to the bank" in " ".join(text_of(ticket(system.scope, site, deposit), tmp_path).split())


def test_who_gets_a_ticket(system, practice, site, deposit):
    assert ticket(actor_with("poster", practice.pk, Role.POSTER).scope, site, deposit) is not None
    with pytest.raises(NotPermitted):
        ticket(actor_with("coder", practice.pk, Role.CODER).scope, site, deposit)
    other = open_practice("hillside", "Hillside Clinic")
    assert ticket(actor_with("outsider", other.pk, Role.MANAGER).scope, site, deposit) is None
