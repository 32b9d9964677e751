"""A biller at work: two people on one claim, sending with the numbers confirmed, receiving, checking, noting."""

import re

import pytest
from django.urls import reverse
from msgspec.structs import replace
from tests.app_samples import AT, DAY, billed, chart, claim, coded
from tests.web_samples import member_of, signed_in

from superbill.app.accounts.permissions import Role
from superbill.app.claims.actions import ClaimDraft, open_claims, receive_file, release_held
from superbill.app.claims.models import ClaimEvent, ClaimNote, ClaimRow, ReceivedFile
from superbill.app.documents import encoded
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterRow
from superbill.app.jobs.worker import Worker
from superbill.app.patients.actions import import_charts
from superbill.findings import Change, Finding, Severity, header

HOLDS = Finding(rule="x.held", severity=Severity.ERROR, where=header("subscriber.member_id"), message="Whose is it?")


@pytest.fixture
def held(system, office):
    """A claim that was never sent, held."""
    import_charts(system, [chart(50)], at=AT)
    row = office.rows(EncounterRow).select_related("patient").get(patient__family="Family50")
    record_coding(system, [(row.pk, coded(row.source_id, row.patient.source_id))], at=AT)
    draft = ClaimDraft(encounter=row.pk, claim=claim(row.account_number), payer_key="bluepeak", findings=(HOLDS,))
    open_claims(system, [draft], DAY, at=AT)
    return office.rows(ClaimRow).get(encounter=row.pk)


def at(route, *args):
    return reverse(route, args=("lakeside", *args))


def form_of(client, number):
    """The edit form as it stands on the page."""
    page = client.get(at("claim-correct", number)).content.decode()
    fields = dict(re.findall(r'<input id="([^"]+)"[^>]*? value="([^"]*)"', page))
    for name, options in re.findall(r'<select id="([^"]+)"[^>]*>(.*?)</select>', page):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[name] = chosen[1] if chosen else ""
    hidden = dict(re.findall(r'type="hidden" name="(began|base)" value="([^"]*)"', page))
    hidden["base"] = hidden["base"].replace("&quot;", '"')
    return {**fields, **hidden}


def test_a_held_claim_is_mended_in_place_and_checked(biller, held, office):
    given = form_of(biller, held.control_number)
    looked = biller.post(at("claim-correct", held.control_number), {**given, "member_id": "XB900", "check": "1"})
    assert looked.status_code == 200
    assert "<del>M1</del>" in looked.content.decode()
    assert office.rows(ClaimRow).get(pk=held.pk).doc == held.doc
    saved = biller.post(at("claim-correct", held.control_number), {**given, "member_id": "XB900"})
    assert saved.status_code == 302
    assert '"member_id":"XB900"' in office.rows(ClaimRow).get(pk=held.pk).doc


def test_of_two_who_edit_one_claim_nobody_loses_anything(biller, held, office):
    other = signed_in(member_of(office.practice, "other", Role.BILLER))
    mine, theirs = form_of(biller, held.control_number), form_of(other, held.control_number)
    other.post(at("claim-correct", held.control_number), {**theirs, "member_id": "THEIRS1", "group_number": "G77"})
    stale = biller.post(
        at("claim-correct", held.control_number), {**mine, "member_id": "MINE1", "prior_authorization": "PA55"}
    )
    page = stale.content.decode()
    assert stale.status_code == 409
    assert all(text in page for text in ("THEIRS1", "MINE1", "G77", "PA55", "M1"))
    assert "MINE1" not in office.rows(ClaimRow).get(pk=held.pk).doc
    merged = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    merged["base"] = merged["base"].replace("&quot;", '"')
    merged |= {"member_id": "MINE1", "group_number": "G77", "prior_authorization": "PA55"}
    assert biller.post(at("claim-correct", held.control_number), merged).status_code == 302
    doc = office.rows(ClaimRow).get(pk=held.pk).doc
    assert all(text in doc for text in ('"MINE1"', '"G77"', '"PA55"'))


def test_a_claim_under_way_is_not_edited_and_says_so(system, biller, office):
    (waiting,) = billed(system, charts=1, visits=1, first=60)
    answer = biller.get(at("claim-correct", waiting.control_number), follow=True)
    assert "is under way" in answer.content.decode()


def test_what_is_sent_is_what_was_confirmed(system, biller, held, office):
    release_held(system, [(held.pk, claim(held.control_number[:-2]), ())], at=AT)
    page = biller.post(at("claims-send"), {"claim": str(held.pk)}).content.decode()
    assert "Send 1 claims, $150.00, to 1 payer" in page
    wrong = biller.post(at("claims-go"), {"claims": str(held.pk), "expected": "2 30000"})
    assert wrong.status_code == 409
    assert office.rows(ClaimRow).get(pk=held.pk).state == "ready"
    done = biller.post(at("claims-go"), {"claims": str(held.pk), "expected": "1 15000"})
    assert done.status_code == 302
    sent = office.rows(ClaimRow).get(pk=held.pk)
    assert sent.state in ("sent", "held")  # held where the site's own facts make no valid 837 of the sample
    assert office.rows(ClaimEvent).filter(claim=held.pk, what="sent").exists() == (sent.state == "sent")


