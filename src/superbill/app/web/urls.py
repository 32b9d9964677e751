"""Every address. Nothing in one tells of a patient: account, claim and statement numbers, and row ids."""

from django.urls import path

from superbill.app.web.views import accounts, claims, find, payments, refusals, session, today, visits

urlpatterns = [
    path("", session.home, name="home"),
    path("sign-in", session.sign_in, name="sign-in"),
    path("sign-out", session.sign_out, name="sign-out"),
    path("static/<str:mark>/<str:name>", session.static, name="static"),
    path("p/<str:practice>/", session.first_room, name="practice"),
    path("p/<str:practice>/find", find.find, name="find"),
    path("p/<str:practice>/today", today.today, name="today"),
    path("p/<str:practice>/visits", visits.visits, name="visits"),
    path("p/<str:practice>/visits/<str:account>", visits.visit, name="visit"),
    path("p/<str:practice>/claims", claims.claims, name="claims"),
    path("p/<str:practice>/claims/<str:number>", claims.claim, name="claim"),
    path("p/<str:practice>/claims/<str:number>/form.pdf", claims.paper, name="paper"),
    path("p/<str:practice>/claims/<str:number>/837", claims.x12, name="x12"),
    path("p/<str:practice>/payments", payments.payments, name="payments"),
    path("p/<str:practice>/payments/<int:row_id>", payments.payment, name="payment"),
    path("p/<str:practice>/accounts", accounts.accounts, name="accounts"),
    path("p/<str:practice>/accounts/<int:patient>", accounts.account, name="account"),
    path("p/<str:practice>/accounts/<int:patient>/journal", accounts.journal, name="journal"),
    path("p/<str:practice>/statements/<int:number>.pdf", accounts.statement_pdf, name="statement"),
]

handler404 = refusals.not_here
handler500 = refusals.broken
handler400 = refusals.bad_request
handler403 = refusals.forbidden
