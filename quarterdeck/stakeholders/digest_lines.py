"""What of stakeholders stands in a weekly mail: what the department asked, what was decided, what is out and how it
went, what comes next, and where its own say is wanted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from quarterdeck.channels.models import Snapshot
from quarterdeck.core.registries import DigestFor, DigestLine
from quarterdeck.crew import links
from quarterdeck.publishing import clearing
from quarterdeck.publishing.models import Delivery, DeliveryState
from quarterdeck.shell.templatetags.shell import moment
from quarterdeck.stakeholders import theirs
from quarterdeck.stakeholders.models import (
    ConsultAsk,
    ExpertAnswer,
    Request,
    RequestAnswer,
    RequestPost,
    Stakeholder,
)

MOST = 30  # lines of a kind
AHEAD = timedelta(days=7)
WEEK_HOURS = 168
_ANSWERED = {
    RequestAnswer.What.ACCEPTED: "was accepted",
    RequestAnswer.What.PROPOSED: "is proposed another way",
    RequestAnswer.What.DECLINED: "was declined",
}


def lines(wanted: DigestFor) -> Iterable[DigestLine]:
    """In no order: the digest orders by part and time."""
    zone = wanted.workspace.zone
    yield from _asked(wanted, zone)
    yield from _wanted_of_them(wanted)
    yield from _decided(wanted)
    yield from _answered(wanted)
    yield from _posts(wanted, zone)
    yield from _results(wanted)


def _status(request: Request, stakeholder: Stakeholder) -> str:
    """The status page of a request, where this stakeholder asked for it: it is theirs alone."""
    mine = request.stakeholder_id == stakeholder.pk and request.link is not None and request.link.is_open()
    return links.link_url(request.token) if mine and request.token else ""


def _asked(wanted: DigestFor, zone: ZoneInfo) -> Iterator[DigestLine]:
    found = Request.objects.filter(
        department=wanted.department, asked_at__gte=wanted.since, asked_at__lt=wanted.until
    ).select_related("link")
    for one in found.order_by("asked_at")[:MOST]:
        waits = (
            f" The team answers by {moment(one.due_at, zone)}." if one.state == Request.State.ASKED else ""
        )
        words = f"“{one.short}” was asked for.{waits}"
        yield DigestLine("asked", words, one.asked_at, _status(one, wanted.stakeholder))


def _wanted_of_them(wanted: DigestFor) -> Iterator[DigestLine]:
    """Posts that wait for their department's say, as they were asked; those they can answer by their own link."""
    asks = ConsultAsk.objects.filter(
        consult__stakeholder=wanted.stakeholder,
        asked_at__gte=wanted.until - timedelta(days=28),
        asked_at__lt=wanted.until,
        consult__post__discarded_at__isnull=True,
    ).select_related("consult__guest__link", "consult__post", "consult__department")
    for one in asks.order_by("asked_at")[:MOST]:
        post = one.consult.post
        open_ = one.consult.guest.link.is_open() and one.text_hash == post.text_hash
        if open_ and clearing.clearance(post) is None and not _spoke(one):
            words = f"“{post.short}” waits for the say of {one.consult.department}: {one.why}."
            yield DigestLine("asked", words, one.asked_at, links.link_url(one.consult.token))


def _spoke(ask: ConsultAsk) -> bool:
    post, department = ask.consult.post, ask.consult.department_id
    about = {"text_hash": ask.text_hash, "link__guest__consult__department": department}
    return post.approvals.filter(**about).exists() or post.returns.filter(**about).exists()


def _decided(wanted: DigestFor) -> Iterator[DigestLine]:
    found = RequestAnswer.objects.filter(
        request__department=wanted.department,
        of_team=True,
        what__in=_ANSWERED,
        answered_at__gte=wanted.since,
        answered_at__lt=wanted.until,
    ).select_related("request__link")
    for one in found.order_by("answered_at")[:MOST]:
        week = f" for the week of {one.week.day} {one.week:%B}" if one.week else ""
        words = f"“{one.request.short}” {_ANSWERED[RequestAnswer.What(one.what)]}{week}."
        words += f" {one.reason}" if one.reason else ""
        yield DigestLine("decided", words[:500], one.answered_at, _status(one.request, wanted.stakeholder))


def _answered(wanted: DigestFor) -> Iterator[DigestLine]:
    found = ExpertAnswer.objects.filter(
        question__department=wanted.department,
        replaced_at__isnull=True,
        answered_at__gte=wanted.since,
        answered_at__lt=wanted.until,
    ).select_related("question")
    for one in found.order_by("answered_at")[:MOST]:
        first = " ".join(one.text.split())
        said = first if len(first) <= 160 else f"{first[:159].rstrip()}…"
        yield DigestLine(
            "decided", f"Your question “{one.question.short}” was answered: {said}", one.answered_at
        )


def _posts(wanted: DigestFor, zone: ZoneInfo) -> Iterator[DigestLine]:
    end = wanted.until + AHEAD
    found = theirs.entries_of(wanted.department, wanted.since, end, wanted.stakeholder)
    out = [one for one in found if one.state == "out" and one.due_at < wanted.until]
    urls = theirs.addresses_out(one.post_id for one in out)
    for one in out[:MOST]:
        words = f"“{one.title}” is out on {one.where}, {moment(one.due_at, zone)}."
        yield DigestLine("published", words, one.due_at, urls.get(one.post_id, ""))
    for one in [one for one in found if one.state != "out" and one.due_at >= wanted.until][:MOST]:
        name = f"“{one.title}”" if one.asked or one.state == "planned" else one.title
        sure = "" if one.state == "planned" else " It is not settled yet."
        yield DigestLine("next", f"{name} on {one.where}, {moment(one.due_at, zone)}.{sure}", one.due_at)


def _results(wanted: DigestFor) -> Iterator[DigestLine]:
    """The first-week numbers of posts they asked for that were taken in the span, raw as the network gave them."""
    joined = RequestPost.objects.filter(request__department=wanted.department, parted_at__isnull=True)
    rows = Delivery.objects.filter(
        post__in=joined.values("post"), state=DeliveryState.ACCEPTED, due_at__gte=_weeks_before(wanted.since)
    ).exclude(remote_id="")
    where = {(one.channel_id, one.remote_id): one for one in rows.select_related("post", "channel")[:200]}
    if not where:
        return
    taken = Snapshot.objects.filter(
        age_hours=WEEK_HOURS,
        taken_at__gte=wanted.since,
        taken_at__lt=wanted.until,
        gone=False,
        channel__in={channel for channel, _ in where},
        post__remote_id__in={remote for _, remote in where},
    ).select_related("post")
    for shot in taken.order_by("taken_at")[:MOST]:
        one = where.get((shot.channel_id, shot.post.remote_id))
        if one is not None and shot.counts:
            counts = ", ".join(f"{name} {count:,}" for name, count in shot.counts.items())
            words = f"“{one.post.short}” after its first week on {one.channel.name}: {counts}."
            yield DigestLine("results", words, shot.taken_at, one.url)


def _weeks_before(when: datetime) -> datetime:
    return when - timedelta(days=21)
