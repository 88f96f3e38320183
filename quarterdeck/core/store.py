"""Settings of the whole installation, by key. Secrets are sealed with the installation key before they are stored."""

from __future__ import annotations

import hmac
from typing import Any

from quarterdeck.core import env, secrets
from quarterdeck.core.models import Setting
from quarterdeck.core.verbs import intake

_KEY_CHECK = "installation.key_check"


def get(key: str, default: Any = None) -> Any:
    """The JSON value stored under `key`, or `default` when there is none."""
    found = Setting.objects.filter(pk=key).values_list("value", flat=True).first()
    return default if found is None else found


@intake
def put(key: str, value: Any) -> None:
    """Store a JSON value (None removes it) under `key`, replacing what was there."""
    Setting.objects.update_or_create(pk=key, defaults={"value": value})


@intake
def put_secret(key: str, secret: str) -> None:
    """Seal and store a secret under `key`; the empty string removes it."""
    sealed = secrets.seal(secret.encode(), context=_context(key)) if secret else None
    Setting.objects.update_or_create(pk=key, defaults={"sealed": sealed})


def get_secret(key: str) -> str | None:
    """The secret stored under `key`, or None. secrets.KeyProblem when it was sealed with another key file."""
    sealed = Setting.objects.filter(pk=key).values_list("sealed", flat=True).first()
    return None if sealed is None else secrets.unseal(bytes(sealed), context=_context(key)).decode()


def has_secret(key: str) -> bool:
    """Whether a secret is stored under `key`; it is not opened."""
    return Setting.objects.filter(pk=key, sealed__isnull=False).exists()


def _context(key: str) -> str:
    return f"core.setting:{key}"


@intake
def hold_to_key() -> None:
    """On the very first start remember which key file belongs to this data; ever after insist on that one.

    secrets.KeyProblem when the key file is another: secrets could not be opened and nobody could sign in.
    """
    mine = secrets.derive("key check", 16).hex()
    known, made = Setting.objects.get_or_create(pk=_KEY_CHECK, defaults={"value": mine})
    if not made and not hmac.compare_digest(str(known.value), mine):
        path = env.keys_dir() / secrets.KEY_FILE
        raise secrets.KeyProblem(
            f"The key file {path} does not belong to this data: it was sealed with another. "
            "Nothing was changed. Put back the key file that was saved with this data."
        )
