"""What was done, by whom, when. Rows are only ever added; the database refuses anything else."""

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow


class AuditEvent(PracticeRow):
    """One action. `subject` names a row by kind and id; `detail` has counts and row ids, nothing of a patient.

    `number` counts from 1 in the practice; `hash` is of the event and of `previous`, the hash of the one before it
    (`chain`).
    """

    reads = Permission.READ_AUDIT

    number = models.BigIntegerField()
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=64)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    detail = models.TextField(default="")
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="audit_number")]
        indexes = [
            models.Index(fields=["practice", "at"], name="audit_by_time"),
            models.Index(fields=["practice", "subject_kind", "subject_id"], name="audit_by_subject"),
            models.Index(fields=["practice", "actor", "number"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action} {self.subject_kind} {self.subject_id or ''}"
