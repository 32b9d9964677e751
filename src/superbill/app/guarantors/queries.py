"""Who pays for a patient on a day, for whom somebody pays, and where their mail goes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.db.models import Q
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.documents import decoded
from superbill.app.guarantors.deriving import Guaranteed, Party, in_force
from superbill.app.guarantors.models import Guarantee, Guarantor
from superbill.app.patients.models import PatientRow
from superbill.app.rows import found
from superbill.chart.model import Chart, PersonName, PostalAddress


class Contact(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where to reach a guarantor, as a person corrected it; None and "" leave what the papers say."""

    address: PostalAddress | None = None
    phone: str = ""
    email: str = ""


class GuarantorCard(Struct, frozen=True, kw_only=True):
    """A guarantor as envelopes and screens show them. `patient` is their own row as a patient, None for others."""

    id: int
    kind: str
    name: PersonName
    patient: int | None = None
    birth_date: date | None = None
    address: PostalAddress | None = None
    phone: str = ""
    email: str = ""

    @property
    def addressee(self) -> str:
        """The name on the envelope."""
        name = " ".join(part for part in (*self.name.given[:1], self.name.family, self.name.suffix) if part)
        return f"Parent or guardian of {name}" if self.kind == "guardian" else name

    @property
    def mailable(self) -> bool:
        """Whether a letter can be addressed."""
        place = self.address
        return place is not None and bool(place.lines and place.city and place.postal_code)


def guarantor_of(scope: Scope, patients: Iterable[int], on: date) -> dict[int, int]:
    """Guarantor (row id) by patient (row id): who pays for what is done on `on`. A patient of another practice has
    none."""
    return payers_on(stored_terms(scope, patients), on)


def payers_on(terms: Mapping[int, Sequence[Guaranteed]], day: date) -> dict[int, int]:
    """The same from the terms of each patient."""
    return {patient: one.guarantor for patient, told in terms.items() if (one := in_force(told, day))}


