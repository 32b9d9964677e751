"""Addresses of the payments."""

from django.urls import path

from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER
from superbill.app.web.payments import answers, balances, bank, closing, deposits, eobs, files, receipts, views
from superbill.app.web.rooms import Room

ROOM = Room(name="Payments", route="payments", key="p", needs=(CHARTS, CLAIMS, LEDGER))
urlpatterns = [
    path("payments", views.payments, name="payments"),
    path("payments/<int:row_id>", views.payment, name="payment"),
    path("payments/<int:row_id>/journal", views.journal, name="payment-journal"),
    path("payments/<int:row_id>/undo", views.undo, name="payment-undo"),
    path("payments/<int:row_id>/accept", views.accept, name="payment-accept"),
    path("payments/<int:row_id>/dismiss", views.dismiss, name="payment-dismiss"),
    path("payments/drop", files.drop, name="payment-drop"),
    path("payments/files", files.files, name="payment-files"),
    path("payments/files/<int:row_id>", files.file, name="payment-file"),
    path("payments/files/<int:row_id>/post", files.file_post, name="payment-file-post"),
    path("payments/exceptions", answers.exceptions, name="exceptions"),
    path("payments/answers/<int:row_id>", answers.answer, name="answer"),
    path("payments/balances", balances.balances, name="provider-level"),
    path("payments/balances/<int:row_id>", balances.balance, name="provider-balance"),
    path("payments/paper", eobs.papers, name="eobs"),
    path("payments/paper/<int:row_id>", eobs.paper, name="eob"),
    path("payments/receipts", receipts.receipts, name="receipts"),
    path("payments/receipts/<int:number>", receipts.receipt, name="receipt"),
    path("payments/receipts/<int:number>.pdf", receipts.receipt_pdf, name="receipt-pdf"),
    path("payments/take/<int:row_id>", receipts.take, name="take-payment"),
    path("payments/account/<int:row_id>", receipts.on_account, name="on-account"),
    path("payments/deposits", deposits.deposits, name="deposits"),
    path("payments/deposits/<int:number>", deposits.deposit, name="deposit"),
    path("payments/deposits/<int:number>.pdf", deposits.deposit_ticket, name="deposit-ticket"),
    path("payments/bank", bank.bank, name="bank"),
    path("payments/bank/lines", bank.lines, name="bank-lines"),
    path("payments/bank/lines/<int:row_id>", bank.line, name="bank-line"),
    path("payments/bank/matches", bank.matches, name="bank-matches"),
    path("payments/close", closing.closing, name="closing"),
]
