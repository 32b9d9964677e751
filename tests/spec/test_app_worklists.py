"""Tasks follow the facts by themselves; what people do with them is kept, and an undone posting brings them back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer

from superbill.app.accounts.actions import grant
from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import undo
from superbill.app.denials import actions as denials
from superbill.app.practices.actions import keep_policy, open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.worklists import actions, queries
from superbill.app.worklists.actions import NotThisTask
from superbill.app.worklists.models import WorkEvent, WorkState
from superbill.site.appeals import PayerRules
from superbill.site.policy import MoneyPolicy


@pytest.fixture
def biller(practice):
    return actor_with("biller", practice.pk, Role.BILLER, Role.POSTER)


@pytest.fixture
def refused(practice, system):
    """Four refused lines of 30 dollars on TODAY, Medicare's."""
    keep_policy(practice.pk, MoneyPolicy(payers={"one": PayerRules(kind="medicare")}))
    claims = billed(system)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    return claims


def denial_tasks(actor, **more):
    return list(queries.tasks(actor.scope, kind="denial", **more))


def test_refused_claims_are_tasks_with_their_why_and_last_day(system, refused):
    assert actions.refresh(system, TODAY, at=AT).opened >= 4
    first = denial_tasks(system)[0]
    assert first.amount == 30_00
    assert first.due == TODAY + timedelta(days=125)
    assert "CO-50" in first.why
    assert "Family" not in first.why
    assert first.role == "biller"
    assert actions.refresh(system, TODAY, at=AT) == actions.Refreshed()


def test_a_posting_closes_the_task_and_undoing_it_opens_the_same_one_again(system, biller, refused):
    actions.refresh(system, TODAY, at=AT)
    item = next(task for task in denial_tasks(system) if task.key == "denial:one:A1001P1")
    actions.assign(biller, [item.pk], "biller", at=AT)
    entry = denials.give_up(biller, "A1001P1", "denied", TODAY, at=AT)
    actions.finish(biller, [item.pk], text="given up", at=AT)
    actions.refresh(system, TODAY, at=AT)
    assert queries.task(system.scope, item.pk).state == WorkState.CLOSED
    undo(biller, entry.key, "wrong claim", TODAY, at=AT)
    assert actions.refresh(system, TODAY, at=AT).reopened == 1
    back = queries.task(system.scope, item.pk)
    assert (back.state, back.assignee) == (WorkState.OPEN, "biller")
    told = [event.what for event in queries.history(system.scope, item.pk)]
    assert told == ["opened", "assigned", "done", "closed", "reopened"]


def test_a_task_that_is_put_off_comes_back_on_its_day(system, biller, refused):
    actions.refresh(system, TODAY, at=AT)
    item = denial_tasks(system)[0]
    with pytest.raises(NotThisTask, match="after"):
        actions.snooze(biller, [item.pk], TODAY, TODAY, at=AT)
    actions.snooze(biller, [item.pk], TODAY + timedelta(days=7), TODAY, why="payer calls back", at=AT)
    assert len(denial_tasks(system)) == 3
    actions.refresh(system, TODAY + timedelta(days=6), at=AT)
    assert len(denial_tasks(system)) == 3
    actions.refresh(system, TODAY + timedelta(days=7), at=AT)
    assert len(denial_tasks(system)) == 4


def test_a_finished_task_stays_so_until_its_facts_change(system, biller, refused):
    actions.refresh(system, TODAY, at=AT)
    item = next(task for task in denial_tasks(system) if task.key == "denial:one:A1001P1")
    assert actions.finish(biller, [item.pk], at=AT) == 1
    assert actions.finish(biller, [item.pk], at=AT) == 0
    actions.refresh(system, TODAY + timedelta(days=3), at=AT)
    assert queries.task(system.scope, item.pk).state == WorkState.DONE
    denials.file_appeal(biller, "A1001P1", denials.Filing(on=TODAY), at=AT)
    denials.decide_appeal(biller, "A1001P1", "upheld", TODAY + timedelta(days=9), at=AT + timedelta(days=9))
    actions.refresh(system, TODAY + timedelta(days=9), at=AT)
    assert queries.task(system.scope, item.pk).state == WorkState.OPEN


