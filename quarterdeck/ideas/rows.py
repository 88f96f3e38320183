"""What the verbs of ideas share: the locked row, and what a person wrote made fit to be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit
from uuid import UUID

from quarterdeck.core import lines
from quarterdeck.core.lines import is_line
from quarterdeck.core.problems import Conflict, Invalid
from quarterdeck.crew.models import Member
from quarterdeck.ideas.models import (
    LINK_LENGTH,
    MOST_IMAGES,
    MOST_TAGS,
    TAG_LENGTH,
    TITLE_LENGTH,
    WHY_LENGTH,
    WORDS_LENGTH,
    Format,
    Idea,
    Kind,
    Size,
)
from quarterdeck.publishing.cleaning import ALT_LENGTH
from quarterdeck.studio import reads as studio

NOT_KEPT = "Nothing was kept; what you wrote is still in the page."


@dataclass(frozen=True, slots=True)
class Found:
    """What is kept of an idea. `images` are {"file": hex id in the studio, "alt": str}."""

    title: str
    kind: str = Kind.IDEA
    link: str = ""
    words: str = ""
    why: str = ""
    tags: Iterable[str] = ()
    images: Iterable[dict] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Brief:
    """What the maker needs to know. `due` is a day in the workspace's zone."""

    audience: str = ""
    message: str = ""
    proof: str = ""
    format: str = ""
    size: str = ""
    due: date | None = None
    owner: Member | None = None


def locked(idea: Idea | UUID, *, aside: bool = False) -> Idea:
    """The idea's row, locked until the transaction ends. Conflict when it was put aside, unless that is asked for."""
    pk = idea.pk if isinstance(idea, Idea) else idea
    found = Idea.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=pk)
    if found.aside_at and not aside:
        raise Conflict("This idea was put aside.", next_step="Take it back first; its page offers that.")
    return found


def put_found(idea: Idea, found: Found) -> None:
    """Write what was found into the row. Raises Invalid with its fields."""
    if found.kind not in Kind.values:
        raise Invalid("An idea is ours or somebody else’s.", not_done=NOT_KEPT)
    idea.kind = found.kind
    idea.title = _line(found.title, "title", TITLE_LENGTH)
    if not idea.title:
        raise Invalid(
            "An idea needs a few words.",
            not_done=NOT_KEPT,
            fields={"title": "Please write a few words you will know it by."},
        )
    idea.link = link(found.link)
    idea.words = _text(found.words, "words", WORDS_LENGTH)
    idea.why = _text(found.why, "why", WHY_LENGTH)
    idea.tags = tags(found.tags)
    idea.images = _images(idea.workspace_id, list(found.images))


def put_brief(idea: Idea, brief: Brief) -> None:
    """Write the brief into the row. Raises Invalid with its fields."""
    idea.audience = _line(brief.audience, "audience", 300)
    idea.message = _text(brief.message, "message", 2000)
    idea.proof = _text(brief.proof, "proof", 1000)
    if brief.format and brief.format not in Format.values:
        raise Invalid("There is no such format.", not_done=NOT_KEPT)
    if brief.size and brief.size not in Size.values:
        raise Invalid("A size is S, M or L.", not_done=NOT_KEPT)
    owner = brief.owner
    if owner is not None and (owner.workspace_id != idea.workspace_id or owner.left_at is not None):
        raise Invalid(
            "That person is not in this workspace.",
            not_done=NOT_KEPT,
            fields={"owner": "Please choose somebody who is here."},
        )
    if owner is not None and owner.pk != idea.owner_id and not owner.may("ideas.idea.keep"):
        raise Invalid(
            f"{owner} cannot make posts with the role they have here.",
            not_done=NOT_KEPT,
            fields={"owner": "Please choose an author, a lead or an owner."},
        )
    idea.format, idea.size, idea.due, idea.owner = brief.format, brief.size, brief.due, owner


def tags(given: Iterable[str]) -> list[str]:
    """Tags as they are kept: small letters, no leading #, each once, in the order given."""
    clean = (" ".join(str(one).replace("\x00", "").split()).lstrip("#").strip().lower() for one in given)
    found = [one for one in dict.fromkeys(clean) if one]
    if len(found) > MOST_TAGS or any(len(one) > TAG_LENGTH or not is_line(one) for one in found):
        raise Invalid(
            "These tags cannot be kept.",
            not_done=NOT_KEPT,
            fields={"tags": f"Please give at most {MOST_TAGS} tags of at most {TAG_LENGTH} characters."},
        )
    return found


def link(given: str) -> str:
    """An address that a browser opens, or nothing. Never one that could run here (javascript:, data:)."""
    wish = given.strip()
    if not wish:
        return ""
    if "://" not in wish and re.match(r"[\w-]+(\.[\w-]+)+(/|$)", wish):
        wish = f"https://{wish}"
    try:
        parts = urlsplit(wish)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        usable = False
    if not usable or len(wish) > LINK_LENGTH or not wish.isprintable() or " " in wish:
        raise Invalid(
            "That link cannot be opened.",
            not_done=NOT_KEPT,
            fields={
                "link": "Please give an address that begins with https:// or http://, or leave it empty."
            },
        )
    return wish


def _line(given: str, name: str, most: int) -> str:
    return " ".join(_text(given, name, most).split())


def _text(given: str, name: str, most: int) -> str:
    return lines.kept(given, name, most, not_done=NOT_KEPT)


def _images(workspace_id: UUID, given: list[dict]) -> list[dict]:
    if len(given) > MOST_IMAGES:
        raise Invalid(
            f"An idea has at most {MOST_IMAGES} pictures.",
            not_done=NOT_KEPT,
            fields={"images": "Please leave some out."},
        )
    known = studio.files(workspace_id, [one["file"] for one in given]) if given else {}
    if any(one["file"] not in known for one in given):
        raise Invalid(
            "One of the pictures is not in this workspace.", not_done=NOT_KEPT, next_step="Add it again."
        )
    return [{"file": one["file"], "alt": _text(one["alt"], "images", ALT_LENGTH)} for one in given]
