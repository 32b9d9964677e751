"""Django's settings. The database is chosen by `boot.connect`; secrets come from the environment, never from here."""

import os
from pathlib import Path
from typing import Any

from superbill.app.places import database_settings

ROOMS = ("practices", "accounts", "audit", "patients", "encounters", "claims", "billing", "remits", "reports")

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
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
