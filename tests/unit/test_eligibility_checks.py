"""A payer is asked about a coverage (270) and answers (271): what was sent is kept, what it says is told plainly."""

from datetime import date
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, chart

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.eligibility.checking import NotAsked, check_coverage, checks, files_of
from superbill.app.eligibility.queries import verifications
from superbill.app.eligibility.telling import benefits_in_words, warnings
from superbill.app.patients.actions import import_charts
from superbill.app.patients.members import is_mbi, wrong_member
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.chart.model import CoverageRecord, PersonName, SubscriberRecord
from superbill.claims.model import Person
from superbill.payer.config import read_payers
from superbill.payer.simulated import SimulatedPayer
from superbill.x12 import write
from superbill.x12.coverage_model import CoverageQuestion
from superbill.x12.documents.eligibility import question_file, read_questions
from superbill.x12.model import Envelope

PAYERS = """
receiver_id = "SIM"
receiver_name = "SIMULATED"
seed = 1
cycle_days = 7
[[payers]]
key = "blue"
name = "Blue Peak"
id = "BLUE1"
originator_id = "1399999901"
claim_filing_indicator = "BL"
address = { line1 = "PO Box 1", city = "Harrow Lake", state = "WI", postal_code = "548999001" }
contact = { name = "Services", phone = "7155550190" }
percent_of_charge = { 1900-01-01 = "0.5" }
members = [
  { member_id = "GONE", period = { end = 2026-06-30 } },
  { member_id = "NOBODY", unknown = true },
  { member_id = "SECOND", primary_elsewhere = true },
]
[[payers.plans]]
name = "PPO"
[payers.plans.benefits]
copay = { office = 30_00 }
deductible = 1_500_00
coinsurance = "0.20"
out_of_pocket_maximum = 6_000_00
"""


class Partner:
    """The simulated payers, answering at once."""

    def __init__(self):
        self.payers = SimulatedPayer(read_payers(PAYERS, "payers"))
        self.before = self.payers.state()

    def ask(self, data):
        answer = self.payers.ask(data, AT)
        assert self.payers.state() == self.before  # a question changes nothing
        return answer


def site(actor):
    entry = SimpleNamespace(key="blue", name="Blue Peak", id="BLUE1")
    trading = SimpleNamespace(
        submitter_id="ME", receiver_id="SIM", sender_qualifier="ZZ", receiver_qualifier="ZZ", usage="T"
    )
    practice = SimpleNamespace(name="Lakeside", npi="1999999018")
    known = SimpleNamespace(payer=lambda text: entry if text in ("Blue", "blue") else None, trading=trading,
                            practice=practice)  # fmt: skip
    return SimpleNamespace(actor=actor, site=known)


def patient(system, **about):
    told = {"id": "c1", "payer": "Blue", "member_id": "M1", **about}
    covered = replace(chart(1), encounters=(), coverages=(CoverageRecord(**told),))
    import_charts(system, [covered], at=AT)
    return system.scope.rows(PatientRow).get().pk


def checked(system, **about):
    row = patient(system, **about)
    check_coverage(site(system), Partner(), row, "c1", TODAY, at=AT)
    return row, checks(system.scope, [row])[row][0]


def test_an_active_coverage_is_told_as_a_person_would_say_it(system):
    row, check = checked(system)
    assert check.active is True
    assert benefits_in_words(check.told) == [
        "Office visit: you pay $30.00.",
        "Deductible $1,500.00 a year, $1,500.00 left.",
        "After the deductible you pay 20 % of what the plan allows.",
        "At most $6,000.00 a year, $6,000.00 until the plan pays all.",
    ]
    assert warnings(check.told, order=1, on=TODAY) == []
    (kept,) = verifications(system.scope, [row])[row]
    assert (kept.payer_key, kept.active, kept.plan, kept.source) == ("blue", True, "PPO", "check 1")
    whose, question, answer = files_of(system.scope, check.id)
    assert whose == row
    assert "ST*270*" in question
    assert "ST*271*" in answer


@pytest.mark.parametrize(
    ("member", "active", "says"),
    [("GONE", False, "not active"), ("NOBODY", None, "knows no such member"), ("SECOND", True, "Another payer pays")],
)
def test_what_a_person_must_look_at_is_told(system, member, active, says):
    row, check = checked(system, member_id=member)
    assert check.active is active
    assert says in " ".join(warnings(check.told, order=1, on=TODAY))
    assert len(verifications(system.scope, [row]).get(row, [])) == (active is not None)


def test_another_plan_than_before_is_told(system):
    _row, check = checked(system)
    before = replace(check.told, plan="HMO")
    assert warnings(check.told, order=1, on=TODAY, before=before) == [
        "The plan is another one than before: PPO, no longer HMO."
    ]


def test_a_dependent_is_asked_about_under_the_insured_persons_number(system):
    subscriber = SubscriberRecord(name=PersonName("Parent", ("Ann",)), birth_date=date(1950, 1, 1))
    _row, check = checked(system, relationship="child", subscriber=subscriber)
    question = files_of(system.scope, check.id)[1]
    assert "NM1*IL*1*Parent*Ann****MI*M1~" in question
    assert "NM1*03*1*Family1*Given~" in question
    assert check.active is True


@pytest.mark.parametrize(
    ("about", "why"), [({"payer": "Nobody"}, "choose the payer"), ({"member_id": ""}, "member number")]
)
def test_who_cannot_be_asked_is_told_why_and_nothing_is_kept(system, about, why):
    row = patient(system, **about)
    with pytest.raises(NotAsked, match=why):
        check_coverage(site(system), Partner(), row, "c1", TODAY, at=AT)
    assert checks(system.scope, [row]) == {}


def test_who_may_ask_and_about_whom(system):
    row = patient(system)
    with pytest.raises(NotPermitted):
        check_coverage(site(actor_with("coder", system.practice_id, Role.CODER)), Partner(), row, "c1", TODAY, at=AT)
    other = open_practice("hillside", "Hillside Clinic")
    outsider = actor_with("outsider", other.pk, Role.MANAGER)
    with pytest.raises(NotAsked, match="not here"):
        check_coverage(site(outsider), Partner(), row, "c1", TODAY, at=AT)
    check_coverage(site(system), Partner(), row, "c1", TODAY, at=AT)
    assert checks(outsider.scope, [row]) == {}
    desk = actor_with("desk", system.practice_id, Role.FRONT_DESK)
    assert len(checks(desk.scope, [row])[row]) == 1


def test_a_question_reads_back_as_it_was_asked():
    asked = CoverageQuestion(
        trace="E000000001", payer_name="Blue Peak", payer_id="BLUE1", provider_name="Lakeside",
        provider_npi="1999999018", subscriber=Person("Doe", "Jane"), member_id="M1", dependent=Person("Doe", "Kid"),
        birth_date=date(2015, 5, 6), sex="F", group_number="G7", on=TODAY, services=("30", "98"),
    )  # fmt: skip
    envelope = Envelope(
        sender_id="ME", receiver_id="SIM", interchange_control_number=1, group_control_number=1, created=AT, usage="T"
    )
    assert list(read_questions(write([question_file([asked], envelope, number="E1")]))) == [("E1", asked)]


@pytest.mark.parametrize(
    ("number", "right"),
    [("1EG4-TE5-MK73", True), ("1EG4TE5MK7", False), ("1SG4TE5MK73", False), ("0EG4TE5MK73", False)],
)
def test_medicares_number_has_a_shape(number, right):
    assert is_mbi(number) is right
    assert bool(wrong_member("medicare", number)) is not right
    assert wrong_member("commercial", number) == ""