def test_an_appeal_without_an_answer_becomes_a_task_when_the_answer_is_late(system, biller, refused):
    denials.file_appeal(biller, "A1001P1", denials.Filing(on=TODAY), at=AT)
    actions.refresh(system, TODAY + timedelta(days=60), at=AT)
    assert not queries.tasks(system.scope, kind="appeal answer").exists()
    assert len(denial_tasks(system)) == 3
    actions.refresh(system, TODAY + timedelta(days=61), at=AT)
    assert queries.tasks(system.scope, kind="appeal answer").get().amount == 30_00


def test_tasks_go_to_members_only_and_filters_find_them(practice, system, biller, refused):
    actions.refresh(system, TODAY, at=AT)
    items = [task.pk for task in denial_tasks(system)]
    with pytest.raises(NotThisTask, match="no member"):
        actions.assign(biller, items, "ana", at=AT)
    grant(actor_with("chief", practice.pk, Role.ADMINISTRATOR), User.objects.create(username="ana"), Role.BILLER, at=AT)
    assert actions.assign(biller, items[:2], "ana", at=AT) == 2
    assert actions.assign(biller, items[:2], "ana", at=AT) == 0
    assert len(denial_tasks(system, assignee="ana")) == 2
    assert len(denial_tasks(system, assignee="-")) == 2
    row = next(one for one in queries.summary(system.scope, TODAY) if one.kind == "denial")
    assert (row.tasks, row.amount, row.overdue, row.unassigned) == (4, 120_00, 0, 2)


def test_the_history_of_a_task_is_never_changed(system, biller, refused):
    actions.refresh(system, TODAY, at=AT)
    actions.note(biller, denial_tasks(system)[0].pk, "called the payer", at=AT)
    with pytest.raises(DatabaseError, match="never changed"):
        system.scope.rows(WorkEvent).update(text="another story")


def test_a_refresh_asks_as_many_statements_of_many_claims_as_of_few(system):
    def statements(trace, first):
        claims = billed(system, charts=first, visits=2, first=first)
        post_remittance(system, remittance(trace, *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
        with CaptureQueriesContext(connection) as queries_of_it:
            actions.refresh(system, TODAY, at=AT)
        return len([one for one in queries_of_it.captured_queries if one["sql"].startswith("SELECT")])

    assert statements("S1", 1) == statements("S2", 12)


DEEDS = {
    "refresh": lambda who, item: actions.refresh(who, TODAY, at=AT),
    "assign": lambda who, item: actions.assign(who, [item], who.name, at=AT),
    "note": lambda who, item: actions.note(who, item, "x", at=AT),
    "snooze": lambda who, item: actions.snooze(who, [item], TODAY + timedelta(days=1), TODAY, at=AT),
    "finish": lambda who, item: actions.finish(who, [item], at=AT),
    "reopen": lambda who, item: actions.reopen(who, [item], at=AT),
    "list": lambda who, item: list(queries.tasks(who.scope)),
    "history": lambda who, item: queries.history(who.scope, item),
    "summary": lambda who, item: queries.summary(who.scope, TODAY),
}


def test_a_colleague_without_the_permission_is_refused(practice, system, refused):
    actions.refresh(system, TODAY, at=AT)
    colleague = actor_with("colleague", practice.pk, Role.ADMINISTRATOR)
    for deed in DEEDS.values():
        with pytest.raises(NotPermitted, match="colleague may not"):
            deed(colleague, denial_tasks(system)[0].pk)


def test_an_outsider_finds_nothing_and_changes_nothing(practice, system, refused):
    actions.refresh(system, TODAY, at=AT)
    item = denial_tasks(system)[0].pk
    outsider = actor_with("outsider", open_practice("hillside", "Hillside").pk, Role.MANAGER)
    assert actions.refresh(outsider, TODAY, at=AT) == actions.Refreshed()
    for name in ("list", "history", "summary"):
        assert DEEDS[name](outsider, item) == []
    for name in ("assign", "note", "snooze", "finish", "reopen"):
        with pytest.raises(NotThisTask, match="no task"):
            DEEDS[name](outsider, item)
    assert queries.task(system.scope, item).state == WorkState.OPEN
