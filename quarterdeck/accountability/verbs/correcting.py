"""Correcting in the open: every channel where the post is out is edited, answered, replaced, or left with a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from quarterdeck import ledger
from quarterdeck.accountability import noting, rows, telling, ways
from quarterdeck.accountability.models import (
    NOTE_LENGTH,
    PART_LENGTH,
    REASON_LENGTH,
    Correction,
    Coverage,
    How,
    Level,
    Slip,
)
from quarterdeck.accountability.noting import Parts
from quarterdeck.accountability.rows import NOT_SAID, locked, record
from quarterdeck.accountability.verbs import owning, settling
from quarterdeck.accountability.verbs.inside import tell_inside
from quarterdeck.accountability.ways import text_key
from quarterdeck.changes import verbs as changes
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing import clearing, policies
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import OPEN, Delivery, DeliveryState, Post
from quarterdeck.publishing.verbs.labels import MOST_MINUTES, label_post

LINE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Cover:
    """How one channel is corrected, and the reason where it is left."""

    how: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A correction as it was decided. `texts` are the right words by what says them: "" the common text, else a
    channel's id in hexadecimal, each a list of its parts. `covers` has each channel by its id. `line` stands below
    an edited text; `note` is what a reply says, and what comes before a text that is posted again."""

    parts: Parts
    covers: Mapping[UUID, Cover]
    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    note: str = ""
    line: str = ""
    listed: bool = False
    tell: telling.Told | None = None


@verb
def correct(slip: Slip, *, by: Member, given: Given) -> Correction:
    """Correct a slip on every channel where its post is out; those affected inside are told in the same act.

    Raises Invalid where a channel is neither corrected nor left with a reason, or cannot be corrected so; Conflict when
    somebody else sees to it, or it was corrected already. Then nothing was done on any channel.
    """
    slip = locked(slip)
    _must_be_theirs(slip, by)
    _must_be_out(slip.post)
    parts, note, line = _words(slip, given)
    standing = ways.standing(slip.post)
    covers = _covered(standing, given.covers, note)
    correction = Correction(
        slip=slip,
        note=note,
        made_at=clock.now(),
        listed=given.listed,
        ledger_event_id=ids.new(),
        wrong=parts.wrong,
        why=parts.why,
        fix=parts.fix,
        prevention=parts.prevention,
    )
    correction.save(force_insert=True)
    fields = {how.value: sum(one.how == how for one in covers.values()) for how in How}
    fields |= {"listed": given.listed, "note": note, "wrong": parts.wrong}
    ledger.record(
        "accountability.correction.made",
        actor=by,
        about=correction,
        fields=fields,
        event_id=correction.ledger_event_id,
    )
    if given.tell is not None and slip.told_at is None:
        tell_inside(slip, by=by, told=given.tell)
        slip.refresh_from_db(fields=["told_at", "told"])
    _carry_out(correction, by, standing, covers, given.texts, line)
    _began(slip, by, len(covers))
    if all(one.done for one in ways.stands(slip)):  # nothing is on its way anywhere
        settling.settle(slip)
    return correction


def _began(slip: Slip, by: Member, channels: int) -> None:
    slip.corrected_at = clock.now()
    event_id = rows.save(slip, "corrected_at")
    fields = {
        "level": int(slip.level),
        "trace_at": slip.trace_at,
        "trace_basis": str(slip.trace_basis),
        "channels": channels,
    }
    record(slip, "accountability.slip.corrected", by, fields, event_id)
    telling.corrected(slip, by=by)


def _must_be_theirs(slip: Slip, by: Member) -> None:
    if slip.corrected_at is not None:
        raise Conflict("It was corrected already.", next_step="Its page shows how each channel stands.")
    if slip.owner_id is None or (slip.owner.left_at is not None and slip.owner_id != by.pk):
        owning.own(slip, by=by)
        slip.refresh_from_db()
    elif slip.owner_id != by.pk:
        raise Conflict(
            f"{slip.owner} sees to it now.",
            not_done=NOT_SAID,
            next_step="Ask for it: it can be offered to you, and you take it over.",
        )


def _must_be_out(post: Post) -> None:
    """What is still to go out would go out wrong, and nobody has decided about what may be out."""
    rows_ = list(post.deliveries.select_related("channel").prefetch_related("settlements"))
    if (coming := next((row for row in rows_ if row.state in OPEN), None)) is not None:
        raise Conflict(
            f"It is still to go out with these words on {coming.channel.name}.",
            not_done="Nothing was corrected on any channel; what you wrote is still in the page.",
            next_step="Take it off the plan there first, or say what became of it; the post’s page offers that.",
        )
    unknown = (row for row in rows_ if row.state == DeliveryState.AMBIGUOUS and row.settled is None)
    if (row := next(unknown, None)) is not None:
        raise Conflict(
            f"It is not known yet whether it is out on {row.channel.name}.",
            not_done="Nothing was corrected on any channel; what you wrote is still in the page.",
            next_step="The post’s page shows what is looked for; say there what you found.",
        )


