"""A payer's decisions by file at the desk: entered once for whom they are about, and what is left out is told."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.acceptance.test_eligibility_and_authorizations import file
from tests.web_samples import member_of, signed_in

from superbill.app.accounts.permissions import Role
from superbill.app.authorizations.queries import listed

ADDRESS = "/p/lakeside/authorizations/import"


@pytest.fixture
def clerk(office):
    return signed_in(member_of(office.practice, "fran", Role.FRONT_DESK))


def decision(folder, name="FAMILY1", action="A1*A-77"):
    body = (
        "BHT*0007*11*Q1*20261101*1200*18", "HL*1**20*1", "NM1*X3*2*SOMEBODY*****PI*NOBODY1", "HL*2*1*21*1",
        "NM1*1P*2*CLINIC*****XX*1234567893", "HL*3*2*22*1", f"NM1*IL*1*{name}*GIVEN", "DMG*D8*19700101",
        "HL*4*3*EV*1", "UM*HS*I", f"HCR*{action}",
    )  # fmt: skip
    return SimpleUploadedFile("answer.278", file(folder, "278", "005010X217", "HI", body).read_bytes())


def test_what_a_payer_grants_is_entered_once(system, clerk, tmp_path):
    for new in (1, 0):
        done = clerk.post(ADDRESS, {"file": decision(tmp_path), "payer": "bluepeak"})
        assert done.status_code == 200
        assert f"1 decision read, {new} new" in done.content.decode()
    assert [(one.number, one.payer_key) for one in listed(system.scope)] == [("A-77", "bluepeak")]
    gone = clerk.post(ADDRESS, {"file": decision(tmp_path, action="C*A-77"), "payer": "bluepeak"})
    assert "withdrawn" in gone.content.decode()
    assert listed(system.scope) == []


def test_what_is_not_taken_over_says_why(system, clerk, tmp_path):
    unknown = clerk.post(ADDRESS, {"file": decision(tmp_path)})
    assert "is no payer of the site" in unknown.content.decode()
    refused = clerk.post(ADDRESS, {"file": decision(tmp_path, action="A3"), "payer": "bluepeak"})
    assert "it is not certified" in refused.content.decode()
    other = clerk.post(ADDRESS, {"file": SimpleUploadedFile("note.txt", b"nothing of it")})
    assert other.status_code == 422
    assert listed(system.scope) == []


def test_the_page_of_a_patient_lists_their_claims_to_whom_claims_are_open(office):
    (patient,), (number,) = office.keys["account"], office.keys["claim"]
    seen = {
        role: signed_in(member_of(office.practice, role.value, role)).get(f"/p/lakeside/register/{patient}").content
        for role in (Role.BILLER, Role.CODER)
    }
    assert f"/claims/{number}".encode() in seen[Role.BILLER]
    assert f"/claims/{number}".encode() not in seen[Role.CODER]
