"""What a biller may count on when a payer refuses: nothing is lost, every way on is there, what was done is kept."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import DatabaseError, transaction
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, answer, billed, paid_line, remittance, usual_answer

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import NotPossible, OverLimit, approve_write_off, undo
from superbill.app.billing.models import LineBalance
from superbill.app.claims.actions import ClaimDraft, mark_sent, prepare_batch
from superbill.app.claims.models import ClaimRow
from superbill.app.denials import actions, queries
from superbill.app.denials.actions import Filing, NotThisDenial
from superbill.app.denials.models import DenialStep
from superbill.app.doctor.denials import check_denials
from superbill.app.doctor.report import Notes
from superbill.app.practices.actions import keep_policy
from superbill.app.remits.actions import post_remittance
from superbill.claims.cob import corrected
from superbill.edits.header.rule import medicare_replacement
from superbill.site.appeals import AppealLevel, PayerRules
from superbill.site.policy import MoneyPolicy


@pytest.fixture
def biller(practice):
    return actor_with("biller", practice.pk, Role.BILLER, Role.POSTER)


@pytest.fixture
def refused(system):
    """Four claims whose second line, 30 dollars, was refused as not necessary (CO-50) on TODAY."""
    claims = billed(system)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    return claims


def rules(practice, kind="medicare", **more):
    keep_policy(practice.pk, MoneyPolicy(payers={"one": PayerRules(kind=kind, **more)}))


def noon(day):
    return datetime.combine(day, time(12), UTC)


def taken_back(claim):
    """The reversal (CLP02 22) of the usual answer."""
    usual = usual_answer(claim)
    lines = (
        replace(
            one,
            charge=-one.charge,
            paid=-one.paid,
            adjustments=tuple(replace(each, amount=-each.amount) for each in one.adjustments),
        )
        for one in usual.lines
    )
    return replace(usual, status="22", charge=-usual.charge, paid=-usual.paid, lines=tuple(lines))


def pay_after_all(system, claim, trace="T2", day=TODAY + timedelta(days=20), paid=30_00):
    line = claim.lines[1]
    rest = (("CO", "45", line.charge - paid),) if paid < line.charge else ()
    first = paid_line(claim.lines[0], 80_00, ("CO", "45", 20_00), ("PR", "2", 20_00))
    back = taken_back(claim)
    again = answer(claim, first, paid_line(line, paid, *rest))
    return post_remittance(system, remittance(trace, back, again, day=day), payer_key="one", at=AT)


def test_a_refused_line_is_a_denial_with_its_cause_and_its_deadline(practice, system, refused):
    rules(practice)
    one = queries.denial(system.scope, "A1001P1", TODAY)
    assert one.refusal.amount == 30_00
    assert [line.key for line in one.refusal.lines] == ["A1001-2"]
    assert one.cause.name == "CO-50"
    assert one.cause.category.key == "medical_necessity"
    assert one.refusal.payer_control_number == "PCN1"
    assert one.level.name == "Redetermination"
    assert one.appeal_by.last_day == TODAY + timedelta(days=125)
    assert one.state == "open"
    assert one.rank.score == round(30_00 * 0.4)


def test_the_deadline_holds_on_its_last_day_and_not_the_day_after(practice, system, refused):
    rules(practice, "commercial", appeal_levels=(AppealLevel(name="Level one", days=60),))
    last = TODAY + timedelta(days=60)
    actions.file_appeal(system, "A1001P1", Filing(on=last), at=noon(last))
    with pytest.raises(NotThisDenial, match=f"last day for Level one was {last}"):
        actions.file_appeal(system, "A1002P1", Filing(on=last + timedelta(days=1)), at=noon(last + timedelta(days=1)))
    actions.file_appeal(
        system, "A1002P1", Filing(on=last + timedelta(days=1), good_cause="flood"), at=noon(last + timedelta(days=1))
    )


def test_a_payer_without_known_levels_says_where_to_put_them(practice, system, refused):
    rules(practice, "auto")
    assert queries.denial(system.scope, "A1001P1", TODAY).deadline is None
    with pytest.raises(NotThisDenial, match="appeal_levels"):
        actions.file_appeal(system, "A1001P1", Filing(on=TODAY), at=AT)


def test_an_appeal_goes_from_level_to_level_and_stops_below_the_amount_in_controversy(practice, system, refused):
    rules(practice)
    day = TODAY
    for level in ("Redetermination", "Reconsideration"):
        assert queries.denial(system.scope, "A1001P1", day).level.name == level
        actions.file_appeal(system, "A1001P1", Filing(on=day), at=noon(day))
        with pytest.raises(NotThisDenial, match="under way"):
            actions.file_appeal(system, "A1001P1", Filing(on=day), key="again", at=noon(day))
        day += timedelta(days=50)
        actions.decide_appeal(system, "A1001P1", "upheld", day, at=noon(day))
    one = queries.denial(system.scope, "A1001P1", day)
    assert one.level.minimum == 200_00
    assert one.appeal_by.last_day == day + timedelta(days=65)
    with pytest.raises(
        NotThisDenial, match=r"\$30\.00 is in dispute, Administrative law judge hearing takes \$200\.00"
    ):
        actions.file_appeal(system, "A1001P1", Filing(on=day), at=noon(day))


def test_the_same_appeal_told_twice_is_one(practice, system, refused):
    rules(practice)
    first = actions.file_appeal(system, "A1001P1", Filing(on=TODAY), key="k", at=AT)
    assert actions.file_appeal(system, "A1001P1", Filing(on=TODAY), key="k", at=AT) == first
    ended = actions.decide_appeal(system, "A1001P1", "upheld", TODAY, at=AT)
    assert actions.decide_appeal(system, "A1001P1", "upheld", TODAY, at=AT) == ended
    assert len(queries.appeals(system.scope)) == 1


def test_money_that_comes_after_an_appeal_marks_it_overturned(practice, system, refused):
    rules(practice)
    actions.file_appeal(system, "A1001P1", Filing(on=TODAY), at=AT)
    assert [one.result for one in queries.appeals(system.scope)] == ["pending"]
    pay_after_all(system, refused[0])
    (one,) = queries.appeals(system.scope)
    assert (one.result, one.recovered, one.disputed) == ("overturned", 30_00, 30_00)
    assert queries.denial(system.scope, "A1001P1", TODAY) is None
    later = TODAY + timedelta(days=21)
    actions.decide_appeal(system, "A1001P1", "overturned", later, won=30_00, at=noon(later))
    assert queries.appeals(system.scope)[0].decided == TODAY + timedelta(days=21)


def test_a_payment_of_a_part_is_an_overturn_in_part(practice, system, refused):
    rules(practice)
    actions.file_appeal(system, "A1001P1", Filing(on=TODAY), at=AT)
    pay_after_all(system, refused[0], paid=12_00)
    assert [(one.result, one.recovered) for one in queries.appeals(system.scope)] == [("partly", 12_00)]


def test_own_history_moves_the_chance(practice, system, refused):
    rules(practice)
    before = queries.denial(system.scope, "A1002P1", TODAY).rank
    pay_after_all(system, refused[0])
    after = queries.denial(system.scope, "A1002P1", TODAY).rank
    assert (before.won, before.resolved, after.won, after.resolved) == (0, 0, 1, 1)
    assert after.chance == (1 + 4 * 0.4) / 5 > before.chance
    actions.give_up(actor_with("chief", practice.pk, Role.MANAGER), "A1002P1", "denied", TODAY, at=AT)
    third = queries.denial(system.scope, refused[2].control_number, TODAY).rank
    assert (third.won, third.resolved) == (1, 2)


def test_giving_up_takes_the_refused_amount_alone_and_undoing_brings_it_back(practice, system, biller, refused):
    rules(practice)
    entry = actions.give_up(biller, "A1001P1", "denied", TODAY, note="too small", at=AT)
    assert queries.denial(system.scope, "A1001P1", TODAY) is None
    line = system.scope.rows(LineBalance).get(line__key="A1001-1")
    assert line.patient == 20_00  # the patient's share is another matter
    undo(biller, entry.key, "a mistake", TODAY, at=AT)
    again = queries.denial(system.scope, "A1001P1", TODAY)
    assert again.refusal.amount == 30_00
    assert [step.kind for step in again.refusal.steps] == ["written_off"]
    actions.give_up(biller, "A1001P1", "denied", TODAY, at=AT)
    assert queries.denial(system.scope, "A1001P1", TODAY) is None


def test_giving_up_keeps_to_the_limit_of_the_role(practice, system, refused):
    keep_policy(practice.pk, MoneyPolicy(write_off_limits={"biller": 29_99}))
    clerk = actor_with("clerk", practice.pk, Role.BILLER)
    with pytest.raises(OverLimit):
        actions.give_up(clerk, "A1001P1", "denied", TODAY, at=AT)
    assert queries.denial(system.scope, "A1001P1", TODAY).refusal.steps == ()
    with pytest.raises(NotThisDenial, match="given up for one of"):
        actions.give_up(system, "A1001P1", "courtesy", TODAY, at=AT)


def test_what_is_above_the_limit_waits_for_a_second_person(practice, system, refused):
    keep_policy(practice.pk, MoneyPolicy(write_off_limits={"biller": 10_00, "manager": 100_00}))
    clerk = actor_with("clerk", practice.pk, Role.BILLER)
    asked = actions.ask_to_give_up(clerk, "A1001P1", "denied", TODAY, at=AT)
    assert actions.ask_to_give_up(clerk, "A1001P1", "denied", TODAY, at=AT) == asked
    assert queries.denial(system.scope, "A1001P1", TODAY).refusal.amount == 30_00
    approve_write_off(actor_with("chief", practice.pk, Role.MANAGER), 1, TODAY, at=AT)
    assert queries.denial(system.scope, "A1001P1", TODAY) is None


def test_what_is_written_down_has_happened(practice, system, refused):
    rules(practice)
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(NotThisDenial, match="still to come"):
        actions.file_appeal(system, "A1001P1", Filing(on=tomorrow), at=AT)
    with pytest.raises(NotThisDenial, match="still to come"):
        actions.tell(system, "A1001P1", "note", "called", tomorrow, at=AT)


def test_the_patient_is_billed_only_with_a_signed_notice(practice, system, biller, refused):
    chief = actor_with("chief", practice.pk, Role.MANAGER)
    with pytest.raises(NotPossible, match="group CO"):
        actions.bill_patient(chief, "A1001P1", "not-covered", TODAY, at=AT)
    with pytest.raises(NotPossible):
        actions.bill_patient(biller, "A1001P1", "signed-notice", TODAY, note="ABN of September 1", at=AT)
    with pytest.raises(NotThisDenial, match="modifier GA"):
        actions.bill_patient(chief, "A1001P1", "signed-notice", TODAY, at=AT)
    actions.bill_patient(chief, "A1001P1", "signed-notice", TODAY, note="ABN of September 1", at=AT)
    assert system.scope.rows(LineBalance).get(line__key="A1001-2").patient == 30_00


def test_a_corrected_claim_takes_the_denial_off_the_desk_until_it_is_answered(practice, system, refused):
    rules(practice)
    row = system.scope.rows(ClaimRow).get(control_number="A1001P1")
    fresh = corrected(refused[0], "PCN1", 2, {})
    draft = ClaimDraft(encounter=row.encounter_id, claim=fresh, payer_key="one")
    new = actions.correct_claim(system, "A1001P1", draft, TODAY, at=AT)
    one = queries.denial(system.scope, "A1001P1", TODAY)
    assert one.state == "corrected"
    assert [step.kind for step in one.refusal.steps] == ["corrected"]
    with pytest.raises(NotThisDenial, match="A1001P2 is ready"):
        actions.correct_claim(system, "A1001P1", draft, TODAY, at=AT)
    with pytest.raises(NotThisDenial, match="corrected claim is under way"):
        actions.give_up(system, "A1001P1", "denied", TODAY, at=AT)
    mark_sent(system, prepare_batch(system, "one", [new], _file, at=AT).pk, at=AT)
    later = TODAY + timedelta(days=14)
    post_remittance(
        system, remittance("T3", taken_back(refused[0]), usual_answer(fresh), day=later), payer_key="one", at=AT
    )
    again = queries.denial(system.scope, "A1001P1", later)
    assert (again.state, again.refusal.control_number, again.refusal.since) == ("open", "A1001P2", later)
    assert again.appeal_by.last_day == later + timedelta(days=125)  # a new decision, a new time


def _file(numbers):
    from tests.app_samples import interchange

    return interchange((), numbers.group)


def test_what_was_asked_gives_the_payer_a_month(practice, system, refused):
    rules(practice)
    actions.tell(system, "A1001P1", "documents", "operative note sent by portal", TODAY, at=AT)
    assert queries.denial(system.scope, "A1001P1", TODAY + timedelta(days=29)).state == "waiting"
    assert queries.denial(system.scope, "A1001P1", TODAY + timedelta(days=30)).state == "open"


def test_dollars_by_cause_and_the_edits_that_look_for_them(practice, system, refused):
    rows = queries.by_cause(queries.denials(system.scope, TODAY))
    assert [(row.reason, row.claims, row.amount) for row in rows] == [("CO-50", 4, 120_00)]
    (row,) = queries.prevention(system.scope, queries.denials(system.scope, TODAY))
    assert "necessity.national" in row.rules
    assert row.warned == 0


def test_what_was_done_is_never_changed_and_the_doctor_reads_it(practice, system, refused):
    rules(practice)
    actions.file_appeal(system, "A1001P1", Filing(on=TODAY), at=AT)
    actions.decide_appeal(system, "A1001P1", "upheld", TODAY, at=AT)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        system.scope.rows(DenialStep).update(outcome="overturned")
    notes = Notes()
    check_denials(system.scope, notes)
    assert notes.findings() == ()
    row = system.scope.rows(ClaimRow).get(control_number="A1002P1")
    lone = {"claim_id": row.pk, "payer": "other", "kind": "decision", "on": TODAY, "key": "x", "doc": "[]", "by": "x"}
    system.scope.rows(DenialStep).create(practice_id=practice.pk, at=AT, **lone)
    check_denials(system.scope, notes)
    said = " ".join(finding.message for finding in notes.findings())
    for words in ("payer other", "can't be read", "not filed"):
        assert words in said


DEEDS = {
    "file": lambda who: actions.file_appeal(who, "A1001P1", Filing(on=TODAY), at=AT),
    "decide": lambda who: actions.decide_appeal(who, "A1001P1", "upheld", TODAY, at=AT),
    "tell": lambda who: actions.tell(who, "A1001P1", "note", "called", TODAY, at=AT),
    "give up": lambda who: actions.give_up(who, "A1001P1", "denied", TODAY, at=AT),
    "bill patient": lambda who: actions.bill_patient(who, "A1001P1", "signed-notice", TODAY, at=AT),
    "list": lambda who: queries.denials(who.scope, TODAY),
    "appeals": lambda who: queries.appeals(who.scope),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_colleague_without_the_permission_is_refused(practice, refused, deed):
    with pytest.raises(NotPermitted, match="colleague may not"):
        DEEDS[deed](actor_with("colleague", practice.pk, Role.CODER))


@pytest.mark.parametrize("deed", DEEDS)
def test_an_outsider_finds_nothing(practice, refused, deed):
    from superbill.app.practices.actions import open_practice

    outsider = actor_with("outsider", open_practice("hillside", "Hillside").pk, Role.MANAGER)
    if deed in ("list", "appeals"):
        assert DEEDS[deed](outsider) == []
    else:
        with pytest.raises(NotThisDenial, match="A1001P1"):
            DEEDS[deed](outsider)


def test_the_days_are_calendar_days(practice, system, refused):
    rules(practice, "commercial")
    one = queries.denial(system.scope, "A1001P1", date(2027, 5, 1))
    assert one.appeal_by.days_left == 0
    assert queries.denial(system.scope, "A1001P1", date(2027, 5, 2)).appeal_by.passed


@pytest.mark.parametrize(
    ("kind", "claim_kind", "route"),
    [
        ("medicare", "professional", "reopening"),
        ("medicare", "institutional", "corrected_claim"),
        ("commercial", "professional", "corrected_claim"),
    ],
)
def test_no_corrected_claim_is_advised_where_the_edits_would_refuse_it(practice, system, kind, claim_kind, route):
    rules(practice, kind, correction_limit_days=365)
    claim = billed(system, 1)[0]
    lines = (paid_line(claim.lines[0], 0, ("CO", "16", claim.lines[0].charge)),
             paid_line(claim.lines[1], 0, ("CO", "16", claim.lines[1].charge)))  # fmt: skip
    post_remittance(system, remittance("T1", answer(claim, *lines)), payer_key="one", at=AT)
    system.scope.rows(ClaimRow).update(kind=claim_kind)
    one = queries.denial(system.scope, claim.control_number, TODAY)
    assert one.cause.route == "corrected_claim"
    assert one.route == route
    assert (one.deadline == one.appeal_by) == (route == "reopening")
    assert (one.correct_by is None) == (route == "reopening")
    indicator = {"medicare professional": "MB", "medicare institutional": "MA"}.get(f"{kind} {claim_kind}", "CI")
    again = replace(claim, frequency="7", payer=replace(claim.payer, claim_filing_indicator=indicator))
    assert bool(list(medicare_replacement(again))) == (route == "reopening")
