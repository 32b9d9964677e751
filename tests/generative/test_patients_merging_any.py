"""Whatever two records of one person have, a merge keeps every cent with who pays, and its undo every row as it was."""

import random
from datetime import timedelta

import pytest
from django.apps import apps
from msgspec.structs import replace
from tests.app_samples import AT, DAY, TODAY, billed, chart, remittance, usual_answer
from tests.portal_samples import PASSWORD
from tests.statement_samples import stated

from superbill.app.audit.models import AuditEvent
from superbill.app.authorizations.actions import Entry as Granted
from superbill.app.authorizations.actions import add_authorizations
from superbill.app.authorizations.queries import grants
from superbill.app.base import PracticeRow
from superbill.app.billing.actions import PaymentFacts, guarantor_party, patient_party, take_payment
from superbill.app.billing.models import JournalEntry, MoneyEvent, Posting
from superbill.app.billing.plans import make_plan
from superbill.app.billing.refunds import issue_refund, request_refund, void_refund
from superbill.app.doctor import examine
from superbill.app.eligibility.actions import Answer, record_eligibility
from superbill.app.eligibility.models import CoverageCheck, EstimateRow
from superbill.app.eligibility.queries import verifications
from superbill.app.guarantors.actions import assign_guarantor
from superbill.app.guarantors.models import Guarantee
from superbill.app.guarantors.queries import Contact, cards, guarantor_of
from superbill.app.patients.actions import import_charts
from superbill.app.patients.merging import merge_patients, preview_merge, undo_merge
from superbill.app.patients.models import CardImage, PatientKey, PatientMerge, PatientRow, PatientVersion
from superbill.app.portal.access import account_in, invite, known, register
from superbill.app.remits.actions import post_remittance
from superbill.app.statements.actions import give_consent, hold, new_address
from superbill.app.statements.models import Channel, HoldKind
from superbill.app.statements.owing import guarantors_owing
from superbill.app.statements.queries import statements
from superbill.app.threads.actions import open_thread
from superbill.app.threads.models import Topic
from superbill.app.worklists.actions import refresh
from superbill.chart.model import CoverageRecord, PostalAddress

# History: what a merge and its undo add to it stays, and tells of them.
GROWING = (AuditEvent, JournalEntry, Posting, PatientVersion, PatientMerge, MoneyEvent)
CHANGED = {"version", "changed_by", "changed_at", "changed_why"}  # the patient's versions count on


def dump(scope):
    """Every row of the practice that is no history, by table and row."""
    tables = {}
    for model in apps.get_models():
        if not issubclass(model, PracticeRow) or model in GROWING:
            continue
        rows = list(model._base_manager.filter(practice_id=scope.practice_id).order_by("pk").values())
        if model is PatientKey:  # made anew: the same keys under other row ids
            tables["keys"] = sorted((row["patient_id"], row["key"]) for row in rows)
            continue
        if model is Guarantee:  # a term that something took the place of is history too
            rows = [row for row in rows if row["replaced"] is None]
        tables[model._meta.label] = [{name: row[name] for name in row.keys() - CHANGED} for row in rows]
    return tables


def owed(scope):
    """What each guarantor owes, and who it is."""
    return {payer: due.owed for payer, due in guarantors_owing(scope, TODAY).items()}


def coverage(number, payer):
    return CoverageRecord(id="c1", order=1, payer=payer, member_id=f"W{number}")


def records(system):
    """Two records of one person, each with two visits paid in part, and a child of each."""
    claims = billed(system, charts=2)
    for number in (1, 2):
        one = chart(number, 2)
        facts = {"phone": "7155550123"} if number == 2 else {}
        place = PostalAddress(lines=("2 Main St",), city="Springfield", state="IL", postal_code="62701")
        person = replace(one.patient, address=place, **facts)
        told = replace(one, patient=person, coverages=(coverage(number, f"Payer {number}"),))
        import_charts(system, [told], at=AT)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    return list(system.scope.rows(PatientRow).order_by("id").values_list("id", flat=True))


def pays(system, patient):
    return guarantor_of(system.scope, [patient], TODAY)[patient]


def pay(system, patient, chance):
    cents, number = chance.randrange(1, 90) * 100, chance.random()
    party = guarantor_party(pays(system, patient)) if number < 0.5 else ""
    facts = PaymentFacts(method="cash", patients=(patient,))
    take_payment(system, cents, facts, f"pay {number}", TODAY, party=party, at=AT)


def log_in(system, patient, chance):
    made = invite(system, pays(system, patient), at=AT)
    register(made.code, made.card.birth_date, f"patient{chance.random()}", PASSWORD, at=AT)


def answered(system, patient, _chance):
    record_eligibility(
        system, [Answer(patient=patient, payer_key="one", member_id="W1", active=True, verified_on=DAY)], at=AT
    )


def granted(system, patient, _chance):
    add_authorizations(system, [Granted(patient=patient, payer_key="one", number=f"A{patient}")], at=AT)


def refunded(system, patient, chance):
    number = f"{chance.random()}"
    take_payment(system, 500_00, PaymentFacts(method="cash", patients=(patient,)), number, TODAY, at=AT)
    key = request_refund(
        system, patient_party(patient), 1_00, number, TODAY, reason="too much", despite_balance=True, at=AT
    )
    issue_refund(system, int(key[1:].lstrip("F")), TODAY, check_number="12", at=AT)


