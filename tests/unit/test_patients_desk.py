"""What the desk keeps of a patient: who may register, whom they may be, cards that are pictures and nothing else."""

import io
from datetime import date

import pytest
from msgspec.structs import replace
from PIL import Image
from tests.app_samples import AT, chart

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.guarantors.queries import guarantor_of
from superbill.app.patients.actions import import_charts
from superbill.app.patients.cards import BadCard, cards_of, drop_card, keep_card, remade
from superbill.app.patients.cards import card as card_of
from superbill.app.patients.likeness import alike
from superbill.app.patients.models import PatientRow, Side
from superbill.app.patients.queries import charts
from superbill.app.patients.registering import NotRegistered, change_patient, coverage, ordered, register_patient
from superbill.app.practices.actions import open_practice
from superbill.chart.model import Chart, CoverageRecord, PatientRecord, PersonName

BORN = date(1961, 3, 19)


def record(family="Hernandez", given="William", born=BORN, **more):
    return PatientRecord(id="", name=PersonName(family, tuple(given.split())), birth_date=born, **more)


def as_image(kind, size=(60, 40), **more):
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **more)
    return made.getvalue()


@pytest.fixture
def desk(system):
    return actor_with("desk", system.practice_id, Role.FRONT_DESK)


@pytest.fixture
def outsider(system):
    return actor_with("outsider", open_practice("hillside", "Hillside Clinic").pk, Role.MANAGER)


def test_the_desk_registers_a_patient_who_then_has_a_guarantor(desk):
    row = register_patient(desk, record(), (CoverageRecord(id="desk-1", payer="Blue", member_id="W1"),), at=AT)
    kept = desk.scope.rows(PatientRow).get(pk=row)
    assert (kept.source_id, kept.version, kept.changed_by) == ("desk-1", 1, "desk")
    assert charts(desk.scope, [row])[row].patient.medical_record_number == "D000001"
    assert row in guarantor_of(desk.scope, [row], AT.date())


def test_who_may_register_and_change_whom(system, desk, outsider):
    with pytest.raises(NotPermitted):
        register_patient(actor_with("coder", system.practice_id, Role.CODER), record(), at=AT)
    row = register_patient(desk, record(), at=AT)
    with pytest.raises(NotRegistered, match="not here"):
        change_patient(outsider, row, 1, coverage(CoverageRecord(id="", payer="Blue")), "x", at=AT)
    assert charts(outsider.scope, [row]) == {}


def test_coverages_are_added_last_and_put_in_order(desk):
    row = register_patient(desk, record(), at=AT)
    change_patient(desk, row, 1, coverage(CoverageRecord(id="", payer="Blue", member_id="1")), "added", at=AT)
    change_patient(desk, row, 2, coverage(CoverageRecord(id="", payer="Gold", member_id="2")), "added", at=AT)
    change_patient(desk, row, 3, ordered(("desk-2", "desk-1")), "birthday rule", at=AT)
    now = charts(desk.scope, [row])[row].coverages
    assert [(one.order, one.payer) for one in now] == [(1, "Gold"), (2, "Blue")]
    with pytest.raises(NotRegistered, match="every coverage once"):
        change_patient(desk, row, 4, ordered(("desk-2",)), "x", at=AT)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (record(), ("same birth date", "same name")),
        (record("Hernandes", "Bill"), ("same birth date", "like name")),
        (record("William", "Hernandez"), ("same birth date", "like name")),
        (record(born=date(1961, 3, 18)), ("same name",)),
        (record("Quimby", "Ada"), None),
        (record("Hernandez", "Rosa"), None),
        (record(born=date(1999, 9, 9)), None),
    ],
)
def test_who_may_be_registered_already(system, one, why):
    there = Chart(
        patient=replace(record(), id="p1", phone="7155550123"),
        coverages=(CoverageRecord(id="c", payer="Blue", member_id="W1"),),
    )
    import_charts(system, [there], at=AT)
    coverages = (CoverageRecord(id="c", payer="Blue", member_id="W1"),) if one.birth_date == date(1961, 3, 18) else ()
    found = alike(system.scope, Chart(patient=one, coverages=coverages))
    assert [set(why) <= set(each.why) for each in found] == ([True] if why else [])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_card_is_made_anew_and_keeps_nothing_but_the_picture(system, kind):
    import_charts(system, [chart(1)], at=AT)
    row = system.scope.rows(PatientRow).get().pk
    data = as_image(kind) + b"<script>alert(1)</script>"
    first = keep_card(system, row, "c1", Side.FRONT, data, at=AT)
    kept = card_of(system.scope, first)
    content = bytes(kept.content)
    assert content.startswith(b"\xff\xd8\xff")
    assert b"script" not in content
    assert (kept.width, kept.height) == (60, 40)
    second = keep_card(system, row, "c1", Side.FRONT, as_image(kind), at=AT)
    assert [one.pk for one in cards_of(system.scope, row)] == [second]
    drop_card(system, second, at=AT)
    assert cards_of(system.scope, row) == []


def test_a_large_picture_is_made_smaller_and_where_it_was_taken_is_forgotten():
    exif = Image.Exif()
    exif[0x010F] = "CameraMaker"
    content, width, height = remade(as_image("JPEG", (3000, 2000), exif=exif))
    assert (width, height) == (1600, 1067)
    assert b"CameraMaker" not in content


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.7",
        as_image("GIF"),
        as_image("PNG")[:60],
        as_image("PNG", (8000, 6000)),
        b"\xff" * 8_000_001,
    ],
)
def test_what_is_no_picture_of_a_card_is_refused(system, data):
    import_charts(system, [chart(1)], at=AT)
    row = system.scope.rows(PatientRow).get().pk
    with pytest.raises(BadCard):
        keep_card(system, row, "c1", Side.BACK, data, at=AT)
    assert cards_of(system.scope, row) == []


def test_who_sees_and_keeps_cards(system, outsider):
    import_charts(system, [chart(1)], at=AT)
    row = system.scope.rows(PatientRow).get().pk
    with pytest.raises(NotPermitted):
        keep_card(actor_with("coder", system.practice_id, Role.CODER), row, "c", Side.BACK, as_image("PNG"), at=AT)
    with pytest.raises(BadCard):
        keep_card(outsider, row, "c", Side.BACK, as_image("PNG"), at=AT)
    kept = keep_card(system, row, "c", Side.BACK, as_image("PNG"), at=AT)
    assert card_of(outsider.scope, kept) is None
    with pytest.raises(BadCard):
        drop_card(outsider, kept, at=AT)
