"""What comes in and goes out: tables and files of the full export, mail that arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table of the full export, written as JSON and as CSV. `about` is a sentence for its reader.

    `rows(workspace)` gives dicts of the same keys, without holding them all: text, numbers, truth values, aware times,
    ids, None, and lists or dicts of these. Nothing secret; no person beside work, so that nobody can be followed.
    """

    about: str
    rows: Callable[[Any], Iterable[dict[str, Any]]]


def in_chunks(rows: Any) -> Iterable[Any]:
    """A query's rows without holding them all: how the tables of the export are read."""
    return rows.iterator(chunk_size=500)


@dataclass(frozen=True, slots=True)
class ExportFiles:
    """Files of the full export: `files(workspace)` gives a name below the entry's own folder, and what reads it piece
    by piece."""

    about: str
    files: Callable[[Any], Iterable[tuple[str, Callable[[], Iterable[bytes]]]]]


@dataclass(frozen=True, slots=True)
class DigestFor:
    """Whose week is told: one stakeholder of a department (rows of `stakeholders`), and the span from `since` until
    before `until`: from one Monday to the next as they begin where the stakeholder is."""

    workspace: Any
    department: Any
    stakeholder: Any
    since: datetime
    until: datetime


DigestPart = Literal["asked", "decided", "published", "results", "next"]


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One sentence of a stakeholder's weekly mail. It names no person and nothing of other departments. `url` is
    absolute: a page that is public, or that a link of this stakeholder's own opens. `when` orders lines of a part."""

    part: DigestPart
    words: str
    when: datetime
    url: str = ""


DigestLines = Callable[[DigestFor], Iterable[DigestLine]]


@dataclass(frozen=True, slots=True)
class MailedFile:
    """A file that came with a mail, as its sender describes it; what it is, its bytes say. `inline`: it stands in the
    text, as signatures have them."""

    name: str
    mime: str
    data: bytes
    inline: bool = False


@dataclass(slots=True)
class InboundMail:
    """A message that arrived by IMAP, as handed to the hooks. `text` is plain text, at most 200 kB; `files` are at most
    20, and as large together as a message may be."""

    message_id: str
    sender: str
    to: list[str]
    subject: str
    text: str
    received: datetime
    in_reply_to: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    files: list[MailedFile] = field(default_factory=list)
