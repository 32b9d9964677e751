"""Addresses of the audit log."""

from django.urls import path

from superbill.app.web.manage import audit

urlpatterns = [
    path("manage/audit", audit.log, name="audit"),
    path("manage/audit/export", audit.export, name="audit-export"),
    path("manage/audit/check", audit.check, name="audit-check"),
]
