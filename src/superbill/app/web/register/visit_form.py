"""What the desk fills in of a visit, and the visit's record made of it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.web.forms import DayField, Form
from superbill.app.web.register.forms import STATES
from superbill.app.web.register.visit_kinds import BY_KEY, KINDS, VisitKind, kind_of
from superbill.app.web.register.visit_records import Filled, entry_of, made
from superbill.chart.model import EncounterRecord, HospitalRecord
from superbill.chart.text.document import read_document
from superbill.codesets.admission_type.lookup import all_admission_types
from superbill.codesets.discharge_status.lookup import all_statuses
from superbill.codesets.point_of_origin.lookup import all_origins
from superbill.findings import Severity
from superbill.identifiers import is_npi
from superbill.site import Location, Site

LONGEST_NOTE = 200_000  # characters; a discharge summary has a tenth of it
LARGEST_NOTE = 5 * 1024 * 1024  # bytes of a file; what is larger carries pictures
ELSEWHERE = "elsewhere"
STILL_THERE = "30"  # the discharge status of a patient who has not left
ACCIDENTS = (
    ("", gettext_lazy("no accident")),
    ("auto", gettext_lazy("car accident")),
    ("employment", gettext_lazy("at work")),
    ("other", gettext_lazy("another accident")),
)


def _text(label: Any, most: int, **attrs: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"} | attrs)
    return forms.CharField(label=label, max_length=most, required=False, widget=widget)


_HOUR: dict[str, Any] = {"input_formats": ["%H:%M", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p", "%H%M"]}


def _hour() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"class": "day", "placeholder": "HH:MM"})


def _codes(known: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Codes of the NUBC with their names, those that are no longer in use left out."""
    return [("", "–"), *((code, f"{code} {one.name}") for code, one in known.items() if one.valid.end is None)]


