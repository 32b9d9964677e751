"""The doctor finds what was changed past the app, whatever it was, and says where."""

import pytest
from django.db import connection, transaction
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer
from tests.statement_samples import stated

from superbill.app.billing.actions import take_patient_payment
from superbill.app.billing.queries import patients_with_balance
from superbill.app.doctor import examine
from superbill.app.doctor.database import GUARDS
from superbill.app.doctor.report import FINDINGS_KEPT
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance


@pytest.fixture
def books(system):
    """Two patients, four visits, a remittance, statements, a payment with money left over."""
    claims = billed(system)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    for due in list(patients_with_balance(system.scope)):
        stated(system)
        take_patient_payment(system, due.patient_id, 50_00, "check", f"k{due.patient_id}", TODAY, at=AT)
    return system


def tamper(*statements):
    """Change the database as somebody would who has its password: without triggers, keys and checks."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql, name FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute("PRAGMA foreign_keys = OFF")
            for _, name in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                cursor.execute(statement)
            for sql, _ in triggers:
                cursor.execute(sql)
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
            cursor.execute("PRAGMA foreign_keys = ON")
        else:
            with transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")
                for statement in statements:
                    cursor.execute(statement)


def rules(report):
    return {finding.rule.removeprefix("doctor.") for finding in report.findings}


def test_sound_books_are_healthy(books):
    report = examine(books.scope)
    assert report.healthy
    assert (report.entries, report.unbalanced, report.lines, report.findings) == (11, 0, 8, ())


FIRST = "(SELECT MIN(id) FROM {})"
PAYMENT = "SELECT MIN(entry_id) FROM billing_posting WHERE account = 'clearing' AND line_id IS NOT NULL"
PLANTED = {
    "one posting changed": (
        [f"UPDATE billing_posting SET amount = amount + 1 WHERE id = {FIRST.format('billing_posting')}"],
        {"unbalanced"},
    ),
    "both sides of a charge changed": (
        [
            "UPDATE billing_posting SET amount = amount + 100 WHERE account = 'insurance' AND amount = 12000",
            "UPDATE billing_posting SET amount = amount - 100 WHERE account = 'charges' AND amount = -12000",
        ],
        {"charge", "balance"},
    ),
    "money moved to another line": (
        ["UPDATE billing_posting SET line_id = (SELECT MAX(id) FROM billing_chargeline) WHERE account = 'contractual'"],
        {"line", "line-unbalanced"},
    ),
    "a payment lost": (
        [f"DELETE FROM billing_posting WHERE entry_id IN ({PAYMENT})"],
        {"unbalanced", "balance", "clearing"},
    ),
    "an entry lost with its postings": (
        [
            "DELETE FROM billing_posting WHERE entry_id = (SELECT MAX(id) FROM billing_journalentry)",
            "DELETE FROM billing_journalentry WHERE id = (SELECT MAX(id) FROM billing_journalentry)",
        ],
        {"gap", "balance"},
    ),
    "an entry lost without its postings": (
        ["DELETE FROM billing_journalentry WHERE number = 5"],
        {"orphan", "gap"},
    ),
    "a kept balance changed": (
        ["UPDATE billing_linebalance SET patient = patient + 1, charge = charge + 1"],
        {"balance"},
    ),
    "a kept balance lost": (["DELETE FROM billing_linebalance"], {"balance"}),
    "a visit's balance changed": (['UPDATE billing_visitbalance SET patient = 1, "open" = insurance + 1'], {"balance"}),
    "a visit's balance lost": (["DELETE FROM billing_visitbalance"], {"balance"}),
    "a kept payer changed": (["UPDATE billing_linebalance SET payer = 'two'"], {"balance"}),
    "a charge line changed": (
        ["UPDATE billing_chargeline SET charge = charge + 1 WHERE number = 1"],
        {"charge", "claim"},
    ),
    "a charge line lost": (["DELETE FROM billing_chargeline WHERE number = 2"], {"orphan", "claim", "balance"}),
    "a deposit changed": (
        [
            "UPDATE billing_posting SET amount = amount + 5 WHERE account = 'cash' AND line_id IS NULL",
            "UPDATE billing_posting SET amount = amount - 5 WHERE account = 'clearing' AND line_id IS NULL",
        ],
        {"deposit", "clearing"},
    ),
    "a remittance lost": (
        ["DELETE FROM remits_remittanceclaimrow", "DELETE FROM remits_remittancerow"],
        {"orphan"},
    ),
    "a remittance changed": (
        ["UPDATE remits_remittancerow SET doc = replace(doc, 'Lakeside', 'Hillside')"],
        {"document"},
    ),
    "a remittance unreadable": (["UPDATE remits_remittancerow SET doc = '{'"], {"document"}),
    "an answer lost": (["DELETE FROM remits_remittanceclaimrow WHERE position = 1"], {"document"}),
    "a claim's charge changed": (["UPDATE claims_claimrow SET charge = charge + 1"], {"claim"}),
    "a claim unreadable": (["UPDATE claims_claimrow SET doc = '[]'"], {"document"}),
    "a coding unreadable": (["UPDATE encounters_encounterrow SET coded = '{}'"], {"document"}),
    "an encounter changed": (["UPDATE encounters_encounterrow SET doc = doc || ' '"], {"document"}),
    "a chart unreadable": (["UPDATE patients_patientrow SET doc = ''"], {"document"}),
    "a statement changed": (["UPDATE statements_statement SET amount = amount + 1"], {"statement"}),
    "a batch changed": (["UPDATE claims_batch SET sha256 = 'x'"], {"file"}),
    "a counter set back": (["UPDATE practices_counter SET value = 0 WHERE name = 'interchange'"], {"counter"}),
    "the journal's counter set back": (["UPDATE practices_counter SET value = 1 WHERE name = 'journal'"], {"gap"}),
}  # fmt: skip


@pytest.mark.parametrize("planted", PLANTED)
def test_what_was_changed_past_the_app_is_found(books, planted):
    statements, expected = PLANTED[planted]
    tamper(*statements)
    report = examine(books.scope)
    assert expected <= rules(report), report.findings
    assert not report.healthy
    assert bool(report.unbalanced) == ("unbalanced" in rules(report))
    assert all(finding.message and finding.fix for finding in report.findings)


def test_a_reversal_that_is_not_exact_is_found(books):
    key = "charge:A1001"
    tamper(
        "UPDATE billing_journalentry SET kind = 'reversal', reverses_id = (SELECT MIN(id) FROM billing_journalentry)"
        " WHERE number = 2"
    )
    found = [finding for finding in examine(books.scope).findings if finding.rule == "doctor.reversal"]
    assert key in found[0].message


def test_a_removed_guard_is_found(books):
    with connection.cursor() as cursor:
        for guard in GUARDS[connection.vendor][:1]:
            table = "" if connection.vendor == "sqlite" else " ON audit_auditevent"
            cursor.execute(f"DROP TRIGGER {guard}{table}")
    assert rules(examine(books.scope)) == {"guard"}


def test_many_differences_are_counted_but_not_all_kept(books):
    tamper(
        "INSERT INTO billing_chargeline (practice_id, encounter_id, patient_id, key, number, code, modifiers, units,"
        " charge, service_start, service_end, diagnoses)"
        " WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n"
        f" WHERE i < {FINDINGS_KEPT + 20}) SELECT {books.practice_id}, (SELECT MIN(id) FROM encounters_encounterrow),"
        " (SELECT MIN(id) FROM patients_patientrow), 'X' || i, i, '', '', '1', 5, '2026-01-01', '2026-01-01', '' FROM n"
    )
    findings = examine(books.scope).findings
    assert len(findings) == FINDINGS_KEPT + 1
    assert findings[-1].message.startswith("11 more of doctor.charge")


def test_another_practice_is_not_examined(books):
    other = type(books)(name="x", practice_id=open_practice("h", "H").pk, permissions=books.permissions)
    tamper("UPDATE statements_statement SET amount = amount + 1")
    assert examine(other.scope).healthy
