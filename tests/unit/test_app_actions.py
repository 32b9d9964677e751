"""What people do, from the chart to the statement, on both databases."""

from datetime import date

import pytest
from msgspec import structs
from tests.app_samples import AT, TODAY, answer, billed, chart, claim, coded, paid_line, remittance, usual_answer
from tests.statement_samples import drafts

from superbill.app.billing.actions import (
    BadAmount,
    KeyConflict,
    take_patient_payment,
)
from superbill.app.billing.models import JournalEntry, LineBalance
from superbill.app.billing.queries import (
    claim_ledger,
    encounter_ledger,
    patient_ledger,
    patients_with_balance,
)
from superbill.app.claims.actions import (
    ClaimDraft,
    NotThisClaim,
    finish_file,
    mark_sent,
    open_claims,
    open_corrected_claim,
    open_next_claim,
    prepare_batch,
    receive_file,
    record_277ca,
    record_999,
    release_held,
)
from superbill.app.claims.models import Batch, ClaimRow
from superbill.app.claims.queries import batches_to_write, claims_to_bill_next, files_to_finish, ready_groups
from superbill.app.claims.queries import claim as find_claim
from superbill.app.doctor import examine
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.queries import count_by_state, visit, visits
from superbill.app.patients.actions import import_charts
from superbill.app.remits.actions import post_remittance
from superbill.app.remits.models import RemittanceRow
from superbill.app.reports.aging import aging, bucket
from superbill.app.reports.queries import totals
from superbill.app.statements.actions import StatementOutOfDate, record_statements
from superbill.claims.model import Person
from superbill.findings import Finding, Severity, header
from superbill.x12.model import (
    ClaimAcknowledgement,
    ClaimStatus,
    FunctionalAcknowledgement,
    StatusCode,
    TransactionSetResponse,
)

ERROR = Finding(rule="x.y", severity=Severity.ERROR, where=header("service"), message="No.", fix="Mend it.")


def test_an_import_run_again_changes_nothing(system):
    first = import_charts(system, [chart(1, 3), chart(2, 1)], at=AT)
    again = import_charts(system, [chart(1, 3), chart(2, 1)], at=AT)
    assert (first.patients_new, first.encounters_new) == (2, 4)
    assert (again.patients_same, again.encounters_same, again.encounters_new, again.encounters_changed) == (2, 4, 0, 0)
    assert [one.account_number for some in visits(system.scope, chunk=2) for one in some] == [
        "A1001",
        "A1002",
        "A1003",
        "A1004",
    ]


def test_a_changed_visit_is_coded_anew_before_billing_and_left_alone_after(system):
    import_charts(system, [chart(1)], at=AT)
    stored = visit(system.scope, "A1001")
    record_coding(system, [(stored.id, coded("p1e0", "p1"))], at=AT)
    changed = import_charts(system, [chart(1, reason="now with a payer")], at=AT)
    assert (changed.encounters_changed, visit(system.scope, "A1001").state) == (1, "imported")
    record_coding(system, [(stored.id, coded("p1e0", "p1"))], at=AT)
    open_claims(system, [ClaimDraft(encounter=stored.id, claim=claim("A1001"), payer_key="one")], TODAY, at=AT)
    for _ in range(2):
        late = import_charts(system, [chart(1, reason="too late")], at=AT)
        assert [finding.rule for finding in late.findings] == ["import.changed-after-billing"]
    after = visit(system.scope, "A1001")
    assert (after.state, after.encounter.payer_hint, len(after.findings)) == ("billed", "now with a payer", 1)
    assert record_coding(system, [(stored.id, coded("p1e0", "p1"))], at=AT).already_billed == 1


def test_the_same_visit_read_from_another_file_is_the_same_visit(system):
    import_charts(system, [chart(1)], at=AT)
    from superbill.chart.model import Source

    one = chart(1)
    moved = structs.replace(one, encounters=(structs.replace(one.encounters[0], source=Source("b.json", 7)),))
    assert import_charts(system, [moved], at=AT).encounters_same == 1


