"""In which words one text differs from another (difflib, Ratcliff and Obershelp 1988): what a channel says instead of
the common text, or what a later version says. Pure; `differences.js` is its twin in the browser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal, NamedTuple

_TOKENS = re.compile(r"\s+|\S+")
_MOST = 4000  # tokens of both texts together; beyond that the comparison would take longer than it helps

_Kind = Literal["same", "gone", "new"]
_KINDS: tuple[_Kind, ...] = ("same", "gone", "new")


class Piece(NamedTuple):
    """A run of words: in both texts, only in the first ("gone"), or only in the second ("new")."""

    kind: _Kind
    text: str


def words(before: str, after: str) -> list[Piece]:
    """The runs in order; those that are not "gone" put together are `after`, those that are not "new" are `before`."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    if len(old) + len(new) > _MOST:
        return [piece for piece in (Piece("gone", before), Piece("new", after)) if piece.text]
    runs: list[tuple[str, str, str]] = []  # (same, gone, new): either the first, or the other two
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = "".join(old[a:b]) if how == "equal" else ""
        runs.append((same, "", "") if same else ("", "".join(old[a:b]), "".join(new[c:d])))
    return _pieces(_without_lone_spaces(runs))


def _without_lone_spaces(runs: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """A space alone between two changes is no word that stayed: the change reads as one."""
    found: list[tuple[str, str, str]] = []
    for at, (same, gone, new) in enumerate(runs):
        if same.isspace() and 0 < at < len(runs) - 1:
            same, gone, new = "", same, same
        if found and not same and not found[-1][0]:
            gone, new = found[-1][1] + gone, found.pop()[2] + new
        found.append((same, gone, new))
    return found


def _pieces(runs: list[tuple[str, str, str]]) -> list[Piece]:
    every = (Piece(kind, text) for run in runs for kind, text in zip(_KINDS, run, strict=True))
    return [piece for piece in every if piece.text]


def by_parts(before: Sequence[dict], after: Sequence[dict]) -> list[list[Piece]]:
    """The runs of every part whose text differs; parts as in `Post.parts`."""
    pairs = zip_longest((part["text"] for part in before), (part["text"] for part in after), fillvalue="")
    return [words(was, now) for was, now in pairs if was != now]


def in_sentences(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The differences of parts for a message without marks: 'It said “soup”; now it says “stew”.'"""
    told = []
    for was, now in zip_longest(before, after, fillvalue=""):
        pieces = words(was, now)
        for at, piece in enumerate(pieces):
            following = pieces[at + 1] if at + 1 < len(pieces) else None
            if piece.kind == "gone" and following is not None and following.kind == "new":
                told.append(f"It said “{piece.text.strip()}”; now it says “{following.text.strip()}”.")
            elif piece.kind == "gone":
                told.append(f"Taken out: “{piece.text.strip() or ' '}”.")
            elif piece.kind == "new" and (at == 0 or pieces[at - 1].kind != "gone"):
                told.append(f"Put in: “{piece.text.strip() or ' '}”.")
    return told
