import pytest


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Hashing slowly is what the hasher is for, and is not tested here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
