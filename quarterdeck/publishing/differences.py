"""What differs between two versions of a text, word by word (difflib, Ratcliff and Obershelp 1988). Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

_WORDS = re.compile(r"\s+|[^\W_]+(?:['’-][^\W_]+)*|.", re.DOTALL)
_LONGEST = 6_000  # words of one text; longer ones are compared line by line


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that is the same, was taken out, or was put in."""

    kind: Literal["same", "out", "in"]
    text: str


def by_words(before: str, after: str) -> list[Piece]:
    """The pieces that lead from `before` to `after`: all but "in" make the first, all but "out" the second."""
    a, b = _cut(before), _cut(after)
    if max(len(a), len(b)) > _LONGEST:
        a, b = before.splitlines(keepends=True), after.splitlines(keepends=True)
    pieces: list[Piece] = []
    for op, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if op == "equal":
            pieces.append(Piece("same", "".join(a[i:j])))
            continue
        if j > i:
            pieces.append(Piece("out", "".join(a[i:j])))
        if m > k:
            pieces.append(Piece("in", "".join(b[k:m])))
    return pieces


def _cut(text: str) -> list[str]:
    return _WORDS.findall(text)


def by_parts(before: Sequence[dict], after: Sequence[dict]) -> list[list[Piece]]:
    """The pieces of every part whose text differs; parts as in `Post.parts`."""
    pairs = zip_longest((part["text"] for part in before), (part["text"] for part in after), fillvalue="")
    return [by_words(was, now) for was, now in pairs if was != now]


def in_words(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The differences of parts as sentences, for a message without marks: 'It said “soup”; now it says “stew”.'"""
    told = []
    for was, now in zip_longest(before, after, fillvalue=""):
        pieces = by_words(was, now)
        for at, piece in enumerate(pieces):
            following = pieces[at + 1] if at + 1 < len(pieces) else None
            if piece.kind == "out" and following is not None and following.kind == "in":
                told.append(f"It said “{piece.text.strip()}”; now it says “{following.text.strip()}”.")
            elif piece.kind == "out":
                told.append(f"Taken out: “{piece.text.strip() or ' '}”.")
            elif piece.kind == "in" and (at == 0 or pieces[at - 1].kind != "out"):
                told.append(f"Put in: “{piece.text.strip() or ' '}”.")
    return told
