"""Addresses of the claims."""

from django.urls import path

from superbill.app.web.claims import chosen, correcting, files, forms, page, sending, steps, views
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER
from superbill.app.web.rooms import Room

ROOM = Room(name="Claims", route="claims", key="b", needs=(CHARTS, CLAIMS, LEDGER))
urlpatterns = [
    path("claims", views.claims, name="claims"),
    path("claims/chosen/check", chosen.check_again, name="claims-check"),
    path("claims/chosen/assign", chosen.assign, name="claims-assign"),
    path("claims/chosen/reassign", chosen.reassign, name="claims-reassign"),
    path("claims/chosen/note", chosen.note, name="claims-note"),
    path("claims/send", sending.confirm, name="claims-send"),
    path("claims/send/now", sending.send, name="claims-go"),
    path("claims/ready", sending.ready, name="claims-ready"),
    path("claims/ready/build", sending.build, name="claims-build"),
    path("claims/ready/check", sending.check_all, name="claims-check-all"),
    path("claims/receive", sending.receive, name="claims-receive"),
    path("batches", files.batches, name="batches"),
    path("batches/<int:number>", files.batch, name="batch"),
    path("batches/<int:number>/file", files.batch_file, name="batch-file"),
    path("batches/<int:number>/again", files.batch_again, name="batch-again"),
    path("files", files.files, name="files"),
    path("files/<int:number>", files.file, name="file"),
    path("files/<int:number>/content", files.file_content, name="file-content"),
    path("files/<int:number>/again", files.file_again, name="file-again"),
    path("claims/<str:number>", page.claim, name="claim"),
    path("claims/<str:number>/form", forms.form, name="claim-form"),
    path("claims/<str:number>/form.pdf", forms.paper, name="paper"),
    path("claims/<str:number>/837", forms.x12, name="x12"),
    path("claims/<str:number>/correct", correcting.correct, name="claim-correct"),
    path("claims/<str:number>/fix", page.fix, name="claim-fix"),
    path("claims/<str:number>/override", page.override, name="claim-override"),
    path("claims/<str:number>/void", steps.void, name="claim-void"),
    path("claims/<str:number>/resend", steps.send_again, name="claim-resend"),
    path("claims/<str:number>/inquiries", steps.inquiries, name="claim-inquiries"),
    path("claims/<str:number>/payers", steps.payer_order, name="claim-payers"),
]
