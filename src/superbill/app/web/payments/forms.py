"""What people fill in about payments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from superbill.app.web.forms import DayField, Form, MoneyField

METHODS = [
    ("ACH", _("electronic (ACH)")), ("CHK", _("check")), ("FWT", _("wire")), ("BOP", _("payer’s choice")),
    ("NON", _("no payment")),
]  # fmt: skip


class WhyForm(Form):
    """A reason, for whoever looks at it later."""

    why = forms.CharField(
        label=_("Why"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off", "data-key": "w"})
    )


class ListForm(Form):
    """The filters of the list; what can't be read filters nothing."""

    payer = forms.ChoiceField(label=_("Payer"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[("", _("all")), ("posted", _("posted")), ("held", _("held")), ("waiting", _("waiting for the rest")),
                 ("voided", _("taken back")), ("part", _("part of another"))],
    )  # fmt: skip
    method = forms.ChoiceField(label=_("Paid by"), required=False, choices=[("", _("any way")), *METHODS])
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("To"), required=False)
    least = MoneyField(label=_("At least"), required=False, positive=False)
    most = MoneyField(label=_("At most"), required=False, positive=False)
    trace = forms.CharField(label=_("Trace or check number"), required=False, max_length=64)

    def __init__(self, *given: Any, payers: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["payer"].choices = [("", _("all payers")), *payers]  # type: ignore[attr-defined]  # a ChoiceField
