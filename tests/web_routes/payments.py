"""Payments."""

from superbill.app.accounts.permissions import Role
from superbill.app.billing.actions import PaymentFacts, take_payment
from superbill.app.claims.actions import receive_file
from superbill.app.deposits.actions import make_deposit, take_in_statement
from superbill.app.deposits.models import BankLineRow
from superbill.app.eobs.actions import start_eob
from superbill.app.remits.actions import accept_remittance, post_remittance
from superbill.app.remits.models import RemittanceClaimRow
from superbill.app.remits.queries import provider_balances
from superbill.remits.paper import PaperRemittance
from tests.app_samples import AT, TODAY, answer, claim, paid_line, remittance
from tests.bank_books import statement
from tests.remits_at_work import forward
from tests.web_routes import Listed

_DAY = (TODAY, 80_00, "CHECK 4711")
ROUTES = {
    "payments": Listed(lacking=Role.FRONT_DESK),
    "payment": Listed(lacking=Role.CODER, reads="claim"),
    "payment-journal": Listed(lacking=Role.CODER, reads="claim"),
    "payment-files": Listed(lacking=Role.FRONT_DESK),
    "payment-file": Listed(lacking=Role.CODER),
    "payment-file-post": Listed(lacking=Role.BILLER, body={"payment": "all"}, gives=302, page=False),
    "payment-drop": Listed(lacking=Role.BILLER, body={}, gives=302, page=False),
    "payment-accept": Listed(lacking=Role.BILLER, body={}, gives=303, page=False),
    "payment-dismiss": Listed(lacking=Role.BILLER, body={"why": ""}, gives=422, reads="claim", page=False),
    "exceptions": Listed(lacking=Role.FRONT_DESK),
    "answer": Listed(lacking=Role.CODER, reads="claim"),
    "provider-level": Listed(lacking=Role.FRONT_DESK),
    "provider-balance": Listed(lacking=Role.FRONT_DESK),
    "eobs": Listed(lacking=Role.FRONT_DESK),
    "eob": Listed(lacking=Role.CODER, reads="claim"),
    "receipts": Listed(lacking=Role.CODER, reads="patient"),
    "receipt": Listed(lacking=Role.CODER, reads="patient"),
    "take-payment": Listed(lacking=Role.BILLER, reads="patient"),
    "on-account": Listed(lacking=Role.BILLER, body={"deed": "apply"}, gives=302, page=False),
    "deposits": Listed(lacking=Role.CODER),
    "deposit": Listed(lacking=Role.CODER, reads="deposit"),
    "deposit-ticket": Listed(lacking=Role.CODER, reads="deposit", page=False),
    "bank": Listed(lacking=Role.CODER),
    "bank-lines": Listed(lacking=Role.CODER),
    "bank-line": Listed(lacking=Role.CODER),
    "bank-matches": Listed(lacking=Role.CODER),
    "closing": Listed(lacking=Role.CODER),
    "receipt-pdf": Listed(lacking=Role.CODER, reads="patient", page=False),
    "payment-undo": Listed(lacking=Role.BILLER, reads="claim"),
}


def keys(system, office, folder):
    """A file, an answer without a claim, a forwarded balance, a paper, a receipt in a deposit, a line of the bank."""
    (patient,) = office.keys["account"]
    stray = claim("ZPOST", (50_00,))
    told = answer(stray, paid_line(stray.lines[0], 50_00), number="PCN9")
    held = post_remittance(system, remittance("POSTER-T9", told, plb=(forward(-5_00),)), payer_key="one", at=AT)
    accept_remittance(system, held.id, at=AT)
    (payment,) = office.keys["payment"]
    file = receive_file(system, name="one.835", content=b"ISA", kind="835", at=AT)
    paper = PaperRemittance(payer="one", check_number="POSTER-1", on=TODAY, amount=10_00)
    facts = PaymentFacts(method="cash", patients=(patient,))
    taken = take_payment(system, 10_00, facts, "poster-room", TODAY, at=AT)
    deposit = make_deposit(system, [taken.receipt], TODAY, at=AT)
    take_in_statement(system, b"bank", "bank.csv", statement(_DAY), at=AT)
    receipt = (int(taken.receipt[1:]),)
    return {
        **dict.fromkeys(("payment-journal", "payment-undo", "payment-accept", "payment-dismiss"), (payment,)),
        **dict.fromkeys(("payment-file", "payment-file-post"), (file.id,)),
        "answer": (office.rows(RemittanceClaimRow).get(control_number="ZPOSTP1").pk,),
        "provider-balance": (provider_balances(system.scope)[0].entry,),
        "eob": (start_eob(system, paper, at=AT),),
        **dict.fromkeys(("receipt", "receipt-pdf"), receipt),
        **dict.fromkeys(("take-payment", "on-account"), (patient,)),
        **dict.fromkeys(("deposit", "deposit-ticket"), (deposit.number,)),
        "bank-line": (office.rows(BankLineRow).latest("id").pk,),
    }
