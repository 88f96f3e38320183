"""A strict fake of a Bluesky server (PDS) with its index, on loopback. What it does not expect is answered 501 and kept
in `unexpected`, which the end of a test looks at. Runs on its own too: PORT [STATE-FILE]; each post made is a JSON
line there, written before the answer, and read again when it starts.

Faults are taken in turn by the next putRecord: POST /fake/faults {"next": ["drop_after", "429:30", ...]}; one for
another call is {"fault": "500_before", "on": "com.atproto.repo.uploadBlob"}. The same control path sets `skew`
(seconds) and `index`. GET /fake/posts lists what was made; `account_secrets()` signs in without asking.

    drop_before  drop_after  delay:S  delay_after:S  duplicate  late:S (dropped, made S seconds later)
    500_before  500_after  half_answer  not_json  429:S  429_date:S  429_reset:S  refused  too_large
    expired  revoked (the sign-in, from then on)  suspended  deactivated  gone (the account, from then on)
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

from quarterdeck.channels.bluesky import _cbor

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


class FakeBluesky:
    """The server's state and switches. Use as a context manager; `url` is its address."""

    def __init__(self, *, port: int = 0, state_file: Path | None = None, index: bool = True) -> None:
        self.index, self.skew, self.page = index, 0.0, 100
        self.date_header = self.tells_home = True
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
        self.made: list[dict] = []
        self.commits = 0
        self.faults: list[dict] = []
        self.unexpected: list[str] = []
        self.requests: list[str] = []
        self.bodies: list[bytes] = []  # of the posts asked for, as they came
        self.lock = threading.RLock()
        self._state_file = state_file
        self._server = _Server(("127.0.0.1", port), self)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        if state_file is not None and state_file.exists():
            self._read_again(state_file)

    def __enter__(self) -> FakeBluesky:
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        if exception[0] is None:
            assert not self.unexpected, self.unexpected

    def serve(self) -> None:
        """Until the process is ended."""
        self._server.serve_forever()

    # --- what tests and the control path do -----------------------------------------------------------

    def then(self, *faults: str | dict) -> None:
        with self.lock:
            self.faults += [one if isinstance(one, dict) else {"fault": one} for one in faults]

    def control(self, given: dict[str, Any]) -> None:
        self.then(*given.pop("next", []))
        for name in ("skew", "index"):
            if name in given:
                setattr(self, name, given.pop(name))
        assert not given, given

    def fault_for(self, call: str) -> tuple[str, float]:
        """The next fault meant for this call, taken off the list, with its number."""
        with self.lock:
            for one in self.faults:
                if one.get("on", "com.atproto.repo.putRecord") == call:
                    self.faults.remove(one)
                    name, _, number = one["fault"].partition(":")
                    return name, float(number or 0)
        return "", 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.skew)

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
                if self._state_file is not None:
                    with self._state_file.open("a") as file:
                        file.write(json.dumps(line | {"record": value}) + "\n")
                        file.flush()
                self.made.append(line)
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


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, where: tuple[str, int], fake: FakeBluesky) -> None:
        from quarterdeck.channels.bluesky.tests.fake_talk import Talk

        self.fake = fake
        super().__init__(where, Talk)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no fault of the fake; anything else fails the test."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            self.fake.unexpected.append(repr(error))


def main() -> None:
    port = int(sys.argv[1])
    state = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    FakeBluesky(port=port, state_file=state).serve()


if __name__ == "__main__":
    main()
