"""Changes to a claim do what JSON Patch says, and nothing where they can't."""

from decimal import Decimal

import pytest
from tests.claims_makers import claim

from superbill.claims.changing import NoSuchPlace, changed
from superbill.claims.positions import position
from superbill.findings import Change, header, line


def test_a_modifier_is_added_replaced_and_removed():
    added = changed(claim(), [Change("add", "/lines/0/procedure/modifiers/-", "LT")])
    assert added.lines[0].procedure.modifiers == ("LT",)
    before = changed(added, [Change("add", "/lines/0/procedure/modifiers/0", "25")])
    assert before.lines[0].procedure.modifiers == ("25", "LT")
    other = changed(before, [Change("replace", "/lines/0/procedure/modifiers/1", "RT")])
    assert other.lines[0].procedure.modifiers == ("25", "RT")
    removed = changed(other, [Change("remove", "/lines/0/procedure/modifiers/0")])
    assert removed.lines[0].procedure.modifiers == ("RT",)


def test_values_are_read_as_the_field_s_kind():
    made = changed(claim(), [Change("replace", "/lines/0/units", "2"), Change("replace", "/onset", "2026-02-01")])
    assert made.lines[0].units == Decimal(2)
    assert made.onset is not None and made.onset.isoformat() == "2026-02-01"


def test_a_field_that_is_removed_has_its_default_again():
    assert changed(changed(claim(), [Change("add", "/clia", "36D0000001")]), [Change("remove", "/clia")]).clia == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Change("replace", "/lines/7/charge", 1), "/lines/7/charge: there is no '7' among"),
        (Change("replace", "/nothing", 1), "/nothing: Claim has no 'nothing'"),
        (Change("replace", "/lines/0/charge", "much"), "/lines/0/charge: "),
        (Change("remove", "/control_number"), "/control_number: 'control_number' can't be left out"),
        (Change("add", "/accident/state", "OH"), "/accident/state: there is nothing that has 'state' here"),
    ],
    ids=["no such line", "no such field", "not an amount", "required", "inside of nothing"],
)
def test_a_change_that_can_t_be_made_says_where_and_why(change, said):
    with pytest.raises(NoSuchPlace) as told:
        changed(claim(), [change])
    assert str(told.value).startswith(said)


def test_a_field_s_place_is_its_own_or_that_of_what_it_is_part_of():
    assert str(position(line(2, "modifiers"), "professional")) == "CMS-1500 box 24D; loop 2400 SV101-3"
    assert str(position(line(2, "procedure"), "institutional")) == "UB-04 FL 44; loop 2400 SV202-2"
    assert position(header("patient.address.city"), "professional") == position(
        header("patient.address"), "professional"
    )
    assert str(position(header("no such field"), "professional")) == ""
