"""Who inside has to hear of a mistake before or with the public: who stood behind the post, or had to do with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from quarterdeck.core import registries
from quarterdeck.core.registries import Concerned
from quarterdeck.crew.models import Member
from quarterdeck.publishing.models import Approval, Post

MOST = 60


@dataclass(frozen=True, slots=True)
class Person:
    """One of them, by a key that stays the same while the page is open. Without an address or a place in the workspace
    nobody can be told from here: `reachable` is False, and the page says so."""

    key: str
    name: str
    why: str
    member: Member | None
    address: str

    @property
    def reachable(self) -> bool:
        return bool(self.member or self.address)


def people(post: Post) -> list[Person]:
    """Each once, with everything they had to do with it; who has left the workspace is left out."""
    found: dict[str, Person] = {}
    for one in [*_own(post), *(one for _, ask in registries.concerned for one in ask(post))]:
        if one.member is not None and one.member.left_at is not None:
            continue
        key = one.member.pk.hex if one.member is not None else one.address or one.name
        known = found.get(key)
        why = one.why if known is None or one.why in known.why else f"{known.why} and {one.why}"
        why = known.why if known is not None and one.why in known.why else why
        found[key] = Person(key, one.name, why, one.member, one.address)
    return list(found.values())[:MOST]


def _own(post: Post) -> Iterator[Concerned]:
    given = Approval.objects.filter(post=post, withdrawn_at__isnull=True).select_related("approved_by__user")
    for one in given.order_by("approved_at"):
        yield Concerned(one.who, "approved it", one.approved_by, one.guest_address)
    yield Concerned(str(post.answerable), "answers for it", post.answerable)
