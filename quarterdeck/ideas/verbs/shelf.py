"""An idea from its first words to the posts it becomes."""

from __future__ import annotations

from uuid import UUID

from django.urls import reverse

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.problems import Conflict, Invalid, NotFound
from quarterdeck.core.verbs import verb
from quarterdeck.crew import notify
from quarterdeck.crew.models import Member
from quarterdeck.ideas.models import Idea, Kind, Origin, State, Step, Way
from quarterdeck.ideas.rows import Brief, Found, locked, put_brief, put_found
from quarterdeck.publishing import verbs as posts
from quarterdeck.publishing.models import Post

MOST_POSTS = 50  # of one idea


class StaleIdea(Conflict):
    """Two people changed one idea; the second keeps what they wrote in their page."""

    code = "stale-idea"


@verb
def keep(by: Member, found: Found, *, way: str = Way.FORM) -> Idea:
    """Put an idea or a swipe on the shelf. Raises Invalid with its fields."""
    now = clock.now()
    idea = Idea(
        workspace=by.workspace,
        way=Way(way),
        made_by=by,
        made_at=now,
        changed_at=now,
        state_at=now,
        ledger_event_id=ids.new(),
    )
    put_found(idea, found)
    idea.save(force_insert=True)
    fields = {"title": idea.title, "link": idea.link, "why": idea.why}
    ledger.record(
        "ideas.idea.kept",
        actor=by,
        about=idea,
        fields=fields | {"idea_kind": str(idea.kind), "way": str(idea.way)},
        event_id=idea.ledger_event_id,
    )
    return idea


@verb
def change(idea: Idea, *, by: Member, version: int, found: Found, brief: Brief) -> Idea:
    """Save what is known of it and its brief over `version`. A new owner is told.

    Raises Invalid with its fields, StaleIdea when somebody saved in between.
    """
    idea = locked(idea)
    if idea.version != version:
        raise StaleIdea(
            "Somebody changed this idea while you were writing.",
            not_done="Yours was not saved over theirs; it is still in the page.",
            next_step="Open the idea in another tab and compare; saving again now replaces what it says.",
        )
    before = idea.owner_id
    put_found(idea, found)
    put_brief(idea, brief)
    _now_owned(idea, before)
    idea.version += 1
    idea.changed_at, idea.ledger_event_id = clock.now(), ids.new()
    idea.save()
    ledger.record(
        "ideas.idea.changed",
        actor=by,
        about=idea,
        fields={
            "title": idea.title,
            "link": idea.link,
            "why": idea.why,
            "message": idea.message,
            "size": str(idea.size),
            "due": idea.due.isoformat() if idea.due else "",
            "owner_changed": before != idea.owner_id,
        },
        event_id=idea.ledger_event_id,
    )
    if idea.owner is not None and idea.owner_id not in {before, by.pk}:
        _tell(idea.owner, idea, f"“{idea.short}” is yours to make", "It was given to you.")
    return idea


@verb
def move(idea: Idea, *, by: Member, to: str) -> UUID:
    """Put it into another column; returns the act, which can be undone. What is made and has no owner is the mover's.

    Raises Conflict when it stands there already, Invalid when there is no such column.
    """
    if to not in State.values:
        raise Invalid("There is no such column.", not_done="The idea stays where it is.")
    idea = locked(idea)
    if idea.state == to:
        raise Conflict(f"“{idea.short}” is in {State(to).label} already.")
    act = _step(idea, by, State(to))
    idea.save()
    return act


@verb
def move_back(idea: Idea, *, by: Member, act: UUID) -> None:
    """Undo a move: the idea stands where it stood before. Conflict when it was moved again since."""
    idea = locked(idea, aside=True)
    step = idea.steps.filter(act=act).first()
    if step is None:
        raise NotFound("There is no such move.")
    if step.undone_at is not None or idea.steps.filter(moved_at__gt=step.moved_at).exists():
        raise Conflict(
            "The idea was moved again since.", next_step="Move it where it belongs; its page offers that."
        )
    now, event_id = clock.now(), ids.new()
    step.undone_at, step.ledger_event_id = now, event_id
    step.save(update_fields=["undone_at", "ledger_event_id"])
    idea.state, idea.state_at, idea.ledger_event_id = step.before, now, event_id
    if step.gave_owner and idea.owner_id == step.moved_by_id:
        idea.owner = idea.owner_at = None
    idea.save(update_fields=["state", "state_at", "owner", "owner_at", "ledger_event_id"])
    fields = {"undoes": str(act)}
    ledger.record("ideas.idea.moved_back", actor=by, about=idea, fields=fields, event_id=event_id)


