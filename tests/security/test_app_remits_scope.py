"""Remittances: who posts, assigns, returns and voids, and who sees what waits. A member, a colleague without the
permission, an outsider of another practice."""

from datetime import date

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, billed, remittance, usual_answer

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.billing.models import JournalEntry
from superbill.app.practices.actions import open_practice
from superbill.app.remits import actions
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow
from superbill.app.remits.queries import (
    answered_claims,
    candidates,
    open_answers,
    open_remittances,
    preview_remittance,
    provider_balances,
    remittances_named,
)
from superbill.app.remits.worklist import wanted
from superbill.remits.posting import LineMoney

LATER = date(2026, 11, 20)
SETTLED = actions.Settlement(payer="one", reference="R", amount=1, way="settlement", why="agreed")
REFUNDED = replace(SETTLED, way="refund")

# What each does with an answer's id and a remittance's; the role that lacks the permission for it.
DEEDS = {
    "post": (
        Role.BILLER,
        lambda a, answer, remit: actions.post_remittance(a, remittance("T9"), payer_key="one", at=AT),
    ),
    "accept": (Role.BILLER, lambda a, answer, remit: actions.accept_remittance(a, remit, at=AT)),
    "dismiss": (Role.BILLER, lambda a, answer, remit: actions.dismiss_remittance(a, remit, "why", at=AT)),
    "void": (Role.BILLER, lambda a, answer, remit: actions.void_remittance(a, remit, on=LATER, at=AT)),
    "undo claim": (Role.BILLER, lambda a, answer, remit: actions.undo_claim(a, answer, on=LATER, at=AT)),
    "assign": (Role.BILLER, lambda a, answer, remit: actions.assign_answer(a, answer, "A1002P1", on=LATER, at=AT)),
    "by hand": (
        Role.BILLER,
        lambda a, answer, remit: actions.post_by_hand(
            a, answer, "A1002P1", [LineMoney(line="A1002-1", paid=80_00, adjustments=())], on=LATER, at=AT
        ),
    ),
    "set aside": (Role.BILLER, lambda a, answer, remit: actions.set_answer_aside(a, answer, "why", at=AT)),
    "send back": (Role.BILLER, lambda a, answer, remit: actions.send_back(a, answer, "why", at=AT)),
    "sent back": (Role.BILLER, lambda a, answer, remit: actions.record_sent_back(a, answer, "c", on=LATER, at=AT)),
    "reopen": (Role.BILLER, lambda a, answer, remit: actions.reopen_answer(a, answer, on=LATER, at=AT)),
    "settle": (Role.BILLER, lambda a, *_: actions.settle_provider_level(a, SETTLED, "k", on=LATER, at=AT)),
    "settle in cash": (Role.BILLER, lambda a, *_: actions.settle_provider_level(a, REFUNDED, "k", on=LATER, at=AT)),
    "undo settlement": (Role.BILLER, lambda a, *_: actions.undo_settlement(a, "k", on=LATER, at=AT)),
}


@pytest.fixture
def waiting(system):
    """An answer that waits, and the remittance that it came in."""
    one, two = billed(system, charts=1)
    mangled = replace(usual_answer(two), control_number="1002P1", payer_control_number="PCN9")
    posted = actions.post_remittance(system, remittance("T1", usual_answer(one), mangled), payer_key="one", at=AT)
    answer = system.scope.rows(RemittanceClaimRow).get(state="unmatched").pk
    return answer, posted.id


@pytest.fixture
def outsider(system):
    """The manager of another practice in the same database."""
    return actor_with("outsider", open_practice("hillside", "Hillside Clinic").pk, Role.MANAGER)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_colleague_without_the_permission_is_refused_and_nothing_happens(system, waiting, deed):
    role, do = DEEDS[deed]
    entries, events = (system.scope.rows(model).count() for model in (JournalEntry, AuditEvent))
    with pytest.raises(NotPermitted, match="colleague may not"):
        do(actor_with("colleague", system.practice_id, role), *waiting)
    assert system.scope.rows(JournalEntry).count() == entries
    assert system.scope.rows(AuditEvent).count() == events


@pytest.mark.parametrize("deed", sorted(set(DEEDS) - {"post"}))
def test_an_outsider_changes_nothing_by_guessing_ids(system, outsider, waiting, deed):
    entries = system.scope.rows(JournalEntry).count()
    with pytest.raises(actions.NotPossible):
        DEEDS[deed][1](outsider, *waiting)
    assert system.scope.rows(JournalEntry).count() == entries
    assert system.scope.rows(RemittanceClaimRow).get(pk=waiting[0]).state == "unmatched"


def test_a_member_works_on_it_and_leaves_a_trace_without_a_word_about_the_patient(system, waiting):
    poster = actor_with("poster", system.practice_id, Role.POSTER)
    answer, remit = waiting
    assert open_answers(poster.scope)
    assert candidates(poster.scope, answer)[0].control_number == "A1002P1"
    actions.assign_answer(poster, answer, "A1002P1", on=LATER, at=AT)
    actions.undo_claim(poster, answer, on=LATER, at=AT)
    actions.void_remittance(poster, remit, on=LATER, at=AT)
    events = system.scope.rows(AuditEvent).filter(actor="poster").order_by("id")
    assert [event.action for event in events] == ["assign answer", "undo answer", "void remittance"]
    assert "Family" not in " ".join(event.detail for event in events)


def test_an_outsider_sees_nothing_of_what_waits(outsider, waiting):
    scope = outsider.scope
    assert open_answers(scope) == open_remittances(scope) == provider_balances(scope) == []
    assert candidates(scope, waiting[0]) == []
    assert remittances_named(scope, "T1") == remittances_named(scope, str(waiting[1])) == []
    assert list(answered_claims(scope)) == list(wanted(scope, LATER)) == []
    shown = preview_remittance(scope, remittance("T1"), payer_key="one")
    assert not shown.already


def test_reading_needs_the_permission_of_the_table(system, waiting):
    coder = actor_with("coder", system.practice_id, Role.CODER).scope
    asked = (
        lambda: open_answers(coder),
        lambda: open_remittances(coder),
        lambda: provider_balances(coder),
        lambda: candidates(coder, waiting[0]),
        lambda: remittances_named(coder, "T1"),
        lambda: preview_remittance(coder, remittance("T2"), payer_key="one"),
        lambda: list(wanted(coder, LATER)),
    )
    for ask in asked:
        with pytest.raises(NotPermitted, match="coder may not read"):
            ask()
    assert system.scope.rows(RemittanceRow).exists()
