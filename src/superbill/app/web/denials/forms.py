"""What a person fills in about a refusal."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from msgspec.structs import replace

from superbill.app.denials.actions import GIVEN_UP
from superbill.app.denials.queries import LetterWords
from superbill.app.web.denials.words import OUTCOMES, TOLD
from superbill.app.web.forms import DayField, Form, MoneyField
from superbill.claims.model import Claim, ServiceLine
from superbill.ledger.reasons import TO_PATIENT, WRITE_OFFS

_FIRST = {"data-focus": ""}
HEADER = ("member_id", "group_number", "prior_authorization", "referral_number", "clia", "note")
_INSURED = ("member_id", "group_number")
HOW = (
    ("mail", _("mail")),
    ("certified mail", _("certified mail")),
    ("fax", _("fax")),
    ("portal", _("the payer’s portal")),
)


class CorrectForm(Form):
    """A corrected claim: what stands on it as a whole, then modifiers and pointers line by line."""

    member_id = forms.CharField(label=_("Member ID (box 1a)"), max_length=80, required=False)
    group_number = forms.CharField(label=_("Group (box 11)"), max_length=50, required=False)
    prior_authorization = forms.CharField(label=_("Prior authorization (box 23)"), max_length=50, required=False)
    referral_number = forms.CharField(label=_("Referral number"), max_length=50, required=False)
    clia = forms.CharField(label=_("CLIA number of the laboratory"), max_length=50, required=False)
    note = forms.CharField(label=_("Claim note"), max_length=80, required=False)

    def __init__(self, claim: Claim, *given: Any, **named: Any) -> None:
        self.claim = claim
        named.setdefault("initial", _as_it_is(claim))
        super().__init__(*given, **named)
        for line in claim.lines:
            self.fields[f"modifiers_{line.number}"] = forms.CharField(
                label=_("Modifiers"), max_length=11, required=False, widget=forms.TextInput(attrs={"class": "code"})
            )
            self.fields[f"pointers_{line.number}"] = forms.CharField(
                label=_("Diagnoses"), max_length=11, required=False, widget=forms.TextInput(attrs={"class": "code"})
            )
        for name in ("prior_authorization", "member_id"):
            self.fields[name].widget.attrs |= {"class": "code"}

    def clean(self) -> dict[str, Any]:
        """Modifiers of two characters; pointers to diagnoses that the claim has."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for line in self.claim.lines:
            modifiers = str(data.get(f"modifiers_{line.number}", "")).upper().split()
            if len(modifiers) > 4 or any(len(one) != 2 or not one.isalnum() for one in modifiers):
                self.refuse(
                    str(_("At most four modifiers of two characters, such as 25 59.")), f"modifiers_{line.number}"
                )
            pointers = str(data.get(f"pointers_{line.number}", "")).split()
            known = {str(place) for place in range(1, len(self.claim.diagnoses) + 1)}
            if len(pointers) > 4 or not set(pointers) <= known:
                self.refuse(
                    str(_("At most four numbers of the claim’s diagnoses, such as 1 3.")), f"pointers_{line.number}"
                )
        return data

    def lines(self) -> Iterator[tuple[ServiceLine, Any, Any]]:
        """Each line with its two fields."""
        for line in self.claim.lines:
            yield line, self[f"modifiers_{line.number}"], self[f"pointers_{line.number}"]

    def header(self) -> list[Any]:
        """The fields of the claim as a whole."""
        return [self[name] for name in HEADER]

    def corrected(self, claim: Claim) -> Claim:
        """`claim` with what the form says."""
        data = self.cleaned_data
        insured = {name: data[name] for name in _INSURED}
        rest = {name: data[name] for name in HEADER if name not in _INSURED}
        lines = tuple(
            replace(
                line,
                procedure=replace(line.procedure, modifiers=tuple(data[f"modifiers_{line.number}"].upper().split())),
                diagnosis_pointers=tuple(int(one) for one in data[f"pointers_{line.number}"].split()),
            )
            for line in claim.lines
        )
        return replace(claim, subscriber=replace(claim.subscriber, **insured), lines=lines, **rest)


def _as_it_is(claim: Claim) -> dict[str, str]:
    insured = {name: str(getattr(claim.subscriber, name)) for name in _INSURED}
    rest = {name: str(getattr(claim, name)) for name in HEADER if name not in _INSURED}
    lines = {f"modifiers_{line.number}": " ".join(line.procedure.modifiers) for line in claim.lines}
    pointers = {
        f"pointers_{line.number}": " ".join(str(one) for one in line.diagnosis_pointers) for line in claim.lines
    }
    return {**insured, **rest, **lines, **pointers}


class AppealForm(Form):
    """What a person adds to the letter, and how it goes."""

    because = forms.CharField(
        label=_("Why the payer should pay"),
        help_text=_("In your own words, a blank line between paragraphs. Not what is in the letter already."),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7, **_FIRST}),
    )
    enclosed = forms.CharField(
        label=_("Further documents in the envelope, one a line"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    to = forms.CharField(
        label=_("Address for appeals, if not the payer’s"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    signer = forms.CharField(label=_("Signed by"), max_length=120, required=False)
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    good_cause = forms.CharField(label=_("Good cause for coming late"), max_length=400, required=False)
    how = forms.ChoiceField(label=_("Goes by"), choices=HOW)

    def words(self) -> LetterWords:
        """The letter's own words."""
        data = self.cleaned_data
        return LetterWords(
            signer=data["signer"],
            title=data["title"],
            because=tuple(" ".join(part.split()) for part in data["because"].split("\r\n\r\n") if part.strip()),
            enclosed=tuple(line.strip() for line in data["enclosed"].splitlines() if line.strip()),
            to=tuple(line.strip() for line in data["to"].splitlines() if line.strip()),
            good_cause=data["good_cause"],
        )


class DecideForm(Form):
    """How an appeal ended."""

    outcome = forms.ChoiceField(
        label=_("The payer’s decision"), choices=list(OUTCOMES.items()), widget=forms.Select(attrs=_FIRST)
    )
    on = DayField(label=_("Decided on"))
    won = MoneyField(label=_("Dollars it grants, where it says"), required=False)
    text = forms.CharField(
        label=_("What the decision says"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class GiveUpForm(Form):
    """Why a refusal is written off."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(code, f"{WRITE_OFFS[code].told[0].upper()}{WRITE_OFFS[code].told[1:]}") for code in GIVEN_UP],
        widget=forms.Select(attrs=_FIRST),
    )
    note = forms.CharField(label=_("Note for the books"), max_length=300, required=False)


class BillPatientForm(Form):
    """What makes a refusal the patient's."""

    why = forms.ChoiceField(label=_("What makes it the patient’s"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note, such as where the signed notice is kept"), max_length=300, required=False)

    def __init__(self, allowed: list[str], *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choices = [(code, f"{TO_PATIENT[code].told[0].upper()}{TO_PATIENT[code].told[1:]}") for code in allowed]
        self.fields["why"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class TellForm(Form):
    """A note, or something that was asked of the payer."""

    what = forms.ChoiceField(label=_("What"), choices=list(TOLD.items()))
    text = forms.CharField(
        label=_("What was done or said"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, **_FIRST})
    )


class SnoozeForm(Form):
    """Until when, and why."""

    until = DayField(label=_("Put off until"))
    why = forms.CharField(label=_("Why"), max_length=200, required=False, widget=forms.TextInput(attrs=_FIRST))
