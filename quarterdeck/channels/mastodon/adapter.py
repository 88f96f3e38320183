"""Publishing through a Mastodon server, or one that speaks its interface.

What is sent is JSON with its keys in order, so that the body kept in a row gives the same bytes on every try. Besides
the fields of the call the body keeps `descriptions`, which are not sent: reading back compares them.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from quarterdeck.channels.contract import (
    Account,
    Capabilities,
    Content,
    Counts,
    Finding,
    Gate,
    Health,
    Json,
    Limit,
    Media,
    OwnPost,
    Published,
    Refused,
    Reply,
    Secrets,
    Thread,
    Unclear,
)
from quarterdeck.channels.mastodon import fingerprint, looking, server, signing
from quarterdeck.channels.mastodon import limits as rules
from quarterdeck.channels.mastodon.api import Answer, Api, instant
from quarterdeck.core.http import CallFailed

SENT = ("in_reply_to_id", "language", "media_ids", "status", "visibility")
POLLS = (
    0.3,
    0.7,
    1.0,
    2.0,
    2.0,
    3.0,
    3.0,
    4.0,
    4.0,
)  # seconds between two looks at a file the server works on
WAITING = 30.0  # seconds for all of them: with the upload well within a delivery's lease
MOST_PAGES = 500  # of 40 posts
_COUNTS = ("favourites_count", "reblogs_count", "replies_count", "quotes_count")


class MastodonAdapter:
    """Speaks for one account; `remote_id` is its id on the server, `server` the server's address."""

    network: ClassVar[str] = "mastodon"
    title: ClassVar[str] = "Mastodon"
    limits: ClassVar[tuple[Limit, ...]] = rules.LIMITS
    CAPABILITIES: ClassVar[Capabilities] = Capabilities(
        same_key_once=True,
        can_find=True,
        sureness="proved",
        key_life=server.KEY_LIFE,
        threads=True,
        images=rules.IMAGES.value,
        edits=True,
        deletes=True,
        metrics=True,
        replies=True,
    )

    def __init__(self, account: Account) -> None:
        self.account = account
        self._api = Api(account.server, account.secrets)
        self._taken = rules.of(account.facts)

    @property
    def capabilities(self) -> Capabilities:
        """As far as this server is known: only Mastodon itself is trusted with the key, and with edits."""
        trusted = server.honours_key(self.account.facts)
        return Capabilities(
            same_key_once=trusted,
            can_find=True,
            sureness="proved" if trusted else "read back",
            key_life=server.KEY_LIFE if trusted else None,
            threads=True,
            images=self._taken.images,
            edits=server.edits(self.account.facts),
            deletes=True,
            metrics=True,
            replies=True,
        )

    @classmethod
    def new_key(cls, due_at: datetime, position: int) -> str:
        return secrets.token_hex(16)

    def validate(self, content: Content) -> list[str]:
        return rules.objections(content, self._taken, self._api.name or "Mastodon")

    # --- publishing -----------------------------------------------------------------------------------

    def prepare(self, content: Content) -> Json | None:
        return None

    def upload(self, media: Media, *, begun: Json = None) -> Json:
        """`{"id", "description"}`. Waits, within bounds, while the server works on the file. One that takes it longer
        is not brought anew: it is waited for again, as long as the server knows it."""
        if isinstance(begun, dict) and self._is_ready(begun, media.name):
            return begun
        answer = self._brought(media)
        found = answer.found if isinstance(answer.found, dict) else {}
        if not isinstance(found.get("id"), str):
            raise Refused(
                f"{self._api.name} did not say under what name it keeps “{media.name}”.", transient=True
            )
        said: dict[str, Json] = {"id": found["id"], "description": media.alt}
        if answer.status == 202 and not self._is_ready(said, media.name):
            raise Refused(f"{self._api.name} took “{media.name}” and does not know it now.", transient=True)
        return said

    def _brought(self, media: Media) -> Answer:
        doing = f"upload “{media.name}”"
        given: dict[str, Any] = {"data": {"description": media.alt} if media.alt else None}
        given["files"] = {"file": (media.name, media.read(), media.mime)}
        answer = self._api.ask("POST", "/api/v2/media", doing, also=(404, 405), **given)
        if answer.status in (404, 405):  # software that knows only the first version of the call
            answer = self._api.ask("POST", "/api/v1/media", doing, **given)
        return answer

    def _is_ready(self, said: dict[str, Json], name: str) -> bool:
        """Wait until it is: 206 means that the file is still being worked on, 200 that it is ready. False when the
        server does not know it (any more). Raises Refused, with what was `begun`, when it takes too long."""
        path, until = f"/api/v1/media/{_segment(str(said['id']))}", time.monotonic() + WAITING
        try:
            for pause in POLLS:
                time.sleep(pause)
                answer = self._api.ask("GET", path, f"make “{name}” ready", also=(404,))
                if answer.status in (200, 404):
                    return answer.status == 200
                if time.monotonic() > until:
                    break
        except Refused as refused:
            refused.begun = said if refused.transient else None
            raise
        words = f"{self._api.name} is still working on “{name}”."
        raise Refused(words, transient=True, retry_after=15.0, begun=said)

    def render(
        self,
        content: Content,
        *,
        key: str,
        due_at: datetime,
        uploads: Sequence[Json] = (),
        thread: Thread | None = None,
    ) -> dict[str, Json]:
        body: dict[str, Json] = {"status": content.text, "visibility": "public"}
        if uploads:
            body["media_ids"] = [one["id"] for one in uploads]
            body["descriptions"] = [one["description"] for one in uploads]
        if language := _language(content.language):
            body["language"] = language
        if thread:
            body["in_reply_to_id"] = thread.parent.remote_id
        return body

    def publish(self, key: str, body: Mapping[str, Json], *, gate: Gate) -> Published:
        try:
            answer = self._api.call(
                "POST",
                "/api/v1/statuses",
                content=_bytes({name: body[name] for name in SENT if name in body}),
                headers={"Content-Type": "application/json", "Idempotency-Key": key},
                gate=gate,
            )
        except CallFailed as failed:
            if failed.may_have_arrived:
                raise Unclear(f"{failed.title} Whether the post is out is not known yet.") from None
            raise Refused(f"{failed.title} Nothing was sent.", transient=True) from None
        return self._taken_or_not(answer, body)

    def _taken_or_not(self, answer: Answer, body: Mapping[str, Json]) -> Published:
        if answer.ok and (post := looking.published(answer.found)):
            return post
        if not 400 <= answer.status < 500 or answer.status == 408:
            raise Unclear(
                f"{self._api.name} did not answer as it should (status {answer.status}). Whether the post is out is "
                "not known yet."
            )
        if answer.status == 404 and body.get("in_reply_to_id"):
            raise Refused(f"The post it answers is not on {self._api.name} any more. Nothing went out.")
        raise self._api.refusal(answer, "publish this post")

    def reconcile(self, key: str, body: Mapping[str, Json], *, began_at: datetime) -> Finding:
        return looking.look(self._api, self.account, body, began_at)

    # --- afterwards -----------------------------------------------------------------------------------

    def edit(self, published: Published, body: Mapping[str, Json], *, gate: Gate) -> Published:
        """Change text, language and images. A body that names no images keeps those the post has."""
        if not self.capabilities.edits:
            raise Refused(f"{self._api.name} is not known to let posts be changed. Nothing was changed.")
        path, media = _post(published), body.get("media_ids")
        if media is None:
            current = looking.published(self._there(path).found)
            media = (current or published).details.get("media_ids", [])
        sent = {name: body[name] for name in ("status", "language") if name in body} | {"media_ids": media}
        headers = {"Content-Type": "application/json"}
        doing = "change the post"
        answer = self._sure("PUT", path, doing, content=_bytes(sent), headers=headers, gate=gate)
        if answer.status in (404, 410):
            raise self._gone()
        changed = looking.published(answer.found)
        if changed is None:
            raise Unclear(f"{self._api.name} did not say what became of the change.")
        return changed

    def delete(self, published: Published) -> None:
        bodiless = {"Content-Length": "0"}  # else it goes out as chunks, which not every server expects here
        self._sure("DELETE", _post(published), "delete the post", headers=bodiless)

    def _there(self, path: str) -> Answer:
        answer = self._api.ask("GET", path, "read the post", also=(404, 410))
        if answer.status in (404, 410):
            raise self._gone()
        return answer

    def _gone(self) -> Refused:
        return Refused(f"The post is not on {self._api.name} any more. Nothing was changed.")

    def _sure(self, method: str, path: str, doing: str, **given: Any) -> Answer:
        """A call that changes what stands there: a good answer, or that it is not there. Raises Unclear where the
        server may have acted and did not clearly say so."""
        try:
            answer = self._api.call(method, path, **given)
        except CallFailed as failed:
            if failed.may_have_arrived:
                raise Unclear(f"{failed.title} Whether it was changed is not known yet.") from None
            raise Refused(f"{failed.title} Nothing was changed.", transient=True) from None
        if answer.ok or answer.status in (404, 410):
            return answer
        if not 400 <= answer.status < 500 or answer.status == 408:
            raise Unclear(
                f"{self._api.name} did not answer as it should (status {answer.status}). Whether it was changed is not "
                "known yet."
            )
        raise self._api.refusal(answer, doing)

    def metrics(self, published: Sequence[Published]) -> list[Counts]:
        return [self._counts(one) for one in published]

    def _counts(self, published: Published) -> Counts:
        answer = self._api.ask("GET", _post(published), "read the post’s numbers", also=(404, 410))
        return Counts({}, gone=True) if answer.status in (404, 410) else _counted(answer.found)

    def replies(self, published: Published) -> list[Reply]:
        """Direct answers, oldest first as the server gives them."""
        answer = self._api.ask("GET", f"{_post(published)}/context", "read the answers", also=(404, 410))
        found = answer.found if isinstance(answer.found, dict) else {}
        descendants = found.get("descendants") if answer.ok else []
        return [
            reply
            for one in descendants or ()
            if isinstance(one, Mapping) and one.get("in_reply_to_id") == published.remote_id
            if (reply := self._reply(one))
        ]

    def _reply(self, status: Mapping[str, Any]) -> Reply | None:
        post, made = looking.published(status), instant(status.get("created_at"))
        if post is None or made is None:
            return None
        author = status.get("account") if isinstance(status.get("account"), Mapping) else {}
        return Reply(post.remote_id, post.url, f"@{author.get('acct', '')}", self._plain(status), made)

    def own_posts(self, since: datetime) -> Iterator[OwnPost]:
        for found, _, _ in looking.pages(self._api, _segment(self.account.remote_id), most=MOST_PAGES):
            for status in found:
                post, made = looking.published(status), instant(status.get("created_at"))
                if post is None or made is None:
                    continue
                if made < since:
                    return
                yield OwnPost(post, made, self._plain(status), _counted(status))

    def _plain(self, status: Mapping[str, Any]) -> str:
        own = {self._api.name, str(self.account.facts.get("domain", ""))}
        return fingerprint.plain(status.get("content"), status.get("mentions"), own)

    # --- the connection -------------------------------------------------------------------------------

    def health(self) -> Health:
        return signing.health(self._api, self.account)

    def renew(self) -> Secrets:
        return signing.renew(self._api)

    def revoke(self) -> str:
        return signing.revoke(self._api)


def _bytes(body: Mapping[str, Json]) -> bytes:
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _counted(status: Any) -> Counts:
    found = status if isinstance(status, Mapping) else {}
    return Counts({name: found[name] for name in _COUNTS if type(found.get(name)) is int})


def _language(tag: str) -> str:
    """The ISO 639 code that Mastodon takes, of a BCP 47 tag."""
    first = tag.partition("-")[0].lower()
    return first if re.fullmatch(r"[a-z]{2,3}", first) else ""


def _post(published: Published) -> str:
    return f"/api/v1/statuses/{_segment(published.remote_id)}"


def _segment(remote_id: str) -> str:
    """An id as a piece of a path. What a server gave as an id is not believed to be one."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,100}", remote_id):
        raise Refused("The post’s name on the server is not one that can be asked for.")
    return remote_id