def test_opening_charges_once_and_a_held_claim_is_charged_too(system):
    import_charts(system, [chart(1, 2)], at=AT)
    ids = [one.id for some in visits(system.scope) for one in some]
    drafts = [
        ClaimDraft(encounter=ids[0], claim=claim("A1001"), payer_key="one"),
        ClaimDraft(encounter=ids[1], claim=claim("A1002"), payer_key="one", findings=(ERROR,)),
    ]
    opened = open_claims(system, drafts, TODAY, at=AT)
    assert (opened.ready, opened.held, opened.charged) == (1, 1, 2)
    again = open_claims(system, drafts, date(2026, 12, 1), at=AT)
    assert (again.ready, again.held, again.charged, again.already) == (0, 0, 0, 2)
    assert encounter_ledger(system.scope, "A1002").balance.insurance == 150_00
    with pytest.raises(NotThisClaim, match="billed already"):
        open_claims(
            system, [ClaimDraft(encounter=ids[0], claim=claim("A1001", number="X"), payer_key="one")], TODAY, at=AT
        )


def test_a_held_claim_is_released_when_mended_but_keeps_its_charge(system):
    import_charts(system, [chart(1)], at=AT)
    draft = ClaimDraft(
        encounter=visit(system.scope, "A1001").id, claim=claim("A1001"), payer_key="one", findings=(ERROR,)
    )
    open_claims(system, [draft], TODAY, at=AT)
    row = find_claim(system.scope, "A1001P1")
    with pytest.raises(NotThisClaim, match="not ready"):
        prepare_batch(system, "one", [row.id], lambda numbers: b"", at=AT)
    with pytest.raises(NotThisClaim, match="charge stay"):
        release_held(system, [(row.id, claim("A1001", (1, 2)), ())], at=AT)
    assert release_held(system, [(row.id, draft.claim, (ERROR,))], at=AT).held == 1
    mended = structs.replace(draft.claim, note="mended")
    assert release_held(system, [(row.id, mended, ())], at=AT).ready == 1
    assert find_claim(system.scope, "A1001P1").claim.note == "mended"


def test_a_batch_takes_new_numbers_and_is_found_again_until_it_is_written(system):
    billed(system, charts=1)
    billed(system, charts=1, first=2)
    batches = list(system.scope.rows(Batch).order_by("id"))
    assert [(one.interchange_control_number, one.claim_count, one.state) for one in batches] == [
        (1, 2, "sent"),
        (2, 2, "sent"),
    ]
    import_charts(system, [chart(3)], at=AT)
    stored = visit(system.scope, "A1005")
    open_claims(system, [ClaimDraft(encounter=stored.id, claim=claim("A1005"), payer_key="one")], TODAY, at=AT)
    (group,) = ready_groups(system.scope)

    def broken(numbers):
        raise RuntimeError("no printer")

    with pytest.raises(RuntimeError):
        prepare_batch(system, "one", group.claim_ids, broken, at=AT)
    assert ready_groups(system.scope) == [group]
    batch = prepare_batch(system, "one", group.claim_ids, lambda numbers: b"ISA", at=AT)
    assert [one.pk for one in batches_to_write(system.scope)] == [batch.pk]
    assert (batch.interchange_control_number, bytes(batches_to_write(system.scope)[0].content)) == (3, b"ISA")
    mark_sent(system, batch.pk, at=AT)
    mark_sent(system, batch.pk, at=AT)
    assert batches_to_write(system.scope) == []


def ack(group, code, *responses):
    return FunctionalAcknowledgement(
        functional_id="HC", group_control_number=str(group), version="005010X222A1", code=code, included=1, received=1,
        accepted=0, responses=responses,
    )  # fmt: skip


def test_a_999_acknowledges_or_rejects_a_batch_with_its_claims(system):
    billed(system, charts=1)
    assert record_999(system, ack(1, "A"), at=AT).accepted == 2
    assert record_999(system, ack(77, "A"), at=AT).unmatched == 1
    refused = TransactionSetResponse(identifier="837", control_number="0001", version="005010X222A1", code="R")
    done = record_999(system, ack(1, "R", refused), at=AT)
    assert (done.rejected, system.scope.rows(Batch).get().state) == (2, "rejected")
    stored = find_claim(system.scope, "A1001P1")
    assert (stored.state, stored.findings[0].rule) == ("rejected", "answer.set-rejected")
    assert totals(system.scope).clean_rate == 0


def status(number, action, category, code="19"):
    return ClaimStatus(
        control_number=number,
        patient=Person("X"),
        action=action,
        statuses=(StatusCode(category, code),),
        charge=150_00,
        payer_control_number="PCN9" if action == "WQ" else "",
    )


