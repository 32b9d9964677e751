"""The history of coding: a row for every time that a visit was read, coded, decided on or coded again for an audit;
and the audits: which codings were drawn, by which seed, and what a second coder made of them."""

from enum import StrEnum

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of
from superbill.app.encounters.models import EncounterRow


class Purpose(StrEnum):
    """Why a visit was coded: suggested by the program from its note; coded for billing; decided by a person; coded a
    second time by another, who doesn't see the first."""

    SUGGESTED = "suggested"
    CODED = "coded"
    DECIDED = "decided"
    SECOND = "second"


class CodingRow(PracticeRow):
    """One coding of one visit. `doc` is a coding.history.Record as JSON; `number` counts the visit's codings from 1.

    Rows are only ever added; the database refuses anything else.
    """

    reads = Permission.READ_CHARTS

    encounter = models.ForeignKey(EncounterRow, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    purpose = models.CharField(max_length=16, choices=choices(Purpose))
    coder = models.CharField(max_length=150)
    at = models.DateTimeField()
    release = models.CharField(max_length=64, default="")
    doc = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "encounter", "number"], name="coding_once"),
            one_of("purpose", Purpose, "coding_purpose"),
        ]
        indexes = [
            models.Index(fields=["practice", "at"], name="coding_by_time"),
            models.Index(fields=["practice", "coder"], name="coding_by_coder"),
        ]

    def __str__(self) -> str:
        return f"{self.encounter_id} {self.number} {self.purpose}"


class AuditRow(PracticeRow):
    """A sample of codings to be coded again. `doc` is the coding.audit.model.Plan that draws it anew, as JSON; `drawn`
    how many were taken of the `known` that could have been. Rows are only ever added."""

    reads = Permission.AUDIT_CODING

    number = models.IntegerField()
    auditor = models.CharField(max_length=150)
    at = models.DateTimeField()
    known = models.IntegerField()
    drawn = models.IntegerField()
    doc = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="coding_audit_once")]

    def __str__(self) -> str:
        return f"audit {self.number}"


class AuditItemRow(PracticeRow):
    """One coding of a sample; no coding is in two. `doc` is a coding.audit.model.Drawn as JSON: why it was likelier
    than others to be drawn. Rows are only ever added."""

    reads = Permission.AUDIT_CODING

    audit = models.ForeignKey(AuditRow, on_delete=models.PROTECT, related_name="+")
    encounter = models.ForeignKey(EncounterRow, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(CodingRow, on_delete=models.PROTECT, related_name="+")
    doc = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "first"], name="coding_audited_once"),
            models.UniqueConstraint(fields=["audit", "encounter"], name="coding_audit_visit_once"),
        ]

    def __str__(self) -> str:
        return f"{self.audit_id} {self.encounter_id}"


class AuditStep(StrEnum):
    """What was done with a sampled visit: coded blindly a second time; reconciled, which closes it."""

    SECOND = "second"
    RECONCILED = "reconciled"


class AuditStepRow(PracticeRow):
    """A step of a sampled visit, each taken once. `doc` is a coding.deciding.Final as JSON: the second coder's codes,
    then the codes that stand in the end. Rows are only ever added."""

    reads = Permission.AUDIT_CODING

    item = models.ForeignKey(AuditItemRow, on_delete=models.PROTECT, related_name="+")
    step = models.CharField(max_length=16, choices=choices(AuditStep))
    auditor = models.CharField(max_length=150)
    at = models.DateTimeField()
    doc = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "step"], name="coding_audit_step_once"),
            one_of("step", AuditStep, "coding_audit_step"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.step}"


class DraftStepRow(PracticeRow):
    """One step of a coding under way. `doc` is an edits.Edit as JSON; the draft is what all steps make of what was
    offered. `item` is a sampled visit's row id for a blind second coding, 0 for the visit's own coding; `number` counts
    from 1. Rows are only ever added."""

    reads = Permission.READ_CHARTS

    encounter = models.ForeignKey(EncounterRow, on_delete=models.PROTECT, related_name="+")
    item = models.BigIntegerField(default=0)
    base = models.IntegerField()
    number = models.IntegerField()
    coder = models.CharField(max_length=150)
    at = models.DateTimeField()
    doc = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "encounter", "item", "base", "number"], name="draft_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.encounter_id} step {self.number}"


class QueryState(StrEnum):
    """`asked` waits for the provider, `answered` for the coder; `closed` is settled."""

    ASKED = "asked"
    ANSWERED = "answered"
    CLOSED = "closed"


class ProviderQueryRow(PracticeRow):
    """A question for the provider about one visit. `doc` is a coding.suggest Query as JSON: the words that were sent,
    and the spans that raised it."""

    reads = Permission.READ_CHARTS

    encounter = models.ForeignKey(EncounterRow, on_delete=models.PROTECT, related_name="+")
    number = models.IntegerField()
    provider = models.CharField(max_length=150)
    asked_by = models.CharField(max_length=150)
    asked = models.DateTimeField()
    state = models.CharField(max_length=16, choices=choices(QueryState), default=QueryState.ASKED.value)
    state_since = models.DateTimeField()
    doc = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "encounter", "number"], name="provider_query_once"),
            one_of("state", QueryState, "provider_query_state"),
        ]
        indexes = [models.Index(fields=["practice", "state", "state_since"], name="provider_query_by_state")]

    def __str__(self) -> str:
        return f"query {self.number} of {self.encounter_id}"


class ProviderMessageRow(PracticeRow):
    """What was said in a query after it was asked: `side` provider or coder. Rows are only ever added."""

    reads = Permission.READ_CHARTS

    query = models.ForeignKey(ProviderQueryRow, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=16)
    author = models.CharField(max_length=150)
    at = models.DateTimeField()
    text = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["query", "id"], name="provider_message_of_query")]

    def __str__(self) -> str:
        return f"{self.side} on {self.query_id}"


class EducationRow(PracticeRow):
    """What an auditor writes to a coder after an audit, and when the coder has read it."""

    reads = Permission.READ_CHARTS

    coder = models.CharField(max_length=150)
    audit = models.IntegerField()
    encounter = models.ForeignKey(EncounterRow, null=True, on_delete=models.PROTECT, related_name="+")
    author = models.CharField(max_length=150)
    at = models.DateTimeField()
    text = models.TextField()
    acknowledged = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["practice", "coder", "id"], name="education_of_coder")]

    def __str__(self) -> str:
        return f"education {self.pk}"
