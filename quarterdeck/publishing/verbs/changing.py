"""A post that is out gets other words. The text is cleared as any other; what is done with it on the networks is for
the room `changes`, whose verbs call this one inside theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

from quarterdeck import ledger
from quarterdeck.channels import adapters
from quarterdeck.channels.models import Channel
from quarterdeck.core import clock, ids
from quarterdeck.core.claims import wake
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing import carrying, clearing, content, policies, small_edits, telling
from quarterdeck.publishing.cleaning import said
from quarterdeck.publishing.models import Ask, Clearance, Delivery, DeliveryState, Post
from quarterdeck.publishing.rows import (
    WAKE,
    approval,
    end_ask,
    keep_version,
    locked,
    whole_text,
)
from quarterdeck.publishing.verbs.approval import approve

NOT_DONE = "Nothing was changed; what you wrote is still in the page."


@verb
def reword(
    post: Post, *, by: Member, parts: Sequence[str], channels: Sequence[Channel], note: str = ""
) -> Post:
    """Give a post that is out on these channels other words there, as a new version; its pictures stay. `parts` are the
    texts in their order; `note` is for readers and stands below the last of them.

    On all channels that say the common words: these change. On some of them: they say it differently from now on.
    Cleared at once where the approval is carried over, where `by` may give it, and, where no policy holds, for a small
    edit; else the approval is asked for. Raises Invalid for what cannot be said there, Conflict while part of it is on
    its way.
    """
    post = locked(post)
    _must_be_settled(post)
    fields = said(post.workspace_id, _given(post, parts, channels, note))
    if fields["text_hash"] == post.text_hash:
        raise Invalid("It says this already.", not_done=NOT_DONE, fields={"text": "Please change the words."})
    now, event_id, stood = clock.now(), ids.new(), approval(post)
    end_ask(post, now, Ask.End.OVERTAKEN, event_id)
    for name, value in fields.items():
        setattr(post, name, value)
    post.version += 1
    post.changed_at, post.changed_by, post.ledger_event_id = now, by, event_id
    post.save()
    keep_version(post)
    _check(post, channels)
    cleared = _cleared(post, by, stood)
    told = {"text": whole_text(post), "channels": len(channels), "cleared": cleared is not None}
    ledger.record("publishing.post.reworded", actor=by, about=post, fields=told, event_id=event_id)
    if cleared is None:
        _ask(post, by)
    wake(WAKE)
    return post


def _ask(post: Post, by: Member) -> None:
    event_id = ids.new()
    Ask.objects.create(
        post=post, text_hash=post.text_hash, asked_by=by, asked_at=clock.now(), ledger_event_id=event_id
    )
    fields = {"text_hash": post.text_hash}
    ledger.record("publishing.post.asked", actor=by, about=post, fields=fields, event_id=event_id)
    telling.asked(post, by)


def _check(post: Post, channels: Sequence[Channel]) -> None:
    """Raises Invalid, with the network's own reasons, when one of them would refuse the new words. Whether a picture
    may still be used is not asked: it stands there already."""
    for channel in channels:
        adapter = adapters.unsigned(channel)
        for part in content.contents(post, channel):
            if words := adapter.validate(part):
                raise Invalid(
                    f"{channel.name} on {channel.title} would refuse this. {' '.join(words)}",
                    not_done=NOT_DONE,
                    next_step="Change it, then try again.",
                    fields={"text": " ".join(words)},
                )


def _must_be_settled(post: Post) -> None:
    rows = list(post.deliveries.select_related("channel").prefetch_related("settlements"))
    states = {row.state for row in rows}
    if DeliveryState.SENDING in states:
        raise Conflict("It is being sent at this moment.", next_step="Look again in a few seconds.")
    if (handed := _first(rows, lambda row: row.state == DeliveryState.HANDED)) is not None:
        raise Conflict(
            f"It was handed out to be posted by hand on {handed.channel.name}.",
            next_step="Say first whether it was posted.",
        )
    if (unknown := _first(rows, lambda row: row.looking or _undecided(row))) is not None:
        raise Conflict(
            f"It is not known yet whether it is out on {unknown.channel.name}.",
            next_step="The post’s page shows what is looked for; say there what you found.",
        )


def _undecided(row: Delivery) -> bool:
    return row.state == DeliveryState.AMBIGUOUS and row.settled is None


def _first(rows: Sequence[Delivery], fits) -> Delivery | None:
    return next((row for row in rows if fits(row)), None)


def _given(post: Post, parts: Sequence[str], channels: Sequence[Channel], note: str) -> dict:
    """Everything the post says with the new words on these channels."""
    rows = post.deliveries.select_related("channel").prefetch_related("settlements")
    stands = {row.channel_id for row in rows if row.stands}
    wanted = {channel.pk for channel in channels}
    if not wanted or wanted - stands:
        raise Invalid(
            "It does not stand on every channel that was chosen.",
            not_done=NOT_DONE,
            next_step="Choose among the channels where it is out.",
        )
    texts = (
        [*parts[:-1], f"{parts[-1].rstrip()}\n\n{note.strip()}"] if note.strip() and parts else list(parts)
    )
    own = {c.pk.hex: _with_words(post.parts_on(c.pk), texts, c.name) for c in channels}
    common = post.parts
    say_common = {pk for pk in stands if pk.hex not in post.overrides}
    all_of_them = say_common <= wanted if say_common else wanted == stands
    if all_of_them and len(common) == len(texts):
        common = _with_words(common, texts, "")  # what says the same as all is no longer said apart
    first, *following = common
    return {
        "text": first["text"],
        "images": first["images"],
        "following": following,
        "overrides": post.overrides | own,
        "kind": post.kind,
        "language": post.language,
        "card": post.card,
    }


def _with_words(current: Sequence[dict], texts: Sequence[str], where: str) -> list[dict]:
    if len(current) != len(texts):
        had = f"{len(current)} part{'s' * (len(current) != 1)}"
        raise Invalid(
            f"It has {had} on {where}. A change can neither add parts nor leave any out.",
            not_done=NOT_DONE,
            fields={"text": f"Please give the words of {had}."},
        )
    return [part | {"text": text} for part, text in zip(current, texts, strict=True)]


def _cleared(post: Post, by: Member, stood: Clearance | None) -> Clearance | None:
    """The clearance of the new words, where it need not be waited for."""
    if (found := clearing.clearance(post)) is not None:
        return found  # it says again what was cleared before
    if stood is not None and (kept := carrying.carry(post, stood, by)) is not None:
        return kept
    if clearing.rules_for(post).unwritten and stood is not None and _is_small_everywhere(post, stood):
        telling.reworded(
            post, by
        )  # nobody wrote a rule: a typo is corrected at once, more is read by somebody first
        return Clearance.objects.create(
            post=post, text_hash=post.text_hash, cleared_at=clock.now(), ledger_event_id=post.ledger_event_id
        )
    if policies.may_speak(clearing.progress(post), by, post.author):
        approve(post, by=by, text_hash=post.text_hash)
    return clearing.clearance(post)


def _is_small_everywhere(post: Post, stood: Clearance) -> bool:
    """Whether on each channel the new words differ so little from those that people read (`small_edits`)."""
    read = carrying.read_by_people(stood)
    if read is None:
        return False
    was, now = (dict(one.besides) for one in (read, post))
    before, after = was.pop("overrides", {}), now.pop("overrides", {})
    return was == now and all(
        small_edits.is_small(before.get(place, read.parts), after.get(place, post.parts))
        for place in {"", *before, *after}
    )
