"""Scores that are kept are those that would be reckoned now, whatever happened in between."""

import pytest
from tests.spec.test_app_coding_audits import AT, FIRST, OTHER, auditor, decided, drawn

from superbill.app.coding.audit_queries import items, times
from superbill.app.coding.audits import code_blindly, reconcile
from superbill.app.encounters.models import EncounterRow
from superbill.app.path.audit_scores import coding_times, scores
from superbill.app.path.auditing import compared
from superbill.coding.audit.scoring import by, by_coder, figures

__all__ = ["auditor", "decided"]


class Office:
    """What of a session the scores ask for."""

    def __init__(self, cents):
        self.charges = object()
        self.cents = cents

    def price(self, code, modifiers, day):
        return self.cents


@pytest.fixture
def closed(decided, auditor):
    """An audit of four visits, one closed in agreement, one reconciled."""
    number = drawn(auditor)
    code_blindly(auditor, number, "A1001", FIRST, release="", at=AT)
    code_blindly(auditor, number, "A1004", OTHER, release="", at=AT)
    reconcile(auditor, number, "A1004", OTHER, at=AT)
    return number


def test_scores_are_reckoned_once_and_anew_when_a_visit_closes(auditor, closed):
    office = Office(100_00)
    first = scores(office, auditor.scope, [])
    assert first.closed == 2
    assert scores(office, auditor.scope, []) is first
    code_blindly(auditor, closed, "A1002", FIRST, release="", at=AT)
    now = scores(office, auditor.scope, [])
    fresh = list(compared(office, items(auditor.scope)))
    assert (now.closed, now.told, now.coders) == (3, figures(fresh), by(fresh, by_coder))
    assert scores(office, auditor.scope, [closed]).told == now.told
    assert scores(office, auditor.scope, [99]).closed == 0


def test_other_charges_and_another_note_are_other_scores(decided, auditor, closed):
    office = Office(100_00)
    first = scores(office, auditor.scope, [])
    assert scores(Office(50_00), auditor.scope, []) is not first
    office = Office(100_00)
    first = scores(office, auditor.scope, [])
    decided.scope.rows(EncounterRow).filter(account_number="A1001").update(content_hash="another")
    assert scores(office, auditor.scope, []) is not first


def test_times_go_on_from_where_they_were(decided, auditor, closed):
    assert coding_times(auditor.scope) == times(auditor.scope) == {"maria": [60, 60, 60], "jo": [60]}
    assert coding_times(auditor.scope) == times(auditor.scope)
