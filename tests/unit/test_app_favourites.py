"""Codes at hand: one's own and the practice's, with notes; three actors; on both databases."""

import pytest
from tests.app_samples import AT

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.favourites.actions import BadFavourite, drop, keep
from superbill.app.favourites.models import FavouriteRow
from superbill.app.favourites.queries import Favourite, favourites, kept_codes
from superbill.app.practices.actions import open_practice


@pytest.fixture
def coder(practice):
    return actor_with("maria", practice.pk, Role.CODER)


def test_a_coder_keeps_own_codes_and_the_practices(practice, coder):
    keep(coder, "icd10cm", "E11.9", "first visit: see A1c", at=AT)
    keep(coder, "icd10cm", "I10", shared=True, at=AT)
    other = actor_with("jo", practice.pk, Role.CODER)
    assert favourites(coder) == [
        Favourite("icd10cm", "E11.9", "first visit: see A1c", False), Favourite("icd10cm", "I10", "", True)
    ]  # fmt: skip
    assert favourites(other) == [Favourite("icd10cm", "I10", "", True)]
    assert kept_codes(other.scope, "icd10cm") == [("E11.9", "maria"), ("I10", "")]
    assert kept_codes(other.scope, "hcpcs") == []


def test_keeping_again_changes_the_note_and_nothing_else(coder):
    keep(coder, "icd10cm", "I10", "one", at=AT)
    keep(coder, "icd10cm", "I10", "two", at=AT)
    assert [each.note for each in favourites(coder)] == ["two"]


def test_a_code_is_let_go_once_and_every_step_is_in_the_trail(practice, coder):
    keep(coder, "icd10cm", "I10", at=AT)
    assert not drop(coder, "icd10cm", "I10", shared=True, at=AT)  # the practice keeps none
    assert drop(coder, "icd10cm", "I10", at=AT)
    assert not drop(coder, "icd10cm", "I10", at=AT)
    manager = actor_with("manager", practice.pk, Role.MANAGER)
    trail = [event.action for event in manager.scope.rows(AuditEvent).order_by("id")]
    assert trail == ["keep favourite", "drop favourite"]


@pytest.mark.parametrize(
    ("system", "code", "note"), [("icd10cm", "", ""), ("", "I10", ""), ("icd10cm", "X" * 21, ""), ("a", "b", "n" * 501)]
)
def test_what_cannot_be_kept(coder, system, code, note):
    with pytest.raises(BadFavourite, match="at most 500"):
        keep(coder, system, code, note, at=AT)


def test_a_colleague_who_does_not_code_sees_the_practices_and_changes_nothing(practice, coder):
    keep(coder, "icd10cm", "I10", shared=True, at=AT)
    poster = actor_with("poster", practice.pk, Role.POSTER)
    assert [each.code for each in favourites(poster)] == ["I10"]
    with pytest.raises(NotPermitted):
        keep(poster, "icd10cm", "E11.9", at=AT)
    with pytest.raises(NotPermitted):
        drop(poster, "icd10cm", "I10", shared=True, at=AT)
    nobody = actor_with("nobody", practice.pk)
    with pytest.raises(NotPermitted):
        favourites(nobody)


def test_an_outsider_sees_and_changes_nothing(practice, coder):
    keep(coder, "icd10cm", "I10", shared=True, at=AT)
    keep(coder, "icd10cm", "E11.9", at=AT)
    other = open_practice("hillside", "Hillside Clinic")
    outsider = actor_with("maria", other.pk, Role.MANAGER)  # even one of the same name
    assert favourites(outsider) == []
    assert kept_codes(outsider.scope, "icd10cm") == []
    assert not drop(outsider, "icd10cm", "E11.9", at=AT)
    assert len(favourites(coder)) == 2


def test_the_database_itself_keeps_a_code_once(practice, coder):
    from django.db import IntegrityError, transaction

    keep(coder, "icd10cm", "I10", at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        coder.scope.rows(FavouriteRow).create(practice=practice, owner="maria", system="icd10cm", code="I10")
