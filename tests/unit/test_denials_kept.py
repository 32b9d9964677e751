"""What a process remembers of refusals is what the books say, after everything that any process has written."""

from datetime import timedelta
from itertools import pairwise

import pytest
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer
from tests.spec.test_app_denials import noon, pay_after_all, rules

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import undo
from superbill.app.claims.actions import ClaimDraft
from superbill.app.claims.models import ClaimRow
from superbill.app.denials import actions
from superbill.app.denials.queries import kept, ranked
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.work import together
from superbill.claims.cob import corrected

DAY = TODAY + timedelta(days=3)


class Server:
    """A process of its own, as far as memory goes."""

    def __init__(self):
        self.facts, self.boards = {}, {}

    def board(self, scope, monkeypatch):
        monkeypatch.setattr(kept, "_facts", self.facts)
        monkeypatch.setattr(ranked, "_boards", self.boards)
        return ranked.board(scope, DAY)


def happenings(system, claims):
    """One thing after the other that makes, changes or ends refusals."""
    for place, one in enumerate(claims):
        yield post_remittance(system, remittance(f"T{place}", usual_answer(one)), payer_key="one", at=AT)
    yield actions.file_appeal(system, "A1001P1", actions.Filing(on=TODAY), at=noon(TODAY))
    yield actions.decide_appeal(system, "A1001P1", "upheld", DAY, at=noon(DAY))
    yield actions.tell(system, "A1002P1", "documents", "Notes sent", DAY, at=noon(DAY))
    yield pay_after_all(system, claims[1], "T9")
    visit = system.scope.rows(ClaimRow).get(control_number="A1003P1").encounter_id
    again = ClaimDraft(encounter=visit, claim=corrected(claims[2], "PCN1", 2, {}), payer_key="one")
    yield actions.correct_claim(system, "A1003P1", again, DAY, at=noon(DAY))
    chief = actor_with("chief", system.practice_id, Role.MANAGER)
    entry = actions.give_up(chief, "A1004P1", "denied", DAY, at=noon(DAY))
    yield entry
    yield undo(chief, entry.key, "not after all", DAY, at=noon(DAY))


def test_every_server_is_right_after_everything_that_any_of_them_wrote(practice, system, monkeypatch):
    rules(practice)
    claims = billed(system)
    always, seldom = Server(), Server()
    seen = []
    for place, _ in enumerate(happenings(system, claims)):
        right = Server().board(system.scope, monkeypatch)
        assert always.board(system.scope, monkeypatch) == right
        if place % 3 == 2:
            assert seldom.board(system.scope, monkeypatch) == right
        seen.append(right)
    assert not [place for place, (one, other) in enumerate(pairwise(seen)) if one == other]
    before = always.boards[practice.pk].board
    assert always.board(system.scope, monkeypatch) is before  # nothing was written: nothing is made again


def test_only_what_changed_is_read_again(practice, system, monkeypatch):
    rules(practice)
    claims = billed(system)
    server = Server()
    answers = [remittance(f"T{place}", usual_answer(one)) for place, one in enumerate(claims)]
    for one in answers[:3]:
        post_remittance(system, one, payer_key="one", at=AT)
    before = {one.refusal.key: one for one in server.board(system.scope, monkeypatch).denials}
    post_remittance(system, answers[3], payer_key="one", at=AT)
    after = {one.refusal.key: one for one in server.board(system.scope, monkeypatch).denials}
    assert len(after) == 4
    assert all(after[key] is one for key, one in before.items())


def test_what_is_taken_back_is_not_remembered(practice, system, monkeypatch):
    rules(practice)
    claims = billed(system)
    post_remittance(system, remittance("T1", usual_answer(claims[0])), payer_key="one", at=AT)
    server = Server()
    before = server.board(system.scope, monkeypatch)
    with pytest.raises(RuntimeError), together():
        chief = actor_with("chief", practice.pk, Role.MANAGER)
        actions.give_up(chief, "A1001P1", "denied", DAY, at=noon(DAY))
        assert server.board(system.scope, monkeypatch) != before
        raise RuntimeError("not after all")
    assert server.board(system.scope, monkeypatch) == before


def test_who_may_see_it_whatever_is_remembered(practice, system, monkeypatch):
    rules(practice)
    claims = billed(system, charts=1, visits=1)
    post_remittance(system, remittance("T1", usual_answer(claims[0])), payer_key="one", at=AT)
    server = Server()
    assert len(server.board(actor_with("b", practice.pk, Role.BILLER).scope, monkeypatch).denials) == 1
    with pytest.raises(NotPermitted):
        server.board(actor_with("c", practice.pk, Role.CODER).scope, monkeypatch)
    outsider = actor_with("o", open_practice("elsewhere", "Elsewhere").pk, Role.BILLER)
    assert not server.board(outsider.scope, monkeypatch).denials
