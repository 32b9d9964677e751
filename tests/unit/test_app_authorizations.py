"""Authorizations and referrals as entered and withdrawn; three actors; on both databases."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import Error, connection, transaction
from msgspec.structs import replace
from tests.app_samples import AT, chart

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.authorizations.actions import Entry, NotGranted, add_authorizations, withdraw_authorization
from superbill.app.authorizations.models import AuthorizationRow, GrantKind
from superbill.app.authorizations.queries import grants, kept_payers, listed
from superbill.app.patients.actions import import_charts
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.effective import Period

SPRING = Period(date(2026, 3, 1), date(2026, 5, 31))


@pytest.fixture
def patients(system):
    import_charts(system, [chart(1), chart(2)], at=AT)
    return [system.scope.rows(PatientRow).get(source_id=name).pk for name in ("p1", "p2")]


@pytest.fixture
def entry(patients):
    return Entry(
        patient=patients[0], payer_key="one", number="A-77", codes=("97110-97140",), period=SPRING, units=Decimal(12)
    )


@pytest.fixture
def biller(practice):
    return actor_with("bob", practice.pk, Role.BILLER)


def test_a_grant_counts_as_entered(biller, entry):
    assert add_authorizations(biller, [entry], at=AT) == 1
    [grant] = grants(biller.scope, [entry.patient])[entry.patient]
    assert (grant.number, grant.codes, grant.period, grant.units) == ("A-77", ("97110-97140",), SPRING, Decimal(12))
    assert kept_payers(biller.scope) == {"one"}
    assert AuditEvent._base_manager.filter(practice_id=biller.practice_id, action="add authorization").count() == 1


def test_the_latest_entry_of_a_number_counts_and_the_same_again_adds_nothing(biller, entry):
    add_authorizations(biller, [entry], at=AT)
    assert add_authorizations(biller, [entry], at=AT) == 0
    assert add_authorizations(biller, [replace(entry, units=Decimal(24))], at=AT) == 1
    assert [one.units for one in grants(biller.scope, [entry.patient])[entry.patient]] == [Decimal(24)]
    assert biller.scope.rows(AuthorizationRow).count() == 2


def test_a_referral_and_an_authorization_of_the_same_number_are_two(biller, entry):
    add_authorizations(biller, [entry, replace(entry, kind=GrantKind.REFERRAL)], at=AT)
    assert [one.kind for one in grants(biller.scope, [entry.patient])[entry.patient]] == ["authorization", "referral"]


def test_a_withdrawn_grant_ends_and_can_be_given_anew(biller, entry):
    add_authorizations(biller, [entry], at=AT)
    withdraw_authorization(biller, "A-77", note="payer's letter", at=AT)
    assert grants(biller.scope, [entry.patient]) == {}
    assert [one.withdrawn for one in listed(biller.scope, withdrawn=True)] == [True]
    with pytest.raises(NotGranted, match="A-77: no single authorization"):
        withdraw_authorization(biller, "A-77", at=AT)
    assert add_authorizations(biller, [entry], at=AT) == 1
    assert kept_payers(biller.scope) == {"one"}


def test_a_number_of_two_patients_is_withdrawn_for_the_one_that_is_named(biller, entry, patients):
    add_authorizations(biller, [entry, replace(entry, patient=patients[1])], at=AT)
    with pytest.raises(NotGranted, match="2 are: name the patient"):
        withdraw_authorization(biller, "A-77", at=AT)
    withdraw_authorization(biller, "A-77", patient=patients[1], at=AT)
    assert list(grants(biller.scope, patients)) == [patients[0]]
    assert [one.source_id for one in listed(biller.scope)] == ["p1"]


@pytest.mark.parametrize("role", [Role.CODER, Role.AUDITOR, Role.POSTER, Role.ADMINISTRATOR])
def test_a_colleague_without_the_permission_changes_nothing(practice, biller, entry, role):
    add_authorizations(biller, [entry], at=AT)
    colleague = actor_with("colleague", practice.pk, role)
    with pytest.raises(NotPermitted, match="may not keep authorizations"):
        add_authorizations(colleague, [replace(entry, number="B")], at=AT)
    with pytest.raises(NotPermitted, match="may not keep authorizations"):
        withdraw_authorization(colleague, "A-77", at=AT)
    assert [one.number for one in listed(biller.scope)] == ["A-77"]


def test_an_outsider_neither_sees_nor_changes_anything_of_the_practice(biller, entry):
    add_authorizations(biller, [entry], at=AT)
    other = open_practice("hillside", "Hillside Clinic")
    outsider = actor_with("outsider", other.pk, Role.MANAGER)
    assert grants(outsider.scope, [entry.patient]) == {} and listed(outsider.scope) == []
    assert kept_payers(outsider.scope) == frozenset()
    with pytest.raises(NotGranted):
        withdraw_authorization(outsider, "A-77", at=AT)
    with pytest.raises(NotGranted, match="No patient"):
        add_authorizations(outsider, [entry], at=AT)


@pytest.mark.parametrize(
    "change, said",
    [
        ({"number": ""}, "a payer and a number"),
        ({"number": "9" * 51}, "at most 50"),
        ({"payer_key": ""}, "a payer and a number"),
        ({"units": Decimal(0)}, "more than none"),
        ({"period": Period(date(2026, 6, 1), date(2026, 5, 31))}, "before it starts on 2026-06-01"),
        ({"provider_npi": "1234567890"}, "is no NPI"),
        ({"codes": ("97140-97110",)}, "codes: "),
    ],
    ids=["no number", "long number", "no payer", "no units", "wrong way round", "bad npi", "range upside down"],
)
def test_one_wrong_entry_keeps_all_from_being_added(biller, entry, change, said):
    with pytest.raises(NotGranted, match=said):
        add_authorizations(biller, [entry, replace(entry, **change)], at=AT)
    assert listed(biller.scope) == []


def test_what_was_entered_is_never_changed(biller, entry):
    add_authorizations(biller, [entry], at=AT)
    table = "authorizations_authorizationrow"
    for statement in (f"UPDATE {table} SET units = '99'", f"DELETE FROM {table}"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
