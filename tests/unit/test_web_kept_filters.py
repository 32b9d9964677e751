"""Filters of the rooms' lists under a name: kept from the address, chosen again, shared, and forgotten."""

import pytest
from tests.web_samples import member_of, one_of_everything, signed_in

from superbill.app.accounts.permissions import Role
from superbill.app.boot import secret_key

ADDRESSES = {
    "claims": "state=denied&payer=one",
    "denials": "show=all",
    "payments": "method=CHK",
    "accounts": "over=20&state=owing",
}


@pytest.fixture
def people(system, practice, tmp_path):
    secret_key(tmp_path / "key")
    one_of_everything(system, practice, tmp_path)
    return {
        name: signed_in(member_of(practice, name, role))
        for name, role in {"bo": Role.BILLER, "max": Role.MANAGER}.items()
    }


def keep(client, room, **more):
    form = {"room": room, "filters": ADDRESSES[room] + "&family=Zimmer", "name": "Look here", **more}
    return client.post("/p/lakeside/today/filters", form)


@pytest.mark.parametrize("room", ADDRESSES)
def test_the_filters_of_a_list_are_kept_under_a_name(people, room):
    page = people["bo"].get(f"/p/lakeside/{room}?{ADDRESSES[room]}").content.decode()
    assert f'name="room" value="{room}"' in page
    kept = keep(people["bo"], room)
    assert kept["Location"] == f"/p/lakeside/{room}?{ADDRESSES[room]}"  # and nothing that is no filter of the list
    link = f'<a href="?{ADDRESSES[room].replace("&", "&amp;")}"'
    assert link in people["bo"].get(f"/p/lakeside/{room}").content.decode()
    assert "Look here" not in people["max"].get(f"/p/lakeside/{room}").content.decode()
    assert "Look here" not in people["bo"].get("/p/lakeside/today").content.decode()


def test_a_manager_shares_a_filter_and_alone_takes_it_away(people):
    assert keep(people["bo"], "claims", shared="1").status_code == 403
    keep(people["max"], "claims", shared="1")
    own, shared = (people[name].get("/p/lakeside/claims").content.decode() for name in ("bo", "max"))
    assert "Look here" in own
    assert "Look here" in shared
    assert "/forget" not in own
    address = shared.split("/forget")[0].rsplit('"', 1)[1] + "/forget"
    assert people["bo"].post(address).status_code == 403
    assert people["max"].post(address)["Location"] == "/p/lakeside/claims"
    assert "Look here" not in people["bo"].get("/p/lakeside/claims").content.decode()
