"""The history of coding on both databases: who coded what, on which words, with which release; never changed."""

from datetime import UTC, datetime

import pytest
from django.db import Error, connection, transaction
from tests.app_samples import AT, DAY, billed, chart, coded

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.coding.actions import NotDecided, code_again, decide
from superbill.app.coding.models import CodingRow, Purpose
from superbill.app.coding.queries import codings, history, suggested
from superbill.app.encounters.actions import record_coding
from superbill.app.encounters.models import EncounterRow
from superbill.app.encounters.queries import visit
from superbill.app.patients.actions import import_charts
from superbill.app.practices.actions import open_practice
from superbill.coding.deciding import Final, FinalService, awaiting
from superbill.coding.model import Evidence
from superbill.coding.suggest.model import SuggestedCode, Suggestion, Visit

SAID = Suggestion(
    visit=Visit(on=DAY), release="icd10cm-2026",
    diagnoses=tuple(
        SuggestedCode(system="ICD-10-CM", code=code, evidence=(Evidence("n1", "words", 0, 5),))
        for code in ("I10", "R51.9")
    ),
)  # fmt: skip
FINAL = Final(diagnoses=("I10",), services=(FinalService(code="99213"),), reasons={"R51.9": "integral"})


@pytest.fixture
def waiting(system):
    """A visit whose codes are suggested and wait; the row's id."""
    import_charts(system, [chart(1)], at=AT)
    (row,) = system.scope.rows(EncounterRow)
    record_coding(system, [(row.pk, awaiting(coded("p1e0", "p1"), SAID))], at=AT, suggestions={row.pk: SAID})
    return row.pk


@pytest.fixture
def coder(practice):
    return actor_with("maria", practice.pk, Role.CODER)


def decided(actor, row):
    return decide(actor, row, coded("p1e0", "p1"), SAID, FINAL, record="n1", at=AT, seconds=40)


def test_a_suggestion_waits_and_a_decision_is_kept_beside_it(system, waiting, coder):
    assert visit(system.scope, "A1001").state == "held"
    assert suggested(system.scope, waiting).suggestion == SAID
    decided(coder, waiting)
    assert visit(system.scope, "A1001").state == "coded"
    first, second = history(coder.scope, "A1001")
    assert (first.number, first.purpose, first.coder) == (1, Purpose.SUGGESTED, "system")
    assert (second.number, second.purpose, second.coder, second.release) == (
        2,
        Purpose.DECIDED,
        "maria",
        "icd10cm-2026",
    )
    assert [(each.code, each.verdict, each.reason) for each in second.record.decisions] == [
        ("I10", "accepted", ""),
        ("R51.9", "refused", "integral"),
        ("99213", "added", ""),
    ]
    assert second.record.seconds == 40 and second.at == AT


def test_deciding_leaves_an_audit_event_without_a_word_of_the_note(system, waiting, coder):
    decided(coder, waiting)
    event = system.scope.rows(AuditEvent).get(action="decide coding")
    assert event.actor == "maria" and event.subject_id == waiting
    assert "words" not in event.detail and '"accepted":1' in event.detail


def test_what_is_coded_from_coded_data_is_in_the_history_too(system):
    import_charts(system, [chart(1)], at=AT)
    (row,) = system.scope.rows(EncounterRow)
    record_coding(system, [(row.pk, coded("p1e0", "p1"))], at=AT)
    record_coding(system, [(row.pk, coded("p1e0", "p1"))], at=AT)
    assert [(each.number, each.purpose) for each in codings(system.scope)] == [(1, Purpose.CODED), (2, Purpose.CODED)]


def test_a_second_coding_changes_nothing_that_is_billed(system, coder):
    billed(system, charts=1, visits=1)
    row = system.scope.rows(EncounterRow).get()
    with pytest.raises(NotDecided, match="billed"):
        decided(coder, row.pk)
    before = row.coded
    code_again(coder, row.pk, coded("p1e0", "p1"), release="icd10cm-2026", at=AT)
    assert system.scope.rows(EncounterRow).get().coded == before
    assert [each.purpose for each in codings(system.scope, Purpose.SECOND)] == [Purpose.SECOND]


def test_a_colleague_without_the_permission_and_an_outsider_decide_nothing(system, waiting):
    with pytest.raises(NotPermitted):
        decided(actor_with("colleague", system.practice_id, Role.POSTER), waiting)
    other = open_practice("hillside", "Hillside Clinic")
    outsider = actor_with("outsider", other.pk, Role.MANAGER)
    with pytest.raises(NotDecided, match="not known"):
        decided(outsider, waiting)
    with pytest.raises(NotDecided, match="not known"):
        code_again(outsider, waiting, coded("p1e0", "p1"), release="", at=AT)
    assert history(outsider.scope, "A1001") == [] and suggested(outsider.scope, waiting) is None
    assert system.scope.rows(CodingRow).count() == 1
    with pytest.raises(NotPermitted):
        history(actor_with("administrator", system.practice_id, Role.ADMINISTRATOR).scope, "A1001")


@pytest.mark.parametrize("statement", ["UPDATE coding_codingrow SET coder = 'x'", "DELETE FROM coding_codingrow"])
def test_the_history_is_never_changed(system, waiting, statement):
    with pytest.raises(Error, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert system.scope.rows(CodingRow).get().coder == "system"


def test_codings_are_found_by_day_of_service(system, waiting):
    assert [each.account for each in codings(system.scope, since=DAY, until=DAY)] == ["A1001"]
    later = datetime(2027, 1, 1, tzinfo=UTC).date()
    assert list(codings(system.scope, since=later)) == [] == list(codings(system.scope, until=DAY.replace(year=2020)))
