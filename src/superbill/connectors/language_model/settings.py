"""How a language model is reached, and what it may be told."""

import os
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct

_LOCAL = ("localhost", "127.0.0.1", "::1")


class SettingsError(ValueError):
    """Settings that can't work or that would send a chart in the clear. The message says which and what to do."""


class Settings(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One endpoint. Without `url` nothing is ever sent.

    `url`: up to and without /chat/completions, e.g. http://127.0.0.1:8080/v1. `key_from`: the environment variable
    that holds the key; the key itself is nowhere else. `send`: "evidence" for the sentences that hold the evidence,
    redacted; "note" for the whole note as it is, which the practice must have agreed on with whoever runs the endpoint
    (45 CFR 164.504(e)). `timeout`: seconds for one try. `tries` in all, `wait` seconds before the second, then doubled.
    """

    url: str = ""
    model: str = ""
    key_from: str = "SUPERBILL_LANGUAGE_MODEL_KEY"
    send: Literal["evidence", "note"] = "evidence"
    timeout: float = 30.0
    tries: int = 3
    wait: float = 1.0
    most_bytes: int = 1_000_000

    @property
    def on(self) -> bool:
        """Is there anyone to ask?"""
        return bool(self.url)

    def key(self) -> str:
        """The key of the endpoint, "" for one that needs none."""
        return os.environ.get(self.key_from, "") if self.key_from else ""


def check(settings: Settings) -> None:
    """Raises SettingsError: no address, another protocol than HTTP, or plain HTTP to another machine."""
    try:
        parts = urlsplit(settings.url)
        host, _ = parts.hostname, parts.port
    except ValueError as reason:
        raise SettingsError(f"the address of the language model can't be read: {reason}") from None
    if parts.scheme not in ("http", "https") or not host:
        raise SettingsError("the address of the language model must begin with https:// (or http:// on this machine)")
    if parts.username or parts.password:
        raise SettingsError("the address holds a password; name the environment variable of the key in key_from")
    if parts.scheme == "http" and host not in _LOCAL:
        raise SettingsError(f"{host} would get parts of a chart unencrypted; use https://")
    if not settings.model:
        raise SettingsError("the name of the model is missing")
    if settings.timeout <= 0 or settings.tries < 1 or settings.wait < 0:
        raise SettingsError("timeout must be above 0, tries at least 1, wait 0 or more")
