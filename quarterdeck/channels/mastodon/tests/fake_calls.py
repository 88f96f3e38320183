"""What the fake server answers to each call of the interface, and what it insists on."""

from __future__ import annotations

import email
import email.policy
import json
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from quarterdeck.channels.mastodon.tests.fake_oauth import OAuth
from quarterdeck.channels.mastodon.tests.fake_render import DOMAIN, render
from quarterdeck.channels.tests.fake_server import FakeRefusal, Say

if TYPE_CHECKING:
    from quarterdeck.channels.mastodon.tests.fake_mastodon import FakeMastodon, FakeToken


class No(FakeRefusal):
    """A refusal the interface documents."""

    def __init__(self, status: int, words: str, **headers: str) -> None:
        self.say = Say(status, {"error": words}, {k.replace("_", "-"): v for k, v in headers.items()})


def _call(name: str, scope: str = "", query: str = "", kind: str = "") -> dict:
    return {"name": name, "scope": scope, "query": set(query.split()), "kind": kind}


_ID = r"([A-Za-z0-9-]+)"
_FORM = "application/x-www-form-urlencoded"
CALLS = {
    ("GET", "/api/v([12])/instance"): _call("instance"),
    ("GET", "/.well-known/nodeinfo"): _call("nodeinfo_links"),
    ("GET", "/nodeinfo/2.0"): _call("nodeinfo"),
    ("GET", "/.well-known/oauth-authorization-server"): _call("oauth_metadata"),
    ("POST", "/api/v1/apps"): _call("register", kind=_FORM),
    ("GET", "/oauth/authorize"): _call("authorize", query="*"),
    ("POST", "/oauth/token"): _call("token", kind=_FORM),
    ("POST", "/oauth/revoke"): _call("revoke", kind=_FORM),
    ("GET", "/api/v1/accounts/verify_credentials"): _call("verify", "read:accounts"),
    ("GET", f"/api/v1/accounts/{_ID}/statuses"): _call(
        "statuses", "read:statuses", "exclude_reblogs limit max_id"
    ),
    ("POST", "/api/v1/statuses"): _call("create", "write:statuses", kind="application/json"),
    ("GET", f"/api/v1/statuses/{_ID}"): _call("show", "read:statuses"),
    ("PUT", f"/api/v1/statuses/{_ID}"): _call("change", "write:statuses", kind="application/json"),
    ("DELETE", f"/api/v1/statuses/{_ID}"): _call("remove", "write:statuses"),
    ("GET", f"/api/v1/statuses/{_ID}/context"): _call("context", "read:statuses"),
    ("POST", "/api/v([12])/media"): _call("take_media", "write:media", kind="multipart/form-data"),
    ("GET", f"/api/v1/media/{_ID}"): _call("show_media", "write:media"),
}


