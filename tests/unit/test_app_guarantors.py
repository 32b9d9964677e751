"""Who pays for a patient: what charts tell, what a person decides, and what each of three people may do about it."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, chart

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.guarantors.actions import (
    BadGuarantor,
    assign_guarantor,
    correct_contact,
    end_assignments,
    name_guarantor,
)
from superbill.app.guarantors.deriving import Party, comes_of_age
from superbill.app.guarantors.models import Guarantor
from superbill.app.guarantors.queries import (
    Contact,
    cards,
    guarantor_of,
    guarantors_by_day,
    guarantors_named,
    history,
    patients_ever_of,
    patients_of,
)
from superbill.app.patients.actions import import_charts
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.chart.model import Chart, CoverageRecord, PatientRecord, PersonName, PostalAddress, SubscriberRecord

HOME = PostalAddress(lines=("12 Elm Street",), city="Springfield", state="IL", postal_code="62701")
MOTHER = SubscriberRecord(name=PersonName("Okafor", ("Ngozi",)), birth_date=date(1986, 4, 2), address=HOME)
FATHER = SubscriberRecord(name=PersonName("Okafor", ("Emeka",)), birth_date=date(1984, 9, 9), address=HOME)
DAY = timedelta(days=1)
LATER = AT + timedelta(days=60)


def child(number: int, born: date, signer: SubscriberRecord | None = MOTHER) -> Chart:
    """A patient on a parent's coverage."""
    coverage = CoverageRecord(
        id=f"c{number}", payer="Payer One", relationship="child" if signer else "self", subscriber=signer
    )
    record = PatientRecord(id=f"k{number}", name=PersonName("Okafor", (f"Child{number}",)), birth_date=born)
    return Chart(patient=replace(record, address=HOME), coverages=(coverage,))


def parent(signer: SubscriberRecord, key: str = "mother") -> Chart:
    return Chart(patient=PatientRecord(id=key, name=signer.name, birth_date=signer.birth_date, phone="2175550100"))


def ids(system):
    return dict(system.scope.rows(PatientRow).values_list("source_id", "id"))


def payer_of(system, source_id, on=TODAY):
    patient = ids(system)[source_id]
    return cards(system.scope, [guarantor_of(system.scope, [patient], on)[patient]]).popitem()[1]


def test_an_adult_pays_for_themself(system):
    import_charts(system, [chart(1)], at=AT)
    own = payer_of(system, "p1")
    assert (own.kind, own.patient, own.addressee) == ("patient", ids(system)["p1"], "Given Family1")


@pytest.mark.parametrize(
    ("born", "of_age"), [(date(2008, 11, 2), date(2026, 11, 2)), (date(2008, 2, 29), date(2026, 3, 1))]
)
def test_a_child_is_of_age_on_its_birthday_and_not_the_day_before(system, born, of_age):
    import_charts(system, [child(1, born)], at=AT - timedelta(days=365))
    assert comes_of_age(born) == of_age
    assert payer_of(system, "k1", of_age - DAY).addressee == "Ngozi Okafor"
    assert payer_of(system, "k1", of_age).addressee == "Child1 Okafor"
    patient = ids(system)["k1"]
    days = guarantors_by_day(system.scope, [(patient, of_age - DAY), (patient, of_age)])
    assert days[patient, of_age - DAY] != days[patient, of_age]


def test_who_was_always_of_age_has_no_guardian_and_who_was_not_has_one_for_those_days(system):
    adult = replace(chart(1), patient=replace(chart(1).patient, birth_date=date(2000, 1, 1)))
    young = replace(chart(2), patient=replace(chart(2).patient, birth_date=date(2008, 9, 2)))  # seen the day before
    import_charts(system, [adult, young], at=AT)
    assert [one.kind for one in guarantors_named(system.scope, "Family1")] == ["patient"]
    assert payer_of(system, "p2", date(2026, 9, 1)).kind == "guardian"
    assert payer_of(system, "p2", date(2026, 9, 2)).kind == "patient"


@pytest.mark.parametrize("order", ["mother first", "children first", "all at once"])
def test_one_guarantor_for_herself_and_all_her_children(system, order):
    children, mother = [child(1, date(2015, 1, 1)), child(2, date(2017, 1, 1))], [parent(MOTHER)]
    imports = {"mother first": [mother, children], "children first": [children, mother]}
    for charts in imports.get(order, [[*children, *mother]]):
        import_charts(system, charts, at=AT)
    own = payer_of(system, "mother")
    assert own == payer_of(system, "k1") == payer_of(system, "k2")
    assert (own.kind, own.phone) == ("patient", "2175550100")
    assert patients_of(system.scope, own.id, TODAY) == sorted(ids(system).values())
    assert patients_of(system.scope, own.id, date(2040, 1, 1)) == [ids(system)["mother"]]
    assert patients_ever_of(system.scope, own.id) == sorted(ids(system).values())


def test_two_patients_of_one_name_and_birth_date_are_not_taken_for_each_other(system):
    import_charts(system, [parent(MOTHER, "one"), parent(MOTHER, "two"), child(1, date(2015, 1, 1))], at=AT)
    assert len({payer_of(system, key).id for key in ("one", "two", "k1")}) == 3


def test_a_minor_whom_nobody_signed_for_is_billed_to_parent_or_guardian(system):
    import_charts(system, [child(1, date(2015, 1, 1), None), child(2, date(2016, 1, 1), None)], at=AT)
    own = payer_of(system, "k1")
    assert own.addressee == "Parent or guardian of Child1 Okafor"
    assert own.address == HOME
    assert own.id != payer_of(system, "k2").id


