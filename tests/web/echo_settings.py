"""The real settings, with a few addresses that answer what arrived, and a smaller bound for uploads."""

from __future__ import annotations

from quarterdeck.config import bodies
from quarterdeck.config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.web.echo_urls"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
bodies.LARGEST = 4 * 1024 * 1024
bodies.STALLED = 6.0
