"""Addresses of Today."""

from django.urls import path

from superbill.app.accounts.permissions import Permission
from superbill.app.web.rooms import Room
from superbill.app.web.today import acts, figures, saved, views

ROOM = Room(name="Today", route="today", key="t", needs=(Permission.WORK_TASKS,))
urlpatterns = [
    path("today", views.today, name="today"),
    path("today/figures", figures.figures, name="today-figures"),
    path("today/act", acts.act, name="today-act"),
    path("today/refresh", acts.bring_up, name="today-refresh"),
    path("today/filters", saved.save, name="today-filter"),
    path("today/filters/counts", saved.counts, name="today-filter-counts"),
    path("today/filters/<int:number>/forget", saved.forget, name="today-filter-forget"),
    path("today/<int:item>", views.task, name="task"),
]
