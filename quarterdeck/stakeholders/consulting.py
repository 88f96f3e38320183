"""Which departments have a say on a post, asked of the rules and rows: what publishing requires of it
(`registries.requirements`), whom that makes us ask, and how it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from quarterdeck.channels.models import Channel
from quarterdeck.core import clock
from quarterdeck.core.deeds import listed
from quarterdeck.core.registries import Concerned, Requirement
from quarterdeck.crew.models import SignedLink
from quarterdeck.publishing import clearing, policies
from quarterdeck.publishing.models import Approval, Post, Return
from quarterdeck.stakeholders import matching
from quarterdeck.stakeholders.models import (
    Consult,
    ConsultAsk,
    ConsultRule,
    Department,
    Reader,
    Stakeholder,
    Waiver,
)
from quarterdeck.stakeholders.models.digests import DIGEST

MOST_ASKED = 10  # of one department about one post
ON_ITS_WAY = timedelta(minutes=10)  # a mail to them


@dataclass(slots=True)
class Say:
    """That a department has a say on a post. `first`: before the team is asked to approve."""

    department: Department
    why: list[str]
    first: bool

    @property
    def because(self) -> str:
        return listed(self.why)


def standing(workspace_id: UUID) -> list[ConsultRule]:
    """The rules that hold: those of departments that ended rest."""
    found = ConsultRule.objects.filter(workspace=workspace_id, retired_at__isnull=True)
    found = found.filter(department__ended_at__isnull=True)
    return list(found.select_related("department", "brand", "label").order_by("made_at", "pk"))


def says(post: Post, rules: Sequence[ConsultRule], flagged: Callable[[Post], list[str]]) -> list[Say]:
    """Which departments these rules give a say on the post as it is now, each once with every reason."""
    if not rules:
        return []
    facts, found = facts_of(post, flagged), {}
    for rule in rules:
        if not (words := matching.why(rule, facts)):
            continue
        say = found.setdefault(rule.department_id, Say(rule.department, [], False))
        say.why += [words] if words not in say.why else []
        say.first = say.first or rule.first
    return list(found.values())


def facts_of(post: Post, flagged: Callable[[Post], list[str]]) -> matching.Facts:
    """What of a post the rules can be about. Channels and labels are read from what was prefetched."""
    networks = {one.network: one.title for one in post.channels.all()}
    labels = frozenset(one.pk for one in post.labels.all())
    text = " ".join(clearing.said(post))
    return matching.Facts(text, post.brand_id, labels, post.language, networks, tuple(flagged(post)))


def flagger(workspace_id: UUID, rules: Sequence[ConsultRule]) -> Callable[[Post], list[str]]:
    """What tells the claims of a post, by the phrases and labels of every approval policy; asked only where a rule is
    about claims."""
    if not any(rule.claims for rule in rules):
        return lambda post: []
    every = policies.rules_of(clearing.standing_policies(workspace_id))
    return lambda post: clearing.claims(post, every)


# --- what publishing asks -----------------------------------------------------------------------------


def required(workspace_id: UUID) -> Callable[[Post], Iterable[Requirement]]:
    """For publishing (`registries.requirements`): one question where no rule was ever made."""
    rules = ConsultRule.objects.filter(workspace=workspace_id)
    every = list(rules.select_related("department", "brand", "label").order_by("made_at", "pk"))
    if not every:
        return lambda post: ()
    holding = [one for one in every if one.retired_at is None and one.department.is_active]
    flagged, reached = flagger(workspace_id, holding), _Reached(workspace_id)
    return lambda post: _of_post(post, says(post, holding, flagged), reached)


def _of_post(post: Post, found: Sequence[Say], reached: _Reached) -> list[Requirement]:
    """The requirements of one post. Doors opened for departments that need not be heard any more are kept apart."""
    doors: dict[UUID, list[UUID]] = {}
    consults = list(Consult.objects.filter(post=post).select_related("guest__link"))
    for one in consults:
        doors.setdefault(one.department_id, []).append(one.guest.link_id)
    let_go = set(
        Waiver.objects.filter(post=post, text_hash=post.text_hash).values_list("department_id", flat=True)
    )
    wanted = []
    for say in found:
        pk = say.department.pk
        links = tuple(doors.pop(pk, ()))
        ended = pk in let_go
        reachable = reached.somebody(pk, consults)
        wanted.append(Requirement(say.department.name, say.because, links, reachable, say.first, ended))
    return wanted + [Requirement("", "", tuple(links), ended=True) for links in doors.values()]


class _Reached:
    """Who can be asked in each department, read once and only when that matters."""

    def __init__(self, workspace_id: UUID) -> None:
        self._workspace_id = workspace_id
        self._found: dict[UUID, set[UUID]] | None = None

    def somebody(self, department_id: UUID, consults: Iterable[Consult]) -> bool:
        """Whether anybody of it can be asked about a post with these doors: not whose link somebody revoked."""
        if self._found is None:
            self._found = {}
            for pk, department in present(self._workspace_id).values_list("pk", "department_id"):
                self._found.setdefault(department, set()).add(pk)
        shut = {
            one.stakeholder_id for one in consults if one.department_id == department_id and one.was_revoked
        }
        return bool(self._found.get(department_id, set()) - shut)


def present(workspace_id: UUID) -> Any:
    """The stakeholders of a workspace who can be asked."""
    return Stakeholder.objects.filter(workspace=workspace_id, ended_at__isnull=True, erased_at__isnull=True)


# --- whom to ask --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ToAsk:
    """Somebody who has not been asked about this very text. `consult` is their door, where they have one: open, or its
    time ran out."""

    say: Say
    stakeholder: Stakeholder
    consult: Consult | None


def says_of(post: Post) -> list[Say]:
    """The departments that have a say on a post, and were not let go."""
    rules = standing(post.workspace_id)
    found = says(post, rules, flagger(post.workspace_id, rules))
    let_go = set(
        Waiver.objects.filter(post=post, text_hash=post.text_hash).values_list("department_id", flat=True)
    )
    return [one for one in found if one.department.pk not in let_go]


def to_ask(post: Post) -> list[ToAsk]:
    """Whom the post makes us ask: everybody of a department that was not heard, once for each text."""
    found = {one.department.pk: one for one in says_of(post)}
    for pk in heard(post) & found.keys():
        del found[pk]
    if not found:
        return []
    doors = {
        (one.stakeholder_id, one.department_id): one
        for one in Consult.objects.filter(post=post, ended_at__isnull=True).select_related("guest__link")
    }
    asked = ConsultAsk.objects.filter(consult__post=post, text_hash=read_text(post))
    done = set(asked.values_list("consult", flat=True))
    rows = present(post.workspace_id).filter(department__in=found).select_related("department")
    wanted, counts = [], dict.fromkeys(found, 0)
    for one in rows.order_by("made_at", "pk"):
        door = doors.get((one.pk, one.department_id))
        counts[one.department_id] += 1
        settled = door is not None and (door.was_revoked or (door.is_open and door.pk in done))
        if not settled and counts[one.department_id] <= MOST_ASKED:
            wanted.append(ToAsk(found[one.department_id], one, door))
    return wanted


def read_text(post: Post) -> str:
    """The hash of the text that people read and speak of: where a small edit carried the clearance over, the one before
    it."""
    stood = clearing.clearance(post)
    return clearing.origin(stood).text_hash if stood else post.text_hash


def heard(post: Post) -> set[UUID]:
    """The departments of which somebody approved the present text."""
    return _spoke(post, Approval.objects.filter(text_hash=read_text(post), withdrawn_at__isnull=True))


def objected(post: Post) -> set[UUID]:
    """The departments of which somebody objected to the present text."""
    return _spoke(post, Return.objects.filter(text_hash=post.text_hash))


def _spoke(post: Post, rows: Any) -> set[UUID]:
    links = rows.filter(post=post, link__isnull=False).values("link")
    found = Consult.objects.filter(post=post, guest__link__in=links)
    return set(found.values_list("department_id", flat=True))


# --- how it stands, for the post's page ---------------------------------------------------------------


@dataclass(slots=True)
class Stand:
    """How one department's say stands. `state`: "heard", "objected", "asked", "let go", "nobody", "to ask"."""

    department: Department
    because: str
    first: bool
    state: str
    asks: list[ConsultAsk] = field(default_factory=list)
    waiver: Waiver | None = None

    def by_hand(self, mails: bool) -> list[ConsultAsk]:
        """Those whom no mail reached, so that somebody has to give them their link; where mail leaves at all (`mails`)
        one may be on its way."""
        patience = clock.now() - ON_ITS_WAY
        return [
            one
            for one in self.asks
            if one.mailed_at is None
            and one.consult.is_open
            and (
                not (mails and one.consult.stakeholder.hears_by_mail)
                or bool(one.mail_problem)
                or one.asked_at < patience
            )
        ]