def test_many_claims_are_checked_and_sent_by_a_worker(system, biller, held, office, monkeypatch):
    release_held(system, [(held.pk, claim(held.control_number[:-2]), ())], at=AT)
    for module in ("sending", "chosen"):
        monkeypatch.setattr(f"superbill.app.web.claims.{module}.MANY", 0)
    begun = biller.post(at("claims-go"), {"claims": str(held.pk), "expected": "1 15000"})
    assert "/jobs/" in begun["Location"]
    assert office.rows(ClaimRow).get(pk=held.pk).state == "ready"
    assert Worker().run(until_empty=True) == 1
    sent = office.rows(ClaimRow).get(pk=held.pk)
    assert sent.state in ("sent", "held")
    page = biller.get(begun["Location"]).content.decode()
    assert f"{int(sent.state == 'sent')} claims" in page
    begun = biller.post(at("claims-check"), {"claim": str(held.pk)})
    assert Worker().run(until_empty=True) == 1
    assert re.search(r"\d claims checked", biller.get(begun["Location"]).content.decode())
    monkeypatch.setattr("superbill.app.web.claims.sending.MANY", -1)
    for route, said in (("claims-check-all", r"\d claims checked"), ("claims-build", r"\d claims ready")):
        begun = biller.post(at(route))
        assert Worker().run(until_empty=True) == 1, route
        assert re.search(said, biller.get(begun["Location"]).content.decode()), route


def test_a_payment_that_a_biller_receives_waits_for_the_poster(system, office):
    from superbill.app.accounts.actors import actor_with
    from superbill.app.path.receiving import ReceiveCounts, take_in
    from superbill.app.web.desk import Desk
    from superbill.app.web.sites import session

    data = b"ISA*00*          *00*          *ZZ*A              *ZZ*B              *261102*0900*^*00501*000000009*0*T*:~"
    data += b"GS*HP*A*B*20261102*0900*9*X*005010X221A1~ST*835*0001~SE*2*0001~GE*1*9~IEA*1*000000009~"
    counts = ReceiveCounts()
    mine = session(Desk(practice=office.practice, actor=actor_with("b", office.practice.pk, Role.BILLER), today=DAY))
    take_in(mine, "pay.835", data, counts, AT)
    take_in(mine, "pay.835", data, counts, AT)
    assert counts.left == 2
    assert office.rows(ReceivedFile).get(name="pay.835").outcome == "received"


def test_many_claims_are_noted_given_and_taken_back(biller, office):
    ids = list(office.rows(ClaimRow).order_by("id").values_list("pk", flat=True))
    biller.post(at("claims-note"), {"all": "1", "asked": "state=partly_denied", "text": "Called the payer."})
    assert office.rows(ClaimNote).count() == len(ids)
    page = biller.post(at("claims-assign"), {"claim": ids, "to": "billie"}, follow=True).content.decode()
    assert set(office.rows(ClaimRow).values_list("assignee", flat=True)) == {"billie"}
    assert at("claims-reassign") in page
    biller.post(at("claims-reassign"), {"claims": " ".join(map(str, ids)), "to": ""})
    assert set(office.rows(ClaimRow).values_list("assignee", flat=True)) == {""}
    biller.post(at("claims-assign"), {"claim": ids, "to": "nobody here"})
    assert set(office.rows(ClaimRow).values_list("assignee", flat=True)) == {""}


def test_a_list_is_filtered_by_the_rule_that_holds(biller, held):
    assert held.control_number in biller.get(at("claims"), {"rule": "x.held"}).content.decode()
    assert held.control_number not in biller.get(at("claims"), {"rule": "x.hel"}).content.decode()


def test_a_file_that_is_held_says_why_and_is_tried_again(system, biller, office):
    kept = receive_file(system, name="letter.txt", content=b"Dear biller", at=AT)
    answer = biller.post(at("file-again", kept.id), follow=True).content.decode()
    assert "held" in answer
    assert "no X12 file that can be read" in answer


def test_a_fix_that_a_finding_offers_takes_one_press(biller, held, office):
    offers = replace(HOLDS, changes=(Change("replace", "/subscriber/member_id", "XB77"),))
    office.rows(ClaimRow).filter(pk=held.pk).update(findings=encoded((offers,)))
    page = biller.get(at("claim", held.control_number)).content.decode()
    assert "set subscriber member id: XB77" in page
    assert biller.post(at("claim-fix", held.control_number), {"rule": "x.held"}).status_code == 302
    assert '"XB77"' in office.rows(ClaimRow).get(pk=held.pk).doc
    again = biller.post(at("claim-fix", held.control_number), {"rule": "x.held"}, follow=True)
    assert "can be mended by itself any more" in again.content.decode()


def test_what_is_set_aside_says_who_and_why_and_counts_again_on_demand(held, office):
    boss = signed_in(member_of(office.practice, "boss", Role.MANAGER))
    boss.post(at("claim-override", held.control_number), {"rule": "x.held", "reason": "Card seen at the desk."})
    assert office.rows(ClaimRow).get(pk=held.pk).state == "ready"
    page = boss.get(at("claim", held.control_number)).content.decode()
    assert "Card seen at the desk." in page
    boss.post(at("claim-override", held.control_number), {"rule": "x.held", "withdraw": "1"})
    assert office.rows(ClaimRow).get(pk=held.pk).state == "held"
    assert office.rows(ClaimRow).get(pk=held.pk).rules == " x.held "


def test_a_decided_claim_is_corrected_in_a_new_version_that_is_compared_with_what_was_sent(biller, office):
    given = form_of(biller, "A1001P1")
    answer = biller.post(at("claim-correct", "A1001P1"), {**given, "line2.modifiers": "59", "keep": "1"})
    assert answer.status_code == 302
    later = office.rows(ClaimRow).get(control_number="A1001P2")
    assert (later.frequency, later.replaces.control_number) == ("7", "A1001P1")
    assert "A1001P2 replaces this version" in biller.get(at("claim", "A1001P1")).content.decode()
    lost = biller.post(at("claim-correct", "A1001P1"), {**given, "line2.modifiers": "XS"})
    assert lost.status_code == 409
    assert "XS" in lost.content.decode()
