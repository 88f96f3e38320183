"""Every environment variable Quarterdeck reads, in one list. `docs/operations.md` documents them; a test compares.

Read without Django, because the supervisor reads them too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    default: str
    meaning: str


VARIABLES = [
    Variable("DATABASE_URL", "", "A PostgreSQL >= 15 to use instead of the embedded one."),
    Variable("QUARTERDECK_DATA", "", "The data directory: database, keys, backups, log."),
    Variable("QUARTERDECK_KEYS", "", "The folder of key files; by default `keys` in the data directory."),
    Variable("QUARTERDECK_HOST", "127.0.0.1", "The address the web process listens on."),
    Variable("QUARTERDECK_PORT", "8300", "The port the web process listens on."),
    Variable("QUARTERDECK_PUBLIC_URL", "", "The https address people use, when a proxy stands in front."),
    Variable(
        "QUARTERDECK_CLOCK", "", "`test` or `demo`: this process may move its clock. Never set for people."
    ),
    Variable(
        "QUARTERDECK_PRIVATE_HOSTS",
        "",
        "Servers of your own that may be called although they stand in a private network: host or host:port, "
        "separated by commas.",
    ),
    Variable(
        "QUARTERDECK_CLAMD", "", "A ClamAV daemon that looks at every file: tcp:host:port or unix:/path."
    ),
    Variable(
        "QUARTERDECK_CLAMD_POLICY",
        "required",
        "`required`: what was not scanned yet is not used; `advised`: only what it found something in.",
    ),
    Variable("QUARTERDECK_VIDEO_MB", "512", "How large a video of the library may be, in MB; at most 1900."),
    Variable("QUARTERDECK_LIBRARY_GB", "5", "How much all files of a workspace may take, in GB."),
    Variable(
        "QUARTERDECK_S3_BUCKET", "", "A bucket that files of the library are moved to; else the database."
    ),
    Variable("QUARTERDECK_S3_ENDPOINT", "", "The address of its S3-compatible service; empty for Amazon S3."),
    Variable("QUARTERDECK_S3_REGION", "us-east-1", "The region of the bucket."),
    Variable("QUARTERDECK_S3_KEY", "", "The name of the key that may use the bucket."),
    Variable("QUARTERDECK_S3_SECRET", "", "The key itself. Keep it out of files that others read."),
    Variable("QUARTERDECK_OIDC", "", "A JSON file that configures OpenID Connect sign-in."),
]

_DEFAULTS = {v.name: v.default for v in VARIABLES}


def get(name: str) -> str:
    """The variable's value or its default. KeyError for a name that is not in the list."""
    return os.environ.get(name) or _DEFAULTS[name]


def default(name: str) -> str:
    """The variable's default. KeyError for a name that is not in the list."""
    return _DEFAULTS[name]


def data_dir() -> Path:
    """The data directory: QUARTERDECK_DATA, else the platform's place for application data."""
    given = get("QUARTERDECK_DATA")
    if given:
        return Path(given).expanduser().absolute()
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/quarterdeck/data")
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "quarterdeck"


def keys_dir() -> Path:
    given = get("QUARTERDECK_KEYS")
    return Path(given).expanduser().absolute() if given else data_dir() / "keys"


def public_url() -> str:
    """The configured public address without a trailing slash, or the empty string."""
    return get("QUARTERDECK_PUBLIC_URL").rstrip("/")


def local_url() -> str:
    """Where a browser on this machine reaches us. localhost, because passkeys refuse an address."""
    return f"http://localhost:{get('QUARTERDECK_PORT')}"


def private_hosts() -> frozenset[str]:
    """The "host" and "host:port" that may be called although they lead to a private or loopback address."""
    given = get("QUARTERDECK_PRIVATE_HOSTS").lower().split(",")
    return frozenset(part.strip() for part in given if part.strip())