def stands(post: Post) -> list[Stand]:
    """Every department that has a say on the present text, with what came of it."""
    rules = standing(post.workspace_id)
    found = says(post, rules, flagger(post.workspace_id, rules))
    if not found:
        return []
    yes, no, reached = heard(post), objected(post), _Reached(post.workspace_id)
    waivers = {one.department_id: one for one in Waiver.objects.filter(post=post, text_hash=post.text_hash)}
    consults = list(Consult.objects.filter(post=post).select_related("guest__link"))
    asks = ConsultAsk.objects.filter(
        consult__post=post, consult__ended_at__isnull=True, text_hash=read_text(post)
    )
    by_department: dict[UUID, list[ConsultAsk]] = {}
    related = asks.select_related("consult__stakeholder__department", "consult__guest__link")
    for one in related.order_by("asked_at", "pk"):
        by_department.setdefault(one.consult.department_id, []).append(one)
    told = []
    for say in found:
        pk = say.department.pk
        mine = by_department.get(pk, [])
        state = (
            "let go" if pk in waivers else "heard" if pk in yes else "objected" if pk in no
            else "nobody" if not reached.somebody(pk, consults)
            else "asked" if any(one.consult.is_open for one in mine) else "to ask"
        )  # fmt: skip
        told.append(Stand(say.department, say.because, say.first, state, mine, waivers.get(pk)))
    return told


