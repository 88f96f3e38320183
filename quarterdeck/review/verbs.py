"""Asking somebody outside, commenting, suggesting, and what becomes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from quarterdeck import ledger, live
from quarterdeck.core import clock, ids
from quarterdeck.core.lines import is_line
from quarterdeck.core.problems import Conflict, Forbidden, Invalid, NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.crew import links
from quarterdeck.crew import verbs as crew
from quarterdeck.crew.models import Member
from quarterdeck.crew.rules import checked_email
from quarterdeck.publishing import clearing, policies
from quarterdeck.publishing import verbs as publishing
from quarterdeck.publishing.models import Post
from quarterdeck.review import anchors, telling
from quarterdeck.review.models import QUOTE_LENGTH, TEXT_LENGTH, WORD_LENGTH, Comment, Guest, topic
from quarterdeck.studio import reads as studio

PURPOSE = "review.post"
MOST_COMMENTS = 500  # of one post
MOST_GUESTS = 50  # of one post
NOT_SAID = "Nothing was saved; what you wrote is still in the page."


@dataclass(frozen=True, slots=True)
class Invited:
    """A guest, and the one moment at which their link is known."""

    guest: Guest
    token: str

    @property
    def url(self) -> str:
        return links.link_url(self.token)


@dataclass(frozen=True, slots=True)
class Target:
    """What a comment is about: nothing more (the whole post), words, a spot in an image, or a second of a video."""

    about: str = Comment.About.WHOLE
    part: int = 0
    quote: str = ""
    start: int = 0
    file: str = ""
    x: float | None = None
    y: float | None = None
    second: float | None = None


WHOLE = Target()


@verb
def invite(
    post: Post,
    *,
    by: Member,
    name: str = "",
    address: str = "",
    comment: bool = True,
    suggest: bool = True,
    approve: bool = False,
    until: datetime | None = None,
    required: bool = False,
) -> Invited:
    """Ask somebody without an account about a post. The link lets them read it and do what is said here. `required`:
    another room asks them because the post may not go out without them (`registries.requirements`).

    Raises Invalid without a name or an address, or for an approval that no policy would count; Forbidden when `by` may
    neither approve nor names a guest whom the policy itself asks.
    """
    address = checked_email(address) if address.strip() else ""
    name = " ".join(name.split())[:120] or address
    if not name or not is_line(name):
        raise Invalid(
            "Who is it for?",
            not_done="No link was made.",
            fields={"name": "Please give a name or an e-mail address."},
        )
    if Guest.objects.filter(post=post).count() >= MOST_GUESTS:
        raise Conflict(f"At most {MOST_GUESTS} links are made for a post.", not_done="No link was made.")
    if approve and not required:
        _check_approval(post, by, address)
    guest_id = ids.new()
    issued = crew.issue_link(by=by, purpose=PURPOSE, object_id=guest_id, label=name, expires_at=until)
    guest = Guest.objects.create(
        id=guest_id,
        workspace=by.workspace,
        post=post,
        link=issued.link,
        name=name,
        address=address,
        may_comment=comment or suggest,
        may_suggest=suggest,
        may_approve=approve,
        invited_by=by,
        invited_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    _record_invited(guest, by)
    live.announce(by.workspace_id, [topic(post.pk)])
    return Invited(guest, issued.token)


def _record_invited(guest: Guest, by: Member) -> None:
    fields = {
        "name": guest.name,
        "email": guest.address,
        "approve": guest.may_approve,
        "comment": guest.may_comment,
        "suggest": guest.may_suggest,
        "until": guest.link.expires_at,
    }
    event_id = guest.ledger_event_id
    ledger.record("review.guest.invited", actor=by, about=guest, fields=fields, event_id=event_id)


def _check_approval(post: Post, by: Member, address: str) -> None:
    rules = clearing.rules_for(post)
    if policies.names_guest(rules, address):
        return
    if rules.names:
        raise Invalid(
            f"The approval policy “{rules.names[0]}” does not ask this guest, so their approval would not count.",
            not_done="No link was made.",
            fields={"approve": "Let them comment only, or name their address in the policy."},
        )
    if not by.may(policies.APPROVE):
        raise Forbidden(
            "Only somebody who may approve can let a guest do so.",
            not_done="No link was made.",
            next_step="Let them comment, or ask a lead to invite them.",
        )


# --- what is said -------------------------------------------------------------------------------------


@verb
def comment(post: Post, *, by: Member | Guest, text: str, target: Target = WHOLE) -> Comment:
    """Say something of a post. Raises Invalid for no words, or a target that is not in the post."""
    said = _begin(post, by, text, target)
    said.ledger_event_id = ids.new()
    said.save()
    fields = {"text": said.text, "about": said.about, "answers": False}
    _record(said, by, "review.comment.written", fields)
    telling.commented(said)
    return said


@verb
def suggest(post: Post, *, by: Member | Guest, target: Target, instead: str, text: str = "") -> Comment:
    """Suggest other words for some of a post's. Raises Invalid when those are not in it, or nothing would change."""
    if len(instead) > QUOTE_LENGTH:
        words = f"Please suggest at most {QUOTE_LENGTH:,} characters."
        raise Invalid("That is too long.", not_done=NOT_SAID, fields={"instead": words})
    instead = instead.replace("\r\n", "\n").replace("\x00", "")
    said = _begin(post, by, text, target, needs_words=False)
    if not said.quote or said.quote == instead:
        raise Invalid(
            "There is nothing to suggest yet.",
            not_done=NOT_SAID,
            fields={"quote": "Please choose the words, and write what should stand there instead."},
        )
    said.instead, said.ledger_event_id = instead, ids.new()
    said.save()
    fields = {"text": said.text, "quote": said.quote, "instead": instead}
    _record(said, by, "review.comment.suggested", fields)
    telling.commented(said)
    return said


