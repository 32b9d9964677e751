"""One's own security: password, authenticator app, passkeys, recovery codes, and every session ended at once.

The views are allauth's, with our pages; whatever changes is noted in every practice where the person has a role.
"""

from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.account.signals import password_changed
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth import logout
from django.core.exceptions import SuspiciousOperation
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from superbill.app.accounts.actions import end_sessions
from superbill.app.accounts.models import User
from superbill.app.accounts.second_factors import has_second_factor, needs_second_factor
from superbill.app.web.actions import record_session
from superbill.app.web.desk import now
from superbill.app.web.notices import tell, told

SECRET = "mfa.totp.secret"  # noqa: S105  # where allauth keeps, in the session, the secret that is being set up


class Index(mfa.IndexView):  # type: ignore[misc]  # allauth has no types
    """What this person signs in with."""

    template_name = "web/session/security.html"

    def get_context_data(self, **named: Any) -> dict[str, Any]:
        """With whether more is needed, and what was just done."""
        user = self.request.user
        more = {"needed": needs_second_factor(user), "there": has_second_factor(user), "notices": told(self.request)}
        return {**super().get_context_data(**named), **more}


class AddApp(totp.ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """An authenticator app: the picture, the secret in letters, and the first code."""

    template_name = "web/session/add_app.html"


class _Passkey:
    """What a browser says of a passkey is read by libraries that trip over what no browser sends: a bad request."""

    def post(self, request: HttpRequest, *given: Any, **named: Any) -> HttpResponse:
        """As allauth's, but never a failure of ours."""
        try:
            answer: HttpResponse = super().post(request, *given, **named)  # type: ignore[misc]  # mixed into a view
        except (AttributeError, KeyError):
            raise SuspiciousOperation from None
        return answer


class AddPasskey(_Passkey, passkeys.AddWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """A passkey of this machine, a phone or a key on the ring."""

    template_name = "web/session/add_passkey.html"


class SecondStep(_Passkey, mfa.AuthenticateView):  # type: ignore[misc]  # allauth has no types
    """A code or a passkey, after the password."""

    template_name = "web/session/second_step.html"


class PasskeyAlone(_Passkey, passkeys.LoginWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """A passkey in place of name and password."""


class PasskeyAgain(_Passkey, passkeys.ReauthenticateWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """A passkey before anything about signing in is changed."""

    template_name = "web/session/again.html"


class RemovePasskey(passkeys.RemoveWebAuthnView):  # type: ignore[misc]  # allauth has no types
    """One passkey less, where enough is left for the person's roles."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or say why not."""
        if not get_adapter().can_delete_authenticator(self.object):
            tell(
                self.request, _("Your role needs a second step. Add another one before you remove this."), trouble=True
            )
            return redirect("mfa_index")
        answer: HttpResponse = super().form_valid(form)
        return answer


class ChangePassword(account.PasswordChangeView):  # type: ignore[misc]  # allauth has no types
    """A new password. Every other session ends."""

    template_name = "web/session/password.html"
    success_url = reverse_lazy("mfa_index")


@require_safe
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]  # allauth has no types
def picture(request: HttpRequest) -> HttpResponse:
    """What the authenticator app reads with its camera, while one sets it up."""
    secret = request.session.get(SECRET)
    if not secret:
        raise Http404
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(drawn, content_type="image/svg+xml")


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session of this person, this one too."""
    assert isinstance(request.user, User)
    record_session(request.user, "sign out everywhere", at=now())
    end_sessions(request.user)
    logout(request)
    return redirect("sign-in")


@receiver(authenticator_added)
def _added(request: HttpRequest, user: User, authenticator: Authenticator, **_named: Any) -> None:
    _note(request, user, "add second factor", _("Added: %(what)s."), authenticator)


@receiver(authenticator_removed)
def _removed(request: HttpRequest, user: User, authenticator: Authenticator, **_named: Any) -> None:
    _note(request, user, "remove second factor", _("Removed: %(what)s."), authenticator)


@receiver(authenticator_reset)
def _reset(request: HttpRequest, user: User, authenticator: Authenticator, **_named: Any) -> None:
    _note(request, user, "renew recovery codes", _("New: %(what)s. The old ones no longer work."), authenticator)


@receiver(password_changed)
def _changed(request: HttpRequest, user: User, **_named: Any) -> None:
    record_session(user, "change password", at=now())
    tell(request, _("Your password is changed. Other sessions of yours have ended."))


def _note(request: HttpRequest, user: User, event: str, said: str, authenticator: Authenticator) -> None:
    names = {"totp": _("authenticator app"), "webauthn": _("passkey"), "recovery_codes": _("recovery codes")}
    record_session(user, event, at=now(), kind=authenticator.type)
    if event != "add second factor" or authenticator.type != Authenticator.Type.RECOVERY_CODES:
        tell(request, said % {"what": names[authenticator.type]})
