"""Django's settings. The database is chosen by `boot.connect`; secrets come from the environment, never from here."""

import os
from pathlib import Path
from typing import Any

from superbill.app.places import database_settings

ROOMS = (
    "practices", "accounts", "audit", "patients", "encounters", "coding", "claims", "billing", "remits", "reports",
    "favourites", "rules", "eligibility", "authorizations", "worklists", "guarantors", "deposits", "denials",
    "inquiries", "statements", "threads", "eobs", "web",
)  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    *(f"superbill.app.{room}" for room in ROOMS),
]

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
USE_I18N = False
DEBUG = False


def _secret() -> str:
    """The key that signs sessions: SUPERBILL_SECRET_KEY, or the file that SUPERBILL_SECRET_KEY_FILE names.

    Empty without either: Django then refuses to sign anything; `boot.secret_key` makes a key for a local server.
    """
    file = os.environ.get("SUPERBILL_SECRET_KEY_FILE")
    return Path(file).read_text("ascii").strip() if file else os.environ.get("SUPERBILL_SECRET_KEY", "")


SECRET_KEY = _secret()

DATABASES: dict[str, dict[str, Any]] = {"default": database_settings(os.environ.get("SUPERBILL_DB", "superbill.db"))}

# --- the pages -----------------------------------------------------------------------------------------------------

ROOT_URLCONF = "superbill.app.web.urls"
# Names by which this machine may be asked. A page of another site that makes its own name point here gets nothing.
ALLOWED_HOSTS = os.environ.get("SUPERBILL_HOSTS", "127.0.0.1 localhost [::1]").split()
HTTPS = os.environ.get("SUPERBILL_HTTPS") == "1"

MIDDLEWARE = [
    "superbill.app.web.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "superbill.app.web.middleware.Refusals",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"builtins": ["superbill.app.web.templatetags.desk"]},
    }
]

LOGIN_URL = "sign-in"
SESSION_COOKIE_NAME = "superbill_session"
SESSION_COOKIE_AGE = 30 * 60  # an unattended screen is signed out after half an hour without a request
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "superbill_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "superbill.app.web.views.refusals.stale_form"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"no values": {"()": "superbill.app.web.logs.NoValues"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "no values"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # a 400 that anybody can make
    },
}
