"""Addresses of the coders and their auditors."""

from django.urls import path

from superbill.app.web.coding import asking, audits, bench, books, effects, scores, searching, settling, steps, visits
from superbill.app.web.desk import CHARTS
from superbill.app.web.rooms import Room

ROOM = Room(name="Coding", route="visits", key="c", needs=(CHARTS,))
urlpatterns = [
    path("visits", visits.visits, name="visits"),
    path("visits/bill", visits.bill, name="visits-bill"),
    path("visits/<str:account>", bench.visit, name="visit"),
    path("visits/<str:account>/step", steps.step, name="visit-step"),
    path("visits/<str:account>/release", settling.release_visit, name="visit-release"),
    path("visits/<str:account>/hold", settling.hold_visit, name="visit-hold"),
    path("visits/<str:account>/not-billable", settling.drop_visit, name="visit-drop"),
    path("visits/<str:account>/back", settling.take_visit_back, name="visit-back"),
    path("visits/<str:account>/find", searching.find_code, name="visit-find"),
    path("visits/<str:account>/effects", effects.effects, name="visit-effects"),
    path("visits/<str:account>/procedure", books.procedure, name="visit-procedure"),
    path("visits/<str:account>/codes/<str:slug>/<str:code>", books.code, name="visit-code"),
    path("visits/<str:account>/ask", asking.ask, name="visit-ask"),
    path("visits/<str:account>/queries/<int:number>", asking.query, name="visit-query"),
    path("coding/favourites", books.favourite, name="favourite"),
    path("coding/mine", scores.mine, name="coding-mine"),
    path("coding/lessons", scores.write_lesson, name="lesson-write"),
    path("coding/lessons/<int:note>/read", asking.read_lesson, name="lesson-read"),
    path("coding/audits", audits.all_audits, name="coding-audits"),
    path("coding/scores", scores.scores, name="coding-scores"),
    path("coding/audits/<int:number>", audits.audit, name="coding-audit"),
    path("coding/audits/<int:number>/<str:account>", audits.audit_visit, name="audit-visit"),
    path("coding/audits/<int:number>/<str:account>/step", audits.audit_step, name="audit-step"),
    path("coding/audits/<int:number>/<str:account>/done", audits.audit_done, name="audit-done"),
    path("coding/audits/<int:number>/<str:account>/reconcile", audits.audit_reconcile, name="audit-reconcile"),
]
