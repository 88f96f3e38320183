"""Labels, and how late a post may still go out: for everything with a label, or for one post."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction

from quarterdeck import ledger
from quarterdeck.core import clock, ids
from quarterdeck.core.claims import wake
from quarterdeck.core.lines import is_line
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.core.verbs import verb
from quarterdeck.crew.models import Member
from quarterdeck.publishing import clearing
from quarterdeck.publishing.models import LONGEST_LATE, Ask, Delivery, DeliveryState, Hold, Label, Post
from quarterdeck.publishing.rows import WAKE, end_ask, locked

NAME_LENGTH = 40
MOST_LABELS = 200
MOST_MINUTES = int(LONGEST_LATE.total_seconds() // 60)


@verb
def make_label(by: Member, *, name: str, latest_minutes: int | None = None) -> Label:
    """Make a label. `latest_minutes`: how late posts with it may still go out, None for no rule of its own.

    Raises Invalid with its fields, Conflict when there is one of that name.
    """
    name = _name(name)
    _check_minutes(latest_minutes)
    if Label.objects.filter(workspace=by.workspace_id).count() >= MOST_LABELS:
        raise Conflict(f"A workspace has at most {MOST_LABELS} labels.", not_done="Nothing was made.")
    label = Label(
        workspace=by.workspace,
        name=name,
        latest_minutes=latest_minutes,
        made_by=by,
        made_at=clock.now(),
        ledger_event_id=ids.new(),
    )
    _save(label)
    ledger.record(
        "publishing.label.made",
        actor=by,
        about=label,
        fields={"name": name, "latest_minutes": latest_minutes},
        event_id=label.ledger_event_id,
    )
    return label


@verb
def change_label(label: Label, *, by: Member, name: str, latest_minutes: int | None) -> int:
    """Rename a label, or change how late its posts may go out. Returns how many planned deliveries follow; one whose
    new latest time would have passed keeps the one it has.
    """
    name = _name(name)
    _check_minutes(latest_minutes)
    label = Label.objects.select_for_update().get(pk=label.pk)
    another_time = label.latest_minutes != latest_minutes
    if label.name == name and not another_time:
        raise Conflict("The label is like that already.")
    label.name, label.latest_minutes, label.ledger_event_id = name, latest_minutes, ids.new()
    _save(label)
    moved = 0
    if another_time:
        posts = label.posts.select_for_update(of=("self",)).filter(
            latest_minutes__isnull=True, deliveries__state=DeliveryState.INTENT
        )
        for post in {post.pk: post for post in posts.order_by("pk")}.values():
            moved += len(_follow(post, label.ledger_event_id))
    ledger.record(
        "publishing.label.changed",
        actor=by,
        about=label,
        fields={"name": name, "latest_minutes": latest_minutes, "deliveries": moved},
        event_id=label.ledger_event_id,
    )
    return moved


@verb
def label_post(
    post: Post, *, by: Member, labels: Sequence[Label], latest_minutes: int | None = None
) -> list[Delivery]:
    """Choose the labels of a post, and how late it may still go out where that differs from theirs.

    What is planned follows; returns those deliveries. Invalid for labels of elsewhere, or when the latest time would
    have passed already. Conflict when something waits under the hold of a label that is taken off, unless `by` may lift
    holds: it would go out without the review that lifting asks for.
    """
    _check_minutes(latest_minutes)
    if any(label.workspace_id != by.workspace_id for label in labels):
        raise Invalid("One of the labels is not in this workspace.")
    post, event_id = locked(post), ids.new()
    _must_stay_held(post, by, labels)
    rules = clearing.rules_for(post)
    post.labels.set(labels)
    if clearing.rules_for(post) != rules:  # who has to approve may depend on the labels
        if clearing.settle(post, event_id, may_end=True) is not None:
            end_ask(post, clock.now(), Ask.End.APPROVED, event_id)
        wake(WAKE)
    post.latest_minutes, post.ledger_event_id = latest_minutes, event_id
    post.save(update_fields=["latest_minutes", "ledger_event_id"])
    moved = _follow(post, event_id, strictly=True)
    fields = {"labels": len(labels), "latest_minutes": latest_minutes}
    ledger.record("publishing.post.labelled", actor=by, about=post, fields=fields, event_id=event_id)
    return moved


def _must_stay_held(post: Post, by: Member, labels: Sequence[Label]) -> None:
    off = {label.pk: label for label in post.labels.all()}
    for label in labels:
        off.pop(label.pk, None)
    if not off or by.may("publishing.hold.lift"):
        return
    holds = Hold.objects.filter(scope=Hold.Scope.LABEL, target__in=off, lifted_at__isnull=True)
    waits = post.deliveries.filter(state__in=(DeliveryState.INTENT, DeliveryState.AMBIGUOUS))
    if (hold := holds.filter(workspace=post.workspace_id).first()) is not None and waits.exists():
        raise Conflict(
            f"The label “{off[hold.target]}” is on hold, and this post waits under it.",
            not_done="The labels were not changed; the post stays held.",
            next_step="An owner or a lead can lift the hold, or take the label off.",
        )


def _follow(post: Post, event_id: UUID, *, strictly: bool = False) -> list[Delivery]:
    """Give what is planned of the post its new latest time. `strictly`: Invalid where that has passed already."""
    now, after, moved = clock.now(), post.latest_after, []
    rows: Iterable[Delivery] = post.deliveries.select_for_update(of=("self",)).filter(
        state=DeliveryState.INTENT
    )
    for row in rows:
        latest = row.due_at + after
        if latest == row.latest_at:
            continue
        if latest <= now and strictly:
            raise Invalid(
                f"Its latest time would then be {latest.astimezone(row.local.tzinfo):%H:%M}, which has passed.",
                next_step="Allow more minutes, or move the post.",
                fields={"latest_minutes": "Please allow more minutes."},
            )
        if latest <= now:
            continue
        row.latest_at, row.ledger_event_id = latest, event_id
        row.save(update_fields=["latest_at", "ledger_event_id"])
        moved.append(row)
    if moved:
        wake(WAKE)
    return moved


def _save(label: Label) -> None:
    try:
        with transaction.atomic():
            label.save()
    except IntegrityError as error:
        raise Conflict(
            f"There is a label “{label.name}” already.",
            fields={"name": "There is one of that name already."},
        ) from error


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH or not is_line(name):
        raise Invalid(
            "A label needs a name.", fields={"name": f"Please write a name of 1 to {NAME_LENGTH} characters."}
        )
    return name


def _check_minutes(minutes: int | None) -> None:
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(
            "That latest time cannot be kept.",
            fields={"latest_minutes": f"Please give 1 to {MOST_MINUTES:,} minutes, or leave it empty."},
        )
