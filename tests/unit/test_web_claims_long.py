"""A claim of more lines than one page of the form has: every line is edited, page by page, and saved as one."""

import re

import pytest
from django.urls import reverse
from msgspec.structs import replace
from tests.claim_kind_samples import INPATIENT
from tests.unit.test_web_claims_lists import at, browser_form, hold
from tests.web_samples import member_of, signed_in

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import Role
from superbill.app.claims.queries import claim as stored_claim
from superbill.app.web.claims.boxes import A_PAGE
from superbill.findings import Finding, Severity, line

LINES = 2 * A_PAGE + 3
LONG = replace(INPATIENT, lines=tuple(replace(INPATIENT.lines[1], number=number) for number in range(1, LINES + 1)))


@pytest.fixture
def number(system, office):
    return hold(system, office, 72, LONG)


def form_of(answer):
    return browser_form(answer.content.decode())


def test_every_line_is_edited_page_by_page_and_saved_together(biller, office, number):
    first = form_of(biller.get(at(number)))
    assert f"line{A_PAGE}.description" in first and f"line{A_PAGE + 1}.note" not in first
    last = form_of(biller.post(at(number), {**first, "line1.description": "FIRST", "to": "3"}))
    assert "line1.note" not in last
    wrong = biller.post(at(number), {**last, f"line{LINES}.non_covered": "much", "to": "2"})
    assert f"line{A_PAGE + 1}.description" in form_of(wrong)
    again = biller.post(at(number), form_of(wrong))
    assert again.status_code == 422
    form = form_of(again)
    assert form[f"line{LINES}.non_covered"] == ["much"]  # what can't be read is shown, wherever it stands
    done = biller.post(at(number), {**form, f"line{LINES}.non_covered": "1.00", f"line{LINES}.description": "LAST"})
    assert done.status_code == 302
    now = stored_claim(Scope(office.practice.pk), number).claim
    said = {line.number: line.procedure.description for line in now.lines if line.procedure.description}
    assert said == {1: "FIRST", LINES: "LAST"}
    assert now.lines[-1].non_covered == 1_00


def test_two_people_on_two_pages_of_one_claim_lose_nothing(biller, office, number):
    other = signed_in(member_of(office.practice, "other", Role.BILLER))
    mine = form_of(biller.post(at(number), {**form_of(biller.get(at(number))), "to": "3"}))
    theirs = form_of(other.get(at(number)))
    assert other.post(at(number), {**theirs, "line1.description": "THEIRS"}).status_code == 302
    stale = biller.post(at(number), {**mine, f"line{LINES}.description": "MINE"})
    assert stale.status_code == 409
    page = stale.content.decode()
    assert "THEIRS" in page and "MINE" in page
    merged = dict(re.findall(r'type="hidden" name="(began|base)" value="([^"]*)"', page))
    merged |= {"base": merged["base"].replace("&quot;", '"'), "line1.description": "THEIRS"}
    assert biller.post(at(number), {**merged, f"line{LINES}.description": "MINE"}).status_code == 302
    now = stored_claim(Scope(office.practice.pk), number).claim
    assert (now.lines[0].procedure.description, now.lines[-1].procedure.description) == ("THEIRS", "MINE")


def test_a_finding_leads_to_the_page_of_its_line(system, biller, office):
    wrong = Finding(rule="x.line", severity=Severity.ERROR, where=line(LINES, "revenue_code"), message="Look.")
    number = hold(system, office, 73, LONG, findings=(wrong,))
    there = '<button class="quiet tiny" name="to" value="3">'
    assert there in biller.get(at(number)).content.decode()
    page = biller.get(f"{at(number)}?page=3").content.decode()
    assert f'id="line{LINES}.revenue_code"' in page and there not in page
    claim = biller.get(reverse("claim", args=("lakeside", number))).content.decode()
    assert f'/correct?page=3#line{LINES}.revenue_code"' in claim
