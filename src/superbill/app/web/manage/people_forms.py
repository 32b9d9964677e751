"""The forms about people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from superbill.app.accounts.permissions import Role
from superbill.app.accounts.second_factors import JOBS
from superbill.app.web.forms import Form

CHOICES = [(role.value, role.value.capitalize()) for role in JOBS]


class InviteForm(Form):
    """Whom, and as what."""

    label = forms.CharField(
        label=_("Who"), max_length=120, help_text=_("For your list only. They choose their own name to sign in with.")
    )
    roles = forms.MultipleChoiceField(label=_("Roles"), choices=CHOICES, widget=forms.CheckboxSelectMultiple)

    def chosen(self) -> list[Role]:
        """The roles to be given."""
        return [Role(value) for value in self.cleaned_data["roles"]]


class SecondStepForm(Form):
    """Of which roles a second step is asked."""

    roles = forms.MultipleChoiceField(
        label=_("Roles that need a second step"), choices=CHOICES, required=False, widget=forms.CheckboxSelectMultiple
    )

    def chosen(self) -> frozenset[Role]:
        """The roles that need one."""
        return frozenset(Role(value) for value in self.cleaned_data["roles"])
