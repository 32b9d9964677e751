"""The list that a person works through: whose it is, why a task ranks there, filters, and what can be taken back."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer
from tests.web_samples import member_of, signed_in

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.boot import secret_key
from superbill.app.practices.actions import keep_policy, open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.worklists import actions
from superbill.app.worklists.actions import NotThisTask
from superbill.app.worklists.freshness import freshness
from superbill.app.worklists.hourly import bring_up_lists
from superbill.app.worklists.queue import Filters, colleagues, groups, queue, saved_filters
from superbill.site.appeals import PayerRules
from superbill.site.policy import MoneyPolicy


@pytest.fixture
def biller(practice):
    return actor_with("bea", practice.pk, Role.BILLER)


@pytest.fixture
def refused(practice, system):
    """Four refused lines of 30 dollars, Medicare's, and their tasks."""
    keep_policy(practice.pk, MoneyPolicy(payers={"one": PayerRules(kind="medicare")}))
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in billed(system))), payer_key="one", at=AT)
    actions.refresh(system, TODAY, at=AT)


def mine(actor, **filters):
    roles = [role.value for role in actor.roles]
    return list(queue(actor.scope, Filters(**filters), roles, TODAY))


def test_a_task_tells_what_it_is_about_and_why_it_ranks_there(biller, refused):
    task = mine(biller, kind="denial")[0]
    assert (task.label, task.payer, task.visit) == ("A1001P1", "one", "A1001")
    assert task.patient
    assert task.since == TODAY
    assert task.reason.startswith("CO-50")
    assert 0 < task.chance < 100
    assert f"{task.chance} % chance".replace(" %", "%") in task.how
    assert task.how.endswith(f"= {task.rank / 100:,.2f}")


def test_the_list_is_ones_own_and_nobodys_of_ones_roles(practice, biller, refused):
    other = actor_with("bob", practice.pk, Role.BILLER)
    poster = actor_with("pia", practice.pk, Role.POSTER)
    first, second, *_ = mine(biller, kind="denial")
    actions.assign(biller, [first.pk], "bea", at=AT)
    member_of(practice, "bob", Role.BILLER)
    actions.assign(biller, [second.pk], "bob", at=AT)
    assert first in mine(biller)
    assert second not in mine(biller)
    assert first not in mine(other)
    assert not [task for task in mine(poster) if task.kind == "denial"]
    assert mine(biller, whose="mine") == [first]
    assert second in mine(biller, whose="all")
    assert {first, second}.isdisjoint(mine(biller, whose="nobody"))


def test_filters_and_sorts_find_what_they_say(biller, refused):
    every = mine(biller)
    assert mine(biller, payer="two") == []
    assert mine(biller, payer="one") == [task for task in every if task.payer == "one"]
    assert mine(biller, older=7) == []
    assert mine(biller, overdue=True) == []
    reason = every[0].reason
    assert {task.reason for task in mine(biller, reason=reason)} == {reason}
    by_day = mine(biller, sort="due")
    assert [task.due for task in by_day if task.due] == sorted(task.due for task in by_day if task.due)
    assert [task.rank for task in every] == sorted((task.rank for task in every), reverse=True)
    counted = groups(biller.scope, Filters(), ["biller"], TODAY)
    assert sum(group.tasks for group in counted) == len(every)
    assert sum(group.amount for group in counted) == sum(task.amount for task in every)


def test_an_assignment_is_taken_back_to_whom_each_had_belonged(practice, biller, refused):
    member_of(practice, "bob", Role.BILLER)
    first, second, *_ = mine(biller, kind="denial")
    actions.assign(biller, [first.pk], "bob", at=AT)
    actions.assign(biller, [first.pk, second.pk], "bea", at=AT)
    actions.give_back(biller, {first.pk: "bob", second.pk: ""}, at=AT)
    told = {task.pk: task.assignee for task in mine(biller, whose="all")}
    assert (told[first.pk], told[second.pk]) == ("bob", "")