def test_a_277ca_moves_claims_and_says_why_in_words(system):
    billed(system, charts=2)
    statuses = (status("A1001P1", "WQ", "A2"), status("A1002P1", "U", "A7"), status("NOPE", "WQ", "A2"))
    answer_ = ClaimAcknowledgement(
        source_name="P", source_id="1", receiver_name="L", receiver_id="2",
        provider_name="L", provider_npi="1234567893", reference="r", batch_reference="b",
        received=TODAY, processed=TODAY, claims=statuses,
    )  # fmt: skip
    done = record_277ca(system, answer_, at=AT)
    assert (done.accepted, done.rejected, done.unmatched) == (1, 1, 1)
    assert find_claim(system.scope, "A1001P1").payer_control_number == "PCN9"
    refused = find_claim(system.scope, "A1002P1")
    assert refused.state == "rejected"
    assert len(refused.findings[0].message) > 20
    again = record_277ca(system, answer_, at=AT)
    assert (again.accepted, again.rejected, again.unchanged) == (0, 0, 2)


def test_a_rejected_claim_is_sent_anew_and_its_charge_stays(system):
    billed(system, charts=1, visits=1)
    record_999(system, ack(1, "R"), at=AT)
    row = find_claim(system.scope, "A1001P1")
    draft = ClaimDraft(encounter=row.encounter_id, claim=claim("A1001", number="A1001P2"), payer_key="one")
    new = open_corrected_claim(system, row.id, draft, at=AT)
    assert new == open_corrected_claim(system, row.id, draft, at=AT)
    assert system.scope.rows(ClaimRow).get(pk=new).replaces_id == row.id
    assert encounter_ledger(system.scope, "A1001").balance.charge == 150_00
    with pytest.raises(NotThisClaim, match="not charged"):
        wrong = structs.replace(draft, claim=claim("A1001", (1, 2), number="A1001P3"))
        open_corrected_claim(system, row.id, wrong, at=AT)
    with pytest.raises(NotThisClaim, match="wait for its answer"):
        open_corrected_claim(system, new, draft, at=AT)


def test_a_remittance_posts_once_and_another_of_the_same_number_is_held(system):
    claims = billed(system)
    remit = remittance("T1", *(usual_answer(one) for one in claims))
    first = post_remittance(system, remit, payer_key="one", at=AT)
    entries = system.scope.rows(JournalEntry).count()
    assert post_remittance(system, remit, payer_key="one", at=AT).already
    other = remittance("T1", usual_answer(claims[0]))
    held = post_remittance(system, other, payer_key="one", at=AT)
    assert (first.held, held.held, held.findings[0].rule) == (False, True, "remit.trace-number-again")
    assert post_remittance(system, other, payer_key="one", at=AT).id == held.id
    assert system.scope.rows(JournalEntry).count() == entries
    assert sorted(system.scope.rows(RemittanceRow).values_list("state", flat=True)) == ["held", "posted"]
    assert examine(system.scope).healthy


def test_a_held_remittance_posts_once_its_claims_are_there(system):
    remit = remittance("T1", usual_answer(claim("A1001")))
    assert post_remittance(system, remit, payer_key="one", at=AT).held
    billed(system, charts=1, visits=1)
    done = post_remittance(system, remit, payer_key="one", at=AT)
    assert (done.held, find_claim(system.scope, "A1001P1").state) == (False, "partly_denied")
    assert examine(system.scope).healthy


def test_a_reversal_and_a_correction_leave_what_the_correction_says(system):
    (sent,) = billed(system, charts=1, visits=1)
    post_remittance(system, remittance("T1", usual_answer(sent)), payer_key="one", at=AT)
    one, two = sent.lines
    back = answer(
        sent,
        paid_line(structs.replace(one, charge=-one.charge), -80_00, ("CO", "45", -20_00), ("PR", "2", -20_00)),
        paid_line(structs.replace(two, charge=-two.charge), 0, ("CO", "50", -30_00)),
        status="22",
    )
    right = answer(sent, paid_line(one, 100_00, ("CO", "45", 20_00)), paid_line(two, 30_00))
    done = post_remittance(system, remittance("T2", back, right), payer_key="one", at=AT)
    balance = claim_ledger(system.scope, "A1001P1").balance
    assert not done.held
    assert (balance.paid, balance.adjusted, balance.insurance, balance.patient) == (130_00, 20_00, 0, 0)
    assert find_claim(system.scope, "A1001P1").state == "paid"
    assert examine(system.scope).healthy


