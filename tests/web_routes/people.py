"""People, their drafts, and emergencies."""

from superbill.app.accounts.actors import actor_with
from superbill.app.accounts.emergencies import begin
from superbill.app.accounts.invitations import invite
from superbill.app.accounts.models import EmergencyAccess, Invitation
from superbill.app.accounts.permissions import Role
from superbill.app.web.desk import now
from tests.web_routes import Listed
from tests.web_samples import member_of

ROUTES = {
    "people": Listed(lacking=Role.MANAGER),
    "person": Listed(lacking=Role.MANAGER),
    "people-invite": Listed(lacking=Role.MANAGER, body={"label": "Zoe", "roles": ["coder"]}, page=False),
    "people-second-step": Listed(lacking=Role.MANAGER, body={"roles": []}, gives=302),
    "invitation-withdraw": Listed(lacking=Role.MANAGER, body={}, gives=302),
    "person-password": Listed(lacking=Role.MANAGER, body={}, page=False),
    "person-change": Listed(lacking=Role.MANAGER, body={"do": "grant", "role": "coder"}, gives=302),
    "emergencies": Listed(lacking=Role.BILLER),
    "emergency-review": Listed(lacking=Role.BILLER, body={}, gives=302),
    "draft": Listed(lacking=None, body={"key": "note", "do": "look"}, gives=204, page=False),
    "emergency": Listed(lacking=None),
    "emergency-end": Listed(lacking=None, body={}, gives=302, page=False),
}


def keys(system, office, folder):
    """One more member, an invitation and an emergency."""
    user = member_of(office.practice, "helper", Role.AUDITOR)
    invite(actor_with("chief", office.practice.pk, Role.ADMINISTRATOR), "Zoe", [Role.CODER], at=now())
    begin(actor_with("helper", office.practice.pk, Role.AUDITOR), user, "the patient is unconscious", at=now())
    return {
        "person": (user.pk,),
        "person-change": (user.pk,),
        "person-password": (user.pk,),
        "invitation-withdraw": (office.rows(Invitation).get().pk,),
        "emergency-review": (office.rows(EmergencyAccess).get().pk,),
    }
