"""Statements from planning to sending, on both databases: whose turn, what is asked, what stops it, what comes back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, billed, chart, remittance, usual_answer
from tests.statement_samples import drafts, stated

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.billing.actions import cancel_plan, make_plan, place, recall, take_patient_payment
from superbill.app.billing.models import ChargeLine
from superbill.app.doctor import examine
from superbill.app.guarantors.queries import Contact, guarantor_of, guarantors_named
from superbill.app.patients.actions import import_charts
from superbill.app.practices.actions import keep_policy, open_practice
from superbill.app.practices.queries import policy
from superbill.app.remits.actions import post_remittance
from superbill.app.statements.actions import (
    BadHold,
    BadMail,
    give_consent,
    hold,
    new_address,
    record_run,
    record_statements,
    release,
    resend,
    returned,
    withdraw_consent,
)
from superbill.app.statements.consents import consents, routes
from superbill.app.statements.models import Channel, HoldKind, Statement
from superbill.app.statements.owing import due_of, guarantors_owing
from superbill.app.statements.planning import plans
from superbill.app.statements.queries import asked_lines, deliveries, patients_on, runs, statements
from superbill.app.statements.sending import document, in_line, send_statements
from superbill.app.statements.worklist import wanted
from superbill.chart.model import CoverageRecord, PersonName, PostalAddress, SubscriberRecord
from superbill.connectors.folder import FolderConnector
from superbill.site.policy import MoneyPolicy
from superbill.site.statement_policy import StatementPolicy

HOME = PostalAddress(lines=("12 Elm Street",), city="Springfield", state="IL", postal_code="62701")
MOTHER = SubscriberRecord(name=PersonName("Okafor", ("Ngozi",)), birth_date=date(1986, 4, 2), address=HOME)


@pytest.fixture
def family(system):
    """Two children of one mother, two visits each, 20.00 a visit left to them; every other line is denied."""
    claims = billed(system, charts=2)
    charts = [
        replace(
            chart(number),
            patient=replace(chart(number).patient, birth_date=date(2015, 1, number), address=HOME),
            coverages=(CoverageRecord(id=f"c{number}", payer="Payer One", relationship="child", subscriber=MOTHER),),
        )
        for number in (1, 2)
    ]
    import_charts(system, [replace(one, encounters=()) for one in charts], at=datetime(2026, 8, 1, tzinfo=UTC))
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    return system


def mother(system):
    return next(one.id for one in guarantors_named(system.scope) if one.name.family == "Okafor")


def later(days):
    return TODAY + timedelta(days=days)


def plan_of(system, on=TODAY, **options):
    return {plan.card.name.family: plan for plan in plans(system.scope, on, 5_00, **options)}["Okafor"]


def kinds(system, on):
    return {one.kind: one.amount for one in wanted(system.scope, on)}


def test_one_statement_over_all_children_adds_up_line_by_line(family):
    plan = plan_of(family)
    assert (plan.verdict, plan.amount, plan.why) == ("send", 80_00, "first statement")
    assert len(plan.due.patients) == 2
    (kept,) = stated(family)
    row = family.scope.rows(Statement).get()
    assert (kept.number, row.amount, row.guarantor_id) == (1, 80_00, mother(family))
    assert sum(one.amount for one in asked_lines(family.scope, row.pk)) == row.amount
    assert patients_on(family.scope, row.pk) == sorted(plan.due.patients)
    assert examine(family.scope).findings == ()


def test_money_on_account_of_one_child_lowers_the_whole_statement(family):
    patient = plan_of(family).due.patients[0]
    take_patient_payment(family, patient, 55_00, "cash", "k", TODAY, at=AT)  # 15.00 more than this child owes
    plan = plan_of(family)
    assert (plan.amount, dict(plan.due.unapplied)) == (25_00, {patient: 15_00})
    stated(family)
    assert examine(family.scope).healthy


def test_the_planned_amount_is_what_the_ledger_says_for_everybody(family):
    every = guarantors_owing(family.scope, TODAY)
    assert every == {key: due_of(family.scope, key, TODAY) for key in every}
    assert sum(due.owed for due in every.values()) == 80_00


def test_a_line_moves_up_one_level_after_its_days_and_a_new_balance_does_not(family):
    stated(family)
    before, after = plan_of(family, later(27)), plan_of(family, later(28))
    assert (before.verdict, before.level) == ("later", 0)
    assert (after.verdict, after.level, after.why) == ("send", 1, "reminder")
    for step, on in enumerate((28, 56, 84), 1):
        stated(family, later(on), AT + timedelta(days=on))
        assert {one.level for one in asked_lines(family.scope, list(statements(family.scope))[-1].pk)} == {step}
    claims = billed(family, charts=1, first=1, visits=3)[-1:]
    assert plan_of(family, later(112)).level == 3  # the last level stays
    post_remittance(family, remittance("T2", usual_answer(claims[0])), payer_key="one", at=AT)
    plan = plan_of(family, later(112))
    assert sorted({part.level for one in plan.lines for part in one.parts}) == [0, 3]
    assert sum(one.past_due for one in plan.lines) == 80_00


def test_a_run_of_a_day_that_is_past_finds_that_days_statement_and_makes_no_other(family):
    stated(family)
    stated(family, later(30), AT)
    verdicts = [(plan_of(family, later(days), whoever=True).verdict) for days in (0, 10, 30, 31)]
    assert verdicts == ["made", "later", "made", "send"]


def test_holds_stop_reminders_and_release_lets_them_go_on(family):
    stated(family)
    key = family.scope.rows(ChargeLine).order_by("id").first().key
    (held,) = hold(family, HoldKind.DISPUTE, since=later(1), reason="says he was not there", lines=(key,), at=AT)
    plan = plan_of(family, later(28))
    assert (plan.amount, plan.due.owed) == (60_00, 80_00)
    assert {one.held for one in plan.lines if one.key == key} == {"dispute"}
    stated(family, later(28), AT)
    assert examine(family.scope).healthy
    release(family, held, on=later(41), why="it was him", at=AT)
    with pytest.raises(BadHold):
        release(family, held, on=later(41), why="again", at=AT)
    (line,) = (one for one in plan_of(family, later(56)).lines if one.key == key)
    assert (line.held, line.past_due) == ("", 0)  # 16 days asked for, 40 on hold
    (line,) = (one for one in plan_of(family, later(68), whoever=True).lines if one.key == key)
    assert line.past_due == 20_00


@pytest.mark.parametrize("kind", [HoldKind.BANKRUPTCY, HoldKind.DECEASED, HoldKind.BAD_ADDRESS])
def test_a_hold_of_the_guarantor_stops_everything(family, kind):
    hold(family, kind, since=TODAY, until=later(10), reason="court case 26-1", guarantor=mother(family), at=AT)
    assert (plan_of(family).verdict, plan_of(family).why) == ("held", f"on hold since {TODAY}: {kind.value}")
    assert plan_of(family, later(10)).verdict == "send"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reason": ""}, "say why"),
        ({"lines": ("nobody",)}, "no charge line"),
        ({"guarantor": 10**6}, "no guarantor"),
        ({"until": TODAY}, "after its start"),
        ({"kind": HoldKind.AGENCY}, "follow from the facts"),
        ({}, "names a guarantor"),
    ],
)
def test_a_hold_needs_a_reason_and_somebody(family, change, says):
    given = {"kind": HoldKind.OTHER, "since": TODAY, "reason": "x", **change}
    with pytest.raises(BadHold, match=says):
        hold(family, given.pop("kind"), **given, at=AT)


def test_lines_in_a_payment_plan_are_not_asked_for_until_it_is_cancelled(family):
    patient = plan_of(family).due.patients[0]
    make_plan(family, patient, later(10), "p", TODAY, months=2, at=AT)
    plan = plan_of(family)
    assert (plan.amount, {one.held for one in plan.lines}) == (40_00, {"payment plan", ""})
    cancel_plan(family, 1, later(20), reason="could not keep it", at=AT)
    assert plan_of(family, later(21)).amount == 80_00
    assert plan_of(family, later(19)).amount == 40_00  # as of a day on which it stood


def test_what_an_agency_has_is_not_asked_for_until_it_is_recalled(family):
    patient = plan_of(family).due.patients[0]
    place(family, patient, "Keen Agency", "a", TODAY, give_up=False, at=AT)
    assert (plan_of(family).amount, {one.held for one in plan_of(family).lines}) == (40_00, {"agency", ""})
    recall(family, 1, later(5), reason="paid us", at=AT)
    assert plan_of(family, later(5)).amount == 80_00


def test_who_dies_gets_no_statement(family):
    claims = billed(family, charts=1, first=9)
    import_charts(family, [replace(chart(9), patient=replace(chart(9).patient, deceased=TODAY))], at=AT)
    post_remittance(family, remittance("T9", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    by_name = {plan.card.name.family: plan for plan in plans(family.scope, TODAY, 5_00)}
    assert by_name["Family9"].why.endswith("deceased")


def test_a_small_rest_and_no_address_are_told(family):
    assert next(iter(plans(family.scope, TODAY, 80_01))).why == "owes $80.00, less than $80.01"
    claims = billed(family, charts=1, first=9)
    post_remittance(family, remittance("T9", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    by_name = {plan.card.name.family: plan for plan in plans(family.scope, TODAY, 5_00)}
    assert by_name["Family9"].verdict == "no address"
    assert kinds(family, TODAY) == {"no address": 40_00}


def test_turns_are_spread_and_come_once_in_a_cycle(family):
    keep_policy(family.practice_id, MoneyPolicy(statement=StatementPolicy(stagger="letter")))
    day = TODAY
    record_run(family, day - timedelta(days=1), 0, 0, at=AT)
    while plan_of(family, day).verdict != "send":
        assert plan_of(family, day).why == "has another day in the cycle"
        record_run(family, day, 0, 0, at=AT)
        day += timedelta(days=1)
        assert day < later(29)
    stated(family, day, AT)
    record_run(family, day, 1, 80_00, at=AT)
    assert plan_of(family, day + timedelta(days=27)).verdict == "later"
    assert plan_of(family, day + timedelta(days=28)).verdict == "send"
    assert runs(family.scope)[0].made == 1


def test_letters_go_out_once_with_their_list(family, tmp_path):
    stated(family)
    outbox = FolderConnector(tmp_path)
    (waiting,) = in_line(family.scope, TODAY)
    assert (waiting.channel, waiting.number) == ("letter", 1)
    sent = send_statements(family, outbox, TODAY, at=AT)
    assert (sent.letters, sent.emails, sent.stayed) == (1, 0, ())
    names = sorted(path.name for path in (tmp_path / "outbox").iterdir())
    assert names == ["letter-S000001.pdf", sent.manifest]
    listed = (tmp_path / "outbox" / sent.manifest).read_text()
    assert "12 Elm Street | Springfield, IL 62701" in listed
    assert "Ngozi Okafor" in listed
    assert send_statements(family, outbox, TODAY, at=AT).letters == 0
    assert [one.happened for one in deliveries(family.scope, waiting.id)] == ["queued", "sent"]


def test_an_email_is_a_notice_that_says_nothing_of_the_patient(family, tmp_path):
    give_consent(family, mother(family), Channel.EMAIL, "signed form", on=TODAY, address="n@example.org", at=AT)
    stated(family)
    refused = send_statements(family, FolderConnector(tmp_path), TODAY, at=AT)
    assert "notices_from" in refused.stayed[0][1]
    rules = policy(family.scope)
    mailing = StatementPolicy(notices_from="office@clinic.example", portal="https://portal.example/")
    keep_policy(family.practice_id, replace(rules, statement=mailing))
    assert send_statements(family, FolderConnector(tmp_path), TODAY, at=AT).emails == 1
    (path,) = (tmp_path / "outbox").glob("notice-*.eml")
    text = path.read_text()
    assert "To: n@example.org" in text
    assert "https://portal.example/" in text
    for telling in ("Okafor", "Ngozi", "80.00", "Family", "Lakeside", "Elm", "S000001"):
        assert telling not in text


def test_consent_is_dated_and_can_be_taken_back(family):
    one = mother(family)
    give_consent(family, one, Channel.PORTAL, "on the portal", on=TODAY, at=AT)
    give_consent(family, one, Channel.EMAIL, "by phone", on=later(5), address="n@example.org", at=AT)

    def way(on):
        return routes(family.scope, guarantors_named(family.scope), on)[one].channel

    assert [way(later(days)) for days in (-1, 0, 5)] == ["letter", "portal", "email"]
    assert withdraw_consent(family, one, Channel.EMAIL, on=later(9), at=AT)
    assert not withdraw_consent(family, one, Channel.EMAIL, on=later(9), at=AT)
    assert [way(later(days)) for days in (8, 9)] == ["email", "portal"]
    assert [(row.channel, row.withdrawn) for row in consents(family.scope, one)] == [
        ("portal", None),
        ("email", later(9)),
    ]
    for wrong in ({"channel": Channel.LETTER}, {"address": "no"}, {"how": " "}, {"guarantor": 10**6}):
        given = {"guarantor": one, "channel": Channel.EMAIL, "how": "x", "address": "a@b.example", **wrong}
        with pytest.raises(BadMail):
            give_consent(family, given["guarantor"], given["channel"], given["how"], on=TODAY,
                         address=given["address"], at=AT)  # fmt: skip


def test_returned_mail_stops_everything_until_the_address_is_found(family, tmp_path):
    stated(family)
    with pytest.raises(BadMail, match="not sent"):
        returned(family, 1, on=TODAY, reason="moved", at=AT)
    send_statements(family, FolderConnector(tmp_path), TODAY, at=AT)
    returned(family, 1, on=later(9), reason="moved, left no address", at=AT)
    assert plan_of(family, later(30)).verdict == "held"
    assert kinds(family, later(30)) == {"returned mail": 80_00}
    moved = replace(HOME, lines=("7 Oak Lane",))
    new_address(family, mother(family), Contact(address=moved), on=later(31), at=AT)
    assert kinds(family, later(31)) == {}
    resend(family, 1, on=later(31), at=AT)
    with pytest.raises(BadMail, match="in line already"):
        resend(family, 1, on=later(31), at=AT)
    sent = send_statements(family, FolderConnector(tmp_path), later(31), at=AT)
    assert "7 Oak Lane" in (tmp_path / "outbox" / sent.manifest).read_text()
    assert (tmp_path / "outbox" / "letter-S000001-2.pdf").exists()
    assert document(family.scope, 1).guarantor.address == ("2 Main St",)  # as it was made


def test_what_stands_after_the_last_reminder_waits_for_a_persons_decision(family):
    for days in (0, 28, 56, 84):
        stated(family, later(days), AT)
        assert kinds(family, later(days)) == {}
    assert kinds(family, later(119)) == {}  # 120 days after the first statement at the earliest
    assert kinds(family, later(120)) == {"collections candidate": 80_00}
    patient = plan_of(family).due.patients[0]
    take_patient_payment(family, patient, 40_00, "cash", "k", later(121), at=AT)
    assert kinds(family, later(121)) == {"collections candidate": 40_00}


def test_colleague_and_outsider(family):
    stated(family)
    one = mother(family)
    (held,) = hold(family, HoldKind.OTHER, since=TODAY, reason="x", guarantor=one, at=AT)
    colleague = actor_with("colleague", family.practice_id, Role.CODER)
    outsider = actor_with("outsider", open_practice("hillside", "Hillside Clinic").pk, Role.MANAGER)
    made = drafts(family)
    deeds = {
        "record": lambda who: record_statements(who, made, at=AT),
        "run": lambda who: record_run(who, TODAY, 1, 1, at=AT),
        "hold": lambda who: hold(who, HoldKind.OTHER, since=TODAY, reason="x", guarantor=one, at=AT),
        "release": lambda who: release(who, held, on=TODAY, why="x", at=AT),
        "consent": lambda who: give_consent(who, one, Channel.PORTAL, "x", on=TODAY, at=AT),
        "withdraw": lambda who: withdraw_consent(who, one, Channel.PORTAL, on=TODAY, at=AT),
        "returned": lambda who: returned(who, 1, on=TODAY, reason="x", at=AT),
        "resend": lambda who: resend(who, 1, on=TODAY, at=AT),
        "address": lambda who: new_address(who, one, Contact(address=HOME), on=TODAY, at=AT),
        "send": lambda who: send_statements(who, None, TODAY, at=AT),
        "plans": lambda who: list(plans(who.scope, TODAY, 1)),
        "list": lambda who: list(statements(who.scope)),
        "work": lambda who: list(wanted(who.scope, TODAY)),
    }
    for name, deed in deeds.items():
        with pytest.raises(NotPermitted, match="colleague may not"):
            deed(colleague)
            pytest.fail(name)
    for name in ("record", "hold", "release", "consent", "returned", "resend", "address"):
        with pytest.raises(Exception, match=r"no |owes 0"):
            deeds[name](outsider)
    assert [deeds[name](outsider) for name in ("plans", "list", "work")] == [[], [], []]
    assert deeds["send"](outsider).letters == 0
    assert len(list(statements(family.scope))) == 1


def test_an_unknown_patient_has_no_guarantor(family):
    assert guarantor_of(family.scope, [10**6], TODAY) == {}