def test_the_list_says_since_when_it_is_and_is_stale_once_facts_may_have_changed(system, biller, refused):
    assert freshness(biller.scope, TODAY).at == AT
    assert not freshness(biller.scope, TODAY).stale
    actions.note(biller, mine(biller)[0].pk, "asked", at=AT)
    assert not freshness(biller.scope, TODAY).stale  # work on tasks changes no fact
    assert freshness(biller.scope, TODAY + timedelta(days=1)).stale
    post_remittance(system, remittance("T2", *(usual_answer(one) for one in billed(system, 1, first=5))),
                    payer_key="one", at=AT)  # fmt: skip
    assert freshness(biller.scope, TODAY).stale
    actions.refresh(biller, TODAY, at=AT)
    assert not freshness(biller.scope, TODAY).stale


def test_a_filter_is_ones_own_until_a_manager_shares_it(practice, biller):
    manager = actor_with("max", practice.pk, Role.MANAGER)
    actions.save_filter(biller, "Medicare > 30 d", "payer=one&older=30", at=AT)
    assert [row.name for row in saved_filters(biller.scope)] == ["Medicare > 30 d"]
    assert saved_filters(manager.scope) == []
    with pytest.raises(NotPermitted):
        actions.save_filter(biller, "Ours", "payer=one", shared=True, at=AT)
    actions.save_filter(manager, "Ours", "payer=one", shared=True, at=AT)
    shared = saved_filters(biller.scope)[0]
    assert shared.name == "Ours"
    with pytest.raises(NotPermitted):
        actions.forget_filter(biller, shared.pk, at=AT)
    with pytest.raises(NotThisTask):
        actions.forget_filter(manager, saved_filters(biller.scope)[1].pk, at=AT)  # somebody's own
    with pytest.raises(NotThisTask):
        actions.save_filter(biller, " ", "payer=one", at=AT)


def test_an_outsider_and_a_colleague_without_the_permission_find_and_change_nothing(practice, biller, refused):
    outsider = actor_with("out", open_practice("hillside", "Hillside Clinic").pk, Role.MANAGER)
    clerk = actor_with("ada", practice.pk, Role.ADMINISTRATOR)
    task = mine(biller)[0]
    actions.save_filter(biller, "Own", "payer=one", at=AT)
    own = saved_filters(biller.scope)[0].pk
    assert mine(outsider, whose="all") == []
    assert groups(outsider.scope, Filters(whose="all"), [], TODAY) == []
    assert saved_filters(outsider.scope) == []
    assert freshness(outsider.scope, TODAY).at is None
    for read in (lambda: mine(clerk), lambda: saved_filters(clerk.scope), lambda: freshness(clerk.scope, TODAY)):
        with pytest.raises(NotPermitted):
            read()
    with pytest.raises(NotThisTask):
        actions.give_back(outsider, {task.pk: ""}, at=AT)
    with pytest.raises(NotThisTask):
        actions.forget_filter(outsider, own, at=AT)
    with pytest.raises(NotPermitted):
        actions.give_back(clerk, {task.pk: ""}, at=AT)
    with pytest.raises(NotPermitted):
        actions.save_filter(clerk, "x", "payer=one", at=AT)


def test_only_colleagues_who_can_work_on_tasks_are_offered(practice):
    member_of(practice, "zoe", Role.BILLER)
    member_of(practice, "ada", Role.ADMINISTRATOR)
    member_of(open_practice("hillside", "Hillside Clinic"), "out", Role.BILLER)
    assert colleagues(actor_with("zoe", practice.pk, Role.BILLER).scope) == ["zoe"]


# --- at the page ---------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(practice, refused, tmp_path):
    secret_key(tmp_path / "key")
    return signed_in(member_of(practice, "bea", Role.BILLER))


def act(desk, ids, do, **more):
    return desk.post("/p/lakeside/today/act", {"ids": [str(one) for one in ids], "do": do, **more})


