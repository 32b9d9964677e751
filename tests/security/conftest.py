"""What these tests share."""

import pytest
from django.conf import settings
from django.contrib.auth.hashers import get_hashers, get_hashers_by_algorithm


@pytest.fixture
def quick_passwords(monkeypatch):
    """Passwords hashed in no time: these tests are about who gets in, not about how long guessing takes."""
    monkeypatch.setattr(settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])
    for kept in (get_hashers, get_hashers_by_algorithm):
        kept.cache_clear()
    yield
    for kept in (get_hashers, get_hashers_by_algorithm):
        kept.cache_clear()
