"""In which words one text differs from another: what a channel says instead, shown beside the common text."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
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