def test_every_deed_is_told_and_taken_back_with_one_button(desk, biller):
    ids = [task.pk for task in mine(biller, kind="denial")[:2]]
    later = TODAY + timedelta(days=400)  # the page's day is the calendar's
    for do, more in (("give:bea", {}), ("done", {"text": "mended"}), (f"off:{later}", {"why": "payer calls back"})):
        before = {task.pk: (task.state, task.assignee) for task in mine(biller, whose="all") if task.pk in ids}
        assert act(desk, ids, do, **more).status_code == 302
        page = desk.get("/p/lakeside/today?whose=all").content.decode()
        assert "2 tasks" in page
        undo = page.partition('class="said"')[2].partition("</form>")[0]
        fields = dict(part.split('" value="') for part in undo.split('name="')[1:] if '" value="' in part)
        sent = {name: value.partition('"')[0] for name, value in fields.items() if name != "csrfmiddlewaretoken"}
        desk.post("/p/lakeside/today/act", sent)
        after = {task.pk: (task.state, task.assignee) for task in mine(biller, whose="all") if task.pk in ids}
        assert after == before, do


def test_the_focus_goes_to_the_row_that_was_next(desk, biller):
    first, second, *_ = mine(biller)
    act(desk, [first.pk], "done", next=str(second.pk))
    page = desk.get("/p/lakeside/today").content.decode()
    row = page.partition(f'data-row="{second.pk}"')[2].partition("</tr>")[0]
    assert "data-focus" in row
    assert f'data-row="{first.pk}"' not in page


def test_a_deed_without_a_task_or_a_day_says_what_is_missing_and_changes_nothing(desk, biller):
    before = [task.pk for task in mine(biller)]
    for ids, do in (([], "done"), (before[:1], "off"), (before[:1], "off:yesterday"), (before[:1], "note")):
        answer = act(desk, ids, do)
        assert answer.status_code == 303, do
        assert "trouble" in desk.get("/p/lakeside/today").content.decode()
    assert act(desk, before[:1], "destroy").status_code == 400
    assert [task.pk for task in mine(biller)] == before


def test_the_page_asks_as_many_statements_of_many_tasks_as_of_few(desk, system):
    with CaptureQueriesContext(connection) as few:
        desk.get("/p/lakeside/today?whose=all")
    post_remittance(system, remittance("T8", *(usual_answer(one) for one in billed(system, 6, first=20))),
                    payer_key="one", at=AT)  # fmt: skip
    actions.refresh(system, TODAY, at=AT)
    with CaptureQueriesContext(connection) as many:
        page = desk.get("/p/lakeside/today?whose=all").content.decode()
    assert page.count("data-row=") > 10
    assert len(many) <= len(few) + 2


@pytest.mark.parametrize("query", ["kind=%27", "payer=" + "x" * 500, "older=31", "sort=id", "state=closed", "page=-4"])
def test_filters_that_nobody_offers_are_left_out(desk, query):
    assert desk.get(f"/p/lakeside/today?{query}").status_code == 200


def test_lists_are_brought_up_by_themselves_once_an_hour_where_facts_have_changed(system, biller, refused):
    assert bring_up_lists(TODAY, AT + timedelta(hours=2)) == 0  # nothing has happened
    post_remittance(system, remittance("T3", *(usual_answer(one) for one in billed(system, 1, first=6))),
                    payer_key="one", at=AT)  # fmt: skip
    assert bring_up_lists(TODAY, AT + timedelta(minutes=59)) == 0
    assert bring_up_lists(TODAY, AT + timedelta(minutes=60)) == 1
    assert not freshness(biller.scope, TODAY).stale
    assert {task.label for task in mine(biller)} >= {"A1001P1", "A1005P1"}


def test_a_filter_belongs_to_the_list_of_one_room(practice, biller):
    manager = actor_with("max", practice.pk, Role.MANAGER)
    actions.save_filter(biller, "Medicare", "payer=one", at=AT)
    actions.save_filter(biller, "Medicare", "payer=one&state=denied", room="claims", at=AT)
    actions.save_filter(manager, "Medicare", "payer=one", room="claims", shared=True, at=AT)
    kept = {room: [row.query for row in saved_filters(biller.scope, room)] for room in ("today", "claims", "denials")}
    assert kept == {"today": ["payer=one"], "claims": ["payer=one", "payer=one&state=denied"], "denials": []}
