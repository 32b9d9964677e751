"""What a statement says of the last one: what it asked for, and what the patient paid since."""

import json
from datetime import timedelta

import pytest
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer
from tests.cli_runs import columns, demo_args, ok, site
from tests.statement_samples import stated

from superbill.app.billing.actions import take_patient_payment
from superbill.app.billing.queries import patients_with_balance
from superbill.app.guarantors.queries import guarantor_of
from superbill.app.remits.actions import post_remittance
from superbill.app.session import open_session
from superbill.app.statements.composing import SinceStatement, since_statements

TOMORROW = TODAY + timedelta(days=1)


def since(system, guarantor, before):
    return since_statements(system.scope, [guarantor], before)[guarantor]


def test_payments_before_the_statement_and_those_of_others_do_not_count(system):
    claims = billed(system, charts=2)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    first, second = (due.patient_id for due in patients_with_balance(system.scope))
    guarantor = guarantor_of(system.scope, [first], TODAY)[first]
    take_patient_payment(system, first, 5_00, "cash", "before", TODAY, at=AT)
    assert since(system, guarantor, TOMORROW) == SinceStatement()
    stated(system)
    assert since(system, guarantor, TOMORROW) == SinceStatement(asked=35_00)
    take_patient_payment(system, first, 12_00, "card", "after", TODAY, at=AT)
    take_patient_payment(system, first, 30_00, "card", "more than owed", TODAY, at=AT)
    take_patient_payment(system, second, 3_00, "card", "another", TODAY, at=AT)
    assert since(system, guarantor, TOMORROW) == SinceStatement(asked=35_00, paid=42_00)
    assert since(system, guarantor, TODAY) == SinceStatement()  # on its own day it is not the last one


@pytest.fixture
def folder(tmp_path):
    """One patient's visits billed, paid by the payers, and a statement made on the site's day."""
    ok(*demo_args(site(tmp_path, "p35"), tmp_path / "out"))
    return tmp_path / "out"


def statements(database):
    """What the stored statements say, in order."""
    return [json.loads(doc) for (doc,) in columns(database, "SELECT doc FROM statements_statement ORDER BY number")]


def test_the_next_statement_tells_the_last_one_and_the_payment_since(folder):
    database = folder / "superbill.db"
    (first,) = statements(database)
    assert "previous_balance" not in first or first["previous_balance"] == 0
    ((patient, asked),) = columns(
        database,
        "SELECT patient_id, amount FROM statements_statement AS made"
        " JOIN statements_statementpatient ON statement_id = made.id",
    )
    session = open_session(str(database), folder / "site.toml", TODAY.replace(year=2026, month=12, day=1))
    take_patient_payment(session.actor, patient, 10_00, "check", "c1", session.today, at=session.at)
    ok("statement", "run", "--no-pdf", "--everyone", "--date", "2026-12-15", "--db", database)
    ok("statement", "run", "--no-pdf", "--everyone", "--date", "2027-01-15", "--db", database)
    told = statements(database)
    assert len(told) == 3, [(one["on"], one["number"]) for one in told]
    _, second, third = told
    assert (second["previous_balance"], second["payments_received"]) == (asked, 10_00)
    assert (third["previous_balance"], third.get("payments_received", 0)) == (asked - 10_00, 0)
