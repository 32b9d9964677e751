"""Claims after they were sent: refused, silent, sent again, asked about. Nothing that went out is forgotten."""

import pytest
from django.db import DatabaseError, transaction
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer
from tests.follow_up_samples import DAY, PAYERS, accepted_999, acknowledged, batch_of, kinds, states

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.claims import worklist
from superbill.app.claims.actions import (
    NotThisClaim,
    record_ta1,
    resend,
)
from superbill.app.claims.models import Batch, ClaimEvent, ClaimRow
from superbill.app.claims.payers import keep_payers
from superbill.app.claims.queries import (
    events_of,
    refused_claims,
    silent_claims,
    versions_of,
)
from superbill.app.inquiries import worklist as answers_worklist
from superbill.app.inquiries.actions import ask, record_replies
from superbill.app.inquiries.models import InquiryRow, ReplyRow
from superbill.app.inquiries.queries import claims_due, standing, story
from superbill.app.practices.actions import keep_policy, open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.worklists.actions import refresh
from superbill.app.worklists.models import WorkItem
from superbill.site.policy import MoneyPolicy
from superbill.x12.inquiry_model import ClaimReply
from superbill.x12.model import (
    InterchangeAcknowledgement,
    StatusCode,
)


@pytest.fixture
def books(system):
    """A practice whose payers are known."""
    keep_payers(system.scope, PAYERS)
    return system


# --- refused --------------------------------------------------------------------------------------------------------


def test_a_refused_interchange_takes_its_claims_back_and_a_task_says_what_to_do(books):
    billed(books, charts=2, visits=1)
    said = record_ta1(books, InterchangeAcknowledgement(control_number="000000001", date="261102", time="0900",
                                                        code="R", note="025"), at=AT)  # fmt: skip
    assert (said.rejected, states(books)) == (2, ["rejected", "rejected"])
    first, second = worklist.wanted(books.scope, TODAY)
    assert first.kind == second.kind == "rejected claim"
    assert "control number was used before" in first.why
    assert "Send the claims again in a new file" in first.why
    assert first.due == TODAY.replace(year=2027, month=9, day=1)
    assert record_ta1(
        books, InterchangeAcknowledgement(control_number="9", date="", time="", code="R"), at=AT
    ).unmatched


def test_what_was_refused_through_no_fault_of_its_own_goes_out_again_as_the_same_claim(books):
    (sent,) = billed(books, charts=1, visits=1)
    acknowledged(books, [sent], ("A3", "21"))
    assert states(books) == ["rejected"]
    (row,) = books.scope.rows(ClaimRow)
    with pytest.raises(NotThisClaim, match="10 characters"):
        resend(books, [row.pk], "again", at=AT)
    assert resend(books, [row.pk], "The clearinghouse was down that day", at=AT + DAY) == 1
    assert kinds(books, TODAY) == []
    again = batch_of(books, AT + DAY)
    (row,) = books.scope.rows(ClaimRow)
    assert (row.control_number, row.version, row.frequency, row.state) == ("A1001P1", 1, "1", "sent")
    told = [event.what for event in events_of(books.scope, versions_of(books.scope, row.pk))]
    assert told == ["sent", "rejected", "resent", "sent"]
    # The former file is acknowledged late: what it says is not about the one under way.
    late = acknowledged(books, [sent], ("A3", "21"), batch="B000000001", at=AT + 2 * DAY)
    assert (late.unchanged, states(books)) == (1, ["sent"])
    mine = acknowledged(books, [sent], batch=f"B{again.interchange_control_number:09d}", at=AT + 2 * DAY)
    assert (mine.accepted, states(books)) == (1, ["accepted"])


def test_a_decided_claim_is_not_sent_again(books):
    (sent,) = billed(books, charts=1, visits=1)
    post_remittance(books, remittance("T1", usual_answer(sent)), payer_key="one", at=AT)
    (row,) = books.scope.rows(ClaimRow)
    with pytest.raises(NotThisClaim, match="only what was sent and not decided"):
        resend(books, [row.pk], "no answer that we know of", at=AT)


def test_a_rejection_says_in_plain_words_what_is_wrong_and_what_mends_it(books):
    (sent,) = billed(books, charts=1, visits=1)
    acknowledged(books, [sent], ("A7", "562", "85"))
    (found,) = refused_claims(books.scope)
    (finding,) = found.findings
    assert "National Provider Identifier" in finding.message
    assert "the billing provider" in finding.message
    assert finding.fix == "Correct the NPI, or enrol it with the payer."
    (item,) = worklist.wanted(books.scope, TODAY)
    assert finding.fix in item.why
    assert "Family" not in item.why  # a task names no patient


