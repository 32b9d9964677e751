"""Addresses of the accounts."""

from django.urls import path

from superbill.app.web.accounts import acting, cases, smalls, statements, threads, views
from superbill.app.web.desk import CHARTS, LEDGER
from superbill.app.web.rooms import Room

ROOM = Room(name="Accounts", route="accounts", key="a", needs=(CHARTS, LEDGER))
urlpatterns = [
    path("accounts", views.accounts, name="accounts"),
    path("accounts/<int:patient>", views.account, name="account"),
    path("accounts/<int:patient>/journal", views.journal, name="journal"),
    path("accounts/<int:patient>/itemized.pdf", views.itemized, name="itemized"),
    path("accounts/<int:patient>/<slug:deed>", acting.account_deed, name="account-deed"),
    path("guarantors/<int:guarantor>", views.guarantor, name="guarantor"),
    path("guarantors/<int:guarantor>/<slug:deed>", acting.guarantor_deed, name="guarantor-deed"),
    path("entries/undo", acting.entry_undo, name="entry-undo"),
    path("holds/<int:hold>/release", acting.hold_release, name="hold-release"),
    path("approvals", cases.approvals, name="approvals"),
    path("small-balances", smalls.small_list, name="small-balances"),
    path("small-balances/run", smalls.small_run, name="small-balances-run"),
    *(path(f"accounts/{kind}", cases.case_list, {"kind": kind}, name=f"accounts-{kind}") for kind in cases.TITLES),
    path("cases/<str:number>", cases.case, name="case"),
    path("cases/<str:number>/receipt.pdf", cases.receipt_pdf, name="case-receipt"),
    path("cases/<str:number>/<slug:deed>", acting.case_deed, name="case-deed"),
    path("statements", statements.statement_cycle, name="statement-cycle"),
    path("statements/run", statements.statement_run, name="statement-run"),
    path("statements/<int:number>.pdf", statements.statement_pdf, name="statement"),
    path("statements/<int:number>", statements.statement_page, name="statement-page"),
    path("statements/<int:number>/mail", statements.statement_mail, name="statement-mail"),
    path("threads", threads.thread_list, name="threads"),
    path("threads/<int:number>", threads.thread_page, name="thread"),
    path("threads/<int:number>/assign", threads.thread_assign, name="thread-assign"),
]
