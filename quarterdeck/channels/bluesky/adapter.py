"""Publishing to Bluesky, for one account.

A post goes out by `putRecord` under a key chosen with the plan and only if nothing stands there (`swapRecord: null`),
so it cannot be made twice; `getRecord` tells afterwards whether it was made, and proves, once no call can still be at
work there, that it was not.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from quarterdeck.channels import calls
from quarterdeck.channels.bluesky import _cbor, dpop, keys, numbers, oauth, record, session
from quarterdeck.channels.bluesky.limits import ALL, IMAGES
from quarterdeck.channels.bluesky.xrpc import AGAIN, ASK_OWNER, NOTHING, No, NoAnswer, Server
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
)
from quarterdeck.core import clock

WHERE = "at Bluesky, under Settings, Privacy and security"
PUT, GET, DELETE = "com.atproto.repo.putRecord", "com.atproto.repo.getRecord", "com.atproto.repo.deleteRecord"


class BlueskyAdapter:
    """Speaks for the account whose permanent name (DID) is `account.remote_id`, at its own server."""

    network: ClassVar[str] = "bluesky"
    title: ClassVar[str] = "Bluesky"
    limits: ClassVar[tuple[Limit, ...]] = ALL
    CAPABILITIES: ClassVar[Capabilities] = Capabilities(
        same_key_once=True,
        can_find=True,
        sureness="proved",
        threads=True,
        images=IMAGES.value,
        cards=True,
        deletes=True,
        metrics=True,
        replies=True,
    )

    def __init__(self, account: Account) -> None:
        self.account = account
        access, key = account.secrets.get("access", ""), account.secrets.get("key", "")
        self._server = Server(account.server, access, dpop.Prover(key, access) if key else None)

    @property
    def capabilities(self) -> Capabilities:
        renews = not (self._by_oauth and oauth.ends_anyway(self.account))
        return self.CAPABILITIES if renews else replace(self.CAPABILITIES, renews=False)

    @property
    def _by_oauth(self) -> bool:
        """Whether the account was connected by signing in at the network; else by an app password."""
        return "oauth" in self.account.facts

    @classmethod
    def new_key(cls, due_at: datetime, position: int) -> str:
        return keys.new(due_at, position)

    # --- before the call ----------------------------------------------------------------------------

    def validate(self, content: Content) -> list[str]:
        return record.faults(content, self.account.facts)

    def prepare(self, content: Content) -> Json:
        """What the network must be asked before `render`: whom the text mentions. Put it among the uploads.

        A handle nobody has is left out, and stays plain text. Raises Refused when no answer was had.
        """
        people = {}
        for handle in record.mentioned(content.text):
            try:
                said = self._server.ask(
                    "com.atproto.identity.resolveHandle", params={"handle": handle}, signed=False
                )
            except No as no:
                if no.transient:
                    raise
                continue
            if str(said.get("did", "")).startswith("did:"):
                people[handle] = said["did"]
        return {"mentions": people}

    def upload(self, media: Media, *, begun: Json = None) -> Json:
        """Bring an image; the server keeps it for a while, and for good once a post carries it."""
        said = self._server.ask("com.atproto.repo.uploadBlob", post=(media.read(), media.mime))
        blob = said.get("blob")
        reference = blob.get("ref") if isinstance(blob, dict) else None
        if reference != {"$link": _cbor.of_hash(bytes.fromhex(media.sha256))}:
            raise No(f"“{media.name}” did not arrive whole at Bluesky.", transient=True)
        return {"blob": blob}

    def render(
        self,
        content: Content,
        *,
        key: str,
        due_at: datetime,
        uploads: Sequence[Json] = (),
        thread: Thread | None = None,
    ) -> dict[str, Json]:
        return {
            "repo": self.account.remote_id,
            "collection": record.POST,
            "rkey": key,
            "record": record.of(content, due_at, uploads, thread),
            "swapRecord": None,
            "validate": True,
        }

    # --- the call, and afterwards -------------------------------------------------------------------

    def publish(self, key: str, body: Mapping[str, Json], *, gate: Gate) -> Published:
        """Put the record where nothing stands. The identical record standing there already is success."""
        try:
            said = self._server.act(PUT, body, gate=gate)
        except No as no:
            if no.name != "InvalidSwap":
                raise
            return self._standing(body)
        uri, cid = said.get("uri"), said.get("cid")
        if uri != _address(body) or not isinstance(cid, str):
            raise NoAnswer("Bluesky took the post but named another place for it.")
        return numbers.published(uri, cid)

    def _standing(self, body: Mapping[str, Json]) -> Published:
        """Something stands at our key: ours, or not."""
        finding = self._look(body)
        if finding.published:
            return finding.published
        raise NoAnswer(f"Bluesky says that a post with this key exists. {finding.evidence}")

    def reconcile(self, key: str, body: Mapping[str, Json], *, began_at: datetime) -> Finding:
        """Read the record at our key. That nothing stands there is proof once the call is over for long enough, since
        a server may still be working on it, and once the server says that it keeps the account."""
        finding = self._look(body)
        if finding.what == "absent" and clock.now() - began_at < calls.SETTLED:
            return Finding("unknown", f"{finding.evidence} Bluesky may still be working on what was sent.")
        return finding

    def _look(self, body: Mapping[str, Json]) -> Finding:
        uri = _address(body)
        asked = {name: body[name] for name in ("repo", "collection", "rkey")}
        try:
            said = self._server.ask(GET, params=asked, signed=False)
        except No as no:
            if no.name == "RecordNotFound":
                return self._absent(uri)
            return Finding("unknown", f"Bluesky was asked for {uri} and could not tell. {no.words}")
        cid, value = said.get("cid"), said.get("value")
        if said.get("uri") != uri or not isinstance(cid, str) or not isinstance(value, dict):
            return Finding("unknown", f"Bluesky was asked for {uri} and its answer cannot be read.")
        there = numbers.published(uri, cid)
        if record.same(body["record"], value, cid):
            return Finding(
                "found", f"Bluesky holds the post at {uri} with the content identifier {cid}.", there
            )
        said_text = str(value.get("text") or "")[:80]
        return Finding(
            "unknown",
            f"At {uri} Bluesky holds another text than was sent: “{said_text}” (content identifier {cid}).",
            near=(there,),
        )

    def _absent(self, uri: str) -> Finding:
        """A server that no longer keeps the account would not have the record either: ask it that, too."""
        try:
            said = self._server.ask(
                "com.atproto.sync.getRepoStatus", params={"did": self.account.remote_id}, signed=False
            )
        except No as no:
            return Finding("unknown", f"Nothing stands at {uri}, but the account does not answer. {no.words}")
        if said.get("active") is not True:
            return Finding(
                "unknown", f"Nothing stands at {uri}, but the account is not active on this server."
            )
        revision = said.get("rev") or "not named"
        return Finding(
            "absent", f"Nothing stands at {uri} in the account’s repository (revision {revision})."
        )

    def edit(self, published: Published, body: Mapping[str, Json], *, gate: Gate) -> Published:
        """Refused: the record could be put anew, but people would be shown neither that nor the new words for sure."""
        raise Refused("A post on Bluesky cannot be changed. Nothing was changed.")

    def delete(self, published: Published) -> None:
        """Take it down. Bluesky answers alike when it was gone already."""
        account, key = numbers.parts(published.remote_id)
        named = {"repo": account, "collection": record.POST, "rkey": key}
        self._server.act(DELETE, named, gate=contextlib.nullcontext)

    # --- reading ------------------------------------------------------------------------------------

    def metrics(self, published: Sequence[Published]) -> list[Counts]:
        return numbers.counts(self._server, published)

    def replies(self, published: Published) -> list[Reply]:
        return numbers.replies(self._server, published)

    def own_posts(self, since: datetime) -> Iterator[OwnPost]:
        return numbers.own_posts(self._server, self.account.remote_id, since)

    # --- the sign-in --------------------------------------------------------------------------------

    def health(self) -> Health:
        """Ask the server how the account stands. Our sign-in lasts as long as what renews it."""
        said = self._standing_of_account()
        if said.get("active") is False:
            status = str(said.get("status") or "not active")
            words = f"Bluesky says that the account is {status}. Nothing can be published from it."
            raise No(words, reconnect=True)
        left = _left(self._server.last)
        if self._by_oauth:
            return Health(oauth.ends(self.account), (), (*left, *oauth.words(self.account)))
        return Health(session.expires(self.account.secrets.get("refresh", "")), (), left)

    def _standing_of_account(self) -> dict[str, Any]:
        try:
            return self._server.ask("com.atproto.server.getSession")
        except No as no:
            if no.transient or no.reconnect:
                raise
            words = f"Bluesky does not find the account any more: it is taken down or deleted. {ASK_OWNER}"
            raise No(words, name=no.name, reconnect=True) from no

    def renew(self) -> Secrets:
        """A new pair of tokens for the one that renews. Of an app password's session the reference server takes the
        old one for two more hours, so that a lost answer loses nothing; by OAuth it is good once."""
        if self._by_oauth:
            return oauth.renew(self.account)
        refresh = self.account.secrets.get("refresh", "")
        entry = Server(str(self.account.facts.get("entry") or self.account.server), refresh)
        try:
            said = entry.ask("com.atproto.server.refreshSession", post=NOTHING)
        except No as no:
            if no.transient and not no.expired:
                raise
            raise No(f"Our sign-in at Bluesky has ended. {AGAIN}", name=no.name, reconnect=True) from no
        if said.get("did") != self.account.remote_id:
            raise No(f"Bluesky renewed the sign-in of another account. {AGAIN}", reconnect=True)
        return session.secrets(said)

    def revoke(self) -> str:
        if self._by_oauth:
            return "" if oauth.revoke(self.account) else f"Please take our access back {WHERE}."
        entry = Server(
            str(self.account.facts.get("entry") or self.account.server),
            self.account.secrets.get("refresh", ""),
        )
        try:
            entry.ask("com.atproto.server.deleteSession", post=NOTHING)
        except No as no:
            if not no.expired:  # a session that has run out is ended
                raise
        return f"The app password itself still works: please remove it {WHERE}, App passwords."


def _address(body: Mapping[str, Any]) -> str:
    return f"at://{body['repo']}/{body['collection']}/{body['rkey']}"


def _left(headers: Mapping[str, str]) -> tuple[str, ...]:
    """What the server says is left of its rate limit."""
    limit, left, reset = (headers.get(f"ratelimit-{name}", "") for name in ("limit", "remaining", "reset"))
    if not (limit.isdigit() and left.isdigit()):
        return ()
    until = ""
    if reset.isdigit() and len(reset) < 12:
        until = f" until {datetime.fromtimestamp(int(reset), UTC):%H:%M} UTC"
    return (f"Bluesky takes {int(left):,} more calls of this kind{until}, of {int(limit):,}.",)
