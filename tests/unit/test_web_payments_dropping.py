"""What may be dropped on the payments: files by their content, ZIPs within limits, each 835 posted once."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from msgspec.structs import replace
from tests.app_samples import AT, billed
from tests.poster_papers import paid_in_full, payment, written
from tests.web_samples import member_of, secret_key, signed_in, site_of

from superbill.app.accounts.permissions import Role
from superbill.app.billing.models import JournalEntry
from superbill.app.claims.models import ReceivedFile
from superbill.app.claims.queries import files_to_finish
from superbill.app.eobs.actions import key_provider_adjustments, start_eob
from superbill.app.eobs.queries import eob
from superbill.app.jobs.worker import Worker
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow
from superbill.app.web.payments import dropping
from superbill.remits.paper import KeyedProviderAdjustment, PaperRemittance
from superbill.site import read_site


def zipped(**members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return SimpleUploadedFile("many.zip", made.getvalue())


def unpacked(*files):
    return list(dropping.unpacked(files))


def test_a_zip_is_what_is_in_it(system):
    found = unpacked(zipped(one=b"ISA1", two=b"ISA2"), SimpleUploadedFile("three.835", b"ISA3"))
    assert [one.data for one in found] == [b"ISA1", b"ISA2", b"ISA3"]
    assert not any(one.refused for one in found)


@pytest.mark.parametrize(
    "file",
    [
        lambda: zipped(bomb=b"\0" * 30_000_000),
        lambda: zipped(**{f"f{number}": b"x" for number in range(501)}),
        lambda: SimpleUploadedFile("broken.zip", b"PK\x03\x04 and nothing else"),
        lambda: SimpleUploadedFile("large.835", b"x" * (20 * 1024 * 1024 + 1)),
    ],
)
def test_bombs_and_broken_archives_are_refused_unread(system, file):
    (found,) = unpacked(file())
    assert found.refused
    assert found.data == b""


@pytest.fixture
def desk(system, practice, tmp_path):
    """A poster's browser, and an 835 that answers a claim which waits."""
    secret_key(tmp_path / "key")
    site = site_of(practice, tmp_path)
    text = site.read_text().replace('key = "keystone"', 'key = "one"', 1)
    site.write_text(text)
    entry = read_site(text, str(site)).payer("one")
    claims = billed(system, charts=1, visits=1)
    told = payment(claims[0], "T77", [paid_in_full(claims[0])])
    data = written(replace(told, payer_name=entry.name, payer_id=entry.id))
    client = signed_in(member_of(practice, "poster", Role.POSTER))

    def ask(route, *args, **body):
        return client.post(reverse(route, args=(practice.key, *args)), body)

    return client, ask, data


def test_a_dropped_835_waits_for_its_preview_and_is_posted_once(system, practice, desk):
    client, ask, data = desk
    before = system.scope.rows(JournalEntry).count()
    ask("payment-drop", files=SimpleUploadedFile("a.835", data))
    file = system.scope.rows(ReceivedFile).get()
    assert files_to_finish(system.scope) == []  # no run in the background takes it
    assert system.scope.rows(JournalEntry).count() == before
    page = client.get(reverse("payment-file", args=(practice.key, file.pk))).content.decode()
    assert "1 ready" in page
    assert "balanced" in page
    for _ in range(2):
        ask("payment-file-post", file.pk, payment="all")
    assert list(system.scope.rows(RemittanceRow).values_list("state", flat=True)) == ["posted"]
    after = system.scope.rows(JournalEntry).count()
    again = ask("payment-drop", files=SimpleUploadedFile("b.835", data))
    assert "came before and is posted" in client.get(again["Location"]).content.decode()
    assert system.scope.rows(JournalEntry).count() == after


def test_a_file_with_many_claims_is_posted_by_a_worker_once(system, practice, desk, monkeypatch):
    client, ask, data = desk
    monkeypatch.setattr("superbill.app.web.payments.files.MANY", 0)
    ask("payment-drop", files=SimpleUploadedFile("a.835", data))
    file = system.scope.rows(ReceivedFile).get()
    begun = ask("payment-file-post", file.pk, payment="all")
    assert "/jobs/" in begun["Location"]
    assert not system.scope.rows(RemittanceRow).exists()
    assert Worker().run(until_empty=True) == 1
    assert system.scope.rows(RemittanceRow).get().state == "posted"
    page = client.get(begun["Location"]).content.decode()
    assert "1 payments posted" in page
    assert reverse("payment-file", args=(practice.key, file.pk)) in page
    ask("payment-file-post", file.pk, payment="all")
    entries = system.scope.rows(JournalEntry).count()
    assert Worker().run(until_empty=True) == 1
    assert system.scope.rows(JournalEntry).count() == entries


def test_what_is_taken_back_can_be_posted_again(system, practice, desk):
    _client, ask, data = desk
    ask("payment-drop", files=SimpleUploadedFile("a.835", data))
    file = system.scope.rows(ReceivedFile).get()
    ask("payment-file-post", file.pk, payment="all")
    row = system.scope.rows(RemittanceRow).get()
    assert ask("payment-undo", row.pk, why="").status_code == 422  # says why, or nothing is taken back
    ask("payment-undo", row.pk, why="wrong file")
    assert system.scope.rows(RemittanceRow).get().state == "voided"
    ask("payment-file-post", file.pk, payment="all")
    assert system.scope.rows(RemittanceRow).get().state == "posted"
    assert {one.state for one in system.scope.rows(RemittanceClaimRow)} == {"posted"}


def test_files_that_answer_nothing_are_refused_and_not_kept(system, practice, desk):
    client, ask, _data = desk
    answer = ask("payment-drop", files=[SimpleUploadedFile("a.pdf", b"%PDF-1.7"), SimpleUploadedFile("b", b"")])
    page = client.get(answer["Location"]).content.decode()
    assert page.count("Nothing was done with it") == 2
    assert system.scope.rows(ReceivedFile).count() == 0


def test_two_who_key_one_paper_lose_nothing(system, practice, desk):
    _client, ask, _data = desk
    paper = start_eob(system, PaperRemittance(payer="one", check_number="9", on=AT.date(), amount=10_00), at=AT)
    key_provider_adjustments(system, paper, 1, [KeyedProviderAdjustment(reason="L6", amount=-10_00)], at=AT)
    mine = {"paid-1": "10.00", "allowed-1": "10.00"}
    answer = ask("eob", paper, deed="key", version="1", claim="A1001P1", **mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert 'value="10.00"' in page  # what I wrote
    assert "L6=-10.00" in page  # what is there now
    assert eob(system.scope, paper).paper.claims == ()
