"""Claims, their batches, and the files that came back."""

from superbill.app.accounts.permissions import Role
from superbill.app.claims.actions import receive_file
from superbill.app.claims.models import ClaimRow
from tests.app_samples import AT, billed
from tests.web_routes import Listed

ROUTES = {
    "claims": Listed(lacking=Role.CODER, reads="claim"),
    "claims-check": Listed(lacking=Role.POSTER, body={"claim": "0"}, gives=303, page=False),
    "claims-assign": Listed(lacking=Role.CODER, body={"claim": "0", "to": ""}, gives=303, page=False),
    "claims-reassign": Listed(lacking=Role.CODER, body={"claims": "", "to": ""}, gives=303, page=False),
    "claims-note": Listed(lacking=Role.CODER, body={"claim": "0", "text": ""}, gives=303, page=False),
    "claims-send": Listed(lacking=Role.POSTER, body={"payer": "nobody"}, gives=302, page=False),
    "claims-go": Listed(lacking=Role.POSTER, body={"payer": "nobody"}, gives=303, page=False),
    "claims-ready": Listed(lacking=Role.CODER),
    "claims-build": Listed(lacking=Role.POSTER, body={}, gives=302, page=False),
    "claims-check-all": Listed(lacking=Role.POSTER, body={}, gives=302, page=False),
    "claims-receive": Listed(lacking=Role.CODER, body={}, gives=302, page=False),
    "batches": Listed(lacking=Role.CODER),
    "batch": Listed(lacking=Role.CODER, reads="batch"),
    "batch-file": Listed(lacking=Role.CODER, reads="batch", page=False),
    "batch-again": Listed(lacking=Role.POSTER, body={"how": "claims", "reason": ""}, gives=303, page=False),
    "files": Listed(lacking=Role.CODER),
    "file": Listed(lacking=Role.CODER, reads="file"),
    "file-content": Listed(lacking=Role.CODER, reads="file", page=False),
    "file-again": Listed(lacking=Role.CODER, body={}, gives=302, page=False),
    "claim": Listed(lacking=Role.FRONT_DESK, reads="claim"),
    "claim-form": Listed(lacking=Role.FRONT_DESK, reads="claim"),
    "paper": Listed(lacking=Role.CODER, reads="claim", page=False),
    "x12": Listed(lacking=Role.FRONT_DESK, reads="claim"),
    "claim-correct": Listed(lacking=Role.POSTER, reads="claim"),
    "claim-fix": Listed(lacking=Role.POSTER, body={"rule": "none"}, gives=303, page=False),
    "claim-override": Listed(lacking=Role.BILLER, body={"rule": "none", "reason": ""}, gives=303, page=False),
    "claim-void": Listed(lacking=Role.POSTER, reads="claim"),
    "claim-resend": Listed(lacking=Role.POSTER, reads="claim"),
    "claim-inquiries": Listed(lacking=Role.FRONT_DESK, reads="claim"),
    "claim-payers": Listed(lacking=Role.POSTER, reads="claim"),
}


def keys(system, office, _folder):
    """A claim under way in a batch of its own, and a file that came in."""
    (waiting,) = billed(system, charts=1, visits=1, first=70)
    batch = office.rows(ClaimRow).filter(control_number=waiting.control_number).values_list("batch_id", flat=True).get()
    kept = receive_file(system, name="answer.999", content=b"no X12", at=AT)
    number, under_way = office.keys["claim"], (waiting.control_number,)
    decided = ("form", "correct", "fix", "override", "void", "inquiries", "payers")
    files = dict.fromkeys(("file", "file-content", "file-again"), (kept.id,))
    batches = dict.fromkeys(("batch", "batch-file", "batch-again"), (batch,))
    return {**files, **batches, **{f"claim-{name}": number for name in decided}, "claim-resend": under_way}
