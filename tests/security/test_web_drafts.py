"""Drafts: what one types is kept for its writer alone, until the form goes through or two weeks are over."""

import json
from datetime import timedelta

import pytest
from tests.web_samples import member_of, one_of_everything, signed_in

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.drafts import MOST
from superbill.app.accounts.models import Draft, User
from superbill.app.accounts.permissions import Role
from superbill.app.boot import secret_key
from superbill.app.web.desk import now

pytestmark = pytest.mark.usefixtures("quick_passwords")


@pytest.fixture
def chief(practice, tmp_path):
    """The administrator in a browser."""
    secret_key(tmp_path / "key")
    return signed_in(member_of(practice, "dora", Role.ADMINISTRATOR))


def keep(client, key="note", fields='[["text", "half a thought"]]', **more):
    return client.post("/p/lakeside/draft", {"key": key, "fields": fields, **more})


def test_a_draft_comes_back_to_its_writer_alone(practice, tmp_path):
    secret_key(tmp_path / "key")
    ana, ben = (signed_in(member_of(practice, name, Role.BILLER)) for name in ("ana", "ben"))
    assert keep(ana).status_code == 204
    assert keep(ana, fields='[["text", "a whole thought"]]').status_code == 204
    found = keep(ana, do="look").json()
    assert json.loads(found["fields"]) == [["text", "a whole thought"]]
    assert keep(ben, do="look").status_code == 204
    keep(ben, do="drop")
    assert keep(ana, do="look").status_code == 200
    keep(ana, do="drop")
    assert keep(ana, do="look").status_code == 204


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"fields": json.dumps([["text", "x" * MOST]])}, 413),
        ({"fields": "not json"}, 400),
        ({"fields": '{"a": 1}'}, 400),
        ({"fields": "[[1]]"}, 400),
        ({"key": ""}, 400),
        ({"key": "k" * 121}, 400),
        ({"key": "a\0b"}, 400),
        ({"fields": '[["a", "\0"]]'}, 400),
    ],
)
def test_a_draft_is_a_form_of_64_kb_or_nothing(practice, tmp_path, given, status):
    secret_key(tmp_path / "key")
    assert keep(signed_in(member_of(practice, "ana", Role.BILLER)), **given).status_code == status
    assert not Scope(practice.pk).rows(Draft).exists()


def test_a_form_that_went_through_leaves_no_draft_and_one_that_was_refused_does(chief, practice):
    keep(chief, key="invite")
    chief.post("/p/lakeside/people/invite", {"label": "", "_draft": "invite"})
    assert keep(chief, key="invite", do="look").status_code == 200
    me = User.objects.get(username="dora")
    refused = {"do": "deactivate", "_draft": "invite"}
    assert chief.post(f"/p/lakeside/people/{me.pk}/change", refused).status_code == 303
    assert keep(chief, key="invite", do="look").status_code == 200
    chief.post("/p/lakeside/people/invite", {"label": "Zoe", "roles": ["coder"], "_draft": "invite"})
    assert keep(chief, key="invite", do="look").status_code == 204


def test_a_form_that_is_shown_again_keeps_its_draft(practice, system, tmp_path):
    made = one_of_everything(system, practice, tmp_path)
    client = signed_in(member_of(practice, "mia", Role.MANAGER))
    (patient,) = made.keys["account"]
    form = {"amount": "1.00", "method": "cash", "_draft": f"payment-{patient}"}
    keep(client, key=form["_draft"])
    shown = client.post(f"/p/lakeside/accounts/{patient}/payment", form)  # what it would change, before it is agreed to
    assert (shown.status_code, keep(client, key=form["_draft"], do="look").status_code) == (200, 200)


def test_a_draft_is_kept_for_two_weeks(practice, tmp_path):
    secret_key(tmp_path / "key")
    ana = signed_in(member_of(practice, "ana", Role.BILLER))
    keep(ana)
    Scope(practice.pk).rows(Draft).update(at=now() - timedelta(days=14, minutes=1))
    assert keep(ana, do="look").status_code == 204
    keep(ana, key="another")
    assert [row.key for row in Scope(practice.pk).rows(Draft)] == ["another"]
