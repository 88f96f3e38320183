"""Sign-in with a company's own accounts (OpenID Connect), configured by the JSON file that QUARTERDECK_OIDC
names. Read before Django is set up, so nothing here imports models.

    {"providers": [{"id": "company", "name": "Company account", "server_url": "https://login.example.org",
                    "client_id": "…", "client_secret": "…", "trust_email": false}]}

`trust_email` lets somebody who signs in there for the first time into the account with the same verified
e-mail. Leave it false unless the provider verifies addresses and belongs to you.
The redirect address to register there is <public address>/account/oidc/<id>/login/callback/.
"""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_NEEDED = ("id", "name", "server_url", "client_id", "client_secret")
_OPEN = 0o026  # anybody may read or write, or the group may write
_KNOWN = {*_NEEDED, "trust_email", "sign_in_origin"}


class OidcProblem(ImproperlyConfigured):
    """The file cannot be used; the words say why and never hold its secret."""


def providers(path: str) -> dict[str, Any]:
    """allauth's SOCIALACCOUNT_PROVIDERS from the file at `path`; empty when no file is named.

    OidcProblem, in words, for a file that is missing, open to others, no JSON, or incomplete.
    """
    if not path:
        return {}
    place = Path(path).expanduser()
    try:
        mode = stat.S_IMODE(place.stat().st_mode)
        listed = json.loads(place.read_text())["providers"]
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise OidcProblem(f"The OpenID Connect file {path} cannot be used: {wrong!r}.") from None
    if mode & _OPEN:
        raise OidcProblem(
            f"The OpenID Connect file {path} holds a secret, and other accounts can read or change it (mode "
            f"{mode:04o}). Close it with chmod 600 {path} (640 when the service reads it by its group)."
        )
    if not isinstance(listed, list) or not listed:
        raise OidcProblem(f"The OpenID Connect file {path} lists no providers.")
    apps = [_app(one, path) for one in listed]
    if len({app["provider_id"] for app in apps}) < len(apps):
        raise OidcProblem(f"The OpenID Connect file {path} uses an id twice.")
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


def origins(configured: dict[str, Any]) -> list[str]:
    """The origins a sign-in form is redirected to: the content security policy has to name them.

    A provider whose sign-in page stands at another origin than its server_url names that in `sign_in_origin`.
    """
    apps = configured.get("openid_connect", {}).get("APPS", [])
    return sorted({origin for app in apps for origin in app["settings"]["origins"]})


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _app(one: Any, path: str) -> dict[str, Any]:
    if not isinstance(one, dict):
        raise OidcProblem(f"Each provider in {path} is an object with {', '.join(_NEEDED)}.")
    missing = [key for key in _NEEDED if not isinstance(one.get(key), str) or not one[key]]
    unknown = sorted(set(one) - _KNOWN)
    if missing or unknown:
        wrong = [f"lacks {key}" for key in missing] + [f"has an unknown key {key}" for key in unknown]
        raise OidcProblem(f"A provider in {path} {', '.join(wrong)}.")
    if not re.fullmatch(r"[a-z0-9-]{1,40}", one["id"]):
        raise OidcProblem(f"The id “{one['id']}” in {path} may have a-z, 0-9 and hyphens only.")
    if not re.match(r"https://|http://(localhost|127\.0\.0\.1)(:\d+)?(/|$)", one["server_url"]):
        raise OidcProblem(f"The server_url of “{one['id']}” in {path} must begin with https://.")
    return {
        "provider_id": one["id"],
        "name": one["name"],
        "client_id": one["client_id"],
        "secret": one["client_secret"],
        "settings": {
            "server_url": one["server_url"],
            "email_authentication": bool(one.get("trust_email")),
            "origins": [_origin(url) for url in (one["server_url"], one.get("sign_in_origin")) if url],
        },
    }
