"""Rules of a payer at the managers' page: tried, counted from now on, retired; what doesn't fit is told on the page."""

import pytest
from tests.web_routes.manage import PACK
from tests.web_samples import member_of, secret_key, signed_in, site_of

from superbill.app.accounts.permissions import Role
from superbill.app.rules.queries import latest


@pytest.fixture
def manager(practice, tmp_path):
    secret_key(tmp_path / "key")
    site_of(practice, tmp_path)
    return signed_in(member_of(practice, "maya", Role.MANAGER))


def send(manager, **what):
    return manager.post("/p/lakeside/manage/rules/try", what)


def test_a_pack_that_was_tried_counts_and_the_same_version_does_not_count_twice(manager, system):
    assert send(manager, text=PACK, do="activate")["Location"] == "/p/lakeside/manage/rules/packs/tried"
    assert latest(system.scope, "tried").version == 1
    again = send(manager, text=PACK, do="activate")
    assert again.status_code == 422
    assert "Give the changed pack version 2." in again.content.decode()


def test_a_pack_that_does_not_count_cannot_be_retired(manager):
    assert send(manager, do="retire", name="nothing").status_code == 303
    assert "no pack of this name is at work" in manager.get("/p/lakeside/manage/rules").content.decode()
