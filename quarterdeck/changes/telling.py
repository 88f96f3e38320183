"""Who hears what became of a change, inside the verb's transaction."""

from __future__ import annotations

from django.urls import reverse

from quarterdeck.changes.models import Change
from quarterdeck.crew import notify
from quarterdeck.crew import reads as crew
from quarterdeck.crew.models import Member


def address(change: Change) -> str:
    """The page of one change."""
    return reverse(
        "changes-change", kwargs={"workspace": change.delivery.post.workspace.slug, "pk": change.pk}
    )


def who_answers(change: Change) -> list[Member]:
    """The one who answers for the post; whoever stands in, when that person has left."""
    answers = change.delivery.post.answerable
    return [answers] if answers.left_at is None else crew.stand_ins(answers)


def todo(change: Change) -> str:
    """What is to be done by hand, as a title: “Change this on harbour by hand”."""
    name = change.delivery.channel.name
    return f"Change this on {name} by hand" if change.is_edit else f"Take this down on {name} by hand"


def handed(change: Change) -> None:
    """Somebody has to make it by hand: at once, with the words to copy."""
    row = change.delivery
    words = change.text if change.is_edit else f"Why: {change.reason}"
    link = f"\n\nIt stands here: {row.url}" if row.url else ""
    for member in who_answers(change):
        subject = f"{todo(change)}: “{row.post.short}”"
        text = f"{words}{link}\n\n---\nThen say on the page whether it was done."
        notify.tell(member, subject=subject, text=text, url=address(change), urgent=True)


def not_wanted(change: Change, by: Member) -> None:
    """Whoever has it in hand hears that it is not to be made any more; they may have made it already."""
    row = change.delivery
    told = [change.handed_to] if change.handed_to.left_at is None else who_answers(change)
    for member in told:
        if member.pk == by.pk:
            continue
        subject = f"Not wanted any more: other words for “{row.post.short}” on {row.channel.name}"
        text = (
            f"{by} asked for another change instead. Please do not put these words there any more:\n\n{change.text}"
            "\n\n---\nIf they stand there already, leave them: what is to be done instead comes to you by itself."
        )
        notify.tell(member, subject=subject, text=text, url=address(change), urgent=True)


def in_trouble(change: Change) -> None:
    """It was refused, or nobody knows: urgent, because something wrong may still stand there."""
    row = change.delivery
    what = "other words for" if change.is_edit else "taking down"
    for member in who_answers(change):
        subject = f"{row.channel.title}: {what} “{row.post.short}” did not go through"
        notify.tell(member, subject=subject, text=change.failure, url=address(change), urgent=True)


def made(change: Change, by: Member) -> None:
    """A person said it was made: who asked for it hears of it."""
    _tell_who_asked(change, by, f"It is {change.word} on {change.delivery.channel.name}, {by} says.")


def left(change: Change, by: Member) -> None:
    """A person said it was not made: who asked for it hears why."""
    _tell_who_asked(
        change, by, f"It was not made on {change.delivery.channel.name}. {by} wrote: {change.failure}"
    )


def _tell_who_asked(change: Change, by: Member, words: str) -> None:
    if change.asked_by_id != by.pk and change.asked_by.left_at is None:
        subject = f"“{change.delivery.post.short}” on {change.delivery.channel.name}: {change.word}"
        notify.tell(change.asked_by, subject=subject, text=words, url=address(change))
