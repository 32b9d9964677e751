"""Addresses of the register."""

from django.urls import path

from superbill.app.web.desk import CHARTS
from superbill.app.web.register import (
    authorizations,
    benefits,
    bringing,
    coverages,
    estimates,
    find,
    granting,
    merging,
    patient,
    paying,
    registering,
    visiting,
)
from superbill.app.web.rooms import Room

ROOM = Room(name="Register", route="register", key="r", needs=(CHARTS,))
urlpatterns = [
    path("find", find.find, name="find"),
    path("register", find.front, name="register"),
    path("register/new", registering.new, name="register-new"),
    path("register/<int:patient>", patient.patient, name="patient"),
    path("register/<int:patient>/edit", patient.edit, name="patient-edit"),
    path("register/<int:patient>/record", patient.record, name="record"),
    path("register/<int:patient>/coverages", coverages.coverages, name="coverages"),
    path("register/<int:patient>/coverages/new", coverages.new, name="coverage-new"),
    path("register/<int:patient>/coverages/order", coverages.order, name="coverage-order"),
    path("register/<int:patient>/coverages/<int:order>", coverages.edit, name="coverage"),
    path("register/<int:patient>/coverages/<int:order>/card", coverages.picture, name="card-keep"),
    path("register/<int:patient>/benefits", benefits.benefits, name="benefits"),
    path("register/<int:patient>/estimates", estimates.listed, name="estimates"),
    path("register/<int:patient>/authorizations", authorizations.listed, name="authorizations"),
    path("register/<int:patient>/authorizations/withdraw", authorizations.withdraw, name="authorization-withdraw"),
    path("register/<int:patient>/payment", paying.copay, name="copay"),
    path("register/<int:patient>/visits/new", visiting.new, name="visit-new"),
    path("register/<int:patient>/merge/<int:other>", merging.merge, name="merge"),
    path("merges/<int:merge>/undo", merging.undo, name="merge-undo"),
    path("checks/<int:check>", benefits.files, name="check-files"),
    path("authorizations/import", granting.take_in, name="authorizations-import"),
    path("visits/<str:account>/edit", visiting.edit, name="visit-edit"),
    path("charts/import", bringing.bring_in, name="charts-import"),
    path("charts/<int:drop_id>", bringing.dropped, name="chart-drop"),
    path("charts/<int:drop_id>/bring", bringing.bring, name="chart-bring"),
    path("charts/<int:drop_id>/discard", bringing.discard, name="chart-discard"),
    path("charts/notes/<int:file_id>", bringing.note, name="chart-note"),
    path("visits-ahead", benefits.ahead, name="visits-ahead"),
    path("estimates/<int:number>.pdf", estimates.printed, name="estimate-pdf"),
    path("receipts/<int:number>.pdf", paying.receipt_pdf, name="desk-receipt"),
    path("cards/<int:card_id>.jpg", coverages.image, name="card"),
]
