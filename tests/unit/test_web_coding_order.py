"""The coder's list: what a provider answered comes first, what waits for an answer last, the oldest day in between."""

import pytest
from tests.app_samples import AT, chart

from superbill.app.coding.models import ProviderQueryRow, QueryState
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.actions import import_charts
from superbill.app.web.coding.lists import LISTS, address_of
from superbill.app.web.coding.queries import Chosen, beside, visit_list

TO_CODE = LISTS["to-code"][1]
PRESSING = Chosen(states=TO_CODE.states, pressing=True)


@pytest.fixture
def visits(system):
    """Five visits on consecutive days; the first waits for its provider, of the fourth one has answered."""
    import_charts(system, [chart(1, 5)], at=AT)
    rows = list(system.scope.rows(EncounterRow).order_by("date_of_service"))
    for row, state in ((rows[0], QueryState.ASKED), (rows[3], QueryState.ANSWERED), (rows[2], QueryState.CLOSED)):
        made = ProviderQueryRow(
            practice_id=system.practice_id, encounter_id=row.pk, number=1, provider="Osei", asked_by="c", asked=AT,
            state=state.value, state_since=AT, doc="{}",
        )  # fmt: skip
        system.scope.rows(ProviderQueryRow).bulk_create([made])
    return rows


def order(scope, chosen):
    return [line.account for line in visit_list(scope, chosen).rows]


def test_the_most_pressing_visit_is_first(system, visits):
    names = [row.account_number for row in visits]
    assert order(system.scope, PRESSING) == [names[place] for place in (3, 1, 2, 4, 0)]
    assert order(system.scope, TO_CODE) == names


def test_the_next_visit_is_the_one_that_follows_in_the_list(system, visits):
    listed = order(system.scope, PRESSING)
    rows = {row.account_number: row for row in visits}
    for place, account in enumerate(listed):
        row = rows[account]
        found = beside(system.scope, PRESSING, row.pk, row.date_of_service)
        around = (["", *listed][place], [*listed, ""][place + 1])
        assert (found.place, found.total, found.before, found.after) == (place + 1, 5, *around)


def test_an_address_tells_the_order_unless_it_is_the_usual_one():
    assert address_of("to-code", PRESSING) == ""
    assert address_of("to-code", TO_CODE) == "?order=oldest"
    assert address_of("answered", LISTS["answered"][1]) == "?list=answered"
