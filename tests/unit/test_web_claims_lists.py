"""A facility’s and a dentist’s claim corrected on the page: rows added and removed, days moved, two people at once."""

import re

import pytest
from django.urls import reverse
from msgspec.structs import replace
from tests.app_samples import AT, DAY, chart, coded
from tests.claim_kind_samples import DENTAL, INPATIENT
from tests.web_samples import member_of, signed_in

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import Role
from superbill.app.claims.actions import ClaimDraft, open_claims
from superbill.app.claims.models import ClaimRow
from superbill.app.claims.queries import claim as stored_claim
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.actions import import_charts
from superbill.findings import Finding, Severity, header

HOLDS = Finding(
    rule="x.held", severity=Severity.ERROR, where=header("institutional.values"), message="Days do not add."
)


def hold(system, office, number, sample, findings=(HOLDS,)):
    """A held claim like the sample, for a patient of this number, that was never sent: its number."""
    import_charts(system, [chart(number)], at=AT)
    row = office.rows(EncounterRow).select_related("patient").get(patient__family=f"Family{number}")
    record_coding(system, [(row.pk, coded(row.source_id, row.patient.source_id))], at=AT)
    account = row.account_number
    lines = [replace(line, control_number=f"{account}-{line.number}") for line in sample.lines]
    one = replace(sample, control_number=f"{account}P1", lines=tuple(lines))
    open_claims(system, [ClaimDraft(encounter=row.pk, claim=one, payer_key="bluepeak", findings=findings)], DAY, at=AT)
    return one.control_number


@pytest.fixture
def held(system, office):
    """Held claims that were never sent, by kind: their numbers."""
    return {sample.kind: hold(system, office, number, sample) for number, sample in ((70, INPATIENT), (71, DENTAL))}


def at(number):
    return reverse("claim-correct", args=("lakeside", number))


def browser_form(page):
    """The fields of the form as a browser sends them: a list of values by name."""
    form = page[page.index('id="edit"') :].partition("</form>")[0]
    found = {}
    for tag, options in re.findall(r"<(?:input|select)( [^>]*)>(?:((?:<option.*?</option>)+)</select>)?", form):
        name = re.search(r' name="([^"]+)"', tag)
        chosen = re.search(r'value="([^"]*)" selected', options) if options else re.search(r' value="([^"]*)"', tag)
        if name and name[1] != "csrfmiddlewaretoken":
            found.setdefault(name[1], []).append((chosen[1] if chosen else "").replace("&quot;", '"'))
    return found


@pytest.mark.parametrize("kind", ["institutional", "dental"])
def test_a_page_saved_as_it_came_leaves_the_claim_as_it_was(kind, biller, held, office):
    number = held[kind]
    before = stored_claim(Scope(office.practice.pk), number).claim
    assert biller.post(at(number), browser_form(biller.get(at(number)).content.decode())).status_code == 302
    assert stored_claim(Scope(office.practice.pk), number).claim == before


def test_rows_are_added_and_removed_and_a_moved_day_moves_in_the_list(biller, held, office):
    number = held["institutional"]
    page = biller.get(at(number)).content.decode()
    assert "Days do not add." in page
    form = browser_form(page)
    assert form["occurrences.code"] == ["11", ""]  # one, and room for another
    form["occurrences.code"], form["occurrences.on"] = ["11", "18"], ["03/01/2026", "03/04/2026"]
    looked = biller.post(at(number), {**form, "remove": "occurrences.1"})
    assert browser_form(looked.content.decode())["occurrences.code"] == ["18", ""]
    assert len(stored_claim(Scope(office.practice.pk), number).claim.institutional.occurrences) == 1
    wrong = biller.post(at(number), {**form, "occurrences.on": ["03/01/2026", "soon"]})
    assert wrong.status_code == 422
    assert "Row 2, Day: Write a day as MM/DD/YYYY." in wrong.content.decode()
    moved = {**form, "statement_from": ["03/01/2026"], "admission": ["03/01/2026"]}
    assert biller.post(at(number), moved).status_code == 302
    now = stored_claim(Scope(office.practice.pk), number).claim
    assert [one.code for one in now.institutional.occurrences] == ["11", "18"]
    assert f"{office.rows(ClaimRow).get(control_number=number).service_start}" == "2026-03-01"


def test_a_list_that_somebody_else_changed_meanwhile_is_laid_beside_mine(biller, held, office):
    number = held["dental"]
    other = signed_in(member_of(office.practice, "other", Role.BILLER))
    mine = browser_form(biller.get(at(number)).content.decode())
    theirs = {**mine, "line1.teeth.number": ["14", "15"], "line1.teeth.surfaces": ["MO", "O"]}
    assert other.post(at(number), theirs).status_code == 302
    stale = biller.post(
        at(number), {**mine, "line1.teeth.number": ["19", ""], "missing.number": ["32"], "missing.status": ["M"]}
    )
    page = stale.content.decode()
    assert stale.status_code == 409
    assert all(text in page for text in ("14 · MO; 15 · O", "19 · MO", "32 · M"))
    merged = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))
    merged["base"] = merged["base"].replace("&quot;", '"')
    assert biller.post(at(number), {**merged, "line1.teeth": "14 · MO; 15 · O", "missing": "32 · M"}).status_code == 302
    now = stored_claim(Scope(office.practice.pk), number).claim
    assert [tooth.number for tooth in now.lines[0].dental.teeth] == ["14", "15"]
    assert [tooth.number for tooth in now.dental.teeth] == ["32"]