def test_the_same_charts_again_change_nothing(system):
    charts = [child(1, date(2015, 1, 1)), parent(MOTHER)]
    import_charts(system, charts, at=AT)
    before = [history(system.scope, patient) for patient in ids(system).values()]
    import_charts(system, charts, at=LATER)
    assert [history(system.scope, patient) for patient in ids(system).values()] == before


def test_another_parent_on_the_chart_pays_from_that_day_on(system):
    import_charts(system, [child(1, date(2015, 5, 1))], at=AT)
    import_charts(system, [child(1, date(2015, 5, 1), FATHER)], at=LATER)
    day = LATER.date()
    assert payer_of(system, "k1", day - DAY).addressee == "Ngozi Okafor"
    assert payer_of(system, "k1", day).addressee == "Emeka Okafor"
    assert payer_of(system, "k1", date(2033, 5, 1)).addressee == "Child1 Okafor"


def test_a_persons_decision_goes_before_the_chart_until_it_ends(system):
    import_charts(system, [child(1, date(2015, 5, 1))], at=AT)
    patient = ids(system)["k1"]
    court = name_guarantor(system, Party(kind="person", name=FATHER.name, address=HOME), at=AT)
    assert name_guarantor(system, Party(kind="person", name=FATHER.name, address=HOME), at=AT) == court
    assign_guarantor(system, patient, court, "court order", "Order 26-118", since=TODAY, at=AT)
    import_charts(system, [child(1, date(2015, 5, 1), replace(MOTHER, birth_date=date(1986, 4, 3)))], at=LATER)
    assert payer_of(system, "k1", LATER.date()).id == court
    assert payer_of(system, "k1", TODAY - DAY).addressee == "Ngozi Okafor"
    assert end_assignments(system, patient, on=LATER.date(), reason="order ended", at=LATER) == 1
    assert payer_of(system, "k1", LATER.date()).addressee == "Ngozi Okafor"
    assert payer_of(system, "k1", LATER.date() - DAY).id == court
    assert [one.reason for one in history(system.scope, patient) if one.decided] == ["Order 26-118"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"reason": " "}, "say why"),
        ({"basis": "friend"}, "name one of"),
        ({"patient": 10**6}, "no patient"),
        ({"guarantor": 10**6}, "no guarantor"),
        ({"until": TODAY - DAY}, "not after its start"),
    ],
)
def test_a_decision_needs_people_of_the_practice_a_basis_and_a_reason(system, change, says):
    import_charts(system, [chart(1)], at=AT)
    given = {"patient": ids(system)["p1"], "guarantor": payer_of(system, "p1").id, "basis": "agreement",
             "reason": "she said so", "since": TODAY}  # fmt: skip
    with pytest.raises(BadGuarantor, match=says):
        assign_guarantor(system, **{**given, **change}, at=AT)


def test_a_corrected_address_stays_when_the_chart_comes_again(system):
    import_charts(system, [parent(MOTHER)], at=AT)
    own = payer_of(system, "mother")
    assert not own.mailable
    correct_contact(system, own.id, Contact(address=HOME, email="ngozi@example.org"), at=AT)
    import_charts(system, [replace(parent(MOTHER), patient=replace(parent(MOTHER).patient, phone="2175550199"))], at=AT)
    now = payer_of(system, "mother")
    assert (now.mailable, now.address, now.email, now.phone) == (True, HOME, "ngozi@example.org", "2175550199")
    for wrong in (Contact(email="no mail"), Contact(address=PostalAddress(city="Springfield"))):
        with pytest.raises(BadGuarantor):
            correct_contact(system, own.id, wrong, at=AT)


def test_colleague_and_outsider(system):
    import_charts(system, [child(1, date(2015, 5, 1))], at=AT)
    patient, own = ids(system)["k1"], payer_of(system, "k1").id
    colleague = actor_with("colleague", system.practice_id, Role.CODER)
    outsider = actor_with("outsider", open_practice("hillside", "Hillside Clinic").pk, Role.MANAGER)
    deeds = [
        lambda who: assign_guarantor(who, patient, own, "agreement", "x", since=None, at=AT),
        lambda who: end_assignments(who, patient, on=TODAY, reason="x", at=AT),
        lambda who: name_guarantor(who, Party(kind="person", name=MOTHER.name, address=HOME), at=AT),
        lambda who: correct_contact(who, own, Contact(phone="2175550100"), at=AT),
        lambda who: guarantor_of(who.scope, [patient], TODAY),
        lambda who: patients_of(who.scope, own, TODAY),
        lambda who: patients_ever_of(who.scope, own),
        lambda who: guarantors_by_day(who.scope, [(patient, TODAY)]),
        lambda who: cards(who.scope, [own]),
        lambda who: guarantors_named(who.scope),
        lambda who: history(who.scope, patient),
    ]
    for deed in deeds:
        with pytest.raises(NotPermitted, match="colleague may not"):
            deed(colleague)
    for deed in (deeds[0], deeds[3]):
        with pytest.raises(BadGuarantor):
            deed(outsider)
    assert deeds[1](outsider) == 0
    assert [deed(outsider) for deed in deeds[4:]] == [{}, [], [], {}, {}, [], []]
    assert system.scope.rows(Guarantor).count() == 2