# --- silent ---------------------------------------------------------------------------------------------------------


def test_each_silence_has_its_own_days(books):
    (sent,) = billed(books, charts=1, visits=1)
    assert kinds(books, TODAY + DAY) == []
    assert kinds(books, TODAY + 2 * DAY) == ["silent file"]
    accepted_999(books, at=AT + DAY)
    assert [one.stage for one in silent_claims(books.scope, TODAY + 6 * DAY)] == ["277CA"]
    assert kinds(books, TODAY + 5 * DAY) == []
    acknowledged(books, [sent], at=AT + 2 * DAY)
    assert kinds(books, TODAY + 31 * DAY) == []
    (item,) = worklist.wanted(books.scope, TODAY + 32 * DAY)
    assert (item.kind, item.due) == ("silent claim", TODAY.replace(year=2027, month=9, day=1))
    assert "owes interest" in item.why


def test_days_follow_the_practice_and_the_kind_of_payer(books):
    (sent,) = billed(books, charts=1, visits=1)
    acknowledged(books, [sent])
    keep_policy(books.practice_id, MoneyPolicy(answer_days={"medicare": 14}))
    assert kinds(books, TODAY + 13 * DAY) == []
    assert kinds(books, TODAY + 14 * DAY) == ["silent claim"]


def test_a_task_is_more_urgent_the_nearer_its_filing_limit():
    assert worklist.rank(100_00, TODAY + 10 * DAY, TODAY) == 300_00
    assert worklist.rank(100_00, None, TODAY) == 100_00
    assert worklist.rank(100_00, TODAY - DAY, TODAY) == 3_000_00


def test_a_task_closes_with_its_cause_and_comes_back_with_it(books):
    (sent,) = billed(books, charts=1, visits=1)
    late = AT + 9 * DAY
    assert refresh(books, late.date(), at=late).opened == 1
    acknowledged(books, [sent], at=late)
    assert refresh(books, late.date(), at=late).closed == 1
    assert list(books.scope.rows(WorkItem).values_list("state", flat=True)) == ["closed"]


# --- asked about ----------------------------------------------------------------------------------------------------


def asked(actor, at=AT):
    """Ask payer one about all its claims; their trace numbers by control number."""
    ids = list(actor.scope.rows(ClaimRow).order_by("id").values_list("id", flat=True))
    ask(actor, "one", ids, lambda numbers, traces: repr((numbers, dict(traces))).encode(), at=at)
    rows = actor.scope.rows(InquiryRow).filter(at=at).select_related("claim")
    return {row.claim.control_number: row.trace for row in rows}


def reply(trace, *codes, number="A1001P1", **more):
    return ClaimReply(trace=trace, control_number=number, statuses=tuple(StatusCode(*code) for code in codes), **more)


def test_a_payer_is_asked_when_it_pays_and_again_after_it_asked_for_patience(books):
    (sent,) = billed(books, charts=1, visits=1)
    acknowledged(books, [sent])
    assert claims_due(books.scope, TODAY + 14 * DAY) == []
    (row,) = books.scope.rows(ClaimRow)
    assert claims_due(books.scope, TODAY + 15 * DAY) == [row.pk]
    traces = asked(books, AT + 15 * DAY)
    assert claims_due(books.scope, TODAY + 19 * DAY) == []  # an answer is awaited
    assert claims_due(books.scope, TODAY + 20 * DAY) == [row.pk]  # the question was lost
    record_replies(books, [reply(traces["A1001P1"], ("P1", "20"))], at=AT + 21 * DAY)
    assert claims_due(books.scope, TODAY + 34 * DAY) == []
    assert claims_due(books.scope, TODAY + 35 * DAY) == [row.pk]
    assert kinds(books, TODAY + 34 * DAY) == []  # it asked for patience: nobody is bothered
    assert kinds(books, TODAY + 35 * DAY) == ["silent claim"]


