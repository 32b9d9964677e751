"""Addresses of the denials."""

from django.urls import path

from superbill.app.web.denials import views, work
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER
from superbill.app.web.rooms import Room

ROOM = Room(name="Denials", route="denials", key="d", needs=(CHARTS, CLAIMS, LEDGER))
urlpatterns = [
    path("denials", views.denials, name="denials"),
    path("denials/chosen", work.chosen, name="denials-chosen"),
    path("denials/prevention", views.denial_prevention, name="denial-prevention"),
    path("denials/<str:number>", views.denial_page, name="denial"),
    path("denials/<str:number>/correct", work.correct, name="denial-correct"),
    path("denials/<str:number>/appeal", work.appeal, name="denial-appeal"),
    path("denials/<str:number>/decide", work.decide, name="denial-decide"),
    path("denials/<str:number>/write-off", work.write_off, name="denial-write-off"),
    path("denials/<str:number>/bill-patient", work.bill, name="denial-bill"),
    path("denials/<str:number>/note", work.tell_about, name="denial-tell"),
    path("denials/<str:number>/snooze", work.put_off, name="denial-snooze"),
    path("appeals", views.appeal_list, name="appeals"),
    path("appeals/<int:step>.pdf", views.appeal_letter, name="appeal-letter"),
]