class Calls(OAuth):
    """One request's answer. Methods are named in CALLS."""

    def __init__(
        self, fake: FakeMastodon, headers: dict[str, str], query: dict[str, str], body: bytes
    ) -> None:
        self.fake, self.headers, self.query, self.body = fake, headers, query, body
        self.signed: FakeToken | None = None

    def check(self, rule: dict) -> None:
        """Headers and query are those we agreed on; the token is good and may do this."""
        if rule["name"] != "authorize":  # that one a browser calls
            assert self.headers.get("user-agent", "").startswith("Quarterdeck/"), "another caller"
            assert "cookie" not in self.headers, "a cookie"
            assert self.query.keys() <= rule["query"], f"query {sorted(self.query)}"
        assert self.headers.get("content-type", "").partition(";")[0] == rule["kind"], "content type"
        assert "transfer-encoding" not in self.headers, "a body in chunks"
        assert bool(self.body) == bool(rule["kind"]), "a body where none belongs, or none"
        if not rule["scope"]:
            assert "authorization" not in self.headers, "a token was shown where none is needed"
            return
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        assert scheme == "Bearer", "no token was shown"
        self.signed = self.fake.tokens.get(token)
        if self.signed is None or self.signed.state == "revoked":
            raise No(401, "The access token was revoked" if self.signed else "The access token is invalid")
        if self.signed.state == "expired":
            raise No(401, "The access token expired")
        if not {rule["scope"], rule["scope"].partition(":")[0]} & self.signed.scopes:
            raise No(
                403, "This action is outside the authorized scopes", WWW_Authenticate="insufficient_scope"
            )

    # --- what the server is ---------------------------------------------------------------------------

    def instance(self, version: str) -> Say:
        fake = self.fake
        if version == "2" and not fake.instance_v2:
            raise No(404, "Not found")
        mastodon = fake.software == "mastodon"
        told = fake.version if mastodon else f"4.0.0 (compatible; {fake.software.title()} {fake.version})"
        configuration = {
            "statuses": {
                "max_characters": fake.max_characters,
                "max_media_attachments": 4,
                "characters_reserved_per_url": 23,
            },
            "media_attachments": {
                "supported_mime_types": ["image/jpeg", "image/png", "video/mp4"],
                "image_size_limit": 16777216,
                "image_matrix_limit": 33177600,
            },
        }
        named = {"domain": DOMAIN} if version == "2" else {"uri": DOMAIN}
        return Say(200, named | {"title": "Fake", "version": told, "configuration": configuration})

    def nodeinfo_links(self) -> Say:
        if not self.fake.nodeinfo:
            raise No(404, "Not found")
        rel = "http://nodeinfo.diaspora.software/ns/schema/2.0"
        return Say(200, {"links": [{"rel": rel, "href": f"{self.fake.url}/nodeinfo/2.0"}]})

    def nodeinfo(self) -> Say:
        return Say(200, {"software": {"name": self.fake.software, "version": self.fake.version}})

    # --- accounts and statuses ------------------------------------------------------------------------

    def verify(self) -> Say:
        return Say(200, self.fake.account(self.signed.account))

    def statuses(self, account: str) -> Say:
        """Newest first, a page at a time, the next one named in a Link header."""
        fake = self.fake
        boosts = self.query.get("exclude_reblogs") != "true"
        limit = int(self.query["limit"])
        assert 1 <= limit <= 40, "limit"
        own = [one for one in fake.posts if one["account"]["id"] == account and (boosts or not one["reblog"])]
        older = [one for one in own if int(one["id"]) < int(self.query.get("max_id", 10**30))][::-1]
        page = older[: min(limit, fake.page)]
        links = []
        here = f"{fake.url}/api/v1/accounts/{account}/statuses"
        if len(older) > len(page):
            links.append(f'<{here}?limit={limit}&max_id={page[-1]["id"]}>; rel="next"')
        if page:
            links.append(f'<{here}?limit={limit}&min_id={page[0]["id"]}>; rel="prev"')
        headers = {"Link": ", ".join(links)} if fake.page_links else {}
        return Say(200, page, headers)

    def _sent(self, allowed: str) -> dict:
        sent = json.loads(self.body)
        assert isinstance(sent, dict), "not an object"
        assert sent.keys() <= set(allowed.split()), f"fields {sorted(sent)}"
        assert isinstance(sent.get("status"), str), "status"
        ids = sent.get("media_ids", [])
        assert all(isinstance(one, str) for one in ids), "media_ids"
        if not sent["status"].strip() and not ids:
            raise No(422, "Validation failed: Text can't be blank")
        if len(sent["status"]) > self.fake.max_characters and "://" not in sent["status"]:
            raise No(422, f"Validation failed: Text character limit of {self.fake.max_characters} exceeded")
        if len(ids) > 4:
            raise No(422, "Validation failed: Cannot attach more than 4 files")
        if any(one not in self.fake.media or self.fake.media[one]["looks"] for one in ids):
            raise No(422, "Cannot attach files that have not finished processing. Try again in a moment!")
        return sent

    def create(self) -> Say:
        key = self.headers.get("idempotency-key", "")
        assert re.fullmatch(r"[0-9a-f]{32}", key), "idempotency key"
        self.fake.bodies.append(self.body)
        sent = self._sent("status media_ids in_reply_to_id language visibility")
        assert sent.get("visibility") == "public", "visibility"
        assert re.fullmatch(r"[a-z]{2,3}|", sent.get("language", "")), "language"
        if "in_reply_to_id" in sent and not self.fake.status(sent["in_reply_to_id"]):
            raise No(404, "Record not found")
        return Say(200, self.fake.post(self.signed.account, sent, key))

    def _own(self, number: str) -> dict:
        found = self.fake.status(number)
        if not found:
            raise No(404, "Record not found")
        return found

    def show(self, number: str) -> Say:
        return Say(200, self._own(number))

    def change(self, number: str) -> Say:
        found = self._own(number)
        sent = self._sent("status media_ids language")
        content, mentions = render(sent["status"], self.fake.markup)
        media = [self.fake.media[one]["entity"] for one in sent.get("media_ids", [])]
        edited = {"content": content, "mentions": mentions, "media_attachments": media}
        if any(found[name] != value for name, value in edited.items()):  # the same once more is no edit
            found |= edited | {"edited_at": self.fake.now().isoformat()}
            self.fake.edits.append((number, sent["status"]))
        return Say(200, found)

    def remove(self, number: str) -> Say:
        found = self._own(number)
        self.fake.posts.remove(found)
        return Say(200, found | {"text": "…"})

    def context(self, number: str) -> Say:
        self._own(number)
        below, found = {number}, []
        for one in self.fake.posts:
            if one["in_reply_to_id"] in below:
                below.add(one["id"])
                found.append(one)
        return Say(200, {"ancestors": [], "descendants": found})

    # --- media ----------------------------------------------------------------------------------------

    def take_media(self, version: str) -> Say:
        fake = self.fake
        if version == "2" and not fake.media_v2:
            raise No(404, "Not found")
        head = f"Content-Type: {self.headers['content-type']}\r\n\r\n".encode()
        parts = email.message_from_bytes(head + self.body, policy=email.policy.HTTP)
        found = {one.get_param("name", header="content-disposition"): one for one in parts.iter_parts()}
        assert found.keys() <= {"file", "description"}, f"parts {sorted(found)}"
        assert found["file"].get_filename(), "a file has a name"
        if not found["file"].get_content_type().startswith("image/"):
            raise No(422, "Validation failed: File content type is invalid")
        text = found["description"].get_payload(decode=True).decode() if "description" in found else None
        assert text is None or text, "an empty description is left out"
        number = fake.number()
        entity = {"id": number, "type": "image", "url": f"https://{DOMAIN}/m/{number}", "description": text}
        fake.media[number] = {"entity": entity, "looks": fake.media_delay}
        if fake.media_delay and version == "2":
            return Say(202, entity | {"url": None})
        fake.media[number]["looks"] = 0
        return Say(200, entity)

    def show_media(self, number: str) -> Say:
        kept = self.fake.media.get(number)
        if kept is None:
            raise No(404, "Record not found")
        if kept["looks"] > 0:
            kept["looks"] -= 1
            return Say(206, {})
        return Say(200, kept["entity"])

    # --- small things ---------------------------------------------------------------------------------

    def form(self, allowed: str) -> dict[str, str]:
        pairs = parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True)
        sent = dict(pairs)
        assert len(sent) == len(pairs), "a field came twice"
        assert sent.keys() <= set(allowed.split()), f"fields {sorted(sent)}"
        return sent

    def secret(self) -> str:
        return secrets.token_urlsafe(24)

    def later(self, seconds: float) -> str:
        return (self.fake.now() + timedelta(seconds=seconds)).isoformat()

    say = staticmethod(Say)
    no = No