def test_an_answer_is_kept_once_and_says_what_to_do(books):
    (sent,) = billed(books, charts=1, visits=1)
    acknowledged(books, [sent])
    traces = asked(books)
    paid = reply(
        traces["A1001P1"], ("F1", "65"), paid=80_00, payment_date=TODAY, payment_trace="T77", payer_control_number="N9"
    )
    first = record_replies(books, [paid], at=AT)
    again = record_replies(books, [paid], at=AT + DAY)
    assert ((first.answered, first.already), (again.answered, again.already)) == ((1, 0), (0, 1))
    (row,) = books.scope.rows(ClaimRow)
    assert (row.state, row.payer_control_number) == ("accepted", "N9")
    (item,) = answers_worklist.wanted(books.scope, TODAY)
    assert "$80.00 paid on 2026-11-02, payment T77" in item.why
    assert "no 835 has come" in item.why
    assert [one.what for one in story(books.scope, row.pk)] == ["asked", "answered"]


@pytest.mark.parametrize(
    ("code", "state", "step"),
    [
        (("P1", "20"), "accepted", "wait"),
        (("A4", "35"), "sent", "send again"),
        (("D0", "35"), "sent", "send again"),
        (("R4", "0"), "accepted", "send information"),
        (("A7", "164"), "rejected", "mend the claim"),
        (("E0", "0"), "sent", "mend the question"),
        (("F2", "1"), "accepted", "find the payment"),
        (("XX", "1"), "sent", "mend the question"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else str(value),
)
def test_an_answer_moves_a_claim_whose_acknowledgement_is_missing(books, code, state, step):
    billed(books, charts=1, visits=1)
    record_replies(books, [reply(asked(books)["A1001P1"], code)], at=AT)
    (row,) = books.scope.rows(ClaimRow)
    assert row.state == state
    assert standing(books.scope, [row.pk])[row.pk].step.name == step


def test_an_answer_to_nobodys_claim_is_told_and_nothing_is_kept(books):
    billed(books, charts=1, visits=1)
    done = record_replies(books, [reply("Q9", ("P1", "20"), number="Z1P1")], at=AT)
    assert (done.unmatched, done.answered, books.scope.rows(ReplyRow).count()) == (1, 0, 0)
    assert done.findings[0].rule == "answer.unknown-claim"


def test_nothing_that_happened_can_be_changed(books):
    (sent,) = billed(books, charts=1, visits=1)
    acknowledged(books, [sent])
    record_replies(books, [reply(asked(books)["A1001P1"], ("P1", "20"))], at=AT)
    for model in (ClaimEvent, InquiryRow, ReplyRow):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            books.scope.rows(model).update(at=AT)


# --- who may --------------------------------------------------------------------------------------------------------


def test_a_colleague_without_the_permission_and_an_outsider_do_and_see_nothing(books):
    billed(books, charts=1, visits=1)
    (row,) = books.scope.rows(ClaimRow)
    poster = actor_with("poster", books.practice_id, Role.POSTER)
    for deed in (
        lambda: resend(poster, [row.pk], "it was lost on the way", at=AT),
        lambda: ask(poster, "one", [row.pk], lambda numbers, traces: b"", at=AT),
        lambda: record_replies(actor_with("coder", books.practice_id, Role.CODER), [], at=AT),
        lambda: list(silent_claims(actor_with("nobody", books.practice_id).scope, TODAY)),
    ):
        with pytest.raises(NotPermitted):
            deed()
    other = open_practice("hillside", "Hillside Clinic")
    outsider = actor_with("outsider", other.pk, Role.MANAGER)
    late = TODAY + 400 * DAY
    assert list(silent_claims(outsider.scope, late)) == list(refused_claims(outsider.scope)) == []
    assert claims_due(outsider.scope, late) == []
    assert list(worklist.wanted(outsider.scope, late)) == list(answers_worklist.wanted(outsider.scope, late)) == []
    assert events_of(outsider.scope, [row.pk]) == story(outsider.scope, row.pk) == []
    with pytest.raises(NotThisClaim, match="not in this practice"):
        resend(outsider, [row.pk], "it was lost on the way", at=AT)
    with pytest.raises(NotThisClaim, match="not in this practice"):
        ask(outsider, "one", [row.pk], lambda numbers, traces: b"", at=AT)
    assert record_replies(outsider, [reply("Q000000001", ("P1", "20"))], at=AT).unmatched == 1
    assert states(books) == ["sent"]


def test_numbers_of_questions_and_batches_are_never_given_twice(books):
    billed(books, charts=2, visits=1)
    first, second = asked(books), asked(books, AT + DAY)
    assert len({*first.values(), *second.values()}) == 4
    numbers = list(books.scope.rows(Batch).values_list("interchange_control_number", flat=True))
    assert len(set(numbers)) == len(numbers) == 3
