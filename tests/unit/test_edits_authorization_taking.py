"""Which number of those on file a claim takes: of its payer, for its services and days, with units left."""

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.app_samples import DAY, TODAY, claim

from superbill.edits import Authorization, Context, History, PastClaim, PayerFacts
from superbill.edits.authorization.taking import take_numbers
from superbill.effective import Period

GRANT = Authorization(number="A-77", payer_id="00001", codes=("99213",), period=Period(DAY, DAY))


def taken(*grants, of=None, past=(), **facts):
    context = Context(today=TODAY, authorizations=grants, history=History(past), payer=PayerFacts(**facts))
    return take_numbers(of or claim("A1"), context)


def test_a_grant_that_fits_is_taken_and_told():
    made, (finding,) = taken(GRANT)
    assert made.prior_authorization == "A-77" and finding.severity == "information"
    assert "A-77" in finding.message


def test_a_referral_goes_to_its_own_field():
    made, _ = taken(replace(GRANT, kind="referral"))
    assert (made.prior_authorization, made.referral_number) == ("", "A-77")


def test_a_number_that_is_there_stays():
    own = replace(claim("A1"), prior_authorization="MINE")
    assert taken(GRANT, of=own) == (own, ())


@pytest.mark.parametrize(
    "change",
    [
        {"payer_id": "00002"},
        {"payer_id": ""},
        {"codes": ("97110-97140",)},
        {"period": Period(DAY + timedelta(1), None)},
        {"period": Period(None, DAY - timedelta(1))},
        {"provider_npi": "1003000126"},
        {"units": Decimal(0)},
    ],
    ids=["another payer", "any payer", "other codes", "begins later", "ended", "another provider", "used up"],
)
def test_a_grant_that_does_not_fit_is_left(change):
    made, findings = taken(replace(GRANT, **change))
    assert made.prior_authorization == "" and findings == ()


def test_units_burn_down_with_what_was_billed_on_the_number_and_not_denied():
    before = replace(claim("A0", day=DAY - timedelta(1)), prior_authorization="A-77")
    limited = replace(GRANT, units=Decimal(1), period=Period())
    assert taken(limited)[0].prior_authorization == "A-77"
    assert taken(limited, past=[PastClaim(claim=before, state="paid")])[0].prior_authorization == ""
    for state in ("denied", "rejected", "voided", "reversed", "held"):
        assert taken(limited, past=[PastClaim(claim=before, state=state)])[0].prior_authorization == "A-77"


def test_of_several_the_one_that_ends_first_is_taken_and_the_others_are_told():
    open_end = replace(GRANT, number="A-78", period=Period())
    made, (finding,) = taken(open_end, GRANT)
    assert made.prior_authorization == "A-77" and "A-78" in finding.message


def test_where_the_payer_wants_a_number_for_some_services_it_has_to_fit_these():
    made, _ = taken(replace(GRANT, codes=("36415",)), needs_authorization=("99213",))
    assert made.prior_authorization == ""
    assert taken(GRANT, needs_authorization=("99213",))[0].prior_authorization == "A-77"


def test_a_grant_for_any_service_fits_and_one_that_ends_within_a_line_does_not():
    assert taken(replace(GRANT, codes=()))[0].prior_authorization == "A-77"
    sent = claim("A1")
    days = Period(DAY, DAY + timedelta(1))
    longer = replace(sent, lines=tuple(replace(line, service=days) for line in sent.lines))
    assert taken(GRANT, of=longer)[0].prior_authorization == ""
