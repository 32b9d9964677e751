"""A visit entered at the desk: kept as if a chart had told of it, once, and never against what is billed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace
from tests.app_samples import AT, chart

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.encounters.entering import NotEntered, SeenAlready, VisitChanged, change_visit, enter_visit
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.encounters.queries import visit
from superbill.app.patients.actions import import_charts
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.chart.model import AccidentRecord, EncounterRecord, Note, PersonName, ProviderRecord

START = datetime(2026, 10, 30, 9, 0, tzinfo=UTC)
OSEI = ProviderRecord(id="osei", name=PersonName("Osei", ("Ama",)), npi="1234567893")
SEEN = EncounterRecord(id="", start=START, performer=OSEI, notes=(Note(id="note", text="Sore throat."),))


@pytest.fixture
def patient(system):
    import_charts(system, [chart(1)], at=AT)
    return system.scope.rows(PatientRow).get(source_id="p1").pk


def version(system, account):
    return system.scope.rows(EncounterRow).get(account_number=account).content_hash


def test_a_visit_is_entered_under_a_number_of_ours(system, patient):
    account = enter_visit(system, patient, SEEN, at=AT)
    found = visit(system.scope, account)
    assert (found.patient_id, found.state) == (patient, EncounterState.IMPORTED)
    assert (found.encounter.id, found.encounter.source.file) == ("desk-1", "front desk")
    assert found.encounter.notes == SEEN.notes


def test_a_second_visit_of_the_day_with_the_same_provider_is_asked_about(system, patient):
    first = enter_visit(system, patient, SEEN, at=AT)
    later = replace(SEEN, start=START + timedelta(hours=5))
    with pytest.raises(SeenAlready) as told:
        enter_visit(system, patient, later, at=AT)
    assert told.value.accounts == (first,)
    second = enter_visit(system, patient, later, others=[first], at=AT)
    other = replace(later, performer=replace(OSEI, id="roe", npi="1999999026"))
    assert len({first, second, enter_visit(system, patient, other, at=AT)}) == 3


@pytest.mark.parametrize(
    "change, says",
    [
        ({"start": datetime(2026, 11, 3, 9, 0, tzinfo=UTC)}, "in the future"),
        ({"start": datetime(1969, 12, 31, 9, 0, tzinfo=UTC)}, "before the patient's birth date"),
        ({"end": START - timedelta(hours=1)}, "ends before it starts"),
        ({"accident": AccidentRecord(kind="other", on=date(2026, 10, 31))}, "accident lies after the visit"),
        ({"referrer": replace(OSEI, npi="1234567890")}, "is no NPI"),
    ],
)
def test_what_can_not_be_is_refused(system, patient, change, says):
    with pytest.raises(NotEntered, match=says):
        enter_visit(system, patient, replace(SEEN, **change), at=AT)
    assert system.scope.rows(EncounterRow).count() == 1


def test_nobody_is_seen_after_their_death(system):
    gone = chart(2)
    import_charts(system, [replace(gone, patient=replace(gone.patient, deceased=date(2026, 10, 29)))], at=AT)
    with pytest.raises(NotEntered, match="after the day on which the patient died"):
        enter_visit(system, system.scope.rows(PatientRow).get().pk, SEEN, at=AT)


def test_a_visit_is_corrected_until_it_is_billed(system, patient):
    account = enter_visit(system, patient, SEEN, at=AT)
    old = version(system, account)
    change_visit(system, account, old, replace(SEEN, authorization_number="A-1"), at=AT)
    assert visit(system.scope, account).encounter.authorization_number == "A-1"
    with pytest.raises(VisitChanged):
        change_visit(system, account, old, replace(SEEN, authorization_number="A-2"), at=AT)
    system.scope.rows(EncounterRow).filter(account_number=account).update(state=EncounterState.BILLED)
    with pytest.raises(NotEntered, match="is billed"):
        change_visit(system, account, version(system, account), SEEN, at=AT)
    assert visit(system.scope, account).encounter.authorization_number == "A-1"


def test_what_the_desk_changed_stays_when_the_same_chart_comes_again(system, patient):
    row = system.scope.rows(EncounterRow).get()
    mine = replace(visit(system.scope, "A1001").encounter, authorization_number="A-1", performer=OSEI)
    change_visit(system, "A1001", row.content_hash, mine, at=AT)
    assert import_charts(system, [chart(1)], at=AT).encounters_same == 1
    assert visit(system.scope, "A1001").encounter == mine
    assert import_charts(system, [chart(1, reason="newly told")], at=AT).encounters_changed == 1
    assert visit(system.scope, "A1001").encounter == replace(mine, payer_hint="newly told")
    assert import_charts(system, [chart(1, reason="newly told")], at=AT).encounters_same == 1


def test_who_may_enter_a_visit(system, practice, patient):
    desk = actor_with("fran", practice.pk, Role.FRONT_DESK)
    account = enter_visit(desk, patient, SEEN, at=AT)
    coder = actor_with("cora", practice.pk, Role.CODER)
    outsider = actor_with("olaf", open_practice("hillside", "Hillside").pk, Role.FRONT_DESK)
    for call in (
        lambda who: enter_visit(who, patient, SEEN, at=AT),
        lambda who: change_visit(who, account, version(system, account), SEEN, at=AT),
    ):
        with pytest.raises(NotPermitted):
            call(coder)
        with pytest.raises(NotEntered, match="not here"):
            call(outsider)
    assert system.scope.rows(EncounterRow).count() == 2
