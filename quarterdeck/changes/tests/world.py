"""What the tests of changes start from: a post that is out on the Sandbox, and the loop turned by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterdeck.changes import intake, making, reads
from quarterdeck.changes.models import Change
from quarterdeck.channels.models import Channel
from quarterdeck.channels.sandbox.models import SandboxPost
from quarterdeck.core import clock
from quarterdeck.publishing import intake as deliveries
from quarterdeck.publishing import sending
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Delivery, Post
from quarterdeck.publishing.policies import Seat, Step
from quarterdeck.publishing.tests import world
from quarterdeck.publishing.tests.world import NOON, World
from quarterdeck.publishing.verbs.policies import Terms, make_policy

OUT = NOON + timedelta(minutes=1)
LATER = NOON + timedelta(minutes=10)
AFTER_LEASE = LATER + intake.LEASE + timedelta(seconds=1)


def out(
    *channels: Channel, text: str = "Nettle soup, 5 euros.", following=(), w: World | None = None
) -> tuple:
    """A workspace of two, and a post that went out on its Sandbox channel (or on these) a minute after noon."""
    w = w or world.two("UTC")
    with clock.at(NOON):
        post = publishing.draft(
            w.author, brand=w.brand, text=text, channels=channels or [w.channel], following=following
        )
        publishing.ask_approval(post, by=w.author)
        publishing.approve(post, by=w.approver, text_hash=post.text_hash)
        publishing.publish_now(post, by=w.author)
    for _ in range(4):
        send(OUT)
    post.refresh_from_db()
    return w, post


def send(at: datetime) -> None:
    """What the sending loop does once."""
    with clock.at(at):
        for batch in deliveries.claim(10, clock.now()):
            sending.work(batch)


def cycle(at: datetime) -> int:
    """What the loop of changes does once: claim, and work each. Returns how many were claimed."""
    with clock.at(at):
        found = intake.claim(10, clock.now())
        for claimed in found:
            making.work(claimed)
    return len(found)


def until_settled(change: Change, at: datetime, most: int = 20) -> datetime:
    """Cycle whenever something is due, until the change has ended or asks a person; the time it took until."""
    for _ in range(most):
        cycle(at)
        change.refresh_from_db()
        if change.ended_at or change.asks:
            return at
        with clock.at(at):
            at = max(at, reads.next_due())
    raise AssertionError(f"never settled: {change.state}")


def delivery(post: Post, channel: Channel | None = None, part: int = 0) -> Delivery:
    found = post.deliveries.select_related("channel", "post").filter(part=part)
    return (found.filter(channel=channel) if channel else found).get()


def there(channel: Channel) -> list[str]:
    """What stands on a Sandbox channel, oldest first; what was taken down is empty."""
    rows = SandboxPost.objects.filter(account__handle=channel.handle)
    return list(rows.order_by("posted_at", "pk").values_list("text", flat=True))


def policy(w: World, small: bool = False) -> None:
    """From now on the approver has to approve."""
    steps = [Step("Second pair of eyes", "any", (Seat("member", w.approver.pk.hex),))]
    make_policy(w.approver, terms=Terms("Two", steps, small_edits=small))
