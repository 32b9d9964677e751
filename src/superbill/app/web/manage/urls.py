"""Addresses of the managers: figures, receivables, payers, providers, rules, contracts, users, audit."""

from django.urls import path

from superbill.app.web.manage import audit_urls, contracts, figures, first, payers, practice, receivables, rules
from superbill.app.web.manage.people_urls import urlpatterns as of_people
from superbill.app.web.rooms import Room

ROOM = Room(name="Manage", route="manage", key="m", any_of=tuple(screen.needs for screen in first.SCREENS))
urlpatterns = [
    *audit_urls.urlpatterns,
    path("manage", first.manage, name="manage"),
    path("manage/figures", figures.figures, name="figures"),
    path("manage/figures/<slug:key>", figures.figure, name="figure"),
    path("manage/figures/<slug:key>/cases", figures.cases, name="cases"),
    path("manage/receivables", receivables.receivables, name="receivables"),
    path("manage/receivables/lines", receivables.lines, name="receivables-lines"),
    path("manage/payers", payers.payers, name="scorecards"),
    path("manage/providers", payers.providers, name="productivity"),
    path("manage/rules", rules.rules, name="rules"),
    path("manage/rules/packs/<str:name>", rules.pack, name="pack"),
    path("manage/rules/try", rules.attempt_pack, name="pack-replay"),
    path("manage/contracts", contracts.contracts, name="contracts"),
    path("manage/contracts/<str:key>", contracts.contract, name="contract"),
    path("manage/practice", practice.practice_facts, name="practice-facts"),
    *of_people,
]