def test_what_the_first_payer_leaves_goes_to_the_next_without_a_new_charge(system):
    (sent,) = billed(system, charts=1, visits=1, next_payer="two")
    post_remittance(system, remittance("T1", usual_answer(sent)), payer_key="one", at=AT)
    (waiting,) = claims_to_bill_next(system.scope)
    assert (waiting.stored.next_payer, waiting.answer.paid, waiting.paid_on) == ("two", 80_00, TODAY)
    second = ClaimDraft(encounter=waiting.stored.encounter_id, claim=claim("A1001", number="A1001S1"), payer_key="two")
    assert open_next_claim(system, [second], at=AT).ready == 1
    assert list(claims_to_bill_next(system.scope)) == []
    (group,) = ready_groups(system.scope)
    prepare_batch(system, "two", group.claim_ids, lambda numbers: b"x", at=AT)
    one, two = second.claim.lines
    paid = answer(second.claim, paid_line(one, 20_00, ("OA", "23", 100_00)), paid_line(two, 0, ("OA", "23", 30_00)))
    done = post_remittance(system, remittance("T2", paid), payer_key="two", at=AT)
    balance = encounter_ledger(system.scope, "A1001").balance
    assert not done.held, done.findings
    assert (balance.charge, balance.paid, balance.patient) == (150_00, 100_00, 0)
    assert examine(system.scope).healthy


def test_a_file_is_kept_once_and_unfinished_until_said(system):
    one = receive_file(system, name="a.835", content=b"ISA", at=AT)
    two = receive_file(system, name="b.835", content=b"ISA", at=AT)
    assert (one.id, one.finished) == (two.id, two.finished) == (one.id, False)
    assert len(files_to_finish(system.scope)) == 1
    finish_file(system, one.id, at=AT)
    assert receive_file(system, name="a.835", content=b"ISA", at=AT).finished
    assert files_to_finish(system.scope) == []


def test_a_patient_pays_the_oldest_line_first_and_the_rest_waits(system):
    claims = billed(system, charts=1)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    patient = visit(system.scope, "A1001").patient_id
    take_patient_payment(system, patient, 25_00, "check", "c1", TODAY, at=AT)
    take_patient_payment(system, patient, 25_00, "check", "c1", TODAY, at=AT)
    lines = {line.key: line.balance.patient for line in patient_ledger(system.scope, patient).lines}
    assert (lines["A1001-1"], lines["A1002-1"]) == (0, 15_00)
    take_patient_payment(system, patient, 20_00, "cash", "c2", TODAY, at=AT)
    assert patient_ledger(system.scope, patient).unapplied == 5_00
    with pytest.raises(KeyConflict):
        take_patient_payment(system, patient, 26_00, "check", "c1", TODAY, at=AT)
    for nothing in (0, -5):
        with pytest.raises(BadAmount):
            take_patient_payment(system, patient, nothing, "cash", "c3", TODAY, at=AT)


def test_a_statement_asks_for_what_is_owed_once_a_day(system):
    claims = billed(system, charts=1)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    (due,) = patients_with_balance(system.scope, 500)
    assert (due.due, len(due.lines), list(patients_with_balance(system.scope, 40_01))) == (40_00, 2, [])
    made = drafts(system)
    take_patient_payment(system, due.patient_id, 1, "cash", "k", TODAY, at=AT)
    with pytest.raises(StatementOutOfDate):
        record_statements(system, made, at=AT)
    (one,) = record_statements(system, drafts(system), at=AT)
    assert (one.number, one.amount, one.new) == (1, 39_99, True)
    (same,) = record_statements(system, made, at=AT)
    assert (same.number, same.amount, same.new) == (1, 39_99, False)


@pytest.mark.parametrize(
    "days, place", [(-3, 0), (0, 0), (30, 0), (31, 1), (60, 1), (90, 2), (91, 3), (120, 3), (121, 4)]
)
def test_ages_fall_into_buckets(days, place):
    assert bucket(days) == place


def test_aging_adds_up_to_the_balances_and_totals_to_the_charges(system):
    claims = billed(system)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims[:3])), payer_key="one", at=AT)
    rows = {row.payer: row.total for row in aging(system.scope, TODAY)}
    kept = system.scope.rows(LineBalance)
    assert rows["one"] == sum(kept.values_list("insurance", flat=True)) == 3 * 30_00 + 150_00
    assert rows[""] == sum(kept.values_list("patient", flat=True)) == 60_00
    money = totals(system.scope).money
    assert money.charge == money.insurance_paid + money.patient_paid + money.adjusted + money.insurance + money.patient
    assert count_by_state(system.scope)["billed"] == totals(system.scope).visit_count == 4
