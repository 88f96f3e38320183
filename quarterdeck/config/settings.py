"""Django's settings. What an installation may set is in `core/env.py`; the rest is decided here."""

from __future__ import annotations

import hashlib
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from quarterdeck.core import env, secrets

PACKAGE = Path(__file__).resolve().parent.parent

secrets.ensure_installation_key()
SECRET_KEY = secrets.derive("django", 48).hex()
# Cookies ignore ports: two installations on one machine need names of their own.
INSTALLATION_MARK = hashlib.sha256(SECRET_KEY.encode()).hexdigest()[:8]

DEBUG = False
ALLOWED_HOSTS = ["*"]  # crew.reach decides which names are ours, with words instead of a bare 400

INSTALLED_APPS = [
    "quarterdeck.core",
    "quarterdeck.ledger",
    "quarterdeck.live",
    "quarterdeck.crew",
    "quarterdeck.shell",
    "quarterdeck.channels",
    "quarterdeck.publishing",
    "quarterdeck.desk",
    "quarterdeck.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    # crew: sign-in
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    # jobs that carry no guarantee
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "quarterdeck.config.urls"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- database ---------------------------------------------------------------------------------------


_TESTING = env.get("QUARTERDECK_CLOCK") == "test"  # a pool would keep the test database from being dropped


def _database() -> dict:
    given = conninfo_to_dict(env.get("DATABASE_URL")) if env.get("DATABASE_URL") else {}
    options = {k: v for k, v in given.items() if k not in {"host", "port", "user", "password", "dbname"}}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "USER": given.get("user", ""),
        "PASSWORD": given.get("password", ""),
        "NAME": given.get("dbname", "quarterdeck"),
        "CONN_MAX_AGE": 0,
        "OPTIONS": options if _TESTING else options | {"pool": {"min_size": 1, "max_size": 24, "timeout": 10}},
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"

# --- time and language ------------------------------------------------------------------------------

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True

# --- static files -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = env.data_dir() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = env.data_dir() / "media"

# --- cookies and browsers ---------------------------------------------------------------------------

SESSION_COOKIE_NAME = f"qd_{INSTALLATION_MARK}_session"
CSRF_COOKIE_NAME = f"qd_{INSTALLATION_MARK}_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.public_url().startswith("https://")
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_TRUSTED_ORIGINS = [env.public_url()] if env.public_url() else []

# --- people: sign-in (crew) -------------------------------------------------------------------------

AUTH_USER_MODEL = "crew.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

# --- jobs -------------------------------------------------------------------------------------------

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
