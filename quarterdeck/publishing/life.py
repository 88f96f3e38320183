"""One post's whole life: every event about it and about what belongs to it, in any room, oldest first and by role; and
the auditor's question answered from versions and clearances: which role approved it, and was it changed afterwards?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from quarterdeck.core import registries
from quarterdeck.crew.models import Member
from quarterdeck.crew.naming import by_role, of_role, starting, together
from quarterdeck.crew.permissions import Role
from quarterdeck.ledger import kinds
from quarterdeck.ledger import reads as ledger_reads
from quarterdeck.ledger.reads import Item
from quarterdeck.publishing import clearing, kin
from quarterdeck.publishing.models import Approval, Clearance, Delivery, Post, PostVersion

ROOMS = {
    "publishing": "Post",
    "review": "Comments and guests",
    "ideas": "Idea",
    "planning": "Calendar",
    "exchange": "Import",
    "crew": "Guest’s link",
    "changes": "Change",
    "accountability": "Slips and promises",
    "lessons": "Review of what happened",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One event of the life: its entry, the room in words, and where it was, for a delivery."""

    item: Item
    room: str
    where: str = ""

    @property
    def told(self) -> dict[str, object]:
        """What its fields said that tell nothing of a person."""
        return {
            name: said
            for name, said in self.item.fields.items()
            if not kinds.is_personal(self.item.kind, name)
        }


def told(post: Post, who: Member | None) -> list[Step]:
    """Oldest first. Each room says what of its own belongs to the post; the ledger is asked once for all of it."""
    pairs = [pair for _, belongs in registries.kin for pair in belongs(post)]
    found = ledger_reads.histories(pairs, who, workspace_id=post.workspace_id)
    found.reverse()  # of one second: in the order of the log
    where = kin.channels_of(post)
    return [
        Step(item, ROOMS.get(item.kind.split(".")[0], "Elsewhere"), where.get(item.about_id, ""))
        for item in sorted(found, key=lambda item: item.when)
    ]


def answer(post: Post, steps: Sequence[Step], zone: ZoneInfo) -> list[str]:
    """Who (which role) approved this, and was it changed afterwards? In sentences, the answer first, in `zone`."""
    cleared = list(Clearance.objects.filter(post=post).select_related("carried_from").order_by("cleared_at"))
    given = next((one for one in reversed(cleared) if one.carried_from is None), None)
    if given is None:
        waiting = Approval.objects.filter(post=post, withdrawn_at__isnull=True).exists()
        words = "Some approved it, not yet all that have to." if waiting else "Nobody has approved it."
        return [words, *_what_went_out(post, cleared)]
    voices = _voices(post, given, {step.item.event_id: step.item for step in steps})
    number = _version(post, given.text_hash, given.cleared_at)
    said = [f"{starting(voices)} approved version {number} of it, {_at(given.cleared_at, zone)}."]
    return [*said, _changed(post, given, cleared, zone), *_what_went_out(post, cleared)]


def _voices(post: Post, given: Clearance, items: dict[UUID, Item]) -> str:
    """By the roles they had then, as the ledger has them: "an approver and a lead"."""
    rows = Approval.objects.filter(post=post, text_hash=given.text_hash).select_related("approved_by")
    counted = rows.filter(approved_at__lte=given.cleared_at).order_by("approved_at")
    roles = []
    for row in counted:
        then = items.get(row.ledger_event_id)
        known = then is not None and then.actor in Role.values
        roles.append(of_role(then.actor) if known else by_role(row.approved_by))
    return together(roles) or "everybody who had to"


def _version(post: Post, text_hash: str, until: datetime) -> int:
    """The newest version with this text that was saved by then."""
    saved = PostVersion.objects.filter(post=post, text_hash=text_hash, saved_at__lte=until)
    return saved.order_by("-number").values_list("number", flat=True).first() or post.version


def _changed(post: Post, given: Clearance, cleared: Sequence[Clearance], zone: ZoneInfo) -> str:
    later = PostVersion.objects.filter(post=post, saved_at__gt=given.cleared_at).exclude(
        text_hash=given.text_hash
    )
    numbers = list(later.order_by("number").values_list("number", flat=True))
    stands = clearing.clearance(post)
    if stands is not None and not numbers:
        return "It was not changed afterwards: it says what was approved."
    if stands is not None and stands.text_hash == given.text_hash:
        return f"It was changed afterwards ({_numbered(numbers)}) and changed back: it says again what was approved."
    if stands is not None:
        return f"A small edit was made afterwards ({_numbered(numbers)}), which the policy lets keep the approval."
    if numbers and post.text_hash != given.text_hash:
        return f"It was changed afterwards ({_numbered(numbers)}), and what it says now is not approved."
    ended = next((one.ended_at for one in cleared if one.pk == given.pk), None)
    return f"That approval ended{f', {_at(ended, zone)}' if ended else ''}, and what it says now is not approved."


def _numbered(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"version {numbers[0]}"
    if len(numbers) > 4:
        return f"versions {numbers[0]} to {numbers[-1]}"
    return "versions " + ", ".join(map(str, numbers[:-1])) + f" and {numbers[-1]}"


def _what_went_out(post: Post, cleared: Sequence[Clearance]) -> list[str]:
    """Whether what left is what was approved; nothing while nothing is out."""
    out = [one for one in post.deliveries.prefetch_related("settlements") if one.is_out]
    if not out:
        return []
    if all(_made_outside(one) for one in out):
        return ["It was made outside and recorded here afterwards."]
    sent = [one.began_at or one.handed_at or one.ended_at for one in out]
    hashes = {row.text_hash for row in cleared}
    went = {_hash_at(post, at) for at in sent if at is not None}
    if went <= hashes:
        return ["What went out is what was approved."]
    return ["Not all that went out was approved here."]


def _made_outside(row: Delivery) -> bool:
    return row.said_by_id is not None and row.handed_at is None


def _hash_at(post: Post, at: datetime) -> str:
    """The text the post had at that instant."""
    saved = PostVersion.objects.filter(post=post, saved_at__lte=at).order_by("-number")
    return saved.values_list("text_hash", flat=True).first() or post.text_hash


def _at(when: datetime, zone: ZoneInfo) -> str:
    local = when.astimezone(zone)
    return f"on {local.day} {local:%B %Y at %H:%M} {zone.key}"
