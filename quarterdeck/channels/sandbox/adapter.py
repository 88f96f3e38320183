"""Publishing to the Sandbox. It is a network although it lives in our own database: the adapter talks to it in a
transaction of its own, and the caller must not be inside one.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

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
    no_video,
)
from quarterdeck.channels.sandbox import limits as rules
from quarterdeck.channels.sandbox.models import SandboxAccount, SandboxFile, SandboxPost
from quarterdeck.core import clock


class SandboxAdapter:
    """Speaks for one Sandbox account, named by its handle."""

    network: ClassVar[str] = "sandbox"
    title: ClassVar[str] = "Sandbox"
    limits: ClassVar[tuple[Limit, ...]] = rules.ALL
    CAPABILITIES: ClassVar[Capabilities] = Capabilities(
        same_key_once=True,
        can_find=True,
        sureness="proved",
        threads=True,
        images=rules.IMAGES.value,
        edits=True,
        deletes=True,
        metrics=True,
        replies=True,
    )

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def capabilities(self) -> Capabilities:
        return self.CAPABILITIES

    @classmethod
    def new_key(cls, due_at: datetime, position: int) -> str:
        return secrets.token_hex(16)

    def validate(self, content: Content) -> list[str]:
        """Why the Sandbox would refuse this, in sentences; empty when it would take it."""
        words = []
        if not content.text.strip() and not content.media:
            words.append("There is no text yet.")
        over = len(content.text) - rules.TEXT.value
        if over > 0:
            unit = "character" if over == 1 else "characters"
            words.append(f"It is {over} {unit} over the {rules.TEXT.value} that the Sandbox takes.")
        if len(content.media) > rules.IMAGES.value:
            words.append(f"The Sandbox takes {rules.IMAGES.value} images a post.")
        return words + [said for media in content.media for said in _objections(media)]

    def prepare(self, content: Content) -> Json | None:
        return None

    def upload(self, media: Media, *, begun: Json = None) -> Json:
        """Keep a copy with the account; the same file is kept once, however often it is brought."""
        account = self._account()
        with transaction.atomic():
            copy, _ = SandboxFile.objects.get_or_create(
                account=account,
                sha256=media.sha256,
                defaults={
                    "mime": media.mime,
                    "width": media.width,
                    "height": media.height,
                    "data": media.read(),
                },
            )
        return {"file": copy.pk.hex, "alt": media.alt}

    def render(
        self,
        content: Content,
        *,
        key: str,
        due_at: datetime,
        uploads: Sequence[Json] = (),
        thread: Thread | None = None,
    ) -> dict[str, Json]:
        body = {"text": content.text, "images": list(uploads)}
        return body | ({"answers": thread.parent.remote_id} if thread else {})

    def publish(self, key: str, body: Mapping[str, Json], *, gate: Gate) -> Published:
        """Post once per key: the second call with a key answers with the first one's post."""
        account = self._account()
        with gate():
            post = self._once(account, key, body)
        return _published(post)

    def _account(self) -> SandboxAccount:
        account = SandboxAccount.objects.filter(handle=self.account.handle).first()
        if account is None:
            raise Refused(f"There is no account @{self.account.handle} on the Sandbox any more.")
        return account

    def _once(self, account: SandboxAccount, key: str, body: Mapping[str, Json]) -> SandboxPost:
        answers = body.get("answers")
        if answers and not _standing().filter(pk=answers).exists():
            if (made := self._by_key(key)) is None:
                raise Refused("The post it answers is not on the Sandbox any more.")
            return made
        try:
            with transaction.atomic():
                return SandboxPost.objects.create(
                    account=account,
                    client_key=key,
                    text=body["text"],
                    images=body.get("images", []),
                    answers_id=body.get("answers"),
                    posted_at=clock.now(),
                )
        except IntegrityError:
            found = self._by_key(key)
            if found is None:
                raise Refused("The post it answers is not on the Sandbox any more.") from None
            return found

    def _by_key(self, key: str) -> SandboxPost | None:
        return SandboxPost.objects.select_related("account").filter(client_key=key).first()

    def reconcile(self, key: str, body: Mapping[str, Json], *, began_at: datetime) -> Finding:
        """Looked up by its key in the Sandbox's own table."""
        post = self._by_key(key)
        if post is None:
            return Finding("absent", "The Sandbox holds no post with its key.")
        return Finding("found", "The Sandbox holds a post with its key.", _published(post))

    def edit(self, published: Published, body: Mapping[str, Json], *, gate: Gate) -> Published:
        """Change the words. The former ones stay readable there, with the time; the same words change nothing."""
        self._account()
        with gate(), transaction.atomic():
            post = _standing().select_for_update(of=("self",)).filter(pk=published.remote_id).first()
            if post is None:
                raise Refused("The post is not on the Sandbox any more. Nothing was changed.")
            if post.text != body["text"]:
                now = clock.now()
                post.earlier = [*post.earlier, {"text": post.text, "until": now.isoformat()}][
                    -rules.EARLIER :
                ]
                post.text, post.edited_at = body["text"], now
                post.save(update_fields=["text", "earlier", "edited_at"])
        return _published(post)

    def delete(self, published: Published) -> None:
        """Take it down: nothing of what it said stays there but that something stood here, and until when."""
        gone = {"text": "", "images": [], "earlier": [], "taken_down_at": clock.now()}
        _standing().filter(pk=published.remote_id).update(**gone)

    def metrics(self, published: Sequence[Published]) -> list[Counts]:
        """The answers it got; nobody likes or shares anything on the Sandbox."""
        found = {
            str(post.pk): post for post in _standing().filter(pk__in=[one.remote_id for one in published])
        }
        return [
            Counts({"replies": found[one.remote_id].answered_by.filter(taken_down_at=None).count()})
            if one.remote_id in found
            else Counts({}, gone=True)
            for one in published
        ]

    def replies(self, published: Published) -> list[Reply]:
        answers = _standing().filter(answers=published.remote_id)
        return [
            Reply(str(a.pk), _address(a), f"@{a.account.handle}", a.text, a.posted_at)
            for a in answers.order_by("posted_at")[:100]
        ]

    def own_posts(self, since: datetime) -> Iterator[OwnPost]:
        posts = _standing().filter(account__handle=self.account.handle, posted_at__gte=since)
        for post in posts.order_by("-posted_at").iterator():
            published = _published(post)
            yield OwnPost(published, post.posted_at, post.text, self.metrics([published])[0])

    def health(self) -> Health:
        return Health()

    def renew(self) -> Secrets:
        return Secrets({})

    def revoke(self) -> str:
        return ""


def _standing() -> QuerySet[SandboxPost]:
    """Every post that was not taken down."""
    return SandboxPost.objects.filter(taken_down_at=None).select_related("account")


def _objections(media: Media) -> list[str]:
    """Why the Sandbox would refuse a picture."""
    if media.is_video:
        return [no_video("the Sandbox")]
    words = []
    if media.mime not in rules.IMAGE_TYPES:
        words.append(
            f"The Sandbox takes JPEG, PNG, GIF and WebP pictures, and “{media.name}” is none of them."
        )
    if media.size > rules.IMAGE_SIZE.value:
        size = f"{media.size / 2**20:.1f} MB"
        words.append(f"“{media.name}” has {size}; the Sandbox takes {rules.IMAGE_SIZE.value // 2**20} MB.")
    if len(media.alt) > rules.ALT.value:
        most = f"{rules.ALT.value:,} characters"
        words.append(f"The description of “{media.name}” is longer than the {most} that the Sandbox takes.")
    return words


def _address(post: SandboxPost) -> str:
    return f"/sandbox/{post.account.handle}/{post.pk}/"


def _published(post: SandboxPost) -> Published:
    return Published(remote_id=str(post.pk), url=_address(post))
