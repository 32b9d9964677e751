"""Every address. Nothing in one tells of a patient: account, claim and statement numbers, and row ids."""

from django.urls import include, path

from superbill.app.web import health, refusals
from superbill.app.web.portal.my import urlpatterns as of_patients
from superbill.app.web.rooms import addresses
from superbill.app.web.session.urls import urlpatterns as of_session

urlpatterns = [
    *of_session,
    *of_patients,
    path("healthy", health.healthy, name="healthy"),
    path("p/<str:practice>/", include(addresses())),
]

handler404 = refusals.not_here
handler500 = refusals.broken
handler400 = refusals.bad_request
handler403 = refusals.forbidden
