"""Forms: Django's, drawn our way, with fields for money, days and quantities, and refusals told in the form."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext as _

from superbill.app.problems import told
from superbill.app.web.templatetags.desk import phone
from superbill.money import Cents, MoneyError, parse_dollars

# "" or ten digits, the area code in brackets or not, with spaces, dots, dashes or slashes between, after +1 or 1.
_PHONE = re.compile(r"(?:(?:\+?1[ ./-]*)?(?:\([0-9]{3}\)|[0-9]{3})[ ./-]*[0-9]{3}[ ./-]*[0-9]{4})?")
_ZIP = re.compile(r"[0-9]{5}(?:[ -]?[0-9]{4})?")


class Renderer(DjangoTemplates):
    """Fields with their label, help and error, as `templates/web/forms/` draws them."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"


class Form(forms.Form):
    """A form of the workbench. Errors stand at their field and in a summary above that leads to them."""

    use_required_attribute = True

    def __init__(self, *given: Any, **named: Any) -> None:
        named.setdefault("label_suffix", "")
        super().__init__(*given, **named)

    def refuse(self, message: str, field: str | None = None) -> None:
        """The action said no: `message` above the form, or at its field."""
        self.add_error(field, ValidationError(message))


@contextmanager
def attempt(form: Form) -> Iterator[None]:
    """Do an action inside: what it refuses is told in the form. Mistakes of ours go on."""
    try:
        yield
    except Exception as error:
        message = told(error)
        if message is None:
            raise
        form.refuse(message)


class MoneyField(forms.Field):
    """Dollars as people write them (1,234.50, $5, -3.10 or (3.10)); its value is integer cents."""

    def __init__(self, *, positive: bool = True, **named: Any) -> None:
        self.positive = positive
        named.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "money", "maxlength": 20}))
        super().__init__(**named)

    def to_python(self, value: Any) -> Any:
        """Cents, or None for an empty field. Raises ValidationError."""
        text = str(value or "").strip()
        return _cents(text, positive=self.positive) if text else None

    def prepare_value(self, value: Any) -> Any:
        """As it stands in the field: 1234.50."""
        return f"{value / 100:.2f}" if isinstance(value, int) else value


class DayField(forms.DateField):
    """A day, as 11/21/2026 in the field; 2026-11-21 is understood too."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("input_formats", ["%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"])
        named.setdefault(
            "widget", forms.DateInput(format="%m/%d/%Y", attrs={"class": "day", "placeholder": "MM/DD/YYYY"})
        )
        super().__init__(**named)


class PhoneField(forms.CharField):
    """A US telephone number in any usual form; its value is ten digits, or "". Shown as (555) 010-1234."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("max_length", 20)
        named.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}))
        super().__init__(**named)

    def to_python(self, value: Any) -> str:
        """Ten digits, without what people put between them and the country's 1. Raises ValidationError."""
        text = super().to_python(value) or ""
        if not _PHONE.fullmatch(text):
            raise ValidationError(_("Write ten digits, with the area code."))
        digits = re.sub(r"\D", "", text)
        return digits[1:] if len(digits) == 11 else digits

    def prepare_value(self, value: Any) -> Any:
        """As it stands in the field; what was typed and is no number stays as typed."""
        return phone(value) if isinstance(value, str) else value


class ZipField(forms.CharField):
    """A ZIP code with or without its last four; its value is five or nine digits, or "". Shown as 12345-6789."""

    def __init__(self, **named: Any) -> None:
        named.setdefault("max_length", 10)
        named.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}))
        super().__init__(**named)

    def to_python(self, value: Any) -> str:
        """The digits alone. Raises ValidationError."""
        text = super().to_python(value) or ""
        if text and not _ZIP.fullmatch(text):
            raise ValidationError(_("Write five digits, or nine."))
        return re.sub(r"\D", "", text)

    def prepare_value(self, value: Any) -> Any:
        """As it stands in the field; what was typed and is no ZIP code stays as typed."""
        return told_zip(value) if isinstance(value, str) else value


def told_zip(digits: str) -> str:
    """12345-6789; what has no nine digits stays as it is."""
    return f"{digits[:5]}-{digits[5:]}" if re.fullmatch(r"[0-9]{9}", digits) else digits


def _cents(text: str, *, positive: bool) -> Cents:
    inside = text.removeprefix("(").removesuffix(")") if text.startswith("(") and text.endswith(")") else text
    try:
        amount = parse_dollars(inside.replace("$", "").replace(",", "").strip())
    except MoneyError:
        raise ValidationError("Write an amount in dollars, such as 125.00.") from None
    amount = -amount if inside != text else amount
    if positive and amount <= 0:
        raise ValidationError("Write an amount above zero.")
    return amount
