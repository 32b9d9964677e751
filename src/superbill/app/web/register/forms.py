"""What the desk fills in: who a patient is, and what covers them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from superbill.app.patients.members import bare, wrong_member
from superbill.app.web.forms import DayField, Form, PhoneField, ZipField
from superbill.chart.model import CoverageRecord, PatientRecord, PersonName, PostalAddress, SubscriberRecord
from superbill.effective import Period
from superbill.site import PayerEntry

SEXES = (("U", gettext_lazy("not told")), ("F", gettext_lazy("female")), ("M", gettext_lazy("male")))
RELATIONSHIPS = (
    ("self", gettext_lazy("the patient is insured")),
    ("spouse", gettext_lazy("husband or wife")),
    ("child", gettext_lazy("child")),
    ("other", gettext_lazy("other")),
)
STATES = [
    "AL",
    "AK",
    "AZ",
    "AR",
    "CA",
    "CO",
    "CT",
    "DE",
    "DC",
    "FL",
    "GA",
    "HI",
    "ID",
    "IL",
    "IN",
    "IA",
    "KS",
    "KY",
    "LA",
    "ME",
    "MD",
    "MA",
    "MI",
    "MN",
    "MS",
    "MO",
    "MT",
    "NE",
    "NV",
    "NH",
    "NJ",
    "NM",
    "NY",
    "NC",
    "ND",
    "OH",
    "OK",
    "OR",
    "PA",
    "RI",
    "SC",
    "SD",
    "TN",
    "TX",
    "UT",
    "VT",
    "VA",
    "WA",
    "WV",
    "WI",
    "WY",
    "AS",
    "GU",
    "MP",
    "PR",
    "VI",
    "AA",
    "AE",
    "AP",
]


def _text(label: Any, most: int, *, required: bool = False, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, required=required, widget=forms.TextInput(attrs={"autocomplete": "off"} | attrs)
    )


class PatientForm(Form):
    """Who the patient is."""

    last = _text(gettext_lazy("Last name"), 60, required=True, **{"data-focus": ""})
    first = _text(gettext_lazy("First and middle names"), 60, required=True)
    suffix = _text(gettext_lazy("Suffix"), 10)
    born = DayField(label=gettext_lazy("Birth date"))
    sex = forms.ChoiceField(label=gettext_lazy("Sex on the insurance card"), choices=SEXES, required=False)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False)
    street = _text(gettext_lazy("Street"), 55)
    street2 = _text(gettext_lazy("Apartment, unit"), 55)
    city = _text(gettext_lazy("City"), 30)
    state = forms.ChoiceField(
        label=gettext_lazy("State"), choices=[("", "–"), *((one, one) for one in STATES)], required=False
    )
    postal_code = ZipField(label=gettext_lazy("ZIP code"), required=False)
    record_number = _text(gettext_lazy("Record number (MRN)"), 40)
    deceased = DayField(label=gettext_lazy("Died on"), required=False)

    def clean(self) -> dict[str, Any]:
        """An address is whole or not there."""
        told = super().clean() or self.cleaned_data
        parts = [told.get(name) for name in ("street", "city", "state", "postal_code")]
        if any(parts) and not all(parts):
            for name, part in zip(("street", "city", "state", "postal_code"), parts, strict=True):
                if not part and name not in self.errors:
                    self.add_error(name, _("An address needs this too."))
        if told.get("born") and told.get("deceased") and told["deceased"] < told["born"]:
            self.add_error("deceased", _("This is before the birth date."))
        return told

    def record(self) -> PatientRecord:
        """The patient as filled in; the number under which the chart knows them is set by the action."""
        told = self.cleaned_data
        address = None
        if told["street"]:
            lines = tuple(line for line in (told["street"], told["street2"]) if line)
            address = PostalAddress(lines, told["city"], told["state"], told["postal_code"])
        return PatientRecord(
            id="",
            name=PersonName(told["last"].strip(), tuple(told["first"].split()), told["suffix"].strip()),
            birth_date=told["born"],
            sex=told["sex"] or "U",
            address=address,
            phone=told["phone"],
            medical_record_number=told["record_number"].strip(),
            deceased=told["deceased"],
        )


def told_of(one: PatientRecord) -> dict[str, Any]:
    """The form's fields as the record has them."""
    place = one.address or PostalAddress()
    return {
        "last": one.name.family, "first": " ".join(one.name.given), "suffix": one.name.suffix,
        "born": one.birth_date, "sex": one.sex, "phone": one.phone, "street": place.lines[0] if place.lines else "",
        "street2": ", ".join(place.lines[1:]), "city": place.city, "state": place.state,
        "postal_code": place.postal_code, "record_number": one.medical_record_number, "deceased": one.deceased,
    }  # fmt: skip


