"""Money above everybody's own limit: two managers, one who asks and another who approves."""

import pytest
from tests.app_samples import AT, TODAY
from tests.money_samples import owed, owing
from tests.web_samples import member_of

from superbill.app.accounts.actions import deactivate
from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.accounts.queries import actor_for
from superbill.app.billing.actions import OverLimit, WriteOff, approve_write_off, ask_to_forgive, forgive
from superbill.app.practices.actions import keep_policy
from superbill.site.policy import MoneyPolicy

LARGE = WriteOff(lines=(("A1001-1", 120_00),), reason="hardship", note="lost work")


@pytest.fixture
def person(system, practice):
    """A member of the practice by name, as an actor; managers forgive 100.00 alone."""
    owing(system)
    keep_policy(system.practice_id, MoneyPolicy(write_off_limits={"manager": 100_00, "poster": 10_00}))
    return lambda name, role: actor_for(member_of(practice, name, role), practice.pk)


def test_what_one_manager_may_not_forgive_alone_two_may(system, person):
    mara, milo = person("mara", Role.MANAGER), person("milo", Role.MANAGER)
    with pytest.raises(OverLimit):
        forgive(mara, LARGE, "alone", TODAY, at=AT)
    ask_to_forgive(mara, LARGE, "ask", TODAY, at=AT)
    with pytest.raises(NotPermitted, match="somebody else decides"):
        approve_write_off(mara, 1, TODAY, at=AT)
    assert owed(system)["A1001-1"] == 120_00
    approve_write_off(milo, 1, TODAY, at=AT)
    assert not owed(system).get("A1001-1")


def test_one_manager_alone_does_not_approve_it_for_a_poster(system, person):
    poster, milo = person("pia", Role.POSTER), person("milo", Role.MANAGER)
    ask_to_forgive(poster, LARGE, "ask", TODAY, at=AT)
    with pytest.raises(OverLimit, match="two managers"):
        approve_write_off(milo, 1, TODAY, at=AT)
    assert owed(system)["A1001-1"] == 120_00


def test_a_manager_who_left_is_none_of_the_two(system, person, practice):
    mara, milo = person("mara", Role.MANAGER), person("milo", Role.MANAGER)
    ask_to_forgive(mara, LARGE, "ask", TODAY, at=AT)
    chief = actor_with("chief", practice.pk, Role.ADMINISTRATOR)
    deactivate(chief, User.objects.get(username="mara"), at=AT)
    with pytest.raises(OverLimit, match="two managers"):
        approve_write_off(milo, 1, TODAY, at=AT)
