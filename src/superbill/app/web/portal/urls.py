"""Addresses by which the office lets patients in."""

from django.urls import path

from superbill.app.web.portal import office

urlpatterns = [path("patient-pages/<int:guarantor>", office.access, name="portal-access")]
