"""Django's settings. What an installation may set is in `core/env.py`; the rest is decided here."""

from __future__ import annotations

import hashlib
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from quarterdeck.core import env, secrets
from quarterdeck.crew import oidc

PACKAGE = Path(__file__).resolve().parent.parent

secrets.ensure_installation_key()
SECRET_KEY = secrets.derive("django", 48).hex()
# Cookies ignore ports: two installations on one machine need names of their own.
INSTALLATION_MARK = hashlib.sha256(SECRET_KEY.encode()).hexdigest()[:8]

DEBUG = False
ALLOWED_HOSTS = ["*"]  # shell.hosts decides which names are ours, with words instead of a bare 400

INSTALLED_APPS = [
    "quarterdeck.core",
    "quarterdeck.ledger",
    "quarterdeck.live",
    "quarterdeck.crew",
    "quarterdeck.shell",
    "quarterdeck.channels",
    "quarterdeck.studio",
    "quarterdeck.strategy",
    "quarterdeck.publishing",
    "quarterdeck.ideas",
    "quarterdeck.review",
    "quarterdeck.planning",
    "quarterdeck.exchange",
    "quarterdeck.changes",
    "quarterdeck.accountability",
    "quarterdeck.lessons",
    "quarterdeck.stakeholders",
    "quarterdeck.consent",
    "quarterdeck.leadership",
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
    "quarterdeck.shell.middleware.Headers",
    "quarterdeck.shell.hosts.Hosts",
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
    "quarterdeck.shell.middleware.Shell",
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
                "quarterdeck.shell.frame.context",
                "quarterdeck.crew.context.sign_in",
            ],
        },
    }
]

# --- database ---------------------------------------------------------------------------------------


_TESTING = env.get("QUARTERDECK_CLOCK") == "test"  # a pool would keep the test database from being dropped


def _database() -> dict:
    given = conninfo_to_dict(env.get("DATABASE_URL")) if env.get("DATABASE_URL") else {}
    options = {k: v for k, v in given.items() if k not in {"host", "port", "user", "password", "dbname"}}
    # Debian's PostgreSQL compiles a query that it takes for a costly one: half a second of it for one of ours that
    # finds three rows. What the address says of options comes after this, and so prevails.
    options["options"] = f"-c jit=off {options.get('options', '')}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "USER": given.get("user", ""),
        "PASSWORD": given.get("password", ""),
        "NAME": given.get("dbname", "quarterdeck"),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,  # a restarted database is noticed by the pool, not by a person
        "OPTIONS": options
        if _TESTING
        else options | {"pool": {"min_size": 1, "max_size": 24, "timeout": 10}},
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
    "staticfiles": {"BACKEND": "quarterdeck.shell.storage.HashedStatic"},
}
if _TESTING:  # straight from the rooms, without collecting
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = env.data_dir() / "media"

# --- cookies and browsers ---------------------------------------------------------------------------

SESSION_COOKIE_NAME = f"qd_{INSTALLATION_MARK}_session"
CSRF_COOKIE_NAME = f"qd_{INSTALLATION_MARK}_csrf"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Never Secure here: shell.hosts makes every cookie Secure that is set over https, and only those.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "quarterdeck.shell.refusals.csrf_failed"

# --- people: sign-in (crew) -------------------------------------------------------------------------

AUTH_USER_MODEL = "crew.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator")
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
EMAIL_BACKEND = "quarterdeck.crew.mail.Backend"  # the server the installation's owner set up on its page

ACCOUNT_ADAPTER = "quarterdeck.crew.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "quarterdeck.crew.allauth_forms.SignIn",
    "reset_password": "quarterdeck.crew.allauth_forms.ForgottenPassword",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = [
    "email*",
    "password1*",
]  # signing up is closed; without a password allauth mails codes
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation by link vouches for the person; mail may not be set up
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # to change how one signs in, unless one just signed in
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
# Its rate limits count REMOTE_ADDR: the person, also behind a proxy, because config/asgi.py decides who asks and
# takes the forwarding headers off.

MFA_ADAPTER = "quarterdeck.crew.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {"add_webauthn": "quarterdeck.crew.allauth_forms.AddPasskey"}
MFA_TOTP_ISSUER = "Quarterdeck"
MFA_TOTP_TOLERANCE = 1  # telephones and servers disagree by up to half a minute

SOCIALACCOUNT_ADAPTER = "quarterdeck.crew.adapters.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS = oidc.providers(env.get("QUARTERDECK_OIDC"))
FORM_ACTION_ORIGINS = oidc.origins(SOCIALACCOUNT_PROVIDERS)  # where a sign-in form may be redirected to

# --- jobs -------------------------------------------------------------------------------------------

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
