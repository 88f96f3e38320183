"""What pages and other rooms ask of stakeholders, each inside one workspace, and none of it by person: lists and counts
go by department."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from quarterdeck.core import clock
from quarterdeck.core.problems import NotFound
from quarterdeck.crew.models import SignedLink, Workspace
from quarterdeck.publishing.models import Post
from quarterdeck.stakeholders.models import (
    OPEN,
    Department,
    Door,
    Interest,
    Request,
    RequestAnswer,
    RequestIdea,
    RequestPost,
    Stakeholder,
)
from quarterdeck.stakeholders.models.requests import State

PER_PAGE = 30
MOST = 100


def _one(rows: QuerySet, pk: UUID, what: str):
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound(f"There is no such {what} in this workspace.")
    return found


# --- the people map -----------------------------------------------------------------------------------


def departments(workspace: Workspace, *, ended: bool = False) -> QuerySet[Department]:
    """The departments that take part (or those that ended), by name, each with `people` and `open_requests`."""
    found = Department.objects.filter(workspace=workspace, ended_at__isnull=not ended)
    here = Q(stakeholders__ended_at__isnull=True, stakeholders__erased_at__isnull=True)
    return found.annotate(
        people=Count("stakeholders", filter=here, distinct=True),
        open_requests=Count("requests", filter=Q(requests__state__in=OPEN), distinct=True),
    ).order_by("name")


def active_departments(workspace: Workspace) -> QuerySet[Department]:
    return Department.objects.filter(workspace=workspace, ended_at__isnull=True).order_by("name")


def department(workspace: Workspace, pk: UUID) -> Department:
    """One department of this workspace; NotFound for any other."""
    rows = Department.objects.filter(workspace=workspace).select_related("workspace")
    return _one(rows, pk, "department")


def people(of: Department) -> list[Stakeholder]:
    """Who is in a department, by name; those who ended or were erased last."""
    found = list(Stakeholder.objects.filter(department=of).select_related("department"))
    return sorted(found, key=lambda one: (not one.is_active, one.name.casefold(), one.made_at))


def stakeholder(workspace: Workspace, pk: UUID) -> Stakeholder:
    """One stakeholder of this workspace; NotFound for any other."""
    rows = Stakeholder.objects.filter(workspace=workspace).select_related("workspace", "department")
    return _one(rows, pk, "stakeholder")


def interests(of: Department | Stakeholder) -> list[Interest]:
    """What they want to hear of now."""
    found = of.interests.filter(ended_at__isnull=True).select_related("brand")
    return sorted(found, key=lambda one: (one.about, str(one).casefold()))


def interest(workspace: Workspace, pk: UUID) -> Interest:
    rows = Interest.objects.filter(workspace=workspace).select_related("stakeholder", "department")
    return _one(rows, pk, "interest")


def doors(of: Department) -> list[Door]:
    """The department's links that work, the newest first."""
    found = Door.objects.filter(
        department=of, link__revoked_at__isnull=True, link__expires_at__gt=clock.now()
    )
    return list(found.select_related("link").order_by("-made_at"))


def door(workspace: Workspace, pk: UUID) -> Door:
    rows = Door.objects.filter(department__workspace=workspace).select_related(
        "link", "department__workspace"
    )
    return _one(rows, pk, "link")


def department_of(link: SignedLink) -> Department:
    """What a department's link opens; NotFound once the department has ended."""
    here = _behind(Department.objects.select_related("workspace"), link)
    if here is None or not here.is_active:
        raise NotFound(
            "This department takes part no more, so there is nothing to ask for here.",
            not_done="Nothing was sent.",
            next_step="Ask the team for another link.",
        )
    return here


def _behind(rows: QuerySet, link: SignedLink):
    """The one row that a link is about, in its own workspace; None for none."""
    try:
        return rows.filter(workspace=link.workspace_id, pk=UUID(link.object_id)).first()
    except ValueError:
        return None


# --- requests -----------------------------------------------------------------------------------------


def _requests(workspace: Workspace) -> QuerySet[Request]:
    return Request.objects.filter(workspace=workspace).select_related("workspace", "department")


def request(workspace: Workspace, pk: UUID) -> Request:
    """One request of this workspace; NotFound for any other."""
    rows = _requests(workspace).select_related("stakeholder__department", "brand", "after", "link")
    return _one(rows, pk, "request")


def request_of(link: SignedLink) -> Request:
    """What the link of a status page opens: this one request and no other."""
    rows = Request.objects.select_related("workspace", "department", "stakeholder__department", "brand")
    found = _behind(rows, link)
    if found is None:
        raise NotFound("The request of this link is gone.", not_done="Nothing was changed.")
    return found