@verb
def put_aside(idea: Idea, *, by: Member) -> None:
    """Take it off the board. It is kept, found by search, and can be taken back."""
    idea = locked(idea)
    idea.aside_at, idea.ledger_event_id = clock.now(), ids.new()
    idea.save(update_fields=["aside_at", "ledger_event_id"])
    ledger.record("ideas.idea.put_aside", actor=by, about=idea, event_id=idea.ledger_event_id)


@verb
def take_back(idea: Idea, *, by: Member) -> None:
    """Put what was put aside back onto the board, where it stood."""
    idea = locked(idea, aside=True)
    if idea.aside_at is None:
        raise Conflict("This idea is on the board.")
    idea.aside_at, idea.ledger_event_id = None, ids.new()
    idea.save(update_fields=["aside_at", "ledger_event_id"])
    ledger.record("ideas.idea.taken_back", actor=by, about=idea, event_id=idea.ledger_event_id)


@verb
def promote(idea: Idea, *, by: Member, pictures: bool = True) -> Post:
    """Make a draft of it; the post keeps where it came from. May be done again: one idea can become several posts.

    The draft says the brief's message, else the words of an idea of ours, else its title. `pictures` takes them along.
    What was not being made yet is now, and has an owner.
    """
    idea = locked(idea)
    brand = idea.workspace.brands.order_by("created_at").first()
    if brand is None:
        raise NotFound("This workspace has no brand yet.", next_step="Add one in the settings.")
    if idea.origins.count() >= MOST_POSTS:
        raise Conflict(
            f"This idea became {MOST_POSTS} posts already.", next_step="Keep the next as a new idea."
        )
    own = idea.words if idea.kind == Kind.IDEA else ""
    post = posts.draft(
        by, brand=brand, text=idea.message or own or idea.title, images=idea.images if pictures else []
    )
    event_id = ids.new()
    if idea.state in {State.IDEA, State.BRIEF}:
        _step(idea, by, State.MAKING)
    idea.ledger_event_id = event_id
    idea.save()
    Origin.objects.create(
        idea=idea, post=post, promoted_by=by, promoted_at=clock.now(), ledger_event_id=event_id
    )
    fields = {"post": str(post.pk), "state": str(idea.state)}
    ledger.record("ideas.idea.promoted", actor=by, about=idea, fields=fields, event_id=event_id)
    return post


def _step(idea: Idea, by: Member, to: State) -> UUID:
    """Change the column of a locked row, which is then saved by the caller."""
    now, event_id, before = clock.now(), ids.new(), State(idea.state)
    idea.state, idea.state_at, idea.ledger_event_id = to, now, event_id
    gives = to == State.MAKING and idea.owner_id is None
    if gives:
        idea.owner, idea.owner_at = by, now
    Step.objects.create(
        idea=idea,
        before=before,
        after=to,
        moved_by=by,
        moved_at=now,
        act=event_id,
        gave_owner=gives,
        ledger_event_id=event_id,
    )
    fields = {"before": str(before), "after": str(to)}
    ledger.record("ideas.idea.moved", actor=by, about=idea, fields=fields, event_id=event_id)
    return event_id


def _now_owned(idea: Idea, before: UUID | None) -> None:
    if idea.owner_id != before:
        idea.owner_at = clock.now() if idea.owner_id else None


def _tell(member: Member, idea: Idea, subject: str, text: str) -> None:
    url = reverse("ideas-idea", kwargs={"workspace": idea.workspace.slug, "pk": idea.pk})
    notify.tell(member, subject=subject, text=text, url=url)
