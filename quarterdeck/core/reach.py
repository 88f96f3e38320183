"""The address people elsewhere use: where it is kept, and whether it was ever seen to lead here.

Until a test has passed, every copied link says that it works only on this machine. The test: whoever asks
`<public address>/reach/<nonce>` must get this installation's mark of that nonce, HMAC-SHA256 (RFC 2104) under a
key derived from the installation key. A nonce is one we signed less than ten minutes ago.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import re
import secrets as random
import threading
import time
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from quarterdeck.core import clock, env, secrets, store
from quarterdeck.core.problems import Invalid

_URL, _PASSED = "reach.url", "reach.passed"
_KNOWN_FOR = 10.0  # seconds a process believes what it read; other processes see a change that late
NONCE_LIVES = 600  # seconds


@dataclass(frozen=True, slots=True)
class Status:
    """`url` is empty without a public address; `passed` means that a test of this very address passed."""

    url: str
    passed: bool
    checked_at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class Link:
    """An address to copy. `words` is empty, or the sentence that must stand beside it."""

    url: str
    words: str


ONLY_HERE = (
    "This link works only on this machine, until the installation has a public address that was tested."
)


class _Known:
    """What this process last read, so that asking costs nothing in the middle of a request."""

    def __init__(self) -> None:
        self.url = ""
        self.until = 0.0
        self.lock = threading.Lock()


_known = _Known()


def public_url() -> str:
    """The public address without a trailing slash, or the empty string. The environment outranks the settings."""
    if from_environment():
        return env.public_url()
    if time.monotonic() >= _known.until and _known.lock.acquire(blocking=False):
        try:
            _known.url = str(store.get(_URL, "") or "")
        except Exception:  # noqa: S110 the database is away or not migrated yet: the last known address stands
            pass
        finally:
            _known.until = time.monotonic() + _KNOWN_FOR
            _known.lock.release()
    return _known.url


def last_known() -> str:
    """`public_url()` as last read, without asking the database: for code that must never wait."""
    return env.public_url() or _known.url


def from_environment() -> bool:
    """True when QUARTERDECK_PUBLIC_URL decides, so that the settings page cannot."""
    return bool(env.public_url())


def forget() -> None:
    """The next `public_url()` reads again."""
    _known.until = 0.0


def set_public_url(given: str) -> str:
    """Store the public address (the empty string removes it) and return it as stored. Invalid, in words."""
    url = checked(given) if given.strip() else ""
    store.put(_URL, url)
    forget()
    return url


def checked(given: str) -> str:
    """`given` as an origin: scheme, host in ASCII, and a port when it is not the scheme's own. Else Invalid."""
    text = given.strip()
    if "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").rstrip(".")
        ascii_host = f"[{host}]" if ":" in host else host.encode("idna").decode().lower()
    except (ValueError, UnicodeError):
        raise _not_an_address("This is not a web address.") from None
    name = (_is_address(host) and "%" not in host) or re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", ascii_host)
    if parts.scheme not in {"http", "https"} or not name:
        raise _not_an_address("This is not a web address.")
    if parts.username or parts.password or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise _not_an_address("Give only the address itself, with nothing after the name.")
    if (
        host == "localhost"
        or host.endswith(".localhost")
        or (_is_address(host) and ipaddress.ip_address(host).is_loopback)
    ):
        raise _not_an_address("This address leads only to the machine itself.")
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{ascii_host}" + (f":{port}" if port not in (None, usual) else "")


def _not_an_address(words: str) -> Invalid:
    return Invalid(
        "The public address cannot be used.",
        next_step="It looks like https://desk.example.org.",
        fields={"url": words},
    )


def _is_address(host: str) -> bool:
    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


# --- the test ---------------------------------------------------------------------------------------


def new_nonce() -> str:
    """A nonce for one test: when it was made, 16 random bytes, and our signature over both."""
    body = f"{int(clock.now().timestamp())}-{random.token_hex(16)}"
    return f"{body}-{_sign('nonce', body)[:32]}"


def mark(nonce: str) -> str | None:
    """This installation's mark of a nonce (64 hex digits), or None when the nonce is not ours or too old."""
    body, _, signature = nonce.rpartition("-")
    if len(nonce) > 120 or not hmac.compare_digest(_sign("nonce", body)[:32].encode(), signature.encode()):
        return None
    made = int(body.split("-")[0])
    if abs(clock.now().timestamp() - made) > NONCE_LIVES:
        return None
    return _sign("mark", nonce)


def _sign(purpose: str, text: str) -> str:
    return hmac.new(secrets.derive("reach"), f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


def is_mark(nonce: str, answer: str) -> bool:
    """True when `answer` is our own mark of a nonce that still lives."""
    right = mark(nonce)
    return right is not None and hmac.compare_digest(right.encode(), answer.encode())


def note_passed(url: str, how: str) -> None:
    """Remember that a test of `url` passed now. `how` is "browser" or "server"."""
    store.put(_PASSED, {"url": url, "at": clock.now().isoformat(), "how": how})


def ask_from_here(url: str) -> str:
    """This machine asks the public address itself. Returns "" when the mark came back, else what happened.

    A machine behind a home router often cannot reach its own public address although everybody else can.
    """
    from quarterdeck.core import http

    nonce = new_nonce()
    host = urlsplit(url).hostname or ""
    try:
        # The installation's owner named this host, and only a mark is read: a private address is allowed here.
        with http.SafeClient(allow={host}, total=10.0, largest=4096, redirects=0) as client:
            answer = client.request("GET", f"{url}/reach/{nonce}")
    except http.CallFailed as failed:
        return str(failed)
    if answer.status_code != 200:
        return f"The address answered with status {answer.status_code}."
    try:
        found = str(json.loads(answer.content)["mark"])
    except (ValueError, KeyError, TypeError):
        return "Something else answers at this address."
    if not is_mark(nonce, found):
        return "Another installation answers at this address."
    return ""


def status() -> Status:
    """Where the public address stands now, in words for the settings page."""
    url = public_url()
    if not url:
        return Status("", False, None, "No public address is set. Links work only on this machine.")
    passed = store.get(_PASSED)
    if not isinstance(passed, dict) or passed.get("url") != url:
        return Status(
            url,
            False,
            None,
            "The public address has not been tested. Links say they work only on this machine.",
        )
    who = "A browser" if passed.get("how") == "browser" else "This machine"
    return Status(
        url, True, datetime.fromisoformat(passed["at"]), f"{who} reached this installation at {url}."
    )


def link(path: str) -> Link:
    """The address to copy for `path` ("/s/…/"): on the public address once it was tested, else on this machine."""
    now = status()
    return Link(now.url + path, "") if now.passed else Link(env.local_url() + path, ONLY_HERE)
