"""Pointing out that something is wrong in a post that is out, settling how bad it is, and saying it is no mistake."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quarterdeck import ledger
from quarterdeck.accountability import reads, rows, telling
from quarterdeck.accountability.models import (
    MOST_FLAGS,
    REASON_LENGTH,
    Basis,
    Ended,
    Flag,
    Slip,
    Way,
)
from quarterdeck.accountability.rows import Said, locked, record
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member, SignedLink
from quarterdeck.publishing.models import Post


@verb
def flag(post: Post, *, by: Member, said: Said, quiet: bool = False) -> Slip:
    """Point out that something is wrong in a post that is out. While its slip is open, every flag joins it. `quiet`:
    whoever says so corrects it in the same act, so nobody is asked to.

    Raises Conflict for a post that is not out, Invalid without words, or for a time in the future or before it was out.
    """
    return _flag(post, said, actor=by, way=Way.PAGE, basis=Basis.FLAGGED, flag={"member": by}, quiet=quiet)


@verb
def flag_by_link(post: Post, *, by: SignedLink, said: Said) -> Slip:
    """The same, from somebody outside by a signed link."""
    return _flag(post, said, actor=by, way=Way.LINK, basis=Basis.FLAGGED, flag={"link": by})


@verb
def flag_by_mail(post: Post, *, sender: str, member: Member | None, said: Said) -> Slip:
    """The same, by mail; the clock starts when that was sent (`said.noticed_at`). `member` where the sender is one."""
    actor = member or ledger.system(post.workspace_id)
    flag = {"member": member, "sender": "" if member else sender[:254]}
    return _flag(post, said, actor=actor, way=Way.MAIL, basis=Basis.MAILED, flag=flag)


@verb
def flag_by_system(post: Post, *, said: Said) -> Slip:
    """The same, because a signal says so: numbers, a link that died. For rooms that watch."""
    actor = ledger.system(post.workspace_id)
    return _flag(post, said, actor=actor, way=Way.SYSTEM, basis=Basis.SEEN, flag={})


def _flag(
    post: Post, said: Said, *, actor: Any, way: str, basis: str, flag: dict, quiet: bool = False
) -> Slip:
    text, level, now = rows.what(said.text), rows.checked_level(said.level), clock.now()
    post = (
        Post.objects.select_for_update(of=("self",))
        .select_related("workspace", "brand", "answerable__user")
        .get(pk=post.pk)
    )
    at, found_basis = rows.trace(said, post, now, basis)
    if way == Way.MAIL and found_basis == Basis.NOTICED:
        found_basis = Basis.MAILED
    slip = Slip.objects.select_for_update(of=("self",)).filter(post=post, ended_at__isnull=True).first()
    joins = slip is not None
    slip = _join(slip, level, at, found_basis) if slip else _begin(post, text, level, at, found_basis, now)
    _keep(slip, said, text, level, way, now, flag)
    fields = {
        "level": int(level),
        "way": str(way),
        "first_noticed_at": said.noticed_at,
        "trace_at": slip.trace_at,
        "trace_basis": str(slip.trace_basis),
        "joins": joins,
        "text": text,
    }
    record(slip, "accountability.slip.flagged", actor, fields)
    if not quiet:
        telling.flagged(slip, text, by=flag.get("member"), joins=joins)
    return slip


def _begin(post: Post, text: str, level: int, at: datetime, basis: str, now: datetime) -> Slip:
    slip = Slip(
        workspace=post.workspace,
        post=post,
        level=level,
        what=text,
        trace_at=at,
        trace_basis=basis,
        flagged_at=now,
        ledger_event_id=ids.new(),
    )
    slip.save(force_insert=True)
    rows.announce(slip)
    return slip


def _join(slip: Slip, level: int, at: datetime, basis: str) -> Slip:
    """One more voice: an earlier trace moves the clock back, a worse level counts until it is settled."""
    if at < slip.trace_at:
        slip.trace_at, slip.trace_basis = at, basis
    slip.level = max(slip.level, level)
    rows.save(slip, "trace_at", "trace_basis", "level")
    return slip


def _keep(slip: Slip, said: Said, text: str, level: int, way: str, now: datetime, flag: dict) -> None:
    if slip.flags.count() >= MOST_FLAGS:
        raise Conflict(
            f"{MOST_FLAGS} people have pointed this out already.",
            not_done="Your words were not added.",
            next_step="The team knows, and sees to it.",
        )
    Flag.objects.create(
        slip=slip,
        text=text,
        level=level,
        way=way,
        noticed_at=said.noticed_at,
        flagged_at=now,
        ledger_event_id=slip.ledger_event_id,
        **flag,
    )


@verb
def judge(slip: Slip, *, by: Member, level: int) -> Slip:
    """Settle how bad it is. Conflict once its correction has begun."""
    slip = locked(slip)
    rows.checked_level(level)
    _before_the_correction(slip)
    before, slip.level = slip.level, level
    event_id = rows.save(slip, "level")
    record(slip, "accountability.slip.judged", by, {"level": int(level), "before": int(before)}, event_id)
    return slip


@verb
def trace_back(slip: Slip, *, by: Member, key: str) -> Slip:
    """Something said earlier in another room was about this: the clock starts there. Conflict where it is not earlier,
    or the correction has begun."""
    slip = locked(slip)
    _before_the_correction(slip)
    found = next((one for one in reads.earlier(slip) if one.key == key), None)
    if found is None:
        raise Conflict("That was not said before the earliest trace.", next_step="Look at the page again.")
    slip.trace_at, slip.trace_basis = found.at, Basis.SAID
    event_id = rows.save(slip, "trace_at", "trace_basis")
    fields = {"trace_at": found.at, "trace_basis": str(Basis.SAID)}
    record(slip, "accountability.slip.traced", by, fields, event_id)
    return slip


@verb
def withdraw(slip: Slip, *, by: Member, reason: str) -> Slip:
    """It was not a mistake, and why: whoever pointed it out reads the reason. Invalid without one."""
    reason = rows.cleaned(
        reason, "reason", REASON_LENGTH, "Please say in a sentence why it is right as it is."
    )
    slip = locked(slip)
    _before_the_correction(slip)
    telling.withdrawn(slip, reason, by=by)
    event_id = rows.end(slip, Ended.WITHDRAWN, reason)
    fields = {"level": int(slip.level), "reason": reason}
    record(slip, "accountability.slip.withdrawn", by, fields, event_id)
    return slip


def _before_the_correction(slip: Slip) -> None:
    if slip.corrected_at is not None:
        raise Conflict(
            "Its correction has begun.",
            next_step="Finish the correction, or point out what is wrong with it.",
        )
