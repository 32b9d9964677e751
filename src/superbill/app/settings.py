"""Django's settings. The database is chosen by `boot.connect`; secrets come from the environment, never from here."""

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from superbill.app.places import database_settings

ROOMS = (
    "practices", "accounts", "audit", "patients", "encounters", "coding", "claims", "billing", "remits", "reports",
    "favourites", "rules", "eligibility", "authorizations", "worklists", "guarantors", "deposits", "denials",
    "inquiries", "statements", "threads", "eobs", "portal", "jobs", "web",
)  # fmt: skip

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "django_tasks",
    "django_tasks_db",
    *(f"superbill.app.{room}" for room in ROOMS),
]

AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en-us"
USE_I18N = True
LOCALE_PATHS = [Path(__file__).parent / "web" / "locale"]
FORM_RENDERER = "superbill.app.web.forms.Renderer"
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

# Set from the environment for a server, by `superbill serve` on one machine.
SUPERBILL_PLACE = os.environ.get("SUPERBILL_DB", "superbill.db")
SUPERBILL_SITE = Path(os.environ["SUPERBILL_SITE"]) if "SUPERBILL_SITE" in os.environ else None
SUPERBILL_PARTNER = os.environ.get("SUPERBILL_PARTNER")
SUPERBILL_CARDS = os.environ.get("SUPERBILL_CARDS", "")  # who charges patients' cards: "test" moves no money
SUPERBILL_FILES = Path(os.environ["SUPERBILL_FILES"]) if "SUPERBILL_FILES" in os.environ else None  # of jobs
SUPERBILL_TODAY: date | None = None  # the day of a demo's books; None is the calendar's

# Work that takes longer than a page: a queue in the same database, so that a job is there when its data is.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

ROOT_URLCONF = "superbill.app.web.urls"
# Names by which this machine may be asked. A page of another site that makes its own name point here gets nothing.
ALLOWED_HOSTS = os.environ.get("SUPERBILL_HOSTS", "127.0.0.1 localhost [::1]").split()
HTTPS = os.environ.get("SUPERBILL_HTTPS") == "1"
# How many proxies of ours stand in front; only then is what they say of the client and of TLS believed.
PROXIES = int(os.environ.get("SUPERBILL_PROXY", "0"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None

MIDDLEWARE = [
    "superbill.app.web.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "superbill.app.web.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "superbill.app.web.session.drafts.sent",
    "superbill.app.web.middleware.Refusals",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "superbill.app.web.templatetags.desk"],
            "context_processors": ["superbill.app.web.looks.looks"],
        },
    }
]

# --- people: names and passwords, a second factor, guesses ---------------------------------------------------------

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# A claim of a hundred lines is corrected in one form, and a check of three hundred claims is keyed in one.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000
ACCOUNT_ADAPTER = "superbill.app.web.session.adapters.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# One address may be a whole office: it gets more tries than one name, whose lock axes keeps.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/15m/key", "address_failed": "25/15m/ip"}
MFA_ADAPTER = "superbill.app.web.session.adapters.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_TOTP_ISSUER = "Superbill"
# Who needs a second factor: "all", roles by comma, or "" for nobody. A practice's administrator may ask for more.
SUPERBILL_MFA = os.environ.get("SUPERBILL_MFA", "all" if HTTPS else "")
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "superbill.app.accounts.guesses.name_hash"
AXES_CLIENT_IP_CALLABLE = "superbill.app.accounts.guesses.address"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",  # one memory for all processes: codes used, tries
        "LOCATION": "accounts_cache",
    }
}

SESSION_COOKIE_NAME = "superbill_session"
SESSION_COOKIE_AGE = 30 * 60  # an unattended screen is signed out after half an hour without a request
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "superbill_csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "superbill.app.web.refusals.stale_form"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"no values": {"()": "superbill.app.web.logs.NoValues"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "no values"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "axes": {"handlers": [], "level": "CRITICAL", "propagate": False},  # its messages name people and addresses
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # a 400 that anybody can make
    },
}
