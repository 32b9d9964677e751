"""Every column that says whose a row is, and what a merge of two patients does with it.

A test reads the models of all rooms: a new column that names a patient or a guarantor fails until it stands here.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from django.db.models import Model, Q
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.authorizations.models import AuthorizationRow
from superbill.app.billing.models import (
    Approval,
    ChargeLine,
    PaymentPlan,
    Placement,
    Posting,
    Receipt,
    Refund,
)
from superbill.app.billing.parties import guarantor_party, patient_party
from superbill.app.eligibility.models import CoverageCheck, EligibilityRow, EstimateRow
from superbill.app.encounters.models import EncounterRow
from superbill.app.guarantors.models import Guarantee, Guarantor
from superbill.app.patients.models import CardImage, PatientKey, PatientMerge, PatientRow, PatientVersion
from superbill.app.portal.models import PortalAccount, PortalInvitation
from superbill.app.reports.models import Spell
from superbill.app.statements.models import Consent, Hold, Statement, StatementPatient
from superbill.app.threads.models import Thread
from superbill.app.worklists.models import WorkItem


class Of(StrEnum):
    """Whom a column names, and how: by row id, or as postings name who pays."""

    PATIENT = "patient"
    GUARANTOR = "guarantor"
    PATIENT_PARTY = "patient party"
    GUARANTOR_PARTY = "guarantor party"


class Key(Struct, frozen=True, kw_only=True):
    """A column that moves with a merge. `word` is what people call the rows; `but` leaves rows out that stay."""

    model: type[Model]
    column: str
    of: Of = Of.PATIENT
    word: str = ""
    but: Callable[[Scope, int, int], Q] | None = None

    @property
    def name(self) -> str:
        """Under which the merge keeps what it moved."""
        return f"{self.model._meta.label}.{self.column}"

    def value(self, row_id: int) -> int | str:
        """How the column names the patient or guarantor of this row id."""
        return _VALUES[self.of](row_id)

    def rows(self, scope: Scope, row_id: int) -> Any:
        """The rows that name them."""
        return scope.rows(self.model).filter(**{self.column: self.value(row_id)})

    def moving(self, scope: Scope, gone: int, kept: int) -> Any:
        """The rows of `gone` that a merge into `kept` moves."""
        rows = self.rows(scope, gone)
        return rows.filter(self.but(scope, gone, kept)) if self.but else rows


_VALUES: Mapping[Of, Callable[[int], int | str]] = {
    Of.PATIENT: int, Of.GUARANTOR: int, Of.PATIENT_PARTY: patient_party, Of.GUARANTOR_PARTY: guarantor_party,
}  # fmt: skip


def _decided(_scope: Scope, _gone: int, _kept: int) -> Q:
    """What charts tell of who pays is derived anew; what a person decided goes with the patient."""
    return Q(decided=True, replaced__isnull=True)


def _of_standing(_scope: Scope, _gone: int, _kept: int) -> Q:
    """Who paid for a record that is gone is told by the record that it turned out to be."""
    return Q(patient__merged_into__isnull=True)


def _not_agreed_twice(scope: Scope, _gone: int, kept: int) -> Q:
    """A channel to which the one who stays agreed has their consent; the other one stays on record."""
    agreed = scope.rows(Consent).filter(guarantor_id=kept, withdrawn__isnull=True)
    return ~Q(withdrawn__isnull=True, channel__in=list(agreed.values_list("channel", flat=True)))


# Under the words of TABLES older merges keep what they moved: they stay as they are.
TABLES: dict[str, type[Model]] = {
    "visits": EncounterRow, "ledger lines": ChargeLine, "coverage checks": CoverageCheck, "estimates": EstimateRow,
    "card pictures": CardImage, "receipts": Receipt, "refunds": Refund, "approvals": Approval,
    "payment plans": PaymentPlan, "placements": Placement,
}  # fmt: skip
CASES: tuple[type[Model], ...] = (Receipt, Refund, Approval, PaymentPlan, Placement)

OF_PATIENT: tuple[Key, ...] = (
    *(Key(model=model, column="patient_id", word=word) for word, model in TABLES.items()),
    *(Key(model=model, column="party", of=Of.PATIENT_PARTY) for model in CASES),
    Key(model=Guarantee, column="patient_id", word="decisions who pays", but=_decided),
    Key(model=WorkItem, column="patient", word="tasks"),
    Key(model=PatientRow, column="merged_into_id", word="records merged into it before"),
)
OF_GUARANTOR: tuple[Key, ...] = (
    Key(model=Guarantee, column="guarantor_id", of=Of.GUARANTOR, but=_of_standing),
    Key(model=Hold, column="guarantor_id", of=Of.GUARANTOR, word="holds"),
    Key(model=Consent, column="guarantor_id", of=Of.GUARANTOR, word="consents", but=_not_agreed_twice),
    Key(model=Thread, column="guarantor_id", of=Of.GUARANTOR, word="threads"),
    Key(model=PortalInvitation, column="guarantor_id", of=Of.GUARANTOR, word="invitations to the patient pages"),
    Key(model=PortalAccount, column="guarantor_id", of=Of.GUARANTOR, word="log-ins to the patient pages"),
    *(Key(model=model, column="party", of=Of.GUARANTOR_PARTY) for model in CASES),
    Key(model=Guarantor, column="merged_into_id", of=Of.GUARANTOR),
)
MOVING = {key.name: key for key in (*OF_PATIENT, *OF_GUARANTOR)}

# What keeps its key, and why nothing is lost by it.
STAYING: dict[tuple[type[Model], str], str] = {
    (AuthorizationRow, "patient"): "only ever added to: what counts is read under both records",
    (EligibilityRow, "patient"): "only ever added to: answers are read under both records",
    (Statement, "guarantor"): "as it was sent: read under both guarantors",
    (StatementPatient, "patient"): "as it was sent: read under both records",
    (Posting, "payer"): "the journal is never changed: money on account goes over by a transfer",
    (Guarantor, "patient"): "who was the guarantor of the record that is gone points to the other",
    (PatientVersion, "patient"): "the history of the record",
    (PatientKey, "patient"): "derived: the record that stays is found by the words of both",
    (PatientMerge, "kept"): "tells of the merge itself",
    (PatientMerge, "gone"): "tells of the merge itself",
    (Spell, "patient_id"): "derived: follows its line",
}
