"""Publishing to the Sandbox. It is a network although it lives in our own database: the adapter talks to it in a
transaction of its own, and the caller must not be inside one.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import IntegrityError, transaction

from quarterdeck.channels.contract import Capabilities, Limit, Published, Refused
from quarterdeck.channels.sandbox import limits
from quarterdeck.channels.sandbox.models import SandboxAccount, SandboxPost
from quarterdeck.core import clock


class SandboxAdapter:
    """Speaks for one Sandbox account, named by its handle."""

    network: ClassVar[str] = "sandbox"
    title: ClassVar[str] = "Sandbox"
    capabilities: ClassVar[Capabilities] = Capabilities(same_key_once=True, can_find=True, sureness="proved")
    limits: ClassVar[tuple[Limit, ...]] = (limits.TEXT,)

    def __init__(self, handle: str) -> None:
        self.handle = handle

    def validate(self, text: str) -> list[str]:
        """Why the Sandbox would refuse this text, in sentences; empty when it would take it."""
        words = []
        if not text.strip():
            words.append("There is no text yet.")
        over = len(text) - limits.TEXT.value
        if over > 0:
            unit = "character" if over == 1 else "characters"
            words.append(f"It is {over} {unit} over the {limits.TEXT.value} that the Sandbox takes.")
        return words

    def publish(self, client_key: str, text: str) -> Published:
        """Post once per key: the second call with a key answers with the first one's post. Raises Refused."""
        problems = self.validate(text)
        if problems:
            raise Refused(" ".join(problems))
        account = SandboxAccount.objects.filter(handle=self.handle).first()
        if account is None:
            raise Refused(f"There is no account @{self.handle} on the Sandbox any more.")
        try:
            with transaction.atomic():
                post = SandboxPost.objects.create(
                    account=account, client_key=client_key, text=text, posted_at=clock.now()
                )
        except IntegrityError:
            post = SandboxPost.objects.select_related("account").get(client_key=client_key)
        return _published(post)

    def find(self, client_key: str) -> Published | None:
        """The post made with this key, or None."""
        post = SandboxPost.objects.select_related("account").filter(client_key=client_key).first()
        return _published(post) if post else None


def _published(post: SandboxPost) -> Published:
    return Published(remote_id=str(post.pk), url=f"/sandbox/{post.account.handle}/{post.pk}/")
