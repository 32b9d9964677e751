"""Addresses of the people of a practice, for administrators; and of emergency access, for managers too."""

from django.urls import path

from superbill.app.web.manage import people, people_emergencies

urlpatterns = [
    path("people", people.people, name="people"),
    path("people/invite", people.invite, name="people-invite"),
    path("people/second-step", people.second_step, name="people-second-step"),
    path("people/invitations/<int:row_id>/withdraw", people.withdraw, name="invitation-withdraw"),
    path("people/emergencies", people_emergencies.emergencies, name="emergencies"),
    path("people/emergencies/<int:row_id>/review", people_emergencies.review, name="emergency-review"),
    path("people/<int:user_id>", people.person, name="person"),
    path("people/<int:user_id>/password", people.password, name="person-password"),
    path("people/<int:user_id>/change", people.change, name="person-change"),
]