def answers(of: Request) -> list[RequestAnswer]:
    """All that was said to it, in order."""
    return list(of.answers.select_related("answered_by").order_by("answered_at", "pk"))


@dataclass(frozen=True, slots=True)
class Board:
    """The requests that are open: to be answered (by when they are due), with the requester, and accepted."""

    asked: list[Request]
    proposed: list[Request]
    accepted: list[Request]

    def __bool__(self) -> bool:
        return bool(self.asked or self.proposed or self.accepted)


def board(workspace: Workspace) -> Board:
    """In one question, at most a hundred of each."""
    found = list(
        _begun(_requests(workspace).filter(state__in=OPEN)).order_by("due_at", "asked_at")[: 3 * MOST]
    )

    def stand(state: str) -> list[Request]:
        return [one for one in found if one.state == state][:MOST]

    return Board(stand(State.ASKED), stand(State.PROPOSED), stand(State.ACCEPTED))


def _begun(found: QuerySet[Request]) -> QuerySet[Request]:
    """Each with whether something is made of it (`begun`)."""
    standing = {"parted_at__isnull": True, "post__discarded_at__isnull": True}
    post = RequestPost.objects.filter(request=OuterRef("pk"), **standing)
    idea = RequestIdea.objects.filter(request=OuterRef("pk"))
    return found.annotate(begun=Exists(post) | Exists(idea))


def to_see_to(workspace_id: UUID) -> list[Request]:
    """What waits for the team, in one question: requests without an answer, and accepted ones nothing is made of."""
    found = _begun(Request.objects.filter(workspace=workspace_id, state__in=(State.ASKED, State.ACCEPTED)))
    waits = found.filter(Q(state=State.ASKED) | Q(state=State.ACCEPTED, begun=False))
    return list(waits.select_related("department").order_by("due_at")[:MOST])


def ended(workspace: Workspace) -> QuerySet[Request]:
    """Those that are out, declined or withdrawn, the newest first."""
    return _requests(workspace).exclude(state__in=OPEN).order_by("-state_at")


def of_department(of: Department, most: int = PER_PAGE) -> list[Request]:
    """What a department asked for, the newest first."""
    return list(_requests(of.workspace).filter(department=of).order_by("-asked_at")[:most])


def others_in_week(of: Request) -> int:
    """How many other open requests would like the same week, or have it."""
    week = of.agreed_week or of.preferred_week
    if week is None:
        return 0
    same = Q(agreed_week=week) | Q(agreed_week__isnull=True, preferred_week=week)
    return Request.objects.filter(same, workspace=of.workspace_id, state__in=OPEN).exclude(pk=of.pk).count()


def joined(of: Request) -> list[RequestPost]:
    """The posts that belong to it, in the order they joined."""
    found = of.posts.filter(parted_at__isnull=True).select_related("post")
    return list(found.order_by("joined_at"))


def request_post(workspace: Workspace, pk: UUID) -> RequestPost:
    rows = RequestPost.objects.filter(request__workspace=workspace).select_related("request__workspace")
    return _one(rows, pk, "post of a request")


def requests_of(post: Post) -> list[Request]:
    """What a post was asked for by, the oldest first."""
    found = Request.objects.filter(posts__post=post, posts__parted_at__isnull=True)
    return list(found.select_related("department", "stakeholder__department").order_by("asked_at"))


def idea_of(of: Request) -> RequestIdea | None:
    return of.ideas.select_related("idea").first()


def joinable(of: Request) -> QuerySet[Post]:
    """Posts of the workspace that could belong to it: not discarded, not joined, the newest first."""
    mine = RequestPost.objects.filter(request=of, parted_at__isnull=True, post=OuterRef("pk"))
    here = Post.objects.filter(workspace=of.workspace_id, discarded_at__isnull=True)
    return here.exclude(Exists(mine)).order_by("-changed_at")


def orderable(of: Request) -> QuerySet[Request]:
    """Open requests of the same department that it could come after."""
    return Request.objects.filter(department=of.department_id, state__in=OPEN).exclude(pk=of.pk)


def find(workspace: Workspace, words: str, limit: int) -> list[Request]:
    """Requests that hold all the words, the newest first. Nobody's name is searched."""
    found = _requests(workspace)
    for one in words.split()[:8]:
        found = found.filter(Q(what__icontains=one) | Q(why__icontains=one) | Q(audience__icontains=one))
    return list(found.order_by("-asked_at")[:limit])


def find_departments(workspace: Workspace, words: str, limit: int) -> list[Department]:
    found = Department.objects.filter(workspace=workspace)
    for one in words.split()[:8]:
        found = found.filter(Q(name__icontains=one) | Q(does__icontains=one))
    return list(found.order_by("name")[:limit])
