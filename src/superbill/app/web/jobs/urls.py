"""Addresses of jobs. They are of no room: one finds them in the person's menu."""

from django.urls import path

from superbill.app.web.jobs import views

urlpatterns = [
    path("jobs", views.jobs, name="jobs"),
    path("jobs/start", views.start, name="job-start"),
    path("jobs/<int:job>", views.job, name="job"),
    path("jobs/<int:job>/stop", views.stop, name="job-stop"),
    path("jobs/<int:job>/again", views.again, name="job-again"),
    path("jobs/<int:job>/file", views.file, name="job-file"),
]
