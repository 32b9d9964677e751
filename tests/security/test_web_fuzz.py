"""Nonsense sent to every form: refused, never a failure of the server."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web_routes import ROOMS
from tests.web_samples import member_of, signed_in

from superbill.app.accounts.permissions import Role

EXAMPLES = 3
NAMES = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')
NASTY = st.sampled_from(
    [
        "", " ", "\0", "-1", "0", "9" * 19, "9" * 30, "1e400", "NaN", "-0.001", "$1,000,000,000,000.00", "13/45/2026",
        "02/30/2026", "0001-01-01", "9999-12-31", "{}", "[[[", '{"a":', "../../etc/passwd", "'; --", "<script>", "%s%n",
        "\ud7ff\uffff", "é" * 300, "A1001P1", "on", "1", "a" * 5000, "=1+1", "\r\nSet-Cookie: a=b", "🂡",
    ]
)  # fmt: skip
VALUES = st.one_of(NASTY, st.text(max_size=40), st.lists(NASTY, max_size=3), st.integers().map(str))
FILES = st.sampled_from([b"", b"ISA*", b"%PDF-1.4", b"PK\x03\x04", b"\xff\xd8\xff", b"\0" * 64, "a,b\n=1,é".encode()])


def fields_of(client, address, listed):
    """The names of the fields that the page of this address has, and those that its test sends."""
    shown = set()
    answer = client.get(address)
    if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
        shown = set(NAMES.findall(answer.content.decode()))
    return sorted((shown | set(listed.body or ())) - {"csrfmiddlewaretoken"})


def bodies(names):
    """Any of the fields with any values, and a file in the place of any."""
    some = st.dictionaries(st.sampled_from(names), VALUES, max_size=len(names)) if names else st.just({})
    files = st.dictionaries(st.sampled_from([*names, "file"]), FILES, max_size=1)
    return st.tuples(some, files)


def refused_or_done(client, address, listed):
    """Send nonsense to the address; the first that made the server fail, and how."""
    failed = []

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(bodies(fields_of(client, address, listed)))
    def send(given):
        body, files = given
        sent = {**body, **{name: SimpleUploadedFile("x", content) for name, content in files.items()}}
        answer = client.post(address, sent)
        if answer.status_code >= 500:
            failed.append((repr(getattr(answer, "exc_info", ("", ""))[1]), given))

    send()
    return failed[:1]


@pytest.mark.parametrize("room", ROOMS)
def test_no_form_fails_on_nonsense(office, room):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER, Role.ADMINISTRATOR))
    client.raise_request_exception = False
    failed = {}
    for route, listed in ROOMS[room].ROUTES.items():
        address = reverse(route, args=(office.practice.key, *office.keys.get(route, ())))
        if found := refused_or_done(client, address, listed):
            failed[route] = found
    assert not failed
