"""The demo's part on agreeing among departments: a conflict that a lead decided to keep, one that went through a
consent round with one objection, and one that waits this morning. Told after the departments of the demo are there."""

from __future__ import annotations

from datetime import datetime, timedelta

from quarterdeck.channels.models import Channel
from quarterdeck.consent import matters, options, reads, verbs
from quarterdeck.consent.models import Conflict, Round
from quarterdeck.core import clock
from quarterdeck.core.problems import Conflict as Nothing
from quarterdeck.crew.models import Brand, Member
from quarterdeck.desk.demo.cast import Cast
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post

LUNCH = ("The lunch card is new: six dishes, all before two o’clock.", "Sunday lunch begins at eleven now.")
TABLES = ("Forty new chairs, and the terrace opens.", "The long table can be booked for twelve.")
COOKS = ("We look for a second cook who likes mornings.", "What a morning in our kitchen looks like.")


def tell(cast: Cast, now: datetime) -> None:
    """About thirty acts within the last week, by the verbs that people use."""
    lead, author, brand, channel = cast.lead, cast.author, cast.brand, cast.channels[0]
    with clock.at(now - timedelta(days=6)):
        kept = _clash(author, brand, channel, COOKS, now + timedelta(days=11), minutes=20)
    if kept is not None:
        with clock.at(now - timedelta(days=6) + timedelta(hours=1)):
            verbs.keep(
                kept, by=lead, reason="They are one story told twice; the second post answers the first."
            )
    with clock.at(now - timedelta(days=5)):
        agreed = _clash(author, brand, channel, TABLES, now + timedelta(days=9), minutes=10)
    if agreed is not None:
        _agreed(lead, author, agreed, now)
    with clock.at(now - timedelta(hours=4)):
        _clash(author, brand, channel, LUNCH, now + timedelta(days=4), minutes=15)


def _clash(
    author: Member, brand: Brand, channel: Channel, texts: tuple[str, str], day: datetime, *, minutes: int
) -> Conflict | None:
    """Two posts planned within minutes, and what the system finds of them."""
    local = day.astimezone(author.workspace.zone).replace(hour=10, minute=5, second=0, tzinfo=None)
    posts = []
    for number, text in enumerate(texts):
        post = publishing.draft(author, brand=brand, text=text, channels=[channel])
        when = local + timedelta(minutes=number * minutes)
        publishing.schedule(post, by=author, when=when, fold=0)
        posts.append(post)
    return _of(posts, _look(author))


def _look(author: Member) -> list[Conflict]:
    try:
        return verbs.look(author.workspace)
    except Nothing:
        return []


def _of(posts: list[Post], found: list[Conflict]) -> Conflict | None:
    wanted = {one.pk for one in posts}
    return next((one for one in found if set(one.ids_of(Post.ledger_name)) == wanted), None)


def _agreed(lead: Member, author: Member, conflict: Conflict, now: datetime) -> None:
    """Three departments are asked, one objects and says what would do, and so it is done."""
    asked = {str(one.department): one for one in reversed(reads.can_be_heard(lead.workspace))}
    if not asked:
        return
    begun = now - timedelta(days=5) + timedelta(hours=2)
    with clock.at(begun):
        round_ = verbs.open_round(
            lead,
            title="The terrace first, the long table two days later",
            proposal="Both want the same morning. The terrace keeps it; the long table waits two days.",
            changes="Whoever wanted the long table seen before the weekend has it seen after.",
            last_day=(now - timedelta(days=3)).astimezone(lead.workspace.zone).date(),
            stakeholders=list(asked.values()),
            about=conflict.ledger_name,
            about_id=conflict.pk,
        )
    _answer(round_, begun)
    with clock.at(now - timedelta(days=2)):
        verbs.adopt(
            round_,
            by=lead,
            outcome="The terrace keeps the morning; the long table goes out the day after, not two days later.",
            answer="You are right: two days would be after the weekend. One day is enough.",
        )
    with clock.at(now - timedelta(days=2) + timedelta(minutes=5)):
        conflict = reads.conflict(lead.workspace, conflict.pk)
        way = next((one for one in options.of(matters.one(conflict)) if one.moves), None)
        if way is not None:
            verbs.settle(conflict, by=author, option=way.key)


def _answer(round_: Round, begun: datetime) -> None:
    first, *rest = round_.voices.select_related("link__workspace", "department").order_by("department__name")
    with clock.at(begun + timedelta(hours=3)):
        verbs.object_(
            first,
            by=first.link,
            reason="Two days later is after the weekend, and the table is for the weekend.",
            instead="One day later would do.",
        )
    for number, one in enumerate(rest):
        with clock.at(begun + timedelta(hours=5 + number)):
            verbs.consent(one, by=one.link)