class VisitForm(Form):
    """A visit: what `always` has, the note, and `parts` as the page groups them."""

    day = DayField(label=gettext_lazy("Day"))
    time = forms.TimeField(label=gettext_lazy("Time"), widget=_hour(), **_HOUR)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of visit"))
    place = forms.ChoiceField(label=gettext_lazy("Place"))
    ends = DayField(
        label=gettext_lazy("Discharged on"), required=False, help_text=gettext_lazy("Of a hospital stay only.")
    )
    end_time = forms.TimeField(label=gettext_lazy("Discharged at"), required=False, widget=_hour(), **_HOUR)
    admission_type = forms.ChoiceField(
        label=gettext_lazy("Type of admission (FL 14)"), required=False,
        help_text=gettext_lazy("Day and time of the admission are those of the visit; kind and place make the type "
                               "of bill."),
    )  # fmt: skip
    admit_source = forms.ChoiceField(label=gettext_lazy("Came from (FL 15)"), required=False)
    discharge = forms.ChoiceField(label=gettext_lazy("Discharged to (FL 17)"), required=False)
    provider = forms.ChoiceField(label=gettext_lazy("Seen by"))
    supervisor = forms.ChoiceField(label=gettext_lazy("Supervised by"), required=False)
    referrer_last = _text(gettext_lazy("Referred by: last name"), 60)
    referrer_first = _text(gettext_lazy("Referred by: first name"), 35)
    referrer_npi = _text(gettext_lazy("Referred by: NPI"), 10, inputmode="numeric")
    reason = _text(gettext_lazy("Reason"), 200)
    authorization = _text(gettext_lazy("Prior authorization"), 50, list="granted")
    accident = forms.ChoiceField(label=gettext_lazy("Because of an accident"), choices=ACCIDENTS, required=False)
    accident_day = DayField(label=gettext_lazy("Day of the accident"), required=False)
    accident_state = forms.ChoiceField(
        label=gettext_lazy("State of a car accident"), required=False,
        choices=[("", "–"), *((one, one) for one in STATES)],
    )  # fmt: skip
    accident_claim = _text(gettext_lazy("The insurer’s claim number"), 50)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=LONGEST_NOTE, strip=False,
        widget=forms.Textarea(attrs={"rows": 12}),
    )  # fmt: skip
    note_file = forms.FileField(
        label=gettext_lazy("Or the note as a file"), required=False,
        help_text=gettext_lazy("Text, RTF, HTML or C-CDA, up to 5 MB."),
    )  # fmt: skip

    def __init__(self, site: Site, *given: Any, before: EncounterRecord | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        if before is None:
            self.fields["day"].widget.attrs["data-focus"] = ""
        self._site, self._before, self.read_note = site, before, ""
        self._choose("kind", [(one.key, one.words) for one in KINDS], before is not None and kind_of(before) is None)
        self._choose("provider", [(one.key, f"{one.last}, {one.first}") for one in site.providers])
        self._choose("supervisor", [("", "–"), *((one.key, f"{one.last}, {one.first}") for one in site.providers)])
        places = [(one.key, one.name) for one in site.locations]
        places += [(one.key, one.name) for one in site.facilities]
        self._choose("place", [*places, (ELSEWHERE, _("none of these"))])
        there = (before.hospital if before else None) or HospitalRecord()
        for name, known, said in (
            ("admission_type", all_admission_types(), there.priority),
            ("admit_source", all_origins(), there.admit_source),
            ("discharge", all_statuses(), there.discharge),
        ):  # fmt: skip
            choices = _codes(known)  # a chart's own word for it stays to be chosen
            self._choose(name, choices if said in dict(choices) else [*choices, (said, said)])

    def _choose(self, name: str, choices: list[tuple[str, Any]], kept: bool = False) -> None:
        field: Any = self.fields[name]
        field.choices = [("", _("as recorded")), *choices] if kept else choices
        field.required = field.required and not kept

    @property
    def always(self) -> list[Any]:
        """The fields that every visit has, before its note."""
        return [self[name] for name in ("day", "time", "kind", "place", "provider", "reason")]

    def parts(self) -> list[tuple[str, list[Any], bool]]:
        """(heading, fields, whether one of them is filled in or refused) of what few visits have."""
        groups = (
            (_("Admission and discharge"), ("admission_type", "admit_source", "ends", "end_time", "discharge")),
            (_("Supervision, referral, authorization"),
             ("supervisor", "referrer_last", "referrer_first", "referrer_npi", "authorization")),
            (_("Accident"), ("accident", "accident_day", "accident_state", "accident_claim")),
        )  # fmt: skip
        told = [(words, [self[name] for name in names]) for words, names in groups]
        return [(words, some, any(one.value() or one.errors for one in some)) for words, some in told]

    def clean_note_file(self) -> Any:
        """The file's words, read as its content says; what is no note is refused with the reason."""
        file = self.cleaned_data["note_file"]
        if not file:
            return None
        if file.size > LARGEST_NOTE:
            raise forms.ValidationError(_("It is larger than 5 MB. Export the note without its pictures and scans."))
        self.read_note = note_of_file(file.read())
        return file

    def clean_referrer_npi(self) -> str:
        """A number that can be an NPI, or nothing."""
        npi = str(self.cleaned_data["referrer_npi"]).strip()
        if npi and not is_npi(npi):
            raise forms.ValidationError(_("This is no NPI: ten digits, of which the last fits the others."))
        return npi

    def clean(self) -> dict[str, Any]:
        """What belongs together."""
        told = super().clean() or self.cleaned_data
        if told.get("note", "").strip() and told.get("note_file"):
            self.add_error("note_file", _("Give the note once: typed, or as a file."))
        kind, place = BY_KEY.get(told.get("kind", "")), entry_of(self._site, told.get("place", ""))
        if kind and isinstance(place, Location) and not kind.fits(place.place_of_service):
            self.add_error("place", _("A visit of this kind is not at an office. Choose the hospital or facility, or "
                                      "“none of these”."))  # fmt: skip
        if kind and not kind.place and place is None and not self._before:
            self.add_error("place", _("Choose where the practice saw the patient."))
        self._clean_stay(told, kind)
        self._clean_referrer(told)
        self._clean_accident(told)
        return told

    def _clean_stay(self, told: dict[str, Any], kind: VisitKind | None) -> None:
        """What an institutional claim tells of the admission and the discharge."""
        first, last = (told.get("day"), told.get("time")), (told.get("ends"), told.get("end_time"))
        if kind and last[0] and not kind.stay:
            self.add_error("ends", _("Only a hospital stay ends on a day of its own."))
        if first[0] and last[0] and last[0] < first[0]:
            self.add_error("ends", _("This is before the first day."))
        if last[1] and not last[0]:
            self.add_error("ends", _("Give the day of discharge too."))
        if all((*first, *last)) and last < first:
            self.add_error("end_time", _("This is before the visit began."))
        for name in ("admission_type", "admit_source", "discharge"):
            if kind and not kind.facility and told.get(name):
                self.add_error(name, _("Only a visit at a hospital or nursing facility has this."))
        if kind and kind.stay and told.get("discharge") not in (None, "", STILL_THERE) and not last[0]:
            self.add_error("ends", _("Give the day of discharge too."))
        if told.get("discharge") == STILL_THERE and last[0]:
            self.add_error("discharge", _("Who is still there has no day of discharge."))

    def _clean_referrer(self, told: dict[str, Any]) -> None:
        if told.get("referrer_npi") and not told.get("referrer_last"):
            self.add_error("referrer_last", _("Name the person of this NPI."))
        if told.get("referrer_last") and "referrer_npi" in told and not told["referrer_npi"]:
            self.add_error("referrer_npi", _("A claim names who referred only with an NPI."))

    def _clean_accident(self, told: dict[str, Any]) -> None:
        if not told.get("accident"):
            if any(told.get(name) for name in ("accident_day", "accident_state", "accident_claim")):
                self.add_error("accident", _("Say what kind of accident it was."))
            return
        if not told.get("accident_day") and "accident_day" not in self.errors:
            self.add_error("accident_day", _("A claim tells the day of the accident."))
        if told["accident"] == "auto" and not told.get("accident_state"):
            self.add_error("accident_state", _("A claim tells the state of a car accident."))

    def record(self) -> EncounterRecord:
        """The visit as filled in. What the form does not ask for stays as it was."""
        told = self.cleaned_data
        text = self.read_note or told["note"]
        return made(Filled(**{name: told[name] for name in Filled.__struct_fields__ if name != "text"}, text=text),
                    self._site, self._before)  # fmt: skip


def note_of_file(data: bytes) -> str:
    """The words of a note's file. Raises ValidationError for one that is no note, with what to do about it."""
    document = read_document(data)
    for finding in document.findings:
        if finding.severity is Severity.ERROR:
            raise forms.ValidationError(f"{finding.message} {finding.fix}")
    if len(document.text) > LONGEST_NOTE:
        raise forms.ValidationError(_("It has more than 200,000 characters. Give the note of this visit alone."))
    return document.text
