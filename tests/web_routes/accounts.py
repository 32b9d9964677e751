"""Accounts."""

from superbill.app.accounts.permissions import Role
from superbill.app.billing.actions import PaymentFacts, take_payment
from superbill.app.guarantors.models import Guarantee
from superbill.app.statements.actions import hold
from superbill.app.statements.models import HoldKind
from superbill.app.threads.actions import open_thread
from superbill.app.threads.models import Topic
from tests.app_samples import AT
from tests.web_routes import Listed

_PATIENT = {"lacking": Role.CODER, "reads": "patient"}

ROUTES = {
    "accounts": Listed(**_PATIENT),
    "account": Listed(**_PATIENT),
    "journal": Listed(lacking=Role.ADMINISTRATOR, reads="patient"),
    "itemized": Listed(lacking=Role.CODER, reads="patient", page=False),
    "account-deed": Listed(lacking=Role.BILLER, reads="patient", body={"amount": "1"}, gives=422),
    "guarantor": Listed(**_PATIENT),
    "guarantor-deed": Listed(lacking=Role.CODER, reads="patient", body={}, gives=422),
    "entry-undo": Listed(lacking=Role.CODER, body={"entry": "none"}, gives=303),
    "hold-release": Listed(lacking=Role.BILLER, body={"why": "over"}, gives=302),
    "approvals": Listed(lacking=Role.CODER),
    "small-balances": Listed(lacking=Role.BILLER),
    "small-balances-run": Listed(lacking=Role.BILLER, body={"do": "run"}, gives=302),
    "accounts-plans": Listed(lacking=Role.CODER),
    "accounts-placements": Listed(lacking=Role.CODER),
    "accounts-refunds": Listed(lacking=Role.CODER),
    "accounts-write-offs": Listed(lacking=Role.CODER),
    "case": Listed(**_PATIENT),
    "case-receipt": Listed(lacking=Role.CODER, reads="patient", page=False),
    "case-deed": Listed(lacking=Role.BILLER, reads="patient", body={}, gives=422),
    "statement-cycle": Listed(lacking=Role.CODER),
    "statement-run": Listed(lacking=Role.BILLER, body={"kind": "statements"}, gives=302),
    "statement": Listed(lacking=Role.CODER, reads="patient", page=False),
    "statement-page": Listed(**_PATIENT),
    "statement-mail": Listed(lacking=Role.CODER, body={"did": "returned", "reason": "moved"}, gives=303),
    "threads": Listed(**_PATIENT),
    "thread": Listed(**_PATIENT),
    "thread-assign": Listed(lacking=Role.ADMINISTRATOR, body={"to": ""}, gives=302),
}


def keys(system, office, _folder):
    """A guarantor with a hold, a receipt and a matter."""
    patient = office.keys["account"][0]
    row = office.rows(Guarantee)
    guarantor = row.filter(patient_id=patient).values_list("guarantor_id", flat=True)[0]
    taken = take_payment(system, 1_00, PaymentFacts(method="cash", patients=(patient,)), "k1", AT.date(), at=AT)
    held = hold(system, HoldKind.OTHER, since=AT.date(), reason="asked", guarantor=guarantor, at=AT)
    matter = open_thread(system, Topic.QUESTION, "Why do I owe this?", on=AT.date(), guarantor=guarantor, at=AT)
    return {
        "itemized": (patient,),
        "account-deed": (patient, "payment"),
        "guarantor": (guarantor,),
        "guarantor-deed": (guarantor, "thread"),
        "hold-release": (held[0],),
        "case": (taken.receipt,),
        "case-receipt": (taken.receipt,),
        "case-deed": (taken.receipt, "void"),
        "statement-page": office.keys["statement"],
        "statement-mail": office.keys["statement"],
        "thread": (matter,),
        "thread-assign": (matter,),
    }