def checked(system, patient, chance):
    scope = system.scope
    told = {"practice_id": scope.practice_id, "patient_id": patient, "by": "desk", "at": AT}
    number = chance.randrange(10**9)
    rows = (
        CoverageCheck(coverage="c1", payer_key="one", number=number, on=DAY, doc="{}", question="", answer="", **told),
        EstimateRow(number=number, kind="share", issued=DAY, amount=100, doc="{}", **told),
        CardImage(coverage="c1", side="front", content=b"", width=1, height=1, **told),
    )
    for row in rows:
        scope.rows(type(row)).bulk_create([row])


HAPPENS = {
    "pay": pay,
    "plan": lambda system, patient, chance: make_plan(
        system, patient, TODAY + timedelta(days=30), f"plan {patient}", TODAY, months=2, at=AT
    ),
    "hold": lambda system, patient, chance: hold(
        system, HoldKind.OTHER, since=TODAY, reason="asked", guarantor=pays(system, patient), at=AT
    ),
    "consent": lambda system, patient, chance: give_consent(
        system, pays(system, patient), Channel.EMAIL, "by phone", on=TODAY, address="a@example.org", at=AT
    ),
    "thread": lambda system, patient, chance: open_thread(
        system, Topic.DISPUTE, "Why?", on=TODAY, guarantor=pays(system, patient), at=AT
    ),
    "moved": lambda system, patient, chance: new_address(
        system, pays(system, patient), Contact(phone="7155550199"), on=TODAY, at=AT
    ),
    "log-in": log_in,
    "decided": lambda system, patient, chance: assign_guarantor(
        system, patient, pays(system, patient), "agreement", "signed", since=None, at=AT
    ),
    "answered": answered,
    "granted": granted,
    "refunded": refunded,
    "checked": checked,
}
ONCE = {"plan", "log-in"}  # which both can't have


@pytest.mark.parametrize("seed", range(2))
def test_a_merge_keeps_every_cent_and_its_undo_every_row(system, seed):
    chance, scope = random.Random(seed), system.scope
    kept, gone = records(system)
    stated(system)
    for name, happens in HAPPENS.items():
        for patient in chance.sample([kept, gone], k=1 if name in ONCE else chance.randint(0 if seed else 1, 2)):
            happens(system, patient, chance)
    refresh(system, TODAY, at=AT)
    before, due = dump(scope), owed(scope)
    payers = (pays(system, kept), pays(system, gone))
    assert preview_merge(scope, kept, gone, TODAY).against == ()
    merge = merge_patients(system, kept, gone, "same card", at=AT)
    assert sum(owed(scope).values()) == sum(due.values())
    assert owed(scope).get(payers[1], 0) == 0
    assert [one.message for one in examine(scope).findings] == []
    undo_merge(system, merge, at=AT)
    assert owed(scope) == due
    after = dump(scope)
    assert {name: rows for name, rows in after.items() if rows != before[name] and "Merge" not in name} == {}
    assert [one.message for one in examine(scope).findings] == []


@pytest.fixture
def merged(system):
    """Two records with all that they can have, merged: (kept, gone, guarantors of each before)."""
    chance = random.Random(7)
    kept, gone = records(system)
    stated(system)
    for name in ("answered", "granted", "hold", "consent", "thread", "log-in", "refunded", "moved"):
        HAPPENS[name](system, gone, chance)
    payers = (pays(system, kept), pays(system, gone))
    merge_patients(system, kept, gone, "same card", at=AT)
    return kept, gone, payers


def test_what_stays_as_it_was_is_read_under_the_record_that_stayed(system, merged):
    kept, gone, (now, former) = merged
    assert [one.patient for one in verifications(system.scope, [kept])[kept]] == [kept]
    assert [one.number for one in grants(system.scope, [kept])[kept]] == [f"A{gone}"]
    assert len(list(statements(system.scope, now))) == 2
    assert cards(system.scope, [now])[now].phone == "7155550199"
    row = known_account(system, former, now)
    assert {one.number for one in row.bills()} == {1, 2}
    assert len(row.threads()) == 1
    assert len(row.payments(TODAY)) == 1


def known_account(system, former, now):
    """Who signs in as they did before the merge is the guarantor that they turned out to be."""
    from superbill.app.portal.models import PortalAccount

    [row] = system.scope.rows(PortalAccount)
    assert (row.guarantor_id, former == now) == (now, False)
    assert known(row.login, PASSWORD) is not None
    return account_in(row.pk, row.session)


def test_a_refund_from_before_that_is_voided_comes_back_to_the_record_that_stayed(system, merged):
    _, gone, _ = merged
    before = guarantors_owing(system.scope, TODAY)
    void_refund(system, 1, TODAY, reason="lost", at=AT)
    after = guarantors_owing(system.scope, TODAY)
    assert before.keys() == after.keys()
    assert sum(one.owed for one in after.values()) == sum(one.owed for one in before.values()) - 1_00
    assert gone not in {patient for one in after.values() for patient in one.unapplied}
    assert [one.message for one in examine(system.scope).findings] == []
