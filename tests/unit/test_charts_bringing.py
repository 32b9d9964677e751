"""Charts come by the browser: looked at first, brought in once by a worker, and a note by itself becomes a visit."""

import gzip
import io
import json
import zipfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.app_samples import AT
from tests.chart_samples import condition, encounter, patient
from tests.web_samples import member_of, secret_key, signed_in, site_of

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.encounters.actions import CodingCounts
from superbill.app.encounters.drops import NewFile, NotThisDrop, discard_drop, keep_drop, note_taken, settle_drop
from superbill.app.encounters.models import ChartDrop, ChartFile, EncounterRow, EncounterState
from superbill.app.encounters.queries import visit
from superbill.app.encounters.queries_drops import came_before, drop, drops, file, files_of, taken
from superbill.app.jobs.worker import Worker
from superbill.app.path.bringing import Brought, Looked
from superbill.app.patients.actions import ImportCounts
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.app.web import unpacking
from superbill.app.web.register import bringing

IMPORT = "/p/lakeside/charts/import"
CDA = b"""<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget><patientRole><patient><name><given>Ada</given>
<family>Quill</family></name><birthTime value="19800229"/></patient></patientRole></recordTarget><componentOf>
<encompassingEncounter><effectiveTime><low value="202610300900-0500"/></effectiveTime></encompassingEncounter>
</componentOf><component><section><title>HPI</title><text>Sore throat.</text></section></component>
</ClinicalDocument>"""


def bundle(*resources, name="quill.json"):
    entries = [{"resource": one} for one in resources or (patient(), encounter(), condition())]
    return SimpleUploadedFile(name, json.dumps({"resourceType": "Bundle", "entry": entries}).encode())


