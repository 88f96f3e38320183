"""A strict fake of a Mastodon server, on loopback. What it does not expect is answered 501 and kept in `unexpected`,
which the end of a test looks at. Runs on its own too: PORT [STATE-FILE]; each post made is a JSON line there, written
before the answer.

Faults are taken in turn by the next POST of a status: POST /fake/faults {"next": ["drop_after", "429:30", ...]}; one
for another call is {"fault": "500_before", "on": "POST /api/v2/media"}. The same control path sets `skew` (seconds),
`honours_key`, `software` and `markup`. GET /fake/posts lists what was made.

    drop_before  drop_after  delay:S  delay_after:S  duplicate  late:S (dropped, made S seconds later)
    500_before  500_after  half_answer  not_json  429:S  429_date:S  429_reset:S  408  422  forbidden  suspended
    expired  revoked (the token, from then on)  gone (the account)
"""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from quarterdeck.channels.mastodon.tests.fake_render import DOMAIN, render

TOKEN = "fake-token-of-harbour"
ACCOUNT = "109"
EVERYTHING = "read:accounts read:statuses write:statuses write:media"


@dataclass
class FakeToken:
    account: str = ACCOUNT
    scopes: set[str] = field(default_factory=lambda: set(EVERYTHING.split()))
    state: str = "good"  # good, expired, revoked
    app: str = ""


class FakeMastodon:
    """The server's state and switches. Use as a context manager; `url` is its address."""

    def __init__(
        self,
        *,
        port: int = 0,
        state_file: Path | None = None,
        software: str = "mastodon",
        version: str = "4.5.2",
        honours_key: bool = True,
        markup: str = "mastodon",
        media_delay: int = 0,
        skew: float = 0.0,
        pkce: bool = True,
        token_life: int = 0,
    ) -> None:
        self.software, self.version, self.honours_key, self.markup = software, version, honours_key, markup
        self.media_delay, self.skew, self.pkce, self.token_life = media_delay, skew, pkce, token_life
        self.instance_v2 = self.nodeinfo = self.page_links = self.date_header = self.media_v2 = True
        self.rotates = True  # whether renewing gives a new refresh token
        self.max_characters, self.page, self.key_life = 500, 40, 3600.0
        self.scopes_allowed: set[str] | None = None  # what a person ticks, None for everything asked
        self.moved: str = ""
        self.tokens = {TOKEN: FakeToken()}
        self.apps: dict[str, dict] = {}
        self.codes: dict[str, dict] = {}
        self.refreshes: dict[str, dict] = {}
        self.posts: list[dict] = []  # Status entities, oldest first
        self.made: list[dict] = []  # what a harness counts
        self.keys: dict[tuple[str, str], tuple[float, str]] = {}
        self.media: dict[str, dict] = {}
        self.faults: list[dict] = []
        self.unexpected: list[str] = []
        self.requests: list[str] = []
        self.bodies: list[bytes] = []  # of each POST of a status, as they came
        self.passed = 0.0  # seconds the server's time was moved on by a test
        self.lock = threading.RLock()
        self._state_file, self._numbers = state_file, 0
        self._server = _Server(("127.0.0.1", port), self)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> FakeMastodon:
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
        for name in ("skew", "honours_key", "software", "markup", "media_delay"):
            if name in given:
                setattr(self, name, given.pop(name))
        assert not given, given

    def fault_for(self, call: str) -> tuple[str, float]:
        """The next fault meant for this call, taken off the list, with its number."""
        with self.lock:
            for one in self.faults:
                if one.get("on", "POST /api/v1/statuses") == call:
                    self.faults.remove(one)
                    name, _, number = one["fault"].partition(":")
                    return name, float(number or 0)
        return "", 0.0

    # --- what the server knows ------------------------------------------------------------------------

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.skew + self.passed)

    def number(self) -> str:
        with self.lock:
            self._numbers += 1
            return str((int(time.time() * 1000) << 16) + self._numbers)

    def account(self, account_id: str = ACCOUNT) -> dict:
        name = "harbour" if account_id == ACCOUNT else f"person{account_id}"
        found = {"id": account_id, "username": name, "acct": name, "display_name": name.title()}
        found["url"] = f"https://{DOMAIN}/@{name}"
        return found | ({"moved": {"id": "9", "acct": self.moved}} if self.moved else {})

    def post(self, account_id: str, body: dict, key: str = "") -> dict:
        """Make a status, once per key where the key is honoured. The line in the state file comes first."""
        with self.lock:
            until, known = self.keys.get((account_id, key), (0.0, ""))
            if key and self.honours_key and known and until > time.time() + self.passed:
                return self.status(known) or {}
            status = self._new(account_id, body)
            self.keys[account_id, key] = (time.time() + self.passed + self.key_life, status["id"])
            line = {
                "time": status["created_at"],
                "key": key,
                "text": body.get("status", ""),
                "id": status["id"],
            }
            if self._state_file is not None:
                with self._state_file.open("a") as file:
                    file.write(json.dumps(line) + "\n")
                    file.flush()
            self.made.append(line)
            self.posts.append(status)
            return status

    def _new(self, account_id: str, body: dict) -> dict:
        content, mentions = render(body.get("status", ""), self.markup)
        number = self.number()
        media = [dict(self.media[one]["entity"]) for one in body.get("media_ids", [])]
        if self.software != "mastodon":  # such servers show a file under another id than it was uploaded with
            media = [one | {"id": f"shown-{one['id']}"} for one in media]
        return {
            "id": number,
            "created_at": self.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "edited_at": None,
            "in_reply_to_id": body.get("in_reply_to_id"),
            "visibility": body.get("visibility", "public"),
            "language": body.get("language"),
            "uri": f"https://{DOMAIN}/users/harbour/statuses/{number}",
            "url": f"https://{DOMAIN}/@harbour/{number}",
            "content": content,
            "mentions": mentions,
            "media_attachments": media,
            "reblog": None,
            "account": self.account(account_id),
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": 0,
        }

    def status(self, number: str) -> dict | None:
        return next((one for one in self.posts if one["id"] == number), None)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, where: tuple[str, int], fake: FakeMastodon) -> None:
        from quarterdeck.channels.mastodon.tests.fake_talk import Talk

        self.fake = fake
        super().__init__(where, Talk)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is no fault of the fake; anything else fails the test."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | BrokenPipeError):
            self.fake.unexpected.append(repr(error))


def main() -> None:
    port = int(sys.argv[1])
    state = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    FakeMastodon(port=port, state_file=state).serve()


if __name__ == "__main__":
    main()
