"""Files of other programs that are known at sight. Each entry says where its columns were read, and when.

- **Buffer**, the file of its bulk upload: `Text,Image URL,Tags,Posting Time` with `YYYY-MM-DD HH:mm`; Pinterest adds a
  board. Source: Buffer's help centre on uploading posts in bulk, as repeated word for word by programs that write this
  file (read 2026-11-26). Its report of sent posts (faq.buffer.com/article/704-posts-report) says that it can be
  exported, and not with which columns: that one goes the general way, by its headings.
- **Hootsuite**, bulk composer: no headings; date and time, message, link. The order of day and month is chosen at
  the upload there, so it is asked here. Source: two descriptions by users of its bulk scheduler
  (kim-iverson-headlee.blogspot.com, 2016-08-31; jycalcano.blogspot.com, post 8; read 2026-11-26).
- **Postiz** has no export of its own (github.com/gitroomhq/postiz-app, issue 1780, open on 2026-07-23): people flatten
  what its list of posts answers (docs.postiz.com/public-api/posts/list: id, group, content, publishDate in UTC,
  state or status, releaseURL, integration with name, identifier, providerIdentifier), or keep the columns proposed in
  its issue 236 (platformName, platformAccount, textContent, featuredImageFilename, scheduledPostDate).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quarterdeck.exchange import days


@dataclass(frozen=True, slots=True)
class Shape:
    """`name` of the program, and what each of the file's columns means there."""

    name: str
    meanings: tuple[str, ...]


_BUFFER = {"text": "text", "imageurl": "image", "tags": "labels", "postingtime": "date", "boardname": "note"}
_POSTIZ = {
    "content": "text",
    "publishdate": "date",
    "integrationname": "channels",
    "integrationidentifier": "",
    "integrationprovideridentifier": "",
    "identifier": "",
    "provideridentifier": "",
    "media": "image",
    "image": "image",
    "tags": "labels",
}
_POSTIZ_PROPOSED = {
    "platformname": "",
    "platformaccount": "channels",
    "textcontent": "text",
    "featuredimagefilename": "image",
    "scheduledpostdate": "date",
}


def recognise(heads: Sequence[str], columns: Sequence[Sequence[str]]) -> Shape | None:
    """The shape of a file with these headings (without signs, in small letters) and these filled cells a column."""
    named = set(heads)
    if {"text", "imageurl", "tags", "postingtime"} <= named:
        return Shape("Buffer", _by(heads, _BUFFER))
    if {"content", "publishdate"} <= named and named & {
        "integrationname",
        "integrationidentifier",
        "releaseurl",
        "group",
    }:
        return Shape("Postiz", _with_channel(heads, _by(heads, _POSTIZ)))
    if {"textcontent", "scheduledpostdate"} <= named:
        return Shape("Postiz", _by(heads, _POSTIZ_PROPOSED))
    return _hootsuite(heads, columns)


def _by(heads: Sequence[str], meanings: dict[str, str]) -> tuple[str, ...]:
    return tuple(meanings.get(head, "") for head in heads)


def _with_channel(heads: Sequence[str], found: tuple[str, ...]) -> tuple[str, ...]:
    """Where the account's name is missing, its network stands for it."""
    if "channels" in found:
        return found
    at = next((i for i, head in enumerate(heads) if head.endswith("identifier")), None)
    return tuple("channels" if i == at else meaning for i, meaning in enumerate(found))


def _hootsuite(heads: Sequence[str], columns: Sequence[Sequence[str]]) -> Shape | None:
    """Two or three columns without headings: a day with a time in each row, words, addresses."""
    unnamed = all(head == f"column{number}" for number, head in enumerate(heads, 1))
    if not unnamed or len(columns) not in {2, 3} or not columns[0] or not columns[1]:
        return None
    timed = all(
        any((w := days.when(cell, o)) and w.day and w.clock for o in ("dmy", "mdy")) for cell in columns[0]
    )
    linked = len(columns) == 2 or all(cell.startswith(("http://", "https://")) for cell in columns[2])
    return Shape("Hootsuite", ("date", "text", "link")[: len(columns)]) if timed and linked else None
