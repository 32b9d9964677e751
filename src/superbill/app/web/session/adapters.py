"""What of django-allauth is ours: nobody signs up by themselves, secrets are kept encrypted, words are our own."""

import base64
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from superbill.app.accounts.second_factors import needs_second_factor
from superbill.app.web.actions import record_session
from superbill.app.web.desk import now

TRIES = _("Too many attempts. Try again in 15 minutes, or ask an administrator.")
NAME = "Superbill"
OWN = ("totp", "webauthn")  # what is a second step by itself; recovery codes only stand in for one


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Names and passwords."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": TRIES,
        "rate_limited": TRIES,
        "incorrect_password": _("That is not your password. Capitals count."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come by invitation."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try by the address that it comes from; django-axes counts those under one name."""
        self._login_failed_rl_usage = ratelimit.consume(request, app="allauth.account", action="address_failed")
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **named: Any) -> HttpResponse:
        """Signed in, second factor and all: noted, and back to where one was going."""
        record_session(user, "sign in", at=now())
        response: HttpResponse = super().post_login(request, user, **named)
        return response

    def send_notification_mail(self, *given: Any, **named: Any) -> None:
        """No mail: what happens to an account stands in the audit trail."""

    def add_message(self, *given: Any, **named: Any) -> None:
        """Pages tell by notices."""


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Authenticator apps, passkeys and recovery codes."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code does not fit. A code of the app is good for half a minute; type the next one."),
        "cannot_delete_authenticator": _("Your role needs a second step. Add another one before you remove this."),
    }

    def encrypt(self, text: str) -> str:
        """A secret as it stands in the database."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret. After a change of the server's key, older ones open by SECRET_KEY_FALLBACKS."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def build_totp_svg(self, url: str) -> str:
        """The picture that an authenticator app reads: SVG, by itself."""
        out = BytesIO()
        segno.make(url, error="m", micro=False).save(out, kind="svg", scale=5, border=4, light="#fff", dark="#000")
        return out.getvalue().decode()

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """Whether what is left is enough for the person's roles."""
        user = authenticator.user
        others = type(authenticator).objects.filter(user=user, type__in=OWN).exclude(pk=authenticator.pk)
        return others.exists() or not needs_second_factor(user)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a passkey belongs to: the name of this host."""
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": NAME}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        """What a passkey is called until its owner names it."""
        from allauth.mfa.models import Authenticator

        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Passkey {number}"


def _box() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret)) for secret in secrets])


def _key(secret: str | bytes) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"superbill second factors").derive(force_bytes(secret))
    return base64.urlsafe_b64encode(made)
