"""What a browser may send: how large, of what kind, from which page, in which session."""

import io
import zipfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.web_samples import member_of, one_of_everything, signed_in

from superbill.app.accounts.permissions import Role
from superbill.app.claims.models import ReceivedFile
from superbill.app.patients.models import CardImage, PatientRow
from superbill.app.web.middleware import HEADERS, LARGEST


@pytest.fixture
def office(system, practice, tmp_path):
    return one_of_everything(system, practice, tmp_path)


@pytest.fixture
def client(office):
    return signed_in(member_of(office.practice, "member", Role.MANAGER))


def packed(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def drop(client, *files):
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post(reverse("payment-drop", args=("lakeside",)), {"files": sent})


def test_a_request_too_large_is_refused_before_it_is_read(client):
    for address in ("/sign-in", reverse("payment-drop", args=("lakeside",))):
        answer = client.generic("POST", address, b"", CONTENT_LENGTH=str(LARGEST + 1))
        assert answer.status_code == 413
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "name, content",
    [
        ("bomb.zip", packed(a=b"0" * 30_000_000)),
        ("many.zip", packed(**{f"m{n}": b"x" for n in range(501)})),
        ("broken.zip", b"PK\x03\x04 and nothing more"),
        ("large.835", b"x" * (20 * 1024 * 1024 + 1)),
    ],
)
def test_bombs_and_files_that_no_payer_sends_are_refused_and_not_kept(client, office, name, content):
    before = office.rows(ReceivedFile).count()
    answer = drop(client, (name, content))
    assert answer.status_code < 500
    assert office.rows(ReceivedFile).count() == before


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a;", b"<svg onload=alert(1)>", b"\xff\xd8\xff\xe0 not one", b"%PDF-1.4"]
)
def test_a_card_is_a_picture_by_its_content_whatever_its_name(client, office, content):
    patient = office.rows(PatientRow).first().pk
    order = 1
    address = reverse("card-keep", args=("lakeside", patient, order))
    answer = client.post(address, {"front": SimpleUploadedFile("card.jpg", content, content_type="image/jpeg")})
    assert answer.status_code < 500
    assert not office.rows(CardImage).exists()


def test_files_need_the_token_of_our_own_page(office):
    user = member_of(office.practice, "clerk", Role.MANAGER)
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.force_login(user)
    before = office.rows(ReceivedFile).count()
    assert drop(client, ("a.835", b"ISA*")).status_code == 403
    assert office.rows(ReceivedFile).count() == before


def test_a_session_is_new_after_signing_in_and_its_cookies_are_for_us_alone(office):
    user = member_of(office.practice, "clerk", Role.MANAGER)
    client = Client(headers={"host": "localhost"})
    client.get("/sign-in")
    session = client.session
    session["left"] = "by somebody"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = session.session_key
    client.force_login(user)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != planted
    answer = client.get(reverse("claims", args=("lakeside",)))
    cookie = answer.cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert settings.CSRF_COOKIE_HTTPONLY
    assert not settings.SESSION_COOKIE_AGE > 30 * 60