@verb
def reply(to: Comment, *, by: Member | Guest, text: str) -> Comment:
    """Answer a comment; answers are not answered themselves but stand in one row below it."""
    parent = to.parent or to
    said = _begin(parent.post, by, text, WHOLE)
    said.parent, said.ledger_event_id = parent, ids.new()
    said.save()
    fields = {"text": said.text, "about": said.about, "answers": True}
    _record(said, by, "review.comment.written", fields)
    telling.commented(said)
    return said


def _record(said: Comment, by: Member | Guest, kind: str, fields: dict) -> None:
    actor = by.link if isinstance(by, Guest) else by
    ledger.record(kind, actor=actor, about=said, fields=fields, event_id=said.ledger_event_id)
    live.announce(said.workspace_id, [topic(said.post_id)])


def _begin(post: Post, by: Member | Guest, text: str, target: Target, *, needs_words: bool = True) -> Comment:
    text = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if needs_words and not text:
        raise Invalid(
            "There is nothing in it yet.", not_done=NOT_SAID, fields={"text": "Please write a sentence."}
        )
    if len(text) > TEXT_LENGTH:
        words = f"Please write at most {TEXT_LENGTH:,} characters."
        raise Invalid("That is too long.", not_done=NOT_SAID, fields={"text": words})
    if post.discarded_at is not None:
        raise Conflict("This post was discarded.", not_done=NOT_SAID)
    if Comment.objects.filter(post=post).count() >= MOST_COMMENTS:
        raise Conflict(f"A post has at most {MOST_COMMENTS} comments.", not_done=NOT_SAID)
    said = Comment(
        workspace_id=post.workspace_id,
        post=post,
        version=post.version,
        member=by if isinstance(by, Member) else None,
        guest=by if isinstance(by, Guest) else None,
        text=text,
        said_at=clock.now(),
        about=target.about,
    )
    _pin(said, post, target)
    return said


def _pin(said: Comment, post: Post, target: Target) -> None:
    """Write on the comment what it is about, as it stands in the post now."""
    if target.about == Comment.About.PHRASE:
        quote = target.quote.replace("\r\n", "\n").strip()[:QUOTE_LENGTH]
        texts = [part["text"] for part in post.parts]
        place = anchors.find(texts, quote, part=target.part, start=target.start)
        if place is None:
            raise Invalid(
                "These words are not in the post.",
                not_done=NOT_SAID,
                fields={"quote": "Please copy them from the text as they stand there."},
            )
        said.part, said.start, said.quote = place.part, place.start, quote
        said.before, said.after = anchors.around(texts[place.part], place.start, place.end)
    elif target.about in {Comment.About.SPOT, Comment.About.SECOND}:
        spot = target.about == Comment.About.SPOT
        parts = [
            number
            for number, part in enumerate(post.parts)
            if any(i["file"] == target.file and bool(i.get("video")) != spot for i in part["images"])
        ]
        inside = (
            target.x is not None and target.y is not None and 0 <= target.x <= 1 and 0 <= target.y <= 1
            if spot
            else target.second is not None and 0 <= target.second <= _length(post, target.file)
        )
        if not parts or not inside:
            words = "Please choose a picture of this post and a place in it, or a video and a moment of it."
            raise Invalid("That is not in the post.", not_done=NOT_SAID, fields={"file": words})
        said.part, said.file, said.second = parts[0], target.file, target.second
        said.x, said.y = (target.x, target.y) if spot else (None, None)
    elif target.about != Comment.About.WHOLE:
        raise Invalid("That is not in the post.", not_done=NOT_SAID)