def _words(slip: Slip, given: Given) -> tuple[Parts, str, str]:
    wanted = "Please say in a sentence what was wrong."
    parts = Parts(
        rows.cleaned(given.parts.wrong, "wrong", PART_LENGTH, wanted),
        *(rows.cleaned(getattr(given.parts, name), name, PART_LENGTH) for name in noting.PARTS[1:]),
    )
    note = rows.cleaned(given.note, "note", NOTE_LENGTH)
    line = rows.cleaned(given.line, "line", LINE_LENGTH)
    open_ways = {one.how for one in given.covers.values()}
    if slip.level >= Level.WRONG and slip.told_at is None and given.tell is None:
        raise Invalid(
            "Those who stood behind it hear it before the public, or with it.",
            not_done=NOT_SAID,
            fields={"tell": "Please choose who is told inside."},
        )
    if slip.level >= Level.WRONG and How.EDIT in open_ways and not line:
        raise Invalid(
            "An edit says that it is one.",
            not_done=NOT_SAID,
            fields={"line": "Please write the line that stands below the text: what was corrected."},
        )
    return parts, note, line


def _covered(
    standing: Mapping[UUID, list[Delivery]], given: Mapping[UUID, Cover], note: str
) -> dict[UUID, Cover]:
    """The ways by channel, each possible. Invalid, with a sentence for each channel, when one is left out."""
    wrong: dict[str, str] = {}
    covers: dict[UUID, Cover] = {}
    for pk, found in standing.items():
        name, cover = f"how-{pk.hex}", given.get(pk)
        if cover is None or cover.how not in How.values:
            wrong[name] = f"Please say how it is corrected on {found[0].channel.name}, or why it is left."
            continue
        if words := _refused(found, cover):
            wrong[name] = words
        reason = rows.cleaned(cover.reason, f"reason-{pk.hex}", REASON_LENGTH)
        if cover.how == How.LEAVE and not reason:
            wrong[f"reason-{pk.hex}"] = f"Please say why it is left as it is on {found[0].channel.name}."
        covers[pk] = Cover(cover.how, reason if cover.how == How.LEAVE else "")
    if {one.how for one in covers.values()} & {How.REPLY, How.REPOST} and not note:
        wrong["note"] = "Please write what is said in public."
    if wrong:
        raise Invalid(
            "Every channel where it is out is corrected, or left with a reason.",
            not_done="Nothing was corrected on any channel; what you wrote is still in the page.",
            fields=wrong,
        )
    return covers


def _refused(found: list[Delivery], cover: Cover) -> str:
    return next((way.why for way in ways.offered_for(found) if way.how == cover.how and not way.allowed), "")


# --- what is done on the channels -----------------------------------------------------------------------


def _carry_out(
    correction: Correction,
    by: Member,
    standing: Mapping[UUID, list[Delivery]],
    covers: Mapping[UUID, Cover],
    texts: Mapping[str, Sequence[str]],
    line: str,
) -> None:
    post, now = correction.slip.post, clock.now()
    made: dict[UUID, Post | None] = dict.fromkeys(covers)
    of = {how: [pk for pk, one in covers.items() if one.how == how] for how in How}
    replaced = _parts(post, of[How.REPOST], texts)
    if of[How.EDIT]:
        _edit(post, by, {pk: standing[pk] for pk in of[How.EDIT]}, texts, line)
    if of[How.REPLY]:
        reply = changes.answer([standing[pk][-1] for pk in of[How.REPLY]], by=by, text=correction.note)
        _send(reply, by, post)
        made |= dict.fromkeys(of[How.REPLY], reply)
    for pk in of[How.REPOST]:
        reason = f"Posted again, corrected: {correction.wrong}"[:500]
        changes.remove(standing[pk], by=by, reason=reason)
        made[pk] = _repost(post, by, standing[pk][0], replaced[pk], correction.note)
    for pk, cover in covers.items():
        kept = {
            "how": cover.how,
            "reason": cover.reason,
            "post": made[pk],
            "begun_at": now,
            "done_at": now if cover.how == How.LEAVE else None,
            "ledger_event_id": correction.ledger_event_id,
        }
        Coverage.objects.update_or_create(correction=correction, channel_id=pk, defaults=kept)


