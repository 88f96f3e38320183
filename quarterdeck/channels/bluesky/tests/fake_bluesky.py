"""A strict fake of a Bluesky server (PDS) with its index, on loopback. What it does not expect is answered 501 and kept
in `unexpected`, which the end of a test looks at. Runs on its own too: PORT [STATE-FILE]; each post made is a JSON
line there, written before the answer, and read again when it starts.

Faults beside those of every fake (`channels/tests/fake_server.py`), taken by the next putRecord:

    500_before  429:S  429_date:S  429_reset:S  refused  too_large
    expired  revoked (the sign-in, from then on)  suspended  deactivated  gone (the account, from then on)

The control path also sets `skew` (seconds) and `index`. `account_secrets()` signs in without asking.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from quarterdeck.channels.bluesky import _cbor
from quarterdeck.channels.bluesky.tests import fake_dpop, fake_oauth
from quarterdeck.channels.tests.fake_server import FakeServer

DID = "did:plc:fakeharbour2222222222222"
HANDLE = "harbour.fake.test"
MAIN_PASSWORD, APP_PASSWORD = "main-password-of-harbour", "fake-abcd-efgh-ijkl"
ACCESS, APP, REFRESH = "com.atproto.access", "com.atproto.appPass", "com.atproto.refresh"
POST = "app.bsky.feed.post"
_SIGNS = b"the fake server's own key"
_numbers = count(1)


def token(scope: str = APP, life: float = 7200, did: str = DID) -> str:
    """A token as such servers give: a JWT, good for `life` seconds, no two alike."""
    head = {"typ": "refresh+jwt" if scope == REFRESH else "at+jwt", "alg": "HS256"}
    now = int(time.time())
    body = {
        "scope": scope,
        "sub": did,
        "iat": now,
        "exp": now + int(life),
        "jti": f"{time.time_ns()}.{next(_numbers)}",
    }
    signed = ".".join(_url64(json.dumps(part).encode()) for part in (head, body))
    return f"{signed}.{_url64(hmac.digest(_SIGNS, signed.encode(), 'sha256'))}"


def account_secrets(life: float = 7200) -> dict[str, str]:
    """What the product keeps of a session, as if it had signed in."""
    return {"access": token(life=life), "refresh": token(REFRESH, 90 * 86400)}


def read_token(given: str) -> dict[str, Any] | None:
    """Its claims; None when this server did not sign it."""
    signed, _, signature = given.rpartition(".")
    if not hmac.compare_digest(_url64(hmac.digest(_SIGNS, signed.encode(), "sha256")), signature):
        return None
    middle = signed.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))


def _url64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class FakeAccount:
    did: str = DID
    handle: str = HANDLE
    state: str = ""  # "", suspended, deactivated, gone
    records: dict[str, dict] = field(default_factory=dict)  # by collection/key: {"value", "cid"}


class FakeBluesky(FakeServer):
    """The server's state and switches."""

    makes_posts = "com.atproto.repo.putRecord"
    switches = ("skew", "index")

    def __init__(self, *, port: int = 0, state_file: Path | None = None, index: bool = True) -> None:
        from quarterdeck.channels.bluesky.tests.fake_talk import Talk

        super().__init__(Talk, port=port, state_file=state_file)
        self.oauth, self.nonces = fake_oauth.State(), fake_dpop.Nonces()
        self.proofs: set[str] = set()  # seen, by their names
        self.index, self.page = index, 100
        self.tells_home = True
        self.same_is_success = True  # whether the identical record standing there already is no refusal
        self.blob_limit: int | None = 5 * 1024 * 1024
        self.accounts = {
            DID: FakeAccount(),
            "did:plc:fakeann": FakeAccount("did:plc:fakeann", "ann.fake.test"),
        }
        self.blobs: dict[str, dict] = {}
        self.numbers: dict[str, dict[str, int]] = {}  # by address of a post, what the index counts
        self.answers: dict[str, list[dict]] = {}  # by address of a post, PostViews of its replies
        self.unindexed: set[str] = set()
        self.ended: set[str] = set()  # tokens that are no good any more, whatever they say
        self.expired: set[str] = set()
        self.commits = 0
        if state_file is not None and state_file.exists():
            self._read_again(state_file)

    # --- what the server keeps ------------------------------------------------------------------------

    def put(self, did: str, path: str, value: dict) -> dict:
        """Write a record. The line in the state file comes first."""
        kept = {"uri": f"at://{did}/{path}", "cid": _cbor.cid(value), "value": value}
        with self.lock:
            if path.startswith(POST):
                line = {
                    "time": self.now().isoformat(),
                    "key": path.rpartition("/")[2],
                    "text": value["text"],
                    "id": kept["uri"],
                }
                self.keep(line, record=value)
            self.accounts[did].records[path] = kept
            self.commits += 1
        return kept

    def take_blob(self, raw: bytes, mime: str) -> dict:
        link = _cbor.of_hash(hashlib.sha256(raw).digest())
        blob = {"$type": "blob", "ref": {"$link": link}, "mimeType": mime, "size": len(raw)}
        self.blobs[link] = blob
        return blob

    def _read_again(self, state_file: Path) -> None:
        for line in state_file.read_text().splitlines():
            kept = json.loads(line)
            value, uri = kept.pop("record"), kept["id"]
            did, path = uri.removeprefix("at://").split("/", 1)
            self.made.append(kept)
            self.accounts[did].records[path] = {"uri": uri, "cid": _cbor.cid(value), "value": value}


if __name__ == "__main__":
    FakeBluesky.main()
