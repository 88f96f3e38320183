"""The lint rail of one draft: the pure checks, and what only the workspace knows: its links, its past, its rights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from django.urls import reverse

from quarterdeck.channels.models import Channel, RemotePost
from quarterdeck.core import clock, registries
from quarterdeck.core.registries import LintDraft, LintItem, LintText
from quarterdeck.crew.models import Member
from quarterdeck.publishing import kinds, lint, vocabulary
from quarterdeck.publishing.models import Kind, LinkedPage, Post
from quarterdeck.studio import reads as studio

PAST = timedelta(days=90)
_MOST_PAST = 500  # of our own posts, and of those found on the networks


def of(
    who: Member,
    common: Sequence[dict],
    own: Mapping[str, Sequence[dict]],
    channels: Sequence[Channel],
    post: Post | None = None,
    kind: str = "",
) -> list[LintItem]:
    """Everything there is to say of these parts ({"key", "text", "images"}) on the chosen channels; `own` by the
    channel's id in hexadecimal. Nothing of a draft that says nothing yet."""
    draft = drafted(common, own, channels, post)
    if not any(part["text"].strip() or part["images"] for text in draft.texts for part in text.parts):
        return []
    found = lint.check(draft, vocabulary.words())
    found += _kinds(kind or (post.kind if post else Kind.POST), common, own, channels)
    found += _links(draft, who)
    found += _rights(draft, who)
    for _, another in registries.lint:
        found += another(draft, who)
    found += _before(draft, who)
    return sorted(found, key=lambda item: ("coral", "amber", "").index(item.tone))


def drafted(
    common: Sequence[dict], own: Mapping[str, Sequence[dict]], channels: Sequence[Channel], post: Post | None
) -> LintDraft:
    """The texts that would go out: the common one where any channel says it (or none is chosen), and each own one."""
    others = [channel for channel in channels if channel.pk.hex not in own]
    texts = []
    if others or not channels:
        texts.append(LintText(list(common), frozenset(c.network for c in others)))
    for channel in channels:
        if parts := own.get(channel.pk.hex):
            texts.append(LintText(list(parts), frozenset({channel.network}), channel.name))
    labels = frozenset(post.labels.values_list("name", flat=True)) if post else frozenset()
    return LintDraft(texts, labels, post.pk if post else None)


def _kinds(
    kind: str, common: Sequence[dict], own: Mapping[str, Sequence[dict]], channels: Sequence[Channel]
) -> Iterator[LintItem]:
    for channel in channels:
        parts = own.get(channel.pk.hex) or common
        if words := kinds.refusal(kinds.chosen(kind, parts), channel, parts):
            yield LintItem(words, "coral")


def links_of(draft: LintDraft) -> list[str]:
    """Every address in any of its texts, each once."""
    return list(dict.fromkeys(u for t in draft.texts for part in t.parts for u in lint.links(part["text"])))


def _links(draft: LintDraft, who: Member) -> Iterator[LintItem]:
    dead = {
        page.url: page
        for page in LinkedPage.of(who.workspace_id, links_of(draft)).filter(looked_at__isnull=False)
        if page.failure
    }
    for text in draft.texts:
        for part in text.parts:
            for url in lint.links(part["text"]):
                if page := dead.pop(url, None):
                    tone = "coral" if page.status else "amber"
                    yield LintItem(f"{page.failure}", tone, "Go there", f"text:{part['key']}")


def _rights(draft: LintDraft, who: Member) -> Iterator[LintItem]:
    """What stands against using its pictures, where the library knows."""
    if not draft.files:
        return
    today = clock.now().astimezone(who.workspace.zone).date()
    networks = {network for text in draft.texts for network in text.networks}
    for words in studio.concerns(who.workspace_id, draft.files, today, networks=networks).values():
        yield from (LintItem(one, "coral") for one in words)


def _before(draft: LintDraft, who: Member) -> Iterator[LintItem]:
    """Whether something like it was posted or written in the last 90 days."""
    said = [(text, lint.normalised(" ".join(p["text"] for p in text.parts))) for text in draft.texts]
    said = [(text, words) for text, words in said if words]
    if not said:
        return
    since, best = clock.now() - PAST, (0.0, "", "", "")
    for title, words, when, url in _past(who, since, draft):
        past = lint.normalised(words)
        share = max(lint.alike(now, past) for _, now in said)
        if share > best[0]:
            best = (share, title, when, url)
    share, title, when, url = best
    if share < lint.ALIKE:
        yield LintItem("No post like this in the last 90 days.", "")
    else:
        yield LintItem(f"It says nearly what “{title}” said, {when}.", "amber", "See it", url=url)


def _past(who: Member, since, draft: LintDraft) -> Iterator[tuple[str, str, str, str]]:
    zone, slug = who.workspace.zone, who.workspace.slug
    posts = Post.objects.filter(
        workspace=who.workspace_id, changed_at__gte=since, discarded_at__isnull=True
    ).exclude(pk=draft.post)
    for post in posts.order_by("-changed_at").only("id", "text", "following", "changed_at")[:_MOST_PAST]:
        words = " ".join(part["text"] for part in [{"text": post.text}, *post.following])
        at = f"changed on {_day(post.changed_at.astimezone(zone))}"
        yield post.short, words, at, reverse("publishing-post", kwargs={"workspace": slug, "pk": post.pk})
    remote = RemotePost.objects.filter(channel__workspace=who.workspace_id, posted_at__gte=since, ours=False)
    for one in remote.order_by("-posted_at").select_related("channel")[:_MOST_PAST]:
        at = f"posted on {_day(one.posted_at.astimezone(zone))}"
        yield str(one)[:40], one.text, at, one.url


def _day(local) -> str:
    return f"{local.day} {local:%B}"