def _length(post: Post, file: str) -> float:
    """Seconds of a video, up to the next whole one, as players show it; 0 of what is none."""
    found = studio.files(post.workspace_id, [file]).get(file)
    return math.ceil(found.seconds or 0) if found else 0


# --- what becomes of it -------------------------------------------------------------------------------


def _locked(said: Comment) -> Comment:
    found = Comment.objects.select_for_update(of=("self",)).select_related("post__workspace").get(pk=said.pk)
    if found.parent_id is not None:
        raise NotFound("An answer belongs to its comment.", next_step="Resolve the comment itself.")
    return found


@verb
def resolve(said: Comment, *, by: Member) -> Comment:
    """It is seen to."""
    said = _locked(said)
    if said.resolved_at is not None:
        raise Conflict("It was resolved already.")
    said.resolved_at, said.ledger_event_id = clock.now(), ids.new()
    said.save(update_fields=["resolved_at", "ledger_event_id"])
    _record(said, by, "review.comment.resolved", {})
    return said


@verb
def reopen(said: Comment, *, by: Member) -> Comment:
    """It is not seen to after all."""
    said = _locked(said)
    if said.resolved_at is None:
        raise Conflict("It is open already.")
    said.resolved_at, said.ledger_event_id = None, ids.new()
    said.save(update_fields=["resolved_at", "ledger_event_id"])
    _record(said, by, "review.comment.reopened", {})
    return said


@verb
def take(said: Comment, *, by: Member) -> Post:
    """Put the suggested words into the post, with everything an edit means; the comment is resolved.

    Raises Conflict when the words it was about are gone, or it was decided already.
    """
    said = _undecided(said)
    post = Post.objects.select_related("workspace", "brand").get(pk=said.post_id)
    parts = post.parts
    known = {"part": said.part, "start": said.start, "before": said.before, "after": said.after}
    place = anchors.find([part["text"] for part in parts], said.quote, **known)
    if place is None:
        raise Conflict(
            "The words it was about are gone.",
            not_done="Nothing was changed.",
            next_step="Change the text yourself, or decline the suggestion.",
        )
    old = parts[place.part]["text"]
    parts[place.part] = parts[place.part] | {"text": old[: place.start] + said.instead + old[place.end :]}
    first, *following = parts
    edited = publishing.edit(
        post,
        by=by,
        version=post.version,
        text=first["text"],
        channels=list(post.channels.all()),
        images=first["images"],
        following=following,
    )
    _settle(said, by, Comment.Settled.TAKEN, "")
    _record(said, by, "review.comment.taken", {})
    telling.settled(said, by)
    return edited


@verb
def decline(said: Comment, *, by: Member, word: str) -> Comment:
    """Do not take a suggestion, with a word to whoever made it. Raises Invalid without one."""
    word = " ".join(word.split())[:WORD_LENGTH]
    if not word:
        raise Invalid("A word is needed.", fields={"word": "Please write to them in a few words why not."})
    said = _undecided(said)
    _settle(said, by, Comment.Settled.DECLINED, word)
    _record(said, by, "review.comment.declined", {"reason": word})
    telling.settled(said, by)
    return said


def _undecided(said: Comment) -> Comment:
    said = _locked(said)
    if not said.suggests:
        raise Conflict("That is no suggestion.", next_step="Answer it, or resolve it.")
    if said.settled:
        raise Conflict("This suggestion was decided already.")
    return said


def _settle(said: Comment, by: Member, how: str, word: str) -> None:
    said.settled, said.settled_at, said.settled_word = how, clock.now(), word
    said.resolved_at, said.ledger_event_id = said.settled_at, ids.new()
    said.save()