def _parts(
    post: Post, channels: Sequence[UUID], texts: Mapping[str, Sequence[str]]
) -> dict[UUID, list[dict]]:
    """The parts as these channels are to say them: the right words, the pictures as they were."""
    found = {}
    for pk in channels:
        old = post.parts_on(pk)
        new = texts.get(text_key(post, pk)) or [part["text"] for part in old]
        found[pk] = [
            {"text": text, "images": old[number]["images"] if number < len(old) else []}
            for number, text in enumerate(new)
        ]
    return found


def _edit(
    post: Post,
    by: Member,
    standing: Mapping[UUID, list[Delivery]],
    texts: Mapping[str, Sequence[str]],
    line: str,
) -> None:
    """One edit for each text: the channels that share it change together."""
    groups: dict[str, list[UUID]] = {}
    for pk in standing:
        groups.setdefault(text_key(post, pk), []).append(pk)
    for key, channels in groups.items():
        parts = list(texts.get(key) or [part["text"] for part in post.parts_on(channels[0])])
        rows_ = [standing[pk][0].channel for pk in channels]
        changes.edit(post, by=by, parts=parts, channels=rows_, note=line)


def _repost(post: Post, by: Member, row: Delivery, parts: list[dict], note: str) -> Post:
    """The right words under an explanation, as a post of its own that is approved like any other."""
    first, *following = parts
    known = [
        {name: image[name] for name in ("file", "alt", "none") if name in image} for image in first["images"]
    ]
    new = publishing.draft(
        by,
        brand=post.brand,
        text=f"{note}\n\n{first['text']}".strip(),
        images=known,
        following=following,
        channels=[row.channel],
        kind=post.kind,
        language=post.language,
    )
    _send(new, by, post)
    return new


def _send(new: Post, by: Member, like: Post) -> None:
    """Send it as soon as it may: now where `by` may approve it alone, else when it is approved within a day."""
    label_post(new, by=by, labels=list(like.labels.all()), latest_minutes=MOST_MINUTES)
    new.refresh_from_db()
    progress = clearing.progress(new)
    publishing.ask_approval(new, by=by)
    if by.may("publishing.post.approve") and policies.may_speak(progress, by, new.author):
        publishing.approve(new, by=by, text_hash=new.text_hash)
    if clearing.clearance(new):
        publishing.publish_now(new, by=by)
        return
    soon = (clock.now() + timedelta(minutes=1, seconds=59)).astimezone(by.workspace.zone)
    publishing.schedule(
        new, by=by, when=soon.replace(tzinfo=None, second=0, microsecond=0, fold=0), fold=soon.fold
    )


@verb
def reroute(slip: Slip, *, by: Member, channel: UUID, cover: Cover) -> Coverage:
    """Correct one channel another way, where the first did not work: reply, post again, or leave it with a reason. It
    is posted again with what the post says by now, so only where an edit has given it the right words.

    Raises NotFound for a channel the correction does not have, Conflict where it is done or still on its way, Invalid
    for a way that the network does not allow.
    """
    slip = locked(slip)
    found = next((one for one in ways.stands(slip) if one.coverage.channel_id == channel), None)
    if found is None:
        raise NotFound("This correction has no such channel.")
    if not found.trouble:
        raise Conflict("Nothing is in its way there.", next_step="Its page shows what it waits for.")
    if cover.how == How.REPOST and not found.reworded:
        raise Invalid(
            f"The post itself still says what was wrong on {found.coverage.channel.name}, so it cannot be posted again "
            "from here.",
            not_done="Nothing was taken down or posted there.",
            next_step="Take it down on the post’s page, write a new post with the right words, and leave it here with "
            "that as the reason.",
            fields={"how": "Please choose another way."},
        )
    correction = Correction.objects.select_related("slip").get(slip=slip)
    correction.slip = slip
    standing = {pk: rows_ for pk, rows_ in ways.standing(slip.post).items() if pk == channel}
    if cover.how == How.EDIT or (not standing and cover.how != How.LEAVE):
        raise Invalid("That is not possible there any more.", fields={"how": "Please choose another way."})
    covers = _covered(standing, {channel: cover}, correction.note) if standing else {channel: cover}
    before = found.coverage.how
    correction.ledger_event_id = ids.new()
    _carry_out(correction, by, standing, covers, {}, "")
    ledger.record(
        "accountability.correction.rerouted",
        actor=by,
        about=correction,
        fields={"before": str(before), "how": str(cover.how), "reason": covers[channel].reason},
        event_id=correction.ledger_event_id,
    )
    if all(one.done for one in ways.stands(slip)):
        settling.settle(slip)
    return Coverage.objects.get(correction=correction, channel=channel)