def zipped(**members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return SimpleUploadedFile("many.zip", made.getvalue())


@pytest.fixture
def clerk(practice, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "SUPERBILL_TODAY", AT.date())
    secret_key(tmp_path / "key")
    site_of(practice, tmp_path)
    return signed_in(member_of(practice, "fran", Role.FRONT_DESK))


def brought(clerk, *some):
    """Drop files, bring them in, let a worker do it; the page of the drop."""
    page = clerk.post(IMPORT, {"files": some})["Location"]
    job = clerk.post(f"{page}/bring")["Location"]
    assert Worker().run(until_empty=True) == 1
    assert "done" in clerk.get(job).content.decode()
    return page


def test_charts_are_looked_at_then_brought_in_once(system, clerk):
    page = clerk.post(IMPORT, {"files": [bundle()]})["Location"]
    shown = clerk.get(page).content.decode()
    assert "QUILL, Ada" in shown
    assert "Bring in 1 visit" in shown
    assert not system.scope.rows(PatientRow).exists()
    job = clerk.post(f"{page}/bring")["Location"]
    assert Worker().run(until_empty=True) == 1
    assert "1 visits new, 0 changed, 0 as they were." in clerk.get(job).content.decode()
    assert system.scope.rows(EncounterRow).get().state != EncounterState.IMPORTED
    assert not any(bytes(one.content) for one in system.scope.rows(ChartFile))
    again = clerk.post(IMPORT, {"files": [bundle()]})["Location"]
    shown = clerk.get(again).content.decode()
    assert "1 file was brought in before." in shown
    assert "There is no visit in it that is not here already." in shown
    assert "/jobs/" not in clerk.post(f"{page}/bring")["Location"]
    assert "These files were brought in already" in clerk.get(page).content.decode()
    before = list(system.scope.rows(EncounterRow).values())
    brought(clerk, bundle())
    assert list(system.scope.rows(EncounterRow).values()) == before


def test_what_is_in_the_files_is_told_visit_by_visit(system, clerk):
    brought(clerk, bundle(patient(), encounter("e1"), encounter("e2"), encounter("e3")))
    system.scope.rows(EncounterRow).filter(source_id="e2").update(state=EncounterState.BILLED)
    moved = [encounter(one, day="2025-03-05") for one in ("e2", "e3")]
    page = clerk.post(IMPORT, {"files": [bundle(patient(), encounter("e1"), encounter("e4"), *moved)]})["Location"]
    found = drop(system.scope, int(page.rpartition("/")[2]))
    looked = found.told(found.looked, Looked)
    assert looked.visits == {"new": 1, "changed": 1, "same": 1, "late": 1}
    assert looked.patients == {"new": 0, "changed": 0, "same": 1}
    assert "1 differ from what was billed" in clerk.get(page).content.decode()


def test_who_may_be_here_under_another_number_is_named(system, clerk):
    brought(clerk, bundle())
    page = clerk.post(IMPORT, {"files": [bundle(patient("other"), encounter("x", of="Patient/other"))]})["Location"]
    known = system.scope.rows(PatientRow).get().pk
    assert f'<a href="/p/lakeside/register/{known}">QUILL, Ada</a>' in clerk.get(page).content.decode()


def test_a_zip_of_bundles_ndjson_and_notes_is_what_is_in_it(system, clerk):
    lines = "\n".join(json.dumps(one) for one in (patient("p2"), encounter("e2", of="Patient/p2"))).encode()
    named = {
        "resourceType": "DocumentReference", "id": "d1", "status": "current", "subject": {"reference": "Patient/p1"},
        "content": [{"attachment": {"contentType": "text/plain", "url": "notes/d1.txt"}}],
        "context": {"encounter": [{"reference": "Encounter/e1"}]},
    }  # fmt: skip
    whole = bundle(patient(), encounter(), named).read()
    brought(clerk, zipped(**{"a/quill.json": whole, "a/notes/d1.txt": b"Sore throat.", "p2.ndjson": lines}))
    first = system.scope.rows(EncounterRow).get(source_id="e1").account_number
    assert [note.text for note in visit(system.scope, first).encounter.notes] == ["Sore throat."]
    assert system.scope.rows(EncounterRow).count() == 2


def test_a_note_by_itself_becomes_a_visit(system, clerk):
    brought(clerk, bundle())
    known = system.scope.rows(PatientRow).get().pk
    files = [SimpleUploadedFile("ada.xml", CDA), SimpleUploadedFile("plain.txt", b"Cough.")]
    page = clerk.post(IMPORT, {"files": files})["Location"]
    cda, plain = system.scope.rows(ChartFile).exclude(content=b"").order_by("id").values_list("pk", flat=True)
    shown = clerk.get(page).content.decode()
    assert f"/p/lakeside/register/{known}/visits/new?note={cda}" in shown
    assert "30 Oct 2026" in shown
    asked = clerk.post(f"/p/lakeside/charts/notes/{plain}", {"q": "quill"}).content.decode()
    assert f"/p/lakeside/register/{known}/visits/new?note={plain}" in asked
    assert "Cough." in asked
    address = f"/p/lakeside/register/{known}/visits/new?note={cda}"
    form = clerk.get(address).content.decode()
    assert "Sore throat." in form
    assert 'value="10/30/2026"' in form
    told = {"day": "10/30/2026", "time": "9:00", "kind": "office", "place": "main", "provider": "tuominen",
            "note": "Sore throat."}  # fmt: skip
    account = clerk.post(address, told)["Location"].rpartition("/")[2]
    assert taken(system.scope, [cda, plain]) == {cda: account}
    assert clerk.get(address).status_code == 404
    assert account in clerk.get(page).content.decode()
    again = clerk.post(IMPORT, {"files": [SimpleUploadedFile("again.xml", CDA)]})["Location"]
    assert f'href="/p/lakeside/visits/{account}"' in clerk.get(again).content.decode()


def test_what_gzip_packed_is_read_as_it_was():
    some = [b"{}" * 99, b"", b"[1]"]
    files = [SimpleUploadedFile(f"{n}.json.gz", gzip.compress(one)) for n, one in enumerate(some)]
    files += [
        SimpleUploadedFile("two.gz", gzip.compress(b"a") + gzip.compress(b"b")),
        zipped(**{"c.gz": files[0].read()}),
    ]
    files[0].seek(0)

    found = list(unpacking.unpacked(files, bringing.MOST))

    assert [one.data for one in found] == [*some, b"ab", some[0]]
    assert [one.path for one in found[:3]] == ["0.json", "1.json", "2.json"]


RANDOM = bytes(range(256)) * 9
REFUSED = [
    (lambda: SimpleUploadedFile("a.gz", gzip.compress(b"\0" * 90_000_000)), "unpacks to more"),
    (lambda: SimpleUploadedFile("a.gz", gzip.compress(RANDOM)[:-9]), "ends in the middle"),
    (lambda: SimpleUploadedFile("a.gz", b"\x1f\x8b and nothing else"), "can’t be unpacked"),
    (lambda: SimpleUploadedFile("a.gz", gzip.compress(gzip.compress(b"{}"))), "packed twice"),
    (lambda: zipped(**{"a.gz": gzip.compress(b"\0" * 90_000_000)}), "unpacks to more"),
    (lambda: zipped(bomb=b"\0" * 90_000_000), "unpacks to more"),
    (lambda: zipped(**{f"f{n}": b"x" for n in range(501)}), "more than 500 files"),
    (lambda: SimpleUploadedFile("a.zip", b"PK\x03\x04 and nothing else"), "can’t be opened"),
]


@pytest.mark.parametrize("made, says", REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_chart_or_too_much_is_refused_unread(made, says):
    (found,) = unpacking.unpacked([made()], bringing.MOST)
    assert says in found.refused
    assert found.data == b""


def test_what_comes_after_the_limit_of_a_drop_is_left():
    few = unpacking.Most(file=10, together=25)
    found = list(unpacking.unpacked([SimpleUploadedFile(f"{n}.json", b"0123456789") for n in range(4)], few))
    assert [bool(one.refused) for one in found] == [False, False, True]
    (large,) = unpacking.unpacked([SimpleUploadedFile("a.json", b"0123456789+")], few)
    assert "is larger than" in large.refused


def test_files_of_which_none_can_be_read_are_not_kept(system, clerk):
    for files in ([], [SimpleUploadedFile("a.gz", gzip.compress(b"{}")[:-3])]):
        assert clerk.post(IMPORT, {"files": files})["Location"] == IMPORT
        assert "trouble" in clerk.get(IMPORT).content.decode()
    assert not system.scope.rows(ChartDrop).exists()


def test_notes_of_one_name_are_two_and_what_is_no_note_is_told(system, clerk):
    files = [zipped(**{"a/note.txt": b"Cough.", "b/note.txt": b"Fever.", "scan.pdf": b"%PDF-1.4"})]
    files += [SimpleUploadedFile("pay.835", b"ISA*00*"), SimpleUploadedFile("list.json", b'{"rows": []}')]
    shown = clerk.get(clerk.post(IMPORT, {"files": files})["Location"]).content.decode()
    assert shown.count("Say whose it is") == 2
    for said in ("This is a PDF, not a note", "This is an X12 file", "JSON without a resourceType"):
        assert said in shown


def test_broken_files_say_where_and_bring_nothing(system, clerk):
    files = [SimpleUploadedFile("broken.json", b'{"resourceType": "Bundle", "entry": [}'), bundle(encounter())]
    shown = clerk.get(clerk.post(IMPORT, {"files": files})["Location"]).content.decode()
    assert "broken.json" in shown
    assert "chart.no-patient" in shown
    assert not system.scope.rows(PatientRow).exists()


def test_much_is_looked_into_by_a_worker(system, clerk, monkeypatch):
    monkeypatch.setattr(bringing, "AT_ONCE", 0)
    job = clerk.post(IMPORT, {"files": [bundle()]})["Location"]
    page = f"/p/lakeside/charts/{system.scope.rows(ChartDrop).get().pk}"
    assert "A worker is looking into these files." in clerk.get(page).content.decode()
    assert Worker().run(until_empty=True) == 1
    assert "1 patients with 1 visits in it." in clerk.get(job).content.decode()
    assert "Bring in 1 visit" in clerk.get(page).content.decode()
    clerk.post(f"{page}/discard")
    assert system.scope.rows(ChartDrop).get().state == "discarded"
    assert not any(bytes(one.content) for one in system.scope.rows(ChartFile))


def test_who_may_drop_charts_and_who_sees_them(system, practice):
    desk, coder = (actor_with(role.value, practice.pk, role) for role in (Role.FRONT_DESK, Role.CODER))
    outsider = actor_with("olaf", open_practice("hillside", "Hillside").pk, Role.FRONT_DESK)
    made = keep_drop(desk, [NewFile("a.txt", "a.txt", b"Cough.")], at=AT)
    (kept,) = files_of(desk.scope, made)
    with pytest.raises(NotPermitted):
        keep_drop(coder, [NewFile("a.txt", "a.txt", b"Cough.")], at=AT)
    settled = Brought(counts=ImportCounts(), coded=CodingCounts())
    for call in (
        lambda who: discard_drop(who, made, at=AT),
        lambda who: settle_drop(who, made, settled, (), at=AT),
    ):
        with pytest.raises(NotPermitted):
            call(coder)
        with pytest.raises(NotThisDrop, match="not here"):
            call(outsider)
    with pytest.raises(NotPermitted):
        note_taken(coder, kept.id, "A1", at=AT)
    note_taken(outsider, kept.id, "A1", at=AT)
    assert taken(desk.scope, [kept.id]) == {}
    assert [one.id for one in drops(coder.scope)] == [made]
    there = outsider.scope
    assert (drop(there, made), drops(there), files_of(there, made), file(there, kept.id)) == (None, [], [], None)
    assert came_before(there, [kept.digest]) == {}
    discard_drop(desk, made, at=AT)
    with pytest.raises(NotThisDrop, match="discarded already"):
        discard_drop(desk, made, at=AT)
