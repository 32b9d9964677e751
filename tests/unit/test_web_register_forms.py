"""The patient form: telephone and ZIP code are shown as people write them, and kept as digits."""

import pytest
from django.core.exceptions import ValidationError

from superbill.app.web.forms import PhoneField, ZipField
from superbill.app.web.register.forms import PatientForm, told_of
from superbill.chart.model import PatientRecord, PersonName, PostalAddress

PATIENT = PatientRecord(
    id="p1", name=PersonName("Doe", ("Ann",)), phone="5550101234",
    address=PostalAddress(("1 Elm St",), "Madison", "WI", "537031234"),
)  # fmt: skip


def test_a_patient_s_numbers_stand_in_the_form_as_people_write_them():
    form = PatientForm(initial=told_of(PATIENT))

    assert form["phone"].value() == "(555) 010-1234"
    assert form["postal_code"].value() == "53703-1234"


def test_what_the_form_shows_is_kept_as_it_was():
    shown = PatientForm(initial=told_of(PATIENT) | {"born": "03/19/1961"})
    sent = PatientForm({name: shown[name].value() or "" for name in shown.fields})

    assert sent.is_valid(), sent.errors
    assert (sent.record().phone, sent.record().address) == (PATIENT.phone, PATIENT.address)


@pytest.mark.parametrize(
    "typed",
    ["5550101234", "(555) 010-1234", "(555)010-1234", "555-010-1234", "555.010.1234", "+1 555 010 1234",
     "1-555-010-1234", " 555 010 1234 "],
)  # fmt: skip
def test_a_telephone_number_is_taken_in_any_usual_form(typed):
    assert PhoneField().clean(typed) == "5550101234"


@pytest.mark.parametrize("typed", ["010-1234", "555-010-12345", "2-555-010-1234", "555-010-CALL", "a 5550101234"])
def test_what_is_no_telephone_number_is_refused_and_stays_as_typed(typed):
    with pytest.raises(ValidationError, match="ten digits"):
        PhoneField().clean(typed)
    assert PhoneField().prepare_value(typed) == typed


@pytest.mark.parametrize(
    "typed, kept",
    [("53703", "53703"), ("537031234", "537031234"), ("53703-1234", "537031234"), ("53703 1234", "537031234"),
     ("53703 - 1234", None), ("5370", None), ("53703-12", None), ("-53703", None)],
)  # fmt: skip
def test_a_zip_code_has_five_digits_or_nine(typed, kept):
    if kept is None:
        with pytest.raises(ValidationError, match="five digits, or nine"):
            ZipField().clean(typed)
    else:
        assert ZipField().clean(typed) == kept
