"""The next payer: by crossover, on paper, and when the payer before changes its mind."""

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, answer, billed, claim, paid_line, remittance, usual_answer
from tests.follow_up_samples import DAY, PAYERS, kinds

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.claims import worklist
from superbill.app.claims.actions import (
    ClaimDraft,
    NotThisClaim,
    keep_paper,
    mark_mailed,
    open_next_claim,
    prepare_batch,
)
from superbill.app.claims.payers import keep_payers
from superbill.app.claims.queries import (
    claims_to_bill_next,
    next_claims_to_correct,
    papers_to_mail,
    print_of,
)
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.x12.model import (
    ProviderAdjustment,
)


@pytest.fixture
def books(system):
    """A practice whose payers are known."""
    keep_payers(system.scope, PAYERS)
    return system


# --- crossover ------------------------------------------------------------------------------------------------------


def crossed(books, *, status="19", remarks=()):
    """Payer one pays and passes the claim on to payer two."""
    (sent,) = billed(books, charts=1, visits=1, next_payer="two")
    told = replace(usual_answer(sent), status=status, remarks=remarks)
    post_remittance(books, remittance("T1", told), payer_key="one", at=AT)
    return sent


@pytest.mark.parametrize(("status", "remarks"), [("19", ()), ("1", ("MA18",)), ("1", ("N89",))])
def test_a_claim_that_crossed_over_is_billed_by_us_only_when_the_next_payer_keeps_silent(books, status, remarks):
    crossed(books, status=status, remarks=remarks)
    assert list(claims_to_bill_next(books.scope, TODAY + 29 * DAY)) == []
    (due,) = claims_to_bill_next(books.scope, TODAY + 30 * DAY)
    assert (due.crossed_over, due.stored.next_payer, due.paid_on) == (True, "two", TODAY)


def test_a_claim_that_the_next_payer_answered_after_crossover_is_not_billed_again(books):
    sent = crossed(books)
    one, two = sent.lines
    told = answer(
        sent,
        paid_line(one, 20_00, ("OA", "23", 100_00)),
        paid_line(two, 0, ("OA", "23", 30_00)),
        status="2",
        number="X1",
    )
    post_remittance(books, remittance("T2", told), payer_key="two", at=AT + 9 * DAY)
    assert list(claims_to_bill_next(books.scope, TODAY + 90 * DAY)) == []


# --- the next payer -------------------------------------------------------------------------------------------------


def next_opened(books):
    """Payer one has answered, and the claim to payer two is open."""
    (sent,) = billed(books, charts=1, visits=1, next_payer="two")
    post_remittance(books, remittance("T1", usual_answer(sent)), payer_key="one", at=AT)
    (waiting,) = claims_to_bill_next(books.scope)
    follows = ClaimDraft(
        encounter=waiting.stored.encounter_id,
        claim=claim("A1001", number="A1001S1"),
        payer_key="two",
        on_paper=True,
    )
    open_next_claim(books, [follows], at=AT)
    return sent


def taken_back(sent):
    """The reversal of the usual answer."""
    usual = usual_answer(sent)
    lines = tuple(
        replace(
            line,
            charge=-line.charge,
            paid=-line.paid,
            adjustments=tuple(replace(piece, amount=-piece.amount) for piece in line.adjustments),
        )
        for line in usual.lines
    )
    return replace(usual, status="22", charge=-usual.charge, paid=-usual.paid, lines=lines)


def test_what_the_payer_before_takes_back_is_noticed_and_told(books):
    sent = next_opened(books)
    assert list(next_claims_to_correct(books.scope)) == []
    owed = ProviderAdjustment(npi="1234567893", fiscal_year_end=TODAY, reason="FB", reference="T1", amount=-80_00)
    back = remittance("T2", taken_back(sent), plb=(owed,), day=TODAY + DAY)
    assert not post_remittance(books, back, payer_key="one", at=AT + DAY).held
    (change,) = next_claims_to_correct(books.scope)
    assert (change.answer, change.following.control_number) == (None, "A1001S1")
    items = {item.kind: item for item in worklist.wanted(books.scope, TODAY + DAY)}
    assert "took back its answer to claim A1001P1" in items["payer changed"].why
    again = answer(sent, *usual_answer(sent).lines, number="PCN2")
    post_remittance(books, remittance("T3", again, day=TODAY + 2 * DAY), payer_key="one", at=AT + 2 * DAY)
    (change,) = next_claims_to_correct(books.scope)
    assert (change.answer.payer_control_number, change.paid_on) == ("PCN2", TODAY + 2 * DAY)
    assert "payer changed" not in {item.kind for item in worklist.wanted(books.scope, TODAY + 2 * DAY)}


def test_a_claim_on_paper_is_printed_then_mailed_and_waits_for_its_answer(books):
    next_opened(books)
    (paper,) = papers_to_mail(books.scope)
    assert (paper.control_number, paper.printed) == ("A1001S1", 0)
    with pytest.raises(NotThisClaim, match="not printed yet"):
        mark_mailed(books, [paper.id], TODAY, at=AT)
    with pytest.raises(NotThisClaim, match="goes by mail"):
        prepare_batch(books, "two", [paper.id], lambda numbers: b"", at=AT)
    kept = keep_paper(books, paper.id, "cms1500", b"%PDF 1", at=AT)
    assert keep_paper(books, paper.id, "cms1500", b"%PDF 1", at=AT) == kept
    with pytest.raises(NotThisClaim, match="still to come"):
        mark_mailed(books, [paper.id], TODAY + DAY, at=AT)
    assert mark_mailed(books, [paper.id], TODAY, "certified", at=AT) == 1
    assert mark_mailed(books, [paper.id], TODAY, "certified", at=AT) == 0
    assert print_of(books.scope, paper.id) == (b"%PDF 1", TODAY)
    assert papers_to_mail(books.scope) == []
    late = TODAY + 45 * DAY  # thirty days for the answer, fifteen for the letter
    assert "silent claim" not in kinds(books, late - DAY)
    assert "silent claim" in kinds(books, late)


def test_who_may_print_and_mail(books):
    next_opened(books)
    (paper,) = papers_to_mail(books.scope)
    poster = actor_with("poster", books.practice_id, Role.POSTER)
    for deed in (
        lambda: keep_paper(poster, paper.id, "cms1500", b"x", at=AT),
        lambda: mark_mailed(poster, [paper.id], TODAY, at=AT),
        lambda: papers_to_mail(actor_with("nobody", books.practice_id).scope),
    ):
        with pytest.raises(NotPermitted):
            deed()
    outsider = actor_with("outsider", open_practice("hillside", "Hillside Clinic").pk, Role.MANAGER)
    assert papers_to_mail(outsider.scope) == []
    assert print_of(outsider.scope, paper.id) is None
    for deed in (
        lambda: keep_paper(outsider, paper.id, "cms1500", b"x", at=AT),
        lambda: mark_mailed(outsider, [paper.id], TODAY, at=AT),
    ):
        with pytest.raises(NotThisClaim):
            deed()