class CoverageForm(Form):
    """What covers the patient. Without a payer it is nobody's: who pays themselves has none."""

    payer = forms.ChoiceField(label=gettext_lazy("Payer"), required=False)
    member_id = _text(gettext_lazy("Member number"), 80)
    group_number = _text(gettext_lazy("Group number"), 50)
    relationship = forms.ChoiceField(
        label=gettext_lazy("Patient is to the insured"), choices=RELATIONSHIPS, required=False
    )
    insured_last = _text(gettext_lazy("Insured person’s last name"), 60)
    insured_first = _text(gettext_lazy("First and middle names"), 60)
    insured_born = DayField(label=gettext_lazy("Insured person’s birth date"), required=False)
    starts = DayField(label=gettext_lazy("In force from"), required=False)
    ends = DayField(label=gettext_lazy("Until"), required=False)

    def __init__(self, *given: Any, payers: tuple[PayerEntry, ...] = (), known: str = "", **named: Any) -> None:
        super().__init__(*given, **named)
        self._payers = {one.name: one for one in payers}
        names = [*self._payers, *([known] if known and known not in self._payers else [])]
        field: Any = self.fields["payer"]
        field.choices = [("", _("none: pays without insurance")), *((name, name) for name in names)]

    def clean(self) -> dict[str, Any]:
        """What a payer asks for of a coverage, checked where its rules are known."""
        told = super().clean() or self.cleaned_data
        payer = told.get("payer")
        if not payer:
            if told.get("member_id"):
                self.add_error("payer", _("Choose the payer of this member number."))
            return told
        kind = self._payers[payer].kind if payer in self._payers else ""
        if wrong := wrong_member(kind, told.get("member_id", "")):
            self.add_error("member_id", wrong)
        if kind == "medicare" and told.get("relationship") not in ("", "self"):
            self.add_error("relationship", _("Everybody with Medicare is insured in their own name."))
        if (told.get("relationship") or "self") != "self":
            for name in ("insured_last", "insured_first"):
                if not told.get(name):
                    self.add_error(name, _("Name the person whose insurance it is."))
        if told.get("starts") and told.get("ends") and told["ends"] < told["starts"]:
            self.add_error("ends", _("This is before the first day."))
        return told

    def record(self, before: CoverageRecord | None = None) -> CoverageRecord | None:
        """The coverage as filled in; None without a payer."""
        told = self.cleaned_data
        if not told["payer"]:
            return None
        subscriber = None
        if (told["relationship"] or "self") != "self":
            name = PersonName(told["insured_last"].strip(), tuple(told["insured_first"].split()))
            was = before.subscriber if before else None
            subscriber = SubscriberRecord(
                name=name,
                birth_date=told["insured_born"],
                sex=was.sex if was else "U",
                address=was.address if was else None,
            )
        return CoverageRecord(
            id=before.id if before else "",
            payer=told["payer"],
            member_id=bare(told["member_id"]),
            group_number=told["group_number"].strip(),
            group_name=before.group_name if before else "",
            kind=before.kind if before else "",
            relationship=told["relationship"] or "self",
            subscriber=subscriber,
            period=Period(told["starts"], told["ends"]),
        )


def told_of_coverage(one: CoverageRecord, payer: str) -> dict[str, Any]:
    """The form's fields as the coverage has them."""
    insured = one.subscriber
    return {
        "payer": payer, "member_id": one.member_id, "group_number": one.group_number,
        "relationship": one.relationship,
        "insured_last": insured.name.family if insured else "",
        "insured_first": " ".join(insured.name.given) if insured else "",
        "insured_born": insured.birth_date if insured else None,
        "starts": one.period.start, "ends": one.period.end,
    }  # fmt: skip