def open_doors(of: Stakeholder | Department) -> list[Consult]:
    """The doors to posts that are open to somebody, or to anybody of a department."""
    whose = {"department": of} if isinstance(of, Department) else {"stakeholder": of}
    found = Consult.objects.filter(**whose).select_related("guest__link")
    return [one for one in found if one.is_open]


def open_mails(stakeholder: Stakeholder) -> list[SignedLink]:
    """The links to their weekly mail that are open to somebody: the newest, and those of earlier mails."""
    readers = Reader.objects.filter(stakeholder=stakeholder)
    found = SignedLink.objects.filter(
        workspace=stakeholder.workspace_id, purpose=DIGEST, object_id__in=[str(one.pk) for one in readers]
    )
    return [one for one in found if one.is_open()]


def concerned(post: Post) -> Iterable[Concerned]:
    """Who was consulted on a post: they hear when it turns out to be wrong."""
    rows = Consult.objects.filter(post=post).select_related("stakeholder__department", "department")
    every = {(one.stakeholder_id, one.department_id): one for one in rows.order_by("-made_at", "-pk")}
    for one in reversed(every.values()):
        if one.stakeholder.is_active:
            why = f"was consulted on it for {one.department}"
            yield Concerned(one.stakeholder.name, why, address=one.stakeholder.email)


def networks(workspace_id: UUID) -> dict[str, str]:
    """The networks a rule can name, with what people call them: those with a connected channel."""
    rows = Channel.objects.filter(workspace=workspace_id, disconnected_at__isnull=True)
    return {one.network: one.title for one in rows.order_by("network")}


def post_address(post: Post) -> str:
    """The path of a post's page."""
    return reverse("publishing-post", kwargs={"workspace": post.workspace.slug, "pk": post.pk})
