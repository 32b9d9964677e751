"""Addresses outside of any room. Routes with a name like `mfa_…` are allauth's, at our addresses, with our pages."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.urls import path, reverse_lazy

from superbill.app.web.session import drafts, emergency, joining, passwords, security, views

HERE = "web/session"
_done = reverse_lazy("mfa_index")

urlpatterns = [
    path("", views.home, name="home"),
    path("sign-in", views.sign_in, name="account_login"),
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("still-here", views.still_here, name="still-here"),
    path("looks", views.looks, name="looks"),
    path("p/<str:practice>/", views.first_room, name="practice"),
    path("p/<str:practice>/draft", drafts.draft_of, name="draft"),
    path("p/<str:practice>/emergency", emergency.emergency, name="emergency"),
    path("p/<str:practice>/emergency/end", emergency.emergency_end, name="emergency-end"),
    path("join/<str:token>", joining.join, name="join"),
    path("new-password/<str:token>", passwords.new_password, name="new-password"),
    path("sign-in/second-step", security.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey", security.PasskeyAlone.as_view(), name="mfa_login_webauthn"),
    path(
        "sign-in/again",
        account.ReauthenticateView.as_view(template_name=f"{HERE}/again.html"),
        name="account_reauthenticate",
    ),
    path(
        "sign-in/again/code",
        mfa.ReauthenticateView.as_view(template_name=f"{HERE}/again.html"),
        name="mfa_reauthenticate",
    ),
    path("sign-in/again/passkey", security.PasskeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("security", security.Index.as_view(), name="mfa_index"),
    path("security/password", security.ChangePassword.as_view(), name="account_change_password"),
    path("security/sign-out-everywhere", security.sign_out_everywhere, name="sign-out-everywhere"),
    path("security/app", security.AddApp.as_view(), name="mfa_activate_totp"),
    path("security/app/picture.svg", security.picture, name="mfa-picture"),
    path(
        "security/app/remove",
        totp.DeactivateTOTPView.as_view(template_name=f"{HERE}/remove.html"),
        name="mfa_deactivate_totp",
    ),
    path(
        "security/codes",
        codes.ViewRecoveryCodesView.as_view(template_name=f"{HERE}/codes.html"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "security/codes/new",
        codes.GenerateRecoveryCodesView.as_view(template_name=f"{HERE}/new_codes.html"),
        name="mfa_generate_recovery_codes",
    ),
    path("security/passkeys/add", security.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path(
        "security/passkeys/<int:pk>/remove",
        security.RemovePasskey.as_view(template_name=f"{HERE}/remove.html", success_url=_done),
        name="mfa_remove_webauthn",
    ),
]
