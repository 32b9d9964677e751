"""Paper payments: keyed by people, posted like an 835, once."""

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.queries import claim_ledger
from superbill.app.doctor import examine
from superbill.app.eobs.actions import (
    BadEob,
    ChangedMeanwhile,
    drop_eob,
    key_claim,
    key_provider_adjustments,
    post_eob,
    start_eob,
    take_out_claim,
)
from superbill.app.eobs.models import EobState
from superbill.app.eobs.queries import eob, eobs
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.remits.paper import KeyedClaim, KeyedProviderAdjustment, PaperRemittance, Parties
from superbill.remits.paper_rows import read_line

PARTIES = Parties(payer_name="Payer One", payer_id="00001", payee_name="Lakeside", payee_npi="1234567893")
PAPER = PaperRemittance(payer="one", check_number="4711", on=TODAY, amount=80_00)
LINES = (read_line("1 allowed=100 coins=20 paid=80"), read_line("2 CO-50=30"))


@pytest.fixture
def sent(system):
    return billed(system, charts=1, visits=1)[0]


@pytest.fixture
def keyed(system, sent):
    """A paper that explains its check."""
    row = start_eob(system, PAPER, at=AT)
    key_claim(system, row, 1, KeyedClaim(control_number=sent.control_number, lines=LINES), at=AT)
    return row


def test_a_paper_posts_what_its_835_would_have_posted(system, sent, keyed):
    post_eob(system, keyed, 2, PARTIES, at=AT)
    balance = claim_ledger(system.scope, sent.control_number).balance
    assert (balance.paid, balance.adjusted, balance.patient, balance.denied) == (80_00, 20_00, 20_00, 30_00)
    after = eob(system.scope, keyed)
    assert (after.state, after.left, after.remittance is not None) == ("posted", 0, True)
    assert examine(system.scope).healthy


def test_a_paper_posts_once(system, keyed):
    post_eob(system, keyed, 2, PARTIES, at=AT)
    with pytest.raises(BadEob, match="is posted; it takes no changes"):
        post_eob(system, keyed, 3, PARTIES, at=AT)


def test_a_paper_that_lacks_a_cent_posts_nothing_and_can_be_finished(system, sent, keyed):
    less = replace(LINES[0], paid=79_99)
    key_claim(system, keyed, 2, KeyedClaim(control_number=sent.control_number, lines=(less, LINES[1])), at=AT)
    with pytest.raises(BadEob) as wrong:
        post_eob(system, keyed, 3, PARTIES, at=AT)
    assert {finding.rule for finding in wrong.value.findings} == {"remit.paper.line-balance", "remit.paper.total"}
    assert claim_ledger(system.scope, sent.control_number).balance.paid == 0
    assert eob(system.scope, keyed).left == 1


def test_two_people_do_not_overwrite_each_other(system, sent, keyed):
    with pytest.raises(ChangedMeanwhile, match="version 2, not 1"):
        key_provider_adjustments(system, keyed, 1, [KeyedProviderAdjustment(reason="L6", amount=-100)], at=AT)
    assert eob(system.scope, keyed).paper.provider_adjustments == ()


def test_a_check_is_keyed_once_and_a_dropped_paper_may_be_begun_again(system, keyed):
    with pytest.raises(BadEob, match="is keying already"):
        start_eob(system, PAPER, at=AT)
    drop_eob(system, keyed, 2, at=AT)
    again = start_eob(system, PAPER, at=AT)
    assert [one.id for one in eobs(system.scope)] == [again]
    assert [one.id for one in eobs(system.scope, EobState.DROPPED)] == [keyed]


def test_a_check_that_came_by_835_is_not_posted_again_from_paper(system, sent, keyed):
    post_remittance(system, remittance("4711", usual_answer(sent)), payer_key="one", at=AT)
    with pytest.raises(BadEob, match="posted already, from its 835"):
        post_eob(system, keyed, 2, PARTIES, at=AT)
    drop_eob(system, keyed, 2, at=AT)
    with pytest.raises(BadEob, match="posted already"):
        start_eob(system, PAPER, at=AT)


def test_a_claim_is_taken_out_again(system, sent, keyed):
    take_out_claim(system, keyed, 2, sent.control_number, at=AT)
    assert (eob(system.scope, keyed).paper.claims, eob(system.scope, keyed).left) == ((), 80_00)
    with pytest.raises(BadEob, match="is not on this paper"):
        take_out_claim(system, keyed, 3, sent.control_number, at=AT)


@pytest.mark.parametrize(
    "wrong", [{"check_number": " "}, {"payer": ""}, {"amount": -1}], ids=["check", "payer", "amount"]
)
def test_a_paper_without_check_payer_or_amount_is_not_begun(system, sent, wrong):
    with pytest.raises(BadEob):
        start_eob(system, replace(PAPER, **wrong), at=AT)


ACTIONS = {
    "start": lambda who, row: start_eob(who, replace(PAPER, check_number="1"), at=AT),
    "key": lambda who, row: key_claim(who, row, 2, KeyedClaim(control_number="x", lines=LINES), at=AT),
    "take out": lambda who, row: take_out_claim(who, row, 2, "x", at=AT),
    "adjust": lambda who, row: key_provider_adjustments(who, row, 2, [], at=AT),
    "drop": lambda who, row: drop_eob(who, row, 2, at=AT),
    "post": lambda who, row: post_eob(who, row, 2, PARTIES, at=AT),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_a_colleague_without_the_permission_does_nothing_to_a_paper(system, keyed, name):
    with pytest.raises(NotPermitted):
        ACTIONS[name](actor_with("coder", system.practice_id, Role.CODER), keyed)


@pytest.mark.parametrize("name", [name for name in ACTIONS if name != "start"])
def test_an_outsider_finds_no_paper(system, keyed, name):
    other = actor_with("outsider", open_practice("hillside", "Hillside").pk, Role.MANAGER)
    assert (eob(other.scope, keyed), eobs(other.scope)) == (None, [])
    with pytest.raises(BadEob, match="There is no paper"):
        ACTIONS[name](other, keyed)


def test_a_poster_keys_and_posts(system, keyed):
    poster = actor_with("poster", system.practice_id, Role.POSTER)
    assert eob(poster.scope, keyed).left == 0
    assert not post_eob(poster, keyed, 2, PARTIES, at=AT).held