def guarantors_by_day(scope: Scope, wanted: Iterable[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """Guarantor by (patient, day of service): a child's old bills stay with who signed when the child is of age."""
    pairs = set(wanted)
    stored = stored_terms(scope, {patient for patient, _ in pairs})
    return {(patient, day): one.guarantor for patient, day in pairs if (one := in_force(stored.get(patient, ()), day))}


def patients_of(scope: Scope, guarantor: int, on: date) -> list[int]:
    """Patients (row ids, in order) for whose services on `on` the guarantor pays."""
    named = scope.rows(Guarantee).filter(guarantor_id=guarantor, replaced__isnull=True)
    patients = set(named.values_list("patient_id", flat=True))
    return sorted(patient for patient, payer in guarantor_of(scope, patients, on).items() if payer == guarantor)


def patients_ever_of(scope: Scope, guarantor: int) -> list[int]:
    """Patients (row ids, in order) for whom the guarantor pays or paid on any day."""
    named = scope.rows(Guarantee).filter(guarantor_id=guarantor, replaced__isnull=True)
    return sorted(set(named.values_list("patient_id", flat=True)))


def stored_terms(scope: Scope, patients: Iterable[int]) -> dict[int, list[Guaranteed]]:
    """The terms of these patients that nothing replaced, by patient."""
    stored: dict[int, list[Guaranteed]] = {}
    for patient, *told in found(scope, Guarantee, "patient_id", patients, *_TERM, replaced=None):
        stored.setdefault(patient, []).append(_term(*told))
    return stored


_TERM = ("patient_id", "guarantor_id", "basis", "since", "until", "decided", "id")


def _term(guarantor: int, basis: str, since: date | None, until: date | None, decided: bool, row_id: int) -> Guaranteed:
    return Guaranteed(guarantor=guarantor, basis=basis, since=since, until=until, decided=decided, id=row_id)


class WhoPays(Struct, frozen=True):
    """Who pays for some patients: the terms of each that nothing replaced, and the own charts of those guarantors who
    are patients here themselves, by guarantor."""

    terms: Mapping[int, Sequence[Guaranteed]]
    charts: Mapping[int, Chart]


def who_pays(scope: Scope, patients: Iterable[int]) -> WhoPays:
    """Who pays for these patients (row ids), and what their own charts say: one statement."""
    scope.must_read(PatientRow)
    terms: dict[int, list[Guaranteed]] = {}
    docs: dict[int, tuple[int, str]] = {}
    columns = (*_TERM, "guarantor__patient_id", "guarantor__patient__doc")
    for patient, *told, own, doc in found(scope, Guarantee, "patient_id", patients, *columns, replaced=None):
        terms.setdefault(patient, []).append(_term(*told))
        if own is not None:
            docs[told[0]] = (own, doc)
    charts = {guarantor: decoded(doc, Chart, f"patient {own}") for guarantor, (own, doc) in docs.items()}
    return WhoPays(terms, charts)


def own_charts(scope: Scope, guarantors: Iterable[int]) -> dict[int, Chart]:
    """The charts of those guarantors who are patients here, by guarantor (row id): one statement."""
    scope.must_read(PatientRow)
    rows = found(scope, Guarantor, "id", guarantors, "id", "patient_id", "patient__doc")
    return {row_id: decoded(doc, Chart, f"patient {own}") for row_id, own, doc in rows if own is not None}


def cards(scope: Scope, guarantors: Iterable[int]) -> dict[int, GuarantorCard]:
    """Guarantors by row id, with the corrections of people."""
    rows = found(scope, Guarantor, "id", guarantors, "id", "patient_id", "doc", "corrected")
    return {row_id: _card(row_id, patient, doc, corrected) for row_id, patient, doc, corrected in rows}


def guarantors_named(scope: Scope, name: str = "", limit: int = 50) -> list[GuarantorCard]:
    """Guarantors whose family name begins with `name`, by name."""
    rows = scope.rows(Guarantor).filter(family__istartswith=name, merged_into=None)
    rows = rows.order_by("family", "given", "id")[:limit]
    return [_card(row.pk, row.patient_id, row.doc, row.corrected) for row in rows]


def guarantor_id(scope: Scope, name: str) -> int | None:
    """The guarantor of this row id ("12"), or who the patient with this chart id is; None for nobody. After a merge,
    who they turned out to be."""
    own = Q(pk=int(name)) if name.isdecimal() and len(name) < 18 else Q(patient__source_id=name)
    row = scope.rows(Guarantor).filter(own).values_list("merged_into_id", "id").first()
    return (row[0] or row[1]) if row else None


class Term(Struct, frozen=True, kw_only=True):
    """One row of a patient's history of guarantors, with who said so and why."""

    guarantor: int
    basis: str
    since: date | None
    until: date | None
    decided: bool
    reason: str
    actor: str
    on: date
    replaced: bool


def history(scope: Scope, patient: int) -> list[Term]:
    """Every term of a patient, replaced ones included, in the order in which they were said."""
    return [
        Term(
            guarantor=row.guarantor_id, basis=row.basis, since=row.since, until=row.until, decided=row.decided,
            reason=row.reason, actor=row.actor, on=row.at.date(), replaced=row.replaced is not None,
        )
        for row in scope.rows(Guarantee).filter(patient_id=patient).order_by("id")
    ]  # fmt: skip


def _card(row_id: int, patient: int | None, doc: str, corrected: str) -> GuarantorCard:
    party = decoded(doc, Party, f"guarantor {row_id}")
    contact = decoded(corrected, Contact, f"guarantor {row_id}") if corrected else Contact()
    return GuarantorCard(
        id=row_id,
        kind=party.kind,
        name=party.name,
        patient=patient,
        birth_date=party.birth_date,
        address=contact.address or party.address,
        phone=contact.phone or party.phone,
        email=contact.email or party.email,
    )
