"""Patients' pages, and by whom patients are let in. Who gets which of the patients' own is in test_portal_access."""

from superbill.app.accounts.permissions import Role
from superbill.app.statements.models import Statement
from tests.web_routes import Listed


def keys(_system, office, _folder):
    """A guarantor who has a statement."""
    return {"portal-access": (office.rows(Statement).values_list("guarantor_id", flat=True).first(),)}


ROUTES = {"portal-access": Listed(lacking=Role.CODER, reads="guarantor")}

# Addresses outside every practice. The keys of an address are those of one's own: "" for what has none, else what it
# is a number of. Pages that are open to anybody know nothing of a practice.
OPEN = {"my-sign-in", "my-start", "my-start-birth-date", "my-start-password"}
PATIENTS = {
    **dict.fromkeys(OPEN, ""),
    "my-home": "", "my-sign-out": "", "my-bill": "", "my-why": "line", "my-help": "", "my-pay": "", "my-pay-card": "",
    "my-paid": "label", "my-plan": "", "my-plan-agree": "months", "my-questions": "", "my-ask": "",
    "my-question": "thread", "my-papers": "", "my-bill-pdf": "statement", "my-receipt-pdf": "receipt",
    "my-itemized-pdf": "patient", "my-details": "", "my-hear": "",
}  # fmt: skip
