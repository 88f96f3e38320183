"""A strict fake of a Mastodon server, on loopback. What it does not expect is answered 501 and kept in `unexpected`,
which the end of a test looks at. Runs on its own too: PORT [STATE-FILE]; each post made is a JSON line there, written
before the answer.

Faults beside those of every fake (`channels/tests/fake_server.py`), taken by the next POST of a status:

    408  500_before  429:S  429_date:S  429_reset:S  422  forbidden  suspended
    expired  revoked (the token, from then on)  gone (the account)

The control path also sets `skew` (seconds), `honours_key`, `software`, `markup` and `media_delay`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from quarterdeck.channels.mastodon.tests.fake_render import DOMAIN, render
from quarterdeck.channels.tests.fake_server import FakeServer

TOKEN = "fake-token-of-harbour"
ACCOUNT = "109"
EVERYTHING = "read:accounts read:statuses write:statuses write:media"


@dataclass
class FakeToken:
    account: str = ACCOUNT
    scopes: set[str] = field(default_factory=lambda: set(EVERYTHING.split()))
    state: str = "good"  # good, expired, revoked
    app: str = ""


class FakeMastodon(FakeServer):
    """The server's state and switches."""

    makes_posts = "POST /api/v1/statuses"
    switches = ("skew", "honours_key", "software", "markup", "media_delay")

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
        from quarterdeck.channels.mastodon.tests.fake_talk import Talk

        super().__init__(Talk, port=port, state_file=state_file)
        self.software, self.version, self.honours_key, self.markup = software, version, honours_key, markup
        self.media_delay, self.skew, self.pkce, self.token_life = media_delay, skew, pkce, token_life
        self.instance_v2 = self.nodeinfo = self.page_links = self.media_v2 = True
        self.rotates = True  # whether renewing gives a new refresh token
        self.max_characters, self.page, self.key_life = 500, 40, 3600.0
        self.scopes_allowed: set[str] | None = None  # what a person ticks, None for everything asked
        self.moved: str = ""
        self.tokens = {TOKEN: FakeToken()}
        self.apps: dict[str, dict] = {}
        self.codes: dict[str, dict] = {}
        self.refreshes: dict[str, dict] = {}
        self.posts: list[dict] = []  # Status entities, oldest first
        self.edits: list[tuple[str, str]] = []  # of which post, to which words
        self.keys: dict[tuple[str, str], tuple[float, str]] = {}
        self.media: dict[str, dict] = {}
        self.passed = 0.0  # seconds the server's time was moved on by a test
        self._numbers = 0

    # --- what the server knows ------------------------------------------------------------------------

    def now(self) -> datetime:
        return super().now() + timedelta(seconds=self.passed)

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
            self.keep(line)
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


if __name__ == "__main__":
    FakeMastodon.main()
